// Keyframes of one world, each written as what differs from the one before: byte arrays that stayed are named by their
// place, those that changed are patches of the array they resemble, the rest is plain-codec. The first of a chain is
// whole. Everything is deflated.

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

/** Arrays are compared by blocks of this size at the same offset; a patch skips equal stretches at least this long. */
const BLOCK = 128;
const SKIP = 8;

const ops = { same: 0, whole: 1, patch: 2 } as const;

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
  /** New arrays of this keyframe by content: replicas hold the same pages. */
  readonly fresh: Map<number, number>;
}

/** A keyframe: to come to the next one of its chain only the arrays are needed. */
export interface Packed {
  readonly arrays: Uint8Array;
  readonly plain: Uint8Array;
}

/** Writes a value against the keyframe that the chain ends with, and makes it the chain's end. */
export function packKeyframe(value: unknown, chain: Chain): Packed {
  const packer: Packer = {
    w: makeWriter(256 * 1024),
    chain,
    arrays: [],
    named: new Map(),
    fresh: new Map(),
  };
  const plain = encodePlain(value, (bytes) => nameArray(packer, bytes));
  endChainWith(chain, packer);
  return {
    arrays: deflateSync(takeBytes(packer.w), { level: 1 }),
    plain: deflateSync(plain, { level: 1 }),
  };
}

function endChainWith(chain: Chain, { arrays, named, fresh }: Packer): void {
  const kept = new Set(arrays);
  for (const [bytes, [content = 0, ...blocks]] of chain.hashes) {
    if (kept.has(bytes)) continue;
    chain.hashes.delete(bytes);
    if (chain.byContent.get(content) === bytes) chain.byContent.delete(content);
    for (const block of blocks) if (chain.byBlock.get(block) === bytes) chain.byBlock.delete(block);
  }
  for (const [content, place] of fresh) {
    const bytes = arrays[place];
    if (bytes === undefined) continue;
    const blocks: number[] = [];
    for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) blocks.push(hashOf(bytes, at, at + BLOCK) + at);
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
    if (twin !== undefined && isEqual(p.arrays[twin], bytes)) {
      p.named.set(bytes, twin);
      return twin;
    }
    p.fresh.set(hash, name);
    writeArray(p, bytes, hash);
  }
  p.named.set(bytes, name);
  p.arrays.push(bytes);
  return name;
}

function writeArray({ w, chain }: Packer, bytes: Uint8Array, hash: number): void {
  const equal = chain.byContent.get(hash);
  const base = isEqual(equal, bytes) ? equal : findBase(chain, bytes);
  const place = base === undefined ? undefined : chain.named.get(base);
  if (base === undefined || place === undefined) {
    writeUint(w, ops.whole);
    writeUint(w, bytes.length);
    writeRaw(w, bytes);
  } else if (base === equal) {
    writeUint(w, ops.same);
    writeUint(w, place);
  } else {
    writeUint(w, ops.patch);
    writeUint(w, place);
    writePatch(w, base, bytes);
  }
}

/** The array of the keyframe before that has most blocks in common with this one, at the same places. */
function findBase({ byBlock }: Chain, bytes: Uint8Array): Uint8Array | undefined {
  const votes = new Map<Uint8Array, number>();
  let best: Uint8Array | undefined;
  let most = 0;
  for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
    const base = byBlock.get(hashOf(bytes, at, at + BLOCK) + at);
    if (base === undefined) continue;
    const count = (votes.get(base) ?? 0) + 1;
    votes.set(base, count);
    if (count > most) {
      most = count;
      best = base;
    }
  }
  return best;
}

/** Length, then stretches: how many bytes stay, how many are new, the new ones. */
function writePatch(w: ByteWriter, base: Uint8Array, bytes: Uint8Array): void {
  writeUint(w, bytes.length);
  let at = 0;
  while (at < bytes.length) {
    const from = at;
    while (at < bytes.length && at < base.length && bytes[at] === base[at]) at++;
    const changed = at;
    let same = 0;
    while (at < bytes.length && same < SKIP) {
      same = at < base.length && bytes[at] === base[at] ? same + 1 : 0;
      at++;
    }
    if (same >= SKIP) at -= same;
    writeUint(w, changed - from);
    writeUint(w, at - changed);
    writeRaw(w, bytes.subarray(changed, at));
  }
}

function readPatch(r: ByteReader, base: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(readUint(r));
  bytes.set(base.length > bytes.length ? base.subarray(0, bytes.length) : base);
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
  const r = makeReader(inflateSync(packed.arrays));
  const arrays: Uint8Array[] = [];
  while (r.at < r.end) arrays.push(readArray(r, before));
  return arrays;
}

/** Its value; the caller knows the type. */
export const unpackValue = (packed: Packed, arrays: Arrays): unknown =>
  decodePlain(inflateSync(packed.plain), (name) => arrays[name] ?? new Uint8Array(0));

function readArray(r: ByteReader, before: Arrays): Uint8Array {
  const op = readUint(r);
  if (op === ops.whole) return readRaw(r, readUint(r));
  const base = before[readUint(r)] ?? new Uint8Array(0);
  return op === ops.same ? base : readPatch(r, base);
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
