// What the writer of a quorum log shows: the last report of each replica, its log buffers, its recovery.

import type { GroupId, NodeId, Range } from '../../base/ids.ts';
import type { MemberState, MembershipView } from '../kernel/membership.ts';
import type { RecordView } from '../log/record-view.ts';
import type { RecoveryPhase } from './recovery-state.ts';

export interface ReplicaSclView {
  readonly replica: NodeId;
  readonly scl: number;
  /** The largest that it reported under the present memberEpoch, −1: none. PGCL goes by it (WAL-15). */
  readonly counted: number;
  readonly known: boolean;
  /** Answers now, as far as heartbeats tell. */
  readonly live: boolean;
  readonly memberState: MemberState;
  /** Virtual µs of the last message from it; null: none yet. */
  readonly lastReportAt: number | null;
}

export interface WriterGroupView {
  readonly group: GroupId;
  readonly pgcl: number;
  readonly tail: number;
  readonly replicas: readonly ReplicaSclView[];
  readonly members: MembershipView;
  /** F29: fewer members of some set answer than a write needs. */
  readonly belowWriteQuorum: boolean;
}

/** In their order (docs/spec/wal.md §9). */
export const recoverySteps = ['token', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'] as const;
export type RecoveryStep = (typeof recoverySteps)[number];

export interface RecoveryView {
  readonly step: RecoveryStep;
  readonly token: number;
  readonly vclPrime: number | null;
  readonly vdlPrime: number | null;
  readonly startLsn: number | null;
  /** `[first, end)` this recovery annuls. */
  readonly annulled: Range | null;
  readonly groups: readonly {
    readonly group: GroupId;
    readonly tokens: readonly NodeId[];
    readonly infos: readonly NodeId[];
    readonly histories: readonly NodeId[];
    readonly filled: readonly NodeId[];
    readonly pgclPrime: number | null;
    readonly maxNwl: number | null;
    readonly left: number;
  }[];
}

/** Whose answers the opening of a volume waits for now; absent once it is open. */
export interface OpeningView {
  readonly phase: RecoveryPhase;
  /** `log`: the record of its term, as any other record. */
  readonly waitsFor: 'volume' | 'metadata' | 'replicas' | 'log';
  /** Of every group: `need` answers of each set. */
  readonly groups: readonly {
    readonly group: GroupId;
    readonly sets: readonly (readonly NodeId[])[];
    readonly need: number;
    readonly answered: readonly NodeId[];
  }[];
}

/** The log buffer of a group: what waits to be sent, and the last batch that was. */
export interface LogBufferView {
  readonly group: GroupId;
  /** Last LSN sent, or −1. */
  readonly sentTo: number;
  readonly buffered: number;
  readonly bytes: number;
  readonly batch: { readonly first: number; readonly last: number; readonly ageUs: number } | null;
}

export interface WriterView {
  readonly token: number;
  readonly tail: number;
  readonly vcl: number;
  readonly vdl: number;
  readonly lal: number;
  readonly startLsn: number;
  readonly allocationLimit: number;
  readonly pgmrpl: number;
  readonly logBuffer: number;
  readonly groups: readonly WriterGroupView[];
  /** Records the writer still keeps, newest `span`. */
  readonly records: readonly RecordView[];
}
