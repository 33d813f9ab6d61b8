// A replica after its recovery (wal.md §9): opened for the term, without what was annulled, healed by its peers.

import { expect, test } from 'vitest';
import type { Term } from '../../../base/ids.ts';
import { nclOf } from '../holes/hole-list.ts';
import {
  B,
  batch,
  C,
  chainOf,
  entries,
  GROUP,
  heartbeat,
  installHistory,
  installToken,
  openVolume,
  readPage,
  record,
} from './message-fixture.ts';
import { HISTORY, vector21 } from './recovery-fixture.ts';
import {
  advanceAll,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  exchange,
  groupOf,
  lastSent,
  lsnsOf,
  reopenUnder,
  settle,
  takeSent,
} from './store-fixture.ts';

test('WAL-57 OpenVolume sets knownVdl and group tail, InstallHistory does not; both survive a crash', () => {
  const rig = vector21();
  deliverAndSettle(rig, installToken(6));
  deliverAndSettle(rig, installHistory(6, HISTORY, 72));
  expect(groupOf(rig).watermarks).toMatchObject({ knownVdl: 50, groupTail: 50 });
  deliver(rig, openVolume(6, 80, 83));
  expect(takeSent(rig, 'OpenAck')).toEqual([]);
  settle(rig);
  expect(eventsOf(rig, 'volume.open').at(-1)).toMatchObject({ token: 6 });
  const again = crash(rig);
  for (const one of [rig, again]) {
    expect(groupOf(one).watermarks).toMatchObject({ knownVdl: 80, groupTail: 72 });
    expect(groupOf(one).holes.mode).toBe('normal');
    expect(groupOf(one).superblock.openToken).toBe(6);
  }
  deliver(again, openVolume(6, 99, 83));
  expect(again.stores).toEqual([]);
  expect(lastSent(again, 'OpenAck')).toMatchObject({ refused: null });
});

test('WAL-46 OpenVolume before InstallHistory is NOT_READY', () => {
  const rig = createdRig();
  deliverAndSettle(rig, installToken(2));
  deliver(rig, openVolume(2, 0, 101));
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ refused: { code: 'NOT_READY' } });
});

test('WAL-56 annulled records are gone from reads, gap replies and RecoveryInfo, also after restarts', () => {
  const rig = createdRig();
  deliverAndSettle(rig, batch(chainOf([1, 2, 3, 4, 5]), { vdl: 2 }));
  reopenUnder(rig, 2, entries([1, 0, -1], [2, 103, 2]), 2, 2);
  for (const one of [rig, crash(rig)]) {
    expect(lsnsOf(one)).toEqual([0, 1, 2]);
    one.sent = [];
    deliver(one, readPage(2, 2));
    expect(lastSent(one, 'PageReply').pageLsn).toBe(2);
    deliver(one, readPage(103, 103));
    expect(lastSent(one, 'PageReply')).toMatchObject({ refused: { code: 'READ_POINT_AHEAD', current: 2 } });
    deliver(
      one,
      {
        kind: 'GapReq',
        reqId: { node: B, boot: 1, counter: 1 },
        group: GROUP,
        volumeEpoch: 2 as Term,
        memberEpoch: 1,
        first: 0,
        end: 50,
        mode: 'recovery',
      },
      B,
    );
    expect(lastSent(one, 'GapReply').parts).toMatchObject([{ first: 0, end: 3 }]);
    deliverAndSettle(one, batch([record(103, { prevGroup: 2, prevBlock: 2, term: 2 })], { token: 2 }));
    deliver(one, readPage(103, 103));
    expect(lastSent(one, 'PageReply').pageLsn).toBe(103);
  }
});

test('WAL-59 a replica that was away receives the opening, truncates, and is healed by its peers', () => {
  const [a, b, c] = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  for (const rig of [a, b, c]) {
    deliverAndSettle(rig, batch(chainOf([1, 2, 3])));
  }
  deliver(c, batch([record(4, { prevBlock: 3 }), record(5, { prevBlock: 4 })])); // reached nobody else
  settle(c);
  const history = entries([1, 0, -1], [2, 104, 3]);
  for (const rig of [a, b]) {
    reopenUnder(rig, 2, history, 3, 3);
    deliverAndSettle(
      rig,
      batch([record(104, { prevGroup: 3, prevBlock: 3, term: 2 })], { token: 2, vdl: 3 }),
    );
  }
  deliver(c, heartbeat({ token: 2, vdl: 104 }));
  expect(lastSent(c, 'WriteAck')).toMatchObject({ refused: { code: 'EPOCH_AHEAD', which: 'token' } });
  reopenUnder(c, 2, history, 3, 3);
  expect(lsnsOf(c)).toEqual([0, 1, 2, 3]);
  for (const rig of [a, b, c]) deliver(rig, heartbeat({ token: 2, pgcl: 104, vdl: 104, groupTail: 104 }));
  advanceAll([a, b, c], 20_000);
  expect(groupOf(c).scl).toBe(104);
  for (const rig of [a, b, c]) {
    rig.sent = [];
    deliverAndSettle(rig, readPage(104, 104));
  }
  const [first, ...others] = [a, b, c].map((rig) => lastSent(rig, 'PageReply').page);
  for (const page of others) expect(page).toEqual(first);
});

test('HOLE-47 a position that nobody has: BLOCKED, and FILLING again when a peer comes that has it', () => {
  const [a, b, c] = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const records = chainOf([1, 2, 3]);
  deliverAndSettle(c, batch(records));
  const history = entries([1, 0, -1], [2, 104, 3]);
  for (const rig of [a, b]) {
    deliverAndSettle(rig, installToken(2));
    deliverAndSettle(rig, installHistory(2, history, 3));
  }
  a.sent = [];
  deliver(a, installHistory(2, history, 3));
  expect(lastSent(a, 'HistoryAck')).toMatchObject({
    phase: 'BLOCKED',
    missing: [[1, 4]],
    unfillable: [[1, 4]],
  });
  deliverAndSettle(c, installToken(2));
  deliverAndSettle(c, installHistory(2, history, 3));
  advanceAll([a, b, c], 40_000);
  for (const rig of [a, b]) expect(nclOf(groupOf(rig).holes.list)).toBe(3);
  expect(lastSent(a, 'HistoryAck')).toMatchObject({ phase: 'DONE', scl: 3 });
  exchange([a, b, c]);
});
