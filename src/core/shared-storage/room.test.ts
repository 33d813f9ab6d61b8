// Room on the device (docs/spec/polarfs.md FS-45, FS-46), asked of a writer whose file system lies in memory.

import { expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { type Counter, countingEngine } from '../engine/testing/counting-engine.ts';
import type { NodeSpec } from '../kernel/door.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { encodeRecord } from '../log/record.ts';
import { startWalk } from '../logindex/find.ts';
import { noteChange } from '../logindex/flush-control.ts';
import { insertEntry, type LogIndex, openLogIndex } from '../logindex/log-index.ts';
import { fileBytes, firstMeta, META_PATH } from '../logindex/meta.ts';
import { register } from '../logindex/reader-slots.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { applyRecord } from '../page/redo.ts';
import { OP_HEAP_INIT } from '../page/redo-ops.ts';
import { geometries } from '../pfs/geometry.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Call, Mount } from '../pfs/mount-state.ts';
import {
  fsckDevice,
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
} from '../pfs/testing/memory-device.ts';
import { type Collected, makeContext } from '../quorum-log/writer-fixture.ts';
import { pagePath } from './page-file.ts';
import { onPageBefore, pageJob } from './page-writer.ts';
import { type Promoting, parseTail } from './promotion.ts';
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
import { makeSharedSeat, type SharedSeat } from './shared-seat.ts';
import { indexGeometry, leaseUsOf } from './sharing.ts';
import { indexJob } from './slot-keeper.ts';
import { SEGMENT_BYTES, startScan } from './wal-file.ts';

const geometry = geometries.demo;
const SEGMENT_BLOCKS = SEGMENT_BYTES / geometry.blockBytes;
const PAGES_A_BLOCK = geometry.blockBytes / demoParams.pageBytes;
/** Of a user. */
const TABLE = 40_000;
const HERE = { kind: 'here' };
const WAITS = { kind: 'waits' };

interface Lab {
  readonly seat: SharedSeat<Counter>;
  readonly device: MemoryDevice;
  readonly mount: Mount;
  readonly ctx: Collected;
}

interface Shape {
  /** Of the device; the file system has the first one. */
  readonly chunks?: number;
  readonly hasReaders?: boolean;
  readonly params?: Partial<typeof demoParams>;
}

function makeLab({ chunks = 1, hasReaders = false, params = {} }: Shape = {}): Lab {
  const compute = { zone: 'a', roles: ['compute' as const] };
  const nodes: NodeSpec[] = [{ id: nodeId('rw-1'), ...compute }];
  if (hasReaders) nodes.push({ id: nodeId('ro-1'), ...compute, isReader: true });
  const cluster = {
    preset: 'polardb',
    volume: 'v1',
    nodes,
    groups: [],
    chunks: Array.from({ length: chunks }, (_, i) => ({
      id: groupId(`c${i}`),
      replicas: [nodeId('cs-1')],
    })),
  };
  const config = {
    nodeId: nodeId('rw-1'),
    roles: ['compute' as const],
    cluster,
    params: { ...demoParams, ...params },
    prng: makePrng(1, 'rw-1'),
    broken: [],
  };
  const seat = makeSharedSeat(countingEngine, config, 1, 0);
  const device = makeMemoryDevice(geometry, chunks);
  mkfs(device, 1);
  const { mount } = mountDevice(device);
  must(device, mount, { kind: 'mkdir', path: '/base' });
  must(device, mount, { kind: 'mkdir', path: '/fill' });
  must(device, mount, { kind: 'mkdir', path: '/logindex' });
  seat.host.mount = mount;
  seat.phase = 'open';
  return { seat, device, mount, ctx: makeContext() };
}

/** Files take blocks until so many are free. */
function leaveBlocks({ device, mount }: Lab, blocks: number): void {
  const length = (freeCount(mount.meta, 'blktag') - blocks) * geometry.blockBytes;
  must(device, mount, { kind: 'fallocate', path: `/fill/until${blocks}`, length });
  expect(freeCount(mount.meta, 'blktag')).toBe(blocks);
}

const dirty = ({ seat }: Lab, key: PageKey): void => noteChange(seat.flush, key, 10 as Lsn, null);
const page = (relation: number, block: number): PageKey => pageKey(relation, 0, block);
const inBlock = (block: number): PageKey => page(TABLE, block * PAGES_A_BLOCK);
const stagesIn = ({ ctx }: Lab): string[] =>
  ctx.effects.flatMap((effect) =>
    effect.kind === 'trace' && effect.event.kind === 'fs.full' ? [effect.event.what] : [],
  );
const at = (lab: Lab, now: number): Collected => ({ ...lab.ctx, now: now as Time });

test('FS-45 so many blocks are kept as bring WAL to six segments, with a file of LogIndex and two of the system', () => {
  for (const hasReaders of [false, true]) {
    const { seat, mount } = makeLab({ hasReaders });
    const index = hasReaders ? Math.ceil(fileBytes(indexGeometry(seat.config)) / geometry.blockBytes) : 0;
    expect(index > 0).toBe(hasReaders);
    for (const [first, end, missing] of [
      [0, 0, 6],
      [0, 2, 4],
      [3, 9, 0],
      [5, 13, 0],
    ] as const) {
      Object.assign(seat.log, { firstSegment: first, segments: end });
      expect(keptBlocks(seat, mount)).toBe(missing * SEGMENT_BLOCKS + index + 2);
    }
  }
});

test('FS-45 FS-46 pages may take what is not kept, and what ends a transaction or is the system’s all there is', () => {
  const lab = makeLab();
  const { seat, ctx } = lab;
  seat.log.segments = 6;
  leaveBlocks(lab, 4);
  for (const block of [0, 1]) {
    expect(roomForPages(seat, ctx, [inBlock(block)], 'work')).toEqual(HERE);
    dirty(lab, inBlock(block));
  }
  const refused = roomForPages(seat, ctx, [inBlock(2)], 'work');
  expect(refused).toEqual({
    kind: 'full',
    what: `could not extend file "${pagePath(inBlock(2))}": no space left on device (free blocks are kept for the log)`,
  });
  expect(roomForPages(seat, ctx, [inBlock(2)], 'end')).toEqual(HERE);
  expect(roomForPages(seat, ctx, [page(3, 0), page(4, 0)], 'work')).toEqual(HERE);
  expect(
    roomForPages(
      seat,
      ctx,
      [0, 1, 2].map((i) => page(3 + i, 0)),
      'work',
    ).kind,
  ).toBe('full');
  expect(stagesIn(lab)).toEqual(['data']);
});

test('FS-45 a page in memory has its blocks promised: whoever comes after it has the rest', () => {
  const lab = makeLab();
  const { seat, device, mount, ctx } = lab;
  seat.log.segments = 6;
  leaveBlocks(lab, 4);
  const other = page(TABLE + 1, 0);
  dirty(lab, inBlock(0));
  expect(roomForPages(seat, ctx, [other], 'work')).toEqual(HERE);
  dirty(lab, inBlock(1));
  expect(roomForPages(seat, ctx, [page(TABLE, 2 * PAGES_A_BLOCK - 1)], 'work')).toEqual(HERE);
  expect(roomForPages(seat, ctx, [other], 'work').kind).toBe('full');
  expect(viewRoom(seat, 0 as Time)).toMatchObject({ what: 'data', free: 4, promised: 2, kept: 2 });
  // once they are stored they have the blocks themselves
  must(device, mount, { kind: 'fallocate', path: pagePath(inBlock(0)), length: 2 * geometry.blockBytes });
  expect(viewRoom(seat, 0 as Time)).toMatchObject({ free: 2, promised: 0 });
  expect(roomForPages(seat, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  expect(freeBlocks(seat, mount, 2)).toBe(2);
  expect(freeBlocks(seat, mount, 100)).toBe(2);
});

test('FS-46 four files are kept: a new relation is refused, pages of one that is there go on', () => {
  const lab = makeLab();
  const { seat, device, mount, ctx } = lab;
  seat.log.segments = 6;
  must(device, mount, { kind: 'create', path: pagePath(inBlock(0)) });
  for (let i = 0; freeCount(mount.meta, 'inode') > 4; i++)
    must(device, mount, { kind: 'create', path: `/fill/f${i}` });
  const made = page(TABLE + 1, 0);
  expect(roomForPages(seat, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  expect(roomForPages(seat, ctx, [made], 'end')).toEqual(HERE);
  expect(roomForPages(seat, ctx, [made], 'work')).toEqual({
    kind: 'full',
    what: `could not extend file "${pagePath(made)}": no space left on device (there is no free inode)`,
  });
  expect(tendRoom(seat, ctx)).toBe(false);
  // a file that is promised is not free
  dirty(lab, page(TABLE + 2, 0));
  must(device, mount, { kind: 'unlink', path: '/fill/f0' });
  expect(tendRoom(seat, ctx)).toBe(false);
  must(device, mount, { kind: 'unlink', path: '/fill/f1' });
  expect(tendRoom(seat, ctx)).toBe(true);
  expect(stagesIn(lab)).toEqual(['files', '']);
  expect(roomForPages(seat, ctx, [made], 'work')).toEqual(HERE);
});

test('FS-46 FS-12 where the file system may grow a statement waits for the chunk', () => {
  const lab = makeLab({ chunks: 2 });
  const { seat, ctx } = lab;
  leaveBlocks(lab, 2);
  expect(roomForPages(seat, ctx, [inBlock(0)], 'work')).toEqual(WAITS);
  expect(seat.wantsChunk).toBe(true);
  expect(stagesIn(lab)).toEqual([]);
});

/** A promotion whose background replay has yet to begin: LogIndex names what the old writer may not have stored. */
function promotionOf(lab: Lab, index: LogIndex, last: Lsn, redoStart = 1 as Lsn): Promoting<Counter> {
  const parser = { parsedLsn: last, applyLsn: last };
  const known = { bgReplayedLsn: redoStart, consistentLsn: redoStart };
  const replayer = { parser, index, config: lab.seat.config, frames: new Map(), ...known };
  const bounds = { redoStart, endLsn: last, bgReplayedLsn: redoStart };
  return {
    ...{ replayer, bounds, walk: startWalk(redoStart), held: [], handled: new Set(), next: 0 },
  } as unknown as Promoting<Counter>;
}

test('FS-45 a promotion has the pages promised that it has yet to replay, files as well, and refuses nobody before it has ended', () => {
  const lab = makeLab({ hasReaders: true });
  const { seat, device, mount, ctx } = lab;
  seat.log.segments = 6;
  const index = openLogIndex(indexGeometry(seat.config), firstMeta, []);
  if (seat.sharing !== null) seat.sharing.index = index;
  const old = [TABLE + 1, TABLE + 2, TABLE + 3].map((relation) => page(relation, 0));
  for (const [i, key] of old.entries()) insertEntry(index, key, (10 + i) as Lsn);
  leaveBlocks(lab, 3 + keptBlocks(seat, mount));
  expect(roomForPages(seat, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  const promotion = promotionOf(lab, index, 12 as Lsn);
  seat.promotion = promotion;
  const promised = (): number | undefined => viewRoom(seat, 0 as Time)?.promised;
  expect(promised()).toBe(3);
  expect(roomForPages(seat, ctx, [inBlock(0)], 'work')).toEqual(WAITS);
  // of three files one is left, for LogIndex: neither WAL nor a page takes those of the pages to come (polardb seed 4)
  leaveFiles(lab, 4);
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([false, false]);
  leaveFiles(lab, 3);
  expect(isIndexStuck(seat)).toBe(true);
  // one is replayed, and one was stored before; the first is dirty then, or has its blocks
  promotion.handled.add(old[0] as PageKey);
  expect(promised()).toBe(2);
  must(device, mount, { kind: 'fallocate', path: pagePath(old[1] as PageKey), length: geometry.blockBytes });
  expect(promised()).toBe(1);
  seat.promotion = promotionOf(lab, index, 12 as Lsn, 13 as Lsn);
  expect(promised()).toBe(0);
  seat.promotion = null;
  expect(stagesIn(lab)).toEqual([]);
});

test('FS-45 of saved tables that a promotion has not read any page may be missing, and no more than a buffer has', () => {
  const { lab, index, last } = makeFullIndex();
  const { seat } = lab;
  const promotion = promotionOf(lab, index, last);
  seat.promotion = promotion;
  const inMemory = viewRoom(seat, 0 as Time)?.promised ?? 0;
  expect(inMemory).toBe(Math.ceil(((last + 1) * demoParams.pageBytes) / geometry.blockBytes));
  index.memory[1] = null;
  index.meta = { ...index.meta, maxTableId: 1, maxLsn: 4 as Lsn };
  expect(viewRoom(seat, 0 as Time)?.promised).toBe(inMemory + index.geometry.segments);
  index.memory.fill(null);
  index.meta = { ...index.meta, maxTableId: 4, maxLsn: last };
  expect(viewRoom(seat, 0 as Time)?.promised).toBe(demoParams.bufferPages);
});

test('FS-45 what a job under way takes is promised to nobody else until its call has ended (polardb seed 4)', () => {
  const { lab, index, last } = makeFullIndex();
  const { seat, device, mount, ctx } = lab;
  seat.log.durable = last;
  must(device, mount, { kind: 'fallocate', path: META_PATH, length: geometry.sectorBytes });
  const blocks = blocksOfFile(index);
  leaveBlocks(lab, blocks);
  const job = indexJob(seat);
  if (job === null) throw new Error('no table is saved');
  expect(roomForPages(seat, ctx, [page(3, 0)], 'end')).toEqual(HERE);
  seat.jobs.push({ job, lane: null });
  expect(viewRoom(seat, 0 as Time)?.promised).toBe(blocks);
  expect([freeBlocks(seat, mount, 0), isIndexStuck(seat)]).toEqual([0, false]);
  expect(roomForPages(seat, ctx, [page(3, 0)], 'end').kind).toBe('full');
  must(device, mount, job.calls[0] as Call);
  expect(viewRoom(seat, 0 as Time)).toMatchObject({ free: 0, promised: 0 });
});

test('FS-46 a statement waits two leases for a segment of WAL, then it is refused; a commit has what is kept', () => {
  const lab = makeLab();
  const { seat, ctx } = lab;
  leaveBlocks(lab, 2);
  Object.assign(seat.log, { segments: 6, end: 6 * SEGMENT_BYTES - SEGMENT_BYTES / 4 });
  const patience = 2 * leaseUsOf(seat.config);
  expect(roomForLog(seat, ctx, 1, 'end')).toEqual(HERE);
  expect(seat.shortSince).toBe(null);
  expect(roomForLog(seat, ctx, 1, 'work')).toEqual(WAITS);
  expect(ctx.effects).toContainEqual({
    kind: 'wakeAt',
    timer: `compute:${ROOM_TIMER}`,
    at: patience,
  });
  expect(roomForLog(seat, at(lab, patience - 1), 1, 'work')).toEqual(WAITS);
  expect(roomForLog(seat, at(lab, patience), 1, 'work')).toEqual({
    kind: 'full',
    what: 'could not write to the log: no space left on device (no segment of it is free yet)',
  });
  expect(roomForLog(seat, at(lab, patience), 1, 'end')).toEqual(HERE);
  seat.log.end = 6 * SEGMENT_BYTES - 100;
  expect(roomForLog(seat, at(lab, patience), 1, 'end').kind).toBe('full');
  // a segment that nobody reads any more is the next one
  expect(oldSegment(seat)).toBe(null);
  seat.checkpoint = { ...seat.checkpoint, scanPosition: SEGMENT_BYTES as never };
  expect(oldSegment(seat)).toBe(0);
  expect(tendRoom(seat, at(lab, patience))).toBe(true);
  expect(roomForLog(seat, at(lab, patience), 1, 'work')).toEqual(HERE);
  expect(stagesIn(lab)).toEqual(['log', '']);
});

test('FS-46 a statement of several records is refused in its time as well where the log has room for one', () => {
  const lab = makeLab();
  const { seat, ctx } = lab;
  leaveBlocks(lab, 2);
  Object.assign(seat.log, { segments: 6, end: 6 * SEGMENT_BYTES - SEGMENT_BYTES / 2 - 2 * 512 });
  const patience = 2 * leaseUsOf(seat.config);
  expect(roomForLog(seat, ctx, 2, 'work')).toEqual(HERE);
  expect(roomForLog(seat, ctx, 4, 'work')).toEqual(WAITS);
  // the node steps meanwhile
  for (const part of [0.3, 0.6]) expect(tendRoom(seat, at(lab, part * patience))).toBe(false);
  expect(tendRoom(seat, at(lab, patience))).toBe(true);
  expect(roomForLog(seat, at(lab, patience), 4, 'work').kind).toBe('full');
  expect(roomForLog(seat, at(lab, patience), 2, 'work')).toEqual(HERE);
  expect(tendRoom(seat, at(lab, patience))).toBe(false);
  seat.log.end -= 2 * 512;
  expect(tendRoom(seat, at(lab, patience))).toBe(true);
  expect(stagesIn(lab)).toEqual(['log', '']);
});

test('FS-46 LI-51 a log that is short has no room for snapshots of pages: it is kept for ends of transactions', () => {
  for (const isShort of [false, true]) {
    const lab = makeLab({ hasReaders: true, params: { snapshotOldLsns: 5, snapshotReplayLsns: 5 } });
    const { seat, ctx } = lab;
    const { sharing, log } = seat;
    if (sharing === null) throw new Error('no readers');
    leaveBlocks(lab, 2);
    const slot = { sessionEpoch: 1, durableLsn: 1 as Lsn, consistentLsn: 1 as Lsn, sentAt: 0 as Time };
    register(sharing.slots, nodeId('ro-1'), slot, 1_000_000 as Time);
    const left = isShort ? SEGMENT_BYTES / 2 : SEGMENT_BYTES;
    Object.assign(log, { segments: 6, end: 6 * SEGMENT_BYTES - left, tail: 40, durable: 40 });
    log.places.push({ lsn: 1 as Lsn, position: 0 });
    const key = page(TABLE, 0);
    const record = { lsn: 30 as Lsn, blockKey: key, op: OP_HEAP_INIT, init: true, payload: new Uint8Array() };
    seat.held.set(key, applyRecord(null, record, demoParams.pageBytes));
    noteChange(seat.flush, key, record.lsn, null);
    seat.budget = 10;
    expect(pageJob(countingEngine, seat, ctx)?.kind ?? null).toBe(isShort ? null : 'before');
    if (isShort) continue;
    // it has become short while the page was read
    onPageBefore(seat, ctx, { ok: true, value: new Uint8Array() });
    log.end = 6 * SEGMENT_BYTES - SEGMENT_BYTES / 2;
    expect(pageJob(countingEngine, seat, ctx)).toBe(null);
    expect([seat.snapshot, log.tail, seat.flush.list.has(key), seat.flush.writes.has(key)]).toEqual([
      null,
      40,
      true,
      false,
    ]);
  }
});

test('FS-46 blocks that are free count as segments to come; WAL takes them only beside a file of LogIndex', () => {
  const lab = makeLab({ hasReaders: true });
  const { seat, mount, ctx } = lab;
  const index = keptBlocks(seat, mount) - 6 * SEGMENT_BLOCKS - 2;
  Object.assign(seat.log, { segments: 6, end: 6 * SEGMENT_BYTES });
  const sharing = seat.sharing;
  if (sharing === null) throw new Error('no readers');
  sharing.index = openLogIndex(indexGeometry(seat.config), firstMeta, []);
  leaveBlocks(lab, index + SEGMENT_BLOCKS);
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([true, false]);
  expect(roomForLog(seat, ctx, 1, 'work')).toEqual(HERE);
  dirty(lab, inBlock(0));
  expect(mayFill(seat)).toBe(false);
  expect(roomForLog(seat, ctx, 1, 'work')).toEqual(WAITS);
  expect(isIndexStuck(seat)).toBe(false);
  leaveBlocks(lab, index);
  expect(isIndexStuck(seat)).toBe(true);
});

/** Empty files until so many inodes are free. */
function leaveFiles({ device, mount }: Lab, files: number): void {
  for (let i = 0; freeCount(mount.meta, 'inode') > files; i++)
    must(device, mount, { kind: 'create', path: `/fill/n${files}.${i}` });
  expect(Math.min(freeCount(mount.meta, 'inode'), freeCount(mount.meta, 'direntry'))).toBe(files);
}

test('FS-45 a page of a new file has its inode promised: neither WAL nor LogIndex takes it (polardb seed 7360010)', () => {
  const lab = makeLab({ hasReaders: true });
  const { seat, device, mount } = lab;
  const { sharing } = seat;
  if (sharing === null) throw new Error('no readers');
  sharing.index = openLogIndex(indexGeometry(seat.config), firstMeta, []);
  Object.assign(seat.log, { segments: 6, end: 6 * SEGMENT_BYTES });
  leaveFiles(lab, 3);
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([true, false]);
  dirty(lab, page(TABLE, 0));
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([true, false]);
  dirty(lab, page(TABLE + 1, 0)); // one is left, for LogIndex
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([false, false]);
  dirty(lab, page(TABLE + 1, 1)); // of the same file
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([false, false]);
  dirty(lab, page(TABLE + 2, 0));
  expect([mayFill(seat), isIndexStuck(seat)]).toEqual([false, true]);
  // what was promised can be had
  for (const relation of [TABLE, TABLE + 1, TABLE + 2])
    must(device, mount, { kind: 'create', path: pagePath(page(relation, 0)) });
  expect(freeCount(mount.meta, 'inode')).toBe(0);
  expect(isIndexStuck(seat)).toBe(true);
});

/** LogIndex with a file for each table; all tables that memory has are full, the last one is open. */
function makeFullIndex(chunks = 1): { lab: Lab; index: LogIndex; last: Lsn } {
  const params = { indexTables: 1, indexMemory: 4, indexSegments: 16 };
  const lab = makeLab({ hasReaders: true, chunks, params });
  const { seat } = lab;
  const index = openLogIndex(indexGeometry(seat.config), firstMeta, []);
  if (seat.sharing === null) throw new Error('no readers');
  seat.sharing.index = index;
  let last = 0;
  while (insertEntry(index, page(TABLE, last + 1), (last + 1) as Lsn) !== 'LOGINDEX_WAIT') last++;
  expect(index.activeId).toBe(4);
  return { lab, index, last: last as Lsn };
}

const blocksOfFile = ({ geometry: g }: LogIndex): number => Math.ceil(fileBytes(g) / geometry.blockBytes);

test('FS-45 LI-27 what LogIndex saves at a time takes one file, which it has asked for (polardb seed 128)', () => {
  const { lab, index, last } = makeFullIndex();
  const { seat, device, mount } = lab;
  seat.log.durable = last;
  must(device, mount, { kind: 'fallocate', path: META_PATH, length: geometry.sectorBytes });
  leaveBlocks(lab, blocksOfFile(index));
  const job = indexJob(seat);
  for (const call of job?.calls ?? []) must(device, mount, call);
  expect(job?.calls.map(({ kind }) => kind)).toEqual(['fallocate', 'pwrite', 'pwrite']);
  expect(index.writing?.maxTableId).toBe(1);
});

test('FS-45 LI-26 a promotion whose tables have no room waits for a chunk, or begins as any writer (polardb seed 128)', () => {
  for (const chunks of [1, 2])
    for (const isFull of [true, false]) {
      const { lab, index, last } = makeFullIndex(chunks);
      const { seat } = lab;
      const pages = Math.ceil(((last + 1) * demoParams.pageBytes) / geometry.blockBytes);
      leaveBlocks(lab, pages + blocksOfFile(index) - (isFull ? 1 : 0));
      const promotion = { ...promotionOf(lab, index, last), bounds: null };
      const lsn = (last + 1) as Lsn;
      const encoded = encodeRecord({
        lsn,
        prevVolume: last,
        prevGroup: last,
        prevBlock: -1 as Lsn,
        group: groupId('wal'),
        blockKey: page(TABLE, 0),
        term: 1 as Term,
        mtrFirst: lsn,
        cpl: true,
        commit: false,
        op: OP_HEAP_INIT,
        init: true,
        payload: new Uint8Array(),
        time: 0 as Time,
      });
      const scan = startScan(0, lsn);
      scan.records.push({ encoded, position: 0 });
      Object.assign(seat, { promotion, scan, phase: 'tail' });
      expect(parseTail(seat, promotion)).toBe(isFull && chunks === 1 ? 'restart' : 'on');
      expect([seat.wantsChunk, seat.phase]).toEqual([
        isFull && chunks === 2,
        isFull && chunks === 1 ? 'tail' : 'tables',
      ]);
    }
});

test('FS-45 whatever pages had room when they were made, all of them can be stored', () => {
  let [refused, stored, filled] = [0, 0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const prng = makePrng(seed, 'room');
    const lab = makeLab({ hasReaders: seed % 2 === 0 });
    const { seat, device, mount, ctx } = lab;
    seat.log.segments = nextBelow(prng, 7);
    const taken: { readonly relation: number; readonly block: number }[] = [];
    // a file grows page by page
    const ends = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const relation = TABLE + nextBelow(prng, 12);
      const block = ends.get(relation) ?? 0;
      const key = page(relation, block);
      const use = nextBelow(prng, 6) === 0 ? 'end' : 'work';
      if (roomForPages(seat, ctx, [key], use).kind === 'full') refused++;
      else {
        dirty(lab, key);
        taken.push({ relation, block });
        ends.set(relation, block + 1);
      }
      // WAL grows beside it as far as it may
      if (nextBelow(prng, 8) === 0 && mayFill(seat)) {
        const path = `/fill/s${seat.log.segments++}`;
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
