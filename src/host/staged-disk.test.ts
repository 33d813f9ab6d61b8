// A disk whose owner may end between any two steps of a change of runs: who opens it next has what was decided.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { type MemoryDisks, openMemoryDisk } from './idb-disk.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
const stamp = { until: 0 as Time, ordinal: 0, life: 1, hash: '0'.repeat(16) };
const staged = {
  turn: 'second',
  writes: [
    { key: 'a', bytes: bytes(2) },
    { key: 'b', bytes: null },
    { key: 'c', bytes: bytes(3) },
  ],
  stamp: null,
};
const before = [
  ['a', bytes(1)],
  ['b', bytes(1)],
] as const;
const after = [
  ['a', bytes(2)],
  ['c', bytes(3)],
] as const;

/** Opens it for a lab that decided this last, and answers what it holds and whether anything is staged. */
async function opened(disks: MemoryDisks, turn: string | null) {
  const { image } = await openMemoryDisk(disks, { database: 'd', epoch: 1, turn }).load();
  return { image: [...image].sort(([a], [b]) => (a < b ? -1 : 1)), staged: disks.get('d')?.staged };
}

async function stagedDisk() {
  const disks: MemoryDisks = new Map();
  const disk = openMemoryDisk(disks, { database: 'd', epoch: 1, turn: 'first' });
  await disk.commit(
    before.map(([key, value]) => ({ key, bytes: value })),
    stamp,
  );
  await disk.stage(staged);
  return { disks, disk };
}

test('what is staged is not the disk’s, and goes where the lab has decided otherwise', async () => {
  const { disks, disk } = await stagedDisk();
  expect([...(await disk.load()).image]).toEqual(before);
  expect(await opened(disks, 'first')).toEqual({ image: before, staged: null });
  // It is gone for good: a later decision by that name finds nothing.
  expect(await opened(disks, 'second')).toEqual({ image: before, staged: null });
});

test('what is staged becomes the disk’s where the lab has decided for it, whoever opens it', async () => {
  const { disks } = await stagedDisk();
  expect(await opened(disks, 'second')).toEqual({ image: after, staged: null });
  expect(await opened(disks, 'second')).toEqual({ image: after, staged: null });
});

test('a change that is settled or given up leaves nothing staged; another one takes its place', async () => {
  const settled = await stagedDisk();
  await settled.disk.settle();
  expect(await opened(settled.disks, 'second')).toEqual({ image: after, staged: null });
  const dropped = await stagedDisk();
  await dropped.disk.unstage();
  expect(await opened(dropped.disks, 'second')).toEqual({ image: before, staged: null });
  const replaced = await stagedDisk();
  await replaced.disk.stage({ ...staged, turn: 'third', writes: [{ key: 'a', bytes: null }] });
  expect(await opened(replaced.disks, 'third')).toEqual({ image: [['b', bytes(1)]], staged: null });
});
