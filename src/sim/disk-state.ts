// One node's disk as plain data: a durable image and writes not yet synced, with what is wrong with the device.

import type { Prng } from '../base/prng.ts';
import type { DiskImage, Write } from '../core/kernel/door.ts';
import { splitImage } from './disk-snapshot.ts';
import { type DiskFaults, NEVER, noDiskFaults } from './types.ts';

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
  /** The fault `full` lasts: bytes, durable or not, that the disk held when it began. */
  fullAt: number | null;
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

export const sizeOf = (key: string, bytes: Uint8Array): number => key.length + bytes.length;

/** The keys come in one order, whichever they were written in: what a node makes of its disk must not depend on it. */
export function makeDisk<Tag>(image: DiskImage, spec: DiskSpec, prng: Prng): DiskState<Tag> {
  const { durable, snapshot } = splitImage(image);
  let durableBytes = 0;
  for (const [key, bytes] of durable) durableBytes += sizeOf(key, bytes);
  return {
    spec,
    prng,
    faults: noDiskFaults,
    fullAt: null,
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

export function currentValue(disk: DiskState<unknown>, key: string): Uint8Array | null {
  for (let b = disk.batches.length - 1; b >= 0; b--) {
    const { writes } = disk.batches[b] as DiskBatch<unknown>;
    for (let i = writes.length - 1; i >= 0; i--) {
      const write = writes[i] as Write;
      if (write.key === key) return write.bytes;
    }
  }
  return disk.durable.get(key) ?? null;
}

export function keysWith(disk: DiskState<unknown>, prefix: string): string[] {
  const keys: string[] = [];
  for (const [key, bytes] of disk.durable) if (key.startsWith(prefix) && bytes.length > 0) keys.push(key);
  return keys.sort();
}

export function applyWrite(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  if (disk.unreadable.size > 0) disk.unreadable.delete(write.key);
  const old = disk.durable.get(write.key);
  if (old !== undefined) disk.durableBytes -= sizeOf(write.key, old);
  if (write.bytes === null) {
    if (old !== undefined) disk.durable.delete(write.key);
  } else {
    disk.durable.set(write.key, write.bytes);
    disk.durableBytes += sizeOf(write.key, write.bytes);
  }
  durable.push(write);
}
