// The pages of a group as its log alone makes them (docs/spec/wal.md WAL-6, WAL-35): by page a base image and the records
// above it, read out of the logs that replicas hold. Where GC was faster than the reader a stored version becomes the base;
// records that lie far behind are folded into the image, so memory is bounded by the number of pages.

import { BadBytes } from '../../base/bytes.ts';
import type { LogRecord } from '../../core/log/record.ts';
import { lastNotAbove } from '../../core/log-store/replica/blocks.ts';
import { versionKey } from '../../core/log-store/replica/keys.ts';
import { recordsIn } from '../../core/log-store/replica/log.ts';
import { decodeVersion } from '../../core/log-store/replica/pages.ts';
import { ownsKey, type PageKey } from '../../core/page/page-key.ts';
import { applyRecords } from '../../core/page/redo.ts';
import type { Replica } from '../fsck/replica-pages.ts';

/** A replica whose log is true up to `bound`: it holds every record of the group there, and all of them are durable. */
export interface BoundedReplica extends Replica {
  readonly bound: number;
}

interface PageChain {
  /** The page after record `lsn`; null before its first record (`lsn` −1), while `isKnown` is false, and until it begins anew with its first record here. */
  image: Uint8Array | null;
  lsn: number;
  /** False while the log before the records is gone and no stored version has been found to begin from. */
  isKnown: boolean;
  /** Above `lsn`, ascending, each following the one before it in the page's chain. */
  records: LogRecord[];
  /** The page at the point that was asked for last. */
  built: { readonly lsn: number; readonly page: Uint8Array } | null;
}

export interface GroupLog {
  /** Every record of the group at or below it was read, or is contained in an image. */
  upTo: number;
  readonly pages: Map<PageKey, PageChain>;
  /** Ends of MTRs that were read, in the order of reading, until somebody takes them. */
  cpls: number[];
  /** Of a log that is one stream of bytes: where the record after `upTo` begins. */
  position: number;
  /** Of such a log: what lies at or below was gone before it was read, and no stored version has it. */
  floor: number;
}

export interface ReadCounters {
  /** Records read, and pages that began anew from a stored version. */
  records: number;
  rebased: number;
}

export const makeGroupLog = (): GroupLog => ({
  upTo: -1,
  pages: new Map(),
  cpls: [],
  position: 0,
  floor: 0,
});

/** Records of a page: with so many, all but the newest KEPT become part of its image. */
const MOST_RECORDS = 64;
const KEPT = 24;

/** Reads on as far as some replica reaches. */
export function readOn(
  log: GroupLog,
  replicas: readonly BoundedReplica[],
  pageBytes: number,
  counters: ReadCounters,
): void {
  const changed = new Set<PageKey>();
  for (let source = nextSource(log, replicas); source !== null; source = nextSource(log, replicas))
    readFrom(log, source, changed, counters);
  for (const key of changed) {
    const chain = log.pages.get(key);
    if (chain === undefined) continue;
    if (!chain.isKnown) rebase(chain, key, replicas, counters);
    foldLong(chain, pageBytes);
  }
}

/** One whose log has no gap behind what was read, if there is one, and of these the one that reaches furthest. */
function nextSource(log: GroupLog, replicas: readonly BoundedReplica[]): BoundedReplica | null {
  let best: BoundedReplica | null = null;
  for (const replica of replicas) {
    if (replica.bound <= log.upTo) continue;
    const [whole, wholeBest] = [isWhole(log, replica), best !== null && isWhole(log, best)];
    if (best === null || (whole && !wholeBest) || (whole === wholeBest && replica.bound > best.bound))
      best = replica;
  }
  return best;
}

/** WAL-38: it has dropped nothing above what was read. */
const isWhole = (log: GroupLog, { group }: Replica): boolean => group.superblock.logFloor <= log.upTo;

function readFrom(
  log: GroupLog,
  source: BoundedReplica,
  changed: Set<PageKey>,
  counters: ReadCounters,
): void {
  const { group, bound } = source;
  const { descriptor } = group.superblock;
  const isGapped = !isWhole(log, source);
  for (const { record } of recordsIn(group.log, log.upTo + 1, bound + 1)) {
    const { blockKey } = record;
    // Genesis lies in every group's log, but only in one group's pages.
    if (!ownsKey(descriptor, blockKey)) continue;
    takeRecord(log, record);
    if (record.cpl) log.cpls.push(record.lsn);
    changed.add(blockKey);
    counters.records++;
  }
  if (isGapped) {
    // What was dropped unread is in versions only.
    for (const [blockKey, { versions }] of group.pages.blocks) {
      const newest = lastNotAbove(versions, bound);
      if (newest <= tipOf(log.pages.get(blockKey))) continue;
      log.pages.set(blockKey, { image: null, lsn: newest, isKnown: false, records: [], built: null });
      changed.add(blockKey);
    }
  }
  log.upTo = bound;
}

const tipOf = (chain: PageChain | undefined): number =>
  chain === undefined ? -1 : (chain.records[chain.records.length - 1]?.lsn ?? chain.lsn);

export function takeRecord(log: GroupLog, record: LogRecord): void {
  const { blockKey, prevBlock, init } = record;
  const chain = log.pages.get(blockKey);
  // a page that begins anew with a record, which names none before it: what it was before is still a state of it
  const beginsAnew = init && prevBlock === -1 && chain?.isKnown === true && record.lsn > tipOf(chain);
  if (chain !== undefined && (prevBlock === tipOf(chain) || beginsAnew)) {
    chain.records.push(record);
    return;
  }
  const isKnown = init || prevBlock === -1;
  // of a page that began anew where nothing was read of it before, what it was until then is not known
  const lsn = init && prevBlock !== -1 ? record.lsn - 1 : prevBlock;
  log.pages.set(blockKey, { image: null, lsn, isKnown, records: [record], built: null });
}

/** The lowest stored version that the records connect to. */
function rebase(chain: PageChain, key: PageKey, replicas: readonly Replica[], counters: ReadCounters): void {
  let least: { readonly lsn: number; readonly page: Uint8Array } | null = null;
  for (const { group, disk } of replicas)
    for (const lsn of group.pages.blocks.get(key)?.versions ?? []) {
      const fits = lsn === chain.lsn || chain.records.some((record) => record.lsn === lsn);
      if (!fits || (least !== null && least.lsn <= lsn)) continue;
      const value = disk.get(versionKey(group.id, key, lsn));
      const page = value === undefined ? null : decodeVersion(value, key, lsn);
      if (page !== null) least = { lsn, page };
    }
  if (least === null) return;
  const { lsn, page } = least;
  counters.rebased++;
  Object.assign(chain, { image: page, lsn, isKnown: true });
  chain.records = chain.records.filter((record) => record.lsn > lsn);
}

/** Many records of a page become part of its image, but for the newest. */
export function foldLong(chain: PageChain, pageBytes: number): void {
  if (chain.records.length <= MOST_RECORDS) return;
  const last = chain.records[chain.records.length - 1 - KEPT];
  if (last === undefined) return;
  const page = chain.isKnown ? pageAt(chain, last.lsn, pageBytes) : 'unknown';
  if (page === 'broken') return; // kept as it is, for the comparison to find
  chain.records = chain.records.slice(-KEPT);
  if (page instanceof Uint8Array) {
    chain.image = page;
    chain.lsn = last.lsn;
  } else chain.lsn = chain.records[0]?.prevBlock ?? last.lsn;
}

/** `absent`: it has no record at or below the point; `broken`: its records cannot be applied to each other. */
export type RedonePage = Uint8Array | 'absent' | 'unknown' | 'broken';

/** The page as of a point; `unknown` where the log does not reach back so far. */
export function pageAt(
  chain: PageChain,
  at: number,
  pageBytes: number,
  above: readonly LogRecord[] = [],
): RedonePage {
  if (!chain.isKnown || at < chain.lsn) return 'unknown';
  const { built } = chain;
  const from = built !== null && built.lsn <= at && built.lsn > chain.lsn ? built : null;
  const start = from?.lsn ?? chain.lsn;
  const records = chain.records.filter(({ lsn }) => lsn > start && lsn <= at);
  const base = from?.page ?? chain.image;
  const own =
    base === null && records.length === 0 && start !== -1 ? 'unknown' : redone(base, records, pageBytes);
  if (own instanceof Uint8Array && records.length > 0)
    chain.built = { lsn: records[records.length - 1]?.lsn ?? start, page: own };
  if (above.length === 0 || own === 'broken') return own;
  return redone(own instanceof Uint8Array ? own : null, above, pageBytes);
}

function redone(base: Uint8Array | null, records: readonly LogRecord[], pageBytes: number): RedonePage {
  if (records.length === 0) return base ?? 'absent';
  try {
    return applyRecords(base, records, pageBytes);
  } catch (error) {
    if (error instanceof BadBytes) return 'broken';
    throw error;
  }
}

/** False when no state of the page has exactly this LSN; true too where the log does not reach back so far. */
export const hasState = ({ isKnown, lsn, records }: PageChain, at: number): boolean =>
  !isKnown || at <= lsn || records.some((record) => record.lsn === at);

/** The last record of the page that was read. */
export const lastOf = (chain: PageChain): number => tipOf(chain);
