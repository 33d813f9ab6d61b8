// F24: a disk's snapshot and the way back to it.

import { expect, test } from 'vitest';
import { makePrng } from '../base/prng.ts';
import type { Write } from '../core/kernel/door.ts';
import { crashDisk } from './disk-crash.ts';
import { rotDisk } from './disk-faults.ts';
import { completeDisk, diskUse, nextDiskAt, writeDisk } from './disk-model.ts';
import { splitImage, takeSnapshot, wholeImage } from './disk-snapshot.ts';
import { type DiskState, makeDisk } from './disk-state.ts';

const bytes = (value: number): Uint8Array => new Uint8Array([value]);
const spec = { syncUs: 10, syncJitterUs: 0, readUs: 1, bandwidth: 100, limitBytes: 1000 };
const open = (image: ReadonlyMap<string, Uint8Array>): DiskState<null> =>
  makeDisk(image, spec, makePrng(1, 'disk'));
const shown = (image: ReadonlyMap<string, Uint8Array>): string[] =>
  [...image].map(([key, [value]]) => `${key}=${value}`);

function write(disk: DiskState<null>, ...writes: readonly (readonly [string, number | null])[]): void {
  const list = writes.map(([key, value]): Write => ({ key, bytes: value === null ? null : bytes(value) }));
  writeDisk(disk, 0, list, null);
}

function sync(disk: DiskState<null>): void {
  completeDisk(disk, nextDiskAt(disk), []);
}

/** What a host that commits every durable write has, from the image that the disk was opened with. */
function host(image: ReadonlyMap<string, Uint8Array>, written: readonly Write[]): Map<string, Uint8Array> {
  const next = new Map(image);
  for (const write of written) {
    if (write.bytes === null) next.delete(write.key);
    else next.set(write.key, write.bytes);
  }
  return next;
}

test('a rolled back disk holds what was durable at the snapshot, nothing of what was written since, synced or not', () => {
  const disk = open(
    new Map([
      ['a', bytes(1)],
      ['b', bytes(1)],
    ]),
  );
  write(disk, ['c', 1]); // not synced, so not in the snapshot
  takeSnapshot(disk, []);
  sync(disk);
  write(disk, ['a', 2], ['b', null]);
  sync(disk);
  write(disk, ['d', 2]);
  expect(shown(disk.durable)).toEqual(['a=2', 'c=1']);
  crashDisk(disk, 'rolledBack');
  expect(shown(disk.durable).sort()).toEqual(['a=1', 'b=1']);
  expect(diskUse(disk, false)).toMatchObject({ bytes: 4, pending: 0, hasSnapshot: true });
});

test('the writes reported are the whole change: a host that commits them opens the same disk, snapshot included', () => {
  const image = new Map([['a', bytes(1)]]);
  const disk = open(image);
  const written: Write[] = [];
  takeSnapshot(disk, written);
  write(disk, ['a', 2], ['b', 2]);
  completeDisk(disk, nextDiskAt(disk), written);
  const killed = open(host(image, written)); // the host died right after it
  expect(shown(killed.durable)).toEqual(['a=2', 'b=2']);
  written.push(...crashDisk(disk, 'rolledBack'));
  const reopened = open(host(image, written));
  expect(shown(reopened.durable)).toEqual(['a=1']);
  expect(shown(reopened.snapshot)).toEqual(['a=1']);
  expect(shown(wholeImage(reopened))).toEqual(shown(host(image, written)));
  crashDisk(killed, 'rolledBack');
  expect(shown(killed.durable)).toEqual(['a=1']);
});

test('a later snapshot takes the place of the one before; a wiped disk keeps it, and rot and limits pass it by', () => {
  const image = new Map([
    ['a', bytes(1)],
    ['b', bytes(1)],
  ]);
  const disk = open(image);
  const written: Write[] = [];
  takeSnapshot(disk, written);
  write(disk, ['a', null]);
  completeDisk(disk, nextDiskAt(disk), written);
  takeSnapshot(disk, written);
  expect(shown(splitImage(host(image, written)).snapshot)).toEqual(['b=1']);
  expect(rotDisk(disk, '', null, makePrng(1, 'rot'), [])).toBe('b');
  expect(diskUse(disk, false).bytes).toBe(2);
  crashDisk(disk, 'wiped');
  expect([disk.durable.size, disk.snapshot.size]).toEqual([0, 1]);
  crashDisk(disk, 'rolledBack');
  expect(shown(disk.durable)).toEqual(['b=1']);
});

test('without a snapshot the disk stays as it is', () => {
  const disk = open(new Map([['a', bytes(1)]]));
  write(disk, ['b', 2]);
  expect(crashDisk(disk, 'rolledBack')).toEqual([]);
  expect(shown(disk.durable)).toEqual(['a=1']);
  expect(diskUse(disk, false).hasSnapshot).toBeUndefined();
});
