// Keyframes of one world, each written as what differs from the one before: byte arrays that stayed are named by their
// place, others are patches of the array they resemble most, there or in the same keyframe (replicas hold the same pages,
// a little apart), the rest is plain-codec. The first of a chain is whole. Everything is deflated.

import { deflateSync, inflateSync } from 'fflate';
import {
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readRaw,
  readUint,
  readView,
  takeBytes,
  writeRaw,
  writeUint,
} from '../base/bytes.ts';
import { decodePlain, encodePlain } from '../base/plain-codec.ts';

/**
 * Arrays are compared by blocks of this size, as far from their start or from their end (a page on disk is the page of
 * the memory behind a few bytes more); a patch skips equal stretches at least this long.
 */
const BLOCK = 128;
const SKIP = 8;

const ops = { same: 0, whole: 1, patch: 2 } as const;
/** Added to `patch`. */
const OF_FRESH = 1;
const FROM_END = 2;

/** The byte arrays of one keyframe in the order they were met. */
export type Arrays = readonly Uint8Array[];

/** What the writer knows of the keyframe that it wrote last. */
export interface Chain {
  arrays: Uint8Array[];
  /** Place of every array that was met, copies of one another included. */
  named: Map<Uint8Array, number>;
  /** Arrays by their content, and by that of each block; those that are gone are taken out. */
  readonly byContent: Map<number, Uint8Array>;
  readonly byBlock: Map<number, Uint8Array>;
  readonly hashes: Map<Uint8Array, readonly number[]>;
}

export const makeChain = (): Chain => ({
  arrays: [],
  named: new Map(),
  byContent: new Map(),
  byBlock: new Map(),
  hashes: new Map(),
});

interface Packer {
  readonly w: ByteWriter;
  readonly chain: Chain;
  readonly arrays: Uint8Array[];
  readonly named: Map<Uint8Array, number>;
  /** New arrays of this keyframe by their content, and by that of each block. */
  readonly fresh: Map<number, Fresh>;
  readonly freshByBlock: Map<number, Fresh>;
}

interface Fresh {
  readonly bytes: Uint8Array;
  readonly name: number;
  readonly blocks: readonly number[];
}

/** A keyframe: to come to the next one of its chain only the arrays are needed. */
export interface Packed {
  readonly arrays: Deflated;
  readonly plain: Deflated;
}

/** With the length it had: inflating into room of the right size needs no copies. */
export interface Deflated {
  readonly bytes: Uint8Array;
  readonly length: number;
}

const deflated = (bytes: Uint8Array): Deflated => ({
  bytes: deflateSync(bytes, { level: 1 }),
  length: bytes.length,
});

const inflated = ({ bytes, length }: Deflated): Uint8Array =>
  inflateSync(bytes, { out: new Uint8Array(length) });

/** Writes a value against the keyframe that the chain ends with, and makes it the chain's end. */
export function packKeyframe(value: unknown, chain: Chain): Packed {
  const packer: Packer = {
    w: makeWriter(256 * 1024),
    chain,
    arrays: [],
    named: new Map(),
    fresh: new Map(),
    freshByBlock: new Map(),
  };
  const plain = encodePlain(value, (bytes) => nameArray(packer, bytes));
  endChainWith(chain, packer);
  return {
    arrays: deflated(takeBytes(packer.w)),
    plain: deflated(plain),
  };
}

/** A keyframe by itself, and back. */
export const packWhole = (value: unknown): Packed => packKeyframe(value, makeChain());
export const unpackWhole = (packed: Packed): unknown => unpackValue(packed, unpackArrays(packed, []));

function endChainWith(chain: Chain, { arrays, named, fresh }: Packer): void {
  const kept = new Set(arrays);
  for (const [bytes, [content = 0, ...blocks]] of chain.hashes) {
    if (kept.has(bytes)) continue;
    chain.hashes.delete(bytes);
    if (chain.byContent.get(content) === bytes) chain.byContent.delete(content);
    for (const block of blocks) if (chain.byBlock.get(block) === bytes) chain.byBlock.delete(block);
  }
  for (const [content, { bytes, blocks }] of fresh) {
    chain.hashes.set(bytes, [content, ...blocks]);
    chain.byContent.set(content, bytes);
    // Blocks that many arrays share, such as empty ones, say little: the first keeps them.
    for (const block of blocks) if (!chain.byBlock.has(block)) chain.byBlock.set(block, bytes);
  }
  chain.arrays = arrays;
  chain.named = named;
}

function nameArray(p: Packer, bytes: Uint8Array): number {
  const known = p.named.get(bytes);
  if (known !== undefined) return known;
  const name = p.arrays.length;
  const place = p.chain.named.get(bytes);
  if (place !== undefined) {
    writeUint(p.w, ops.same);
    writeUint(p.w, place);
  } else {
    const hash = hashOf(bytes, 0, bytes.length);
    const twin = p.fresh.get(hash);
    if (twin !== undefined && isEqual(twin.bytes, bytes)) {
      p.named.set(bytes, twin.name);
      return twin.name;
    }
    const one = { bytes, name, blocks: blocksOf(bytes) };
    writeArray(p, one, hash);
    addFresh(p, one, hash);
  }
  p.named.set(bytes, name);
  p.arrays.push(bytes);
  return name;
}

function addFresh({ fresh, freshByBlock }: Packer, one: Fresh, hash: number): void {
  fresh.set(hash, one);
  for (const block of one.blocks) if (!freshByBlock.has(block)) freshByBlock.set(block, one);
}

/** What each block holds and where, as a number: below 0 where it is counted from the end. */
function blocksOf(bytes: Uint8Array): readonly number[] {
  const blocks: number[] = [];
  const { length } = bytes;
  for (let at = 0; at + BLOCK <= length; at += BLOCK) {
    const hash = hashOf(bytes, at, at + BLOCK);
    blocks.push(hash + at);
    if (length % BLOCK === 0) blocks.push(-hash - (length - at));
  }
  if (length % BLOCK !== 0)
    for (let at = length - BLOCK; at >= 0; at -= BLOCK)
      blocks.push(-hashOf(bytes, at, at + BLOCK) - (length - at));
  return blocks;
}

function writeArray(p: Packer, { bytes, blocks }: Fresh, hash: number): void {
  const { w, chain } = p;
  const equal = chain.byContent.get(hash);
  const place = equal === undefined ? undefined : chain.named.get(equal);
  if (place !== undefined && isEqual(equal, bytes)) {
    writeUint(w, ops.same);
    writeUint(w, place);
    return;
  }
  const base = findBase(p, blocks);
  if (base === null) {
    writeUint(w, ops.whole);
    writeUint(w, bytes.length);
    writeRaw(w, bytes);
    return;
  }
  writeUint(w, ops.patch + (base.isFresh ? OF_FRESH : 0) + (base.isFromEnd ? FROM_END : 0));
  writeUint(w, base.place);
  writePatch(w, base.bytes, bytes, base.isFromEnd ? base.bytes.length - bytes.length : 0);
}

interface Base {
  readonly bytes: Uint8Array;
  readonly place: number;
  readonly isFresh: boolean;
  readonly isFromEnd: boolean;
}

/** The array, of the keyframe before or of this one, that has most blocks in common with this, at the same places. */
function findBase({ chain, freshByBlock }: Packer, blocks: readonly number[]): Base | null {
  const votes = [new Map<Uint8Array, number>(), new Map<Uint8Array, number>()];
  let best: Base | null = null;
  let most = 0;
  const vote = (base: Base): void => {
    const counts = votes[base.isFromEnd ? 1 : 0];
    const count = (counts?.get(base.bytes) ?? 0) + 1;
    counts?.set(base.bytes, count);
    if (count <= most) return;
    most = count;
    best = base;
  };
  for (const block of blocks) {
    const isFromEnd = block < 0;
    const before = chain.byBlock.get(block);
    const place = before === undefined ? undefined : chain.named.get(before);
    if (before !== undefined && place !== undefined)
      vote({ bytes: before, place, isFresh: false, isFromEnd });
    const fresh = freshByBlock.get(block);
    if (fresh !== undefined) vote({ bytes: fresh.bytes, place: fresh.name, isFresh: true, isFromEnd });
  }
  return best;
}

/** Length, then stretches: how many bytes stay, how many are new, the new ones. The base's byte for `at` is at `at + shift`. */
function writePatch(w: ByteWriter, base: Uint8Array, bytes: Uint8Array, shift: number): void {
  writeUint(w, bytes.length);
  let at = 0;
  while (at < bytes.length) {
    const from = at;
    while (at < bytes.length && bytes[at] === base[at + shift]) at++;
    const changed = at;
    let same = 0;
    while (at < bytes.length && same < SKIP) {
      same = bytes[at] === base[at + shift] ? same + 1 : 0;
      at++;
    }
    if (same >= SKIP) at -= same;
    writeUint(w, changed - from);
    writeUint(w, at - changed);
    writeRaw(w, bytes.subarray(changed, at));
  }
}

function readPatch(r: ByteReader, base: Uint8Array, isFromEnd: boolean): Uint8Array {
  const bytes = new Uint8Array(readUint(r));
  const shift = isFromEnd ? base.length - bytes.length : 0;
  const from = Math.max(0, shift);
  bytes.set(base.subarray(from, Math.max(from, shift + bytes.length)), from - shift);
  for (let at = 0; at < bytes.length; ) {
    at += readUint(r);
    const fresh = readView(r, readUint(r));
    bytes.set(fresh, at);
    at += fresh.length;
  }
  return bytes;
}

/** The arrays of a keyframe, given those of the one before it in its chain. */
export function unpackArrays(packed: Packed, before: Arrays): Arrays {
  const r = makeReader(inflated(packed.arrays));
  const arrays: Uint8Array[] = [];
  while (r.at < r.end) arrays.push(readArray(r, before, arrays));
  return arrays;
}

/** Its value; the caller knows the type. */
export const unpackValue = (packed: Packed, arrays: Arrays): unknown =>
  decodePlain(inflated(packed.plain), (name) => arrays[name] ?? new Uint8Array(0));

function readArray(r: ByteReader, before: Arrays, fresh: Arrays): Uint8Array {
  const op = readUint(r);
  if (op === ops.whole) return readRaw(r, readUint(r));
  const place = readUint(r);
  if (op === ops.same) return before[place] ?? new Uint8Array(0);
  const bits = op - ops.patch;
  const base = ((bits & OF_FRESH) !== 0 ? fresh : before)[place] ?? new Uint8Array(0);
  return readPatch(r, base, (bits & FROM_END) !== 0);
}

/** Up to 2^53, four bytes at a time; equality is always checked, so that a collision costs only time. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let low = end - start;
  let high = 0x5bd1_e995;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    low = Math.imul(low ^ word, 0x85eb_ca6b);
    low = (low << 13) | (low >>> 19);
    high = (Math.imul(high, 31) + low) | 0;
  }
  for (; i < end; i++) {
    low = Math.imul(low ^ (bytes[i] as number), 0x0100_0193);
    high = (Math.imul(high, 31) + low) | 0;
  }
  return (low >>> 0) * 0x10_0000 + (high & 0xf_ffff);
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
