// Faults of the writer, the metadata and the driver, alone or with a store: crashes in quick succession, a writer that is cut
// off, a store alone with the newest records.

import type { Time } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import { crashStore } from './draw-faults.ts';
import { crashModeOf, type FaultMaker, nodeWith, pick, storesOf } from './draw-tools.ts';

export const crashWriter: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: nodeWith(cluster, 'compute'), mode: crashModeOf(prng), forUs },
];
export const cutStore: FaultMaker = (place) => [
  {
    kind: 'cut',
    at: place.at,
    link: {
      from: [nodeWith(place.cluster, 'compute')],
      to: [pick(place.prng, storesOf(place.cluster))],
      isBothWays: nextChance(place.prng, 2, 3),
    },
    forUs: place.forUs,
  },
];

/**
 * One store is alone with the newest records when the writer dies, and receives the recovery only afterwards: its
 * tail is annulled by a history it did not take part in.
 */
export const straggler: FaultMaker = ({ prng, cluster, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const alone = pick(prng, storesOf(cluster));
  const others = storesOf(cluster).filter((id) => id !== alone);
  const crashAt = (at + nextBetween(prng, 20_000, 150_000)) as Time;
  const downUs = nextBetween(prng, 5_000, 50_000);
  return [
    { kind: 'cut', at, link: { from: [writer], to: others, isBothWays: false }, forUs: crashAt - at },
    {
      kind: 'isolate',
      at: (crashAt - 1) as Time,
      nodes: [alone],
      forUs: downUs + nextBetween(prng, 300_000, 1_500_000),
    },
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: downUs },
  ];
};

export const crashMeta: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: nodeWith(cluster, 'meta'), mode: crashModeOf(prng), forUs },
];
export const crashDriver: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: nodeWith(cluster, 'driver'), mode: crashModeOf(prng), forUs },
];
export const crashWriterAndStore: FaultMaker = (place) => [
  ...crashWriter(place),
  ...crashStore({ ...place, at: (place.at + nextBelow(place.prng, 50_000)) as Time }),
];

/** Again while it recovers. */
export const crashWriterTwice: FaultMaker = (place) => {
  const soon = (place.at + Math.min(place.forUs, 200_000) + nextBelow(place.prng, 60_000)) as Time;
  return [
    ...crashWriter({ ...place, forUs: Math.min(place.forUs, 200_000) }),
    ...crashWriter({ ...place, at: soon }),
  ];
};
