// What replicas and the writer have of pages beside what the log alone makes of them (WAL-31…35, WAL-6): pages as they
// would be served, versions stored and cached, the writer's buffer; and the records of one replica beside another's.

import type { NodeId } from '../../base/ids.ts';
import { type BufferPool, peekPage } from '../../core/engine/buffer-pool.ts';
import type { LogRecord } from '../../core/log/record.ts';
import { lastNotAbove } from '../../core/log-store/replica/blocks.ts';
import { versionKey } from '../../core/log-store/replica/keys.ts';
import { recordsIn } from '../../core/log-store/replica/log.ts';
import { decodeVersion } from '../../core/log-store/replica/pages.ts';
import { pageLsn } from '../../core/page/page.ts';
import { type PageKey, pageWords } from '../../core/page/page-key.ts';
import type { WriterState } from '../../core/quorum-log/writer-state.ts';
import { buildPage } from '../fsck/replica-pages.ts';
import {
  type BoundedReplica,
  type GroupLog,
  hasState,
  lastOf,
  pageAt,
  type RedonePage,
} from './page-chains.ts';

export interface CompareCounters {
  /** Pages as replicas would serve them, versions stored, versions cached, pages of buffers, records of two replicas. */
  served: number;
  stored: number;
  cached: number;
  buffered: number;
  recordPairs: number;
  /** Not compared: the log does not reach back so far, or the replica has lost what it takes to damage. */
  unknown: number;
}

export type RedoRule = 'page.redo' | 'buffer.redo' | 'wal.same-records' | 'ro.same-image';

export interface RedoFinding {
  readonly rule: RedoRule;
  readonly message: string;
}

export interface Comparison {
  readonly log: GroupLog;
  readonly replicas: readonly BoundedReplica[];
  readonly pageBytes: number;
  readonly counters: CompareCounters;
  readonly findings: RedoFinding[];
}

/** Words where both lie on a word: a comparison of all pages reads some megabytes. */
function areSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  const inWords = a.length >> 2;
  const isAligned = ((a.byteOffset | b.byteOffset) & 3) === 0;
  if (isAligned) {
    const ours = new Uint32Array(a.buffer, a.byteOffset, inWords);
    const theirs = new Uint32Array(b.buffer, b.byteOffset, inWords);
    for (let i = 0; i < inWords; i++) if (ours[i] !== theirs[i]) return false;
  }
  for (let i = isAligned ? inWords * 4 : 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** In words, for a violation. */
function stateOf(page: RedonePage | Uint8Array | null): string {
  if (page === null || page === 'absent') return 'no page';
  return page instanceof Uint8Array ? `a page at LSN ${pageLsn(page)}` : 'records that do not fit each other';
}

function firstDifference(a: RedonePage | null, b: RedonePage | null): string {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return '';
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? '' : `, first at byte ${at}`;
}

/** True when they are one page; `unknown` says nothing. */
function isSame(wanted: RedonePage, found: Uint8Array | null): boolean {
  if (wanted === 'unknown') return true;
  if (found === null) return wanted === 'absent';
  return wanted instanceof Uint8Array && areSame(wanted, found);
}

const differs = (wanted: RedonePage, found: Uint8Array | null): string =>
  `${stateOf(found)}, the log makes ${stateOf(wanted)}${firstDifference(wanted, found)}`;

/** What this replica would serve at a read point; it has to reach there, and its PGMRPL must not lie above. */
export function compareServed(
  comparison: Comparison,
  key: PageKey,
  replica: BoundedReplica,
  at: number,
): void {
  const { log, pageBytes, counters, findings } = comparison;
  const { group, disk, node } = replica;
  if (group.repair.unsure !== null) return; // it answers for no page until it has a base image
  const chain = log.pages.get(key);
  const block = group.pages.blocks.get(key);
  const found = block === undefined ? null : buildPage(group, disk, block, key, at, pageBytes);
  const wanted = chain === undefined ? 'absent' : pageAt(chain, at, pageBytes);
  if (wanted === 'unknown' || (found === 'lost' && isDamaged(replica, key, at))) {
    counters.unknown++;
    return;
  }
  counters.served++;
  if (found === 'lost') {
    const message = `${node} cannot serve ${pageWords(key)} at read point ${at}, which its PGMRPL allows`;
    findings.push({ rule: 'page.redo', message });
    return;
  }
  if (isSame(wanted, found)) return;
  const message = `${node} would serve ${pageWords(key)} at read point ${at} as ${differs(wanted, found)}`;
  findings.push({ rule: 'page.redo', message });
}

/**
 * The version that the page begins from is no longer on disk as it was written, or one above it was lost before; or the records that one
 * above SCL was made of were lost (WAL-39): until they are back the replica does not know whether the page was there before it.
 */
function isDamaged({ group, disk }: BoundedReplica, key: PageKey, at: number): boolean {
  const block = group.pages.blocks.get(key);
  const lsn = block === undefined ? -1 : lastNotAbove(block.versions, at);
  const value = disk.get(versionKey(group.id, key, lsn));
  const isBad = lsn !== -1 && (value === undefined || decodeVersion(value, key, lsn) === null);
  const isAboveHole = lsn === -1 && (block?.versions[0] ?? -1) > group.scl;
  return isBad || isAboveHole || (block?.lost ?? -1) !== -1;
}

/** Versions on disk, those of them in memory, and what would be served at its newest and its oldest point. */
export function compareReplica(comparison: Comparison, replica: BoundedReplica): void {
  const { log } = comparison;
  const { group, bound } = replica;
  const newest = Math.min(bound, log.upTo);
  const oldest = group.watermarks.pgmrpl;
  const keys = new Set([...log.pages.keys(), ...group.pages.blocks.keys()]);
  for (const key of keys) {
    if (oldest <= newest) compareServed(comparison, key, replica, newest);
    if (oldest < newest) compareServed(comparison, key, replica, oldest);
    compareVersions(comparison, key, replica);
  }
}

/** A page that claims to be one's state at an LSN; false: the log does not say. */
export function compareState(
  { log, pageBytes, counters, findings }: Pick<Comparison, 'log' | 'pageBytes' | 'counters' | 'findings'>,
  rule: RedoRule,
  where: string,
  key: PageKey,
  lsn: number,
  found: Uint8Array,
): boolean {
  if (lsn > log.upTo) return false;
  const chain = log.pages.get(key);
  const isState = chain !== undefined && hasState(chain, lsn);
  const wanted = isState ? pageAt(chain, lsn, pageBytes) : 'absent';
  if (wanted === 'unknown') {
    counters.unknown++;
    return false;
  }
  if (isSame(wanted, found)) return true;
  const made = isState ? differs(wanted, found) : 'one that no record of the log makes';
  findings.push({ rule, message: `${where} ${pageWords(key)} at LSN ${lsn} as ${made}` });
  return true;
}

function compareVersions(comparison: Comparison, key: PageKey, { group, disk, node }: BoundedReplica): void {
  const { counters } = comparison;
  for (const lsn of group.pages.blocks.get(key)?.versions ?? []) {
    const value = disk.get(versionKey(group.id, key, lsn));
    const page = value === undefined ? null : decodeVersion(value, key, lsn);
    if (page === null)
      counters.unknown++; // damage, which scrub and reads find
    else if (compareState(comparison, 'page.redo', `${node} stores`, key, lsn, page)) counters.stored++;
  }
  const cached = group.pages.cache.get(key);
  if (cached === undefined) return;
  const { lsn, page } = cached;
  if (compareState(comparison, 'page.redo', `${node} caches`, key, lsn, page)) counters.cached++;
}

/** WAL-14, WAL-38: above the higher log floor and as far as both reach, two replicas hold the same records. */
export function compareRecords({ replicas, counters, findings }: Comparison): void {
  const [first, ...others] = replicas;
  if (first === undefined) return;
  for (const other of others) {
    const floor = Math.max(first.group.superblock.logFloor, other.group.superblock.logFloor);
    const end = Math.min(first.bound, other.bound);
    const ours = recordsIn(first.group.log, floor + 1, end + 1);
    const theirs = recordsIn(other.group.log, floor + 1, end + 1);
    counters.recordPairs += ours.length;
    const at = ours.findIndex(
      ({ record, crc }, i) => record.lsn !== theirs[i]?.record.lsn || crc !== theirs[i]?.crc,
    );
    if (at === -1 && ours.length === theirs.length) continue;
    const lsns = [ours[at === -1 ? ours.length : at], theirs[at === -1 ? ours.length : at]].map(
      (stored) => stored?.record.lsn ?? 'none',
    );
    const where = `records of ${first.group.id} in (${floor}, ${end}]`;
    const message = `${where} differ: ${first.node} has LSN ${lsns[0]} where ${other.node} has ${lsns[1]}`;
    findings.push({ rule: 'wal.same-records', message });
  }
}

/** The pages of one group in the writer's buffer: what the log makes, and on top of it what the writer has yet to make durable. */
export function compareBuffer(
  { log, pageBytes, counters, findings }: Comparison,
  node: NodeId,
  writer: WriterState,
  pool: BufferPool,
  owned: (key: PageKey) => boolean,
): void {
  const above = new Map<PageKey, LogRecord[]>();
  for (const { record } of writer.retained.slice(writer.retainedHead)) {
    const records = above.get(record.blockKey);
    if (records === undefined) above.set(record.blockKey, [record]);
    else records.push(record);
  }
  for (const { blockKey, page } of pool.frames) {
    if (blockKey < 0 || page === null || !owned(blockKey)) continue;
    const chain = log.pages.get(blockKey);
    const own = (above.get(blockKey) ?? []).filter(({ lsn }) => chain === undefined || lsn > lastOf(chain));
    const wanted = chain === undefined ? startOf(own, pageBytes) : pageAt(chain, log.upTo, pageBytes, own);
    if (wanted === 'unknown') {
      counters.unknown++;
      continue;
    }
    counters.buffered++;
    const found = peekPage(pool, blockKey);
    if (isSame(wanted, found)) continue;
    findings.push({
      rule: 'buffer.redo',
      message: `the buffer of ${node} holds ${pageWords(blockKey)} as ${differs(wanted, found)}`,
    });
  }
}

/** A page whose first record is not durable yet. */
const startOf = (records: readonly LogRecord[], pageBytes: number): RedonePage =>
  pageAt({ image: null, lsn: -1, isKnown: true, records: [], built: null }, -1, pageBytes, records);
