// Frames of messages: what is sent arrives as it was; what was damaged on the way is refused, whether or not its
// checksum was made right again (F08, and the first layer of every decoder's promise).

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../base/crc32c.ts';
import { groupId, lsn, nodeId, requestNumber, term } from '../../base/ids.ts';
import { decodeMessage, encodeMessage, messageFrames } from '../cluster/messages.ts';
import { pageKey } from '../page/page-key.ts';
import type { Message } from './messages.ts';

const epochs = { token: term(3), memberEpoch: 1, geoEpoch: 2 };
const floors = {
  pgcl: lsn(7),
  vdl: lsn(-1),
  groupTail: lsn(6),
  pgmrpl: lsn(0),
  archivedTo: lsn(2 ** 51),
  holdTo: lsn(5),
};
const group = groupId('g1');
const descriptor = {
  group,
  sets: [[nodeId('a'), nodeId('b')]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 0,
  keyFirst: 0,
  keyEnd: 100,
  baseLsn: lsn(0),
  vw: 2,
  vr: 2,
};

const messages: readonly Message[] = [
  {
    kind: 'WriteBatch',
    volume: 'v1',
    group,
    ...epochs,
    ...floors,
    records: new Uint8Array([1, 2, 3]),
    first: lsn(8),
    end: 10,
    count: 2,
  },
  { kind: 'Heartbeat', volume: 'v1', group, ...epochs, ...floors },
  {
    kind: 'WriteAck',
    group,
    token: term(3),
    memberEpoch: 1,
    scl: lsn(9),
    nwl: lsn(12),
    archivedTo: lsn(-1),
    refused: { code: 'TOKEN_STALE', which: '', current: 4 },
  },
  {
    kind: 'ReadPage',
    volume: 'v1',
    group,
    reqId: requestNumber(4),
    blockKey: pageKey(3, 1, 70_000),
    rp: lsn(9),
    groupRp: lsn(8),
    memberEpoch: 1,
    geoEpoch: 2,
  },
  { kind: 'InstallToken', volume: 'v1', token: term(2), descriptor },
  {
    kind: 'InstallHistory',
    group,
    ...epochs,
    history: [{ term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) }],
    maxNwl: lsn(44),
    peers: [
      {
        peer: nodeId('b'),
        status: { ncl: lsn(1), nwl: lsn(2), pgcl: lsn(-1), volumeEpoch: term(2), bootEpoch: 9 },
      },
    ],
  },
  {
    kind: 'GapReq',
    reqId: { node: nodeId('s3'), boot: 2, counter: 17 },
    group,
    volumeEpoch: term(2),
    memberEpoch: 1,
    first: 108,
    end: 112,
    mode: 'normal',
  },
  {
    kind: 'PutObject',
    reqId: requestNumber(4),
    name: 'v1/g1/log/x',
    total: 9,
    offset: 3,
    bytes: new Uint8Array([7, 8]),
  },
  {
    kind: 'ObjectPut',
    reqId: requestNumber(4),
    name: 'v1/manifest/x',
    have: 5,
    done: false,
    error: 'DISK_FULL',
  },
  { kind: 'GetObject', reqId: requestNumber(5), for: 'meta', name: 'v1/g1/log/x', offset: 70_000 },
  {
    kind: 'ObjectPart',
    reqId: requestNumber(5),
    for: 'store',
    name: 'v1/g1/base/x',
    offset: 0,
    total: 3,
    bytes: new Uint8Array([1, 2, 3]),
    error: '',
  },
  { kind: 'GetManifest', reqId: requestNumber(6), for: 'store', volume: 'v1' },
  {
    kind: 'ManifestIs',
    reqId: requestNumber(6),
    for: 'store',
    volume: 'v1',
    version: 4,
    token: term(2),
    object: 'v1/manifest/x',
    error: '',
  },
  { kind: 'SetManifest', reqId: requestNumber(7), volume: 'v1', expect: 4, object: 'v1/manifest/y' },
  {
    kind: 'ManifestSet',
    reqId: requestNumber(7),
    volume: 'v1',
    version: 5,
    token: term(2),
    error: 'VERSION_CONFLICT',
  },
  { kind: 'CheckObjects', reqId: requestNumber(8), names: ['v1/g1/log/x', 'v1/g1/log/y'] },
  { kind: 'ObjectsMissing', reqId: requestNumber(8), names: [] },
  { kind: 'NameArchiver', volume: 'v1', group, archiver: nodeId('s2'), appointment: 3, isLast: false },
  { kind: 'ArchiverDeclined', group, appointment: 3, why: 'floor' },
  {
    kind: 'Route',
    volume: 'v1',
    exists: true,
    mapVersion: 12,
    writer: null,
    token: term(2),
    readers: [nodeId('ro-1')],
  },
  { kind: 'Join', boot: 3, volume: 'v1', zone: 'b', roles: ['compute'], isReader: true },
  { kind: 'Joined', boot: 3, code: 'TOO_MANY_READERS' },
  { kind: 'NodeRemoved', node: nodeId('ro-1') },
  {
    kind: 'ReadersAre',
    volume: 'v1',
    receivers: { mapVersion: 7, nodes: [nodeId('ro-2')], removed: [nodeId('ro-1')] },
  },
  {
    kind: 'SqlReply',
    session: 'main/0',
    incarnation: 1,
    sequence: 5,
    code: '',
    scn: lsn(77),
    results: [
      {
        kind: 'rows',
        tag: 'SELECT 1',
        columns: [{ name: 'v', type: 'text' }],
        rows: [['é', null]],
        origin: { relation: 65_537, readPoint: 41, tids: [65_539] },
      },
      { kind: 'error', sqlstate: '23505', message: 'duplicate', position: 8 },
    ],
    inTransaction: false,
  },
];

describe('message frames', () => {
  test.each(messages.map((message) => [message.kind, message] as const))(
    '%s arrives as it was sent',
    (_kind, message) => {
      const decoded = decodeMessage(encodeMessage(message, 41));
      expect(decoded).toEqual({ message, traceId: 41 });
      expect(messageFrames.describeMessage(message).kind).toBe(message.kind);
      for (const trace of [0, 127, 128, 2 ** 40])
        expect(messageFrames.familyOfFrame(encodeMessage(message, trace))).toBe(
          messageFrames.describeMessage(message).family,
        );
    },
  );

  test('F08 a flipped bit anywhere is found by the checksum', () => {
    for (const message of messages) {
      const bytes = encodeMessage(message, 0);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decodeMessage(damaged)).toHaveProperty('error');
      }
    }
  });

  test('mutated frames with a right checksum are decoded or refused, never thrown on', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.nat(messages.length - 1),
        fc.nat(),
        fc.nat(255),
        fc.nat(400),
        (which, place, byte, cut) => {
          const bytes = encodeMessage(messages[which] as Message, 7).slice();
          bytes[4 + (place % (bytes.length - 4))] = byte;
          const kept = bytes.slice(0, Math.max(5, bytes.length - (cut % 3 === 0 ? cut % bytes.length : 0)));
          const crc = crc32c(kept, 4);
          kept.set([crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24]);
          if ('error' in decodeMessage(kept)) refused++;
        },
      ),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test('a frame of another version is refused by name', () => {
    const bytes = encodeMessage(messages[1] as Message, 0).slice();
    bytes[4] = 99;
    const crc = crc32c(bytes, 4);
    bytes.set([crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24]);
    expect(decodeMessage(bytes)).toEqual({ error: 'frame version 99' });
  });
});

describe('a broadcast, which a world decodes once', () => {
  const beat: Message = { kind: 'Heartbeat', volume: 'v1', group, ...epochs, ...floors };

  test('the same bytes give the same body, equal bytes an equal one', () => {
    const bytes = encodeMessage(beat, 5);
    const decoded = decodeMessage(bytes);
    expect(decoded).toEqual({ message: beat, traceId: 5 });
    expect(decodeMessage(bytes)).toBe(decoded);
    expect(decodeMessage(bytes.slice())).not.toBe(decoded);
    expect(decodeMessage(bytes.slice())).toEqual(decoded);
  });

  test('a copy that was damaged on its way is refused, before and after the whole one was read', () => {
    const bytes = encodeMessage(beat, 6);
    const damaged = bytes.slice();
    damaged[9] = (damaged[9] as number) ^ 1;
    expect(decodeMessage(damaged)).toHaveProperty('error');
    expect(decodeMessage(bytes)).toEqual({ message: beat, traceId: 6 });
    expect(decodeMessage(damaged)).toHaveProperty('error');
  });

  test('many others in between: it is read again', () => {
    const bytes = encodeMessage(beat, 7);
    const decoded = decodeMessage(bytes);
    for (let i = 0; i < 100; i++) decodeMessage(encodeMessage(beat, i));
    expect(decodeMessage(bytes)).not.toBe(decoded);
    expect(decodeMessage(bytes)).toEqual(decoded);
  });
});
