// Survival of writes that no sync covered, when power is lost or a sync fails. A torn write is the new bytes up to a point
// and the old value beyond it, as a device leaves them.

import { nextBelow, nextBetween } from '../base/prng.ts';
import type { Write } from '../core/kernel/door.ts';
import { rollbackWrites } from './disk-snapshot.ts';
import { applyWrite, type DiskState } from './disk-state.ts';
import { type ChosenSurvival, type CrashSurvival, type Kept, NEVER } from './types.ts';

/** Power is lost: decides which writes not synced survive and answers what changed durably. */
export function crashDisk(disk: DiskState<unknown>, mode: CrashSurvival): Write[] {
  const pending: Write[] = [];
  for (const batch of disk.batches) for (const write of batch.writes) pending.push(write);
  const durable: Write[] = [];
  if (typeof mode !== 'string') {
    const survives = survivalOf(mode);
    pending.forEach((write, i) => {
      if (survives(write.key, i)) keep(disk, write, durable);
      else disk.counters.lost++;
    });
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

const isKeptBy = (kept: Kept, key: string, index: number): boolean =>
  kept.which === 'first' ? index < kept.count : key.includes(kept.part) === (kept.which === 'only');

/** Which of the writes that no sync covered survive, by their keys and places in line. */
export function survivalOf(mode: ChosenSurvival): (key: string, index: number) => boolean {
  if ('keeping' in mode) return (key, index) => isKeptBy(mode.keeping, key, index);
  const lost = new Set(mode.losing);
  return (key) => !lost.has(key);
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

/** Survival of one write that no sync covered: it survives, is torn, or is lost. */
export function keepByChance(disk: DiskState<unknown>, write: Write, durable: Write[]): void {
  const draw = nextBelow(disk.prng, 4);
  if (draw === 0) tear(disk, write, durable);
  else if (draw === 1) disk.counters.lost++;
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
