// Changes of the writer where a volume has an HA group (docs/spec/failover.md §5, §6): a member is killed, frozen or cut off from the
// metadata only, switchovers are ordered under load, two promotions race, and a node dies at each step of a promotion. From a
// stream of its own, so that the rest of a seed is as without them.
//
// A tape does not know who writes at a time. So a fault is made of one member and, when that is over, of another: one of them is the writer.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import { haGroupOf, readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { CrashMoment } from '../crash-points.ts';
import type { TapeAction } from '../tape-actions.ts';
import { crashModeOf, pick, storesOf } from './draw-tools.ts';

const steps = ['token', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'] as const satisfies readonly CrashMoment[];
const sides = ['before', 'after'] as const;

/** Where a crash can be aimed in a promotion, by the nodes that pass the step. */
export interface PromotionPoint {
  readonly when: (typeof sides)[number];
  readonly moment: (typeof steps)[number];
  readonly of: 'candidate' | 'meta' | 'store';
}

/** H1 at the metadata, `InstallToken` at a store, and each step of the candidate: what a sweep has to meet, each on both sides. */
export const promotionPoints: readonly PromotionPoint[] = [
  ...steps.flatMap((moment) => sides.map((when) => ({ when, moment, of: 'candidate' as const }))),
  ...sides.map((when) => ({ when, moment: 'token' as const, of: 'meta' as const })),
  ...sides.map((when) => ({ when, moment: 'token' as const, of: 'store' as const })),
];

/** failoverAfterMs in heartbeats (core/pcs/failover-driver.ts), rounded up. */
const FAILOVER_BEATS = 8;

interface Draw {
  readonly prng: Prng;
  readonly cluster: ClusterSpec;
  /** Two members of the HA group, in either order. */
  readonly one: NodeId;
  readonly other: NodeId;
  readonly pcs: readonly NodeId[];
  readonly at: number;
  /** After which a silent writer is given up. */
  readonly failoverUs: number;
}

export function drawFailoverFaults(
  seed: number,
  cluster: ClusterSpec,
  { nodeHeartbeatMs }: Params,
  chaosUs: number,
): TapeAction[] {
  const members = haGroupOf(cluster).map(({ node }) => node);
  if (members.length < 2) return [];
  const prng = makePrng(seed, 'failover faults');
  const pcs = cluster.nodes
    .filter(({ roles, isSpare }) => roles.includes('meta') && !isSpare)
    .map(({ id }) => id);
  const failoverUs = FAILOVER_BEATS * nodeHeartbeatMs * 1000;
  const actions: TapeAction[] = [];
  let at = 0;
  for (let turn = 0; ; turn++) {
    at += nextBetween(prng, 3 * failoverUs, 10 * failoverUs);
    if (at >= chaosUs) break;
    const one = pick(prng, members);
    const other = pick(
      prng,
      members.filter((id) => id !== one),
    );
    const draw: Draw = { prng, cluster, one, other, pcs, at, failoverUs };
    // every second one is a crash in a promotion, and each seed begins at another of its points
    const point = promotionPoints[(seed * 7 + (turn >> 1)) % promotionPoints.length];
    const drawn = turn % 2 === 0 && point !== undefined ? crashAt(draw, point) : changeOf(draw);
    actions.push(...drawn);
    for (const action of drawn) at = Math.max(at, action.at);
  }
  const everybody = [...members, ...pcs, ...storesOf(cluster)];
  const reader = readersOf(cluster).find((id) => !members.includes(id));
  if (reader !== undefined && nextChance(prng, 1, 4))
    actions.push({
      kind: 'moveToHa',
      at: nextBelow(prng, Math.max(1, chaosUs)) as Time,
      node: reader,
      volume: '',
      priority: nextBelow(prng, 3),
    });
  return [
    ...actions.filter((action) => action.at < chaosUs),
    ...everybody.map((node): TapeAction => ({ kind: 'disarm', at: chaosUs as Time, node })),
  ];
}

const crash = ({ prng }: Draw, node: NodeId, at: number, forUs: number): TapeAction => ({
  kind: 'crash',
  at: at as Time,
  node,
  mode: crashModeOf(prng),
  forUs,
});
const freeze = (node: NodeId, at: number, forUs: number): TapeAction => ({
  kind: 'freeze',
  at: at as Time,
  node,
  forUs,
});
const switchTo = (node: NodeId, at: number): TapeAction => ({
  kind: 'switchover',
  at: at as Time,
  node,
  volume: '',
});
const cutFromPcs = (
  { pcs }: Draw,
  node: NodeId,
  at: number,
  forUs: number,
  isBothWays = true,
): TapeAction => ({
  kind: 'cut',
  at: at as Time,
  link: { from: [node], to: [...pcs], isBothWays },
  forUs,
});

/** The power goes off at the point; who was to die is up again, and nobody armed, when the next fault begins. */
function crashAt(draw: Draw, { when, moment, of }: PromotionPoint): TapeAction[] {
  const { prng, cluster, one, other, pcs, at, failoverUs } = draw;
  const forUs = nextBetween(prng, failoverUs >> 2, 2 * failoverUs);
  const store = pick(prng, storesOf(cluster));
  const isSwitch = nextChance(prng, 1, 3);
  const round = (dies: NodeId, candidate: NodeId, from: number): TapeAction[] => {
    const armed = of === 'candidate' ? [candidate] : of === 'meta' ? pcs : [store];
    const upAt = (from + nextBetween(prng, 2 * failoverUs, 4 * failoverUs)) as Time;
    return [
      ...armed.map((node): TapeAction => ({ kind: 'crashOn', at: from as Time, node, when, moment })),
      isSwitch ? switchTo(candidate, from) : crash(draw, dies, from, forUs),
      ...armed.flatMap((node): TapeAction[] => [
        { kind: 'disarm', at: upAt, node },
        { kind: 'restart', at: upAt, node },
      ]),
    ];
  };
  return [...round(one, other, at), ...round(other, one, at + 5 * failoverUs)];
}

function changeOf(draw: Draw): TapeAction[] {
  const { prng, cluster, one, other, pcs, at, failoverUs } = draw;
  const longUs = nextBetween(prng, failoverUs, 4 * failoverUs);
  const second = at + longUs + 2 * failoverUs;
  switch (nextBelow(prng, 9)) {
    case 0: // killed, and soon back: its node is in a later life before it is missed
      return [crash(draw, one, at, nextBetween(prng, 1000, failoverUs)), crash(draw, other, second, longUs)];
    case 1: // it comes back with its old token
      return [freeze(one, at, longUs), freeze(other, second, longUs)];
    case 2: // F11: devices and clients hear it, the metadata does not
      return [cutFromPcs(draw, one, at, longUs), cutFromPcs(draw, other, second, longUs, false)];
    case 3: // there and back
      return [switchTo(one, at), switchTo(other, at + nextBetween(prng, 1000, 3 * failoverUs))];
    case 4: // F6, F7: the one that is promoted is lost to the metadata while or soon after it recovers, and the first one is back
      return [
        freeze(one, at, failoverUs + nextBetween(prng, 1, failoverUs >> 1)),
        cutFromPcs(draw, other, at + failoverUs + nextBelow(prng, failoverUs >> 1), 3 * failoverUs),
      ];
    case 5: // F10: what it had sent reaches a store and its clients after the change
      return [
        {
          kind: 'hold',
          at: at as Time,
          link: { from: [one], to: [pick(prng, storesOf(cluster))], isBothWays: nextChance(prng, 1, 2) },
          forUs: longUs,
        },
        freeze(one, at + nextBetween(prng, 1, failoverUs >> 2), longUs),
      ];
    case 6: // W2 to W5: the writer dies, or the metadata's leader, while it drains
      return [
        switchTo(one, at),
        nextChance(prng, 1, 2)
          ? crash(draw, other, at + nextBelow(prng, failoverUs), longUs)
          : crash(draw, pick(prng, pcs), at + nextBelow(prng, failoverUs), longUs),
      ];
    case 7: // F12, F13
      return [
        switchTo(one, at),
        ...pcs.map((node) => crash(draw, node, at + nextBelow(prng, failoverUs), failoverUs)),
      ];
    default: // nobody is up for a while
      return [crash(draw, one, at, longUs), freeze(other, at + nextBelow(prng, failoverUs), longUs)];
  }
}
