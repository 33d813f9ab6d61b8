// A node that dies for good while what its disk lost is made anew on it (PCS-76, WAL-71): in one seed of four the one store of the run
// whose disk may lose what is durable comes back empty, loses power soon after, and nothing, no healing either, brings it back.

import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, freeNames, type Spare } from './draw-tools.ts';

const EVERY = 4;

/** From the restart of the empty node to its end: the metadata sees what is lost, and a new replica is made in about ten heartbeats. */
const BEATS = 8;

/** In the zone of the one that dies: replicas of a group lie in zones of their own (PCS-70). */
function drawSpare(
  { nodes }: ClusterSpec,
  template: string,
  added: NodeId,
  victim: NodeId,
  at: number,
): TapeAction[] {
  const zone = nodes.find(({ id }) => id === victim)?.zone;
  return zone === undefined ? [] : [{ kind: 'addNode', at: at as Time, added, template, zone }];
}

/** Orders that are given for a node that is gone as well. */
const isOrder = ({ kind }: TapeAction): boolean =>
  kind === 'offline' || kind === 'cancelOffline' || kind === 'moveReplica';

/** From `diesAt` on nothing is done to this node, and nothing from before ends there by itself. */
function withoutNode(actions: readonly TapeAction[], node: NodeId, diesAt: number): TapeAction[] {
  return actions.flatMap((action): TapeAction[] => {
    if (!('node' in action) || action.node !== node || isOrder(action)) return [action];
    if (action.at >= diesAt) return [];
    const lasts = 'forUs' in action && action.forUs !== null && action.at + action.forUs >= diesAt;
    return [lasts ? ({ ...action, forUs: diesAt - 1 - action.at } as TapeAction) : action];
  });
}

/** The actions of a whole run; with the loss, where the seed has one. */
export function loseForGood(
  actions: readonly TapeAction[],
  seed: number,
  cluster: ClusterSpec,
  { victim, spare, beatUs, chaosUs }: Loss,
): TapeAction[] {
  if (seed % EVERY !== 0 || victim === null) return [...actions];
  const prng = makePrng(seed, 'lost for good');
  const at = nextBetween(prng, chaosUs >> 1, Math.floor(0.9 * chaosUs));
  const emptyUs = drawLog(prng, 1_000, 200_000);
  const diesAt = at + emptyUs + nextBetween(prng, beatUs, BEATS * beatUs);
  const kept = spare.keepsOthers ? cluster.nodes.filter(({ id }) => id !== victim) : [];
  const [added, reserve] = spareNames(actions, cluster, spare);
  const rest = actions.filter(
    (action) => action.kind !== 'offline' || !kept.some(({ id }) => id === action.node),
  );
  return [
    ...withoutNode(rest, victim, diesAt),
    ...drawSpare(cluster, spare.template, added, victim, chaosUs >> 2),
    ...(spare.hasReserve ? drawSpare(cluster, spare.template, reserve, victim, chaosUs) : []),
    { kind: 'wipeDisk', at: at as Time, node: victim, forUs: emptyUs },
    { kind: 'crash', at: diesAt as Time, node: victim, mode: 'drawn', forUs: null },
    ...(spare.hasReserve ? drawOrders([added, reserve], victim, diesAt, chaosUs) : []),
    ...takeBackDrains(rest, victim, chaosUs),
  ];
}

/** The second is that of the reserve. */
function spareNames(
  actions: readonly TapeAction[],
  { nodes }: ClusterSpec,
  { prefix, number }: Spare,
): readonly [NodeId, NodeId] {
  const taken = [
    ...nodes.map(({ id }) => id),
    ...actions.flatMap((action) => (action.kind === 'addNode' ? [action.added] : [])),
  ];
  const [added, reserve] = freeNames(taken, prefix, number, 2);
  return [present(added, 'spare'), present(reserve, 'reserve')];
}

/** Where a person places replicas silence moves none (PCS-100): the order is given again until no other change is under way. */
function drawOrders(
  [added, reserve]: readonly [NodeId, NodeId],
  node: NodeId,
  diesAt: number,
  healAt: number,
): TapeAction[] {
  const to = (target: NodeId, times: readonly number[]): TapeAction[] =>
    times.map((at) => ({ kind: 'moveReplica', at: at as Time, node, to: target, group: null }));
  const healed = (...seconds: readonly number[]): number[] => seconds.map((s) => healAt + s * 1_000_000);
  return [
    ...to(added, [diesAt + 50_000, diesAt + 500_000, ...healed(1, 3, 6)]),
    ...to(reserve, healed(2, 4, 7)),
  ];
}

/** The drain of another node was ordered when this one was there: without it there may be too few that could take what is on them. */
const takeBackDrains = (actions: readonly TapeAction[], victim: NodeId, healAt: number): TapeAction[] =>
  [...new Set(actions.flatMap((action) => (action.kind === 'offline' ? [action.node] : [])))]
    .filter((node) => node !== victim)
    .map((node): TapeAction => ({ kind: 'cancelOffline', at: (healAt + DRAINED_US) as Time, node }));

/** After everything is healed: for what is nearly done. */
const DRAINED_US = 2_000_000;

interface Loss {
  /** The one store of the run whose disk may lose what is durable; null: none may. */
  readonly victim: NodeId | null;
  readonly spare: Spare;
  readonly beatUs: number;
  readonly chaosUs: number;
}
