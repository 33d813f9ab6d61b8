// The states of a node (docs/spec/placement.md §4, PCS-72, 78…82): from its heartbeats, and by order of an operator. A restart must not
// copy data, so a node that is not heard of is first disconnected and only much later down.

import { MAX, type Time } from '../../base/ids.ts';
import type { NodeState, PlacedNode } from './placement-state.ts';

export interface DetectorLimits {
  readonly disconnectedAfterUs: number;
  readonly downAfterUs: number;
}

/** The state by the last heartbeat (null: none yet). An order of an operator outlasts silence. */
export function stateByBeat(
  state: NodeState,
  lastSeen: Time | null,
  now: Time,
  { disconnectedAfterUs, downAfterUs }: DetectorLimits,
): NodeState {
  if (state === 'offline' || state === 'tombstone') return state;
  const silentUs = lastSeen === null ? MAX : now - lastSeen;
  if (silentUs < disconnectedAfterUs) return 'up';
  if (state === 'joining') return 'joining';
  return silentUs < downAfterUs ? 'disconnected' : 'down';
}

export type LifecycleResult =
  | { readonly error: null; readonly state: NodeState }
  | { readonly error: 'INSUFFICIENT_NODES' | 'NODE_TOMBSTONED' };

/** `Offline` (PCS-79), refused if fewer than vw nodes would stay up (PCS-80). */
export function orderOffline(
  nodes: readonly PlacedNode[],
  { id, state }: PlacedNode,
  vw: number,
): LifecycleResult {
  if (state === 'tombstone') return { error: 'NODE_TOMBSTONED' };
  const others = nodes.filter((node) => node.id !== id && node.state === 'up').length;
  return others < vw ? { error: 'INSUFFICIENT_NODES' } : { error: null, state: 'offline' };
}
