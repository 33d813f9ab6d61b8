// The faults of a scenario as a swarm: each kind on with probability one half, few and long or many and short. A stack adds
// kinds of its own to those of the world, and some that every seed has. What loses durable data hits one store only
// (a damaged replica stays in the budget until it is made anew).

import type { NodeId, Time } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { LinkTarget } from '../actions/define.ts';
import type { TapeAction } from '../tape-actions.ts';
import { mayLoseDisks } from './disk-budget.ts';
import {
  crashModeOf,
  drawLog,
  type FaultMaker,
  type FaultPlace,
  nodeWith,
  pick,
  type SweepDraws,
  storesOf,
} from './draw-tools.ts';

interface DrawnFaults {
  readonly actions: readonly TapeAction[];
  /** The one store whose disk may lose what is durable. */
  readonly victim: NodeId | null;
}

export function drawFaults(
  prng: Prng,
  cluster: ClusterSpec,
  params: Params,
  chaosUs: number,
  { always, swarm }: SweepDraws,
): DrawnFaults {
  const kinds = [...swarm, ...worldFaults].filter(() => nextChance(prng, 1, 2));
  const isFew = nextChance(prng, 1, 2);
  const gapUs = isFew ? nextBetween(prng, 3_000_000, 10_000_000) : nextBetween(prng, 500_000, 3_000_000);
  const longestUs = isFew ? 8_000_000 : 1_000_000;
  const actions: TapeAction[] = [];
  const losable = mayLoseDisks(cluster);
  const victim = losable.length === 0 ? null : pick(prng, losable);
  let at = 1_000_000 + nextBelow(prng, gapUs);
  for (let i = 0; at < chaosUs; i++) {
    const makers = i % 2 === 0 || kinds.length === 0 ? always : kinds;
    const make = makers[nextBelow(prng, makers.length)];
    const forUs = drawLog(prng, 5_000, longestUs);
    if (make !== undefined) actions.push(...make({ prng, cluster, params, at: at as Time, forUs, victim }));
    at += 1 + nextBelow(prng, 2 * gapUs);
  }
  return { actions, victim };
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

export const crashStore: FaultMaker = (place) => [
  { kind: 'crash', at: place.at, node: pickStore(place), mode: crashModeOf(place.prng), forUs: place.forUs },
];
/** A store loses power while a slow disk still has writes to sync. */
export const tearStore: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const node = pick(prng, storesOf(cluster));
  const crashAt = (at + nextBetween(prng, 30_000, 100_000)) as Time;
  return [
    { kind: 'diskStall', at, node, forUs: crashAt - at },
    { kind: 'crash', at: crashAt, node, mode: nextChance(prng, 2, 3) ? 'tornLast' : 'drawn', forUs },
  ];
};

/** The fault at some link, or at some node, for as long as it lasts. */
const linkOf = (place: FaultPlace) => ({ at: place.at, link: pickLink(place, true), forUs: place.forUs });
const nodeOf = (place: FaultPlace) => ({ at: place.at, node: pickNode(place), forUs: place.forUs });

/** Of nodes, links, clocks and disks, whatever runs on them. */
const worldFaults: readonly FaultMaker[] = [
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
  (place) => [{ kind: 'loss', ...linkOf(place), percent: nextBetween(place.prng, 1, 30) }],
  (place) => [{ kind: 'duplicate', ...linkOf(place), percent: nextBetween(place.prng, 1, 50) }],
  (place) => [{ kind: 'reorder', ...linkOf(place), percent: nextBetween(place.prng, 1, 50) }],
  (place) => [{ kind: 'corrupt', ...linkOf(place), percent: nextBetween(place.prng, 1, 20) }],
  (place) => [{ kind: 'latency', ...linkOf(place), baseUs: drawLog(place.prng, 5_000, 100_000) }],
  (place) => [{ kind: 'jitter', ...linkOf(place), jitterUs: drawLog(place.prng, 5_000, 50_000) }],
  (place) => [{ kind: 'slowCpu', ...nodeOf(place), usPerInput: drawLog(place.prng, 10, 1_000) }],
  (place) => [{ kind: 'clock', ...nodeOf(place), offsetUs: nextBetween(place.prng, -500_000, 500_000) }],
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
