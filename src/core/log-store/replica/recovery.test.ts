// A replica under recovery (wal.md §9, holes.md §7): tokens, what it reports, truncation, filling, opening; each durable
// before its answer and unchanged by a crash.

import { describe, expect, test } from 'vitest';
import type { Lsn, Term } from '../../../base/ids.ts';
import {
  B,
  batch,
  C,
  chainOf,
  DESCRIPTOR,
  entries,
  framed,
  GROUP,
  heartbeat,
  installHistory,
  installToken,
  openVolume,
  readPage,
  record,
  recoveryRead,
} from './message-fixture.ts';
import { HISTORY, PEERS, show, status, vector21 } from './recovery-fixture.ts';
import {
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  lastSent,
  lsnsOf,
  type Rig,
  reopenUnder,
  settle,
  syncOne,
  takeSent,
} from './store-fixture.ts';

test('HOLE-43 HOLE-47 vector 21 through messages: truncate, ask, fill, done, open', () => {
  const rig = vector21();
  deliverAndSettle(rig, installToken(6));
  expect(lastSent(rig, 'InstallAck')).toMatchObject({ maxToken: 6, volumeEpoch: 3, refused: null });
  deliver(rig, installHistory(6, HISTORY, 72, PEERS));
  expect(takeSent(rig, 'HistoryAck')).toEqual([]); // WAL-48
  syncOne(rig);
  const asked = rig.sent.flatMap(({ to, message }) =>
    message.kind === 'GapReq' ? [[to, message.first, message.end]] : [],
  );
  expect(lastSent(rig, 'HistoryAck')).toMatchObject({
    volumeEpoch: 6,
    phase: 'FILLING',
    removed: [60, 62],
    scl: 50,
    ncl: 50,
    nwl: 55,
    missing: [
      [51, 54],
      [56, 73],
    ],
    refused: null,
  });
  expect(asked).toEqual([
    [B, 51, 54],
    [B, 56, 73],
  ]);
  expect(show(rig)).toBe('D[0,51) S[51,54) D[54,56) S[56,73) H[73,MAX)');
  expect(lsnsOf(rig)).toEqual([0, 50, 55]);
  expect(eventsOf(rig, 'recovery.history')).toEqual([
    {
      kind: 'recovery.history',
      group: GROUP,
      token: 6,
      startLsn: 83,
      prevEnd: 72,
      maxNwl: 72,
      removed: [60, 62],
    },
  ]);

  reply(rig, 1, 51, 54, [record(53, { prevGroup: 50, term: 3, block: 8, prevBlock: 50 })]);
  expect(takeSent(rig, 'HistoryAck')).toEqual([]);
  settle(rig);
  expect(show(rig)).toBe('D[0,56) S[56,73) H[73,MAX)');
  expect(lastSent(rig, 'HistoryAck')).toMatchObject({ phase: 'FILLING', scl: 55, missing: [[56, 73]] });
  const rest = [
    record(57, { prevGroup: 55, term: 3, block: 8, prevBlock: 53 }),
    record(71, { prevGroup: 57, term: 5, prevBlock: 55 }),
    record(72, { prevGroup: 71, term: 5, prevBlock: 71 }),
  ];
  reply(rig, 2, 56, 73, rest);
  settle(rig);
  expect(show(rig)).toBe('D[0,73) H[73,MAX)');
  expect(lastSent(rig, 'HistoryAck')).toMatchObject({ phase: 'DONE', scl: 72, ncl: 72, missing: [] });
  expect(eventsOf(rig, 'wal.durable').slice(-2)).toMatchObject([
    { lsns: [53], source: 'peer' },
    { lsns: [57, 71, 72], source: 'peer' },
  ]);

  deliverAndSettle(rig, openVolume(6, 72, 83));
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ token: 6, scl: 72, refused: null });
  expect(groupOf(rig).watermarks).toMatchObject({ knownVdl: 72, groupTail: 72 });
  deliverAndSettle(
    rig,
    batch([record(83, { prevGroup: 72, prevBlock: 72, term: 6 })], { token: 6, vdl: 72 }),
  );
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ token: 6, scl: 83 });
});

function reply(
  rig: Rig,
  counter: number,
  first: number,
  end: number,
  records: ReturnType<typeof record>[],
): void {
  deliver(
    rig,
    {
      kind: 'GapReply',
      reqId: { node: rig.config.nodeId, boot: rig.boot, counter },
      group: GROUP,
      volumeEpoch: 6 as Term,
      parts: [{ first, end, records: framed(records) }],
      held: [[first, end]],
      done: true,
      status: status(72, 6),
      refused: null,
    },
    B,
  );
}

test('HOLE-58 recovery mode, its maxNWL and the truncation survive a restart', () => {
  const rig = vector21();
  deliverAndSettle(rig, installToken(6));
  deliverAndSettle(rig, installHistory(6, HISTORY, 72, PEERS));
  const again = crash(rig);
  expect(groupOf(again).holes).toMatchObject({ mode: 'recovery', maxNwl: 72, volumeEpoch: 6 });
  expect(lsnsOf(again)).toEqual([0, 50, 55]);
  expect(show(again)).toBe('D[0,51) H[51,54) D[54,56) H[56,MAX)');
  expect(again.sent.map(({ to, message }) => [to, message.kind])).toEqual([
    [B, 'StatusReq'],
    [C, 'StatusReq'],
  ]);
  deliver(
    again,
    { kind: 'StatusReply', group: GROUP, volumeEpoch: 6 as Term, status: status(72, 6), refused: null },
    B,
  );
  expect(takeSent(again, 'GapReq')).toMatchObject([
    { first: 51, end: 54, mode: 'recovery' },
    { first: 56, end: 73, mode: 'recovery' },
  ]);
  deliver(again, batch([record(83, { prevGroup: 72, term: 6 })], { token: 6 }));
  expect(lastSent(again, 'WriteAck')).toMatchObject({ refused: { code: 'NOT_READY' } });
  deliver(again, installHistory(6, HISTORY, 72));
  expect(lastSent(again, 'HistoryAck')).toMatchObject({ volumeEpoch: 6, phase: 'FILLING', refused: null });
});

test('WAL-48 HOLE-43 a crash before the history is durable leaves the replica as it was', () => {
  const rig = vector21();
  deliverAndSettle(rig, installToken(6));
  deliver(rig, installHistory(6, HISTORY, 72, PEERS));
  const before = crash(rig);
  expect(groupOf(before).superblock).toMatchObject({ maxToken: 6, volumeEpoch: 3 });
  expect(lsnsOf(before)).toEqual([0, 50, 55, 60, 62]);
  deliverAndSettle(before, installHistory(6, HISTORY, 72, PEERS));
  expect(lastSent(before, 'HistoryAck')).toMatchObject({ removed: [60, 62] });
  // one of the two copies, the other torn: the new history counts
  const after = crash(rig, ({ key }) => (key.endsWith('a') ? true : 100));
  expect(groupOf(after).superblock).toMatchObject({
    maxToken: 6,
    volumeEpoch: 6,
    mode: 'recovery',
    maxNwl: 72,
  });
  expect(lsnsOf(after)).toEqual([0, 50, 55]);
});

test('WAL-48 a crash at any point of InstallToken keeps the old token or the new one, never less', () => {
  for (const survives of [
    () => false,
    () => true,
    () => 40,
    ({ key }: { key: string }) => key.endsWith('b'),
  ]) {
    const rig = createdRig();
    for (let token = 2; token <= 6; token++) {
      deliver(rig, installToken(token));
      const again = crash(rig, survives);
      expect(groupOf(again).superblock.maxToken).toBeGreaterThanOrEqual(token - 1);
      settle(rig);
      expect(groupOf(crash(rig)).superblock.maxToken).toBe(token);
    }
  }
});

test('FENCE-4 a damaged superblock value takes no promise back', () => {
  const rig = createdRig();
  for (let token = 2; token <= 5; token++) {
    deliverAndSettle(rig, installToken(token));
    for (const key of [...rig.disk.keys()].filter((one) => one.includes('/super/'))) {
      const disk = new Map(rig.disk);
      const bytes = disk.get(key)?.slice() ?? new Uint8Array(1);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      rig.disk.set(key, bytes);
      expect(groupOf(crash(rig)).superblock.maxToken).toBe(token);
      rig.disk.set(key, disk.get(key) ?? bytes);
    }
  }
});

test('HOLE-46 a second InstallHistory of the token is a repeat; a lower one is refused', () => {
  const rig = vector21();
  reopenUnder(rig, 6, HISTORY, 72, 72);
  rig.sent = [];
  deliver(rig, installHistory(6, entries([3, 0, -1], [6, 999, 50]), 50));
  expect(lastSent(rig, 'HistoryAck')).toMatchObject({ volumeEpoch: 6, refused: null, removed: [60, 62] });
  expect(groupOf(rig).superblock.history).toEqual(HISTORY);
  expect(eventsOf(rig, 'recovery.history').length).toBe(1);
});

test.each([
  ['not ending in its token', entries([3, 0, -1], [5, 83, 72]), 72, 'E_BAD_MESSAGE'],
  ['not ascending in startLsn', entries([3, 90, -1], [6, 83, 72]), 72, 'E_BAD_MESSAGE'],
  ['that cuts below the known group tail', HISTORY, 40, 'E_TRUNCATE_BELOW_COMMIT'],
] as const)('WAL-73 HOLE-45 a history %s is refused and changes nothing', (_, history, maxNwl, code) => {
  const rig = vector21();
  deliverAndSettle(rig, installToken(6));
  const before = show(rig);
  deliver(rig, installHistory(6, [...history], maxNwl));
  expect(lastSent(rig, 'HistoryAck')).toMatchObject({ refused: { code }, volumeEpoch: 3 });
  expect(rig.stores).toEqual([]);
  expect(show(rig)).toBe(before);
  expect(groupOf(rig).superblock.volumeEpoch).toBe(3);
});

test('R2 RecoveryInfo tells records above knownVdl and the last one at or below it', () => {
  const rig = vector21();
  deliver(rig, heartbeat({ token: 3, vdl: 57, groupTail: 55, pgmrpl: 20 }));
  deliverAndSettle(rig, installToken(6));
  deliver(rig, recoveryRead(6));
  expect(lastSent(rig, 'RecoveryInfo')).toMatchObject({
    maxToken: 6,
    volumeEpoch: 3,
    scl: 62, // all that is above knownVdl: the walk of WAL-52 begins there
    ncl: 50,
    nwl: 62,
    knownVdl: 57,
    groupTail: 55,
    pgmrpl: 20,
    logFloor: -1,
    history: entries([3, 0, -1]),
    records: [
      { lsn: 55, prevVolume: 54, cpl: true },
      { lsn: 60, prevVolume: 59, cpl: true },
      { lsn: 62, prevVolume: 61, cpl: true },
    ],
    refused: null,
  });
});

test('FENCE-7 HOLE-58 RecoveryInfo waits for appends in progress, and what was asked before counts no more', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch([record(1), record(3)], { pgcl: 3 }));
  deliver(
    rig,
    {
      kind: 'StatusReply',
      group: GROUP,
      volumeEpoch: 1 as Term,
      status: { ...status(3, 1), pgcl: 9 as Lsn },
      refused: null,
    },
    B,
  );
  const [asked] = takeSent(rig, 'GapReq');
  expect(asked).toMatchObject({ first: 2, end: 3 });
  deliver(rig, batch([record(4)]));
  deliver(rig, installToken(2));
  deliver(rig, recoveryRead(2));
  expect(rig.sent).toEqual([]);
  settle(rig);
  expect(lastSent(rig, 'RecoveryInfo')).toMatchObject({ scl: 1, nwl: 4 });
  if (!asked) return;
  deliver(
    rig,
    {
      kind: 'GapReply',
      reqId: asked.reqId,
      group: GROUP,
      volumeEpoch: 1 as Term,
      parts: [{ first: 2, end: 3, records: framed([record(2)]) }],
      held: [[2, 3]],
      done: true,
      status: status(4, 1),
      refused: null,
    },
    B,
  );
  settle(rig);
  expect(groupOf(rig).scl).toBe(1);
  expect(eventsOf(rig, 'hole.ignored')).toMatchObject([{ counter: 1, from: B }]);
});

test('WAL-48 memberEpoch and geoEpoch of InstallToken are durable before the ack', () => {
  const rig = createdRig();
  deliver(rig, installToken(2, { ...DESCRIPTOR, memberEpoch: 3, geoEpoch: 2 }));
  expect(rig.sent).toEqual([]);
  settle(rig);
  expect(lastSent(rig, 'InstallAck')).toMatchObject({ memberEpoch: 3, geoEpoch: 2 });
  expect(groupOf(crash(rig)).superblock.descriptor).toMatchObject({ memberEpoch: 3, geoEpoch: 2 });
});

describe('worked vectors of failover.md §10 at one store', () => {
  const FIRST = entries([100, 0, -1]);
  /** Token 100 and its log up to `last`; VDL is one below. */
  function at100(end: number): Rig {
    const rig = createdRig({}, 100);
    const lsns = Array.from({ length: end }, (_, i) => i + 1);
    deliverAndSettle(rig, batch(chainOf(lsns, { term: 100 }), { token: 100, pgcl: end - 1, vdl: end - 1 }));
    rig.sent = [];
    return rig;
  }
  const write = (token: number, at: number, previous = at - 1) =>
    batch([record(at, { prevGroup: previous, prevBlock: previous, term: token })], { token, vdl: 49 });

  test('F1 FENCE-10 stores that have the new token refuse the old writer, one that is cut off takes it; a read needs no token', () => {
    const [a, c] = [at100(49), at100(49)];
    deliverAndSettle(a, installToken(101));
    deliverAndSettle(a, write(100, 50));
    expect(lastSent(a, 'WriteAck')).toMatchObject({ refused: { code: 'TOKEN_STALE', current: 101 } });
    expect(lsnsOf(a)).not.toContain(50);
    deliverAndSettle(c, write(100, 50));
    expect(lastSent(c, 'WriteAck')).toMatchObject({ scl: 50, refused: null });
    deliverAndSettle(c, write(90, 51));
    expect(lastSent(c, 'WriteAck')).toMatchObject({ refused: { code: 'TOKEN_STALE', current: 100 } });
    deliver(a, readPage(48, 48), B);
    settle(a);
    expect(lastSent(a, 'PageReply')).toMatchObject({ refused: null });
  });

  test('F2 FENCE-6 FENCE-27 a store that missed the change takes nothing of the new term before its history, and loses what that annuls', () => {
    const c = at100(50);
    deliverAndSettle(c, write(101, 150, 49));
    expect(lastSent(c, 'WriteAck')).toMatchObject({
      refused: { code: 'EPOCH_AHEAD', which: 'token', current: 100 },
    });
    expect(lsnsOf(c)).toContain(50);
    reopenUnder(c, 101, [...FIRST, ...entries([101, 150, 49])], 49, 49);
    expect(lsnsOf(c)).not.toContain(50);
    deliverAndSettle(c, write(101, 150, 49));
    expect(lastSent(c, 'WriteAck')).toMatchObject({ scl: 150, refused: null });
    const again = crash(c);
    expect(lsnsOf(again).slice(-2)).toEqual([49, 150]);
  });

  test('F8 a token that was not durable was not acknowledged: the write of the old one is taken', () => {
    const rig = at100(59);
    deliver(rig, installToken(101));
    expect(takeSent(rig, 'InstallAck')).toEqual([]);
    const again = crash(rig);
    expect(groupOf(again).superblock.maxToken).toBe(100);
    deliverAndSettle(again, write(100, 60));
    expect(lastSent(again, 'WriteAck')).toMatchObject({ scl: 60, refused: null });
  });

  test('F9 FENCE-4 one that was acknowledged holds after a restart', () => {
    const rig = at100(59);
    deliverAndSettle(rig, installToken(101));
    expect(lastSent(rig, 'InstallAck')).toMatchObject({ maxToken: 101, refused: null });
    const again = crash(rig);
    deliverAndSettle(again, write(100, 60));
    expect(lastSent(again, 'WriteAck')).toMatchObject({ refused: { code: 'TOKEN_STALE', current: 101 } });
    expect(lsnsOf(again)).not.toContain(60);
  });
});
