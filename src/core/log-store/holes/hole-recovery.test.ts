// Recovery mode and truncation: one test per rule of holes.md §7, and HOLE-49, HOLE-50, HOLE-58.

import { describe, expect, test } from 'vitest';
import { lsn, nodeId, term } from '../../../base/ids.ts';
import { digestPlain } from '../../../base/plain.ts';
import type { HistoryEntry } from '../../kernel/fields.ts';
import { annulledRanges, isHistoryOf, termAt } from '../../log/term-history.ts';
import { acceptReply, completeFill } from './hole-fill.ts';
import {
  openReplica,
  peerStatus,
  type Replica,
  record,
  replyTo,
  show,
  showRanges,
  showRequests,
} from './hole-fixture.ts';
import { leaveRecovery, type RecoverCommand } from './hole-recovery.ts';
import type { HistoryAck } from './testing/hole-interface.ts';

const entry = (of: number, startLsn: number, prevEnd: number): HistoryEntry => ({
  term: term(of),
  startLsn: lsn(startLsn),
  prevEnd: lsn(prevEnd),
});
/** Terms 1 (LSN 0 …), 2 (from 40; [31,40) annulled), 4 (from 60; [51,60) annulled). */
const H = [entry(1, 0, -1), entry(2, 40, 30), entry(4, 60, 50)];

const command = (more: Partial<RecoverCommand> = {}): RecoverCommand => ({
  volumeEpoch: term(4),
  history: H,
  maxNwl: 50,
  peers: [{ peer: nodeId('B'), status: peerStatus(50, 50, { volumeEpoch: 4 }) }],
  ...more,
});

function recovered(replica: Replica, more: Partial<RecoverCommand> = {}): HistoryAck {
  const ack = replica.manager.recover(command(more));
  if ('error' in ack) throw new Error(ack.error.code);
  return ack;
}

const own = (tail: number) => ({ volumeEpoch: term(tail), maxToken: term(4), history: H.slice(0, 1) });

describe('recover', () => {
  test('HOLE-42 the input is the whole history: a divergent tail below minStart is found', () => {
    // slept through term 2 and 4: 28 is common, 33 and 38 of term 1 were annulled by term 2
    const records = [record(20, 0), record(28, 20), record(33, 28), record(38, 33)];
    const replica = openReplica('D[0,39) H[39,MAX)', ['B'], own(1), records);
    expect(recovered(replica).removed).toEqual([33, 38]);
    expect(show(replica.manager.list)).toBe('D[0,29) H[29,MAX)');
  });

  test.each([
    ['HOLE-44 t < T, nothing above the point of divergence', 1, [[20, 0, 1]], 20, []],
    [
      'HOLE-44 t < T, records above it',
      1,
      [
        [20, 0, 1],
        [35, 20, 1],
        [45, 35, 1],
      ],
      20,
      [35, 45],
    ],
    [
      'HOLE-44 t = T, above maxNWL',
      2,
      [
        [20, 0, 1],
        [41, 20, 2],
        [55, 41, 2],
      ],
      41,
      [55],
    ],
    [
      'HOLE-44 t = T, leftovers of an older term',
      2,
      [
        [20, 0, 1],
        [42, 20, 1],
        [45, 20, 2],
      ],
      45,
      [42],
    ],
    [
      'HOLE-44 t > T, the node was outside the read quorum',
      3,
      [
        [20, 0, 1],
        [44, 20, 3],
        [47, 44, 3],
      ],
      20,
      [44, 47],
    ],
  ] as const)('%s', (_name, tail, rows, nwl, removed) => {
    const records = rows.map(([at, prev, of]) => record(at, prev, of));
    const last = rows[rows.length - 1]?.[0] ?? 0;
    const replica = openReplica(`D[0,${last + 1}) H[${last + 1},MAX)`, ['B'], own(tail), records);
    const ack = recovered(replica);
    expect([ack.removed, ack.nwl]).toEqual([removed, nwl]);
    const gone: readonly number[] = removed;
    expect(replica.store.log.map(({ record: { lsn: kept } }) => kept)).toEqual(
      rows.map(([at]) => at).filter((at) => !gone.includes(at)),
    );
  });

  test('HOLE-43 invalid coverage becomes hole, valid coverage is merged again, the rest is cut at maxNWL', () => {
    // 42 of term 1 is invalid and covers [21,43); 45 of term 2 covers the same positions and stays
    const records = [record(20, 0), record(42, 20, 1), record(45, 20, 2), record(48, 46, 2)];
    const replica = openReplica('D[0,46) H[46,47) D[47,49) H[49,MAX)', ['B'], own(2), records);
    const ack = recovered(replica, { maxNwl: 47 });
    expect(ack.removed).toEqual([42, 48]);
    expect(show(replica.manager.list)).toBe('D[0,46) H[46,47) D[47,48) H[48,MAX)');
    expect([ack.phase, showRanges(ack.missing), ack.scl]).toEqual(['FILLING', '[46,47)', 45]);
    const { mode, volumeEpoch, maxNwl, history } = replica.manager.state;
    expect([mode, volumeEpoch, maxNwl, history]).toEqual(['recovery', 4, 47, H]);
  });

  test('HOLE-44 termAt: the last entry that starts at or below, unless the next one annuls the position', () => {
    expect([0, 30, 31, 39, 40, 50, 51, 59, 60, 999].map((at) => termAt(H, at))).toEqual([
      1,
      1,
      null,
      null,
      2,
      2,
      null,
      null,
      4,
      4,
    ]);
    expect(termAt([entry(7, 50, 40)], 49)).toBe(null);
    expect(termAt([], 5)).toBe(null);
    expect(annulledRanges(H)).toEqual([
      [31, 40],
      [51, 60],
    ]);
  });

  test('HOLE-45 a maxNWL below the known group tail is refused and nothing changes', () => {
    const replica = openReplica('D[0,36) H[36,MAX)', ['B'], own(1), [record(29, 0), record(35, 29)]);
    replica.manager.setVdl(25);
    const before = digestPlain(replica.manager.state);
    expect(replica.manager.recover(command({ maxNwl: 24 }))).toEqual({
      error: { code: 'E_TRUNCATE_BELOW_COMMIT', which: '', current: 25 },
    });
    expect(digestPlain(replica.manager.state)).toBe(before);
    expect(recovered(replica, { maxNwl: 25 }).removed).toEqual([29, 35]);
  });

  test('HOLE-46 an older token is refused, the same token again changes nothing, a higher one gives the same data', () => {
    const replica = openReplica('D[0,30) H[30,MAX)', ['B'], own(1), [record(29, 0)]);
    const { manager } = replica;
    const first = recovered(replica);
    const state = digestPlain(manager.state);
    expect(manager.recover(command({ volumeEpoch: term(3) }))).toEqual({
      error: { code: 'STALE_EPOCH', which: 'volume', current: 4 },
    });
    expect(manager.recover(command({ maxNwl: 10, history: [] }))).toEqual(first);
    expect(digestPlain(manager.state)).toBe(state);
    const list = show(manager.list);
    recovered(replica, { volumeEpoch: term(6), history: [...H.slice(0, 2), entry(6, 60, 50)] });
    expect(show(manager.list)).toBe(list);
    expect(manager.state.volumeEpoch).toBe(6);
  });

  test.each([
    ['not ascending in term', [entry(1, 0, -1), entry(1, 40, 30), entry(4, 60, 50)]],
    ['not ascending in start', [entry(1, 0, -1), entry(2, 0, -1), entry(4, 60, 50)]],
    ['ending in another token', H.slice(0, 2)],
    ['empty', []],
  ])('WAL-73 a history %s is refused', (_name, history) => {
    const { manager } = openReplica('D[0,30) H[30,MAX)', ['B'], own(1));
    expect(manager.recover(command({ history }))).toMatchObject({ error: { code: 'E_BAD_MESSAGE' } });
    expect(isHistoryOf(H, term(4))).toBe(true);
  });

  test('HOLE-47 FILLING, BLOCKED with what no eligible peer has, DONE', () => {
    const replica = openReplica('D[0,10) H[10,MAX)', ['B', 'C'], own(1), [record(9, 0)]);
    const { manager } = replica;
    const none = recovered(replica, { maxNwl: 19, peers: [] });
    expect([none.phase, showRanges(none.missing), showRanges(none.unfillable)]).toEqual([
      'BLOCKED',
      '[10,20)',
      '[10,20)',
    ]);
    manager.status(nodeId('B'), peerStatus(14, 14, { volumeEpoch: 4 }));
    manager.status(nodeId('C'), peerStatus(99, 99, { volumeEpoch: 3 }));
    expect([manager.report().phase, showRanges(manager.report().unfillable)]).toEqual(['BLOCKED', '[15,20)']);
    manager.status(nodeId('C'), peerStatus(19, 19, { volumeEpoch: 4 }));
    expect(manager.report()).toMatchObject({ phase: 'FILLING', unfillable: [] });
    expect(showRequests(manager.discover(0).requests)).toBe('1→C [10,20)');
    manager.reply(
      replyTo(manager, {
        counter: 1,
        from: 'C',
        done: true,
        status: peerStatus(9, 9, { nwl: 19, volumeEpoch: 4 }),
      }),
      1,
    );
    expect([manager.report().phase, showRanges(manager.report().unfillable)]).toEqual(['BLOCKED', '[15,20)']);
    manager.merge(10, 20, 0);
    expect(manager.report()).toMatchObject({ phase: 'DONE', missing: [], unfillable: [], ncl: 19 });
  });

  test('HOLE-30 a new recovery forgets what peers lacked in the one before', () => {
    const replica = openReplica('D[0,10) H[10,MAX)', ['B'], own(1));
    const { manager } = replica;
    const empty = { nwl: 60, volumeEpoch: 4 };
    recovered(replica, { maxNwl: 19, peers: [{ peer: nodeId('B'), status: peerStatus(9, 9, empty) }] });
    manager.discover(0);
    manager.reply(replyTo(manager, { counter: 1, from: 'B', done: true }), 1);
    expect(manager.report().phase).toBe('BLOCKED');
    recovered(replica, {
      volumeEpoch: term(6),
      history: [...H.slice(0, 2), entry(6, 60, 19)],
      maxNwl: 19,
      peers: [{ peer: nodeId('B'), status: peerStatus(9, 9, { ...empty, volumeEpoch: 6 }) }],
    });
    expect(manager.report().phase).toBe('FILLING');
  });

  test('HOLE-48 positions of records that GC dropped stay data', () => {
    const records = [record(35, 8), record(41, 35, 2)];
    const replica = openReplica('D[0,42) H[42,MAX)', ['B'], { ...own(2), logFloor: 20 }, records);
    expect(recovered(replica).removed).toEqual([35]);
    expect(show(replica.manager.list)).toBe('D[0,21) H[21,36) D[36,42) H[42,MAX)');
  });

  test('HOLE-30 on entry all statuses are asked for again, and only OpenVolume of the same token ends the mode', () => {
    const replica = openReplica('D[0,10) H[10,MAX)', ['B'], own(1));
    const { manager } = replica;
    manager.discover(0);
    recovered(replica, { maxNwl: 9 });
    expect(manager.discover(60)).toEqual({ requests: [], needStatus: true });
    expect([leaveRecovery(manager.state, term(3)), manager.state.mode]).toEqual([false, 'recovery']);
    expect([leaveRecovery(manager.state, term(4)), manager.state.mode]).toEqual([true, 'normal']);
    expect(leaveRecovery(manager.state, term(4))).toBe(true);
  });

  test('HOLE-58 recovery mode and its limit survive a restart until OpenVolume', () => {
    const { manager } = openReplica('D[0,10) H[10,MAX)', ['B'], {
      mode: 'recovery',
      maxNwl: 14,
      volumeEpoch: term(4),
      maxToken: term(4),
      history: H,
      bootEpoch: 2,
    });
    manager.status(nodeId('B'), peerStatus(50, 0, { volumeEpoch: 4 }));
    expect(manager.report()).toMatchObject({ phase: 'FILLING', missing: [[10, 15]] });
    expect(showRequests(manager.discover(0).requests)).toBe('1→B [10,15)');
  });
});

describe('truncate', () => {
  test('HOLE-49 it cancels every live request, and lowers PGCL and SGCL', () => {
    const { manager } = openReplica('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B'], { pgcl: 18 });
    manager.setSgcl(19);
    manager.status(nodeId('B'), peerStatus(50, 50));
    manager.discover(0);
    const reply = replyTo(manager, { counter: 1, from: 'B', parts: [{ first: 10, end: 20 }] });
    expect(manager.truncate(15)).toEqual({ error: null });
    expect(show(manager.list)).toBe('D[0,10) H[10,MAX)');
    expect([manager.state.pgcl, manager.state.sgcl, manager.state.peers[0]?.reqList]).toEqual([15, 15, []]);
    expect(manager.reply(reply, 1).ignored).toBe(true);
    expect(manager.state.peers[0]).toMatchObject({ silences: 0, lacks: 0 });
  });

  test('HOLE-49 a fill that was being written is not merged after it', () => {
    const { manager } = openReplica('D[0,10) H[10,20) D[20,21) H[21,MAX)', ['B']);
    manager.setSgcl(19);
    manager.status(nodeId('B'), peerStatus(50, 50));
    manager.discover(0);
    const parts = [{ first: 10, end: 20, records: [record(12, 9)] }];
    const taken = acceptReply(
      manager.state,
      nodeId('B'),
      replyTo(manager, { counter: 1, from: 'B', parts }),
      1,
    );
    expect(taken).toMatchObject({ fillId: 1 });
    manager.truncate(9);
    expect(completeFill(manager.state, 1, 2).stale).toBe(true);
    expect(show(manager.list)).toBe('D[0,10) H[10,MAX)');
  });

  test('HOLE-50 never below the known group tail; nothing changes then', () => {
    const { manager, store } = openReplica('D[0,10) H[10,MAX)', ['B'], {}, [record(5, 0), record(9, 5)]);
    manager.setVdl(6);
    manager.setVdl(3);
    const before = digestPlain(manager.state);
    expect(manager.truncate(5)).toEqual({
      error: { code: 'E_TRUNCATE_BELOW_COMMIT', which: '', current: 6 },
    });
    expect(digestPlain(manager.state)).toBe(before);
    expect(manager.truncate(6)).toEqual({ error: null });
    expect(store.log.length).toBe(1);
    const once = digestPlain(manager.state.list);
    manager.truncate(6);
    expect(digestPlain(manager.state.list)).toBe(once);
  });
});
