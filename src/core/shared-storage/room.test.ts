// Room on the device (docs/spec/polarfs.md FS-45, FS-46), asked of a writer whose file system lies in memory.

import { expect, test } from 'vitest';
import { type Lsn, nodeId, type Time } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { countingEngine } from '../engine/testing/counting-engine.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { noteChange } from '../logindex/flush-control.ts';
import { openLogIndex } from '../logindex/log-index.ts';
import { fileBytes, firstMeta } from '../logindex/meta.ts';
import { register } from '../logindex/reader-slots.ts';
import { applyRecord } from '../page/redo.ts';
import { OP_HEAP_INIT } from '../page/redo-ops.ts';
import { freeCount } from '../pfs/metadata.ts';
import { fsckDevice, must } from '../pfs/testing/memory-device.ts';
import { pagePath } from './page-file.ts';
import { onPageBefore, pageJob } from './page-writer.ts';
import {
  freeBlocks,
  isIndexStuck,
  keptBlocks,
  mayFill,
  oldSegment,
  ROOM_TIMER,
  roomForLog,
  roomForPages,
  tendRoom,
  viewRoom,
} from './room.ts';
import {
  at,
  dirty,
  geometry,
  inBlock,
  leaveBlocks,
  leaveFiles,
  makeLab,
  PAGES_A_BLOCK,
  page,
  SEGMENT_BLOCKS,
  stagesIn,
  TABLE,
} from './room-fixture.ts';
import { openOf, servingOf } from './shared-attachment.ts';
import { indexGeometry, leaseUsOf } from './sharing.ts';
import { SEGMENT_BYTES } from './wal-file.ts';

const HERE = { kind: 'here' };
const WAITS = { kind: 'waits' };

test('FS-45 so many blocks are kept as bring WAL to six segments, with a file of LogIndex and two of the system', () => {
  for (const hasReaders of [false, true]) {
    const { attachment, mount } = makeLab({ hasReaders });
    const index = hasReaders
      ? Math.ceil(fileBytes(indexGeometry(attachment.config)) / geometry.blockBytes)
      : 0;
    expect(index > 0).toBe(hasReaders);
    for (const [first, end, missing] of [
      [0, 0, 6],
      [0, 2, 4],
      [3, 9, 0],
      [5, 13, 0],
    ] as const) {
      Object.assign(attachment.log, { firstSegment: first, segments: end });
      expect(keptBlocks(attachment, mount)).toBe(missing * SEGMENT_BLOCKS + index + 2);
    }
  }
});

test('FS-45 FS-46 pages may take what is not kept, and what ends a transaction or is the system’s all there is', () => {
  const lab = makeLab();
  const { attachment, ctx } = lab;
  attachment.log.segments = 6;
  leaveBlocks(lab, 4);
  for (const block of [0, 1]) {
    expect(roomForPages(attachment, ctx, [inBlock(block)], 'work')).toEqual(HERE);
    dirty(lab, inBlock(block));
  }
  const refused = roomForPages(attachment, ctx, [inBlock(2)], 'work');
  expect(refused).toEqual({
    kind: 'full',
    what: `could not extend file "${pagePath(inBlock(2))}": no space left on device (free blocks are kept for the log)`,
  });
  expect(roomForPages(attachment, ctx, [inBlock(2)], 'end')).toEqual(HERE);
  expect(roomForPages(attachment, ctx, [page(3, 0), page(4, 0)], 'work')).toEqual(HERE);
  expect(
    roomForPages(
      attachment,
      ctx,
      [0, 1, 2].map((i) => page(3 + i, 0)),
      'work',
    ).kind,
  ).toBe('full');
  expect(stagesIn(lab)).toEqual(['data']);
});

test('FS-45 a page in memory has its blocks promised: whoever comes after it has the rest', () => {
  const lab = makeLab();
  const { attachment, device, mount, ctx } = lab;
  attachment.log.segments = 6;
  leaveBlocks(lab, 4);
  const other = page(TABLE + 1, 0);
  dirty(lab, inBlock(0));
  expect(roomForPages(attachment, ctx, [other], 'work')).toEqual(HERE);
  dirty(lab, inBlock(1));
  expect(roomForPages(attachment, ctx, [page(TABLE, 2 * PAGES_A_BLOCK - 1)], 'work')).toEqual(HERE);
  expect(roomForPages(attachment, ctx, [other], 'work').kind).toBe('full');
  expect(viewRoom(attachment, 0 as Time)).toMatchObject({ what: 'data', free: 4, promised: 2, kept: 2 });
  // once they are stored they have the blocks themselves
  must(device, mount, { kind: 'fallocate', path: pagePath(inBlock(0)), length: 2 * geometry.blockBytes });
  expect(viewRoom(attachment, 0 as Time)).toMatchObject({ free: 2, promised: 0 });
  expect(roomForPages(attachment, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  expect(freeBlocks(attachment, mount, 2)).toBe(2);
  expect(freeBlocks(attachment, mount, 100)).toBe(2);
});

test('FS-46 four files are kept: a new relation is refused, pages of one that is there go on', () => {
  const lab = makeLab();
  const { attachment, device, mount, ctx } = lab;
  attachment.log.segments = 6;
  must(device, mount, { kind: 'create', path: pagePath(inBlock(0)) });
  for (let i = 0; freeCount(mount.meta, 'inode') > 4; i++)
    must(device, mount, { kind: 'create', path: `/fill/f${i}` });
  const made = page(TABLE + 1, 0);
  expect(roomForPages(attachment, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  expect(roomForPages(attachment, ctx, [made], 'end')).toEqual(HERE);
  expect(roomForPages(attachment, ctx, [made], 'work')).toEqual({
    kind: 'full',
    what: `could not extend file "${pagePath(made)}": no space left on device (there is no free inode)`,
  });
  expect(tendRoom(attachment, ctx)).toBe(false);
  // a file that is promised is not free
  dirty(lab, page(TABLE + 2, 0));
  must(device, mount, { kind: 'unlink', path: '/fill/f0' });
  expect(tendRoom(attachment, ctx)).toBe(false);
  must(device, mount, { kind: 'unlink', path: '/fill/f1' });
  expect(tendRoom(attachment, ctx)).toBe(true);
  expect(stagesIn(lab)).toEqual(['files', '']);
  expect(roomForPages(attachment, ctx, [made], 'work')).toEqual(HERE);
});

test('FS-46 FS-12 where the file system may grow a statement waits for the chunk', () => {
  const lab = makeLab({ chunks: 2 });
  const { attachment, ctx } = lab;
  leaveBlocks(lab, 2);
  expect(roomForPages(attachment, ctx, [inBlock(0)], 'work')).toEqual(WAITS);
  expect(attachment.wantsChunk).toBe(true);
  expect(stagesIn(lab)).toEqual([]);
});

test('FS-46 a statement waits two leases for a segment of WAL, then it is refused; a commit has what is kept', () => {
  const lab = makeLab();
  const { attachment, ctx } = lab;
  leaveBlocks(lab, 2);
  Object.assign(attachment.log, { segments: 6, end: 6 * SEGMENT_BYTES - SEGMENT_BYTES / 4 });
  const patience = 2 * leaseUsOf(attachment.config);
  expect(roomForLog(attachment, ctx, 1, 'end')).toEqual(HERE);
  expect(openOf(attachment)?.short).toBe(null);
  expect(roomForLog(attachment, ctx, 1, 'work')).toEqual(WAITS);
  expect(ctx.effects).toContainEqual({
    kind: 'wakeAt',
    timer: `compute:${ROOM_TIMER}`,
    at: patience,
  });
  expect(roomForLog(attachment, at(lab, patience - 1), 1, 'work')).toEqual(WAITS);
  expect(roomForLog(attachment, at(lab, patience), 1, 'work')).toEqual({
    kind: 'full',
    what: 'could not write to the log: no space left on device (no segment of it is free yet)',
  });
  expect(roomForLog(attachment, at(lab, patience), 1, 'end')).toEqual(HERE);
  attachment.log.end = 6 * SEGMENT_BYTES - 100;
  expect(roomForLog(attachment, at(lab, patience), 1, 'end').kind).toBe('full');
  // a segment that nobody reads any more is the next one
  expect(oldSegment(attachment)).toBe(null);
  attachment.checkpoint = { ...attachment.checkpoint, scanPosition: SEGMENT_BYTES as never };
  expect(oldSegment(attachment)).toBe(0);
  expect(tendRoom(attachment, at(lab, patience))).toBe(true);
  expect(roomForLog(attachment, at(lab, patience), 1, 'work')).toEqual(HERE);
  expect(stagesIn(lab)).toEqual(['log', '']);
});

test('FS-46 a statement of several records is refused in its time as well where the log has room for one', () => {
  const lab = makeLab();
  const { attachment, ctx } = lab;
  leaveBlocks(lab, 2);
  Object.assign(attachment.log, { segments: 6, end: 6 * SEGMENT_BYTES - SEGMENT_BYTES / 2 - 2 * 512 });
  const patience = 2 * leaseUsOf(attachment.config);
  expect(roomForLog(attachment, ctx, 2, 'work')).toEqual(HERE);
  expect(roomForLog(attachment, ctx, 4, 'work')).toEqual(WAITS);
  // the node steps meanwhile
  for (const part of [0.3, 0.6]) expect(tendRoom(attachment, at(lab, part * patience))).toBe(false);
  expect(tendRoom(attachment, at(lab, patience))).toBe(true);
  expect(roomForLog(attachment, at(lab, patience), 4, 'work').kind).toBe('full');
  expect(roomForLog(attachment, at(lab, patience), 2, 'work')).toEqual(HERE);
  expect(tendRoom(attachment, at(lab, patience))).toBe(false);
  attachment.log.end -= 2 * 512;
  expect(tendRoom(attachment, at(lab, patience))).toBe(true);
  expect(stagesIn(lab)).toEqual(['log', '']);
});

test('FS-46 LI-51 a log that is short has no room for snapshots of pages: it is kept for ends of transactions', () => {
  for (const isShort of [false, true]) {
    const lab = makeLab({ hasReaders: true, params: { snapshotOldLsns: 5, snapshotReplayLsns: 5 } });
    const { attachment, ctx } = lab;
    const { sharing, log } = attachment;
    if (sharing === null) throw new Error('no readers');
    leaveBlocks(lab, 2);
    const slot = { sessionEpoch: 1, durableLsn: 1 as Lsn, consistentLsn: 1 as Lsn, sentAt: 0 as Time };
    register(sharing.slots, nodeId('ro-1'), slot, 1_000_000 as Time);
    const left = isShort ? SEGMENT_BYTES / 2 : SEGMENT_BYTES;
    Object.assign(log, { segments: 6, end: 6 * SEGMENT_BYTES - left, tail: 40, durable: 40 });
    log.places.push({ lsn: 1 as Lsn, position: 0 });
    const key = page(TABLE, 0);
    const record = { lsn: 30 as Lsn, blockKey: key, op: OP_HEAP_INIT, init: true, payload: new Uint8Array() };
    attachment.held.set(key, applyRecord(null, record, demoParams.pageBytes));
    noteChange(attachment.flush, key, record.lsn, null);
    servingOf(attachment).budget = 10;
    expect(pageJob(countingEngine, attachment, ctx)?.kind ?? null).toBe(isShort ? null : 'before');
    if (isShort) continue;
    // it has become short while the page was read
    onPageBefore(attachment, ctx, { ok: true, value: new Uint8Array() });
    log.end = 6 * SEGMENT_BYTES - SEGMENT_BYTES / 2;
    expect(pageJob(countingEngine, attachment, ctx)).toBe(null);
    expect([
      attachment.snapshot,
      log.tail,
      attachment.flush.list.has(key),
      attachment.flush.writes.has(key),
    ]).toEqual([null, 40, true, false]);
  }
});

test('FS-46 blocks that are free count as segments to come; WAL takes them only beside a file of LogIndex', () => {
  const lab = makeLab({ hasReaders: true });
  const { attachment, mount, ctx } = lab;
  const index = keptBlocks(attachment, mount) - 6 * SEGMENT_BLOCKS - 2;
  Object.assign(attachment.log, { segments: 6, end: 6 * SEGMENT_BYTES });
  const sharing = attachment.sharing;
  if (sharing === null) throw new Error('no readers');
  sharing.index = openLogIndex(indexGeometry(attachment.config), firstMeta, []);
  leaveBlocks(lab, index + SEGMENT_BLOCKS);
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([true, false]);
  expect(roomForLog(attachment, ctx, 1, 'work')).toEqual(HERE);
  dirty(lab, inBlock(0));
  expect(mayFill(attachment)).toBe(false);
  expect(roomForLog(attachment, ctx, 1, 'work')).toEqual(WAITS);
  expect(isIndexStuck(attachment)).toBe(false);
  leaveBlocks(lab, index);
  expect(isIndexStuck(attachment)).toBe(true);
});

test('FS-45 a page of a new file has its inode promised: neither WAL nor LogIndex takes it (polardb seed 7360010)', () => {
  const lab = makeLab({ hasReaders: true });
  const { attachment, device, mount } = lab;
  const { sharing } = attachment;
  if (sharing === null) throw new Error('no readers');
  sharing.index = openLogIndex(indexGeometry(attachment.config), firstMeta, []);
  Object.assign(attachment.log, { segments: 6, end: 6 * SEGMENT_BYTES });
  leaveFiles(lab, 3);
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([true, false]);
  dirty(lab, page(TABLE, 0));
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([true, false]);
  dirty(lab, page(TABLE + 1, 0)); // one is left, for LogIndex
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([false, false]);
  dirty(lab, page(TABLE + 1, 1)); // of the same file
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([false, false]);
  dirty(lab, page(TABLE + 2, 0));
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([false, true]);
  // what was promised can be had
  for (const relation of [TABLE, TABLE + 1, TABLE + 2])
    must(device, mount, { kind: 'create', path: pagePath(page(relation, 0)) });
  expect(freeCount(mount.meta, 'inode')).toBe(0);
  expect(isIndexStuck(attachment)).toBe(true);
});

test('FS-45 whatever pages had room when they were made, all of them can be stored', () => {
  let [refused, stored, filled] = [0, 0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const prng = makePrng(seed, 'room');
    const lab = makeLab({ hasReaders: seed % 2 === 0 });
    const { attachment, device, mount, ctx } = lab;
    attachment.log.segments = nextBelow(prng, 7);
    const taken: { readonly relation: number; readonly block: number }[] = [];
    // a file grows page by page
    const ends = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const relation = TABLE + nextBelow(prng, 12);
      const block = ends.get(relation) ?? 0;
      const key = page(relation, block);
      const use = nextBelow(prng, 6) === 0 ? 'end' : 'work';
      if (roomForPages(attachment, ctx, [key], use).kind === 'full') refused++;
      else {
        dirty(lab, key);
        taken.push({ relation, block });
        ends.set(relation, block + 1);
      }
      // WAL grows beside it as far as it may
      if (nextBelow(prng, 8) === 0 && mayFill(attachment)) {
        const path = `/fill/s${attachment.log.segments++}`;
        must(device, mount, { kind: 'fallocate', path, length: SEGMENT_BYTES });
        filled++;
      }
    }
    for (const { relation, block } of taken) {
      const file = pagePath(page(relation, block));
      const bytes = new Uint8Array(demoParams.pageBytes).fill(seed);
      const write = { kind: 'pwrite', file, offset: block * bytes.length, bytes } as const;
      must(device, mount, { kind: 'fallocate', path: file, length: write.offset + bytes.length });
      must(device, mount, write);
      stored++;
    }
    expect(fsckDevice(device)).toEqual([]);
  }
  expect(Math.min(refused, stored, filled)).toBeGreaterThan(20);
});
