// The log of one Raft member in memory: entries above a cut prefix, the configurations they carry, and how far it is
// durable. Terms never fall along it. The rules of when to append and truncate are those of replication (PCS-17, PCS-18).

import { assert, present } from '../../base/assert.ts';
import { type Configuration, noMembers } from './configuration.ts';
import type { Entry, Snapshot } from './raft-types.ts';

export interface Log {
  /** Index and term of the last entry that was cut away; 0 and 0 before any was. */
  baseIndex: number;
  baseTerm: number;
  entries: Entry[];
  bytes: number;
  /** The configurations in force from an index on, ascending; the first is the snapshot's or none. */
  configs: { index: number; config: Configuration }[];
  /** Highest index that is on disk as it stands here. */
  durable: number;
}

const ENTRY_OVERHEAD_BYTES = 16;
const MEMBER_BYTES = 4;

export function entryBytes(entry: Entry): number {
  if (entry.kind === 'data') return ENTRY_OVERHEAD_BYTES + entry.data.length;
  if (entry.kind === 'empty') return ENTRY_OVERHEAD_BYTES;
  const { voters, outgoing, learners } = entry.config;
  return ENTRY_OVERHEAD_BYTES + MEMBER_BYTES * (voters.length + outgoing.length + learners.length);
}

export const bytesOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => sum + entryBytes(entry), 0);

/**
 * A log that a disk gave back. Where entries below the snapshot were kept, the first of them serves as base only: the
 * term before it is not known any more.
 */
export function openLog(snapshot: Snapshot | null, stored: readonly Entry[]): Log {
  const start = snapshot ?? { index: 0, term: 0, config: noMembers };
  const first = stored[0];
  const isKept = first !== undefined && first.index <= start.index;
  const base = isKept ? first : start;
  const log: Log = {
    baseIndex: base.index,
    baseTerm: base.term,
    entries: [],
    bytes: 0,
    configs: [{ index: start.index, config: start.config }],
    durable: 0,
  };
  append(log, isKept ? stored.slice(1) : stored);
  log.durable = lastIndex(log);
  return log;
}

export const lastIndex = (log: Log): number => log.baseIndex + log.entries.length;
export const lastTerm = (log: Log): number => log.entries.at(-1)?.term ?? log.baseTerm;

/** The term of the entry at `index`, null where it was cut away or is not there yet. */
export function termAt(log: Log, index: number): number | null {
  if (index === log.baseIndex) return log.baseTerm;
  return log.entries[index - log.baseIndex - 1]?.term ?? null;
}

/** Entries from `first` on that fit the budget; the first always does. */
export function sliceFrom(log: Log, first: number, maxBytes: number): Entry[] {
  const found: Entry[] = [];
  let bytes = 0;
  for (let i = first - log.baseIndex - 1; i < log.entries.length; i++) {
    const entry = present(log.entries[i], 'entry', first);
    bytes += entryBytes(entry);
    if (found.length > 0 && bytes > maxBytes) break;
    found.push(entry);
  }
  return found;
}

export function sliceBetween(log: Log, first: number, last: number): Entry[] {
  assert(first > log.baseIndex, 'entries below the base', first);
  return log.entries.slice(first - log.baseIndex - 1, last - log.baseIndex);
}

export function append(log: Log, entries: readonly Entry[]): void {
  for (const entry of entries) {
    assert(entry.index === lastIndex(log) + 1, 'a gap in the log at', entry.index);
    assert(entry.term >= lastTerm(log), 'a falling term in the log at', entry.index);
    log.entries.push(entry);
    // Below the snapshot the configuration is already counted in.
    const isNewer = entry.index > (log.configs[0]?.index ?? 0);
    if (entry.kind === 'config' && isNewer) log.configs.push({ index: entry.index, config: entry.config });
  }
  log.bytes += bytesOf(entries);
}

/** Drops the entries from `first` on, and the configurations they brought (PCS-22). */
export function truncateFrom(log: Log, first: number): void {
  const dropped = log.entries.splice(first - log.baseIndex - 1);
  log.bytes -= bytesOf(dropped);
  while ((log.configs.at(-1)?.index ?? 0) >= first && log.configs.length > 1) log.configs.pop();
  log.durable = Math.min(log.durable, first - 1);
}

/** Drops the entries up to `last`, which a snapshot at `snapshotIndex` ≥ last covers. */
export function cutThrough(log: Log, last: number, snapshotIndex: number): void {
  if (last > log.baseIndex) {
    const term = present(termAt(log, last), 'term at the cut', last);
    log.bytes -= bytesOf(log.entries.splice(0, last - log.baseIndex));
    log.baseIndex = last;
    log.baseTerm = term;
  }
  while ((log.configs[1]?.index ?? snapshotIndex + 1) <= snapshotIndex) log.configs.shift();
}

/** The log after a snapshot that it does not contain: nothing, and nothing durable until the snapshot is. */
export function emptyAfter(snapshot: Snapshot): Log {
  return { ...openLog(snapshot, []), durable: 0 };
}

/** The configuration in force: the newest in the log, committed or not (PCS-22). */
export const currentConfig = (log: Log): Configuration => present(log.configs.at(-1), 'configuration').config;
export const currentConfigIndex = (log: Log): number => present(log.configs.at(-1), 'configuration').index;

export function configAt(log: Log, index: number): Configuration {
  return present(
    log.configs.findLast((one) => one.index <= index),
    'configuration at',
    index,
  ).config;
}

/** Whether a log that ends so is at least as up to date as this one (PCS-9): last term first, then last index. */
export function isUpToDate(log: Log, term: number, index: number): boolean {
  return term > lastTerm(log) || (term === lastTerm(log) && index >= lastIndex(log));
}

/** The first index of the run of entries with the term found at `index`. */
export function firstOfTerm(log: Log, index: number): number {
  const term = termAt(log, index);
  let first = index;
  while (first - 1 > log.baseIndex && termAt(log, first - 1) === term) first--;
  return first;
}

/** The last index at or below `index` whose entry is of `term`, null if there is none. */
export function lastOfTerm(log: Log, index: number, term: number): number | null {
  for (let at = Math.min(index, lastIndex(log)); at >= log.baseIndex; at--) {
    const here = termAt(log, at) ?? 0;
    if (here === term) return at;
    if (here < term) return null;
  }
  return null;
}
