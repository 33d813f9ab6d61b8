// Page reads (WAL-34, WAL-35), background versions (WAL-32, WAL-33, WAL-72) and log GC (WAL-36…38).

import { expect, test } from 'vitest';
import type { Message } from '../../kernel/messages.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import { applyRecords } from '../../page/redo.ts';
import {
  B,
  batch,
  chainOf,
  entries,
  GROUP,
  heartbeat,
  installToken,
  readPage,
  record,
} from './message-fixture.ts';
import { decodeVersion } from './pages.ts';
import {
  advance,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  fireTimer,
  groupOf,
  lastSent,
  PARAMS,
  type Rig,
  readOne,
  reopenUnder,
  settle,
  syncOne,
  takeSent,
} from './store-fixture.ts';

const PAGE = 7 as PageKey;
const chain = chainOf([10, 20, 30, 45]);
const other = record(47, { prevGroup: 45, block: 8 });
const ahead = record(50, { prevGroup: 49, block: 9 });

const pageAt = (records: readonly EncodedRecord[], lsn: number): Uint8Array =>
  applyRecords(
    null,
    records.map((one) => one.record).filter((one) => one.lsn <= lsn),
    PARAMS.pageBytes,
  );

function read(rig: Rig, ...args: Parameters<typeof readPage>): Message & { kind: 'PageReply' } {
  rig.sent = [];
  deliver(rig, readPage(...args));
  settleReads(rig);
  return lastSent(rig, 'PageReply');
}

function settleReads(rig: Rig): void {
  while (rig.reads.length > 0) readOne(rig);
}

/** Versions of a block by LSN. */
const versionsOf = (rig: Rig, key = PAGE): number[] => [
  ...(groupOf(rig).pages.blocks.get(key)?.versions ?? []),
];
const chainIn = (rig: Rig, key = PAGE): number[] => [...(groupOf(rig).pages.blocks.get(key)?.chain ?? [])];

/** One background run; the watermarks given are received first. */
function run(rig: Rig, floors: Parameters<typeof heartbeat>[0]): void {
  deliver(rig, heartbeat(floors));
  advance(rig, 2 * PARAMS.materialiseMs * 1000);
}

/** The replica of vector 10: chain 10, 20, 30, 45, version 20, SCL 47, PGMRPL 25. */
function vector10(): Rig {
  const rig = createdRig();
  deliverAndSettle(rig, batch([...chain, other]));
  run(rig, { vdl: 20 });
  deliverAndSettle(rig, batch([ahead], { vdl: 47, pgmrpl: 25 }));
  expect(groupOf(rig).scl).toBe(47);
  expect(versionsOf(rig)).toEqual([20]);
  return rig;
}

test.each([
  [40, 38, 30],
  [45, 45, 45],
  [60, 47, 45],
])('WAL-34 vector 10: rp %i, groupRp %i reads the page at %i', (rp, groupRp, lsn) => {
  const reply = read(vector10(), rp, groupRp);
  expect(reply).toMatchObject({ refused: null, pageLsn: lsn, blockKey: PAGE });
  expect(reply.page).toEqual(pageAt(chain, lsn));
});

test.each([
  [24, 24, 7, 'STALE_READ_POINT', 25],
  [60, 52, 7, 'READ_POINT_AHEAD', 47],
  [40, 40, 9, 'NO_SUCH_PAGE', 0],
  [40, 40, 99, 'NO_SUCH_PAGE', 0],
])('WAL-34 vector 10: rp %i, groupRp %i of block %i is %s{%i}', (rp, groupRp, block, code, current) => {
  expect(read(vector10(), rp, groupRp, { block })).toMatchObject({ refused: { code, current } });
});

test('WAL-35 a block of which only later records are here, above a hole, does not exist below SCL', () => {
  const rig = createdRig();
  const later = record(52, { prevGroup: 50, block: 9, prevBlock: 50 });
  deliverAndSettle(rig, batch([...chain, other, later]));
  expect(groupOf(rig).scl).toBe(47);
  expect(chainIn(rig, 9 as PageKey)).toEqual([52]);
  expect(read(rig, 47, 47, { block: 9 })).toMatchObject({ refused: { code: 'NO_SUCH_PAGE' } });
  expect(read(rig, 60, 52, { block: 9 })).toMatchObject({ refused: { code: 'READ_POINT_AHEAD' } });
});

test('WAL-34 checks come in order: epochs, group, floor, read point', () => {
  const rig = vector10();
  const codes = [
    read(rig, 24, 24, { block: 5000, memberEpoch: 0 }),
    read(rig, 24, 24, { block: 5000, geoEpoch: 2 }),
    read(rig, 24, 24, { block: 5000 }),
    read(rig, 24, 90),
    read(rig, 90, 90),
  ].map(({ refused }) => refused?.code);
  expect(codes).toEqual([
    'STALE_EPOCH',
    'EPOCH_AHEAD',
    'WRONG_GROUP',
    'STALE_READ_POINT',
    'READ_POINT_AHEAD',
  ]);
});

test('WAL-34 vector 18: a replica that missed a recovery never shows annulled records', () => {
  const rig = createdRig();
  const stale = chainOf([10, 20, 30, 41, 42]);
  deliverAndSettle(rig, batch(stale));
  run(rig, { vdl: 10, pgmrpl: 10 });
  expect(versionsOf(rig)).toEqual([10]);
  const reply = read(rig, 95, 30);
  expect(reply).toMatchObject({ refused: null, pageLsn: 30 });
  expect(reply.page).toEqual(pageAt(stale, 30));
  expect(read(rig, 95, 95)).toMatchObject({ refused: { code: 'READ_POINT_AHEAD', current: 42 } });
});

test('WAL-35 the same bytes from a chain, from a version, after a restart and at another replica', () => {
  const rig = vector10();
  const first = read(rig, 47, 47);
  run(rig, { vdl: 47, pgmrpl: 25 });
  expect(versionsOf(rig)).toContain(45);
  const second = read(rig, 47, 47);
  const third = read(crash(rig), 47, 47);
  const there = createdRig({ node: B });
  deliverAndSettle(there, batch([...chain, other]));
  for (const reply of [second, third, read(there, 47, 47)]) expect(reply.page).toEqual(first.page);
  expect(new Set(eventsOf(rig, 'page.served').map(({ digest }) => digest)).size).toBe(1);
});

test('WAL-57 between InstallToken and OpenVolume only read points ≤ knownVdl are served', () => {
  const rig = vector10();
  deliverAndSettle(rig, installToken(2));
  expect(read(rig, 47, 45)).toMatchObject({ refused: null, pageLsn: 45 });
  expect(read(rig, 50, 47)).toMatchObject({ refused: { code: 'NOT_READY' } });
  reopenUnder(rig, 2, entries([1, 0, -1], [2, 148, 47]), 47, 47);
  expect(read(rig, 60, 47)).toMatchObject({ refused: null, pageLsn: 45 });
});

test('WAL-32 vector 11: knownVdl 44 gives versions 20, 30', () => {
  const rig = vector10Without45Known(44);
  expect(versionsOf(rig)).toEqual([20, 30]);
});

/** As vector 10, with knownVdl `vdl` in place of 47. */
function vector10Without45Known(vdl: number, floors: Parameters<typeof heartbeat>[0] = {}): Rig {
  const rig = createdRig();
  deliverAndSettle(rig, batch([...chain, other]));
  run(rig, { vdl: 20 });
  run(rig, { vdl, ...floors });
  return rig;
}

test('WAL-32 nothing is built on the ack path, nothing above SCL', () => {
  const rig = createdRig({ params: { materialiseRecords: 2 } });
  deliver(
    rig,
    batch([chain[0] as EncodedRecord, chain[1] as EncodedRecord, chain[3] as EncodedRecord], { vdl: 99 }),
  );
  syncOne(rig);
  expect(rig.stores).toEqual([]);
  expect(lastSent(rig, 'WriteAck').scl).toBe(20);
  advance(rig, PARAMS.materialiseMs * 1000);
  expect(versionsOf(rig)).toEqual([20]);
  expect(eventsOf(rig, 'page.materialise').map(({ pageLsn }) => pageLsn)).toContain(20);
});

test('WAL-32 a chain of materialiseRecords does not wait for materialiseMs', () => {
  const early = (materialiseRecords: number): number[] => {
    const rig = createdRig({ params: { materialiseRecords } });
    advance(rig, 1_000_000);
    deliverAndSettle(rig, batch(chain, { vdl: 45 }));
    advance(rig, (PARAMS.materialiseMs * 1000) / 2);
    return versionsOf(rig);
  };
  expect(early(4)).toEqual([45]);
  expect(early(5)).toEqual([]);
});

test('WAL-72 knownVdl, groupTail and pgmrpl are durable before a version is written', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch(chain));
  deliver(rig, heartbeat({ vdl: 45, groupTail: 45, pgmrpl: 12 }));
  rig.now += PARAMS.materialiseMs * 1000;
  let versions = 0;
  const at = rig.timers.get('background/g1');
  expect(at).toBeDefined();
  const step = (): void => {
    for (const { writes } of rig.stores)
      if (writes.some(({ key }) => key.includes('/page/'))) {
        versions++;
        const { superblock } = groupOf(crash(rig));
        expect(superblock).toMatchObject({ knownVdl: 45, groupTail: 45, pgmrpl: 12 });
      }
  };
  advanceStepwise(rig, step);
  expect(versions).toBeGreaterThan(0);
});

/** Like `advance` by two intervals, with a look at the pending writes before each is completed. */
function advanceStepwise(rig: Rig, look: () => void): void {
  const pending = rig.timers.get('background/g1') ?? 0;
  rig.now = Math.max(rig.now, pending);
  const timer = 'background/g1';
  fireTimer(rig, timer);
  while (rig.stores.length + rig.reads.length > 0) {
    look();
    if (rig.stores.length > 0) syncOne(rig);
    else readOne(rig);
  }
}

test('WAL-33 a torn version is not used, stays until its page is back, and is built anew from the one before it and the log', () => {
  const rig = vector10();
  deliver(rig, heartbeat({ vdl: 47, pgmrpl: 25 }));
  rig.now += 2 * PARAMS.materialiseMs * 1000;
  fireTimer(rig, 'background/g1');
  while (!rig.stores.some(({ writes }) => writes.some(({ key }) => key.endsWith('/7/45')))) syncOrRead(rig);
  const again = crash(rig, ({ key }) => (key.endsWith('/7/45') ? 100 : true));
  expect(versionsOf(again)).toEqual([20]);
  expect(read(again, 47, 47).page).toEqual(pageAt(chain, 45));
  settle(again);
  const key = `store/${GROUP}/page/7/45`;
  expect(again.disk.get(key)).toHaveLength(100);
  run(again, { vdl: 47, pgmrpl: 25 });
  expect(versionsOf(again)).toContain(45);
  expect(decodeVersion(again.disk.get(key) ?? new Uint8Array(), PAGE, 45)).toEqual(pageAt(chain, 45));
});

function syncOrRead(rig: Rig): void {
  if (rig.stores.length > 0) syncOne(rig);
  else readOne(rig);
}

test('WAL-33 a version damaged at rest is found by its checksum: rebuilt while the log is there, else refused', () => {
  const rig = vector10();
  run(rig, { vdl: 47, pgmrpl: 25 });
  expect(versionsOf(rig)).toEqual([20, 45]);
  flipBit(rig, `store/${GROUP}/page/7/45`);
  groupOf(rig).pages.cache.clear();
  expect(read(rig, 47, 47).page).toEqual(pageAt(chain, 45));
  expect(versionsOf(rig)).toEqual([20]);

  const bare = vector10();
  run(bare, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  run(bare, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  expect(chainIn(bare)).toEqual([]);
  flipBit(bare, `store/${GROUP}/page/7/45`);
  groupOf(bare).pages.cache.clear();
  expect(read(bare, 47, 47)).toMatchObject({ refused: { code: 'EIO' } });
  expect(read(crash(bare), 47, 47)).toMatchObject({ refused: { code: 'EIO' } });
});

function flipBit(rig: Rig, key: string): void {
  const bytes = rig.disk.get(key)?.slice();
  expect(bytes).toBeDefined();
  if (!bytes) return;
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
  rig.disk.set(key, bytes);
}

test.each([
  [35, 25, [30, 45], [30]],
  [35, Number.MAX_SAFE_INTEGER, [45], [30]],
  [15, Number.MAX_SAFE_INTEGER, [10, 20, 30, 45], [20, 30]],
])(
  'WAL-36 vector 12: PGMRPL %i, archivedTo %i keeps chain %j and versions %j',
  (pgmrpl, archivedTo, kept, versions) => {
    const rig = createdRig();
    deliverAndSettle(rig, batch([...chain, other], { archivedTo: 25 }));
    run(rig, { vdl: 20, archivedTo: 25 });
    run(rig, { vdl: 44, archivedTo: 25 });
    run(rig, { vdl: 44, pgmrpl, archivedTo, holdTo: 40 });
    expect(chainIn(rig)).toEqual(kept);
    expect(versionsOf(rig)).toEqual(versions);
  },
);

test('WAL-37 holdTo as received holds records back', () => {
  const rig = vector10Without45Known(47, { pgmrpl: 47, holdTo: 25 });
  run(rig, { vdl: 47, pgmrpl: 47, holdTo: 25 });
  expect(chainIn(rig)).toEqual([30, 45]);
  run(rig, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  expect(chainIn(rig)).toEqual([]);
  expect(groupOf(rig).log.records.map(({ record: { lsn } }) => lsn)).toEqual([]);
  expect(groupOf(rig).log.segments.size).toBe(0);
  expect([...rig.disk.keys()].filter((key) => key.includes('/log/'))).toEqual([]);
});

test('WAL-36 watermarks received while a GC run is under way are used by the next one, though nothing is received after them', () => {
  const rig = vector10Without45Known(47, { pgmrpl: 25, holdTo: 25 });
  deliver(rig, heartbeat({ vdl: 47, pgmrpl: 30, holdTo: 30 }));
  fireTimer(rig, 'background/g1');
  expect(rig.stores.length).toBe(1); // the superblock
  deliver(rig, heartbeat({ vdl: 47, pgmrpl: 47, holdTo: 47 }));
  advance(rig, 4 * PARAMS.materialiseMs * 1000);
  expect(chainIn(rig)).toEqual([]);
  expect(versionsOf(rig)).toEqual([45]);
});

test('WAL-72 GC goes by watermarks that are durable, not by those received after its superblock was begun', () => {
  const rig = vector10Without45Known(47, { pgmrpl: 25, holdTo: 25 });
  deliver(rig, batch([ahead], { vdl: 47, pgmrpl: 25, holdTo: 25 }));
  syncOne(rig, 'EIO');
  settle(rig);
  rig.now += 100_000;
  fireTimer(rig, 'resume/g1');
  deliver(rig, heartbeat({ vdl: 47, pgmrpl: 47, holdTo: 47 }));
  fireTimer(rig, 'background/g1');
  syncOne(rig); // the superblock that proves the disk, begun before the heartbeat
  expect(groupOf(rig).superblock.pgmrpl).toBe(25);
  expect(versionsOf(rig)[0]).toBe(20);
  advance(rig, 4 * PARAMS.materialiseMs * 1000);
  expect(groupOf(rig).superblock.pgmrpl).toBe(47);
  expect(versionsOf(rig)).toEqual([45]);
});

test('WAL-38 HOLE-57 logFloor and an NCL as high are durable before any deletion', () => {
  const rig = vector10Without45Known(47);
  let deletions = 0;
  deliver(rig, heartbeat({ vdl: 47, pgmrpl: 47, holdTo: 47 }));
  advanceStepwise(rig, () => {
    for (const { writes } of rig.stores)
      if (writes.some(({ key, bytes }) => bytes === null && key.includes('/log/'))) {
        deletions++;
        const { superblock, scl, holes } = groupOf(crash(rig, () => true));
        expect(superblock.logFloor).toBe(47);
        expect(superblock.nclCheckpoint).toBe(47);
        expect(scl).toBe(47);
        expect(holes.logFloor).toBe(47);
      }
  });
  expect(deletions).toBeGreaterThan(0);
  expect(eventsOf(rig, 'gc.drop').at(-1)).toMatchObject({
    logFloor: 47,
    droppedTo: 47,
    pgmrpl: 47,
    holdTo: 47,
  });
});

test('WAL-36 WAL-14 after GC of everything and a restart SCL, NCL and pages are as before', () => {
  const rig = vector10Without45Known(47, { pgmrpl: 47, holdTo: 47 });
  run(rig, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  const again = crash(rig);
  expect(groupOf(again).scl).toBe(47);
  expect(read(again, 47, 47).page).toEqual(pageAt(chain, 45));
  deliverAndSettle(again, batch([record(48, { prevGroup: 47, prevBlock: 45 })]));
  expect(lastSent(again, 'WriteAck').scl).toBe(48);
  expect(read(again, 48, 48).pageLsn).toBe(48);
});

test('WAL-36 a read in progress while GC drops its version is answered from the newer one', () => {
  const rig = vector10();
  groupOf(rig).pages.cache.clear();
  rig.sent = [];
  deliver(rig, readPage(47, 47));
  expect(rig.reads[0]?.keys).toEqual(['store/g1/page/7/20']);
  const waiting = rig.reads.splice(0);
  run(rig, { vdl: 47, pgmrpl: 25 });
  run(rig, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  expect(versionsOf(rig)).toEqual([45]);
  expect(chainIn(rig)).toEqual([]);
  rig.sent = [];
  rig.reads = waiting;
  settleReads(rig);
  expect(lastSent(rig, 'PageReply')).toMatchObject({ pageLsn: 45, refused: null });
});

test('WAL-34 what GC has dropped is never answered NO_SUCH_PAGE', () => {
  const rig = vector10();
  run(rig, { vdl: 47, pgmrpl: 25 });
  run(rig, { vdl: 47, pgmrpl: 47, holdTo: 47 });
  expect(versionsOf(rig)).toEqual([45]);
  expect(read(rig, 47, 30)).toMatchObject({ refused: { code: 'EIO' } }); // no honest reader asks this (WAL-24)
});

test('WAL-34 a failed read of a version is answered EIO, and a later one succeeds', () => {
  const rig = vector10();
  groupOf(rig).pages.cache.clear();
  deliver(rig, readPage(40, 40));
  readOne(rig, 'EIO');
  expect(lastSent(rig, 'PageReply')).toMatchObject({ refused: { code: 'EIO' } });
  expect(read(rig, 40, 40)).toMatchObject({ refused: null, pageLsn: 30 });
  expect(takeSent(rig, 'PageReply')).toEqual([]);
});

test('R-1 R-2 READ-22 READ-23 READ-25 WAL-23 versions stay down to the newest at or below PGMRPL, whatever is asked', () => {
  const rig = createdRig();
  const records = chainOf([10, 15, 20, 30, 50]);
  deliverAndSettle(rig, batch(records));
  run(rig, { vdl: 50, pgmrpl: 30 });
  for (const point of [30, 50]) {
    const reply = read(rig, point, point);
    expect(reply).toMatchObject({ refused: null, pageLsn: point });
    expect(reply.page).toEqual(pageAt(records, point));
    expect(read(rig, point, point).page).toEqual(reply.page);
  }
  expect(read(rig, 20, 20)).toMatchObject({ refused: { code: 'STALE_READ_POINT', current: 30 } });
  expect(read(rig, 60, 60)).toMatchObject({ refused: { code: 'READ_POINT_AHEAD', current: 50 } });
  expect(read(rig, 60, 50)).toMatchObject({ refused: null, pageLsn: 50 }); // the group is idle since 50
  run(rig, { vdl: 50, pgmrpl: 50 });
  expect(read(rig, 30, 30)).toMatchObject({ refused: { code: 'STALE_READ_POINT', current: 50 } });
  expect(read(rig, 50, 50)).toMatchObject({ refused: null, pageLsn: 50 });
  expect(versionsOf(rig).filter((version) => version < 50)).toEqual([]);
});
