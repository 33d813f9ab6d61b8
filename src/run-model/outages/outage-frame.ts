// The newest outage of a volume as a picture has it: each attempt to recover with its steps (R1–R7 of docs/spec/wal.md §9), times
// and answers, the recovery point, what clients received, tokens and nodes that were down. Types only.

import type { NodeId, Time } from '../../base/ids.ts';
import type { RecoveryStep } from '../../core/quorum-log/log-view.ts';

/** A replica that did what a step asks of it: durable there, or taken into the computation. */
export interface StepAnswer {
  readonly step: 'R1' | 'R2' | 'R5' | 'R7';
  readonly group: string;
  readonly node: NodeId;
  readonly at: Time;
}

export interface RecoveryAttempt {
  readonly node: NodeId;
  readonly token: number;
  /** Each step with its beginning; it ends with the next one's, the last with the attempt. */
  readonly steps: readonly { readonly step: RecoveryStep; readonly at: Time }[];
  readonly endedAt: Time | null;
  /** `down`: its node died; `fenced`: a newer token is at the replicas. */
  readonly end: 'open' | 'down' | 'fenced' | null;
  /** R3 and R4; −1 before. */
  readonly vclPrime: number;
  readonly vdlPrime: number;
  readonly startLsn: number;
  readonly answers: readonly StepAnswer[];
  /** R5: records that replicas deleted, copies counted. */
  readonly removed: number;
  /** R6: records that replicas got from each other, copies counted. */
  readonly filled: number;
}

export interface ClientOutcomes {
  readonly client: string;
  readonly acknowledged: number;
  /** Of these the commits that the dead writer had made durable, answered by the new one (FENCE-44). */
  readonly replayed: number;
  readonly failed: number;
  readonly unknown: number;
  /** Called before the volume was open again and not answered yet. */
  readonly waiting: number;
}

export interface OutageFrame {
  readonly volume: string;
  /** The writer that had it open; null: nobody was seen to. */
  readonly writer: NodeId | null;
  /**
   * `death` of that writer; its `freeze`, which still holds, or the `cut` of a link after which it made nothing durable any more; its
   * `fence`: it saw a greater token and stopped; where none of these was seen the `start` of the recovery. By plan, without a fault: its
   * `handover`, or the `transfer` of a tablet to another primary.
   */
  readonly since: 'death' | 'freeze' | 'cut' | 'fence' | 'start' | 'handover' | 'transfer';
  readonly from: Time;
  /** Oldest first. */
  readonly attempts: readonly RecoveryAttempt[];
  /** Older attempts that are no longer kept. */
  readonly attemptsBefore: number;
  readonly openedAt: Time | null;
  readonly firstCommitAt: Time | null;
  /** The greatest SCN that earlier writers acknowledged, as far as the run was seen; −1: none. */
  readonly lastAcked: number;
  /** Acknowledged commits above VDL′; null: not computed yet. */
  readonly lost: number | null;
  /** More may be lost than is counted: older commits are not remembered, or the run was not seen from its beginning. */
  readonly isLostAtLeast: boolean;
  readonly clients: readonly ClientOutcomes[];
  /** What clients beyond those listed received; null: all are listed. */
  readonly others: Omit<ClientOutcomes, 'client'> | null;
  /** Tokens that nodes had promised, `at` the outage's beginning or when they rose. */
  readonly tokens: readonly { readonly node: NodeId; readonly token: number; readonly at: Time }[];
  readonly downs: readonly { readonly node: NodeId; readonly from: Time; readonly to: Time | null }[];
}
