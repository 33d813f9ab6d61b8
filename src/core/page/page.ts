// What every page has: a fixed size and a header of 32 bytes. Pages are exact-size byte arrays that nobody changes once
// they are shared; redo (redo.ts) makes a new one. They carry no checksum in the buffer: whoever stores or sends one adds it.
//
//   0 kind u8 · 1 kind's own u8 · 2 garbage u16 · 4 pageLsn u64 · 12 blockKey u64 · 20 count u16 · 22 freeEnd u16
//   24 kind's own (8 bytes) · 32 body

import { BadBytes } from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import type { PageKey } from './page-key.ts';

export const PAGE_HEADER_BYTES = 32;
export const MIN_PAGE_BYTES = 512;
export const MAX_PAGE_BYTES = 8192;

/** Numbers of the kinds as they stand in byte 0. */
export const pageKinds = {
  volume: 1,
  commitLog: 2,
  relation: 3,
  heap: 4,
  btree: 5,
  clients: 6,
  sequence: 7,
} as const;
export type PageKind = (typeof pageKinds)[keyof typeof pageKinds];

const kindNames = new Map<number, string>(Object.entries(pageKinds).map(([name, kind]) => [kind, name]));
export const pageKindName = (page: Uint8Array): string => kindNames.get(page[0] as number) ?? 'unknown';

const TWO_32 = 0x1_0000_0000;

export const getU16 = (page: Uint8Array, at: number): number =>
  (page[at] as number) | ((page[at + 1] as number) << 8);

export const getU24 = (page: Uint8Array, at: number): number =>
  (page[at] as number) | ((page[at + 1] as number) << 8) | ((page[at + 2] as number) << 16);

export const getU32 = (page: Uint8Array, at: number): number =>
  ((page[at] as number) |
    ((page[at + 1] as number) << 8) |
    ((page[at + 2] as number) << 16) |
    ((page[at + 3] as number) << 24)) >>>
  0;

export const getU48 = (page: Uint8Array, at: number): number =>
  getU32(page, at) + getU16(page, at + 4) * TWO_32;

/** An integer up to 2^53 − 1 in eight bytes. */
export const getU53 = (page: Uint8Array, at: number): number =>
  getU32(page, at) + getU32(page, at + 4) * TWO_32;

export function putU16(page: Uint8Array, at: number, value: number): void {
  page[at] = value;
  page[at + 1] = value >>> 8;
}

export function putU24(page: Uint8Array, at: number, value: number): void {
  page[at] = value;
  page[at + 1] = value >>> 8;
  page[at + 2] = value >>> 16;
}

export function putU32(page: Uint8Array, at: number, value: number): void {
  page[at] = value;
  page[at + 1] = value >>> 8;
  page[at + 2] = value >>> 16;
  page[at + 3] = value >>> 24;
}

export function putU48(page: Uint8Array, at: number, value: number): void {
  putU32(page, at, value >>> 0);
  putU16(page, at + 4, Math.floor(value / TWO_32));
}

export function putU53(page: Uint8Array, at: number, value: number): void {
  putU32(page, at, value >>> 0);
  putU32(page, at + 4, Math.floor(value / TWO_32));
}

export const pageKind = (page: Uint8Array): number => page[0] as number;
export const pageLsn = (page: Uint8Array): Lsn => getU53(page, 4) as Lsn;
export const pageBlockKey = (page: Uint8Array): PageKey => getU53(page, 12) as PageKey;
export const pageCount = (page: Uint8Array): number => getU16(page, 20);
export const pageFreeEnd = (page: Uint8Array): number => getU16(page, 22);
export const pageGarbage = (page: Uint8Array): number => getU16(page, 2);
export const setPageLsn = (page: Uint8Array, lsn: number): void => putU53(page, 4, lsn);

/** Makes of a page that is all zero an empty one of a kind; its data area begins at the end. */
export function startPage(page: Uint8Array, kind: PageKind, blockKey: PageKey): void {
  page[0] = kind;
  putU53(page, 12, blockKey);
  putU16(page, 22, page.length);
}

/** Throws BadBytes unless these bytes can be the page `blockKey`: size, known kind, key. Bodies are checked by kind. */
export function checkPageHeader(page: Uint8Array, blockKey: PageKey, pageBytes: number): void {
  if (page.length !== pageBytes) throw new BadBytes(`page of ${page.length} bytes, expected ${pageBytes}`);
  if (!kindNames.has(page[0] as number)) throw new BadBytes(`page kind ${page[0]}`);
  if (pageBlockKey(page) !== blockKey) throw new BadBytes(`page ${pageBlockKey(page)} as ${blockKey}`);
  if (!Number.isSafeInteger(pageLsn(page))) throw new BadBytes('pageLsn above 2^53');
}

export function requireKind(page: Uint8Array, kind: PageKind): void {
  if (page[0] !== kind)
    throw new BadBytes(`page is ${pageKindName(page)}, expected ${kindNames.get(kind) ?? kind}`);
}
