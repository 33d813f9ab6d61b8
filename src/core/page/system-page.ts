// The small fixed pages: the volume's metadata page, commit-log pages (one bit per transaction: committed), a relation's
// header page (its size), the page of a sequence, and pages of the client table (FENCE-43: the last commit of each client, by its request id).
// Mutators work in place on a fresh copy.

import { BadBytes } from '../../base/bytes.ts';
import { getU16, getU32, getU53, PAGE_HEADER_BYTES, pageCount, putU16, putU32, putU53 } from './page.ts';

// Volume metadata page: 32 xidLimit · 40 relationSerial · 48 term · 56 LSN of the term's start record.
/** Every xid in use is below it; raised by a record before it is passed. */
export const volumeXidLimit = (page: Uint8Array): number => getU53(page, PAGE_HEADER_BYTES);
/** How many relation ids were given out. */
export const volumeRelationSerial = (page: Uint8Array): number => getU53(page, PAGE_HEADER_BYTES + 8);

export function setVolumeCounters(page: Uint8Array, xidLimit: number, relationSerial: number): void {
  putU53(page, PAGE_HEADER_BYTES, xidLimit);
  putU53(page, PAGE_HEADER_BYTES + 8, relationSerial);
}

export function setVolumeTerm(page: Uint8Array, term: number, startLsn: number): void {
  putU53(page, PAGE_HEADER_BYTES + 16, term);
  putU53(page, PAGE_HEADER_BYTES + 24, startLsn);
}

// Commit log: one bit per xid from byte 32.
export const xidsPerPage = (pageBytes: number): number => (pageBytes - PAGE_HEADER_BYTES) * 8;

/** `index` = xid mod xidsPerPage. */
export const isCommittedBit = (page: Uint8Array, index: number): boolean =>
  (((page[PAGE_HEADER_BYTES + (index >>> 3)] as number) >>> (index & 7)) & 1) === 1;

export function setCommittedBit(page: Uint8Array, xid: number): void {
  const index = xid % xidsPerPage(page.length);
  const at = PAGE_HEADER_BYTES + (index >>> 3);
  page[at] = (page[at] as number) | (1 << (index & 7));
}

// Relation header page: 32 number of blocks, this one included · 36 1 when the table has pages of large values.
export const relationBlocks = (page: Uint8Array): number => getU32(page, PAGE_HEADER_BYTES);
export const setRelationBlocks = (page: Uint8Array, blocks: number): void =>
  putU32(page, PAGE_HEADER_BYTES, blocks);
/** The relation has forks 2 and 3 (engine/large-values.ts). */
export const hasLargeValues = (page: Uint8Array): boolean => page[PAGE_HEADER_BYTES + 4] === 1;
export const setLargeValues = (page: Uint8Array): void => {
  page[PAGE_HEADER_BYTES + 4] = 1;
};

// Sequence page: 32 the value as i64 · 40 1 when it has been given out. It is the last value that may have been: the
// writer draws some ahead of need (sql/sequence.ts).
export interface SequencePage {
  readonly value: bigint;
  readonly isCalled: boolean;
}

const viewOf = (page: Uint8Array): DataView => new DataView(page.buffer, page.byteOffset, page.byteLength);

export const readSequence = (page: Uint8Array): SequencePage => ({
  value: viewOf(page).getBigInt64(PAGE_HEADER_BYTES, true),
  isCalled: page[PAGE_HEADER_BYTES + 8] === 1,
});

export function setSequence(page: Uint8Array, { value, isCalled }: SequencePage): void {
  viewOf(page).setBigInt64(PAGE_HEADER_BYTES, value, true);
  page[PAGE_HEADER_BYTES + 8] = isCalled ? 1 : 0;
}

// Client table page: 24 the greatest xid of an entry that was displaced, 0 for none; entries of 40 bytes from 32:
// hash u32 u32 · incarnation u53 · sequence u53 · xid u53 · part u16 · 6 unused.
const CLIENT_BYTES = 40;

export interface ClientEntry {
  /** Two lanes of a hash over driver node and session name. */
  readonly hashLow: number;
  readonly hashHigh: number;
  readonly incarnation: number;
  readonly sequence: number;
  /** The transaction that answers the request; it took effect iff this xid is committed. */
  readonly xid: number;
  /** Which statement of the request (0-based) committed it. */
  readonly part: number;
}

const clientAt = (index: number): number => PAGE_HEADER_BYTES + CLIENT_BYTES * index;
export const clientsPerPage = (pageBytes: number): number =>
  Math.floor((pageBytes - PAGE_HEADER_BYTES) / CLIENT_BYTES);
export const clientDisplacedXid = (page: Uint8Array): number => getU53(page, 24);

function findClientIndex(page: Uint8Array, hashLow: number, hashHigh: number): number {
  const count = Math.min(pageCount(page), clientsPerPage(page.length));
  for (let i = 0; i < count; i++) {
    const at = clientAt(i);
    if (getU32(page, at) === hashLow && getU32(page, at + 4) === hashHigh) return i;
  }
  return -1;
}

export function findClient(page: Uint8Array, hashLow: number, hashHigh: number): ClientEntry | null {
  const index = findClientIndex(page, hashLow, hashHigh);
  return index < 0 ? null : readClient(page, index);
}

/** All entries of a page, in their places. */
export const clientEntries = (page: Uint8Array): ClientEntry[] =>
  Array.from({ length: Math.min(pageCount(page), clientsPerPage(page.length)) }, (_, i) =>
    readClient(page, i),
  );

function readClient(page: Uint8Array, index: number): ClientEntry {
  const at = clientAt(index);
  return {
    hashLow: getU32(page, at),
    hashHigh: getU32(page, at + 4),
    incarnation: getU53(page, at + 8),
    sequence: getU53(page, at + 16),
    xid: getU53(page, at + 24),
    part: getU16(page, at + 32),
  };
}

/** Puts a client's entry; on a full page it displaces the entry of the least xid (deterministic). */
export function setClient(page: Uint8Array, entry: ClientEntry): void {
  const capacity = clientsPerPage(page.length);
  const count = pageCount(page);
  if (count > capacity) throw new BadBytes('client page bounds');
  let index = findClientIndex(page, entry.hashLow, entry.hashHigh);
  if (index < 0) {
    if (count < capacity) {
      index = count;
      putU16(page, 20, count + 1);
    } else {
      index = 0;
      for (let i = 1; i < count; i++)
        if (getU53(page, clientAt(i) + 24) < getU53(page, clientAt(index) + 24)) index = i;
      putU53(page, 24, Math.max(clientDisplacedXid(page), getU53(page, clientAt(index) + 24)));
    }
  }
  const at = clientAt(index);
  putU32(page, at, entry.hashLow);
  putU32(page, at + 4, entry.hashHigh);
  putU53(page, at + 8, entry.incarnation);
  putU53(page, at + 16, entry.sequence);
  putU53(page, at + 24, entry.xid);
  putU16(page, at + 32, entry.part);
}
