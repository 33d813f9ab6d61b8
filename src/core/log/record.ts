// The log record (docs/spec/wal.md §1): its fields, its framed binary form and the checks a reader makes.
// A record is encoded once, when the writer appends it, and the same bytes travel, are stored and are served.

import {
  BadBytes,
  makeReader,
  makeWriter,
  readInt,
  readText,
  readU8,
  readUint,
  readView,
  resetWriter,
  takePart,
  writeBytes,
  writeInt,
  writeText,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { GroupId, Lsn, Term, Time } from '../../base/ids.ts';
import { makeRecent } from '../../base/recent.ts';
import type { PageKey } from '../page/page-key.ts';
import { checkPages } from '../page/record-pages.ts';

/** One record of an MTR, before it has an LSN: a change of one page, or those of several (page/record-pages.ts). */
export interface MtrRecord {
  /** Its page; the first one where it names several. */
  readonly blockKey: PageKey;
  /** Redo operation (page/redo.ts). */
  readonly op: number;
  /** True when the page is built from nothing. */
  readonly init: boolean;
  readonly payload: Uint8Array;
  /** LSN of the preceding record of the same page, which may be of the same MTR, or −1. */
  readonly prevBlock: Lsn;
}

export interface LogRecord extends MtrRecord {
  readonly lsn: Lsn;
  readonly prevVolume: Lsn;
  readonly prevGroup: Lsn;
  readonly group: GroupId;
  readonly term: Term;
  readonly mtrFirst: Lsn;
  readonly cpl: boolean;
  readonly commit: boolean;
  /** Virtual µs at allocation. */
  readonly time: Time;
}

/**
 * A record with its framed bytes `[length u32][crc32c u32][body]`. Those and the payload of a record that was read are
 * views into what it was read from: records come in batches and go with them, and a copy for each costs more than all
 * the rest of reading it.
 */
export interface EncodedRecord {
  readonly record: LogRecord;
  readonly bytes: Uint8Array;
  readonly crc: number;
}

export const RECORD_HEADER_BYTES = 8;
const RECORD_VERSION = 1;
const scratch = makeWriter(1024);

export function encodeRecord(record: LogRecord): EncodedRecord {
  const w = scratch;
  resetWriter(w);
  writeU32(w, 0);
  writeU32(w, 0);
  writeU8(w, RECORD_VERSION);
  writeU8(w, (record.cpl ? 1 : 0) | (record.commit ? 2 : 0) | (record.init ? 4 : 0));
  writeUint(w, record.lsn);
  writeInt(w, record.lsn - record.prevVolume);
  writeInt(w, record.lsn - record.prevGroup);
  writeInt(w, record.prevBlock);
  writeUint(w, record.lsn - record.mtrFirst);
  writeText(w, record.group);
  writeUint(w, record.blockKey);
  writeUint(w, record.term);
  writeU8(w, record.op);
  writeUint(w, record.time);
  writeBytes(w, record.payload);
  const bytes = takePart(w);
  const crc = crc32c(bytes, RECORD_HEADER_BYTES);
  putU32(bytes, 0, bytes.length - RECORD_HEADER_BYTES);
  putU32(bytes, 4, crc);
  return { record, crc, bytes };
}

const getU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;

function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export type RecordsRead =
  | { readonly records: EncodedRecord[]; readonly error: null }
  | { readonly records: EncodedRecord[]; readonly error: string; readonly at: number };

/** Reads framed records laid end to end. Stops at the first bad one: those before it are returned with the error. */
export function readRecords(bytes: Uint8Array): RecordsRead {
  const records: EncodedRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const one = readRecordAt(bytes, at);
    if (typeof one === 'string') return { records, error: one, at };
    records.push(one);
    at += one.bytes.length;
  }
  return { records, error: null };
}

const RECENT_BATCHES = 16;
type SentRecords = { readonly records: readonly EncodedRecord[]; readonly error: string | null };
const recent = makeRecent<SentRecords>(RECENT_BATCHES);

/** The same for a batch that was sent to several replicas: in one world the first that reads it reads for all. */
export function readSentRecords(bytes: Uint8Array): SentRecords {
  const known = recent.find(bytes);
  if (known !== null) return known;
  const read = readRecords(bytes);
  recent.add(bytes, read);
  return read;
}

function readRecordAt(bytes: Uint8Array, at: number): EncodedRecord | string {
  if (at + RECORD_HEADER_BYTES > bytes.length) return 'torn record header';
  const length = getU32(bytes, at);
  const crc = getU32(bytes, at + 4);
  const start = at + RECORD_HEADER_BYTES;
  if (start + length > bytes.length) return 'torn record';
  if (crc32c(bytes, start, start + length) !== crc) return 'record checksum mismatch';
  try {
    const record = readBody(bytes, start, start + length);
    return { record, crc, bytes: bytes.subarray(at, start + length) };
  } catch (error) {
    if (error instanceof BadBytes) return error.message;
    throw error;
  }
}

function readBody(bytes: Uint8Array, start: number, end: number): LogRecord {
  const r = makeReader(bytes, start, end);
  const version = readU8(r);
  if (version !== RECORD_VERSION) throw new BadBytes(`record version ${version}`);
  const flags = readU8(r);
  if (flags > 7) throw new BadBytes(`record flags ${flags} at ${r.at}`);
  const lsn = readUint(r);
  const prevVolume = lsn - readInt(r);
  const prevGroup = lsn - readInt(r);
  const prevBlock = readInt(r);
  const mtrFirst = lsn - readUint(r);
  const group = readText(r) as GroupId;
  const blockKey = readUint(r) as PageKey;
  const term = readUint(r) as Term;
  const op = readU8(r);
  const at = readUint(r);
  const payload = readView(r, readUint(r));
  if (r.at !== end) throw new BadBytes(`${end - r.at} bytes left over in a record at ${r.at}`);
  if (prevVolume >= lsn || prevGroup >= lsn || prevBlock >= lsn || mtrFirst < 0)
    throw new BadBytes(`chain fields of LSN ${lsn}`);
  const record: LogRecord = {
    lsn: lsn as Lsn,
    prevVolume: prevVolume as Lsn,
    prevGroup: prevGroup as Lsn,
    prevBlock: prevBlock as Lsn,
    group,
    blockKey,
    term,
    mtrFirst: mtrFirst as Lsn,
    cpl: (flags & 1) !== 0,
    commit: (flags & 2) !== 0,
    init: (flags & 4) !== 0,
    op,
    payload,
    time: at as Time,
  };
  checkPages(record);
  return record;
}
