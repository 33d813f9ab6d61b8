// What one node's disk does: writes wait for a sync, one sync at a time (PRE-7), which makes durable exactly what was
// written before it began. Reads see what was written, synced or not.

import { assert } from '../base/assert.ts';
import { nextBelow } from '../base/prng.ts';
import type { DiskError, Room, Write } from '../core/kernel/door.ts';
import { keepByChance } from './disk-crash.ts';
import { isUnreadable, playTrick } from './disk-faults.ts';
import {
  applyWrite,
  currentValue,
  type DiskBatch,
  type DiskRead,
  type DiskState,
  sizeOf,
} from './disk-state.ts';
import { type DiskUse, NEVER } from './types.ts';

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

/** WAL-77: sixteenths of a disk that a batch leaves for batches of the other kinds. */
const KEPT: Readonly<Record<Room, number>> = { data: 2, freeing: 1, recovery: 0 };

/** Bytes that the disk has room for, whatever is wrong with it. */
export const sizeOfDisk = ({ spec, faults }: DiskState<unknown>): number =>
  Math.floor((spec.limitBytes * faults.roomPercent) / 100);

/** How far the disk may fill with batches of this kind. A disk that is full holds all the data that it takes. */
function limitOf(disk: DiskState<unknown>, room: Room): number {
  const { fullAt } = disk;
  const limitBytes = sizeOfDisk(disk);
  const part = Math.floor(limitBytes / 16);
  const limit = limitBytes - KEPT[room] * part;
  return fullAt === null ? limit : Math.min(limit, fullAt + (KEPT.data - KEPT[room]) * part);
}

function refuses(disk: DiskState<unknown>, writes: readonly Write[], gross: number, room: Room): boolean {
  const isNear = disk.durableBytes + disk.volatileBytes + gross > limitOf(disk, room);
  return (isNear || (room === 'data' && disk.faults.full)) && growthOf(disk, writes) > 0;
}

/** Takes a batch, or says at once why not; a refused batch has no effect at all. */
export function writeDisk<Tag>(
  disk: DiskState<Tag>,
  now: number,
  writes: readonly Write[],
  tag: Tag,
  room: Room = 'data',
): DiskError | null {
  const bytes = grossBytes(writes);
  if (refuses(disk, writes, bytes, room)) {
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

/** What the sync covers, which is nearly always all there is. */
function takeCovered<Tag>(disk: DiskState<Tag>): readonly DiskBatch<Tag>[] {
  const { batches, covered } = disk;
  if (covered < batches.length) return batches.splice(0, covered);
  disk.batches = [];
  return batches;
}

function finishSync<Tag>(disk: DiskState<Tag>, now: number, durable: Write[]): DiskEvent<Tag> {
  const done = takeCovered(disk);
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

/** Keys listed of writes not yet durable. */
const UNSYNCED_SHOWN = 64;

/** `isShown`: for a screen, which also wants to know what would be lost. */
export function diskUse(disk: DiskState<unknown>, isShown: boolean): DiskUse {
  const use: DiskUse = {
    pending: disk.batches.length,
    volatileWrites: disk.volatileWrites,
    volatileBytes: disk.volatileBytes,
    bytes: disk.durableBytes,
    limitBytes: sizeOfDisk(disk),
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
