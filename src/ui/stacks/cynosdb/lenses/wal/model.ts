// What lens 4.1, WAL & holes, shows: the model that its projection makes of a picture and its parts draw.

import type { Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { MemberState, MembershipView } from '../../../../../core/kernel/membership.ts';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import type { RecoveryView } from '../../../../../core/quorum-log/log-view.ts';
import type { Health } from '../../../../model/node-facts.ts';
import type { DrawnRun } from '../../../../model/runs.ts';
import type { Bracket } from './bracket.ts';
import type { FillLimit } from './fill-limit.ts';
import type { TermSpan } from './terms.ts';

export interface WalParams {
  /** Group shown; null: the cluster's last. */
  readonly group: string | null;
  /** LSNs across the plot; null: as many as the newest state needs. */
  readonly span: number | null;
  /** Exclusive end of the window; null: follows the newest LSN. */
  readonly end: number | null;
  /** Replica whose list is spelled out; null: the one with most holes, else the last. */
  readonly replica: string | null;
  /** LSNs in which what is on its way to a disk is not drawn. */
  readonly veiled?: Range | null;
}

/** One MTR's records of a group; `own` false marks LSNs of other groups. */
export interface MtrBlock {
  readonly first: number;
  readonly end: number;
  readonly own: boolean;
  readonly cpl: boolean;
}

export interface ReplicaRow {
  readonly node: string;
  readonly zone: string;
  readonly health: Health;
  /** What it is to the group: learners count in no set. */
  readonly member: MemberState;
  readonly runs: readonly DrawnRun[];
  readonly scl: number;
  /** How far its log counts in the recovery that runs (WAL-51); null: none runs, or it is not known. */
  readonly effective: number | null;
  readonly ncl: number;
  readonly nwl: number;
  /** PGCL as this replica received it. */
  readonly pgcl: number;
  readonly holes: number;
  readonly list: StoreGroupView | null;
}

export interface CopyCount {
  readonly first: number;
  readonly end: number;
  readonly copies: number;
}

export interface Blocked {
  readonly range: Range;
  readonly limit: number;
}

export interface WalModel {
  readonly volume: string;
  readonly groups: readonly string[];
  readonly group: string;
  readonly quorum: { readonly replicas: number; readonly vw: number; readonly vr: number };
  readonly members: MembershipView;
  readonly window: Range;
  readonly writer: {
    readonly node: string;
    readonly state: AttachmentView['state'];
    readonly health: Health;
    readonly token: number;
  } | null;
  readonly vdl: number;
  readonly vcl: number;
  readonly pgcl: number;
  readonly sgcl: number;
  /** Up to where replicas ask for what they lack. */
  readonly limit: FillLimit;
  readonly tail: number;
  /** From here the writer counts its LSNs on; −1: there is no writer. */
  readonly base: number;
  readonly lalLimit: number;
  readonly lal: number;
  readonly waiting: number;
  readonly blocks: readonly MtrBlock[];
  readonly records: readonly RecordView[];
  readonly rows: readonly ReplicaRow[];
  readonly copies: readonly CopyCount[];
  readonly selected: ReplicaRow | null;
  readonly blocked: readonly Blocked[];
  readonly recovery: RecoveryView | null;
  /** Ranges `[first, end)` that a recovery took out of the log. */
  readonly annulled: readonly Range[];
  /** Terms and annulled LSNs of the window; empty while there is but one. */
  readonly terms: readonly TermSpan[];
  /** How a node stands to the writer: behind a link that is cut, one way at least; not up, or not heard; else it is reached. */
  readonly reach: (node: string) => 'reached' | 'cut' | 'away';
  /** VDL that a recovery would end at if the writer died now; null while one runs or too little is known. */
  readonly bracket: Bracket | null;
  /** R2: a group of which the writer reaches fewer replicas than its recovery has to read, so that it would wait; null: there is none. */
  readonly unreadable: {
    readonly by: string;
    readonly group: string;
    readonly live: number;
    readonly vr: number;
  } | null;
  /** Of the selected replica; null: nothing of it is known. */
  readonly mode: ReplicaMode | null;
}

/**
 * `fenced`: recovery has begun, it has promised a token and has no history of it yet, so it answers nobody and fills nothing
 * (HOLE-58). `missed`: the token of a recovery that has not reached it, or null.
 */
export type ReplicaMode =
  | { readonly kind: 'normal'; readonly node: string; readonly missed: number | null }
  | { readonly kind: 'fenced'; readonly node: string; readonly token: number }
  | {
      readonly kind: 'recovery';
      readonly node: string;
      readonly token: number;
      readonly minStart: number;
      readonly maxNwl: number;
    };
