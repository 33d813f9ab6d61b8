// The faults of a scenario as a swarm: each kind on with probability one half, few and long or many and short. What loses
// durable data hits one store only (reliability.md §2: a damaged replica stays in the budget until it is made anew).

import type { NodeId, Time } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { LinkTarget } from '../actions/define.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, type FaultMaker, type FaultPlace, nodeWith, pick, storesOf } from './draw-tools.ts';
import { blackout, laggard, overtaken, stragglerTwice } from './late-faults.ts';
import { changeMembers, loseDisk, loseZone, rotStore } from './member-faults.ts';

export function drawFaults(prng: Prng, cluster: ClusterSpec, params: Params, chaosUs: number): TapeAction[] {
  const kinds = faultMakers.filter(() => nextChance(prng, 1, 2));
  const isFew = nextChance(prng, 1, 2);
  const gapUs = isFew ? nextBetween(prng, 3_000_000, 10_000_000) : nextBetween(prng, 500_000, 3_000_000);
  const longestUs = isFew ? 8_000_000 : 1_000_000;
  const actions: TapeAction[] = [];
  // Kinds that every seed has: a crash of the writer and of a store, a cut, a laggard, a change of members, a lost disk.
  const always = [crashWriter, crashStore, cutStore, straggler, tearStore, laggard, changeMembers, loseDisk];
  const victim = pick(prng, storesOf(cluster));
  let at = 1_000_000 + nextBelow(prng, gapUs);
  for (let i = 0; at < chaosUs; i++) {
    const makers = i % 2 === 0 || kinds.length === 0 ? always : kinds;
    const make = makers[nextBelow(prng, makers.length)];
    const forUs = drawLog(prng, 5_000, longestUs);
    if (make !== undefined) actions.push(...make({ prng, cluster, params, at: at as Time, forUs, victim }));
    at += 1 + nextBelow(prng, 2 * gapUs);
  }
  return actions;
}

const pickStore = ({ prng, cluster }: FaultPlace): NodeId => pick(prng, storesOf(cluster));
/** Any node, the writer three times as likely as another. */
function pickNode({ prng, cluster }: FaultPlace): NodeId {
  const writer = nodeWith(cluster, 'compute');
  return pick(prng, [...cluster.nodes.map((node) => node.id), writer, writer]);
}

function pickLink(place: FaultPlace, isBothWays: boolean): LinkTarget {
  const { prng, cluster } = place;
  const from = pickNode(place);
  const to = pick(
    prng,
    cluster.nodes.map((node) => node.id).filter((id) => id !== from),
  );
  return { from: [from], to: [to], isBothWays };
}

const crashModeOf = (prng: Prng) => pick(prng, ['drawn', 'drawn', 'loseAll', 'tornLast'] as const);

const crashWriter: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: nodeWith(cluster, 'compute'), mode: crashModeOf(prng), forUs },
];
export const crashStore: FaultMaker = (place) => [
  { kind: 'crash', at: place.at, node: pickStore(place), mode: crashModeOf(place.prng), forUs: place.forUs },
];
const cutStore: FaultMaker = (place) => [
  {
    kind: 'cut',
    at: place.at,
    link: {
      from: [nodeWith(place.cluster, 'compute')],
      to: [pickStore(place)],
      isBothWays: nextChance(place.prng, 2, 3),
    },
    forUs: place.forUs,
  },
];

/**
 * One store is alone with the newest records when the writer dies, and hears of the recovery only afterwards: its
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

/** A store loses power while a slow disk still has writes to sync. */
export const tearStore: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const node = pick(prng, storesOf(cluster));
  const crashAt = (at + nextBetween(prng, 30_000, 100_000)) as Time;
  return [
    { kind: 'diskStall', at, node, forUs: crashAt - at },
    { kind: 'crash', at: crashAt, node, mode: nextChance(prng, 2, 3) ? 'tornLast' : 'drawn', forUs },
  ];
};

const faultMakers: readonly FaultMaker[] = [
  overtaken,
  stragglerTwice,
  blackout,
  rotStore,
  loseZone,
  changeMembers,
  ({ prng, cluster, at, forUs }) => [
    { kind: 'crash', at, node: nodeWith(cluster, 'meta'), mode: crashModeOf(prng), forUs },
  ],
  ({ prng, cluster, at, forUs }) => [
    { kind: 'crash', at, node: nodeWith(cluster, 'driver'), mode: crashModeOf(prng), forUs },
  ],
  // The writer and a store at once, and the writer again while it recovers.
  (place) => [
    ...crashWriter(place),
    ...crashStore({ ...place, at: (place.at + nextBelow(place.prng, 50_000)) as Time }),
  ],
  (place) => {
    const soon = (place.at + Math.min(place.forUs, 200_000) + nextBelow(place.prng, 60_000)) as Time;
    return [
      ...crashWriter({ ...place, forUs: Math.min(place.forUs, 200_000) }),
      ...crashWriter({ ...place, at: soon }),
    ];
  },
  (place) => [{ kind: 'freeze', at: place.at, node: pickNode(place), forUs: place.forUs }],
  (place) => [{ kind: 'isolate', at: place.at, nodes: [pickNode(place)], forUs: place.forUs }],
  (place) => {
    const all = place.cluster.nodes.map((node) => node.id);
    const left = all.filter(() => nextChance(place.prng, 1, 2));
    const right = all.filter((id) => !left.includes(id));
    return left.length === 0 || right.length === 0
      ? []
      : [{ kind: 'partition', at: place.at, sides: [left, right], forUs: place.forUs }];
  },
  (place) => [{ kind: 'cut', at: place.at, link: pickLink(place, false), forUs: place.forUs }],
  (place) => [
    {
      kind: 'hold',
      at: place.at,
      link: pickLink(place, nextChance(place.prng, 1, 2)),
      forUs: Math.min(place.forUs, 500_000),
    },
  ],
  (place) => [
    {
      kind: 'loss',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 30),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'duplicate',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 50),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'reorder',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 50),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'corrupt',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 20),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'latency',
      at: place.at,
      link: pickLink(place, true),
      baseUs: drawLog(place.prng, 5_000, 100_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'jitter',
      at: place.at,
      link: pickLink(place, true),
      jitterUs: drawLog(place.prng, 5_000, 50_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'slowCpu',
      at: place.at,
      node: pickNode(place),
      usPerInput: drawLog(place.prng, 10, 1_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'clock',
      at: place.at,
      node: pickNode(place),
      offsetUs: nextBetween(place.prng, -500_000, 500_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'diskSlow',
      at: place.at,
      node: pickStore(place),
      percent: drawLog(place.prng, 200, 5_000),
      forUs: place.forUs,
    },
  ],
  (place) => [{ kind: 'diskStall', at: place.at, node: pickStore(place), forUs: place.forUs }],
  (place) => [{ kind: 'diskFull', at: place.at, node: pickStore(place), forUs: place.forUs }],
  // A failed sync leaves the store's buffers unknown; it comes back by a restart.
  (place) => {
    const node = pickStore(place);
    const crashAt = (place.at + Math.min(place.forUs, 500_000) + 1) as Time;
    return [
      { kind: 'diskFailSync', at: place.at, node, forUs: Math.min(place.forUs, 500_000) },
      { kind: 'crash', at: crashAt, node, mode: 'drawn', forUs: 100_000 },
    ];
  },
];
