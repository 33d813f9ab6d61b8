// Metadata objects and their stored form: 128 bytes with a CRC-32C (docs/spec/polarfs.md FS-2, FS-5, FS-7). An object is a value
// that nobody changes; a change is another value. A link of 0 is "none" (FS-4).

import type { Decoded } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import { OBJECT_BYTES, type ObjectType, objectTypes } from './geometry.ts';

export const NAME_BYTES_MAX = 63;

export interface Inode {
  readonly type: 'inode';
  readonly no: number;
  readonly used: boolean;
  /** Of its list: direntries of a directory, blktags of a file. */
  readonly head: number;
  readonly tail: number;
  readonly kind: 'file' | 'dir';
  /** Its direntry; −1 of an orphan. */
  readonly deno: number;
  readonly nlink: number;
  readonly nblock: number;
  readonly size: number;
  /** Virtual ms (FS-42). */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly btime: number;
}

/** A member of a list. */
interface Linked {
  readonly no: number;
  readonly used: boolean;
  readonly next: number;
  readonly prev: number;
}

export interface Direntry extends Linked {
  readonly type: 'direntry';
  readonly name: string;
  readonly ino: number;
  readonly dirino: number;
}

export interface Blktag extends Linked {
  readonly type: 'blktag';
  readonly ino: number;
  /** Index within the file, from 0. */
  readonly blkid: number;
  /** FS-8: from here on the block was never written. */
  readonly holeoff: number;
  readonly holelen: number;
}

export interface Objects {
  readonly inode: Inode;
  readonly direntry: Direntry;
  readonly blktag: Blktag;
}
export type PfsObject = Objects[ObjectType];

const freeObjects: { readonly [T in ObjectType]: (no: number) => Objects[T] } = {
  inode: (no) => ({
    type: 'inode',
    no,
    used: false,
    head: 0,
    tail: 0,
    kind: 'file',
    deno: 0,
    nlink: 0,
    nblock: 0,
    size: 0,
    atime: 0,
    mtime: 0,
    ctime: 0,
    btime: 0,
  }),
  direntry: (no) => ({
    type: 'direntry',
    no,
    used: false,
    next: 0,
    prev: 0,
    name: '',
    ino: 0,
    dirino: 0,
  }),
  blktag: (no) => ({
    type: 'blktag',
    no,
    used: false,
    next: 0,
    prev: 0,
    ino: 0,
    blkid: 0,
    holeoff: 0,
    holelen: 0,
  }),
};

export const freeObject = <T extends ObjectType>(type: T, no: number): Objects[T] => freeObjects[type](no);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
export const nameBytes = (name: string): Uint8Array => encoder.encode(name);

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const HIGH = 0x1_0000_0000;
const HIGH_LIMIT = 2 ** 21;

/** An integer in [0, 2^53 − 1], eight bytes. */
export function putLong(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % HIGH, true);
  view.setUint32(at + 4, Math.floor(value / HIGH), true);
}

/** NaN where the bytes are no such integer. */
export function getLong(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  return high < HIGH_LIMIT ? high * HIGH + view.getUint32(at, true) : Number.NaN;
}

/** Puts the checksum over all that follows it into the first four bytes. */
export const seal = (bytes: Uint8Array): void => viewOf(bytes).setUint32(0, crc32c(bytes, 4), true);
export const isSealed = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && viewOf(bytes).getUint32(0, true) === crc32c(bytes, 4);

/** Where the numbers of each type lie, from byte 16 on, in this order. */
const inodeLongs = ['head', 'tail', 'nlink', 'nblock', 'size', 'atime', 'mtime', 'ctime', 'btime'] as const;
const direntryLongs = ['next', 'prev', 'ino', 'dirino'] as const;
const blktagLongs = ['next', 'prev', 'ino', 'blkid', 'holeoff', 'holelen'] as const;
const LONGS_AT = 16;
const NAME_AT = 64;
const KIND_AT = 6;
/** One more than the inode's direntry, so that an orphan's −1 has a form. */
const DENO_AT = 96;

export function encodeObject(object: PfsObject): Uint8Array {
  const bytes = new Uint8Array(OBJECT_BYTES);
  const view = viewOf(bytes);
  bytes[4] = objectTypes.indexOf(object.type) + 1;
  bytes[5] = object.used ? 1 : 0;
  putLong(view, 8, object.no);
  const putLongs = (values: readonly number[]): void =>
    values.forEach((value, i) => void putLong(view, LONGS_AT + 8 * i, value));
  if (object.type === 'inode') {
    putLongs(inodeLongs.map((name) => object[name]));
    bytes[KIND_AT] = object.kind === 'dir' ? 1 : 0;
    putLong(view, DENO_AT, object.deno + 1);
  } else if (object.type === 'direntry') {
    putLongs(direntryLongs.map((name) => object[name]));
    const name = nameBytes(object.name);
    bytes[NAME_AT] = name.length;
    bytes.set(name, NAME_AT + 1);
  } else {
    putLongs(blktagLongs.map((name) => object[name]));
  }
  seal(bytes);
  return bytes;
}

const refuse = <T>(error: string): Decoded<T> => ({ ok: false, error });

/** The object of this type and number, or why the bytes are not it (FS-5). */
export function decodeObject<T extends ObjectType>(
  type: T,
  no: number,
  bytes: Uint8Array,
): Decoded<Objects[T]> {
  if (bytes.length !== OBJECT_BYTES) return refuse(`${bytes.length} bytes, not ${OBJECT_BYTES}`);
  if (!isSealed(bytes)) return refuse('checksum mismatch');
  const view = viewOf(bytes);
  if (bytes[4] !== objectTypes.indexOf(type) + 1) return refuse(`type ${bytes[4]}, not that of a ${type}`);
  if (getLong(view, 8) !== no) return refuse(`it is number ${getLong(view, 8)}`);
  if ((bytes[5] as number) > 1 || (bytes[KIND_AT] as number) > 1) return refuse('no flag');
  const longs: Record<string, number> = {};
  const names: readonly string[] = { inode: inodeLongs, direntry: direntryLongs, blktag: blktagLongs }[type];
  for (const [i, name] of names.entries()) longs[name] = getLong(view, LONGS_AT + 8 * i);
  const own: Record<string, unknown> = { ...longs, used: bytes[5] === 1 };
  if (type === 'inode') {
    own.kind = bytes[KIND_AT] === 1 ? 'dir' : 'file';
    own.deno = getLong(view, DENO_AT) - 1;
  }
  if (type === 'direntry') {
    const name = readName(bytes);
    if (name === null) return refuse('no name');
    own.name = name;
  }
  const object = { ...freeObject(type, no), ...own } as Objects[T];
  return Object.values(object).includes(Number.NaN)
    ? refuse('a number above 2^53')
    : { ok: true, value: object };
}

function readName(bytes: Uint8Array): string | null {
  const length = bytes[NAME_AT] as number;
  if (length > NAME_BYTES_MAX) return null;
  try {
    return decoder.decode(bytes.subarray(NAME_AT + 1, NAME_AT + 1 + length));
  } catch {
    return null;
  }
}
