// The contract of the file system, the same on every device that it runs on (docs/spec/polarfs.md §2 to §6).

import { describe, expect, it } from 'vitest';
import { isSame } from '../../base/same-plain.ts';
import { chunkBench } from '../chunk/testing/chunk-bench.ts';
import { geometries } from './geometry.ts';
import type { Mapped, Stat, StatFs } from './mount-state.ts';
import { type FsBench, madeFs, memoryBench, mounted, pattern } from './testing/bench.ts';

const devices: readonly (readonly [name: string, make: (chunks: number) => FsBench])[] = [
  ['memory', (chunks) => memoryBench(geometries.mini, chunks)],
  ['chunk groups', chunkBench],
];
const BLOCK = geometries.mini.blockBytes;
const INTERNAL = ['.pfs-paxos', '.pfs-journal'];

describe.each(devices)('the file system on %s', (_, make) => {
  it('FS-7 FS-30 FS-32 FS-40 names are found by their path and listed in the order of their making', () => {
    const { bench, call } = madeFs(make(1));
    call({ kind: 'mkdir', path: '/d' });
    call({ kind: 'create', path: '/d/z' });
    call({ kind: 'create', path: '//d/./a/' });
    expect(call({ kind: 'readdir', path: '/' })).toEqual([...INTERNAL, 'd']);
    expect(call({ kind: 'readdir', path: '/d' })).toEqual(['z', 'a']);
    expect(call({ kind: 'stat', path: '/d' })).toMatchObject({ kind: 'dir', size: 256 });
    expect(call({ kind: 'stat', path: '/d/A' })).toBe('ENOENT');
    expect(call({ kind: 'readdir', path: '/d/a' })).toBe('ENOTDIR');
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-22 FS-33 FS-35 FS-36 a file of several blocks is written, overwritten and appended to', () => {
    const { bench, call } = madeFs(make(1));
    call({ kind: 'create', path: '/f' });
    const bytes = pattern(3 * BLOCK + 100);
    expect(call({ kind: 'append', file: '/f', bytes })).toBe(bytes.length);
    expect(isSame(call({ kind: 'pread', file: '/f', offset: 0, length: 10 * BLOCK }), bytes)).toBe(true);
    const patch = pattern(2000, 5);
    call({ kind: 'pwrite', file: '/f', offset: BLOCK - 700, bytes: patch });
    bytes.set(patch, BLOCK - 700);
    call({ kind: 'append', file: '/f', bytes: pattern(1, 9) });
    const all = new Uint8Array([...bytes, ...pattern(1, 9)]);
    expect(isSame(call({ kind: 'pread', file: '/f', offset: 0, length: 10 * BLOCK }), all)).toBe(true);
    expect(
      isSame(
        call({ kind: 'pread', file: '/f', offset: BLOCK - 1, length: 3 }),
        all.slice(BLOCK - 1, BLOCK + 2),
      ),
    ).toBe(true);
    expect(isSame(call({ kind: 'pread', file: '/f', offset: all.length, length: 3 }), new Uint8Array())).toBe(
      true,
    );
    expect(call({ kind: 'fmap', path: '/f' })).toHaveLength(4);
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-20 FS-22 a file larger than a chunk lies in several', () => {
    const { bench, call } = madeFs(make(3));
    call({ kind: 'create', path: '/f' });
    const bytes = pattern(22 * BLOCK);
    expect(call({ kind: 'append', file: '/f', bytes })).toBe(bytes.length);
    const map = call({ kind: 'fmap', path: '/f' }) as readonly Mapped[];
    expect(new Set(map.map(([, blktag]) => Math.floor(blktag / 32)))).toEqual(new Set([0, 1, 2]));
    expect(isSame(call({ kind: 'pread', file: '/f', offset: 0, length: 22 * BLOCK }), bytes)).toBe(true);
    const again = mounted(bench);
    expect(isSame(again.call({ kind: 'pread', file: '/f', offset: 0, length: 22 * BLOCK }), bytes)).toBe(
      true,
    );
    expect(again.call({ kind: 'truncate', file: '/f', length: 5 })).toBe(null);
    expect(again.call({ kind: 'unlink', path: '/f' })).toBe(null);
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-8 FS-34 FS-35 what was never written reads as zero, also in a block that had another owner', () => {
    const { bench, call } = madeFs(make(1));
    call({ kind: 'create', path: '/old' });
    call({ kind: 'append', file: '/old', bytes: pattern(16 * BLOCK, 3) });
    call({ kind: 'unlink', path: '/old' });
    call({ kind: 'create', path: '/f' });
    call({ kind: 'pwrite', file: '/f', offset: 2 * BLOCK + 1000, bytes: pattern(10) });
    call({ kind: 'pwrite', file: '/f', offset: 100, bytes: pattern(10) });
    const size = 2 * BLOCK + 1010;
    const bytes = new Uint8Array(size);
    bytes.set(pattern(10), 100);
    bytes.set(pattern(10), 2 * BLOCK + 1000);
    expect(isSame(call({ kind: 'pread', file: '/f', offset: 0, length: size }), bytes)).toBe(true);
    call({ kind: 'truncate', file: '/f', length: 105 });
    call({ kind: 'truncate', file: '/f', length: size });
    expect(
      isSame(
        call({ kind: 'pread', file: '/f', offset: 0, length: size }),
        new Uint8Array(size).map((_, i) => (i < 105 ? (bytes[i] as number) : 0)),
      ),
    ).toBe(true);
    expect(call({ kind: 'stat', path: '/f' })).toMatchObject({ size, nblock: 1 });
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-38 FS-41 an open file outlives its name, and its blocks are free at its last close', () => {
    const { bench, call } = madeFs(make(1));
    const free = (): number => (call({ kind: 'statfs' }) as StatFs).freeBlocks;
    const fd = call({ kind: 'open', path: '/f', create: true }) as number;
    const second = call({ kind: 'open', path: '/f' }) as number;
    call({ kind: 'write', fd, bytes: pattern(BLOCK + 1) });
    call({ kind: 'rename', from: '/f', to: '/g' });
    expect(call({ kind: 'unlink', path: '/g' })).toBe(null);
    expect(call({ kind: 'stat', path: '/g' })).toBe('ENOENT');
    expect(call({ kind: 'fstat', fd })).toMatchObject({ size: BLOCK + 1, nlink: 0 });
    expect(call({ kind: 'write', fd, bytes: pattern(5) })).toBe(5);
    expect(call({ kind: 'read', fd: second, length: 20 })).toEqual(pattern(20));
    expect(call({ kind: 'fsync', fd })).toBe(null);
    expect(free()).toBe(14);
    call({ kind: 'close', fd });
    expect(bench.fsck()).toEqual(['ORPHAN_INODE inode:3']);
    call({ kind: 'close', fd: second });
    expect(free()).toBe(16);
    expect(call({ kind: 'close', fd })).toBe('EBADF');
    expect(call({ kind: 'fsync', fd })).toBe('EBADF');
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-31 FS-39 a rename over a file or an empty directory takes its place', () => {
    const { bench, call } = madeFs(make(1));
    for (const path of ['/d', '/e', '/d/sub']) call({ kind: 'mkdir', path });
    for (const path of ['/a', '/b']) call({ kind: 'create', path });
    call({ kind: 'append', file: '/b', bytes: pattern(10) });
    expect(call({ kind: 'rename', from: '/a', to: '/a' })).toBe(null);
    expect(call({ kind: 'rename', from: '/b', to: '/a' })).toBe(null);
    expect(isSame(call({ kind: 'pread', file: '/a', offset: 0, length: 99 }), pattern(10))).toBe(true);
    expect(call({ kind: 'rename', from: '/a', to: '/e' })).toBe('EISDIR');
    expect(call({ kind: 'rename', from: '/e', to: '/a' })).toBe('ENOTDIR');
    expect(call({ kind: 'rename', from: '/e', to: '/d' })).toBe('ENOTEMPTY');
    expect(call({ kind: 'rename', from: '/d', to: '/e' })).toBe(null);
    expect(call({ kind: 'readdir', path: '/' })).toEqual([...INTERNAL, 'a', 'e']);
    expect(call({ kind: 'rename', from: '/e', to: '/e/sub/x' })).toBe('EINVAL');
    expect(call({ kind: 'rename', from: '/', to: '/x' })).toBe('EBUSY');
    expect(call({ kind: 'rename', from: '/a', to: '/.pfs-journal' })).toBe('EPERM');
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-42 times are those of the call, and none of them starts a transaction', () => {
    const { mount, call } = madeFs(make(1));
    call({ kind: 'mkdir', path: '/d' }, 1000);
    call({ kind: 'create', path: '/d/f' }, 2000);
    const of = (path: string): Stat => call({ kind: 'stat', path }) as Stat;
    expect(of('/d')).toMatchObject({ btime: 1000, atime: 1000, mtime: 2000, ctime: 2000 });
    call({ kind: 'append', file: '/d/f', bytes: pattern(100) }, 3000);
    expect(of('/d/f')).toMatchObject({ btime: 2000, atime: 2000, mtime: 3000, ctime: 3000 });
    const { tx } = mount.position;
    call({ kind: 'pwrite', file: '/d/f', offset: 0, bytes: pattern(100, 1) }, 4000);
    call({ kind: 'pread', file: '/d/f', offset: 0, length: 9 }, 5000);
    call({ kind: 'truncate', file: '/d/f', length: 100 }, 5500);
    expect(mount.position.tx).toBe(tx);
    call({ kind: 'rename', from: '/d/f', to: '/g' }, 6000);
    expect(of('/g')).toMatchObject({ btime: 2000, mtime: 3000, ctime: 6000 });
    expect(of('/d')).toMatchObject({ mtime: 6000, ctime: 6000, size: 0 });
  });

  it('FS-64 FS-65 LI-2 a reader sees what is committed, refuses to change, and keeps up through laps of the journal', () => {
    const { bench, call } = madeFs(make(2));
    call({ kind: 'create', path: '/f' });
    const reader = mounted(bench, 'ro');
    for (const [kind, error] of [
      [{ kind: 'create', path: '/x' }, 'EROFS'],
      [{ kind: 'open', path: 'no path', create: true }, 'EROFS'],
      [{ kind: 'flushlog' }, 'EROFS'],
    ] as const)
      expect(reader.call(kind)).toBe(error);
    const fd = reader.call({ kind: 'open', path: '/f' }) as number;
    for (let i = 0; i < 30; i++) {
      call({ kind: 'append', file: '/f', bytes: pattern(1000, i) });
      expect(
        isSame(reader.call({ kind: 'pread', file: fd, offset: i * 1000, length: 5000 }), pattern(1000, i)),
      ).toBe(true);
      expect(reader.mount.meta.chunks).toEqual(mounted(bench, 'ro').mount.meta.chunks);
    }
    for (let i = 0; i < 30; i++) {
      call({ kind: 'create', path: '/g' });
      call({ kind: 'unlink', path: '/g' });
    }
    expect(reader.call({ kind: 'pread', file: fd, offset: 0, length: 1 })).toBe('EBADF');
    expect(
      isSame(reader.call({ kind: 'pread', file: '/f', offset: 0, length: 1000 }), pattern(1000, 0)),
    ).toBe(true);
    expect(reader.mount.leader.tailTx).toBeGreaterThan(30);
  });

  it('FS-41 a descriptor of a reader ends when its file is released', () => {
    const { bench, call } = madeFs(make(1));
    call({ kind: 'create', path: '/f' });
    const reader = mounted(bench, 'ro');
    const fd = reader.call({ kind: 'open', path: '/f' }) as number;
    call({ kind: 'unlink', path: '/f' });
    call({ kind: 'create', path: '/other' });
    expect(reader.call({ kind: 'fstat', fd })).toBe('EBADF');
    expect(reader.call({ kind: 'close', fd })).toBe(null);
  });

  it('FS-53 FS-55 flushlog empties the journal, a transaction that cannot fit is refused', () => {
    const { bench, mount, call } = madeFs(make(5));
    expect(call({ kind: 'flushlog' })).toBe('ENODATA');
    call({ kind: 'create', path: '/f' });
    expect(call({ kind: 'flushlog' })).not.toBe('ENODATA');
    expect(mount.leader).toMatchObject({ tailTx: 1, headTx: 1 });
    expect(call({ kind: 'append', file: '/f', bytes: pattern(70 * BLOCK) })).toBe('EFBIG');
    expect(call({ kind: 'stat', path: '/f' })).toMatchObject({ size: 0, nblock: 0 });
    for (let i = 0; i < 3; i++) call({ kind: 'append', file: '/f', bytes: pattern(25 * BLOCK, i) });
    expect(call({ kind: 'stat', path: '/f' })).toMatchObject({ size: 75 * BLOCK });
    expect(call({ kind: 'truncate', file: '/f', length: 0 })).toBe(null);
    expect(call({ kind: 'statfs' })).toMatchObject({ freeBlocks: 92 });
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-43 fallocate gives a file zeroed blocks by one transaction, or has no effect', () => {
    const { bench, mount, call } = madeFs(make(1));
    call({ kind: 'create', path: '/old' });
    call({ kind: 'append', file: '/old', bytes: pattern(3 * BLOCK) });
    call({ kind: 'unlink', path: '/old' });
    const { tx } = mount.position;
    expect(call({ kind: 'fallocate', path: '/f', length: 2 * BLOCK + 5 })).toBe(null);
    expect(mount.position.tx).toBe(tx + 1);
    expect(call({ kind: 'stat', path: '/f' })).toMatchObject({ size: 2 * BLOCK + 5, nblock: 3 });
    expect(call({ kind: 'pread', file: '/f', offset: 0, length: 3 * BLOCK })).toEqual(
      new Uint8Array(2 * BLOCK + 5),
    );
    call({ kind: 'pwrite', file: '/f', offset: 100, bytes: pattern(50) });
    expect(call({ kind: 'fallocate', path: '/f', length: 5 })).toBe(null); // all is there
    expect(mount.position.tx).toBe(tx + 1);
    expect(call({ kind: 'fallocate', path: '/f', length: 5 * BLOCK })).toBe(null);
    expect(call({ kind: 'pread', file: '/f', offset: 100, length: 50 })).toEqual(pattern(50));
    expect(call({ kind: 'fallocate', path: '/g', length: 60 * BLOCK })).toBe('ENOSPC');
    expect(call({ kind: 'stat', path: '/g' })).toBe('ENOENT');
    expect(call({ kind: 'fallocate', path: '/.pfs-journal', length: 9 })).toBe('EPERM');
    expect(call({ kind: 'fallocate', path: '/', length: 9 })).toBe('EISDIR');
    expect(call({ kind: 'fallocate', path: '/f', length: -1 })).toBe('EINVAL');
    expect(mounted(bench, 'ro').call({ kind: 'fallocate', path: '/f', length: 1 })).toBe('EROFS');
    const { call: again } = mounted(bench);
    expect(again({ kind: 'stat', path: '/f' })).toMatchObject({ size: 5 * BLOCK, nblock: 5 });
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-12 FS-13 it grows while it is mounted, and readers learn of it', () => {
    const { bench, call } = madeFs(make(1));
    const reader = mounted(bench, 'ro');
    call({ kind: 'create', path: '/f' });
    expect(call({ kind: 'append', file: '/f', bytes: pattern(17 * BLOCK) })).toBe('ENOSPC');
    expect(call({ kind: 'growfs', chunks: 1 })).toBe('EINVAL');
    expect(call({ kind: 'growfs', chunks: 2 })).toBe('EINVAL'); // the device has no second chunk yet
    bench.extend(3);
    expect(call({ kind: 'growfs', chunks: 3 })).toBe(3);
    expect(call({ kind: 'append', file: '/f', bytes: pattern(17 * BLOCK) })).toBe(17 * BLOCK);
    expect(call({ kind: 'statfs' })).toMatchObject({ chunks: 3, freeBlocks: 37 });
    expect(
      isSame(reader.call({ kind: 'pread', file: '/f', offset: 0, length: 17 * BLOCK }), pattern(17 * BLOCK)),
    ).toBe(true);
    expect(mounted(bench).call({ kind: 'statfs' })).toMatchObject({ chunks: 3, freeBlocks: 37 });
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-80 FS-82 FS-66 a new writer fences the old one, and has all that was acknowledged', () => {
    const { bench, mount, call } = madeFs(make(1));
    call({ kind: 'create', path: '/f' });
    const fd = call({ kind: 'open', path: '/f' }) as number;
    call({ kind: 'write', fd, bytes: pattern(100) });
    const next = mounted(bench);
    expect(call({ kind: 'create', path: '/g' })).toBe('TOKEN_STALE');
    expect(mount.state).toBe('fenced');
    expect(call({ kind: 'stat', path: '/f' })).toBe('TOKEN_STALE');
    expect(next.call({ kind: 'readdir', path: '/' })).toEqual([...INTERNAL, 'f']);
    expect(next.call({ kind: 'pread', file: '/f', offset: 0, length: 200 })).toEqual(pattern(100));
    expect(bench.fsck()).toEqual([]);
  });

  it('FS-31 each call refuses what it must, with no effect', () => {
    const { bench, mount, call } = madeFs(make(1));
    call({ kind: 'mkdir', path: '/d' });
    call({ kind: 'create', path: '/f' });
    const { tx } = mount.position;
    const rows = [
      [{ kind: 'create', path: '/f' }, 'EEXIST'],
      [{ kind: 'create', path: '/no/f' }, 'ENOENT'],
      [{ kind: 'create', path: 'f' }, 'EINVAL'],
      [{ kind: 'create', path: '/d/../x' }, 'EINVAL'],
      [{ kind: 'mkdir', path: '/' }, 'EEXIST'],
      [{ kind: 'mkdir', path: `/${'é'.repeat(32)}` }, 'ENAMETOOLONG'],
      [{ kind: 'mkdir', path: '/x'.repeat(2050) }, 'ENAMETOOLONG'],
      [{ kind: 'unlink', path: '/d' }, 'EISDIR'],
      [{ kind: 'unlink', path: '/' }, 'EISDIR'],
      [{ kind: 'rmdir', path: '/f' }, 'ENOTDIR'],
      [{ kind: 'rmdir', path: '/' }, 'EBUSY'],
      [{ kind: 'open', path: '/f', create: true, exclusive: true }, 'EEXIST'],
      [{ kind: 'open', path: '/d' }, 'EISDIR'],
      [{ kind: 'open', path: '/x' }, 'ENOENT'],
      [{ kind: 'pwrite', file: '/d', offset: 0, bytes: pattern(1) }, 'EISDIR'],
      [{ kind: 'pwrite', file: '/f', offset: -1, bytes: pattern(1) }, 'EINVAL'],
      [{ kind: 'truncate', file: '/.pfs-paxos', length: 0 }, 'EPERM'],
      [{ kind: 'truncate', file: '/f', length: -1 }, 'EINVAL'],
      [{ kind: 'pread', file: '/f', offset: 0, length: 2 ** 30 }, 'EINVAL'],
      [{ kind: 'read', fd: 77, length: 1 }, 'EBADF'],
      [{ kind: 'fmap', path: '/d' }, 'EISDIR'],
      [{ kind: 'sync' }, 'EINVAL'],
    ] as const;
    for (const [one, error] of rows) expect(call(one), JSON.stringify(one)).toBe(error);
    expect(mount.position.tx).toBe(tx);
    expect(bench.fsck()).toEqual([]);
  });
});
