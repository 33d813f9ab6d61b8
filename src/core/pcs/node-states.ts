// What the leader of the metadata knows of each node from its heartbeats (docs/spec/placement.md §4, PCS-81, PCS-82): silence makes it
// disconnected, long silence down, the next heartbeat up. A new leader counts every node as just heard (PCS-96). Pure.

import type { NodeId, Time } from '../../base/ids.ts';
import { stateByBeat } from '../placement/node-lifecycle.ts';
import type { NodeState } from '../placement/placement-state.ts';
import { isHeard } from './member-view.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';
import { offlineNodes } from './offline-nodes.ts';
import { isLeading } from './pcs-raft.ts';

/** downAfterMs of pcs.md §1, in heartbeats. */
export const DOWN_BEATS = 150;

/** Since the node was heard last, virtual µs; null: it does not send heartbeats, or this node does not lead and so hears none. */
export function silentUs(state: MetaState, node: NodeId, now: Time): number | null {
  if (!isLeading(state) || holdsPcsAlone(state, node)) return null;
  const at = state.beats.get(node)?.at ?? (isMade(state) ? state.failover.since : null);
  return at === null ? null : Math.max(0, now - at);
}

/** Null: this node does not lead, and so cannot know. A node of the PCS alone is known by its answers to the leader. */
export function nodeStateOf(state: MetaState, node: NodeId, now: Time): NodeState | null {
  if (!isLeading(state)) return null;
  const { beatUs, content } = state;
  if (content.removed.includes(node)) return 'tombstone';
  if (offlineNodes(content).includes(node)) return 'offline';
  if (holdsPcsAlone(state, node))
    return isHeard(state, node, now) || state.idle.has(node) ? 'up' : 'disconnected';
  const silent = silentUs(state, node, now);
  const seen = silent === null ? null : ((now - silent) as Time);
  const limits = { disconnectedAfterUs: MISSED_BEATS * beatUs, downAfterUs: DOWN_BEATS * beatUs };
  return stateByBeat(isMade(state) ? 'up' : 'joining', seen, now, limits);
}

/** It sends no heartbeats: it is known by its answers to the leader. */
export const holdsPcsAlone = ({ config: { cluster } }: MetaState, node: NodeId): boolean =>
  cluster.nodes.some(({ id, roles }) => id === node && roles.length === 1 && roles[0] === 'meta');

/** Until the cluster's volume exists a node that was never heard is yet to join it. */
const isMade = ({ content }: MetaState): boolean => content.volumes[0]?.created ?? false;
