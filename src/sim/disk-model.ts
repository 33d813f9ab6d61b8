// One node's disk as plain data: a durable image, writes not yet synced, one sync at a time (PRE-7), and its faults.
// A sync makes durable exactly what was written before it began. Reads see what was written, synced or not.
// A torn write is the new bytes up to a point and the old value beyond it, as a device leaves them.

import { assert } from '../base/assert.ts';
import { nextBelow, nextBetween, type Prng } from '../base/prng.ts';
import type { DiskError, DiskImage, Write } from '../core/door.ts';
import { rollbackWrites, splitImage } from './disk-snapshot.ts';
import type { CrashFate, DiskFaults, DiskUse } from './types.ts';
import { NEVER } from './types.ts';

export interface DiskSpec {
  readonly syncUs: number;
  readonly syncJitterUs: number;
  readonly readUs: number;
  /** Bytes per virtual µs (= MB/s). */
  readonly bandwidth: number;
  readonly limitBytes: number;
}

/** One `store` effect that is written but not yet durable. `tag` is the owner's. */
export interface DiskBatch<Tag> {
  readonly writes: readonly Write[];
  readonly bytes: number;
  readonly tag: Tag;
}

export interface DiskRead {
  readonly doneAt: number;
  readonly id: number;
  readonly keys: readonly string[];
  readonly ordinal: number;
}

/** What happened to the disk so far, for tests and the inspector. */
export interface DiskCounters {
  syncs: number;
  failedSyncs: number;
  refused: number;
  failedReads: number;
  survived: number;
  lost: number;
  torn: number;
  rotted: number;
  lostWrites: number;
  misdirected: number;
  unreadable: number;
}

/** A device that acknowledges a write and does something else with it: the next one whose key has the prefix. */
export interface DiskTrick {
  readonly trick: 'lose' | 'misdirect';
  readonly prefix: string;
}

export interface DiskState<Tag> {
  readonly spec: DiskSpec;
  readonly prng: Prng;
  faults: DiskFaults;
  durable: Map<string, Uint8Array>;
  /** An earlier durable image, or nothing (disk-snapshot.ts). */
  readonly snapshot: Map<string, Uint8Array>;
  durableBytes: number;
  /** Written, not durable, in order. The running sync covers the first `covered`. */
  batches: DiskBatch<Tag>[];
  covered: number;
  syncDoneAt: number;
  /** The volatile buffer was lost: the running sync ends without its writes, with an error. */
  isDropped: boolean;
  /** What the stalled sync had left, or null. */
  stalledUs: number | null;
  volatileBytes: number;
  volatileWrites: number;
  /** Ordered by (doneAt, issue). */
  reads: DiskRead[];
  tricks: DiskTrick[];
  /** Keys whose value cannot be read until it is written again. */
  readonly unreadable: Set<string>;
  counters: DiskCounters;
}

/** Tricks that wait for their write; more are forgotten. */
const MAX_TRICKS = 16;

const noFaults: DiskFaults = {
  slowPercent: 100,
  full: false,
  failSync: false,
  failRead: false,
  stall: false,
};

const sizeOf = (key: string, bytes: Uint8Array): number => key.length + bytes.length;

/** The keys come in one order, whichever they were written in: what a node makes of its disk must not depend on it. */
export function makeDisk<Tag>(image: DiskImage, spec: DiskSpec, prng: Prng): DiskState<Tag> {
  const { durable, snapshot } = splitImage(image);
  let durableBytes = 0;
  for (const [key, bytes] of durable) durableBytes += sizeOf(key, bytes);
  return {
    spec,
    prng,
    faults: noFaults,
    durable,
    snapshot,
    durableBytes,
    batches: [],
    covered: 0,
    syncDoneAt: NEVER,
    isDropped: false,
    stalledUs: null,
    volatileBytes: 0,
    volatileWrites: 0,
    reads: [],
    tricks: [],
    unreadable: new Set(),
    counters: {
      syncs: 0,
      failedSyncs: 0,
      refused: 0,
      failedReads: 0,
      survived: 0,
      lost: 0,
      torn: 0,
      rotted: 0,
      lostWrites: 0,
      misdirected: 0,
      unreadable: 0,
    },
  };
}

function grossBytes(writes: readonly Write[]): number {
  let bytes = 0;
  for (const write of writes) if (write.bytes !== null) bytes += sizeOf(write.key, write.bytes);
  return bytes;
}

/** By how much the image grows beyond what is durable, exactly. */
function growthOf(disk: DiskState<unknown>, writes: readonly Write[]): number {
  let growth = 0;
  for (const { key, bytes } of writes) {
    const old = disk.durable.get(key);
    growth += (bytes === null ? 0 : sizeOf(key, bytes)) - (old === undefined ? 0 : sizeOf(key, old));
  }
  return growth;
}

function refuses(disk: DiskState<unknown>, writes: readonly Write[], gross: number): boolean {
  const isNear = disk.durableBytes + disk.volatileBytes + gross > disk.spec.limitBytes;
  return (disk.faults.full || isNear) && growthOf(disk, writes) > 0;
}

/** Takes a batch, or says at once why not; a refused batch has no effect at all. */
export function writeDisk<Tag>(
  disk: DiskState<Tag>,
  now: number,
  writes: readonly Write[],
  tag: Tag,
): DiskError | null {
  const bytes = grossBytes(writes);
  if (refuses(disk, writes, bytes)) {
    disk.counters.refused++;
    return 'DISK_FULL';
  }
  disk.batches.push({ writes, bytes, tag });
  disk.volatileBytes += bytes;
  disk.volatileWrites += writes.length;
  if (disk.covered === 0) startSync(disk, now);
  return null;
}

const transferUs = (disk: DiskState<unknown>, bytes: number): number =>
  Math.ceil(bytes / disk.spec.bandwidth);

function startSync(disk: DiskState<unknown>, now: number): void {
  let bytes = 0;
  for (const batch of disk.batches) bytes += batch.bytes;
  const jitter = disk.spec.syncJitterUs === 0 ? 0 : nextBelow(disk.prng, disk.spec.syncJitterUs + 1);
  const base = disk.spec.syncUs + jitter + transferUs(disk, bytes);
  const us = Math.max(1, Math.trunc((base * disk.faults.slowPercent) / 100));
  disk.covered = disk.batches.length;
  if (disk.faults.stall) disk.stalledUs = us;
  else disk.syncDoneAt = now + us;
}

/** Takes a read; its values are those of its completion. */
export function readDisk(
  disk: DiskState<unknown>,
  now: number,
  id: number,
  keys: readonly string[],
  ordinal: number,
): void {
  let bytes = 0;
  for (const key of keys) bytes += currentValue(disk, key)?.length ?? 0;
  const doneAt = now + Math.max(1, disk.spec.readUs + transferUs(disk, bytes));
  const reads = disk.reads;
  let place = reads.length;
  while (place > 0 && (reads[place - 1] as DiskRead).doneAt > doneAt) place--;
  reads.splice(place, 0, { doneAt, id, keys, ordinal });
}

function currentValue(disk: DiskState<unknown>, key: string): Uint8Array | null {
  for (let b = disk.batches.length - 1; b >= 0; b--) {
    const { writes } = disk.batches[b] as DiskBatch<unknown>;
    for (let i = writes.length - 1; i >= 0; i--) {
      const write = writes[i] as Write;
      if (write.key === key) return write.bytes;
    }
  }
  return disk.durable.get(key) ?? null;
}

/** When the device next does something by itself. */
export function nextDiskAt(disk: DiskState<unknown>): number {
  const first = disk.reads[0];
  return first === undefined || disk.syncDoneAt <= first.doneAt ? disk.syncDoneAt : first.doneAt;
}

export type DiskEvent<Tag> =
  | { readonly kind: 'synced'; readonly tags: readonly Tag[]; readonly error: 'EIO' | null }
  | {
      readonly kind: 'read';
      readonly read: DiskRead;
      readonly values: readonly (Uint8Array | null)[];
      readonly error: 'EIO' | null;
    };

/** Works off the device's next event, which is due at `now`; durable writes are appended to `durable`. */
export function completeDisk<Tag>(disk: DiskState<Tag>, now: number, durable: Write[]): DiskEvent<Tag> {
  if (disk.syncDoneAt <= now) return finishSync(disk, now, durable);
  const read = disk.reads.shift();
  assert(read !== undefined && read.doneAt <= now, 'the disk has an event due');
  if (disk.faults.failRead || read.keys.some((key) => isUnreadable(disk, key))) {
    disk.counters.failedReads++;
    return { kind: 'read', read, values: [], error: 'EIO' };
  }
  return { kind: 'read', read, values: read.keys.map((key) => currentValue(disk, key)), error: null };
}

function finishSync<Tag>(disk: DiskState<Tag>, now: number, durable: Write[]): DiskEvent<Tag> {
  const done = disk.batches.splice(0, disk.covered);
  const { isDropped } = disk;
  const failSync = disk.faults.failSync || isDropped;
  disk.isDropped = false;
  const tags: Tag[] = [];
  for (const batch of done) {
    tags.push(batch.tag);
    disk.volatileBytes -= batch.bytes;
    disk.volatileWrites -= batch.writes.length;
    for (const write of batch.writes) {
      if (isDropped) disk.counters.lost++;
      else if (failSync) keepByChance(disk, write, durable);
      else if (disk.tricks.length === 0 || !playTrick(disk, write, durable)) applyWrite(disk, write, durable);
    }
  }
  disk.counters.syncs++;
  if (failSync) disk.counters.failedSyncs++;
  disk.covered = 0;
  disk.syncDoneAt = NEVER;
  if (disk.batches.length > 0) startSync(disk, now);
  return { kind: 'synced', tags, error: failSync ? 'EIO' : null };
}

/** A value that waits to be synced is read from there. */
function isUnreadable(disk: DiskState<unknown>, key: string): boolean {
  if (disk.unreadable.size === 0 || !disk.unreadable.has(key)) return false;
  return currentValue(disk, key) === disk.durable.get(key);
}

/** The write is lost or lands on another value, if a trick waits for one of its kind; the device says nothing. */
function playTrick(disk: DiskState<unknown>, { key, bytes }: Write, durable: Write[]): boolean {
  if (bytes === null) return false;
  const at = disk.tricks.findIndex(({ prefix }) => key.startsWith(prefix));
  const trick = disk.tricks[at];
  if (trick === undefined) return false;
  if (trick.trick === 'lose') {
    disk.counters.lostWrites++;
  } else {
    const others = keysWith(disk, trick.prefix).filter((other) => other !== key);
    if (others.length === 0) return false;
    disk.counters.misdirected++;
    applyWrite(disk, { key: others[nextBelow(disk.prng, others.length)] as string, bytes }, durable);
  }
  disk.tricks.splice(at, 1);
  return true;
}

function keysWith(disk: DiskState<unknown>, prefix: string): string[] {
  const keys: string[] = [];
  for (const [key, bytes] of disk.durable) if (key.startsWith(prefix) && bytes.length > 0) keys.push(key);
  return keys.sort();
}

function applyWrite(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  if (disk.unreadable.size > 0) disk.unreadable.delete(write.key);
  const old = disk.durable.get(write.key);
  if (old !== undefined) disk.durableBytes -= sizeOf(write.key, old);
  if (write.bytes === null) {
    disk.durable.delete(write.key);
  } else {
    disk.durable.set(write.key, write.bytes);
    disk.durableBytes += sizeOf(write.key, write.bytes);
  }
  durable.push(write);
}

/** The fate of one write that no sync covered: it survives, is torn, or is lost. */
function keepByChance(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  const fate = nextBelow(disk.prng, 4);
  if (fate === 0) tear(disk, write, durable);
  else if (fate === 1) disk.counters.lost++;
  else keep(disk, write, durable);
}

function keep(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  disk.counters.survived++;
  applyWrite(disk, write, durable);
}

function tear(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  const { key, bytes } = write;
  if (bytes === null || bytes.length < 2) {
    disk.counters.lost++;
    return;
  }
  const cut = nextBetween(disk.prng, 1, bytes.length - 1);
  const old = disk.durable.get(key);
  const torn = new Uint8Array(Math.max(cut, old === undefined ? 0 : old.length));
  if (old !== undefined) torn.set(old);
  torn.set(bytes.subarray(0, cut));
  disk.counters.torn++;
  applyWrite(disk, { key, bytes: torn }, durable);
}

/** Power is lost: decides the fate of every write not synced and answers what changed durably. */
export function crashDisk(disk: DiskState<unknown>, mode: CrashFate): Write[] {
  const pending: Write[] = [];
  for (const batch of disk.batches) for (const write of batch.writes) pending.push(write);
  const durable: Write[] = [];
  if (typeof mode !== 'string') {
    const lost = new Set(mode.losing);
    for (const write of pending) {
      if (lost.has(write.key)) disk.counters.lost++;
      else keep(disk, write, durable);
    }
    forgetVolatile(disk);
    return durable;
  }
  if (mode === 'wiped' || mode === 'rolledBack') {
    disk.counters.lost += pending.length;
    const emptied = [...disk.durable.keys()].map((key): Write => ({ key, bytes: null }));
    for (const write of mode === 'wiped' ? emptied : rollbackWrites(disk)) applyWrite(disk, write, durable);
    forgetVolatile(disk);
    return durable;
  }
  // Four ways for a device to lose power: nothing kept, kept in order up to one torn write, any subset (twice).
  const way = mode === 'drawn' ? nextBelow(disk.prng, 4) : mode === 'loseAll' ? 0 : 1;
  if (way === 0) {
    disk.counters.lost += pending.length;
  } else if (way === 1) {
    const last = mode === 'tornLast' ? pending.length - 1 : nextBelow(disk.prng, pending.length + 1);
    pending.forEach((write, i) => {
      if (i < last) keep(disk, write, durable);
      else if (i === last) tear(disk, write, durable);
      else disk.counters.lost++;
    });
  } else {
    for (const write of pending) keepByChance(disk, write, durable);
  }
  forgetVolatile(disk);
  return durable;
}

function forgetVolatile(disk: DiskState<unknown>): void {
  disk.batches = [];
  disk.covered = 0;
  disk.syncDoneAt = NEVER;
  disk.isDropped = false;
  disk.stalledUs = null;
  disk.volatileBytes = 0;
  disk.volatileWrites = 0;
  disk.reads = [];
}

/** The device forgets what it has not made durable: all that waits ends now, with an error. */
export function dropBuffer(disk: DiskState<unknown>, now: number): void {
  if (disk.batches.length === 0) return;
  disk.covered = disk.batches.length;
  disk.isDropped = true;
  disk.stalledUs = null;
  disk.syncDoneAt = now;
}

/** Sets faults; a stall holds the running sync and gives it back what it had left. */
export function setDiskFaults(disk: DiskState<unknown>, now: number, faults: Partial<DiskFaults>): void {
  disk.faults = { ...disk.faults, ...faults };
  if (disk.faults.stall && disk.syncDoneAt !== NEVER) {
    disk.stalledUs = Math.max(1, disk.syncDoneAt - now);
    disk.syncDoneAt = NEVER;
  } else if (!disk.faults.stall && disk.stalledUs !== null) {
    disk.syncDoneAt = now + disk.stalledUs;
    disk.stalledUs = null;
  }
}

/** Flips one bit of one durable value whose key has the prefix; both are drawn from `prng` unless `pick` names the key. */
export function rotDisk(
  disk: DiskState<unknown>,
  prefix: string,
  pick: number | null,
  prng: Prng,
  durable: Write[],
): string | null {
  const keys = keysWith(disk, prefix);
  if (keys.length === 0) return null;
  const draw = nextBelow(prng, keys.length);
  const key = keys[pick === null ? draw : pick % keys.length] as string;
  const old = disk.durable.get(key) as Uint8Array;
  const bit = nextBelow(prng, old.length * 8);
  const bytes = old.slice();
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  disk.counters.rotted++;
  applyWrite(disk, { key, bytes }, durable);
  return key;
}

/** The sectors of one value fail: it cannot be read, and what a later life finds there is damaged. */
export function failValue(
  disk: DiskState<unknown>,
  prefix: string,
  pick: number | null,
  prng: Prng,
  durable: Write[],
): string | null {
  const key = rotDisk(disk, prefix, pick, prng, durable);
  if (key === null) return null;
  disk.counters.rotted--;
  disk.counters.unreadable++;
  disk.unreadable.add(key);
  return key;
}

/** From now on the device waits for a write to play its trick on; `none`: it is honest again. */
export function trickDisk(
  disk: DiskState<unknown>,
  trick: DiskTrick['trick'] | 'none',
  prefix: string,
): void {
  if (trick === 'none') disk.tricks = [];
  else if (disk.tricks.length < MAX_TRICKS) disk.tricks.push({ trick, prefix });
}

/** Keys listed of writes not yet durable. */
const UNSYNCED_SHOWN = 64;

/** `isShown`: for a screen, which also wants to know what would be lost. */
export function diskUse(disk: DiskState<unknown>, isShown: boolean): DiskUse {
  const use: DiskUse = {
    pending: disk.batches.length,
    volatileWrites: disk.volatileWrites,
    volatileBytes: disk.volatileBytes,
    bytes: disk.durableBytes,
    limitBytes: disk.spec.limitBytes,
  };
  const shown: DiskUse = disk.snapshot.size === 0 ? use : { ...use, hasSnapshot: true };
  return isShown ? { ...shown, unsynced: unsyncedKeys(disk) } : shown;
}

function unsyncedKeys(disk: DiskState<unknown>): readonly string[] {
  const keys = new Set<string>();
  for (const { writes } of disk.batches)
    for (const { key } of writes) if (keys.size < UNSYNCED_SHOWN) keys.add(key);
  return [...keys];
}
