// Room that is promised: to pages in memory, to jobs under way, and to pages that a promotion has yet to replay (docs/spec/polarfs.md FS-45).

import { expect, test } from 'vitest';
import { groupId, type Lsn, type Term, type Time } from '../../base/ids.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { encodeRecord } from '../log/record.ts';
import { insertEntry, openLogIndex } from '../logindex/log-index.ts';
import { firstMeta, META_PATH } from '../logindex/meta.ts';
import type { PageKey } from '../page/page-key.ts';
import { OP_HEAP_INIT } from '../page/redo-ops.ts';
import type { Call } from '../pfs/mount-state.ts';
import { must } from '../pfs/testing/memory-device.ts';
import { pagePath } from './page-file.ts';
import { parseTail } from './promotion.ts';
import { freeBlocks, isIndexStuck, keptBlocks, mayFill, roomForPages, viewRoom } from './room.ts';
import {
  blocksOfFile,
  geometry,
  inBlock,
  leaveBlocks,
  leaveFiles,
  makeFullIndex,
  makeLab,
  page,
  promotionOf,
  stagesIn,
  TABLE,
} from './room-fixture.ts';
import { indexGeometry } from './sharing.ts';
import { indexJob } from './slot-keeper.ts';
import { startScan } from './wal-file.ts';

const HERE = { kind: 'here' };
const WAITS = { kind: 'waits' };

test('FS-45 a promotion has the pages promised that it has yet to replay, files as well, and refuses nobody before it has ended', () => {
  const lab = makeLab({ hasReaders: true });
  const { attachment, device, mount, ctx } = lab;
  attachment.log.segments = 6;
  const index = openLogIndex(indexGeometry(attachment.config), firstMeta, []);
  if (attachment.sharing !== null) attachment.sharing.index = index;
  const old = [TABLE + 1, TABLE + 2, TABLE + 3].map((relation) => page(relation, 0));
  for (const [i, key] of old.entries()) insertEntry(index, key, (10 + i) as Lsn);
  leaveBlocks(lab, 3 + keptBlocks(attachment, mount));
  expect(roomForPages(attachment, ctx, [inBlock(0)], 'work')).toEqual(HERE);
  const promotion = promotionOf(index, 12 as Lsn);
  attachment.redo = { kind: 'logIndex', promotion };
  const promised = (): number | undefined => viewRoom(attachment, 0 as Time)?.promised;
  expect(promised()).toBe(3);
  expect(roomForPages(attachment, ctx, [inBlock(0)], 'work')).toEqual(WAITS);
  // of three files one is left, for LogIndex: neither WAL nor a page takes those of the pages to come (polardb seed 4)
  leaveFiles(lab, 4);
  expect([mayFill(attachment), isIndexStuck(attachment)]).toEqual([false, false]);
  leaveFiles(lab, 3);
  expect(isIndexStuck(attachment)).toBe(true);
  // one is replayed, and one was stored before; the first is dirty then, or has its blocks
  promotion.handled.add(old[0] as PageKey);
  expect(promised()).toBe(2);
  must(device, mount, { kind: 'fallocate', path: pagePath(old[1] as PageKey), length: geometry.blockBytes });
  expect(promised()).toBe(1);
  attachment.redo = { kind: 'logIndex', promotion: promotionOf(index, 12 as Lsn, 13 as Lsn) };
  expect(promised()).toBe(0);
  attachment.redo = { kind: 'wal', damage: null };
  expect(stagesIn(lab)).toEqual([]);
});

test('FS-45 of saved tables that a promotion has not read any page may be missing, and no more than a buffer has', () => {
  const { lab, index, last } = makeFullIndex();
  const { attachment } = lab;
  const promotion = promotionOf(index, last);
  attachment.redo = { kind: 'logIndex', promotion };
  const inMemory = viewRoom(attachment, 0 as Time)?.promised ?? 0;
  expect(inMemory).toBe(Math.ceil(((last + 1) * demoParams.pageBytes) / geometry.blockBytes));
  index.memory[1] = null;
  index.meta = { ...index.meta, maxTableId: 1, maxLsn: 4 as Lsn };
  expect(viewRoom(attachment, 0 as Time)?.promised).toBe(inMemory + index.geometry.segments);
  index.memory.fill(null);
  index.meta = { ...index.meta, maxTableId: 4, maxLsn: last };
  expect(viewRoom(attachment, 0 as Time)?.promised).toBe(demoParams.bufferPages);
});

test('FS-45 what a job under way takes is promised to nobody else until its call has ended (polardb seed 4)', () => {
  const { lab, index, last } = makeFullIndex();
  const { attachment, device, mount, ctx } = lab;
  attachment.log.durable = last;
  must(device, mount, { kind: 'fallocate', path: META_PATH, length: geometry.sectorBytes });
  const blocks = blocksOfFile(index);
  leaveBlocks(lab, blocks);
  const job = indexJob(attachment);
  if (job === null) throw new Error('no table is saved');
  expect(roomForPages(attachment, ctx, [page(3, 0)], 'end')).toEqual(HERE);
  attachment.jobs.push({ id: 1, job, isOut: false });
  expect(viewRoom(attachment, 0 as Time)?.promised).toBe(blocks);
  expect([freeBlocks(attachment, mount, 0), isIndexStuck(attachment)]).toEqual([0, false]);
  expect(roomForPages(attachment, ctx, [page(3, 0)], 'end').kind).toBe('full');
  must(device, mount, job.calls[0] as Call);
  expect(viewRoom(attachment, 0 as Time)).toMatchObject({ free: 0, promised: 0 });
});

test('FS-45 LI-27 what LogIndex saves at a time takes one file, which it has asked for (polardb seed 128)', () => {
  const { lab, index, last } = makeFullIndex();
  const { attachment, device, mount } = lab;
  attachment.log.durable = last;
  must(device, mount, { kind: 'fallocate', path: META_PATH, length: geometry.sectorBytes });
  leaveBlocks(lab, blocksOfFile(index));
  const job = indexJob(attachment);
  for (const call of job?.calls ?? []) must(device, mount, call);
  expect(job?.calls.map(({ kind }) => kind)).toEqual(['fallocate', 'pwrite', 'pwrite']);
  expect(index.writing?.maxTableId).toBe(1);
});

test('FS-45 LI-26 a promotion whose tables have no room waits for a chunk, or begins as any writer (polardb seed 128)', () => {
  for (const chunks of [1, 2])
    for (const isFull of [true, false]) {
      const { lab, index, last } = makeFullIndex(chunks);
      const { attachment } = lab;
      const pages = Math.ceil(((last + 1) * demoParams.pageBytes) / geometry.blockBytes);
      leaveBlocks(lab, pages + blocksOfFile(index) - (isFull ? 1 : 0));
      const promotion = { ...promotionOf(index, last), bounds: null };
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
      const tail = { kind: 'tail', scan, next: 0 } as const;
      Object.assign(attachment, { redo: { kind: 'logIndex', promotion }, phase: tail });
      expect(parseTail(attachment, promotion, tail)).toBe(isFull && chunks === 1 ? 'restart' : 'on');
      expect([attachment.wantsChunk, attachment.phase.kind]).toEqual([
        isFull && chunks === 2,
        isFull && chunks === 1 ? 'tail' : 'tables',
      ]);
    }
});
