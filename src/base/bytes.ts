// Byte writer and reader for every binary form in the lab. Integers up to 2^53 − 1 are LEB128 varints,
// signed ones zigzag by arithmetic (no 32-bit wrap). A reader never reads past its end: it throws BadBytes,
// which decoders turn into a value (`decode… → {error}`), because bytes from disk and network are untrusted.

/** What a reader throws on malformed input; only codecs catch it. */
export class BadBytes extends Error {
  override name = 'BadBytes';
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

export interface ByteWriter {
  bytes: Uint8Array;
  length: number;
}

export const makeWriter = (capacity = 256): ByteWriter => ({ bytes: new Uint8Array(capacity), length: 0 });

/** Exact-size copy of what was written; the writer may be reused after `resetWriter`. */
export const takeBytes = (w: ByteWriter): Uint8Array => w.bytes.slice(0, w.length);

/** Bytes that are cut from one slab after the other: a buffer of its own costs more than what it holds. */
const SLAB_BYTES = 16_384;
const slab = { bytes: new Uint8Array(SLAB_BYTES), used: 0 };

/**
 * As `takeBytes`, but a part of a buffer that others share: for small values by the thousand that are soon copied or
 * forgotten. Not for what is stored or posted, because a clone of a part is a clone of the whole buffer.
 */
export function takePart(w: ByteWriter): Uint8Array {
  const { bytes, length } = w;
  if (length > SLAB_BYTES >> 3) return takeBytes(w);
  if (slab.used + length > SLAB_BYTES) {
    slab.bytes = new Uint8Array(SLAB_BYTES);
    slab.used = 0;
  }
  const to = slab.bytes;
  const start = slab.used;
  slab.used = start + length;
  for (let i = 0; i < length; i++) to[start + i] = bytes[i] as number;
  return to.subarray(start, start + length);
}

export const resetWriter = (w: ByteWriter): void => {
  w.length = 0;
};

function reserve(w: ByteWriter, extra: number): void {
  const need = w.length + extra;
  if (need <= w.bytes.length) return;
  const grown = new Uint8Array(Math.max(need, w.bytes.length * 2));
  grown.set(w.bytes.subarray(0, w.length));
  w.bytes = grown;
}

export function writeU8(w: ByteWriter, value: number): void {
  reserve(w, 1);
  w.bytes[w.length++] = value;
}

export function writeU32(w: ByteWriter, value: number): void {
  reserve(w, 4);
  const { bytes } = w;
  bytes[w.length++] = value;
  bytes[w.length++] = value >>> 8;
  bytes[w.length++] = value >>> 16;
  bytes[w.length++] = value >>> 24;
}

/** What the other end could not read is refused where it is made, with the value: nobody else can say whose it is. */
const unwritable = (value: number): RangeError => new RangeError(`${value} cannot be written as an integer`);

/** Unsigned integer in [0, 2^53 − 1]; throws RangeError for another number. */
export function writeUint(w: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw unwritable(value);
  reserve(w, 8);
  const { bytes } = w;
  let at = w.length;
  let rest = value;
  while (rest >= 0x8000_0000) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  w.length = at;
}

const INT_MAX = 2 ** 52 - 1;

/** Signed integer with |value| ≤ 2^52 − 1; throws RangeError for another number. */
export function writeInt(w: ByteWriter, value: number): void {
  if (!Number.isInteger(value) || value < -INT_MAX || value > INT_MAX) throw unwritable(value);
  writeUint(w, value < 0 ? -value * 2 - 1 : value * 2);
}

export function writeF64(w: ByteWriter, value: number): void {
  reserve(w, 8);
  float[0] = value;
  w.bytes.set(floatBytes, w.length);
  w.length += 8;
}

/** Raw bytes without a length. */
export function writeRaw(w: ByteWriter, value: Uint8Array): void {
  reserve(w, value.length);
  w.bytes.set(value, w.length);
  w.length += value.length;
}

export function writeBytes(w: ByteWriter, value: Uint8Array): void {
  writeUint(w, value.length);
  writeRaw(w, value);
}

/** Up to here a loop is quicker than the encoder. */
const ASCII_TEXT_MAX = 512;

export function writeText(w: ByteWriter, value: string): void {
  const n = value.length;
  if (n <= ASCII_TEXT_MAX) {
    const before = w.length;
    writeUint(w, n);
    reserve(w, n);
    const { bytes, length } = w;
    let i = 0;
    for (; i < n; i++) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) break;
      bytes[length + i] = code;
    }
    if (i === n) {
      w.length = length + n;
      return;
    }
    w.length = before;
  }
  writeBytes(w, encoder.encode(value));
}

export interface ByteReader {
  bytes: Uint8Array;
  at: number;
  end: number;
}

export const makeReader = (bytes: Uint8Array, start = 0, end: number = bytes.length): ByteReader => ({
  bytes,
  at: start,
  end,
});

function need(r: ByteReader, count: number): void {
  if (r.at + count > r.end) throw new BadBytes(`need ${count} bytes at ${r.at}, have ${r.end - r.at}`);
}

export function readU8(r: ByteReader): number {
  need(r, 1);
  return r.bytes[r.at++] as number;
}

export function readU32(r: ByteReader): number {
  need(r, 4);
  const { bytes, at } = r;
  r.at += 4;
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

export function readUint(r: ByteReader): number {
  const { bytes, at, end } = r;
  if (at + 4 > end) return readLongUint(r);
  // Four bytes hold 28 bits, which is nearly every integer there is.
  const a = bytes[at] as number;
  if (a < 0x80) {
    r.at = at + 1;
    return a;
  }
  const b = bytes[at + 1] as number;
  if (b < 0x80) {
    if (b === 0) throw notShortest(at);
    r.at = at + 2;
    return (a & 0x7f) | (b << 7);
  }
  const c = bytes[at + 2] as number;
  if (c < 0x80) {
    if (c === 0) throw notShortest(at);
    r.at = at + 3;
    return (a & 0x7f) | ((b & 0x7f) << 7) | (c << 14);
  }
  const d = bytes[at + 3] as number;
  if (d >= 0x80) return readLongUint(r);
  if (d === 0) throw notShortest(at);
  r.at = at + 4;
  return (a & 0x7f) | ((b & 0x7f) << 7) | ((c & 0x7f) << 14) | (d << 21);
}

/** An integer has one form: two byte strings never read as the same value. */
const notShortest = (at: number): BadBytes => new BadBytes(`integer not in its shortest form at ${at}`);

function readLongUint(r: ByteReader): number {
  let result = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = readU8(r);
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      if (byte === 0 && i > 0) throw notShortest(r.at - i - 1);
      if (result > Number.MAX_SAFE_INTEGER) throw new BadBytes(`integer above 2^53 at ${r.at}`);
      return result;
    }
    scale *= 128;
  }
  throw new BadBytes(`integer too long at ${r.at}`);
}

export function readInt(r: ByteReader): number {
  const raw = readUint(r);
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}

export function readF64(r: ByteReader): number {
  need(r, 8);
  floatBytes.set(r.bytes.subarray(r.at, r.at + 8));
  r.at += 8;
  return float[0] as number;
}

/** An exact-size copy: a value of its own that no larger buffer is kept alive by. */
export function readRaw(r: ByteReader, length: number): Uint8Array {
  need(r, length);
  const value = r.bytes.slice(r.at, r.at + length);
  r.at += length;
  return value;
}

/** The bytes where they lie: for values that live no longer than what is being read. */
export function readView(r: ByteReader, length: number): Uint8Array {
  need(r, length);
  const value = r.bytes.subarray(r.at, r.at + length);
  r.at += length;
  return value;
}

/** The bytes where they lie, or a copy when that would keep alive a buffer much larger than what is being read. */
export function readKeptView(r: ByteReader, length: number): Uint8Array {
  return r.bytes.buffer.byteLength > 2 * r.bytes.length + 256 ? readRaw(r, length) : readView(r, length);
}

export function readBytes(r: ByteReader): Uint8Array {
  return readRaw(r, readUint(r));
}

/** Longest text that is looked for among those read before, and how many of those are kept. */
const KEPT_TEXT_MAX = 256;
const KEPT_TEXTS = 1024;
const SHORT_TEXT_MAX = 16;
const keptTexts: string[] = new Array<string>(KEPT_TEXTS).fill('');

/** True when the text is these bytes, all of them ASCII. */
function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[start + i] as number;
    if (byte >= 0x80 || text.charCodeAt(i) !== byte) return false;
  }
  return true;
}

/** Names and statements come again and again: one that was read before is the same string, not a new one. */
function readKept(bytes: Uint8Array, start: number, end: number): string | null {
  let mixed = end - start;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return null;
    mixed = Math.imul(mixed ^ byte, 0x0100_0193);
  }
  const place = (mixed ^ (mixed >>> 16)) & (KEPT_TEXTS - 1);
  const kept = keptTexts[place] as string;
  if (kept.length === end - start && isText(kept, bytes, start)) return kept;
  const text =
    end - start < SHORT_TEXT_MAX ? asciiText(bytes, start, end) : decoder.decode(bytes.subarray(start, end));
  keptTexts[place] = text;
  return text;
}

/** Quicker than the decoder for a few characters. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

export function readText(r: ByteReader): string {
  const length = readUint(r);
  need(r, length);
  const start = r.at;
  r.at += length;
  if (length <= KEPT_TEXT_MAX) {
    const text = readKept(r.bytes, start, start + length);
    if (text !== null) return text;
  }
  try {
    return decoder.decode(r.bytes.subarray(start, start + length));
  } catch {
    throw new BadBytes(`text at ${start} is not UTF-8`);
  }
}
