// Recovery mode (docs/spec/holes.md §7, HOLE-42…48): truncation by term history, then filling up to maxNWL, and the report.

import { type GroupId, type Lsn, MAX, type NodeId, type Range, type Term } from '../../../base/ids.ts';
import type { HistoryEntry, PeerStorageStatus, Refusal } from '../../kernel/fields.ts';
import {
  assignRange,
  clearSet,
  listRanges,
  makeRangeSet,
  type RangeSet,
  splitRange,
} from '../../log/range-set.ts';
import { isHistoryOf, termAt } from '../../log/term-history.ts';
import { dropRange, holesUpTo, mergeRange, nclOf, nwlOf } from './hole-list.ts';
import { truncateHoles } from './hole-manager.ts';
import { couldServe, recordPeerStatus } from './hole-peers.ts';
import type { ChainLink } from './hole-rebuild.ts';
import { type HoleState, MAX_REPORTED } from './hole-state.ts';

/** What InstallHistory brings; `volumeEpoch` is its token. */
export interface RecoverCommand {
  readonly volumeEpoch: Term;
  readonly history: readonly HistoryEntry[];
  readonly maxNwl: number;
  readonly peers: readonly { readonly peer: NodeId; readonly status: PeerStorageStatus }[];
}

export interface TermLink extends ChainLink {
  readonly term: Term;
}

export type Recovered =
  | { readonly refused: Refusal }
  /** Same token again: nothing changed, answer with the current report (HOLE-46). */
  | { readonly refused: null; readonly repeat: true }
  | {
      readonly refused: null;
      readonly repeat: false;
      /** Delete these from the log. */
      readonly removed: Lsn[];
      /** NCL checkpoint to lower durably before the deletion, or null (HOLE-57). */
      readonly checkpoint: number | null;
    };

const refuse = (code: Refusal['code'], which: Refusal['which'], current: number): Recovered => ({
  refused: { code, which, current },
});

/**
 * HOLE-43. `records`: every record that is durable here above logFloor, ascending. The caller makes the deletion,
 * volumeEpoch, history, maxNwl and the mode durable before it answers; fills in flight are forgotten (`completeFill` is
 * then `stale`), and the records that they wrote are to be deleted as well.
 */
export function recoverHoles(
  state: HoleState,
  command: RecoverCommand,
  records: Iterable<TermLink>,
): Recovered {
  const { volumeEpoch, history, maxNwl } = command;
  if (volumeEpoch < state.volumeEpoch) return refuse('STALE_EPOCH', 'volume', state.volumeEpoch);
  if (volumeEpoch === state.volumeEpoch) return { refused: null, repeat: true };
  if (!isHistoryOf(history, volumeEpoch)) return refuse('E_BAD_MESSAGE', '', volumeEpoch);
  if (maxNwl < state.groupTail) return refuse('E_TRUNCATE_BELOW_COMMIT', '', state.groupTail);
  if (maxNwl < state.list.init - 1 || maxNwl >= MAX) return refuse('E_RANGE', '', maxNwl);
  const removed = cutByHistory(state, history, maxNwl, records);
  const truncated = truncateHoles(state, maxNwl);
  if (truncated.refused) return truncated;
  state.mode = 'recovery';
  state.volumeEpoch = volumeEpoch;
  if (state.maxToken < volumeEpoch) state.maxToken = volumeEpoch;
  state.history = history;
  state.maxNwl = maxNwl;
  state.removed = removed.slice(0, MAX_REPORTED);
  for (const peer of state.peers) clearSet(peer.lacking);
  for (const { peer, status } of command.peers) recordPeerStatus(state, peer, status);
  state.statusWanted = true;
  state.discoverDue = true;
  return { refused: null, repeat: false, removed, checkpoint: truncated.checkpoint };
}

/** Steps 1 and 2 of HOLE-43; positions at or below logFloor are DATA by checkpoint (HOLE-48). */
function cutByHistory(
  state: HoleState,
  history: readonly HistoryEntry[],
  maxNwl: number,
  records: Iterable<TermLink>,
): Lsn[] {
  const floor = Math.max(state.logFloor + 1, state.list.init);
  const removed: Lsn[] = [];
  const valid: Range[] = [];
  for (const { lsn, prevGroup, term } of records) {
    const first = Math.max(prevGroup + 1, floor);
    if (lsn < floor) continue;
    const isValid = termAt(history, lsn) === term;
    if (!isValid) dropRange(state.list, first, lsn + 1);
    if (!isValid || lsn > maxNwl) removed.push(lsn);
    else valid.push([first, lsn + 1]);
  }
  for (const [first, end] of valid) mergeRange(state.list, first, end);
  return removed;
}

/** OpenVolume of the same token ends recovery mode; another token changes nothing. Returns whether the volume is now open. */
export function leaveRecovery(state: HoleState, token: Term): boolean {
  if (token !== state.volumeEpoch) return false;
  if (state.mode === 'recovery') {
    state.mode = 'normal';
    for (const peer of state.peers) clearSet(peer.lacking);
    state.discoverDue = true;
  }
  return true;
}

/** Body of HistoryAck. */
export interface HoleReport {
  readonly group: GroupId;
  readonly volumeEpoch: Term;
  readonly phase: 'FILLING' | 'BLOCKED' | 'DONE';
  readonly removed: Lsn[];
  readonly scl: Lsn;
  readonly ncl: Lsn;
  readonly nwl: Lsn;
  readonly missing: Range[];
  readonly unfillable: Range[];
}

/** HOLE-47. `scl`: the largest record LSN ≤ NCL, which only the log index knows (WAL-14). */
export function holeReport(state: HoleState, scl: Lsn): HoleReport {
  const missing = holesUpTo(state.list, state.maxNwl);
  const unfillable = missing.length > 0 && state.mode === 'recovery' ? unfillableOf(state, missing) : [];
  return {
    group: state.group,
    volumeEpoch: state.volumeEpoch,
    phase: missing.length === 0 ? 'DONE' : unfillable.length > 0 ? 'BLOCKED' : 'FILLING',
    removed: [...state.removed],
    scl,
    ncl: nclOf(state.list) as Lsn,
    nwl: nwlOf(state.list) as Lsn,
    missing: missing.slice(0, MAX_REPORTED),
    unfillable: unfillable.slice(0, MAX_REPORTED),
  };
}

/** Positions of `missing` that no eligible peer is left for. */
function unfillableOf(state: HoleState, missing: readonly Range[]): Range[] {
  const able: RangeSet = makeRangeSet();
  const lowest = missing[0]?.[0] ?? 0;
  for (const peer of state.peers) {
    if (!peer.status || !couldServe(state, peer, lowest)) continue;
    const own = makeRangeSet();
    assignRange(own, state.list.init, peer.status.nwl + 1, true);
    for (const [first, end] of listRanges(peer.lacking)) assignRange(own, first, end, false);
    for (const [first, end] of listRanges(own)) assignRange(able, first, end, true);
  }
  return missing.flatMap(([first, end]) => splitRange(able, first, end).outside);
}
