// Worked vectors of docs/spec/polarfs.md §9 that need no chunk groups: W-1 to W-10.

import { describe, expect, it } from 'vitest';
import { firstSectorOf, geometries, superblockSectors } from './geometry.ts';
import type { Leader } from './journal.ts';
import { freeCount } from './metadata.ts';
import { beginCall, resume } from './mount.ts';
import type { Mount, StatFs } from './mount-state.ts';
import {
  callOn,
  copyDevice,
  errorOfCall,
  fsckDevice,
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
  perform,
} from './testing/memory-device.ts';
import { namesIn } from './tree.ts';

type Name = keyof typeof geometries;

function made(name: Name, chunks: number): { device: MemoryDevice; mount: Mount } {
  const device = makeMemoryDevice(geometries[name], chunks);
  expect(mkfs(device)).toEqual({ ok: true, value: null });
  const { mount, outcome } = mountDevice(device);
  expect(outcome.ok).toBe(true);
  return { device, mount };
}

const journalOf = ({ leader }: Mount): Leader => leader;
const fill = (length: number, byte = 7): Uint8Array => new Uint8Array(length).fill(byte);

/** Entries of each transaction that a call commits. */
function entriesOf(device: MemoryDevice, mount: Mount, call: Parameters<typeof beginCall>[2]): number[] {
  const counts: number[] = [];
  let last = mount.position;
  let step = beginCall(mount, 1, call);
  const note = (): void => {
    if (mount.position.tx === last.tx) return;
    counts.push(mount.position.lsn - last.lsn);
    last = mount.position;
  };
  while (step.kind !== 'done') {
    step = resume(mount, perform(device, mount.token, step));
    note();
  }
  expect(step.outcome.ok, JSON.stringify(step.outcome)).toBe(true);
  return counts;
}

describe('worked vectors of polarfs.md', () => {
  it.each([
    ['full', [1, 81, 145, 209], 1024],
    ['demo', [1, 11, 19, 27], 32],
    ['mini', [1, 6, 10, 14], 16],
  ] as const)('W-1 FS-1 FS-3 FS-6 layout of %s', (name, sectors, ofBlock) => {
    const g = geometries[name];
    const types = ['blktag', 'direntry', 'inode'] as const;
    expect([...types.map((type) => firstSectorOf(g, type)), superblockSectors(g)]).toEqual(sectors);
    expect(g.blockBytes / g.sectorBytes).toBe(ofBlock);
  });

  it('W-2 FS-2 FS-4 FS-10 FS-20 mkfs of 40 GiB, W-3 the gcc of S003', () => {
    const { device, mount } = made('full', 4);
    const { meta } = mount;
    expect(meta.room.blktag.map(({ free }) => free)).toEqual([2494, 2495, 2495, 2495]);
    expect([freeCount(meta, 'blktag'), freeCount(meta, 'inode'), freeCount(meta, 'direntry')]).toEqual([
      9979, 8189, 8189,
    ]);
    expect(mount.journal.slice(0, 5)).toEqual([4097, 8193, 12289, 2, 4098]);
    expect(must(device, mount, { kind: 'fmap', path: '/.pfs-paxos' })).toEqual([[0, 1, 4194304]]);

    expect(entriesOf(device, mount, { kind: 'mkdir', path: '/bin' })).toEqual([4]);
    expect(must(device, mount, { kind: 'stat', path: '/bin' })).toMatchObject({ ino: 2048, kind: 'dir' });
    expect(entriesOf(device, mount, { kind: 'create', path: '/bin/gcc' })).toEqual([3]);
    expect(must(device, mount, { kind: 'stat', path: '/bin/gcc' })).toMatchObject({ ino: 4096 });
    const bytes = fill(5 * 2 ** 20);
    expect(entriesOf(device, mount, { kind: 'append', file: '/bin/gcc', bytes })).toEqual([3, 3]);
    expect(must(device, mount, { kind: 'fmap', path: '/bin/gcc' })).toEqual([
      [0, 4161, 4194304],
      [1, 8257, 1048576],
    ]);
    expect(journalOf(mount)).toMatchObject({ headTx: 4, headLsn: 13, headOff: 3328 });
    expect(fsckDevice(device)).toEqual([]);
  }, 30_000);

  it('W-2 FS-33 one chunk of 10 GiB', () => {
    const { device, mount } = made('full', 1);
    expect(must(device, mount, { kind: 'statfs' }) as StatFs).toMatchObject({
      chunks: 1,
      freeBlocks: 2302,
      freeInodes: 2045,
    });
  }, 30_000);

  it('W-4 FS-21 too many files', () => {
    const { device, mount } = made('mini', 1);
    for (let i = 0; i < 13; i++) must(device, mount, { kind: 'create', path: `/${i}` });
    expect(errorOfCall(device, mount, { kind: 'create', path: '/13' })).toBe('EPFS_FILE_2MANY');
    expect(errorOfCall(device, mount, { kind: 'mkdir', path: '/13' })).toBe('EPFS_FILE_2MANY');
  });

  it('W-5 FS-21 FS-51 no space', () => {
    const { device, mount } = made('mini', 1);
    const block = geometries.mini.blockBytes;
    const free = (): number => (must(device, mount, { kind: 'statfs' }) as StatFs).freeBlocks;
    expect(free()).toBe(16);
    must(device, mount, { kind: 'create', path: '/a' });
    expect(errorOfCall(device, mount, { kind: 'append', file: '/a', bytes: fill(17 * block) })).toBe(
      'ENOSPC',
    );
    expect(must(device, mount, { kind: 'stat', path: '/a' })).toMatchObject({ size: 0, nblock: 0 });
    expect(entriesOf(device, mount, { kind: 'append', file: '/a', bytes: fill(16 * block) })).toEqual([
      17, 17,
    ]);
    expect(journalOf(mount)).toMatchObject({ headTx: 3, headLsn: 38, headOff: 9728 });
    expect(errorOfCall(device, mount, { kind: 'append', file: '/a', bytes: fill(1) })).toBe('ENOSPC');
    expect(entriesOf(device, mount, { kind: 'truncate', file: '/a', length: block })).toEqual([17]);
    expect(entriesOf(device, mount, { kind: 'unlink', path: '/a' })).toEqual([4, 2]);
    expect(free()).toBe(16);
    expect(fsckDevice(device)).toEqual([]);
  });

  it('W-6 FS-62 FS-63 a reader at 5 replays to 10', () => {
    const { device, mount } = made('demo', 1);
    for (let i = 0; i < 5; i++) must(device, mount, { kind: 'create', path: `/${i}` });
    const reader = mountDevice(device, 'ro').mount;
    for (let i = 5; i < 10; i++) must(device, mount, { kind: 'create', path: `/${i}` });
    expect(namesIn(reader.meta, '/')).toMatchObject({ value: { length: 7 } });
    const synced = must(device, reader, { kind: 'sync' });
    expect(synced).toEqual({ mode: 'REPLAY', from: 5, to: 10, txs: 5, entries: 20 });
    expect(must(device, reader, { kind: 'readdir', path: '/' })).toHaveLength(12);
    expect(must(device, reader, { kind: 'sync' })).toMatchObject({ mode: 'NONE', from: 10, to: 10 });
    expect(journalOf(mount)).toMatchObject({ headLsn: 40, headOff: 10240 });
    expect(reader.meta.chunks).toEqual(mount.meta.chunks);
  });

  it('W-7 FS-50 FS-54 FS-55 FS-56 FS-57 trim and reload', () => {
    const { device, mount } = made('mini', 1);
    const reader = mountDevice(device, 'ro').mount;
    const at: Leader[] = [];
    for (let i = 0; i < 20; i++) {
      must(device, mount, { kind: 'create', path: '/f' });
      must(device, mount, { kind: 'unlink', path: '/f' });
      at.push(mount.leader);
    }
    expect(at[2]).toMatchObject({ tailTx: 0, headTx: 9, headLsn: 27, headOff: 6912 });
    expect(at[5]).toMatchObject({ tailTx: 8, tailOff: 6656, headTx: 18, headOff: 13824 });
    expect(at[19]).toMatchObject({ tailTx: 48, tailOff: 4096, headTx: 60, headOff: 13312, headLsn: 180 });
    const synced = must(device, reader, { kind: 'sync' });
    expect(synced).toEqual({ mode: 'RELOAD', from: 0, to: 60, txs: 12, entries: 36 });
    expect(reader.meta.chunks).toEqual(mount.meta.chunks);
  });

  it('W-8 FS-34 FS-52 FS-61 FS-66 crashes', () => {
    const { device, mount } = made('mini', 1);
    must(device, mount, { kind: 'create', path: '/a' });
    /** The device when the call has done so many batches of writes. */
    const afterBatches = (call: Parameters<typeof beginCall>[2], batches: number): MemoryDevice => {
      const copy = copyDevice(device);
      const writer = mountDevice(copy).mount;
      let step = beginCall(writer, 0, call);
      for (let left = batches; step.kind !== 'done' && (left > 0 || step.kind === 'read'); ) {
        if (step.kind === 'write') left--;
        step = resume(writer, perform(copy, writer.token, step));
      }
      return copy;
    };
    const namesOf = (crashed: MemoryDevice): unknown => {
      const { mount: again } = mountDevice(crashed);
      expect(fsckDevice(crashed)).toEqual([]);
      return must(crashed, again, { kind: 'readdir', path: '/' });
    };
    const create = { kind: 'create', path: '/b' } as const;
    const internal = ['.pfs-paxos', '.pfs-journal'];
    expect(namesOf(afterBatches(create, 1))).toEqual([...internal, 'a']);
    expect(namesOf(afterBatches(create, 2))).toEqual([...internal, 'a', 'b']);

    const append = { kind: 'append', file: '/a', bytes: fill(9000) } as const;
    const crashed = afterBatches(append, 4); // entries, leader, data, entries
    const { mount: again } = mountDevice(crashed);
    expect(must(crashed, again, { kind: 'stat', path: '/a' })).toMatchObject({ size: 0, nblock: 2 });
    expect(entriesOf(crashed, again, append)).toEqual([3]);

    const halfway = afterBatches({ kind: 'unlink', path: '/a' }, 2);
    expect(fsckDevice(copyDevice(halfway))).toEqual(['ORPHAN_INODE inode:3']);
    expect(namesOf(halfway)).toEqual(internal);
  });

  it('W-9 FS-31 FS-38 FS-39 errors', () => {
    const { device, mount } = made('mini', 1);
    must(device, mount, { kind: 'mkdir', path: '/d' });
    must(device, mount, { kind: 'create', path: '/d/f' });
    expect(errorOfCall(device, mount, { kind: 'rmdir', path: '/d' })).toBe('ENOTEMPTY');
    expect(errorOfCall(device, mount, { kind: 'rename', from: '/d', to: '/d/x' })).toBe('EINVAL');
    expect(entriesOf(device, mount, { kind: 'rename', from: '/d/f', to: '/g' })).toEqual([5]);
    expect(entriesOf(device, mount, { kind: 'rmdir', path: '/d' })).toEqual([5, 1]);
    expect(errorOfCall(device, mount, { kind: 'unlink', path: '/.pfs-journal' })).toBe('EPERM');
    expect(errorOfCall(device, mount, { kind: 'create', path: `/${'n'.repeat(64)}` })).toBe('ENAMETOOLONG');
    expect(errorOfCall(device, mount, { kind: 'create', path: '/g/x' })).toBe('ENOTDIR');
  });

  it('W-10 FS-8 FS-36 FS-37 holes', () => {
    const { device, mount } = made('mini', 1);
    must(device, mount, { kind: 'create', path: '/g' });
    must(device, mount, { kind: 'pwrite', file: '/g', offset: 10, bytes: fill(5, 9) });
    const read = (): number[] => [
      ...(must(device, mount, { kind: 'pread', file: '/g', offset: 0, length: 100 }) as Uint8Array),
    ];
    expect(read()).toEqual([...new Array(10).fill(0), 9, 9, 9, 9, 9]);
    must(device, mount, { kind: 'truncate', file: '/g', length: 12 });
    must(device, mount, { kind: 'truncate', file: '/g', length: 20 });
    expect(read()).toEqual([...new Array(10).fill(0), 9, 9, ...new Array(8).fill(0)]);
    expect(must(device, mount, { kind: 'fmap', path: '/g' })).toEqual([[0, 4, 12]]);
  });

  it('FS-11 mkfs refuses a device that has a file system, and one without a whole chunk', () => {
    const { device } = made('mini', 2);
    expect(mkfs(device)).toEqual({ ok: false, error: 'EBUSY' });
    expect(mkfs(device, 2, true).ok).toBe(true);
    expect(mkfs(makeMemoryDevice(geometries.mini, 1), 0.9)).toEqual({ ok: false, error: 'EINVAL' });
    const fresh = makeMemoryDevice(geometries.mini, 2);
    expect(mkfs(fresh, 1.5).ok).toBe(true);
    expect(callOn(fresh, mountDevice(fresh).mount, { kind: 'statfs' })).toMatchObject({
      value: { chunks: 1 },
    });
  });
});
