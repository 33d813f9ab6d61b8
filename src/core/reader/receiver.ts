// A reader's side of the journal (docs/spec/readers.md §3, READ-10…16): records arrive in LSN order, are merged into the
// Block–Journal table (one ascending list for each block), are held until VDL has reached the last record of their MTR, and
// are then applied by the applier that their block belongs to, or skipped when the page is not here. The visible LSN,
// applyLsn, moves from CPL to CPL, once every record up to there is applied or skipped. Pure: pages are behind `PageCache`.

import type { GroupId, Lsn, Term } from '../../base/ids.ts';
import type { HistoryEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { type LogRecord, readRecords } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { APPLIERS, APPLY_SLICE } from './reader-limits.ts';

/** The node's pages as the appliers see them. */
export interface PageCache {
  /** `loading`: storage was asked; its records stay in the table until it is here (READ-15). */
  readonly state: (blockKey: PageKey) => 'absent' | 'loading' | 'here';
  /** READ-13, READ-16: makes a new version after these records, ascending; those at or below the page's LSN change nothing. */
  readonly apply: (blockKey: PageKey, records: readonly LogRecord[]) => void;
  /** A released MTR whose last record is `cpl` changes the page, wherever it is. */
  readonly released: (blockKey: PageKey, cpl: Lsn) => void;
  /** READ-18: loads a page to change it; false: there is no frame for it now. */
  readonly load: (blockKey: PageKey) => boolean;
  /** READ-18: a view is open that a change in place would take a version from. */
  readonly isViewed: () => boolean;
}

/** Released records of a block wait for their applier up to this CPL. */
interface ApplyTask {
  readonly blockKey: PageKey;
  readonly cpl: Lsn;
}

/** A released MTR whose blocks are not all applied. */
interface ReleasedMtr {
  readonly cpl: Lsn;
  left: number;
}

export interface ReceiverState {
  token: Term;
  history: readonly HistoryEntry[];
  /** firstLsn of the next Journal (READ-7). */
  expected: Lsn;
  /** VDL as last received. */
  vdl: Lsn;
  /** Received and not released, ascending. */
  held: LogRecord[];
  /** The Block–Journal table (READ-4). */
  table: Map<PageKey, LogRecord[]>;
  /** Of blocks that are being loaded: released up to here. */
  readonly loadingTo: Map<PageKey, Lsn>;
  readonly appliers: ApplyTask[][];
  released: ReleasedMtr[];
  /** Highest CPL released; pages are asked for at it. */
  releasedLsn: Lsn;
  /** The visible LSN. */
  applyLsn: Lsn;
  /** Last released record of each group (WAL-24). */
  readonly groupTails: Map<GroupId, Lsn>;
  readonly counts: { received: number; applied: number; skipped: number; discarded: number };
  /** READ-18: one start-up process replays every record in order, and loads the pages that are absent. */
  readonly isClassic: boolean;
  readonly mutants: Mutants;
}

export const makeReceiver = (mutants: Mutants, isClassic = false): ReceiverState => ({
  isClassic,
  token: 0 as Term,
  history: [],
  expected: 0 as Lsn,
  vdl: -1 as Lsn,
  held: [],
  table: new Map(),
  loadingTo: new Map(),
  appliers: Array.from({ length: APPLIERS }, () => []),
  released: [],
  releasedLsn: -1 as Lsn,
  applyLsn: -1 as Lsn,
  groupTails: new Map(),
  counts: { received: 0, applied: 0, skipped: 0, discarded: 0 },
  mutants,
});

export const applierOf = (blockKey: PageKey): number => blockKey % APPLIERS;

/** READ-30: a stream begins at `streamFrom`; what lies above `keep` of an earlier one is discarded, never applied (READ-35). */
export function resumeStream(r: ReceiverState, keep: Lsn): void {
  const isKept = ({ lsn }: LogRecord): boolean => lsn <= keep || has(r.mutants, 'reader.keeps-annulled');
  const before = r.held.length;
  r.held = r.held.filter(isKept);
  r.counts.discarded += before - r.held.length;
  for (const [blockKey, records] of r.table) {
    const kept = records.filter(isKept);
    if (kept.length > 0) r.table.set(blockKey, kept);
    else r.table.delete(blockKey);
  }
  r.expected = (keep + 1) as Lsn;
}

/** READ-30: nothing of an earlier stream is of use; the reader stands at `vdl`. */
export function restartStream(
  r: ReceiverState,
  vdl: Lsn,
  tails: readonly { readonly group: GroupId; readonly lsn: Lsn }[],
): void {
  r.counts.discarded += r.held.length;
  r.held = [];
  r.table = new Map();
  r.loadingTo.clear();
  for (const line of r.appliers) line.length = 0;
  r.released = [];
  r.vdl = vdl;
  r.releasedLsn = vdl;
  r.applyLsn = vdl;
  r.expected = (vdl + 1) as Lsn;
  r.groupTails.clear();
  for (const { group, lsn } of tails) r.groupTails.set(group, lsn);
}

/** The records of a Journal; null: its bytes are not what was sent, which is a gap. */
export function readJournal({
  firstLsn,
  endLsn,
  records: bytes,
}: Pick<MessageOf<'Journal'>, 'firstLsn' | 'endLsn' | 'records'>): Arrival | null {
  const { records, error } = readRecords(bytes);
  return error === null ? { firstLsn, endLsn, records: records.map(({ record }) => record) } : null;
}

export interface Arrival {
  readonly firstLsn: number;
  readonly endLsn: number;
  readonly records: readonly LogRecord[];
}

/** READ-4, READ-7: takes what continues the stream; false is JOURNAL_GAP, and nothing of it was taken. */
export function receive(r: ReceiverState, { firstLsn, endLsn, records }: Arrival): boolean {
  if (!has(r.mutants, 'reader.ignores-gaps')) {
    if (firstLsn > r.expected || !isChained(r, records)) return false;
  }
  for (const record of records) {
    if (record.lsn < r.expected) continue;
    r.held.push(record);
    r.counts.received++;
    mergeRecord(r, record);
  }
  if (endLsn > r.expected) r.expected = endLsn as Lsn;
  return true;
}

/** READ-4: each record's block-prev LSN is the LSN of the record before it in its list, where the table has one. */
function isChained(r: ReceiverState, records: readonly LogRecord[]): boolean {
  const newest = new Map<PageKey, number>();
  for (const { blockKey, lsn, prevBlock, init } of records) {
    if (lsn < r.expected) continue;
    const before = newest.get(blockKey) ?? r.table.get(blockKey)?.at(-1)?.lsn;
    if (before !== undefined && before !== prevBlock && !init) return false;
    newest.set(blockKey, lsn);
  }
  return true;
}

/** Into the Block–Journal table; a duplicate is dropped. */
function mergeRecord(r: ReceiverState, record: LogRecord): void {
  const list = r.table.get(record.blockKey);
  if (list === undefined) r.table.set(record.blockKey, [record]);
  else if ((list.at(-1)?.lsn ?? -1) < record.lsn) list.push(record);
}

export interface Released {
  readonly records: number;
  readonly skipped: number;
  readonly upTo: Lsn;
}

/** READ-10, READ-11: releases every MTR whose CPL VDL has reached; null when there is none. */
export function release(r: ReceiverState, cache: PageCache): Released | null {
  let count = 0;
  let skipped = 0;
  let from = 0;
  for (let i = 0; i < r.held.length; i++) {
    const record = r.held[i] as LogRecord;
    if (record.lsn > r.vdl && !has(r.mutants, 'reader.applies-above-vdl')) break;
    if (!record.cpl && !has(r.mutants, 'reader.shows-half-mtr')) continue;
    const mtr = r.held.slice(from, i + 1);
    skipped += releaseMtr(r, cache, mtr, record.lsn);
    from = i + 1;
    count += mtr.length;
  }
  if (count === 0) return null;
  r.held.splice(0, count);
  r.counts.skipped += skipped;
  return { records: count, skipped, upTo: r.releasedLsn };
}

/** Gives each block of an MTR to its applier; what is said of absent pages is skipped and never causes a load. */
function releaseMtr(r: ReceiverState, cache: PageCache, mtr: readonly LogRecord[], cpl: Lsn): number {
  const blocks = new Set<PageKey>();
  let skipped = 0;
  let left = 0;
  for (const { blockKey, group, lsn } of mtr) {
    if (lsn > (r.groupTails.get(group) ?? -1)) r.groupTails.set(group, lsn);
    blocks.add(blockKey);
  }
  r.releasedLsn = cpl;
  for (const blockKey of blocks) {
    cache.released(blockKey, cpl);
    const state = cache.state(blockKey);
    const isLost = has(r.mutants, 'reader.loses-applier') && applierOf(blockKey) === 0;
    if (r.isClassic) {
      r.appliers[0]?.push({ blockKey, cpl });
      left++;
    } else if (
      state === 'absent' ||
      (state === 'loading' && has(r.mutants, 'reader.skips-loading')) ||
      isLost
    ) {
      skipped += takeTo(r, blockKey, cpl).length;
    } else if (state === 'loading') r.loadingTo.set(blockKey, cpl);
    else {
      r.appliers[applierOf(blockKey)]?.push({ blockKey, cpl });
      left++;
    }
  }
  r.released.push({ cpl, left });
  return skipped;
}

/** Takes the block's records up to a CPL out of the table. */
function takeTo(r: ReceiverState, blockKey: PageKey, cpl: Lsn): LogRecord[] {
  const list = r.table.get(blockKey);
  if (list === undefined) return [];
  let end = 0;
  while (end < list.length && (list[end] as LogRecord).lsn <= cpl) end++;
  const taken = list.splice(0, end);
  if (list.length === 0) r.table.delete(blockKey);
  return taken;
}

export interface Applied {
  readonly applied: number;
  /** Some applier has more to do. */
  readonly isMore: boolean;
  /** READ-18: a view, or a frame, is waited for. */
  readonly isBehindView: boolean;
  readonly hasMoved: boolean;
}

/** READ-14: every applier works on its blocks, at most a slice of them; then applyLsn moves as far as all are done. */
export function runAppliers(r: ReceiverState, cache: PageCache): Applied {
  const before = r.applyLsn;
  let applied = 0;
  let isMore = false;
  for (const line of r.isClassic ? [] : r.appliers) {
    const slice = line.splice(0, has(r.mutants, 'reader.shows-half-mtr') ? 1 : APPLY_SLICE);
    for (const task of slice) applied += applyTask(r, cache, task);
    if (line.length > 0) isMore = true;
  }
  let isBehindView = false;
  if (r.isClassic) ({ applied, isMore, isBehindView } = replayInOrder(r, cache));
  r.counts.applied += applied;
  let done = 0;
  while (done < r.released.length && (r.released[done] as ReleasedMtr).left === 0) done++;
  if (done > 0) {
    r.applyLsn = (r.released[done - 1] as ReleasedMtr).cpl;
    r.released.splice(0, done);
  }
  return { applied, isMore, isBehindView, hasMoved: r.applyLsn > before };
}

/** READ-18: the oldest record first; it waits for its page, and for views that are open. */
function replayInOrder(r: ReceiverState, cache: PageCache) {
  const line = r.appliers[0] ?? [];
  let applied = 0;
  for (let i = 0; i < APPLY_SLICE; i++) {
    const [task] = line;
    if (task === undefined) return { applied, isMore: false, isBehindView: false };
    if (cache.isViewed()) return { applied, isMore: false, isBehindView: true };
    const state = cache.state(task.blockKey);
    if (state !== 'here') {
      const isAsked = state === 'loading' || cache.load(task.blockKey);
      return { applied, isMore: false, isBehindView: !isAsked };
    }
    line.shift();
    applied += applyTask(r, cache, task);
  }
  return { applied, isMore: line.length > 0, isBehindView: false };
}

/** READ-18: the page that its head waits for is not to be had: its records are of no use. */
export function skipHead(r: ReceiverState, blockKey: PageKey): void {
  const line = r.appliers[0];
  if (!r.isClassic || line?.[0]?.blockKey !== blockKey) return;
  const task = line.shift();
  if (task === undefined) return;
  countDone(r, task.cpl);
  r.counts.skipped += takeTo(r, blockKey, task.cpl).length;
}

function applyTask(r: ReceiverState, cache: PageCache, { blockKey, cpl }: ApplyTask): number {
  countDone(r, cpl);
  const state = cache.state(blockKey);
  if (state === 'loading') {
    // It left and is being loaded again at releasedLsn, which contains these records.
    r.loadingTo.set(blockKey, Math.max(cpl, r.loadingTo.get(blockKey) ?? -1) as Lsn);
    return 0;
  }
  const records = takeTo(r, blockKey, cpl);
  if (state === 'absent') {
    r.counts.skipped += records.length;
    return 0;
  }
  if (records.length > 0) cache.apply(blockKey, records);
  return records.length;
}

function countDone(r: ReceiverState, cpl: Lsn): void {
  let low = 0;
  let high = r.released.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((r.released[middle] as ReleasedMtr).cpl < cpl) low = middle + 1;
    else high = middle;
  }
  const mtr = r.released[low];
  if (mtr?.cpl === cpl) mtr.left--;
}

/** READ-15: the page has come; what was released meanwhile is to be applied to it, where it has not got it already. */
export function takeLoaded(r: ReceiverState, blockKey: PageKey): readonly LogRecord[] {
  const upTo = r.loadingTo.get(blockKey);
  if (upTo === undefined) return [];
  r.loadingTo.delete(blockKey);
  const records = takeTo(r, blockKey, upTo);
  r.counts.applied += records.length;
  return records;
}

/** The page will not come, or has left: its released records are of no use. */
export function onAbsent(r: ReceiverState, blockKey: PageKey): void {
  const upTo = r.loadingTo.get(blockKey);
  if (upTo === undefined) return;
  r.loadingTo.delete(blockKey);
  r.counts.skipped += takeTo(r, blockKey, upTo).length;
}

/** WAL-24 for a read at `rp`: no record of the group lies between the result and `rp`. */
export const groupReadPoint = (r: ReceiverState, group: GroupId, rp: Lsn): Lsn =>
  Math.min(rp, r.groupTails.get(group) ?? rp) as Lsn;
