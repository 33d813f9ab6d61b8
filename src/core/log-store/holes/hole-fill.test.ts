// Replies and fills: one test per rule of holes.md §6, and HOLE-10 on writing.

import { describe, expect, test } from 'vitest';
import { groupId, lsn, nodeId, term } from '../../../base/ids.ts';
import { digestPlain } from '../../../base/plain.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { listRanges, makeRangeSet } from '../../log/range-set.ts';
import type { EncodedRecord } from '../../log/record.ts';
import { abandonFill, acceptReply, completeFill } from './hole-fill.ts';
import {
  DEFAULTS,
  openReplica,
  peerStatus,
  record,
  replyTo,
  show,
  showRanges,
  showRequests,
} from './hole-fixture.ts';
import { isBaseNeeded } from './hole-peers.ts';
import { nextHoleWake, tickHoles } from './hole-requests.ts';
import type { HoleOpen } from './hole-state.ts';
import type { HoleManager } from './testing/hole-interface.ts';

const TEXT = 'D[0,10) H[10,20) D[20,21) H[21,MAX)';
const history = [
  { term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) },
  { term: term(4), startLsn: lsn(15), prevEnd: lsn(12) },
];

/** A replica that has just asked B, as request 1, for [10,20). */
function asked(more: Partial<HoleOpen> = {}, peers: readonly string[] = ['B', 'C']): HoleManager {
  const { manager } = openReplica(TEXT, peers, more);
  manager.setSgcl(20);
  for (const peer of peers)
    manager.status(nodeId(peer), peerStatus(100, 100, { volumeEpoch: more.volumeEpoch ?? 1 }));
  expect(showRequests(manager.discover(1000).requests)).toBe('1→B [10,20)');
  return manager;
}

const lsns = (records: readonly EncodedRecord[]): number[] => records.map(({ record: { lsn: at } }) => at);
const chain = [record(11, 9), record(14, 11), record(17, 14)];
const taken = (manager: HoleManager, shape: Parameters<typeof replyTo>[1], now = 1001) => {
  const reply = replyTo(manager, shape);
  const outcome = acceptReply(manager.state, reply.from, reply, now);
  if (outcome.ignored) throw new Error('ignored');
  return outcome;
};

describe('reply', () => {
  test('HOLE-10 a fill is merged only when its records are durable', () => {
    const manager = asked();
    const outcome = taken(manager, {
      counter: 1,
      from: 'B',
      parts: [{ first: 10, end: 20, records: chain }],
      done: true,
    });
    expect([outcome.fillId, lsns(outcome.records)]).toEqual([1, [11, 14, 17]]);
    expect(show(manager.list)).toBe('D[0,10) S[10,20) D[20,21) H[21,MAX)');
    const done = completeFill(manager.state, 1, 1005);
    expect([showRanges(done.added), done.stale, done.ended.map(({ outcome: how }) => how)]).toEqual([
      '[10,20)',
      false,
      ['filled'],
    ]);
    expect(show(manager.list)).toBe('D[0,21) H[21,MAX)');
  });

  test('HOLE-32 several replies fill one request, parts may be empty of records, the last has done', () => {
    const manager = asked();
    const send = (first: number, end: number, records: EncodedRecord[], done: boolean) =>
      manager.reply(
        replyTo(manager, { counter: 1, from: 'B', parts: [{ first, end, records }], done }),
        1001,
      );
    expect(showRanges(send(10, 12, chain.slice(0, 1), false).stored)).toBe('[10,12)');
    expect(showRanges(send(12, 14, [], false).stored)).toBe('[12,14)');
    expect(show(manager.list)).toBe('D[0,14) S[14,20) D[20,21) H[21,MAX)');
    send(14, 20, chain.slice(1), true);
    expect(show(manager.list)).toBe('D[0,21) H[21,MAX)');
    expect(manager.state.peers[0]).toMatchObject({ reqList: [], silences: 0, lacks: 0 });
  });

  test('HOLE-34 a reply that no live request of that peer and epoch waits for changes nothing of the list, the requests or the status', () => {
    const manager = asked();
    const parts = [{ first: 10, end: 20, records: chain }];
    const status = peerStatus(500, 500);
    const before = digestPlain(manager.state);
    for (const shape of [
      { counter: 2, from: 'B' },
      { counter: 1, from: 'C' },
      { counter: 1, from: 'B', boot: 9 },
      { counter: 1, from: 'B', volumeEpoch: term(2) },
    ])
      expect(manager.reply(replyTo(manager, { ...shape, parts, status }), 1001)).toEqual({
        stored: [],
        ignored: true,
      });
    const stranger = { ...replyTo(manager, { counter: 1, from: 'B', parts }), from: nodeId('Z') };
    expect(manager.reply(stranger, 1001).ignored).toBe(true);
    expect(digestPlain(manager.state)).toBe(before);
    const done = replyTo(manager, { counter: 1, from: 'B', parts, done: true });
    expect(manager.reply(done, 1001).ignored).toBe(false);
    expect(manager.reply(done, 1002).ignored).toBe(true);
  });

  test('HOLE-35 parts are clipped to the gap and what is DATA already is skipped', () => {
    const manager = asked();
    manager.merge(13, 15, 20);
    const records = [record(5, 4), record(11, 5), record(14, 11), record(17, 14), record(20, 17)];
    const outcome = taken(manager, { counter: 1, from: 'B', parts: [{ first: 5, end: 30, records }] });
    expect([lsns(outcome.records), showRanges(outcome.ranges)]).toEqual([[11, 17], '[10,13) [15,20)']);
  });

  test.each([
    ['a damaged record', [record(11, 9), record(14, 11)], true],
    ['a break in the chain', [record(11, 9), record(14, 12)], false],
    ['a first record that skips its part', [record(14, 11)], false],
    ['a record outside its part', [record(11, 9), record(25, 11)], false],
    ['a term that does not own the LSN', [record(11, 9), record(13, 11)], false],
    ['a term that came later', [record(11, 9), record(16, 11, 1)], false],
  ] as const)('HOLE-35 a part with %s is not used at all', (_name, records, damage) => {
    const manager = asked({ history, volumeEpoch: term(4), maxToken: term(4) });
    const reply = replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 11, end: 20, records }] });
    const bytes = reply.parts[0]?.records;
    if (damage && bytes) bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const outcome = acceptReply(manager.state, nodeId('B'), reply, 1100);
    expect(outcome).toMatchObject({ ignored: false, fillId: null, records: [], rejectedParts: 1 });
    expect(manager.state.peers[0]?.reqList[0]?.reqTime).toBe(1000);
    expect(show(manager.list)).toBe('D[0,10) S[10,20) D[20,21) H[21,MAX)');
  });

  test('HOLE-35 records of the right terms on both sides of an annulled range are taken', () => {
    const manager = asked({ history, volumeEpoch: term(4), maxToken: term(4) });
    const records = [record(11, 9), record(12, 11), record(16, 12, 4)];
    manager.reply(
      replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 20, records }], done: true }),
      1001,
    );
    expect(show(manager.list)).toBe('D[0,21) H[21,MAX)');
  });

  test('HOLE-35 WAL-56 the planted bug M11 brings an annulled record back, through every check of the history', () => {
    const mutants: Mutants = ['hole.fill-ignores-history'];
    const params = { ...DEFAULTS, mutants };
    const manager = asked({ history, volumeEpoch: term(4), maxToken: term(4), params });
    const part = { first: 11, end: 20, records: [record(11, 9), record(13, 11)] };
    const stale = replyTo(manager, { counter: 1, from: 'B', parts: [part], volumeEpoch: term(3) });
    const outcome = acceptReply(manager.state, nodeId('B'), stale, 1100);
    expect(outcome).toMatchObject({ ignored: false, rejectedParts: 0, ranges: [[11, 20]] });
  });

  test('HOLE-35 the store may refuse a record that only it can judge', () => {
    const manager = asked();
    const reply = replyTo(manager, {
      counter: 1,
      from: 'B',
      parts: [{ first: 10, end: 20, records: chain }],
    });
    const outcome = acceptReply(
      manager.state,
      nodeId('B'),
      reply,
      1001,
      ({ record: { lsn: at } }) => at !== 14,
    );
    expect(outcome).toMatchObject({ rejectedParts: 1, records: [] });
  });

  test('HOLE-35 what a fill is writing is not stored a second time by a repeated reply', () => {
    const manager = asked();
    const parts = [{ first: 10, end: 15, records: chain.slice(0, 2) }];
    expect(taken(manager, { counter: 1, from: 'B', parts }).fillId).toBe(1);
    expect(taken(manager, { counter: 1, from: 'B', parts })).toMatchObject({ fillId: null, records: [] });
    completeFill(manager.state, 1, 1002);
    expect(show(manager.list)).toBe('D[0,15) S[15,20) D[20,21) H[21,MAX)');
  });

  test('HOLE-37 a write in progress counts as arrived: no timeout before it is durable', () => {
    const manager = asked();
    const { state } = manager;
    taken(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 15, records: chain.slice(0, 2) }] });
    expect(tickHoles(state, 5000)).toEqual([]);
    expect(nextHoleWake(state)).toBe(null);
    completeFill(state, 1, 5001);
    expect(nextHoleWake(state)).toBe(1201);
    expect(tickHoles(state, 5001).map(({ reqId }) => reqId.counter)).toEqual([1]);
    expect(show(manager.list)).toBe('D[0,15) H[15,20) D[20,21) H[21,MAX)');
  });

  test('HOLE-38 a done reply that leaves holes and a refusal act like a timeout', () => {
    const left = asked();
    left.reply(
      replyTo(left, {
        counter: 1,
        from: 'B',
        parts: [{ first: 10, end: 12, records: chain.slice(0, 1) }],
        done: true,
      }),
      1001,
    );
    expect(show(left.list)).toBe('D[0,12) H[12,20) D[20,21) H[21,MAX)');
    expect(left.state.peers[0]).toMatchObject({ silences: 0, lacks: 1, suspectUntil: 1201, reqList: [] });
    expect(showRequests(left.discover(1002).requests)).toBe('2→C [12,20)');

    const refused = asked();
    const code = { code: 'STALE_EPOCH', which: 'member', current: 2 } as const;
    refused.reply(replyTo(refused, { counter: 1, from: 'B', refused: code }), 1001);
    expect(refused.state.peers[0]).toMatchObject({ lacks: 1, reqList: [] });
    expect(showRequests(refused.discover(1002).requests)).toBe('2→C [10,20)');
  });

  test('HOLE-38 a done reply whose records are still being written ends after them', () => {
    const manager = asked();
    const parts = [{ first: 10, end: 12, records: chain.slice(0, 1) }];
    expect(taken(manager, { counter: 1, from: 'B', parts, done: true }).ended).toEqual([]);
    const done = completeFill(manager.state, 1, 1010);
    expect(done.ended.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(show(manager.list)).toBe('D[0,12) H[12,20) D[20,21) H[21,MAX)');
    expect(manager.state.peers[0]?.suspectUntil).toBe(1210);
  });

  const lackedAfter = (shape: Omit<Parameters<typeof replyTo>[1], 'counter' | 'from'>): string => {
    const manager = asked({ mode: 'recovery', maxNwl: 20 });
    const status = peerStatus(9, 9, { nwl: 100 });
    manager.reply(replyTo(manager, { counter: 1, from: 'B', status, ...shape }), 1001);
    return showRanges(listRanges(manager.state.peers[0]?.lacking ?? makeRangeSet()));
  };
  const part = { first: 10, end: 12, records: chain.slice(0, 1) };

  test('HOLE-38 in recovery what the last reply does not claim to hold is remembered as lacking at that peer', () => {
    expect(lackedAfter({ parts: [part], done: true })).toBe('[12,20)');
    expect(lackedAfter({ done: true })).toBe('[10,20)');
    expect(lackedAfter({ parts: [part] })).toBe('–');
  });

  test('HOLE-38 a part that was lost on the way is not lacking, nor is what a newer status covers', () => {
    expect(
      lackedAfter({
        parts: [part],
        held: [
          [10, 12],
          [14, 20],
        ],
        done: true,
      }),
    ).toBe('[12,14)');
    expect(lackedAfter({ done: true, status: peerStatus(16, 16, { nwl: 100 }) })).toBe('[17,20)');
  });

  test('HOLE-38 a part that came damaged counts as lacking', () => {
    const records = [record(14, 12)];
    const damaged = { first: 13, end: 16, records };
    expect(lackedAfter({ parts: [part, { ...damaged, first: 12 }], held: [[10, 20]], done: true })).toBe(
      '[12,16)',
    );
  });

  test.each([
    ['LOG_GONE', 15, '[10,16)'],
    ['EIO', 0, '[10,20)'],
    ['NOT_READY', 9, '–'],
    ['STALE_EPOCH', 9, '–'],
    ['EPOCH_AHEAD', 9, '–'],
  ] as const)('HOLE-38 after the refusal %s{%i} the peer lacks %s', (code, current, lacking) => {
    expect(lackedAfter({ refused: { code, which: '', current } })).toBe(lacking);
  });

  test('HOLE-39 LOG_GONE from every eligible peer means that a base image is needed', () => {
    const manager = asked();
    const { state } = manager;
    const gone = { code: 'LOG_GONE', which: '', current: 15 } as const;
    manager.reply(replyTo(manager, { counter: 1, from: 'B', refused: gone }), 1001);
    expect(isBaseNeeded(state)).toBe(false);
    manager.discover(1002);
    manager.reply(replyTo(manager, { counter: 2, from: 'C', refused: gone }), 1003);
    expect(isBaseNeeded(state)).toBe(true);
    manager.merge(10, 16, 20);
    expect(isBaseNeeded(state)).toBe(false);
    const alone = openReplica(TEXT, []).manager;
    alone.setSgcl(20);
    expect(isBaseNeeded(alone.state)).toBe(false);
  });

  test.each([
    ['normal', {}],
    ['recovery', { mode: 'recovery', maxNwl: 20 }],
  ] as const)(
    'HOLE-39 so does LOG_GONE from one when the others lack it themselves, in %s mode (seed 151)',
    (_name, more) => {
      const manager = asked(more);
      const { state } = manager;
      const behind = peerStatus(9, 100, { nwl: 100 });
      taken(manager, { counter: 1, from: 'B', status: behind, done: true });
      expect(isBaseNeeded(state)).toBe(false); // C may have it
      manager.discover(1002);
      const gone = { code: 'LOG_GONE', which: '', current: 15 } as const;
      manager.reply(replyTo(manager, { counter: 2, from: 'C', refused: gone }), 1003);
      expect(isBaseNeeded(state)).toBe(true);
      manager.status(nodeId('B'), peerStatus(12, 100, { nwl: 100 }));
      expect(isBaseNeeded(state)).toBe(false); // B has come to hold it
    },
  );

  test('HOLE-39 peers that all lack it, gone from nobody’s log: no base image would bring it', () => {
    const manager = asked();
    for (const [counter, from] of [
      [1, 'B'],
      [2, 'C'],
    ] as const) {
      manager.reply(replyTo(manager, { counter, from, status: peerStatus(9, 100), done: true }), 1001);
      manager.discover(1002);
    }
    expect(isBaseNeeded(manager.state)).toBe(false);
  });

  test('a fill that could not be stored leaves its request open, and a truncation makes it stale', () => {
    const manager = asked();
    const { state } = manager;
    const parts = [{ first: 10, end: 20, records: chain }];
    taken(manager, { counter: 1, from: 'B', parts });
    expect(abandonFill(state, 1, 1002)).toEqual([]);
    expect(show(manager.list)).toBe('D[0,10) S[10,20) D[20,21) H[21,MAX)');
    expect(taken(manager, { counter: 1, from: 'B', parts }).fillId).toBe(2);
    manager.truncate(20);
    expect(completeFill(state, 2, 1004)).toMatchObject({ stale: true, added: [] });
    expect(show(manager.list)).toBe('D[0,10) H[10,20) D[20,21) H[21,MAX)');
  });
});

test('HOLE-40 no reply, however mangled, throws or changes which list is reached', () => {
  const manager = asked();
  const good = replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 20, records: chain }] });
  for (const part of [
    { first: 20, end: 10, records: new Uint8Array() },
    { first: 0, end: Number.MAX_SAFE_INTEGER, records: Uint8Array.of(1, 2, 3) },
    { first: 12, end: 12, records: new Uint8Array() },
    { first: 19, end: 20, records: good.parts[0]?.records ?? new Uint8Array() },
  ])
    manager.reply({ ...good, parts: [part] }, 1001);
  manager.reply({ ...good, parts: [], group: groupId('other') }, 1001);
  expect(show(manager.list)).toBe('D[0,10) S[10,20) D[20,21) H[21,MAX)');
  manager.reply({ ...good, done: true }, 1002);
  manager.reply({ ...good, done: true }, 1003);
  expect(show(manager.list)).toBe('D[0,21) H[21,MAX)');
});
