// Binary forms of Raft's messages: each survives its form, and bytes that are not one are refused by value.

import { describe, expect, test } from 'vitest';
import { decodeWhole, encodeWhole } from '../../base/codec.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { memberId } from './configuration.ts';
import type { Entry, Message, MessageBody } from './raft-types.ts';
import { messageCodec } from './wire.ts';

const config = { voters: [1, 2].map(memberId), outgoing: [1, 3].map(memberId), learners: [memberId(9)] };
const entries: Entry[] = [
  { index: 4, term: 2, kind: 'empty' },
  { index: 5, term: 3, kind: 'data', data: Uint8Array.of(7, 0, 255) },
  { index: 6, term: 3, kind: 'config', config },
];
const bodies: MessageBody[] = [
  { kind: 'PreVote', lastIndex: 5, lastTerm: 3 },
  { kind: 'PreVoteReply', granted: true },
  { kind: 'RequestVote', lastIndex: 5, lastTerm: 3, transfer: true },
  { kind: 'VoteReply', granted: false },
  { kind: 'Append', prevIndex: 3, prevTerm: 2, entries, commit: 2, round: 8 },
  { kind: 'Append', prevIndex: 3, prevTerm: 2, entries: [], commit: 2, round: 8 },
  { kind: 'AppendReply', ok: false, match: 9, conflictTerm: 2, conflictFirst: 7, lastIndex: 11, round: 3 },
  {
    kind: 'Snapshot',
    lastIndex: 9,
    lastTerm: 3,
    config,
    totalBytes: 5,
    crc: 0xffff_ffff,
    offset: 2,
    bytes: Uint8Array.of(1, 2, 3),
  },
  { kind: 'SnapshotReply', lastIndex: 9, nextOffset: 5 },
  { kind: 'TimeoutNow' },
];
const messages = bodies.map((body): Message => ({ from: memberId(1), to: memberId(2), term: 4, ...body }));

test.each(messages.map((message) => [message.kind, message] as const))(
  '%s survives its binary form',
  (_, message) => {
    expect(decodeWhole(messageCodec, encodeWhole(messageCodec, message))).toEqual({
      ok: true,
      value: message,
    });
  },
);

test('the tags on the wire are what they were', () => {
  expect(messages.map((message) => encodeWhole(messageCodec, message)[1])).toEqual([
    1, 2, 3, 4, 5, 5, 6, 7, 8, 9,
  ]);
});

describe('a message that contradicts itself is refused', () => {
  const [append, snapshot] = [messages[4], messages[7]];
  test.each([
    ['entries off their place', { ...append, prevIndex: 9 }],
    ['a falling term', { ...append, prevTerm: 9, term: 9 }],
    ['a term of the future', { ...append, term: 2 }],
    ['a chunk off its snapshot', { ...snapshot, offset: 3 }],
    ['a snapshot without voters', { ...snapshot, config: { ...config, voters: [] } }],
    ['members out of order', { ...snapshot, config: { ...config, voters: [2, 2] } }],
    ['a member 0', { ...append, from: 0 }],
  ])('%s', (why, message) => {
    const decoded = decodeWhole(messageCodec, encodeWhole(messageCodec, message as Message));
    expect(decoded.ok ? '' : decoded.error).toContain(why);
  });
});

test('mutated bytes of messages are a value, never an exception, and never a gap in the entries', () => {
  const prng = makePrng(1, 'raft wire');
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = encodeWhole(messageCodec, messages[i % messages.length] as Message).slice();
    const cut = nextBelow(prng, 4) === 0 ? nextBelow(prng, bytes.length) : bytes.length;
    bytes[nextBelow(prng, bytes.length)] = nextBelow(prng, 256);
    const decoded = decodeWhole(messageCodec, bytes.subarray(0, cut));
    if (!decoded.ok) refused++;
    else if (decoded.value.kind === 'Append') {
      const { prevIndex, entries: got } = decoded.value;
      expect(got.map((entry) => entry.index)).toEqual(got.map((_, at) => prevIndex + 1 + at));
    }
  }
  expect(refused).toBeGreaterThan(4_000);
});

test('F08 no entries from a first index on are refused: one message has one form', () => {
  const bytes = encodeWhole(messageCodec, messages[5] as Message);
  bytes[7] = 4; // the first index, which is 0 without entries
  expect(decodeWhole(messageCodec, bytes)).toMatchObject({
    ok: false,
    error: expect.stringContaining('0 entries'),
  });
});
