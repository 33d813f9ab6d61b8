// Durable ingest (wal.md §6): what is acknowledged, when, and what becomes of batches that are wrong, repeated or shuffled.

import { expect, test } from 'vitest';
import { lsn } from '../../../base/ids.ts';
import { makePrng, nextBelow } from '../../../base/prng.ts';
import { findChainConflict } from './advance.ts';
import { blockOf } from './blocks.ts';
import { SUSPEND_US } from './limits.ts';
import { batch, chainOf, createReplica, heartbeat, installToken, record } from './message-fixture.ts';
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
  openRig,
  PARAMS,
  type Rig,
  settle,
  syncOne,
  takeSent,
} from './store-fixture.ts';

test('WAL-4 creation answers when genesis and superblock are durable, and again when asked again', () => {
  const rig = openRig();
  deliver(rig, createReplica());
  syncOne(rig);
  expect(rig.sent).toEqual([]);
  expect(rig.state.groups.size).toBe(0);
  syncOne(rig);
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ token: 1, scl: 0, refused: null });
  expect(groupOf(rig).superblock).toMatchObject({
    maxToken: 1,
    volumeEpoch: 1,
    openToken: 1,
    groupTail: 0,
    pgmrpl: 0,
  });
  deliver(rig, createReplica());
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ token: 1, scl: 0, refused: null });
  expect(eventsOf(rig, 'wal.durable')).toEqual([
    { kind: 'wal.durable', group: 'g1', lsns: [0], source: 'genesis' },
  ]);
});

test('WAL-4 a creation cut short by a crash leaves nothing and is simply repeated', () => {
  for (const survives of [() => false, () => true, () => 9]) {
    const rig = openRig();
    deliver(rig, createReplica());
    syncOne(rig);
    const again = crash(rig, survives);
    deliverAndSettle(again, createReplica());
    expect(lastSent(again, 'OpenAck')).toMatchObject({ scl: 0, refused: null });
    deliverAndSettle(again, batch([record(1)]));
    expect(lastSent(again, 'WriteAck').scl).toBe(1);
  }
});

test('WAL-28 the ack leaves only after the records are durable, with the SCL after the merge', () => {
  const rig = createdRig();
  deliver(rig, batch(chainOf([1, 2, 3])));
  expect(rig.sent).toEqual([]);
  expect(eventsOf(rig, 'wal.receive')).toMatchObject([{ first: 1, end: 4, fresh: 3, token: 1 }]);
  syncOne(rig);
  expect(lastSent(rig, 'WriteAck')).toMatchObject({
    token: 1,
    memberEpoch: 1,
    scl: 3,
    nwl: 3,
    refused: null,
  });
  expect(eventsOf(rig, 'wal.durable').at(-1)).toMatchObject({ lsns: [1, 2, 3], source: 'writer' });
  expect(eventsOf(rig, 'mark.scl').at(-1)).toMatchObject({ value: 3, term: 1 });
});

test('WAL-28 a repeated batch is acknowledged without writing', () => {
  const rig = createdRig();
  deliver(rig, batch(chainOf([1, 2])));
  deliver(rig, batch(chainOf([1, 2])));
  expect(rig.stores.length).toBe(1);
  expect(takeSent(rig, 'WriteAck').map(({ scl }) => scl)).toEqual([0]); // in flight: nothing is claimed for it
  settle(rig);
  expect(lastSent(rig, 'WriteAck').scl).toBe(2);
  deliver(rig, batch(chainOf([1, 2])));
  expect(rig.stores.length).toBe(0);
  expect(lastSent(rig, 'WriteAck').scl).toBe(2);
  expect(eventsOf(rig, 'wal.durable').flatMap(({ lsns }) => lsns)).toEqual([0, 1, 2]);
});

test('WAL-28 of a batch half known only the new records are written', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch(chainOf([1, 2])));
  deliver(rig, batch(chainOf([1, 2, 3])));
  expect(eventsOf(rig, 'wal.receive').at(-1)).toMatchObject({ fresh: 1 });
  settle(rig);
  expect(lastSent(rig, 'WriteAck').scl).toBe(3);
});

test('WAL-14 WAL-29 SCL stays below a hole, NWL does not, and any order of arrival ends the same', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(3)]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 0, nwl: 3 });
  expect(eventsOf(rig, 'hole.open')).toMatchObject([{ first: 1, end: 3 }]);
  deliverAndSettle(rig, batch([record(1)]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 1, nwl: 3 });
  deliverAndSettle(rig, batch([record(2)]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 3, nwl: 3 });
  expect(eventsOf(rig, 'hole.closed')).toMatchObject([{ ncl: 3 }]);
});

test('WAL-14 SCL is a record’s LSN, NCL may lie above it', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(1), record(9, { prevGroup: 4 })]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 1, nwl: 9 }); // 2…4 unknown, 5…8 known empty
  deliverAndSettle(rig, batch([record(4, { prevGroup: 1 })]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 9, nwl: 9 });
});

test('HOLE-13 a merge into the middle of a hole tells both rests', () => {
  const rig = createdRig();
  deliver(rig, batch([record(9)]));
  deliverAndSettle(rig, batch([record(4)]));
  expect(eventsOf(rig, 'hole.split')).toMatchObject([
    { first: 1, end: 4, sent: false },
    { first: 5, end: 9, sent: false },
  ]);
});

const wrongBatches = [
  ['a damaged record', (b: ReturnType<typeof batch>) => ({ ...b, records: damaged(b.records) })],
  ['a torn end', (b: ReturnType<typeof batch>) => ({ ...b, records: b.records.slice(0, -1) })],
  ['a wrong count', (b: ReturnType<typeof batch>) => ({ ...b, count: 2 })],
  ['no records', () => ({ ...batch([record(1)]), records: new Uint8Array(0), count: 0 })],
  ['a page of another group', () => batch([record(1, { block: 1000 })])],
  ['a record of another group', () => batch([record(1, { group: 'g2' })])],
  ['a record of another term', () => batch([record(1, { term: 2 })])],
  ['records out of order', () => batch([record(2, { prevGroup: 1 }), record(1, { prevGroup: 0 })])],
  ['a chain that goes back', () => batch([record(1), record(2), record(3, { prevGroup: 1 })])],
] as const;

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}

test.each(wrongBatches)('WAL-29 a batch with %s is rejected whole', (_, spoil) => {
  const rig = createdRig();
  deliver(rig, spoil(batch(chainOf([1, 2, 3]))));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 0, refused: { code: 'E_BAD_RECORD' } });
  expect(rig.stores).toEqual([]);
  deliverAndSettle(rig, batch(chainOf([1, 2, 3])));
  expect(lastSent(rig, 'WriteAck').scl).toBe(3);
});

test.each([
  ['durable', true],
  ['being written', false],
])(
  'HOLE-16 another content of an LSN that is %s: E_DATA_DIVERGED, nothing written, no more service',
  (_, isDurable) => {
    const rig = createdRig();
    deliver(rig, batch([record(1)]));
    if (isDurable) settle(rig);
    rig.sent = [];
    const other = record(1, { payload: 9, init: true });
    deliver(rig, batch([other, record(2)]));
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ refused: { code: 'E_DATA_DIVERGED', current: 1 } });
    expect(eventsOf(rig, 'store.failed')).toMatchObject([{ code: 'E_DATA_DIVERGED', at: 1 }]);
    settle(rig);
    expect(groupOf(rig).log.records.length).toBe(2);
    const again = crash(rig);
    for (const message of [batch([record(3)]), heartbeat()]) {
      deliver(again, message);
      expect(lastSent(again, 'WriteAck')).toMatchObject({ refused: { code: 'E_DATA_DIVERGED' } });
    }
  },
);

test('WAL-31 a chain whose prevBlock names another record: E_CHAIN_CONFLICT', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(1), record(2, { prevBlock: 1 })]));
  expect(eventsOf(rig, 'store.failed')).toEqual([]);
  deliverAndSettle(rig, batch([record(3, { prevBlock: 1 })]));
  expect(eventsOf(rig, 'store.failed')).toMatchObject([{ code: 'E_CHAIN_CONFLICT', at: 3 }]);
  expect(takeSent(rig, 'WriteAck').map(({ refused }) => refused?.code)).toEqual([
    undefined,
    'E_CHAIN_CONFLICT',
  ]);
  expect(groupOf(crash(rig)).failure).toBe('E_CHAIN_CONFLICT');
});

test.each([
  ['older than a version', 1, false, 5],
  ['the newest version', 2, false, null],
  ['above the version, and at logFloor: dropped', 3, false, null],
  ['above logFloor, where nothing was dropped', 4, false, 5],
  ['nothing, of a record that makes the page anew', -1, true, null],
  ['nothing, of a record that needs a page', -1, false, 5],
])(
  'WAL-31 GC has dropped all up to 3 and left version 2, and prevBlock is %s',
  (_, prevBlock, init, conflict) => {
    const rig = createdRig();
    const group = groupOf(rig);
    deliverAndSettle(rig, batch([record(5, { prevBlock, init })]));
    group.superblock = { ...group.superblock, logFloor: lsn(3) };
    blockOf(group.pages.blocks, record(5).record.blockKey).versions.push(2);
    expect(findChainConflict(group, 4, 6)).toBe(conflict);
  },
);

test('WAL-31 chains are checked below SCL only: a record above a hole waits', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(1), record(3, { prevBlock: 2 })]));
  expect(eventsOf(rig, 'store.failed')).toEqual([]);
  deliverAndSettle(rig, batch([record(2, { prevBlock: 1 })]));
  expect(eventsOf(rig, 'store.failed')).toEqual([]);
  expect(lastSent(rig, 'WriteAck').scl).toBe(3);
});

test('WAL-30 watermarks are taken as maxima, holdTo as received, and only from what passed WAL-46', () => {
  const rig = createdRig();
  const { watermarks } = groupOf(rig);
  deliver(rig, heartbeat({ vdl: 9, groupTail: 8, pgmrpl: 5, pgcl: 7, archivedTo: 6, holdTo: 4 }));
  expect(watermarks).toEqual({ knownVdl: 9, groupTail: 8, pgmrpl: 5, pgcl: 7, archivedTo: 6, holdTo: 4 });
  deliver(rig, heartbeat({ vdl: 3, groupTail: 2, pgmrpl: 1, pgcl: 2, archivedTo: 2, holdTo: 1 }));
  expect(watermarks).toEqual({ knownVdl: 9, groupTail: 8, pgmrpl: 5, pgcl: 7, archivedTo: 6, holdTo: 1 });
  deliver(rig, heartbeat({ memberEpoch: 2, vdl: 99, holdTo: 0 }));
  deliver(rig, heartbeat({ token: 2, vdl: 99, holdTo: 0 }));
  expect(watermarks).toMatchObject({ knownVdl: 9, holdTo: 1 });
  expect(eventsOf(rig, 'mark.known')).toMatchObject([{ vdl: 9, groupTail: 8, pgmrpl: 5 }]);
});

test('WAL-49 records are taken only of the term that is token, volumeEpoch and maxToken at once', () => {
  const rig = createdRig();
  deliver(rig, batch([record(1, { term: 2 })], { token: 2 }));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ refused: { code: 'EPOCH_AHEAD' } });
  deliverAndSettle(rig, installToken(2));
  deliver(rig, batch([record(1, { term: 2 })], { token: 2 }));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ refused: { code: 'NOT_READY' } });
});

test('FENCE-7 a new token is installed only when no older batch is in progress, and none begins behind it', () => {
  const rig = createdRig();
  deliver(rig, batch([record(1)]));
  deliver(rig, installToken(2));
  deliver(rig, batch([record(2)]));
  expect(rig.stores.length).toBe(1);
  syncOne(rig);
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ token: 1, scl: 1 });
  expect(rig.stores.length).toBe(1);
  syncOne(rig);
  expect(lastSent(rig, 'InstallAck')).toMatchObject({ maxToken: 2, volumeEpoch: 1, refused: null });
  deliver(rig, batch([record(2)]));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ refused: { code: 'TOKEN_STALE' } });
});

function suspended(rig: Rig, code: 'DISK_FULL' | 'EIO'): void {
  deliver(rig, batch([record(1)]));
  syncOne(rig, code);
}

test.each(['DISK_FULL', 'EIO'] as const)(
  'WAL-28 a batch whose write failed with %s is never acknowledged, and batches are refused for a while',
  (code) => {
    const rig = createdRig();
    suspended(rig, code);
    expect(takeSent(rig, 'WriteAck')).toEqual([]);
    expect(eventsOf(rig, 'store.suspended')).toMatchObject([{ code }]);
    deliver(rig, batch([record(1)]));
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 0, refused: { code } });
    deliver(rig, heartbeat({ vdl: 1 }));
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 0, refused: { code } });
    advance(rig, SUSPEND_US + 1000);
    expect(groupOf(rig).service.kind).toBe('serving');
    rig.sent = [];
    deliver(rig, batch([record(1)]));
    expect(rig.sent).toEqual([]);
    settle(rig);
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 1, refused: null });
    expect(groupOf(crash(rig)).scl).toBe(1);
  },
);

test('WAL-28 a suspension ends only with a fresh write that succeeds', () => {
  const rig = createdRig();
  suspended(rig, 'EIO');
  settle(rig);
  rig.now += SUSPEND_US;
  for (let n = 0; n < 3; n++) {
    rig.now += SUSPEND_US;
    fireTimer(rig, 'resume/g1');
    expect(rig.stores.length).toBe(1);
    syncOne(rig, 'EIO');
    deliver(rig, batch([record(1)]));
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ refused: { code: 'EIO' } });
  }
  advance(rig, 2 * SUSPEND_US);
  expect(groupOf(rig).service.kind).toBe('serving');
});

test('WAL-48 a token whose superblock write failed is admitted only after it was written afresh', () => {
  const rig = createdRig();
  deliver(rig, installToken(2));
  syncOne(rig, 'EIO');
  expect(takeSent(rig, 'InstallAck')).toEqual([]);
  expect(groupOf(rig).superblock.maxToken).toBe(1);
  advance(rig, SUSPEND_US + 1000);
  expect(lastSent(rig, 'InstallAck')).toMatchObject({ maxToken: 2, refused: null });
  expect(groupOf(crash(rig)).superblock.maxToken).toBe(2);
});

test('limit: appends in progress beyond inflightBytes are dropped silently', () => {
  const rig = createdRig();
  groupOf(rig).ingest.bytes = PARAMS.inflightBytes;
  deliver(rig, batch([record(1)]));
  expect(rig.stores).toEqual([]);
  expect(rig.sent).toEqual([]);
});

test('WAL-29 WAL-28 seeded: any order, repetition and batching of arrival gives the same log and SCL', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const prng = makePrng(seed, 'shuffle');
    const rig = createdRig();
    const all = chainOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let holes = 0;
    for (let n = 0; n < 40; n++) {
      const first = nextBelow(prng, all.length);
      const count = 1 + nextBelow(prng, 4);
      deliver(rig, batch(all.slice(first, first + count)));
      if (nextBelow(prng, 2) === 0 && rig.stores.length > 0) syncOne(rig);
      if (groupOf(rig).scl < Math.max(...groupOf(rig).log.records.map(({ record: { lsn } }) => lsn))) holes++;
    }
    deliverAndSettle(rig, batch(all));
    expect(holes).toBeGreaterThan(0);
    expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 12, nwl: 12 });
    expect(
      eventsOf(rig, 'wal.durable')
        .flatMap(({ lsns }) => [...lsns])
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(groupOf(crash(rig)).scl).toBe(12);
  }
});
