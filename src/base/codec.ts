// Codec combinators: one declaration gives the TypeScript type, the encoder and the decoder of a binary form.
// Decoders check everything (length, range, tag) and throw BadBytes; `decodeWhole` turns that into a value.

import { assert } from './assert.ts';
import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readBytes,
  readInt,
  readText,
  readU8,
  readUint,
  resetWriter,
  takeBytes,
  writeBytes,
  writeInt,
  writeText,
  writeU8,
  writeUint,
} from './bytes.ts';
import { blankOf, type Shape, shapeOf } from './shapes.ts';

export interface Codec<T> {
  readonly encode: (w: ByteWriter, value: T) => void;
  readonly decode: (r: ByteReader) => T;
}

export type Infer<C> = C extends Codec<infer T> ? T : never;

/** Longest list or map any decoder accepts; keeps a hostile length from reserving memory. */
export const MAX_ITEMS = 1_000_000;

export const uint: Codec<number> = { encode: writeUint, decode: readUint };
export const int: Codec<number> = { encode: writeInt, decode: readInt };
export const text: Codec<string> = { encode: writeText, decode: readText };
export const blob: Codec<Uint8Array> = { encode: writeBytes, decode: readBytes };
export const bool: Codec<boolean> = {
  encode: (w, value) => writeU8(w, value ? 1 : 0),
  decode: (r) => {
    const byte = readU8(r);
    if (byte > 1) throw new BadBytes(`boolean ${byte} at ${r.at}`);
    return byte === 1;
  },
};

/** A codec whose values carry a brand (`branded<Lsn>(int)`). */
export const branded = <T extends string | number>(codec: Codec<number> | Codec<string>): Codec<T> =>
  codec as unknown as Codec<T>;

export function list<T>(item: Codec<T>): Codec<T[]> {
  return {
    encode: (w, values) => {
      writeUint(w, values.length);
      for (const value of values) item.encode(w, value);
    },
    decode: (r) => {
      const count = readUint(r);
      if (count > MAX_ITEMS || count > r.end - r.at + 1) throw new BadBytes(`list of ${count} at ${r.at}`);
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(item.decode(r));
      return values;
    },
  };
}

export function nullable<T>(item: Codec<T>): Codec<T | null> {
  return {
    encode: (w, value) => {
      writeU8(w, value === null ? 0 : 1);
      if (value !== null) item.encode(w, value);
    },
    decode: (r) => (bool.decode(r) ? item.decode(r) : null),
  };
}

/** One of a fixed list of words, one byte on the wire. */
export function oneOf<const T extends string>(...words: readonly T[]): Codec<T> {
  const index = new Map(words.map((word, i) => [word, i]));
  return {
    encode: (w, value) => {
      const i = index.get(value);
      if (i === undefined) throw new BadBytes(`unknown word ${value}`);
      writeU8(w, i);
    },
    decode: (r) => {
      const word = words[readU8(r)];
      if (word === undefined) throw new BadBytes(`unknown word at ${r.at}`);
      return word;
    },
  };
}

export function pair<A, B>(first: Codec<A>, second: Codec<B>): Codec<readonly [A, B]> {
  return {
    encode: (w, value) => {
      first.encode(w, value[0]);
      second.encode(w, value[1]);
    },
    decode: (r) => [first.decode(r), second.decode(r)] as const,
  };
}

type AnyCodec = { encode: (w: ByteWriter, value: never) => void; decode: (r: ByteReader) => unknown };
export type Fields = Readonly<Record<string, AnyCodec>>;
export type StructOf<F> = { [K in keyof F]: F[K] extends Codec<infer T> ? T : never };

/** The codec of a struct, which a union may have name the kind of what it reads. */
export interface StructCodec<T> extends Codec<T> {
  /** Decodes as a member of a union. */
  readonly decodeKind: (r: ByteReader, kind: string) => T & { kind: string };
}

/** A struct: the fields in declared order. What is read begins as a blank, so that every value has one shape (shapes.ts). */
export function struct<F extends Fields>(fields: F): StructCodec<StructOf<F>> {
  const names = Object.keys(fields);
  const codecs = names.map((name) => fields[name] as unknown as Codec<unknown>);
  const fill = (record: Record<string, unknown>, r: ByteReader): void => {
    for (let i = 0; i < names.length; i++)
      record[names[i] as string] = (codecs[i] as Codec<unknown>).decode(r);
  };
  let shape: Shape | null = null;
  let shapeOfKind: Shape | null = null;
  return {
    encode: (w, value) => {
      const record = value as Record<string, unknown>;
      for (let i = 0; i < names.length; i++)
        (codecs[i] as Codec<unknown>).encode(w, record[names[i] as string]);
    },
    decode: (r) => {
      const record = shape === null ? {} : blankOf(shape);
      fill(record, r);
      shape ??= shapeOf(names, record);
      return record as StructOf<F>;
    },
    decodeKind: (r, kind) => {
      const record = shapeOfKind === null ? {} : blankOf(shapeOfKind);
      fill(record, r);
      record.kind = kind;
      shapeOfKind ??= shapeOf([...names, 'kind'], record);
      return record as StructOf<F> & { kind: string };
    },
  };
}

interface Variant {
  readonly tag: number;
  readonly body: AnyCodec;
}

/** One member of a union: its tag on the wire, fixed for ever, and its fields. */
export const variant = <F extends Fields>(tag: number, fields: F) => ({ tag, body: struct(fields) });

export type UnionOf<M extends Readonly<Record<string, Variant>>> = {
  [K in keyof M & string]: { kind: K } & (M[K]['body'] extends Codec<infer T> ? T : never);
}[keyof M & string];

/** A tagged union by `kind`. Two members with one tag are a programmer's error. */
export function union<M extends Readonly<Record<string, Variant>>>(members: M): Codec<UnionOf<M>> {
  const byTag: ((r: ByteReader) => unknown)[] = [];
  const byKind = new Map<string, { tag: number; codec: Codec<unknown> }>();
  for (const [kind, { tag, body }] of Object.entries(members)) {
    assert(byTag[tag] === undefined && tag >= 0 && tag <= 255, `tag ${tag} of ${kind} is free`);
    const codec = body as unknown as Codec<{ kind: string }> & Partial<StructCodec<unknown>>;
    byTag[tag] = decoderOf(kind, codec);
    byKind.set(kind, { tag, codec: codec as Codec<unknown> });
  }
  return {
    encode: (w, value) => {
      const { kind } = value as { kind: string };
      const member = byKind.get(kind);
      if (member === undefined) throw new BadBytes(`unknown kind ${kind}`);
      writeU8(w, member.tag);
      member.codec.encode(w, value);
    },
    decode: (r) => {
      const decode = byTag[readU8(r)];
      if (decode === undefined) throw new BadBytes(`unknown kind at ${r.at}`);
      return decode(r) as UnionOf<M>;
    },
  };
}

/** A codec written out may name the kind itself. */
function decoderOf(
  kind: string,
  { decode, decodeKind }: Codec<{ kind: string }> & Partial<StructCodec<unknown>>,
): (r: ByteReader) => unknown {
  if (decodeKind) return (r) => decodeKind(r, kind);
  return (r) => {
    const body = decode(r);
    if (body.kind !== kind) body.kind = kind;
    return body;
  };
}

const scratch = makeWriter(4096);

/** The exact-size bytes of one value. Not re-entrant: codecs write to the writer they are given. */
export function encodeWhole<T>(codec: Codec<T>, value: T): Uint8Array {
  resetWriter(scratch);
  codec.encode(scratch, value);
  return takeBytes(scratch);
}

export type Decoded<T> = { ok: true; value: T } | { ok: false; error: string };

/** Decodes all of `bytes`; leftovers and malformed input are errors by value. */
export function decodeWhole<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): Decoded<T> {
  const r = makeReader(bytes, start, end);
  try {
    const value = codec.decode(r);
    if (r.at !== end) return { ok: false, error: `${end - r.at} bytes left over at ${r.at}` };
    return { ok: true, value };
  } catch (error) {
    if (error instanceof BadBytes) return { ok: false, error: error.message };
    if (error instanceof RangeError) return { ok: false, error: error.message };
    throw error;
  }
}
