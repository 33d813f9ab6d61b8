// What goes wrong with a disk while its node lives: slow, stalled or failing syncs, values that rot or cannot be read, and
// a device that says it wrote and did something else.

import { nextBelow, type Prng } from '../base/prng.ts';
import type { Write } from '../core/kernel/door.ts';
import { applyWrite, currentValue, type DiskState, type DiskTrick, keysWith } from './disk-state.ts';
import { type DiskFaults, NEVER } from './types.ts';

/** Tricks that wait for their write; more are forgotten. */
const MAX_TRICKS = 16;

/** Sets faults; a stall holds the running sync and gives it back what it had left. */
export function setDiskFaults(disk: DiskState<unknown>, now: number, faults: Partial<DiskFaults>): void {
  disk.faults = { ...disk.faults, ...faults };
  disk.fullAt = disk.faults.full ? (disk.fullAt ?? disk.durableBytes + disk.volatileBytes) : null;
  if (disk.faults.stall && disk.syncDoneAt !== NEVER) {
    disk.stalledUs = Math.max(1, disk.syncDoneAt - now);
    disk.syncDoneAt = NEVER;
  } else if (!disk.faults.stall && disk.stalledUs !== null) {
    disk.syncDoneAt = now + disk.stalledUs;
    disk.stalledUs = null;
  }
}

/** The device forgets what it has not made durable: all that waits ends now, with an error. */
export function dropBuffer(disk: DiskState<unknown>, now: number): void {
  if (disk.batches.length === 0) return;
  disk.covered = disk.batches.length;
  disk.isDropped = true;
  disk.stalledUs = null;
  disk.syncDoneAt = now;
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

/** A value that waits to be synced is read from there. */
export function isUnreadable(disk: DiskState<unknown>, key: string): boolean {
  if (disk.unreadable.size === 0 || !disk.unreadable.has(key)) return false;
  return currentValue(disk, key) === disk.durable.get(key);
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

/** The write is lost or lands on another value, if a trick waits for one of its kind; the device says nothing. */
export function playTrick(disk: DiskState<unknown>, { key, bytes }: Write, durable: Write[]): boolean {
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
