// Answering a peer that asks for records (holes.md §6): which parts it gets, and when it is refused.

import { describe, expect, test } from 'vitest';
import { groupId, nodeId, term } from '../../../base/ids.ts';
import { digestPlain } from '../../../base/plain.ts';
import { openReplica, peerStatus, show, showRequests } from './hole-fixture.ts';
import { setHoleToken, setLogFloor } from './hole-manager.ts';
import { discoverHoles, type GapReq, nextHoleWake } from './hole-requests.ts';
import { checkPeerEpochs, serveGap } from './hole-serve.ts';
import type { HoleOpen } from './hole-state.ts';
import type { HoleManager } from './testing/hole-interface.ts';
import { wrapList } from './testing/hole-interface.ts';

describe('serve', () => {
  const request = (more: Partial<GapReq> = {}): GapReq => ({
    kind: 'GapReq',
    reqId: { node: nodeId('B'), boot: 1, counter: 1 },
    group: groupId('g1'),
    volumeEpoch: term(5),
    memberEpoch: 2,
    first: 5,
    end: 60,
    mode: 'normal',
    ...more,
  });
  const server = (more: Partial<HoleOpen> = {}): HoleManager =>
    openReplica('D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)', ['B'], {
      volumeEpoch: term(5),
      maxToken: term(5),
      memberEpoch: 2,
      ...more,
    }).manager;

  test('HOLE-32 parts are DATA within the request', () => {
    expect(server().serve(request())).toEqual({
      parts: [
        [5, 10],
        [20, 30],
        [40, 50],
      ],
    });
    expect(server().serve(request({ first: 12, end: 15 }))).toEqual({ parts: [] });
  });

  test.each([
    [{ volumeEpoch: term(4), memberEpoch: 1 }, {}, 'STALE_EPOCH', 'volume', 5],
    [{ volumeEpoch: term(6), memberEpoch: 1 }, {}, 'EPOCH_AHEAD', 'volume', 5],
    [{ memberEpoch: 1 }, { maxToken: term(7) }, 'STALE_EPOCH', 'member', 2],
    [{ memberEpoch: 3 }, { maxToken: term(7) }, 'EPOCH_AHEAD', 'member', 2],
    [{}, { maxToken: term(7), logFloor: 5 }, 'NOT_READY', '', 7],
    [{}, { logFloor: 5 }, 'LOG_GONE', '', 5],
    [{ first: 9, end: 9 }, {}, 'E_BAD_MESSAGE', '', 0],
  ] as const)('HOLE-33 %j at %j is %s %s', (asks, own, code, which, current) => {
    expect(server(own).serve(request(asks))).toEqual({ error: { code, which, current } });
  });

  test('HOLE-33 a request above logFloor is served although older log is gone', () => {
    const manager = server();
    setLogFloor(manager.state, 4);
    setLogFloor(manager.state, 2);
    expect(manager.serve(request())).toMatchObject({ parts: expect.any(Array) });
    expect(manager.serve(request({ first: 4 }))).toMatchObject({ error: { code: 'LOG_GONE' } });
  });

  test('HOLE-59 serving changes no list, request or cursor', () => {
    const { state } = server();
    discoverHoles(state, 1);
    const before = digestPlain(state);
    for (const asks of [{}, { volumeEpoch: term(4) }, { first: 0, end: 5 }]) serveGap(state, request(asks));
    expect(checkPeerEpochs(state, request())).toBe(null);
    expect(digestPlain(state)).toBe(before);
    expect(show(wrapList(state.list))).toContain('S[10,20)');
  });

  test('HOLE-58 between InstallToken and InstallHistory it asks for nothing and answers NOT_READY', () => {
    const manager = server();
    manager.setSgcl(49);
    manager.status(nodeId('B'), peerStatus(99, 99, { volumeEpoch: 5 }));
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [30,40)');
    setHoleToken(manager.state, term(6));
    expect(manager.state.peers[0]?.reqList).toEqual([]);
    expect(manager.discover(100)).toEqual({ requests: [], needStatus: false });
    expect(nextHoleWake(manager.state)).toBe(null);
    expect(manager.serve(request())).toEqual({ error: { code: 'NOT_READY', which: '', current: 6 } });
    setHoleToken(manager.state, term(5));
    expect(manager.state.maxToken).toBe(6);
  });
});
