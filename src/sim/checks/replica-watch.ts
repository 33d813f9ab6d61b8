// What the monitors of replicas remember (replica-monitors.ts).

import type { NodeId, Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';

type Info = TraceOf<'recovery.info'>;

export interface ReplicaWatch {
  /** SCLs told in the input a node works off: judged when all of that input has been told. */
  readonly scls: Map<NodeId, { ordinal: number; at: Time; readonly events: TraceOf<'mark.scl'>[] }>;
  /** Boot epochs of each node's life, from the one it began with to the newest (it rises within a life by WAL-75). */
  readonly boots: Map<NodeId, { readonly first: number; readonly last: number }>;
  /** Highest LSN that a replica found on its disk at its last start, by `<node>/<group>`. */
  readonly reopened: Map<string, number>;
  /** Records given up as damaged and not yet back, by `<node>/<group>`. */
  readonly damaged: Map<string, Set<number>>;
  /** Highest LSN that each replica's log GC has dropped, by `<node>/<group>`. */
  readonly floors: Map<string, number>;
  /** What the recovery of a token was told. */
  readonly infos: Map<number, Info[]>;
}

export const makeReplicaWatch = (): ReplicaWatch => ({
  scls: new Map(),
  boots: new Map(),
  reopened: new Map(),
  damaged: new Map(),
  floors: new Map(),
  infos: new Map(),
});
