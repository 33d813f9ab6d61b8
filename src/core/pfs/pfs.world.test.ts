// The file system held against a plain model over random calls (model.ts): every answer, the whole tree, what a reader has, what a new
// mount finds, and fsck. `npm run deep` makes 300,000.

import { expect, test } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../../base/prng.ts';
import { isSame } from '../../base/same-plain.ts';
import { drawn } from '../../testing/depth.ts';
import { fsck } from './fsck.ts';
import { geometries } from './geometry.ts';
import { freeCount } from './metadata.ts';
import type { Call, Mount } from './mount-state.ts';
import {
  callOn,
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
} from './testing/memory-device.ts';
import { callModel, type Model, makeModel, treeOf } from './testing/model.ts';
import { randomCall } from './testing/random-calls.ts';

const CALLS = 1_000;
const SEEDS = drawn(18, 300);

interface Counts {
  calls: number;
  ok: number;
  mounts: number;
  reloads: number;
  readonly errors: Map<string, number>;
}

const say = (result: unknown): string =>
  result instanceof Uint8Array ? `${result.length} bytes` : String(result);

function expectSameTree(device: MemoryDevice, mount: Mount, model: Model): void {
  for (const [path, bytes] of treeOf(model)) {
    const size = bytes?.length ?? 0;
    if (bytes === null) must(device, mount, { kind: 'readdir', path });
    else {
      const read = must(device, mount, { kind: 'pread', file: path, offset: 0, length: size + 1 });
      if (!isSame(read, bytes)) throw new Error(`${path} differs`);
    }
  }
  expect(freeCount(mount.meta, 'blktag')).toBe(model.freeBlocks);
  expect(freeCount(mount.meta, 'inode')).toBe(model.freeInodes);
  expect(freeCount(mount.meta, 'direntry')).toBe(model.freeDirentries);
}

function expectClean(device: MemoryDevice, mount: Mount, model: Model): void {
  const loaded = mountDevice(device, 'fsck').mount;
  const orphans = [...model.files.values()].some(({ file }) => !file.isLinked);
  const lines = fsck(loaded).filter((line) => !(orphans && line.startsWith('ORPHAN_INODE')));
  expect(lines).toEqual([]);
  expect(isSame(loaded.meta.chunks, mount.meta.chunks)).toBe(true);
}

function play(seed: number, counts: Counts): void {
  const prng = makePrng(seed, 'pfs');
  const [g, chunks] = seed % 3 === 0 ? [geometries.demo, 2] : [geometries.mini, 1];
  const device = makeMemoryDevice(g, chunks);
  mkfs(device);
  let { mount } = mountDevice(device);
  const reader = mountDevice(device, 'ro').mount;
  const free = freeCount(mount.meta, 'blktag');
  const inodes = freeCount(mount.meta, 'inode');
  const model = makeModel(g.blockBytes, { blocks: free, inodes, direntries: inodes });
  for (let i = 0; i < CALLS; i++) {
    // Every other run fills with names, the others with blocks.
    const call: Call =
      seed % 2 === 1 && nextChance(prng, 1, 8)
        ? { kind: 'create', path: `/n${nextBelow(prng, 40)}` }
        : randomCall(prng, model);
    const outcome = callOn(device, mount, call, i);
    const expected = callModel(model, call);
    const result = outcome.ok ? outcome.value : outcome.error;
    if (!isSame(result, expected))
      throw new Error(
        `seed ${seed}, call ${i} ${JSON.stringify({ ...call, bytes: null })}: ${say(result)}, not ${say(expected)}`,
      );
    counts.calls++;
    if (outcome.ok) counts.ok++;
    else counts.errors.set(outcome.error, (counts.errors.get(outcome.error) ?? 0) + 1);
    if (nextChance(prng, 1, 50)) {
      const synced = callOn(device, reader, { kind: 'sync' });
      if (!synced.ok) throw new Error(synced.error);
      if (JSON.stringify(synced.value).includes('RELOAD')) counts.reloads++;
      expect(isSame(reader.meta.chunks, mount.meta.chunks)).toBe(true);
      expectSameTree(device, nextChance(prng, 1, 2) ? reader : mount, model);
    }
    if (nextChance(prng, 1, 100)) expectClean(device, mount, model);
    if (nextBelow(prng, 200) === 0) {
      // The writer crashes between calls: open files are closed, what only they held goes.
      for (const fd of [...model.files.keys()]) callModel(model, { kind: 'close', fd });
      model.nextFd = 3;
      ({ mount } = mountDevice(device));
      counts.mounts++;
      expectSameTree(device, mount, model);
    }
  }
}

test(`FS-21 FS-31 FS-33 FS-36 FS-37 FS-39 FS-66 ${SEEDS * CALLS} random calls answer as a plain model does`, () => {
  const counts: Counts = { calls: 0, ok: 0, mounts: 0, reloads: 0, errors: new Map() };
  for (let seed = 0; seed < SEEDS; seed++) play(seed, counts);
  expect(counts.calls).toBe(SEEDS * CALLS);
  expect(counts.ok).toBeGreaterThan(counts.calls / 5);
  expect(counts.mounts).toBeGreaterThan(SEEDS);
  expect(counts.reloads).toBeGreaterThan(SEEDS);
  for (const error of [
    'ENOENT',
    'EEXIST',
    'ENOTDIR',
    'EISDIR',
    'ENOTEMPTY',
    'EINVAL',
    'EBUSY',
    'EPERM',
    'EBADF',
    'ENOSPC',
    'EPFS_FILE_2MANY',
    'ENAMETOOLONG',
  ])
    expect(counts.errors.get(error) ?? 0, error).toBeGreaterThan(0);
});
