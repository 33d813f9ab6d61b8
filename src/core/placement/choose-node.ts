// Which node gets a replica or leads (docs/spec/placement.md PCS-69, 71, 73): most zones, then the lowest score, then the lowest id.

import type { NodeId } from '../../base/ids.ts';
import {
  compareScores,
  costOf,
  countZones,
  type GroupEntry,
  hasRoom,
  type Ledger,
  leaderCostOf,
  makeLedger,
  type NodeEntry,
  nodeOf,
  setLeader,
} from './ledger.ts';
import type { PlacementState } from './placement-state.ts';

/** The up node with room that spreads the others over most zones; null if there is none. */
export function chooseTarget(ledger: Ledger, others: readonly NodeId[], size: number): NodeId | null {
  let best: { readonly entry: NodeEntry; readonly zones: number } | null = null;
  for (const entry of ledger.nodes) {
    const { id, state } = entry.node;
    if (state !== 'up' || others.includes(id) || !hasRoom(entry, size)) continue;
    const zones = countZones(ledger, [...others, id]);
    const isBetter =
      best === null ||
      zones > best.zones ||
      (zones === best.zones && compareScores(entry, best.entry, costOf) < 0);
    if (isBetter) best = { entry, zones };
  }
  return best?.entry.node.id ?? null;
}

/** PCS-69: the leader while it is a member and not down; else the up member that leads least, this group not counted. */
export function chooseLeader(ledger: Ledger, group: GroupEntry): NodeId | null {
  const { leader, replicas } = group;
  if (leader !== null && replicas.includes(leader) && nodeOf(ledger, leader).node.state !== 'down')
    return leader;
  setLeader(ledger, group, null);
  const least = lowestLeaderScore(ledger, replicas);
  setLeader(ledger, group, leader);
  return least;
}

function lowestLeaderScore(ledger: Ledger, replicas: readonly NodeId[]): NodeId | null {
  const up = replicas.map((id) => nodeOf(ledger, id)).filter(({ node }) => node.state === 'up');
  const isLower = (a: NodeEntry, b: NodeEntry): boolean => compareScores(a, b, leaderCostOf) < 0;
  return (
    up.reduce<NodeEntry | null>((best, one) => (!best || isLower(one, best) ? one : best), null)?.node.id ??
    null
  );
}

/** After a change of members; returns what the operator says of it (`newLeader`). */
export function relead(ledger: Ledger, group: GroupEntry): { newLeader?: NodeId | null } {
  const leader = chooseLeader(ledger, group);
  if (leader === group.leader) return {};
  setLeader(ledger, group, leader);
  return { newLeader: leader };
}

export type Place =
  /** `picked` in the order of choice. */
  | { readonly picked: readonly NodeId[]; readonly leader: NodeId | null; readonly error: null }
  | { readonly error: 'INSUFFICIENT_NODES' };

/** PCS-73 `place`: the replicas of a new group. A group that is short of n is completed by repair later. */
export function placeGroup(state: PlacementState, size: number): Place {
  const ledger = makeLedger(state);
  const picked: NodeId[] = [];
  while (picked.length < state.config.n) {
    const next = chooseTarget(ledger, picked, size);
    if (next === null) break;
    picked.push(next);
  }
  if (picked.length < state.config.vw) return { error: 'INSUFFICIENT_NODES' };
  const replicas = ledger.nodes.map(({ node }) => node.id).filter((id) => picked.includes(id));
  return { picked, leader: lowestLeaderScore(ledger, replicas), error: null };
}
