// What facts ask of a run. Of one that is followed from here on there is what its events say; of one that is played with all of its past in
// reach, its nodes, answers and whole trace too.

import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { RoleView } from '../../core/kernel/view.ts';
import type { MountView } from '../../core/pfs/mount-view.ts';
import type { TracedEvent } from '../../sim/types.ts';

export interface FollowedState {
  /** Virtual µs. */
  readonly time: number;
  readonly commits: number;
  /** The place of the newest event. */
  readonly event: number;
  /** Rules that the monitors saw violated. */
  readonly violations: readonly string[];
  /** Some of them at this instant. */
  readonly isBrokenNow: boolean;
  /** Events of this instant. */
  readonly fresh: readonly (TracedEvent & { readonly rank: number })[];
  /** Of a place as gauges name it; null: of the cluster's own volume. No value: nobody has said one. */
  gauge(word: string, place: string | null): number | null;
}

/** Records of a log from `first` to before `last`. */
export interface LogRange {
  readonly first: number;
  readonly last: number;
  readonly type: 'data' | 'hole' | 'sent';
}

export interface NodeState {
  /** Null: the cluster never had such a node. */
  readonly status: 'up' | 'down' | 'frozen' | null;
  /** What its roles show of themselves; empty while it is down. */
  readonly roles: readonly RoleView[];
  /** Of a node whose volume lies in files. */
  readonly mount: MountView | null;
  /** Gaps of the replica's log, each with whether it is asked for. */
  holes(group: string): readonly LogRange[];
  /** The status list. */
  list(group: string): readonly LogRange[];
}

export interface RunState extends FollowedState {
  /** Every node that there is. */
  readonly nodes: readonly string[];
  node(id: string): NodeState;
  /** The open writer of the cluster's own volume, or null. */
  readonly writer: ComputeView | null;
  /** The node that leads the metadata in the highest term, or null: nobody that is up leads. */
  readonly metadataLeader: string | null;
  /** Events so far, the oldest first. */
  traced(kind: TraceKind): readonly TracedEvent[];
  /** First row of what a session's newest answered request gave; empty when it gave none. */
  row(session: string): readonly (string | null)[];
  readonly openHoles: number;
  /** The column named of a comparison, with the run's seed. It is played when it is first asked for. */
  beside(column: string): object;
  /** The same tape up to this instant, played with a planted bug. */
  without(mutant: string): RunState;
}
