// Plain data as bytes and back: for keyframes that are kept in thousands. Byte arrays are not copied into the text but
// named by a number that the caller gives, so that what two worlds share is kept once. Objects of one shape name their
// keys once. Everything of plain.ts comes back as it was, in the order it was in.

import { AssertionError, unreachable } from './assert.ts';
import {
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readF64,
  readInt,
  readText,
  readU8,
  readUint,
  takeBytes,
  writeF64,
  writeInt,
  writeText,
  writeU8,
  writeUint,
} from './bytes.ts';
import { disownAll } from './owned-bytes.ts';
import { blankOf, type Shape, shapeOf } from './shapes.ts';

const tags = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  text: 6,
  knownText: 7,
  bigint: 8,
  list: 9,
  map: 10,
  set: 11,
  object: 12,
  newShape: 13,
  bytes: 14,
  floats: 15,
  ints: 16,
  words: 17,
  minus: 18,
  units: 19,
} as const;

interface Encoder {
  readonly w: ByteWriter;
  readonly nameOf: (bytes: Uint8Array) => number;
  readonly texts: Map<string, number>;
  readonly shapes: Map<Shape, number>;
}

/** `nameOf` keeps a byte array and gives its number; nobody changes it from then on. */
export function encodePlain(value: unknown, nameOf: (bytes: Uint8Array) => number): Uint8Array {
  disownAll();
  const encoder: Encoder = { w: makeWriter(64 * 1024), nameOf, texts: new Map(), shapes: new Map() };
  write(encoder, value);
  return takeBytes(encoder.w);
}

function write(e: Encoder, value: unknown): void {
  switch (typeof value) {
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
        writeU8(e.w, value < 0 ? tags.minus : tags.int);
        writeUint(e.w, Math.abs(value));
      } else {
        writeU8(e.w, tags.float);
        writeF64(e.w, value);
      }
      return;
    case 'string':
      writeKnown(e, value);
      return;
    case 'boolean':
      writeU8(e.w, value ? tags.true : tags.false);
      return;
    case 'undefined':
      writeU8(e.w, tags.undefined);
      return;
    case 'bigint':
      writeU8(e.w, tags.bigint);
      writeText(e.w, value.toString());
      return;
    case 'object':
      if (value === null) writeU8(e.w, tags.null);
      else writeObject(e, value);
      return;
    default:
      throw new AssertionError(`a ${typeof value} inside plain data`);
  }
}

function writeKnown({ w, texts }: Encoder, text: string): void {
  const known = texts.get(text);
  if (known === undefined) {
    texts.set(text, texts.size);
    const isUtf8 = !surrogates.test(text);
    writeU8(w, isUtf8 ? tags.text : tags.units);
    if (isUtf8) writeText(w, text);
    else writeUnits(w, text);
  } else {
    writeU8(w, tags.knownText);
    writeUint(w, known);
  }
}

/** Half of a pair has no UTF-8: such a text is written unit by unit. */
const surrogates = /[\ud800-\udfff]/;

function writeUnits(w: ByteWriter, text: string): void {
  writeUint(w, text.length);
  for (let i = 0; i < text.length; i++) writeUint(w, text.charCodeAt(i));
}

function writeObject(e: Encoder, value: object): void {
  const { w } = e;
  if (Array.isArray(value)) {
    writeU8(w, tags.list);
    writeUint(w, value.length);
    for (const item of value) write(e, item);
  } else if (value instanceof Uint8Array) {
    writeU8(w, tags.bytes);
    writeUint(w, e.nameOf(value));
  } else if (value instanceof Map) {
    writeU8(w, tags.map);
    writeUint(w, value.size);
    for (const [key, item] of value) {
      write(e, key);
      write(e, item);
    }
  } else if (value instanceof Set) {
    writeU8(w, tags.set);
    writeUint(w, value.size);
    for (const item of value) write(e, item);
  } else if (value instanceof Float64Array) {
    writeU8(w, tags.floats);
    writeUint(w, value.length);
    for (const item of value) writeF64(w, item);
  } else if (value instanceof Int32Array || value instanceof Uint32Array) {
    writeU8(w, value instanceof Int32Array ? tags.ints : tags.words);
    writeUint(w, value.length);
    for (const item of value) writeInt(w, item);
  } else {
    writeFields(e, value as Readonly<Record<string, unknown>>);
  }
}

function writeFields(e: Encoder, value: Readonly<Record<string, unknown>>): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new AssertionError('a class instance inside plain data');
  const keys = Object.keys(value);
  const shape = shapeOf(keys, value);
  const known = e.shapes.get(shape);
  if (known === undefined) {
    e.shapes.set(shape, e.shapes.size);
    writeU8(e.w, tags.newShape);
    writeUint(e.w, keys.length);
    for (const key of keys) writeText(e.w, key);
  } else {
    writeU8(e.w, tags.object);
    writeUint(e.w, known);
  }
  for (const key of keys) write(e, value[key]);
}

interface Decoder {
  readonly r: ByteReader;
  readonly bytesOf: (name: number) => Uint8Array;
  readonly texts: string[];
  readonly shapes: Shape[];
}

type Tag = (typeof tags)[keyof typeof tags];

/** The value that `encodePlain` was given; its caller knows the type. */
export function decodePlain(bytes: Uint8Array, bytesOf: (name: number) => Uint8Array): unknown {
  return read({ r: makeReader(bytes), bytesOf, texts: [], shapes: [] });
}

const times = <T>(count: number, make: () => T): T[] => {
  const items = new Array<T>(count);
  for (let i = 0; i < count; i++) items[i] = make();
  return items;
};

function read(d: Decoder): unknown {
  const { r } = d;
  const tag = readU8(r) as Tag;
  switch (tag) {
    case tags.null:
      return null;
    case tags.undefined:
      return undefined;
    case tags.false:
      return false;
    case tags.true:
      return true;
    case tags.int:
      return readUint(r);
    case tags.minus:
      return -readUint(r);
    case tags.float:
      return readF64(r);
    case tags.text:
    case tags.units: {
      const text = tag === tags.text ? readText(r) : readUnits(r);
      d.texts.push(text);
      return text;
    }
    case tags.knownText:
      return d.texts[readUint(r)];
    case tags.bigint:
      return BigInt(readText(r));
    case tags.list:
      return times(readUint(r), () => read(d));
    case tags.map: {
      const map = new Map<unknown, unknown>();
      for (let left = readUint(r); left > 0; left--) map.set(read(d), read(d));
      return map;
    }
    case tags.set: {
      const set = new Set<unknown>();
      for (let left = readUint(r); left > 0; left--) set.add(read(d));
      return set;
    }
    case tags.newShape:
      d.shapes.push(
        shapeOf(
          times(readUint(r), () => readText(r)),
          null,
        ),
      );
      return readFields(d, d.shapes.length - 1);
    case tags.object:
      return readFields(d, readUint(r));
    case tags.bytes:
      return d.bytesOf(readUint(r));
    case tags.floats:
      return Float64Array.from(times(readUint(r), () => readF64(r)));
    case tags.ints:
      return Int32Array.from(times(readUint(r), () => readInt(r)));
    case tags.words:
      return Uint32Array.from(times(readUint(r), () => readInt(r)));
    default:
      return unreachable(tag);
  }
}

const readUnits = (r: ByteReader): string => {
  let text = '';
  for (let left = readUint(r); left > 0; left--) text += String.fromCharCode(readUint(r));
  return text;
};

function readFields(d: Decoder, index: number): Record<string, unknown> {
  const shape = d.shapes[index];
  if (shape === undefined) return {};
  const value = blankOf(shape);
  for (const key of shape.keys) value[key] = read(d);
  return value;
}
