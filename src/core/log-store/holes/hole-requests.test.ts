// Discovery, requests, peer choice, timeouts and membership: one test per rule of holes.md §4 and §5.

import { describe, expect, test } from 'vitest';
import { MAX, nodeId, term } from '../../../base/ids.ts';
import { clonePlain, digestPlain } from '../../../base/plain.ts';
import { assignRange } from '../../log/range-set.ts';
import { DEFAULTS, openReplica, peerStatus, replyTo, show, showRequests } from './hole-fixture.ts';
import { mergeHoles } from './hole-manager.ts';
import { setHoleMembers } from './hole-peers.ts';
import { discoverHoles, nextHoleWake, tickHoles } from './hole-requests.ts';
import type { HoleOpen } from './hole-state.ts';
import type { HoleManager } from './testing/hole-interface.ts';
import { sgclOf } from './testing/sgcl.ts';

const at = (name: string) => nodeId(name);

/** Peers with NCL and PGCL 100, SGCL 60 unless stated otherwise. */
function ready(text: string, peers: readonly string[], more: Partial<HoleOpen> = {}, sgcl = 60): HoleManager {
  const { manager } = openReplica(text, peers, more);
  manager.setSgcl(sgcl);
  for (const peer of peers) manager.status(at(peer), peerStatus(100, 100));
  return manager;
}

const inflight = (manager: HoleManager): number[] => manager.state.peers.map(({ reqList }) => reqList.length);

test('HOLE-1 the state is plain data: a clone, driven alike, stays equal', () => {
  const manager = ready('D[0,10) H[10,40) D[40,50) H[50,MAX)', ['B', 'C'], {
    params: { ...DEFAULTS, maxReqSpan: 7 },
  });
  const copy = clonePlain(manager.state);
  for (const state of [manager.state, copy]) {
    discoverHoles(state, 1000);
    mergeHoles(state, 12, 20, 60);
    tickHoles(state, 1300);
    discoverHoles(state, 1300);
  }
  expect(digestPlain(copy)).toBe(digestPlain(manager.state));
});

test('HOLE-3 every call of the interface is there', () => {
  const { manager } = openReplica('H[0,MAX)', ['B']);
  const calls = 'merge setSgcl setVdl status discover reply serve tick truncate recover report save';
  for (const name of calls.split(' ')) expect(manager).toHaveProperty(name, expect.any(Function));
  for (const name of 'merge setSent truncate contains holes items'.split(' '))
    expect(manager.list).toHaveProperty(name, expect.any(Function));
});

describe('discovery', () => {
  test('HOLE-18 with one open shard SGCL is PGCL, and none above a shard that is short', () => {
    expect(sgclOf([{ first: 0, end: MAX, pgcl: 77 }])).toBe(77);
    expect(
      sgclOf([
        { first: 10, end: 20, pgcl: 19 },
        { first: 20, end: 30, pgcl: -1 },
      ]),
    ).toBe(19);
  });

  test('HOLE-19 unsent holes in ascending order up to SGCL inclusive, in recovery up to maxNWL, never above', () => {
    const text = 'D[0,10) H[10,12) D[12,20) H[20,30) D[30,40) H[40,MAX)';
    const normal = ready(text, ['B'], {}, 20);
    expect(showRequests(normal.discover(0).requests)).toBe('1→B [10,12), 2→B [20,21)');
    const recovery = ready(text, ['B'], { mode: 'recovery', maxNwl: 41 });
    expect(showRequests(recovery.discover(0).requests)).toBe('1→B [10,12), 2→B [20,30), 3→B [40,42)');
    expect(recovery.discover(0).requests).toEqual([]);
  });

  test('HOLE-20 a hole across the limit is split at limit + 1 and only the lower part is sent', () => {
    const manager = ready('D[0,10) H[10,40) D[40,50) H[50,MAX)', ['B'], {}, 19);
    manager.discover(0);
    expect(show(manager.list)).toBe('D[0,10) S[10,20) H[20,40) D[40,50) H[50,MAX)');
    manager.setSgcl(24);
    expect(showRequests(manager.discover(1).requests)).toBe('2→B [20,25)');
  });

  test('HOLE-21 a long hole is asked for in pieces of maxReqSpan', () => {
    const params = { ...DEFAULTS, maxReqSpan: 8 };
    const manager = ready('D[0,10) H[10,30) D[30,31) H[31,MAX)', ['B', 'C'], { params }, 30);
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,18), 2→C [18,26), 3→B [26,30)');
  });

  test('HOLE-22 without a peer normal mode stops the scan, and status is wanted', () => {
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,30) D[30,31) H[31,MAX)', ['B'], { pgcl: 101 });
    expect(manager.discover(0)).toEqual({ requests: [], needStatus: true });
  });

  test('HOLE-22 without a peer for one piece recovery mode goes on to the next', () => {
    const { manager } = openReplica('D[0,10) H[10,12) D[12,20) H[20,22) D[22,23) H[23,MAX)', ['B', 'C'], {
      mode: 'recovery',
      maxNwl: 22,
    });
    manager.status(at('B'), peerStatus(9, 9, { nwl: 50 }));
    manager.discover(0);
    const refused = { code: 'LOG_GONE', which: '', current: 11 } as const;
    manager.reply(replyTo(manager, { counter: 1, from: 'B', refused }), 1);
    expect(manager.discover(300)).toMatchObject({ requests: [], needStatus: true });
    manager.reply(
      replyTo(manager, { counter: 2, from: 'B', parts: [{ first: 20, end: 21 }], done: true }),
      310,
    );
    const next = manager.discover(1000);
    expect([showRequests(next.requests), next.needStatus]).toEqual(['', true]);
    manager.status(at('C'), peerStatus(9, 9, { nwl: 21 }));
    const then = manager.discover(2000);
    expect([showRequests(then.requests), then.needStatus]).toEqual(['3→C [10,12), 4→C [21,22)', false]);
  });

  test('HOLE-22 in recovery a piece that nobody has does not hold up the others', () => {
    const { manager } = openReplica('D[0,10) H[10,12) D[12,20) H[20,22) D[22,23) H[23,MAX)', ['B'], {
      mode: 'recovery',
      maxNwl: 22,
      params: { ...DEFAULTS, maxInflightPerPeer: 1 },
    });
    manager.status(at('B'), peerStatus(9, 9, { nwl: 50 }));
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,12)');
    manager.reply(replyTo(manager, { counter: 1, from: 'B', done: true }), 1);
    const next = manager.discover(2);
    expect([showRequests(next.requests), next.needStatus]).toEqual(['2→B [20,22)', true]);
  });

  test('HOLE-22 while whoever qualifies is suspect, status is wanted of all: one of an old status may have caught up', () => {
    const { manager } = openReplica('D[0,10) H[10,12) D[12,13) H[13,MAX)', ['B', 'C'], { pgcl: 50 });
    manager.status(at('B'), peerStatus(100, 50));
    manager.status(at('C'), peerStatus(100, 49));
    manager.discover(1000); // the first round of a life
    manager.setSgcl(12);
    const asked = manager.discover(1001);
    expect([showRequests(asked.requests), asked.needStatus]).toEqual(['1→B [10,12)', false]);
    manager.tick(1300);
    const again = manager.discover(1301);
    expect([showRequests(again.requests), again.needStatus]).toEqual(['2→B [10,12)', true]);
    manager.status(at('C'), peerStatus(100, 50));
    manager.tick(1600);
    expect(showRequests(manager.discover(1601).requests)).toBe('3→C [10,12)');
  });

  test('HOLE-22 a round of status requests goes at most once in discoverEvery', () => {
    const { state } = openReplica('D[0,1) H[1,9) D[9,10) H[10,MAX)', ['B'], {}).manager;
    state.sgcl = 9;
    expect(discoverHoles(state, 1000).statusRound).toBe(true);
    const soon = discoverHoles(state, 1049);
    expect([soon.needStatus, soon.statusRound]).toEqual([true, false]);
    expect(discoverHoles(state, 1050).statusRound).toBe(true);
  });

  test('HOLE-23 SGCL, a status and the end of a request make discovery due, else discoverEvery', () => {
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,30) D[30,31) H[31,MAX)', ['B'], {}, 12);
    const { state } = manager;
    const due = (): boolean => {
      const was = state.discoverDue;
      manager.discover(500);
      return was;
    };
    due();
    expect(due()).toBe(false);
    manager.setSgcl(13);
    expect(due()).toBe(true);
    manager.status(at('B'), peerStatus(101, 101));
    expect(due()).toBe(true);
    manager.merge(10, 12, 13);
    expect(due()).toBe(true);
    expect(nextHoleWake(state)).toBe(null);
    manager.setSgcl(25);
    expect(nextHoleWake(state)).toBe(550);
    manager.discover(600);
    expect(nextHoleWake(state)).toBe(800);
    manager.tick(800);
    expect(due()).toBe(true);
  });
});

describe('requests', () => {
  test('HOLE-25 peers are in member order without this node, and the first gap goes to the first', () => {
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,30) D[30,31) H[31,MAX)', ['B', 'C', 'D']);
    expect(manager.state.peers.map(({ peerId }) => peerId)).toEqual(['B', 'C', 'D']);
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,12), 2→C [20,30), 3→D [31,61)');
    manager.merge(10, 12, 60);
    expect(manager.state.cursor).toBe(2);
  });

  test('HOLE-26 a status is refreshed by every message, but never from an older life or history', () => {
    const { manager } = openReplica('D[0,1) H[1,MAX)', ['B']);
    const status = () => manager.state.peers[0]?.status;
    manager.status(at('B'), peerStatus(10, 10, { volumeEpoch: 3, bootEpoch: 2 }));
    manager.status(at('B'), peerStatus(20, 20, { volumeEpoch: 3, bootEpoch: 1 }));
    manager.status(at('B'), peerStatus(30, 30, { volumeEpoch: 2, bootEpoch: 2 }));
    expect(status()?.ncl).toBe(10);
    manager.status(at('B'), peerStatus(8, 8, { volumeEpoch: 4, bootEpoch: 3 }));
    expect(status()?.ncl).toBe(8);
    manager.status(at('Z'), peerStatus(99, 99));
    expect(manager.state.peers.length).toBe(1);
    manager.setSgcl(5);
    manager.discover(0);
    manager.reply(
      replyTo(manager, {
        counter: 1,
        from: 'B',
        status: peerStatus(44, 9, { volumeEpoch: 4, bootEpoch: 3 }),
      }),
      1,
    );
    expect(status()?.ncl).toBe(44);
  });

  test('HOLE-27 reqTime follows arriving parts, curGapPos is the lowest hole of the gap and only rises', () => {
    const manager = ready('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B'], {}, 19);
    manager.discover(1000);
    const entry = () => manager.state.peers[0]?.reqList[0];
    expect(entry()).toMatchObject({ reqTime: 1000, gapFirst: 10, gapEnd: 20, curGapPos: 10 });
    manager.reply(replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 14, end: 16 }] }), 1010);
    expect(entry()).toMatchObject({ reqTime: 1010, curGapPos: 10 });
    manager.merge(10, 13, 60);
    expect(entry()).toMatchObject({ reqTime: 1010, curGapPos: 13 });
    manager.merge(13, 14, 60);
    expect(entry()).toMatchObject({ reqTime: 1010, curGapPos: 16 });
  });

  test('HOLE-28 request ids count from 1 in each boot and carry the boot', () => {
    const first = ready('D[0,10) H[10,12) D[12,20) H[20,30) D[30,31) H[31,MAX)', ['B'], { bootEpoch: 4 }, 29);
    const ids = first.discover(0).requests.map(({ reqId }) => reqId);
    expect(ids).toEqual([
      { node: 'A', boot: 4, counter: 1 },
      { node: 'A', boot: 4, counter: 2 },
    ]);
    const second = ready('D[0,10) H[10,12) D[12,20) H[20,MAX)', ['B'], { bootEpoch: 5 }, 11);
    second.discover(0);
    const late = replyTo(second, { counter: 1, from: 'B', boot: 4, parts: [{ first: 10, end: 12 }] });
    expect(second.reply(late, 1).ignored).toBe(true);
    expect(second.reply({ ...late, reqId: { ...late.reqId, boot: 5 } }, 1).ignored).toBe(false);
  });

  test('HOLE-29 round robin: first a peer that holds the whole gap, then any, suspects last, the previous target last', () => {
    const text = 'D[0,10) H[10,12) D[12,20) H[20,22) D[22,30) H[30,32) D[32,33) H[33,MAX)';
    const short = openReplica(text, ['B', 'C', 'D']).manager;
    short.setSgcl(32);
    short.status(at('B'), peerStatus(15, 100));
    short.status(at('C'), peerStatus(25, 100));
    short.status(at('D'), peerStatus(9, 100));
    expect(showRequests(short.discover(0).requests)).toBe('1→B [10,12), 2→C [20,22), 3→D [30,32)');

    const one = ready(text, ['B'], {}, 32);
    expect(showRequests(one.discover(0).requests)).toBe('1→B [10,12), 2→B [20,22), 3→B [30,32)');
    one.tick(200);
    expect(one.state.peers[0]?.suspectUntil).toBeGreaterThan(200);
    expect(one.discover(201).requests.length).toBe(3);

    const two = ready(text, ['B', 'C'], {}, 11);
    expect(showRequests(two.discover(0).requests)).toBe('1→B [10,12)');
    two.tick(200);
    two.setSgcl(32);
    expect(showRequests(two.discover(300).requests)).toBe('2→C [10,12), 3→C [20,22), 4→C [30,32)');
  });

  test('HOLE-29 HOLE-37 a gap that a silent peer was asked for waits for a busy one that is not suspect', () => {
    const text = 'D[0,10) H[10,15) D[15,16) H[16,MAX)';
    const params = { ...DEFAULTS, maxReqSpan: 1, maxInflightPerPeer: 1 };
    const manager = ready(text, ['B', 'C'], { params }, 14);
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,11), 2→C [11,12)');
    // C answers and is asked for the next; B is silent for its whole limit.
    manager.merge(11, 12, 60);
    expect(showRequests(manager.discover(150).requests)).toBe('3→C [12,13)');
    manager.tick(200);
    expect(manager.discover(200).requests).toEqual([]);
    manager.merge(12, 13, 60);
    expect(showRequests(manager.discover(210).requests)).toBe('4→C [10,11)');
    // Nobody else could be asked: the silent one is tried again.
    const alone = ready(text, ['B'], { params }, 14);
    alone.discover(0);
    alone.tick(200);
    expect(showRequests(alone.discover(200).requests)).toBe('2→B [10,11)');
  });

  test('HOLE-29 a peer without a free slot or a known status is passed over', () => {
    const text = 'D[0,10) H[10,19) D[19,20) H[20,MAX)';
    const manager = ready(text, ['B', 'C'], {
      params: { ...DEFAULTS, maxReqSpan: 1, maxInflightPerPeer: 2 },
    });
    const first = manager.discover(0);
    expect(showRequests(first.requests)).toBe('1→B [10,11), 2→C [11,12), 3→B [12,13), 4→C [13,14)');
    expect(first.needStatus).toBe(true);
    const { manager: blind } = openReplica(text, ['B', 'C']);
    blind.setSgcl(18);
    blind.status(at('C'), peerStatus(100, 100));
    expect(showRequests(blind.discover(0).requests)).toBe('1→C [10,19)');
  });

  test('HOLE-30 eligible: in normal mode by PGCL', () => {
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,MAX)', ['B', 'C'], { pgcl: 80 }, 19);
    manager.status(at('B'), peerStatus(100, 79));
    expect(showRequests(manager.discover(0).requests)).toBe('1→C [10,12)');
  });

  test('HOLE-30 eligible: in recovery by volumeEpoch, NWL and what it has not answered to lack', () => {
    const text = 'D[0,10) H[10,12) D[12,20) H[20,24) D[24,26) H[26,28) D[28,29) H[29,MAX)';
    const { manager } = openReplica(text, ['B', 'C', 'D'], {
      mode: 'recovery',
      maxNwl: 28,
      volumeEpoch: term(6),
      maxToken: term(6),
      pgcl: 90,
    });
    manager.status(at('B'), peerStatus(5, 5, { nwl: 19, volumeEpoch: 6 }));
    manager.status(at('C'), peerStatus(99, 99, { volumeEpoch: 5 }));
    manager.status(at('D'), peerStatus(5, 5, { nwl: 28, volumeEpoch: 6 }));
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,12), 2→D [20,24), 3→D [26,28)');
    manager.reply(replyTo(manager, { counter: 1, from: 'B', done: true }), 1);
    expect(showRequests(manager.discover(2000).requests)).toBe('4→D [10,12)');
    manager.reply(replyTo(manager, { counter: 4, from: 'D', done: true }), 2001);
    expect(manager.discover(9000).requests).toEqual([]);
    manager.status(at('D'), peerStatus(24, 24, { volumeEpoch: 6 }));
    expect(showRequests(manager.discover(9001).requests)).toBe('5→D [10,12)');
  });

  test('HOLE-30 two peers that each lack another half of a piece are asked for the other half each', () => {
    const { manager } = openReplica('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B', 'C'], {
      mode: 'recovery',
      maxNwl: 20,
      params: { ...DEFAULTS, maxReqSpan: 5 },
    });
    manager.status(at('B'), peerStatus(9, 9, { nwl: 20 }));
    manager.status(at('C'), peerStatus(9, 9, { nwl: 20 }));
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,15), 2→C [15,20)');
    manager.reply(
      replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 12 }], done: true }),
      1,
    );
    manager.reply(replyTo(manager, { counter: 2, from: 'C', done: true }), 1);
    expect(show(manager.list)).toBe('D[0,12) H[12,20) D[20,21) H[21,MAX)');
    expect(showRequests(manager.discover(2000).requests)).toBe('3→C [12,15), 4→B [15,20)');
  });

  test('HOLE-30 what no peer has is passed over only as far as all of them lack it', () => {
    const { manager } = openReplica('D[0,1) H[1,10) D[10,11) H[11,MAX)', ['B', 'C'], {
      mode: 'recovery',
      maxNwl: 10,
    });
    for (const peer of ['B', 'C']) manager.status(at(peer), peerStatus(0, 0, { nwl: 10 }));
    const [b, c] = manager.state.peers;
    for (const [first, end] of [
      [1, 3],
      [5, 6],
    ] as const)
      if (b) assignRange(b.lacking, first, end, true);
    for (const [first, end] of [
      [1, 3],
      [8, 9],
    ] as const)
      if (c) assignRange(c.lacking, first, end, true);
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [3,5), 2→C [5,6), 3→B [6,10)');
    expect(show(manager.list)).toBe('D[0,1) H[1,3) S[3,10) D[10,11) H[11,MAX)');
  });

  test('HOLE-31 the defaults come from the caller, times in its unit', () => {
    expect(DEFAULTS).toMatchObject({ reqTimeout: 200, backoffBase: 200, backoffMaxExp: 5, maxReqSpan: 1024 });
    expect(DEFAULTS).toMatchObject({ maxInflightPerPeer: 4, discoverEvery: 50 });
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,MAX)', ['B'], {
      params: { ...DEFAULTS, reqTimeout: 7, backoffBase: 11 },
    });
    manager.discover(100);
    expect(manager.tick(106).timedOut.length).toBe(0);
    expect(manager.tick(107).timedOut.length).toBeGreaterThan(0);
  });

  test('HOLE-36 a request ends when its gap holds no hole, whoever filled it', () => {
    const manager = ready('D[0,10) H[10,12) D[12,20) H[20,30) D[30,31) H[31,MAX)', ['B', 'C'], {}, 30);
    manager.discover(0);
    const [b, c] = manager.state.peers;
    for (const peer of manager.state.peers) [peer.silences, peer.lacks] = [2, 1];
    manager.merge(10, 12, 60);
    expect(inflight(manager)).toEqual([0, 1]);
    expect([b?.silences, b?.lacks]).toEqual([2, 1]);
    manager.reply(replyTo(manager, { counter: 2, from: 'C', parts: [{ first: 20, end: 30 }] }), 1);
    expect(inflight(manager)).toEqual([0, 0]);
    expect([c?.silences, c?.lacks]).toEqual([0, 0]);
  });

  test('HOLE-37 a timeout drops the request, unsends its holes and suspects the peer ever longer', () => {
    const manager = ready('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B'], {}, 19);
    const [b] = manager.state.peers;
    const pauses: number[] = [];
    let now = 1000;
    for (let round = 0; round < 8; round++) {
      manager.discover(now);
      expect(manager.tick(now + 199).timedOut).toEqual([]);
      now += 200;
      expect(manager.tick(now).timedOut.map(({ counter }) => counter)).toEqual([round + 1]);
      expect(show(manager.list)).toBe('D[0,10) H[10,20) D[20,21) H[21,MAX)');
      pauses.push((b?.suspectUntil ?? 0) - now);
    }
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 6400, 6400]);
  });

  test('HOLE-27, HOLE-38 a request keeps its own try; that its peer lacks what it asks for is no silence', () => {
    const manager = ready('D[0,10) H[10,20) D[20,30) H[30,40) D[40,41) H[41,MAX)', ['B'], {}, 39);
    const [b] = manager.state.peers;
    const tries = () => b?.reqList.map(({ reqId, attempt }) => [reqId.counter, attempt]);
    manager.discover(0);
    expect(tries()).toEqual([
      [1, 1],
      [2, 1],
    ]);
    manager.reply(replyTo(manager, { counter: 1, from: 'B', done: true }), 100);
    expect([b?.silences, b?.lacks, tries()]).toEqual([0, 1, [[2, 1]]]);
    manager.discover(150);
    expect(tries()).toEqual([
      [2, 1],
      [3, 1],
    ]);
    manager.tick(200);
    manager.discover(210);
    expect([b?.silences, b?.lacks]).toEqual([1, 1]);
    expect(tries()).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  test('HOLE-41 a membership step keeps the requests of kept peers, drops those of removed ones without suspicion', () => {
    const text = 'D[0,10) H[10,12) D[12,20) H[20,22) D[22,30) H[30,32) D[32,33) H[33,MAX)';
    const manager = ready(text, ['B', 'C', 'D'], {}, 32);
    manager.discover(0);
    expect(manager.state.cursor).toBe(2);
    const ended = setHoleMembers(manager.state, ['A', 'B', 'E', 'C'].map(nodeId), 2);
    expect(ended.map(({ to, gapFirst, gapEnd, outcome }) => [to, gapFirst, gapEnd, outcome])).toEqual([
      ['D', 30, 32, 'failed'],
    ]);
    const { peers, memberEpoch, cursor } = manager.state;
    expect(peers.map(({ peerId, reqList }) => [peerId, reqList.length])).toEqual([
      ['B', 1],
      ['E', 0],
      ['C', 1],
    ]);
    expect([memberEpoch, peers[cursor]?.peerId]).toEqual([2, 'C']);
    expect(show(manager.list)).toBe(
      'D[0,10) S[10,12) D[12,20) S[20,22) D[22,30) H[30,32) D[32,33) H[33,MAX)',
    );
    expect(peers.every(({ silences, lacks }) => silences + lacks === 0)).toBe(true);
    expect(showRequests(manager.discover(1).requests)).toBe('4→B [30,32)');
  });

  test('HOLE-13 the break-the-protocol switch makes a split hole forget its request, and only that', () => {
    const params = { ...DEFAULTS, mutants: ['hole.sent-lost-on-split'] as const };
    const manager = ready('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B'], { params }, 19);
    manager.discover(0);
    manager.merge(14, 16, 60);
    expect(show(manager.list)).toBe('D[0,10) H[10,14) D[14,16) H[16,20) D[20,21) H[21,MAX)');
    const honest = ready('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B'], {}, 19);
    honest.discover(0);
    expect(mergeHoles(honest.state, 14, 16, 60).rests).toEqual([
      { first: 10, end: 14, sent: true },
      { first: 16, end: 20, sent: true },
    ]);
  });
});

test('HOLE-14 the cached PGCL only rises with merges and falls with truncation', () => {
  const { manager } = openReplica('D[0,1) H[1,MAX)', ['B']);
  manager.merge(1, 3, 5);
  manager.merge(3, 4, 4);
  expect(manager.state.pgcl).toBe(5);
  manager.setSgcl(5);
  manager.truncate(2);
  expect([manager.state.pgcl, manager.state.sgcl]).toEqual([2, 2]);
});
