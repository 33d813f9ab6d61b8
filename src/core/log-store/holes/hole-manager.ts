// Hole management of one replica (docs/spec/holes.md): merge after durability, watermarks, epochs, truncation, checkpoint.
// The storage node calls this module and its neighbours named in hole-state.ts; nothing here sends, writes or waits.

import { MAX, type Term } from '../../../base/ids.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { has } from '../../kernel/mutants.ts';
import { clearSet } from '../../log/range-set.ts';
import {
  dropRange,
  type HoleRun,
  holeAt,
  type Merged,
  mergeRange,
  nclOf,
  setSent,
  truncateList,
} from './hole-list.ts';
import { cancelRequests, type EndedRequest, settleRequests } from './hole-requests.ts';
import type { HoleState } from './hole-state.ts';

export interface MergeDone extends Merged {
  readonly ended: EndedRequest[];
  /** Both rests of a hole that the merge split in two (HOLE-13), or nothing. */
  readonly rests: readonly HoleRun[];
}

/**
 * HOLE-10, HOLE-14: the records whose coverage is `[first, end)` are durable. For a batch of chained records that is
 * from the first one's prevGroup + 1 to the last one's LSN + 1 (HOLE-8).
 */
export function mergeHoles(state: HoleState, first: number, end: number, pgcl: number): MergeDone {
  const { added, overlap } = mergeRange(state.list, first, end);
  state.pgcl = Math.max(state.pgcl, pgcl);
  if (added.length === 0) return { added, overlap, ended: [], rests: [] };
  state.mergesSinceCheckpoint++;
  const ended = settleRequests(state, first, end);
  return { added, overlap, ended, rests: restsOf(state, added) };
}

/** Both rests of a hole that what was `added` has split, or nothing (HOLE-13). */
export function restsOf(state: HoleState, added: Merged['added']): HoleRun[] {
  const [hole, another] = added;
  if (!hole || another || hole[0] === state.list.init || hole[1] === MAX) return [];
  const left = holeAt(state.list, hole[0] - 1);
  const right = left && holeAt(state.list, hole[1]);
  if (!right || left.sent !== right.sent) return [];
  if (!has(state.params.mutants, 'hole.sent-lost-on-split') || !left.sent) return [left, right];
  setSent(state.list, left.first, left.end, false);
  setSent(state.list, right.first, right.end, false);
  return [
    { ...left, sent: false },
    { ...right, sent: false },
  ];
}

/** WAL-18: SGCL rises only; truncation lowers it. */
export function setSgcl(state: HoleState, sgcl: number): void {
  if (sgcl <= state.sgcl) return;
  state.sgcl = sgcl;
  state.discoverDue = true;
}

/** The group tail of knownVdl (`setVdl` of HOLE-3): truncation never goes below it (HOLE-45, HOLE-50). */
export function setGroupTail(state: HoleState, groupTail: number): void {
  state.groupTail = Math.max(state.groupTail, groupTail);
}

/** Log GC dropped records up to `logFloor` (HOLE-33, HOLE-48). */
export function setLogFloor(state: HoleState, logFloor: number): void {
  state.logFloor = Math.max(state.logFloor, logFloor);
}

/**
 * InstallToken: a token above volumeEpoch means a recovery has begun. From here to InstallHistory this replica asks for
 * nothing (HOLE-58), and what it asked for before may not arrive any more, so that what it tells in RecoveryInfo stays true.
 */
export function setHoleToken(state: HoleState, maxToken: Term): void {
  if (maxToken <= state.maxToken) return;
  state.maxToken = maxToken;
  if (maxToken > state.volumeEpoch) cancelRequests(state);
}

/**
 * Every record of `[first, end)` above logFloor is lost to damage: it becomes a hole, to be filled from a peer (HOLE-55).
 * Returns the NCL checkpoint to make durable at once, or null.
 */
export function loseRecords(state: HoleState, first: number, end: number): number | null {
  dropRange(state.list, Math.max(first, state.logFloor + 1, state.list.init), end);
  cancelRequests(state);
  return lowerCheckpoint(state);
}

export type Truncated =
  | { readonly refused: Refusal }
  /** `checkpoint`: to make durable before the records above are deleted, or null (HOLE-57). */
  | { readonly refused: null; readonly checkpoint: number | null };

/** HOLE-49, HOLE-50. */
export function truncateHoles(state: HoleState, lsn: number): Truncated {
  if (lsn < state.groupTail)
    return { refused: { code: 'E_TRUNCATE_BELOW_COMMIT', which: '', current: state.groupTail } };
  truncateList(state.list, lsn);
  cancelRequests(state);
  state.fills.clear();
  clearSet(state.writing);
  state.pgcl = Math.min(state.pgcl, lsn);
  state.sgcl = Math.min(state.sgcl, lsn);
  return { refused: null, checkpoint: lowerCheckpoint(state) };
}

/** HOLE-57: the checkpoint to write now, or null. `force` before log GC; otherwise at most once in checkpointMerges merges. */
export function takeCheckpoint(state: HoleState, force = false): number | null {
  const ncl = nclOf(state.list);
  if (ncl <= state.checkpoint || (!force && state.mergesSinceCheckpoint < state.params.checkpointMerges))
    return null;
  state.mergesSinceCheckpoint = 0;
  state.checkpoint = ncl;
  return ncl;
}

export function lowerCheckpoint(state: HoleState): number | null {
  const ncl = nclOf(state.list);
  if (ncl >= state.checkpoint) return null;
  state.checkpoint = ncl;
  return ncl;
}
