// The worked vectors of docs/spec/holes.md §9, through the interface of HOLE-3.

import { describe, expect, test } from 'vitest';
import { lsn, MAX, NONE, nodeId, term } from '../../../base/ids.ts';
import { termAt } from '../../log/term-history.ts';
import {
  DEFAULTS,
  listOf,
  openReplica,
  peerStatus,
  record,
  replyTo,
  show,
  showRanges,
  showRequests,
} from './hole-fixture.ts';
import { type HoleList, makeList, rebuild } from './testing/hole-interface.ts';
import { sgclOf } from './testing/sgcl.ts';

const B = 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)';
const at = (name: string) => nodeId(name);

interface MergeRow {
  readonly n: number;
  readonly range: readonly [number, number];
  readonly after: string;
  readonly added?: string;
  readonly overlap?: string;
  readonly ncl?: number;
  readonly nwl?: number;
}

const merges: MergeRow[] = [
  { n: 1, range: [22, 25], after: B, added: '–', overlap: '[22,25)' },
  {
    n: 2,
    range: [13, 15],
    after: 'D[0,10) S[10,13) D[13,15) S[15,20) D[20,30) H[30,40) D[40,50) H[50,MAX)',
    added: '[13,15)',
    overlap: '–',
  },
  { n: 3, range: [10, 14], after: 'D[0,14) S[14,20) D[20,30) H[30,40) D[40,50) H[50,MAX)', ncl: 13 },
  { n: 4, range: [16, 20], after: 'D[0,10) S[10,16) D[16,30) H[30,40) D[40,50) H[50,MAX)' },
  { n: 5, range: [10, 20], after: 'D[0,30) H[30,40) D[40,50) H[50,MAX)', ncl: 29 },
  {
    n: 6,
    range: [25, 33],
    after: 'D[0,10) S[10,20) D[20,33) H[33,40) D[40,50) H[50,MAX)',
    added: '[30,33)',
    overlap: '[25,30)',
  },
  {
    n: 7,
    range: [35, 45],
    after: 'D[0,10) S[10,20) D[20,30) H[30,35) D[35,50) H[50,MAX)',
    added: '[35,40)',
    overlap: '[40,45)',
  },
  {
    n: 8,
    range: [15, 35],
    after: 'D[0,10) S[10,15) D[15,35) H[35,40) D[40,50) H[50,MAX)',
    added: '[15,20) [30,35)',
    overlap: '[20,30)',
  },
  {
    n: 9,
    range: [5, 42],
    after: 'D[0,50) H[50,MAX)',
    added: '[10,20) [30,40)',
    overlap: '[5,10) [20,30) [40,42)',
  },
  {
    n: 10,
    range: [60, 70],
    after: 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,60) D[60,70) H[70,MAX)',
    nwl: 69,
  },
  {
    n: 11,
    range: [45, MAX],
    after: 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,MAX)',
    nwl: 9007199254740990,
  },
];

describe('holes.md §9, from base list B', () => {
  test('the base list', () => {
    const list = listOf(B);
    expect([show(list), list.ncl, list.nwl]).toEqual([B, 9, 49]);
  });

  test.each(merges)('vector $n merge $range', ({ range, after, added, overlap, ncl, nwl }) => {
    const list = listOf(B);
    const merged = list.merge(range[0], range[1]);
    expect(show(list)).toBe(after);
    if (added !== undefined) expect(showRanges(merged.added)).toBe(added);
    if (overlap !== undefined) expect(showRanges(merged.overlap)).toBe(overlap);
    if (ncl !== undefined) expect(list.ncl).toBe(ncl);
    if (nwl !== undefined) expect(list.nwl).toBe(nwl);
  });

  const edits: [number, string, (list: HoleList) => void, string][] = [
    [
      12,
      'setSent(12,16,false)',
      (list) => list.setSent(12, 16, false),
      'D[0,10) S[10,12) H[12,16) S[16,20) D[20,30) H[30,40) D[40,50) H[50,MAX)',
    ],
    [
      13,
      'setSent(5,35,true)',
      (list) => list.setSent(5, 35, true),
      'D[0,10) S[10,20) D[20,30) S[30,35) H[35,40) D[40,50) H[50,MAX)',
    ],
    [14, 'truncate(24)', (list) => list.truncate(24), 'D[0,10) H[10,20) D[20,25) H[25,MAX)'],
    [15, 'truncate(13)', (list) => list.truncate(13), 'D[0,10) H[10,MAX)'],
  ];
  test.each(edits)('vector %i %s', (n, _name, edit, after) => {
    const list = listOf(B);
    edit(list);
    expect(show(list)).toBe(after);
    if (n === 14) expect(list.nwl).toBe(24);
  });

  test('vector 16 empty and outside ranges are refused and change nothing', () => {
    const list = listOf(B);
    expect(() => list.merge(5, 5)).toThrow('E_EMPTY_RANGE');
    expect(show(list)).toBe(B);
    const later = makeList(3);
    expect(() => later.merge(2, 5)).toThrow('E_RANGE');
    expect(show(later)).toBe('H[3,MAX)');
  });
});

describe('holes.md §9, the other vectors', () => {
  test.each([
    [[99, 150, 230], 150],
    [[99, 199, 230], 230],
  ])('vector 17 sgclOf three shards with PGCL %j is %i', (pgcls, expected) => {
    const bounds = [0, 100, 200, MAX];
    const shards = pgcls.map((pgcl, i) => ({ first: bounds[i] ?? 0, end: bounds[i + 1] ?? 0, pgcl }));
    expect(sgclOf(shards)).toBe(expected);
  });

  test.each([
    [[60, 180], 60],
    [[99, 99], 99],
  ])('vector 17 sgclOf two shards with PGCL %j is %i', (pgcls, expected) => {
    const [a = 0, b = 0] = pgcls;
    expect(
      sgclOf([
        { first: 0, end: 100, pgcl: a },
        { first: 100, end: MAX, pgcl: b },
      ]),
    ).toBe(expected);
  });

  test('vector 18 rebuild', () => {
    const pairs = [
      [100, 97],
      [103, 100],
      [109, 107],
      [112, 109],
      [120, 115],
    ] as const;
    const list = rebuild(0, 100, pairs);
    if ('error' in list) throw new Error(list.error);
    expect(show(list)).toBe('D[0,104) H[104,108) D[108,113) H[113,116) D[116,121) H[121,MAX)');
  });

  test('vector 19 discovery, partial replies, timeouts, another peer', () => {
    const { manager } = openReplica(
      'D[0,10) H[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)',
      ['B', 'C', 'D'],
      {
        pgcl: 33,
      },
    );
    const { list } = manager;
    manager.setSgcl(33);
    manager.status(at('B'), peerStatus(33, 33));
    manager.status(at('C'), peerStatus(60, 40));
    manager.status(at('D'), peerStatus(18, 33));
    expect(showRequests(manager.discover(1000).requests)).toBe('1→B [10,20), 2→C [30,34)');
    expect(show(list)).toBe('D[0,10) S[10,20) D[20,30) S[30,34) H[34,40) D[40,50) H[50,MAX)');

    manager.reply(replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 14 }] }), 1050);
    expect(show(list)).toBe('D[0,14) S[14,20) D[20,30) S[30,34) H[34,40) D[40,50) H[50,MAX)');
    expect(manager.state.peers[0]?.reqList[0]).toMatchObject({ curGapPos: 14, reqTime: 1050 });

    manager.merge(16, 18, 33);
    expect(show(list)).toBe(
      'D[0,14) S[14,16) D[16,18) S[18,20) D[20,30) S[30,34) H[34,40) D[40,50) H[50,MAX)',
    );
    expect(manager.state.peers[0]?.reqList.length).toBe(1);
    expect(manager.discover(1100).requests).toEqual([]);

    expect(manager.tick(1200).timedOut.map(({ counter }) => counter)).toEqual([2]);
    expect(show(list)).toBe('D[0,14) S[14,16) D[16,18) S[18,20) D[20,30) H[30,40) D[40,50) H[50,MAX)');
    expect(manager.state.peers[1]?.suspectUntil).toBe(1400);
    expect(manager.tick(1250).timedOut.map(({ counter }) => counter)).toEqual([1]);
    expect(show(list)).toBe('D[0,14) H[14,16) D[16,18) H[18,20) D[20,30) H[30,40) D[40,50) H[50,MAX)');
    expect(manager.state.peers[0]?.suspectUntil).toBe(1450);

    const before = show(list);
    const late = manager.reply(
      replyTo(manager, { counter: 2, from: 'C', parts: [{ first: 30, end: 34 }] }),
      1255,
    );
    expect([late.ignored, show(list)]).toEqual([true, before]);
    expect(showRequests(manager.discover(1260).requests)).toBe('3→D [14,16), 4→D [18,20), 5→D [30,34)');

    const parts = [{ first: 30, end: 34 }];
    manager.reply(replyTo(manager, { counter: 5, from: 'D', parts, done: true }), 1300);
    expect(show(list)).toBe('D[0,14) S[14,16) D[16,18) S[18,20) D[20,34) H[34,40) D[40,50) H[50,MAX)');
    expect(manager.state.peers[2]?.reqList.map(({ reqId }) => reqId.counter)).toEqual([3, 4]);
  });

  test('vector 20 a long hole goes in pieces, a peer with a lower PGCL gets none', () => {
    const { manager } = openReplica('D[0,1) H[1,20) D[20,21) H[21,MAX)', ['B', 'C'], {
      pgcl: 20,
      params: { ...DEFAULTS, maxReqSpan: 4 },
    });
    manager.setSgcl(12);
    manager.status(at('B'), peerStatus(20, 20));
    manager.status(at('C'), peerStatus(20, 19));
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [1,5), 2→B [5,9), 3→B [9,13)');
    expect(show(manager.list)).toBe('D[0,1) S[1,13) H[13,20) D[20,21) H[21,MAX)');
  });

  test('vector 21 recovery of a replica that slept through two terms', () => {
    const history = [
      { term: term(3), startLsn: lsn(0), prevEnd: NONE },
      { term: term(5), startLsn: lsn(70), prevEnd: lsn(59) },
      { term: term(6), startLsn: lsn(83), prevEnd: lsn(72) },
    ];
    expect([59, 60, 69, 70, 73, 83].map((position) => termAt(history, position))).toEqual([
      3,
      null,
      null,
      5,
      null,
      6,
    ]);

    const { manager, store } = openReplica(
      'D[0,51) H[51,54) D[54,63) H[63,MAX)',
      ['B', 'C'],
      {
        volumeEpoch: term(3),
        maxToken: term(6),
        history: history.slice(0, 1),
        pgcl: 50,
      },
      [record(55, 53, 3), record(60, 55, 3), record(62, 60, 3)],
    );
    const ack = manager.recover({
      volumeEpoch: term(6),
      history,
      maxNwl: 72,
      peers: [
        { peer: at('B'), status: peerStatus(72, 72, { volumeEpoch: 6 }) },
        { peer: at('C'), status: peerStatus(55, 55, { volumeEpoch: 5 }) },
      ],
    });
    if ('error' in ack) throw new Error(ack.error.code);
    expect(ack.removed).toEqual([60, 62]);
    expect(store.log.map(({ record: { lsn: kept } }) => kept)).toEqual([55]);
    expect(show(manager.list)).toBe('D[0,51) H[51,54) D[54,56) H[56,MAX)');
    expect([ack.phase, showRanges(ack.missing)]).toEqual(['FILLING', '[51,54) [56,73)']);

    expect(showRequests(manager.discover(0).requests)).toBe('1→B [51,54), 2→B [56,73)');
    expect(show(manager.list)).toBe('D[0,51) S[51,54) D[54,56) S[56,73) H[73,MAX)');

    const first = [{ first: 51, end: 54, records: [record(51, 50, 3), record(53, 51, 3)] }];
    manager.reply(replyTo(manager, { counter: 1, from: 'B', parts: first, done: true }), 10);
    expect(show(manager.list)).toBe('D[0,56) S[56,73) H[73,MAX)');

    const second = [
      { first: 56, end: 73, records: [record(58, 55, 3), record(70, 58, 5), record(72, 70, 5)] },
    ];
    manager.reply(replyTo(manager, { counter: 2, from: 'B', parts: second, done: true }), 20);
    expect(show(manager.list)).toBe('D[0,73) H[73,MAX)');
    expect(manager.report()).toMatchObject({ phase: 'DONE', ncl: 72, missing: [], unfillable: [] });
  });
});
