// Messages and entries of chunk groups are taken only as they were sent (docs/spec/polarfs.md §7).

import { expect, test } from 'vitest';
import { groupId, nodeId, requestNumber, term } from '../../base/ids.ts';
import { memberId } from '../consensus/configuration.ts';
import type { Message } from '../kernel/messages.ts';
import { geometries } from '../pfs/geometry.ts';
import { decodeCommand, encodeCommand, encodeMemberPlace, memberPlaceIn, WRITE_WINDOW } from './commands.ts';
import { chunkMessages } from './messages.ts';
import {
  ALL_ENTRIES,
  acceptEntry,
  applyReady,
  goneThrough,
  goneWrite,
  makeReplica,
  readBytes,
  restoreSummary,
  sealSummary,
  serversIn,
  serversWrite,
  storedServers,
} from './replica.ts';
import { chunkProgram } from './testing/chunk-bench.ts';

const group = groupId('k1');
const token = term(3);
const bytes = Uint8Array.of(1, 2, 3, 4);
const pieces = [
  { at: 512, length: 4, bytes },
  { at: 0, length: 512, bytes: null },
];
const messages: readonly Message[] = [
  { kind: 'ChunkWrite', group, token, seq: 9, pieces },
  { kind: 'ChunkToken', group, token },
  { kind: 'ChunkAck', group, token, seq: 9, why: 'NOT_LEADER', leader: nodeId('c1'), maxToken: token },
  { kind: 'ChunkRead', group, reqId: requestNumber(7), places: [{ at: 0, length: 512 }] },
  {
    kind: 'ChunkData',
    group,
    reqId: requestNumber(7),
    parts: [bytes],
    why: '',
    leader: null,
    maxToken: token,
  },
  {
    kind: 'ChunkRaft',
    group,
    boot: 2,
    message: { from: memberId(1), to: memberId(2), term: 4, kind: 'TimeoutNow' },
  },
  { kind: 'ChunkFetch', group, block: 3, atLeast: 77 },
  { kind: 'ChunkBlock', group, block: 3, index: 78, bytes },
  { kind: 'ChunkStarts', group, boot: 3, member: 2, incarnation: 41_001 },
  { kind: 'ChunkKnown', group, boot: 3, term: 5, heardBoot: 2, heardTerm: 4, heardMatch: 77 },
  { kind: 'ChunkJoinAs', group, incarnation: 41_001, member: memberId(66) },
  { kind: 'ChunkCaughtUp', group, member: memberId(66) },
  {
    kind: 'ChunkOrders',
    term: token,
    orders: [{ group, to: nodeId('c4'), from: null, strays: [nodeId('c2')], lost: [] }],
    found: [{ group, servers: [nodeId('c1')] }],
  },
  {
    kind: 'ChunkReport',
    incarnation: 41_001,
    chunks: [
      {
        group,
        member: 2,
        leads: 5,
        index: 9,
        voters: [nodeId('c1'), nodeId('c2')],
        outgoing: [],
        learners: [nodeId('c4')],
        size: 8192,
        load: 3,
      },
    ],
  },
  { kind: 'ChunkInvite', group, servers: [nodeId('c1'), nodeId('c4')] },
  { kind: 'ChunkGone', group, through: 12 },
  { kind: 'ChunkServers', groups: [{ group, servers: [nodeId('c4')] }] },
];

test('every message arrives as it was sent, and none with a flipped bit', () => {
  expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(Object.keys(chunkMessages)));
  for (const message of messages) {
    const frame = chunkProgram.encodeMessage(message, 5);
    expect(chunkProgram.decodeMessage(frame)).toEqual({ message, traceId: 5 });
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = frame.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect('error' in chunkProgram.decodeMessage(flipped), `${message.kind} bit ${bit}`).toBe(true);
    }
  }
});

test('FS-80 an entry is a whole command, inside of the chunk; one that is not changes nothing', () => {
  const size = geometries.mini.blocksPerChunk * geometries.mini.blockBytes;
  const command = { token: 3, seq: 1, isInstall: false, pieces };
  expect(decodeCommand(encodeCommand(command), size)).toEqual({ ok: true, value: command });
  const refused = [
    [{ at: size - 1, length: 4, bytes }],
    [{ at: 0, length: 5, bytes }],
    [{ at: 0, length: 0, bytes: null }],
  ];
  for (const bad of refused)
    expect(decodeCommand(encodeCommand({ ...command, pieces: bad }), size).ok).toBe(false);
  const replica = makeReplica(geometries.mini, 'x/', 0);
  expect(acceptEntry(replica, 1, Uint8Array.of(1, 2, 3))).toBe('damaged');
  expect(replica.waiting).toEqual([]);
});

test('FS-74 FS-80 FS-81 tokens and numbers are judged in log order; what comes again changes nothing', () => {
  const replica = makeReplica(geometries.mini, 'x/', 0);
  const write = (index: number, writer: number, seq: number, byte: number): string =>
    acceptEntry(
      replica,
      index,
      encodeCommand({
        token: writer,
        seq,
        isInstall: false,
        pieces: [{ at: 8190, length: 4, bytes: new Uint8Array(4).fill(byte) }],
      }),
    );
  expect([write(1, 1, 2, 1), write(2, 1, 1, 2), write(3, 1, 2, 9)]).toEqual(['ok', 'ok', 'duplicate']);
  expect(acceptEntry(replica, 4, encodeCommand({ token: 2, seq: 0, isInstall: true, pieces: [] }))).toBe(
    'ok',
  );
  expect([write(5, 1, 3, 9), write(6, 2, 1, 3)]).toEqual(['TOKEN_STALE', 'ok']);
  expect(applyReady(replica)).toEqual([1, 2, 4, 6]);
  expect(readBytes(replica, 8188, 8)).toEqual(Uint8Array.of(0, 0, 3, 3, 3, 3, 0, 0));
  const other = makeReplica(geometries.mini, 'x/', 0);
  expect(restoreSummary(other, sealSummary(replica))).toBe(true);
  expect([...other.wanted]).toEqual([
    [0, 6],
    [1, 6],
  ]);
  expect(readBytes(other, 8190, 4)).toBe(null);
  expect(restoreSummary(other, sealSummary(replica).slice(1))).toBe(false);
});

test('FS-80 numbers come in any order within the window; what is given up and comes late is known, across a snapshot as well', () => {
  const replica = makeReplica(geometries.mini, 'x/', 0);
  let index = 0;
  const write = (to: typeof replica, seq: number): string => {
    const own = [{ at: seq, length: 1, bytes: Uint8Array.of(seq) }];
    return acceptEntry(to, ++index, encodeCommand({ token: 1, seq, isInstall: false, pieces: own }));
  };
  const seqs = [3, 1, WRITE_WINDOW, 2, 3];
  expect(seqs.map((seq) => write(replica, seq))).toEqual(['ok', 'ok', 'ok', 'ok', 'duplicate']);
  // 4 was given up: what follows begins a window above all that was out
  expect(write(replica, 4 + WRITE_WINDOW)).toBe('ok');
  applyReady(replica);
  const other = makeReplica(geometries.mini, 'x/', 0);
  expect(restoreSummary(other, sealSummary(replica))).toBe(true);
  for (const one of [replica, other])
    expect([4, 4 + WRITE_WINDOW, WRITE_WINDOW, 5 + WRITE_WINDOW].map((seq) => write(one, seq))).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'ok',
    ]);
});

test('FS-76 a place in the list of servers is an entry of its own kind; the list outlives a snapshot, and damage is no list', () => {
  const first = ['c1', 'c2', 'c3'].map(nodeId);
  const replica = makeReplica(geometries.mini, 'x/', 0, [], first);
  expect(serversIn(sealSummary(replica))).toEqual([]);
  const entry = encodeMemberPlace({ place: 3, server: nodeId('c4') });
  expect(decodeCommand(entry, 1 << 20).ok).toBe(false);
  expect(memberPlaceIn(encodeCommand({ token: 3, seq: 1, isInstall: false, pieces }))).toBe(null);
  expect(memberPlaceIn(encodeMemberPlace({ place: 64, server: nodeId('c4') }))).toBe(null);
  for (let length = 0; length < entry.length; length++)
    expect(memberPlaceIn(entry.subarray(0, length)), `${length} bytes`).toBe(null);
  expect(acceptEntry(replica, 1, entry)).toBe('ok');
  expect(acceptEntry(replica, 2, encodeMemberPlace({ place: 9, server: nodeId('c9') }))).toBe('ok');
  expect(replica.servers).toEqual([...first, 'c4']);
  const other = makeReplica(geometries.mini, 'x/', 0, [], first);
  expect(restoreSummary(other, sealSummary(replica))).toBe(true);
  expect(other.servers).toEqual([...first, 'c4']);
  const stored = serversWrite('x/', other.servers);
  const disk = (one: typeof stored, cut: number) =>
    new Map([[one.key, (one.bytes as Uint8Array).slice(cut)]]);
  expect(storedServers(disk(stored, 0), 'x/')).toEqual(other.servers);
  expect(storedServers(disk(stored, 1), 'x/')).toEqual([]);
  expect(goneThrough(disk(goneWrite('x/', 12), 0), 'x/')).toBe(12);
  expect(goneThrough(disk(goneWrite('x/', 12), 1), 'x/')).toBe(ALL_ENTRIES);
  expect(goneThrough(new Map(), 'x/')).toBe(0);
});
