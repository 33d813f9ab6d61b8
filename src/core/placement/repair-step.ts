// One step of repair (docs/spec/placement.md PCS-71): a replica on a node that is down or to be drained is replaced, a group that has
// too few or too many gets its n; who has fewest left alive is first. PCS-101: a group that stands in fewer zones than it could
// is spread again, which no other step does once the node that it had to leave is back.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { chooseTarget, relead } from './choose-node.ts';
import {
  addReplica,
  compareScores,
  costOf,
  countZones,
  type GroupEntry,
  hasRoom,
  type Ledger,
  type NodeEntry,
  nodeOf,
  removeReplica,
} from './ledger.ts';
import type { NodeState, PlanOp } from './placement-state.ts';

/** The next step, done in the ledger; null when nothing is left to repair but blocked groups. */
export function repairStep(ledger: Ledger, blocked: Set<GroupId>): PlanOp | null {
  const group = mostAtRisk(ledger, blocked);
  if (group === null) return null;
  const { n, vw } = ledger.config;
  const block = (reason: 'NO_QUORUM' | 'NO_TARGET'): PlanOp => {
    blocked.add(group.id);
    return { kind: 'blocked', group: group.id, reason };
  };
  if (countAlive(ledger, group) < vw) return block('NO_QUORUM');
  const bad = badReplicas(ledger, group)[0];
  if (group.replicas.length > n) {
    const from = chooseSurplus(ledger, group);
    removeReplica(ledger, group, from);
    return { kind: 'remove', group: group.id, from, ...relead(ledger, group) };
  }
  const others = group.replicas.filter((id) => id !== bad);
  // the one to be replaced cannot be its own target: it is not up
  const to = chooseTarget(ledger, others, group.size);
  if (to === null) return block('NO_TARGET');
  if (bad !== undefined) removeReplica(ledger, group, bad);
  addReplica(ledger, group, to);
  const lead = relead(ledger, group);
  return bad === undefined
    ? { kind: 'add', group: group.id, to, ...lead }
    : { kind: 'replace', group: group.id, from: bad, to, ...lead };
}

const stateOf = (ledger: Ledger, id: NodeId): NodeState => nodeOf(ledger, id).node.state;

/** To be replaced: those that are down first, then those that leave; each by id, as replicas are kept. */
function badReplicas(ledger: Ledger, { replicas }: GroupEntry): NodeId[] {
  const on = (state: NodeState): NodeId[] => replicas.filter((id) => stateOf(ledger, id) === state);
  return [...on('down'), ...on('offline')];
}

const isAlive = (ledger: Ledger, id: NodeId): boolean => {
  const state = stateOf(ledger, id);
  return state === 'up' || state === 'offline';
};

/** Who can acknowledge: a node that is drained still does. */
export const countAlive = (ledger: Ledger, { replicas }: GroupEntry): number =>
  replicas.filter((id) => isAlive(ledger, id)).length;

function mostAtRisk(ledger: Ledger, blocked: ReadonlySet<GroupId>): GroupEntry | null {
  let first: { readonly group: GroupEntry; readonly alive: number } | null = null;
  for (const group of ledger.groups) {
    if (blocked.has(group.id)) continue;
    const isWhole = group.replicas.length === ledger.config.n && badReplicas(ledger, group).length === 0;
    if (isWhole) continue;
    const alive = countAlive(ledger, group);
    if (first === null || alive < first.alive) first = { group, alive };
  }
  return first?.group ?? null;
}

/** Of one too many: a bad one, else the least useful, but nobody alive while only vw are: a write quorum has to stay. */
function chooseSurplus(ledger: Ledger, group: GroupEntry): NodeId {
  const isScarce = countAlive(ledger, group) === ledger.config.vw;
  const mayGo = (id: NodeId): boolean => !isScarce || !isAlive(ledger, id);
  const bad = badReplicas(ledger, group).find(mayGo);
  return bad ?? leastUseful(ledger, group, group.replicas.filter(mayGo));
}

/** Whose removal keeps most zones, then the highest score, then the highest id. */
function leastUseful(ledger: Ledger, { replicas }: GroupEntry, candidates: readonly NodeId[]): NodeId {
  const zonesWithout = (id: NodeId): number =>
    countZones(
      ledger,
      replicas.filter((other) => other !== id),
    );
  return candidates.reduce((best, id) => {
    const zones = zonesWithout(id) - zonesWithout(best);
    const isHigher = compareScores(nodeOf(ledger, id), nodeOf(ledger, best), costOf) >= 0;
    return zones > 0 || (zones === 0 && isHigher) ? id : best;
  });
}

/** The next group that can be spread over one zone more, done in the ledger. */
export function zoneStep(ledger: Ledger): PlanOp | null {
  for (const group of ledger.groups) {
    const { id, replicas } = group;
    if (replicas.length !== ledger.config.n || !areUp(ledger, replicas)) continue;
    const zones = new Set(replicas.map((one) => nodeOf(ledger, one).node.zone));
    if (zones.size === replicas.length) continue;
    const to = lowestScored(
      ledger.nodes.filter(
        (entry) => entry.node.state === 'up' && !zones.has(entry.node.zone) && hasRoom(entry, group.size),
      ),
    );
    if (to === null) continue;
    const from = leastUseful(ledger, group, replicas);
    removeReplica(ledger, group, from);
    addReplica(ledger, group, to);
    return { kind: 'move', group: id, from, to, reason: 'ZONE', ...relead(ledger, group) };
  }
  return null;
}

export const areUp = (ledger: Ledger, ids: readonly NodeId[]): boolean =>
  ids.every((id) => stateOf(ledger, id) === 'up');

const lowestScored = (entries: readonly NodeEntry[]): NodeId | null =>
  entries.reduce<NodeEntry | null>(
    (best, one) => (best === null || compareScores(one, best, costOf) < 0 ? one : best),
    null,
  )?.node.id ?? null;
