// Holes between real replicas: found, asked for, served from the log, filled (holes.md §4…§6).

import { expect, test } from 'vitest';
import type { Lsn, Term } from '../../../base/ids.ts';
import type { Message, MessageOf } from '../../kernel/messages.ts';
import { nextHole } from '../holes/hole-list.ts';
import {
  B,
  batch,
  C,
  chainOf,
  framed,
  GROUP,
  heartbeat,
  installToken,
  readPage,
  record,
} from './message-fixture.ts';
import {
  advance,
  advanceAll,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  exchange,
  groupOf,
  lastSent,
  PARAMS,
  type Rig,
  settle,
  syncOne,
  takeSent,
  tell,
} from './store-fixture.ts';

const peer = (ncl: number, pgcl: number, volumeEpoch = 1): MessageOf<'StatusReply'> => ({
  kind: 'StatusReply',
  group: GROUP,
  volumeEpoch: volumeEpoch as Term,
  status: {
    ncl: ncl as Lsn,
    nwl: ncl as Lsn,
    pgcl: pgcl as Lsn,
    volumeEpoch: volumeEpoch as Term,
    bootEpoch: 1,
  },
  refused: null,
});

const gapReq = (
  first: number,
  end: number,
  more: Partial<MessageOf<'GapReq'>> = {},
): MessageOf<'GapReq'> => ({
  kind: 'GapReq',
  reqId: { node: B, boot: 1, counter: 7 },
  group: GROUP,
  volumeEpoch: 1 as Term,
  memberEpoch: 1,
  first,
  end,
  mode: 'normal',
  ...more,
});

/** Three replicas; C has missed `missing` of the records, and receives how far the group is. */
function threeWithHole(missing: readonly number[], lsns = [1, 2, 3, 4, 5, 6]): Rig[] {
  const rigs = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const records = chainOf(lsns);
  const last = lsns.at(-1) ?? 0;
  rigs.forEach((rig, i) => {
    for (const one of records)
      if (i < 2 || !missing.includes(one.record.lsn)) deliver(rig, batch([one], { pgcl: 0 }));
    settle(rig);
    deliverAndSettle(rig, heartbeat({ pgcl: last, vdl: last }));
  });
  return rigs;
}

test('HOLE-35 WAL-29 a replica that missed records finds them at its peers, durably and in order', () => {
  const rigs = threeWithHole([2, 4, 5]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  expect(groupOf(c).scl).toBe(1);
  advanceAll(rigs, 10_000);
  expect(groupOf(c).scl).toBe(6);
  expect(eventsOf(c, 'hole.open').map(({ first, end }) => [first, end])).toEqual([
    [2, 3],
    [4, 6],
  ]);
  expect(eventsOf(c, 'hole.sent')).toMatchObject([
    { first: 2, end: 3, mode: 'normal' },
    { first: 4, end: 6, mode: 'normal' },
  ]);
  const filled = eventsOf(c, 'hole.fill').map(({ first, end, counter }) => [first, end, counter]);
  expect(filled).toEqual([
    [2, 3, 1],
    [4, 6, 2],
  ]);
  expect(eventsOf(c, 'hole.closed').at(-1)).toMatchObject({ ncl: 6 });
  expect(eventsOf(c, 'wal.durable').filter(({ source }) => source === 'peer')).toMatchObject([
    { lsns: [2] },
    { lsns: [4, 5] },
  ]);
  const served = rigs.slice(0, 2).flatMap((rig) => eventsOf(rig, 'hole.serve'));
  expect(served.map(({ records, error }) => [records, error])).toEqual([
    [1, ''],
    [2, ''],
  ]);
  deliver(c, readPage(6, 6));
  expect(lastSent(c, 'PageReply').pageLsn).toBe(6);
});

test('HOLE-61 a replica that was instructed to pause asks for nothing until it is instructed to go on, or starts anew', () => {
  const rigs = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const [, , c] = rigs as [Rig, Rig, Rig];
  tell(c, { kind: 'pauseHoles', group: null, isPaused: true });
  const records = chainOf([1, 2, 3, 4]);
  rigs.forEach((rig, i) => {
    for (const one of records) if (i < 2 || one.record.lsn !== 2) deliver(rig, batch([one], { pgcl: 0 }));
    settle(rig);
    deliverAndSettle(rig, heartbeat({ pgcl: 4, vdl: 4 }));
  });
  advanceAll(rigs, 500_000);
  expect(groupOf(c).scl).toBe(1);
  expect(eventsOf(c, 'hole.open')).toHaveLength(1);
  expect(eventsOf(c, 'hole.sent')).toEqual([]);
  tell(c, { kind: 'pauseHoles', group: GROUP, isPaused: false });
  advanceAll(rigs, 10_000);
  expect(eventsOf(c, 'hole.sent')).toMatchObject([{ first: 2, end: 3 }]);
  expect(groupOf(c).scl).toBe(4);
});

test('HOLE-19 a lost tail is found from the PGCL that a heartbeat tells, and nothing above it', () => {
  const rigs = threeWithHole([5, 6]);
  const [a, , c] = rigs as [Rig, Rig, Rig];
  deliverAndSettle(a, batch([record(7, { prevBlock: 6 })], { pgcl: 6 }));
  advanceAll(rigs, 10_000);
  expect(groupOf(c).scl).toBe(6);
  expect(eventsOf(c, 'hole.sent').every(({ end }) => end <= 7)).toBe(true);
});

test('HOLE-19 what is being written at this moment is not asked for', () => {
  const rig = createdRig();
  deliver(rig, peer(9, 9), B);
  deliver(rig, batch([record(1)]));
  deliver(rig, batch([record(2, { prevBlock: 1 })], { pgcl: 1, vdl: 1 }));
  expect(takeSent(rig, 'GapReq')).toEqual([]);
  settle(rig);
  expect(takeSent(rig, 'GapReq')).toEqual([]);
  deliverAndSettle(rig, batch([record(4)], { pgcl: 3 }));
  expect(takeSent(rig, 'GapReq')).toMatchObject([{ first: 3, end: 4 }]);
});

test('HOLE-37 HOLE-29 an answer that never comes: the next peer is asked, and the late answer has no effect', () => {
  const rigs = threeWithHole([3]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  let lost: Message | null = null;
  advanceAll(rigs, 20_000, (message) => {
    if (message.kind !== 'GapReply' || lost) return false;
    lost = message;
    return true;
  });
  expect(eventsOf(c, 'hole.timeout')).toMatchObject([{ counter: 1 }]);
  const asked = eventsOf(c, 'hole.sent');
  expect(asked.length).toBe(2);
  expect(asked[1]?.to).not.toBe(asked[0]?.to);
  expect(groupOf(c).scl).toBe(6);
  const late = lost as Message | null;
  expect(late).not.toBeNull();
  if (late) deliver(c, late, asked[0]?.to as typeof B);
  expect(eventsOf(c, 'hole.ignored')).toMatchObject([{ counter: 1 }]);
  expect(c.stores).toEqual([]);
});

test('HOLE-40 loss, duplication and repetition of repair messages only delay it', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const rigs = threeWithHole([2, 3, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8]);
    const [, , c] = rigs as [Rig, Rig, Rig];
    let n = seed;
    let losses = 0;
    advanceAll(rigs, 200_000, () => {
      n = (n * 48271) % 2147483647;
      if (n % 3 !== 0) return false;
      losses++;
      return true;
    });
    expect(losses).toBeGreaterThan(0);
    expect(groupOf(c).scl).toBe(8);
    expect(
      eventsOf(c, 'wal.durable')
        .flatMap(({ lsns }) => [...lsns])
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  }
});

test('HOLE-36 a gap that the writer fills meanwhile is written once', () => {
  const rigs = threeWithHole([3]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  deliver(c, peer(6, 6), B);
  const [asked] = takeSent(c, 'GapReq');
  expect(asked).toMatchObject({ first: 3, end: 4 });
  deliver(c, batch([record(3, { prevBlock: 2 })]));
  const fill: MessageOf<'GapReply'> = {
    kind: 'GapReply',
    reqId: asked?.reqId ?? { node: C, boot: 1, counter: 1 },
    group: GROUP,
    volumeEpoch: 1 as Term,
    parts: [{ first: 3, end: 4, records: framed([record(3, { prevBlock: 2 })]) }],
    held: [[3, 4]],
    done: true,
    status: { ncl: 6 as Lsn, nwl: 6 as Lsn, pgcl: 6 as Lsn, volumeEpoch: 1 as Term, bootEpoch: 1 },
    refused: null,
  };
  deliverAndSettle(c, fill, B);
  expect(
    eventsOf(c, 'wal.durable')
      .flatMap(({ lsns }) => lsns)
      .filter((lsn) => lsn === 3),
  ).toEqual([3]);
  expect(groupOf(c).scl).toBe(6);
  expect(nextHole(groupOf(c).holes.list, 0, 7)).toBeNull();
});

test('HOLE-4 HOLE-13 an answer whose part lies beyond the last record opens a hole, and splits none', () => {
  const rigs = threeWithHole([5, 6]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  deliver(c, peer(6, 6), B);
  const [asked] = takeSent(c, 'GapReq');
  const { status } = peer(6, 6);
  if (asked === undefined || status === null) throw new Error('nothing was asked for');
  expect(asked).toMatchObject({ first: 5, end: 7 });
  const second: MessageOf<'GapReply'> = {
    kind: 'GapReply',
    reqId: asked.reqId,
    group: GROUP,
    volumeEpoch: 1 as Term,
    parts: [{ first: 6, end: 7, records: framed(chainOf([5, 6]).slice(1)) }],
    held: [[5, 7]],
    done: false,
    status,
    refused: null,
  };
  deliverAndSettle(c, second, B);
  expect(eventsOf(c, 'hole.fill')).toMatchObject([{ first: 6, end: 7 }]);
  expect(eventsOf(c, 'hole.open')).toMatchObject([{ first: 5, end: 6 }]);
  expect(eventsOf(c, 'hole.split')).toEqual([]);
  advanceAll(rigs, 500_000);
  expect(groupOf(c).scl).toBe(6);
});

test('HOLE-32 an answer states all of each part, in several replies when it is large, the last one done', () => {
  const rig = createdRig();
  const lsns = Array.from({ length: 3000 }, (_, i) => 2 * i + 2);
  const records = lsns.map((at, i) => record(at, { prevGroup: i === 0 ? 0 : at - 2, block: i % 50 }));
  deliverAndSettle(rig, batch(records));
  rig.sent = [];
  deliver(rig, gapReq(1, 6001), B);
  const replies = takeSent(rig, 'GapReply');
  expect(replies.length).toBeGreaterThan(1);
  expect(replies.map(({ done }) => done)).toEqual(replies.map((_, i) => i === replies.length - 1));
  for (const { parts } of replies)
    for (const part of parts) expect(part.records.length).toBeLessThan(PARAMS.replyBytes + 200);
  const parts = replies.flatMap((reply) => reply.parts);
  expect(parts[0]?.first).toBe(1);
  expect(parts.at(-1)?.end).toBe(6001);
  parts.slice(1).forEach((part, i) => {
    expect(part.first).toBe(parts[i]?.end);
  });
});

test('HOLE-32 a part may be empty of records, and an answer empty of parts', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(9, { prevGroup: 4 })]));
  rig.sent = [];
  deliver(rig, gapReq(6, 8), B);
  expect(lastSent(rig, 'GapReply')).toMatchObject({
    parts: [{ first: 6, end: 8, records: new Uint8Array(0) }],
    done: true,
    held: [[6, 8]],
  });
  deliver(rig, gapReq(2, 4), B);
  expect(lastSent(rig, 'GapReply')).toMatchObject({ parts: [], done: true, refused: null, held: [] });
});

test.each([
  [{ volumeEpoch: 0 as Term }, 'STALE_EPOCH', 'volume', 1],
  [{ volumeEpoch: 2 as Term }, 'EPOCH_AHEAD', 'volume', 1],
  [{ memberEpoch: 0 }, 'STALE_EPOCH', 'member', 1],
  [{ memberEpoch: 2 }, 'EPOCH_AHEAD', 'member', 1],
] as const)('HOLE-33 FENCE-12 a request with %j is refused %s{%s}', (more, code, which, current) => {
  const rig = createdRig();
  deliver(rig, gapReq(0, 1, more), B);
  expect(lastSent(rig, 'GapReply')).toMatchObject({
    parts: [],
    done: true,
    refused: { code, which, current },
  });
  const { volumeEpoch, memberEpoch } = gapReq(0, 1, more);
  deliver(rig, { kind: 'StatusReq', group: GROUP, volumeEpoch, memberEpoch }, B);
  expect(lastSent(rig, 'StatusReply')).toMatchObject({ status: null, refused: { code, which, current } });
});

test('HOLE-58 between InstallToken and InstallHistory a replica asks nobody and answers NOT_READY', () => {
  const rigs = threeWithHole([3]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  deliverAndSettle(c, installToken(2));
  c.sent = [];
  deliver(c, peer(6, 6), B);
  advanceAll([c], 20_000);
  expect(takeSent(c, 'GapReq')).toEqual([]);
  deliver(c, gapReq(0, 1), B);
  expect(lastSent(c, 'GapReply')).toMatchObject({ refused: { code: 'NOT_READY' } });
});

test('HOLE-35 FENCE-12 a fill of a term that does not own its LSN is dropped', () => {
  const rigs = threeWithHole([3]);
  const [, , c] = rigs as [Rig, Rig, Rig];
  deliver(c, peer(6, 6), B);
  const [asked] = takeSent(c, 'GapReq');
  expect(asked).toBeDefined();
  if (!asked) return;
  const wrong = [
    record(3, { prevBlock: 2, term: 2 }),
    record(3, { prevBlock: 2, block: 5000 }),
    record(3, { group: 'g2' }),
  ];
  for (const one of wrong) {
    deliver(
      c,
      {
        kind: 'GapReply',
        reqId: asked.reqId,
        group: GROUP,
        volumeEpoch: 1 as Term,
        parts: [{ first: 3, end: 4, records: framed([one]) }],
        held: [[3, 4]],
        done: false,
        status: peer(6, 6).status ?? groupOf(c).holes.peers[0]?.status ?? never(),
        refused: null,
      },
      B,
    );
    expect(c.stores).toEqual([]);
  }
  expect(groupOf(c).scl).toBe(2);
});

function never(): never {
  throw new Error('no status');
}

test('WAL-38 HOLE-39 WAL-71 a gap at or below logFloor is LOG_GONE; when all say so a base image heals the replica', () => {
  const rigs = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const [a, b, c] = rigs as [Rig, Rig, Rig];
  const watermarks = { pgcl: 3, vdl: 3, pgmrpl: 3, holdTo: 3 };
  for (const rig of [a, b]) {
    deliverAndSettle(rig, batch(chainOf([1, 2, 3])));
    deliver(rig, heartbeat(watermarks));
  }
  advanceAll([a, b], 30_000);
  expect(groupOf(a).superblock.logFloor).toBe(3);
  a.sent = [];
  deliver(a, gapReq(2, 4), B);
  expect(lastSent(a, 'GapReply')).toMatchObject({ parts: [], refused: { code: 'LOG_GONE', current: 3 } });
  expect(eventsOf(a, 'hole.serve').at(-1)).toMatchObject({ error: 'LOG_GONE' });
  deliver(c, heartbeat({ pgcl: 3, vdl: 3 }));
  advanceAll(rigs, 60_000);
  expect(eventsOf(c, 'store.failed')).toMatchObject([{ code: 'NEED_BASE', at: 1 }]);
  expect(eventsOf(c, 'base.installed')).toMatchObject([{ base: 3, scl: 3, why: 'needBase' }]);
  expect(groupOf(c)).toMatchObject({
    scl: 3,
    repair: { needsBase: false },
    superblock: { logFloor: 3, maxToken: 1 },
  });
  for (const rig of [a, c]) deliver(rig, readPage(3, 3));
  rigs.forEach(settle);
  expect(lastSent(c, 'PageReply')).toEqual(lastSent(a, 'PageReply'));
  const again = crash(c);
  expect(groupOf(again)).toMatchObject({ scl: 3, superblock: { logFloor: 3 } });
});

test('WAL-36 WAL-71 a restart reads records below a base image again; of those GC drops what is archived (cynosdb-pcs seed 10)', () => {
  const rigs = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const [a, b, c] = rigs as [Rig, Rig, Rig];
  const records = chainOf([1, 2, 3, 4, 5, 6]);
  const floors = { pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 5, holdTo: 6, archivedTo: 3 };
  for (const rig of [a, b]) {
    deliverAndSettle(rig, batch(records.slice(0, 5), { ...floors, pgcl: 5, vdl: 5, groupTail: 5 }));
    advanceAll([rig], 30_000);
    deliverAndSettle(rig, batch(records.slice(5), floors));
    expect(groupOf(rig).superblock.logFloor).toBe(3);
  }
  deliverAndSettle(c, batch(records.slice(1), floors)); // one segment, of which record 6 is above the image
  advanceAll(rigs, 60_000);
  expect(eventsOf(c, 'base.installed')).toMatchObject([{ base: 5, scl: 6, why: 'needBase' }]);
  const lsnsOf = (rig: Rig): number[] => groupOf(rig).log.records.map(({ record: { lsn } }) => lsn);
  expect(lsnsOf(c)).toEqual([6]);
  const again = crash(c);
  expect(lsnsOf(again)).toEqual([2, 3, 4, 5, 6]);
  deliver(again, heartbeat(floors));
  advance(again, 30_000);
  expect(eventsOf(again, 'gc.drop')).toMatchObject([{ logFloor: 5, records: 2, droppedTo: 3 }]);
  expect(lsnsOf(again)).toEqual([4, 5, 6]);
});

test('HOLE-37 a fill whose write fails leaves its gap a hole that is asked for again', () => {
  const rigs = threeWithHole([3]);
  const [a, , c] = rigs as [Rig, Rig, Rig];
  deliver(c, peer(6, 6), B);
  const [asked] = takeSent(c, 'GapReq');
  if (asked) deliver(a, asked, C);
  deliver(c, lastSent(a, 'GapReply'), B);
  syncOne(c, 'EIO');
  expect(groupOf(c).scl).toBe(2);
  expect(eventsOf(c, 'hole.timeout').length).toBe(1);
  advanceAll(rigs, 80_000);
  expect(groupOf(c).scl).toBe(6);
});

test('HOLE-23 an idle replica without holes sets no repair timer', () => {
  const rigs = threeWithHole([]);
  advanceAll(rigs, 20_000);
  for (const rig of rigs)
    expect([...rig.timers.keys()].filter((timer) => timer.startsWith('holes/'))).toEqual([]);
  exchange(rigs);
  expect(PARAMS.discoverEveryMs).toBeGreaterThan(0);
});
