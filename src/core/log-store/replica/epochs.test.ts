// The token and epoch table (WAL-46) by itself and through the messages that it guards.

import { expect, test } from 'vitest';
import type { Term } from '../../../base/ids.ts';
import type { Message, MessageKind } from '../../kernel/messages.ts';
import { checkReader, checkWriter, type RequestClass } from './epochs.ts';
import {
  A,
  batch,
  DESCRIPTOR,
  entries,
  heartbeat,
  installHistory,
  installToken,
  openVolume,
  readPage,
  record,
  recoveryRead,
} from './message-fixture.ts';
import type { Group } from './state.ts';
import {
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  lastSent,
  type Rig,
  reopenUnder,
  takeSent,
} from './store-fixture.ts';
import type { Superblock } from './superblock.ts';

/** Vector 17's replica. */
function own(more: Partial<Superblock> = {}): Superblock {
  const group: Group = groupOf(createdRig());
  return {
    ...group.superblock,
    maxToken: 6 as Term,
    volumeEpoch: 6 as Term,
    openToken: 6 as Term,
    descriptor: { ...DESCRIPTOR, memberEpoch: 2, geoEpoch: 1 },
    ...more,
  };
}

const requestOf = ([token, memberEpoch, geoEpoch]: readonly number[]) => ({
  token: token as Term,
  memberEpoch: memberEpoch ?? 0,
  geoEpoch: geoEpoch ?? 0,
});

test.each([
  [[5, 2, 1], 'TOKEN_STALE', '', 6],
  [[7, 1, 1], 'EPOCH_AHEAD', 'token', 6],
  [[6, 1, 1], 'STALE_EPOCH', 'member', 2],
  [[6, 3, 1], 'EPOCH_AHEAD', 'member', 2],
  [[6, 2, 0], 'STALE_EPOCH', 'geo', 1],
  [[6, 2, 2], 'EPOCH_AHEAD', 'geo', 1],
  [[5, 1, 0], 'TOKEN_STALE', '', 6],
  [[6, 1, 2], 'STALE_EPOCH', 'member', 2],
] as const)('WAL-46 vector 17: request %j is refused %s %s %i', (request, code, which, current) => {
  expect(checkWriter(own(), requestOf(request), 'write')).toEqual({ code, which, current });
});

test('WAL-46 vector 17: an equal request is accepted, but NOT_READY before history or opening', () => {
  const equal = requestOf([6, 2, 1]);
  expect(checkWriter(own(), equal, 'write')).toBeNull();
  expect(checkWriter(own({ volumeEpoch: 5 as Term }), equal, 'write')).toMatchObject({ code: 'NOT_READY' });
  expect(checkWriter(own({ openToken: 5 as Term }), equal, 'write')).toMatchObject({ code: 'NOT_READY' });
});

test.each([
  ['token', [7, 3, 1], null],
  ['token', [6, 2, 1], null],
  ['token', [5, 2, 1], 'TOKEN_STALE'],
  ['token', [7, 1, 1], 'STALE_EPOCH'],
  ['recovery', [6, 2, 1], null],
  ['recovery', [7, 2, 1], 'EPOCH_AHEAD'],
  ['recovery', [6, 3, 1], 'EPOCH_AHEAD'],
  ['open', [6, 2, 1], 'NOT_READY'],
  ['write', [6, 2, 1], 'NOT_READY'],
] as const)('FENCE-5 FENCE-6 device table before the history: %s %j gives %s', (kind, request, code) => {
  const before = own({ volumeEpoch: 5 as Term, openToken: 5 as Term });
  expect(checkWriter(before, requestOf(request), kind as RequestClass)?.code ?? null).toBe(code);
});

test('WAL-46 OpenVolume needs the history, not the opening', () => {
  const equal = requestOf([6, 2, 1]);
  expect(checkWriter(own({ openToken: 5 as Term }), equal, 'open')).toBeNull();
});

test.each([
  [2, 1, null],
  [1, 1, 'STALE_EPOCH'],
  [3, 1, 'EPOCH_AHEAD'],
  [2, 0, 'STALE_EPOCH'],
  [2, 2, 'EPOCH_AHEAD'],
])('WAL-46 FENCE-10 a read with epochs %i, %i: %s, whatever the token', (memberEpoch, geoEpoch, code) => {
  for (const maxToken of [1, 6, 99])
    expect(checkReader(own({ maxToken: maxToken as Term }), { memberEpoch, geoEpoch })?.code ?? null).toBe(
      code,
    );
});

/** What of a replica a refused request must not touch. */
const imprint = (rig: Rig) => {
  const { superblock, watermarks, scl, log, holes } = groupOf(rig);
  return structuredClone({
    superblock,
    watermarks,
    scl,
    records: log.records.length,
    holes,
    disk: [...rig.disk],
  });
};

const stale: readonly (readonly [MessageKind, MessageKind, Message])[] = [
  ['WriteBatch', 'WriteAck', batch([record(1)], { token: 1, vdl: 9 })],
  ['Heartbeat', 'WriteAck', heartbeat({ token: 1, vdl: 9 })],
  ['InstallToken', 'InstallAck', installToken(1)],
  ['RecoveryRead', 'RecoveryInfo', recoveryRead(1)],
  ['InstallHistory', 'HistoryAck', installHistory(1, entries([1, 0, -1]), 0)],
  ['OpenVolume', 'OpenAck', openVolume(1, 0, 1)],
];

test.each(stale)(
  'FENCE-5 WAL-47 READ-34 R-10 a stale %s is refused TOKEN_STALE and changes nothing',
  (_, reply, message) => {
    const rig = createdRig();
    reopenUnder(rig, 2, entries([1, 0, -1], [2, 101, 0]), 0, 0);
    rig.sent = [];
    const before = imprint(rig);
    deliverAndSettle(rig, message);
    expect(lastSent(rig, reply)).toMatchObject({ refused: { code: 'TOKEN_STALE', current: 2 } });
    expect(imprint(rig)).toEqual(before);
    expect(eventsOf(rig, 'wal.refused')).toMatchObject([{ code: 'TOKEN_STALE', value: 2 }]);
  },
);

const ahead: readonly (readonly [MessageKind, MessageKind, Message])[] = [
  ['WriteBatch', 'WriteAck', batch([record(1)], { token: 3, vdl: 9 })],
  ['Heartbeat', 'WriteAck', heartbeat({ token: 3, vdl: 9 })],
  ['RecoveryRead', 'RecoveryInfo', recoveryRead(3)],
  ['InstallHistory', 'HistoryAck', installHistory(3, entries([1, 0, -1], [3, 101, 0]), 0)],
  ['OpenVolume', 'OpenAck', openVolume(3, 0, 1)],
];

test.each(ahead)(
  'FENCE-6 FENCE-8 WAL-59 a %s ahead is refused EPOCH_AHEAD and maxToken stays',
  (_, reply, message) => {
    const rig = createdRig();
    const before = imprint(rig);
    deliverAndSettle(rig, message);
    expect(lastSent(rig, reply)).toMatchObject({
      refused: { code: 'EPOCH_AHEAD', which: 'token', current: 1 },
    });
    expect(imprint(rig)).toEqual(before);
  },
);

test('FENCE-13 Confirm is ok iff token ≥ maxToken, by members that are not older', () => {
  const rig = createdRig();
  deliverAndSettle(rig, installToken(5));
  const confirm = (token: number, memberEpoch = DESCRIPTOR.memberEpoch) => {
    const { group } = DESCRIPTOR;
    deliver(rig, { kind: 'Confirm', volume: 'v1', group, token: token as Term, memberEpoch, round: 3 });
    return lastSent(rig, 'ConfirmReply');
  };
  expect(confirm(4)).toMatchObject({ ok: false, maxToken: 5 });
  expect(confirm(5)).toMatchObject({ ok: true, maxToken: 5 });
  expect(confirm(6)).toMatchObject({ ok: true, maxToken: 5, round: 3 });
  expect(confirm(6, DESCRIPTOR.memberEpoch - 1)).toMatchObject({ ok: false, maxToken: 5 });
});

test('FENCE-11 page replies carry the device’s maxToken', () => {
  const rig = createdRig();
  deliverAndSettle(rig, installToken(5));
  rig.sent = [];
  deliver(rig, readPage(0, 0), A);
  expect(lastSent(rig, 'PageReply')).toMatchObject({ maxToken: 5, refused: { code: 'NO_SUCH_PAGE' } });
  expect(takeSent(rig, 'PageReply')).toEqual([]);
});
