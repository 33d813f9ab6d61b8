// Transactions that are prepared and not decided (docs/spec/transactions.md TXN-2): a list in the volume's metadata page, behind its counters.
// 64 u16 bytes of the list · 66 entries: u16 length, then the payload of the record that has put it there. A volume that never
// prepared has zeros there, so its page is what it was before.

import { BadBytes, makeReader, readText, readUint } from '../../base/bytes.ts';
import { getU16, PAGE_HEADER_BYTES, putU16 } from './page.ts';

const SIZE_AT = PAGE_HEADER_BYTES + 32;
const LIST_AT = SIZE_AT + 2;
/** More than any transaction has that the engine prepares. */
const XIDS_MAX = 256;

export interface PreparedEntry {
  /** The name that the client has given. */
  readonly gid: string;
  readonly xid: number;
  /** Subtransactions that are committed with it. */
  readonly subs: readonly number[];
  /** Relations that it has written. */
  readonly written: readonly number[];
}

export function readPrepared(payload: Uint8Array): PreparedEntry {
  const r = makeReader(payload);
  const list = (): number[] => {
    const count = readUint(r);
    if (count > XIDS_MAX) throw new BadBytes('prepared transaction bounds');
    return Array.from({ length: count }, () => readUint(r));
  };
  const entry = { xid: readUint(r), subs: list(), written: list(), gid: readText(r) };
  if (r.at !== r.end) throw new BadBytes('a prepared transaction has bytes left over');
  return entry;
}

/** Each entry's payload, checked against the page's bounds. */
function payloadsOf(page: Uint8Array): Uint8Array[] {
  const end = LIST_AT + getU16(page, SIZE_AT);
  if (end > page.length) throw new BadBytes('prepared list bounds');
  const found: Uint8Array[] = [];
  for (let at = LIST_AT; at < end; ) {
    const from = at + 2;
    const to = from > end ? from : from + getU16(page, at);
    if (to > end) throw new BadBytes('prepared entry bounds');
    found.push(page.slice(from, to));
    at = to;
  }
  return found;
}

export const preparedEntries = (page: Uint8Array): readonly PreparedEntry[] =>
  payloadsOf(page).map(readPrepared);

/** Has the page room for one more of that payload, and for so many bytes beside it? */
export const hasPreparedRoom = (page: Uint8Array, payload: Uint8Array, more = 0): boolean =>
  LIST_AT + getU16(page, SIZE_AT) + 2 + payload.length + more <= page.length;

export function addPrepared(page: Uint8Array, payload: Uint8Array): void {
  const { gid, xid } = readPrepared(payload);
  const known = preparedEntries(page);
  if (known.some((one) => one.gid === gid || one.xid === xid)) throw new BadBytes('prepared twice');
  if (!hasPreparedRoom(page, payload)) throw new BadBytes('prepared list is full');
  const at = LIST_AT + getU16(page, SIZE_AT);
  putU16(page, at, payload.length);
  page.set(payload, at + 2);
  putU16(page, SIZE_AT, at + 2 + payload.length - LIST_AT);
}

/** It is decided. */
export function removePrepared(page: Uint8Array, xid: number): void {
  const known = payloadsOf(page);
  const left = known.filter((payload) => readPrepared(payload).xid !== xid);
  if (left.length === known.length) throw new BadBytes(`transaction ${xid} is not prepared`);
  page.fill(0, SIZE_AT, LIST_AT + getU16(page, SIZE_AT));
  for (const payload of left) addPrepared(page, payload);
}
