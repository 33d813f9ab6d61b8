// fsck finds what was planted (docs/spec/polarfs.md FS-90): each fault is written to the device, past the file system, and seen from there.

import { expect, it } from 'vitest';
import { encodeHeader } from './chunk-header.ts';
import {
  geometries,
  headerPlace,
  OBJECT_BYTES,
  type ObjectType,
  objectPlace,
  sectorPlace,
} from './geometry.ts';
import { objectAt } from './metadata.ts';
import type { Mount } from './mount-state.ts';
import { encodeObject, freeObject, type Objects } from './objects.ts';
import {
  copyDevice,
  fsckDevice,
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
  perform,
} from './testing/memory-device.ts';

const g = geometries.mini;

/** /d (inode 3), /d/f (4, blocks 4, 5, 6), /d/g (5, block 7), /e (6); all of it in the superblocks. */
function made(): { device: MemoryDevice; mount: Mount } {
  const device = makeMemoryDevice(g, 2);
  mkfs(device, 1);
  const { mount } = mountDevice(device);
  must(device, mount, { kind: 'mkdir', path: '/d' });
  for (const path of ['/d/f', '/d/g']) must(device, mount, { kind: 'create', path });
  must(device, mount, { kind: 'mkdir', path: '/e' });
  must(device, mount, { kind: 'append', file: '/d/f', bytes: new Uint8Array(3 * g.blockBytes) });
  must(device, mount, { kind: 'append', file: '/d/g', bytes: new Uint8Array(10) });
  must(device, mount, { kind: 'flushlog' });
  return { device, mount };
}

function poke(device: MemoryDevice, type: ObjectType, no: number, bytes: Uint8Array): void {
  const { sector, slot } = objectPlace(g, type, no);
  const place = sectorPlace(g, sector);
  const answer = perform(device, device.maxToken, { kind: 'read', places: [place] });
  const image = (answer.kind === 'bytes' ? answer.bytes[0] : undefined) as Uint8Array;
  image.set(bytes, slot * OBJECT_BYTES);
  perform(device, device.maxToken, { kind: 'write', writes: [{ place, bytes: image }] });
}

const standing = made();

/** What fsck says once these objects are changed. */
function found<T extends ObjectType>(
  ...changes: readonly (readonly [T, number, Partial<Objects[T]>])[]
): string[] {
  const device = copyDevice(standing.device);
  for (const [type, no, change] of changes)
    poke(
      device,
      type,
      no,
      encodeObject({ ...objectAt(standing.mount.meta, type, no), ...change } as Objects[T]),
    );
  return fsckDevice(device);
}

it('FS-90 nothing is found in what the file system made', () => {
  expect(fsckDevice(standing.device)).toEqual([]);
});

it('FS-90 LIST_BROKEN: a cycle, a wrong prev, a wrong tail, an unused member', () => {
  expect(found(['blktag', 6, { next: 4 }])).toEqual(['LIST_BROKEN inode:4']);
  expect(found(['blktag', 5, { prev: 6 }])).toEqual([
    'LIST_BROKEN inode:4',
    'LOST_BLOCK blktag:5',
    'LOST_BLOCK blktag:6',
    'NBLOCK_MISMATCH inode:4',
  ]);
  expect(found(['inode', 4, { tail: 5 }])).toEqual(['LIST_BROKEN inode:4']);
  expect(found(['blktag', 6, { used: false }])).toEqual(['LIST_BROKEN inode:4', 'NBLOCK_MISMATCH inode:4']);
});

it('FS-90 of directories: BAD_PARENT, DUP_NAME, DANGLING_DIRENT, BAD_LINK, a size that is not its entries', () => {
  expect(found(['direntry', 4, { dirino: 6 }])).toEqual(['BAD_PARENT direntry:4']);
  expect(found(['direntry', 5, { name: 'f' }])).toEqual(['DUP_NAME direntry:5']);
  expect(found(['direntry', 5, { ino: 9 }])).toEqual(['DANGLING_DIRENT direntry:5', 'LOST_INODE inode:5']);
  expect(found(['direntry', 5, { ino: 4 }])).toEqual(['BAD_LINK direntry:5', 'LOST_INODE inode:5']);
  expect(found(['inode', 3, { size: 128 }])).toEqual(['NBLOCK_MISMATCH inode:3']);
});

it('FS-90 of files: BAD_OWNER, DOUBLE_BLOCK, DUP_BLKID, BAD_HOLE, NBLOCK_MISMATCH', () => {
  expect(found(['blktag', 5, { ino: 5 }])).toEqual(['BAD_OWNER blktag:5']);
  expect(found(['blktag', 5, { blkid: 0 }])).toEqual(['DUP_BLKID blktag:5']);
  expect(found(['blktag', 7, { holeoff: 11 }])).toEqual(['BAD_HOLE blktag:7']);
  expect(found(['inode', 5, { nblock: 2 }])).toEqual(['NBLOCK_MISMATCH inode:5']);
  expect(found(['inode', 5, { head: 4, tail: 6 }])).toEqual([
    'BAD_OWNER blktag:4',
    'BAD_OWNER blktag:5',
    'BAD_OWNER blktag:6',
    'DOUBLE_BLOCK blktag:4',
    'DOUBLE_BLOCK blktag:5',
    'DOUBLE_BLOCK blktag:6',
    'LOST_BLOCK blktag:7',
    'NBLOCK_MISMATCH inode:5',
  ]);
});

it('FS-90 what is in no list: ORPHAN_INODE, LOST_INODE, LOST_BLOCK, LOST_DIRENT', () => {
  expect(found(['inode', 5, { nlink: 0 }])).toEqual(['ORPHAN_INODE inode:5']);
  expect(found(['inode', 9, { used: true, deno: 9, nlink: 1 }])).toEqual(['LOST_INODE inode:9']);
  expect(found(['blktag', 12, { used: true }])).toEqual(['LOST_BLOCK blktag:12']);
  expect(found(['direntry', 12, { used: true }])).toEqual(['LOST_DIRENT direntry:12']);
});

it('FS-5 FS-90 BAD_CHECKSUM and BAD_MAGIC; a mount refuses both', () => {
  const device = copyDevice(standing.device);
  const bytes = encodeObject(freeObject('inode', 12));
  bytes[20] = 1;
  poke(device, 'inode', 12, bytes);
  expect(fsckDevice(device)).toEqual(['BAD_CHECKSUM inode:12']);
  expect(mountDevice(device).outcome).toEqual({ ok: false, error: 'EIO' });
  const headless = copyDevice(standing.device);
  const header = encodeHeader(g, { chunk: 0, chunks: 1 });
  header[40] = 9;
  perform(headless, headless.maxToken, {
    kind: 'write',
    writes: [{ place: headerPlace(g, 0), bytes: header }],
  });
  expect(fsckDevice(headless)).toEqual(['BAD_MAGIC chunk:0']);
  expect(mountDevice(headless).outcome).toEqual({ ok: false, error: 'EIO' });
});
