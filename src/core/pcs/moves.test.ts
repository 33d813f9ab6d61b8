// Membership changes driven by the metadata: a transcript of entries, messages and heartbeats (WAL-62…67, WAL-69, WAL-71).

import { describe, expect, test } from 'vitest';
import { nodeId, type Term, type Time } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { metaView } from './meta-view.ts';
import { Bench, g1, rw, timeoutUs } from './moves-fixture.ts';

/** A move from B to D that has come to DUAL and is complete there. */
function dual(): Bench {
  const bench = new Bench();
  bench.move('B', 'D');
  for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
  bench.beat('D', 90);
  expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
  bench.instructed();
  return bench;
}

describe('a replica moves from B to D', () => {
  test('WAL-62 the next step waits for vw of every set before and after this one', () => {
    const bench = new Bench();
    bench.move('B', 'D');
    expect(bench.shown).toBe('e2 A,B,C +D learner');
    expect(bench.instructed()).toEqual(['A', 'B', 'C', 'D']);
    bench.beat('D', 100);
    bench.ack('A', 100);
    expect(bench.shown).toBe('e2 A,B,C +D learner'); // one of A, B, C
    bench.ack('C', 100);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
    bench.ack('A', 105);
    bench.ack('B', 105); // vw of the old set, one of the new
    bench.beat('D', 50, { memberEpoch: 2 });
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
    bench.beat('D', 105);
    expect(bench.shown).toBe('e4 A,D,C leaving');
    bench.ack('A', 106);
    bench.ack('D', 106);
    expect(bench.shown).toBe('e4 A,D,C leaving'); // of the old set only A has it
    bench.beat('B', null);
    expect(bench.shown).toBe('e4 A,D,C stable');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'done' });
  });

  test('placement.md §4 phase 1: the learner is close behind what the voters have complete', () => {
    const bench = new Bench();
    bench.move('B', 'D');
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    bench.beat('D', 35);
    expect(bench.shown).toBe('e2 A,B,C +D learner');
    bench.beat('D', 40, { volumeEpoch: 0 as Term }); // under an older history
    expect(bench.shown).toBe('e2 A,B,C +D learner');
    bench.beat('D', 36);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
  });

  test('WAL-64 vector 19: committed at the largest SCL of the old set’s answers, not before', () => {
    const bench = dual();
    bench.ack('D', 90);
    bench.ack('A', 104);
    bench.ack('B', 105);
    bench.beat('D', 104);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
    expect(metaView(bench.state, bench.now).groups[0]?.move).toMatchObject({
      target: 105,
      scl: 104,
      isComplete: true,
    });
    bench.beat('D', 105);
    expect(bench.shown).toBe('e4 A,D,C leaving');
  });

  test('WAL-64 an answer under an older history counts as −1', () => {
    const bench = dual();
    bench.ack('B', 400, 0);
    bench.ack('A', 104);
    bench.ack('D', 104);
    expect(bench.shown).toBe('e4 A,D,C leaving');
  });

  test('WAL-64 a recovery that passed R6 in this DUAL commits without a target', () => {
    const bench = dual();
    bench.ack('A', 104);
    bench.ack('B', 500);
    bench.ack('D', 90);
    bench.take(rw, { kind: 'GrantToken', reqId: 2, boot: 2, volume: 'v1', expect: null });
    for (const node of ['A', 'C', 'D']) bench.beat(node, 120);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint'); // WAL-69: not while the volume is closed
    bench.openVolume(2, 2);
    bench.beat('A', 120);
    expect(bench.shown).toBe('e4 A,D,C leaving');
  });

  test('WAL-64 rollback needs nothing, in any volume state; then D is instructed that it is no member', () => {
    const bench = dual();
    bench.take(rw, { kind: 'GrantToken', reqId: 2, boot: 2, volume: 'v1', expect: null });
    bench.ask({ kind: 'rollbackMove', group: g1 });
    expect(bench.shown).toBe('e4 A,B,C aborting');
    expect(bench.instructed()).toEqual(['A', 'B', 'C', 'D']);
    bench.ack('A', 100);
    bench.ack('C', 100);
    bench.ack('D', 100);
    expect(bench.shown).toBe('e4 A,B,C stable');
    bench.beat('D', 100, { memberEpoch: 3 });
    expect(bench.instructed()).toEqual(['D']);
  });

  test('a change that has not come through by its deadline is rolled back', () => {
    const bench = new Bench();
    bench.move('B', 'D');
    bench.now = timeoutUs as Time;
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    expect(bench.shown).toBe('e3 A,B,C stable');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'rolledBack' });
  });

  /** A move from B to D whose copy has come to 1000 bytes when its deadline is over. */
  const copying = (): Bench => {
    const bench = new Bench();
    bench.move('B', 'D');
    bench.now = timeoutUs as Time;
    bench.copied('D', 1000);
    return bench;
  };

  test('PCS-76 a change whose base image still comes goes on after its deadline (sweep seed 250)', () => {
    const bench = copying();
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    expect(bench.shown).toBe('e2 A,B,C +D learner');
    bench.now = (2 * timeoutUs - 1) as Time;
    bench.beat('D', 100);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint'); // DUAL has the rest of that time, too
    bench.beat('A', 100);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
  });

  test('PCS-76 what is copied no further for moveTimeoutMs is rolled back, whatever others than its new member tell', () => {
    const bench = copying();
    bench.now = (2 * timeoutUs) as Time;
    bench.copied('D', 1000); // begun again at another donor
    bench.copied('C', 5000);
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    expect(bench.shown).toBe('e3 A,B,C stable');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'rolledBack' });
  });

  test('PCS-76 a leader that follows hears of the copy before it rolls the change back', () => {
    const bench = copying();
    bench.now = (1.5 * timeoutUs) as Time;
    bench.restart(2);
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    expect(bench.shown).toBe('e2 A,B,C +D learner');
  });

  test('WAL-67, WAL-69 a second change is refused while one is open, and any while the volume is closed', () => {
    const bench = dual();
    bench.move('A', 'E');
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'CHANGE_IN_PROGRESS' });
    const closed = new Bench();
    closed.take(rw, { kind: 'GrantToken', reqId: 2, boot: 2, volume: 'v1', expect: null });
    closed.move('B', 'D');
    expect(closed.shown).toBe('e1 A,B,C stable');
  });

  test('PCS-72 PCS-79 no replica comes to a node that was removed, or is drained; what is lost there may be made anew (cynosdb sweep seed 10)', () => {
    const bench = new Bench();
    const { content } = bench.state;
    const outcome = (from: string, to: string): unknown => {
      bench.now = (bench.now + 1) as Time;
      bench.move(from, to);
      const last = bench.events.at(-1);
      return last?.kind === 'group.move.done' ? last.outcome : last?.kind;
    };
    content.removed = [nodeId('D')];
    content.storage = { offline: [nodeId('E'), nodeId('B')], moves: [] };
    expect([outcome('B', 'D'), outcome('B', 'E')]).toEqual(['NODE_TOMBSTONED', 'NODE_OFFLINE']);
    expect(bench.shown).toBe('e1 A,B,C stable');
    outcome('B', 'B');
    expect(bench.shown).toBe('e2 A,B,C|A,C removing');
  });

  test('PCS-76 WAL-71 a replica that was removed to be made anew on its node goes to another one, whether it has begun there or not', () => {
    for (const hasBegun of [false, true]) {
      const bench = new Bench();
      bench.move('B', 'B');
      for (const node of ['A', 'C']) bench.beat(node, 100);
      if (hasBegun) for (const node of ['A', 'C']) bench.beat(node, 100);
      expect(bench.shown).toBe(hasBegun ? 'e4 A,C +B learner' : 'e3 A,C removed');
      bench.now = (bench.now + 1) as Time;
      bench.move('B', 'A');
      expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'ALREADY_VOTER' });
      bench.now = (bench.now + 1) as Time;
      bench.move('B', 'D');
      if (hasBegun) {
        expect(bench.shown).toBe('e5 A,C removed');
        for (const node of ['A', 'C']) bench.beat(node, 100);
      }
      expect(bench.shown).toBe(`e${hasBegun ? 6 : 4} A,C +D learner`);
      // it is waited for as the first one was: what is gone cannot be taken back
      bench.now = (bench.now + 2 * timeoutUs) as Time;
      for (const node of ['A', 'C', 'D']) bench.beat(node, 100);
      for (const node of ['A', 'C', 'D']) bench.beat(node, 100);
      for (const node of ['A', 'C', 'D']) bench.beat(node, 100);
      expect(bench.shown).toBe(`e${hasBegun ? 8 : 6} A,C,D stable`);
    }
  });

  test('PCS-76 the node that is waited for dies in DUAL, which is rolled back for another; what is being removed is waited for', () => {
    const bench = new Bench();
    bench.move('B', 'B');
    bench.now = (bench.now + 1) as Time;
    bench.move('B', 'D');
    expect(bench.shown).toBe('e2 A,B,C|A,C removing');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'CHANGE_IN_PROGRESS' });
    for (const node of ['A', 'C']) bench.beat(node, 100);
    for (const node of ['A', 'C']) bench.beat(node, 100);
    for (const node of ['A', 'C', 'B']) bench.beat(node, 100);
    expect(bench.shown).toBe('e5 A,C|A,C,B joint');
    bench.now = (bench.now + 1) as Time;
    bench.move('B', 'D');
    expect(bench.shown).toBe('e6 A,C removed');
    for (const node of ['A', 'C']) bench.beat(node, 100);
    expect(bench.shown).toBe('e7 A,C +D learner');
  });

  test('WAL-21 who leaves is a voter: a set that grew would have quorums that do not meet (seeds 118, 154, 196)', () => {
    const bench = new Bench();
    for (const group of [g1, null])
      bench.ask({ kind: 'moveReplica', group, from: nodeId('D'), to: nodeId('D') });
    for (const node of ['A', 'B', 'C']) bench.beat(node, 100);
    bench.beat('D', 100);
    expect(bench.shown).toBe('e1 A,B,C stable');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'group.move.done', outcome: 'NOT_VOTER' });
  });

  test('WAL-62 a step that is durable and was never sent is sent at the next start (seed 92)', () => {
    const bench = dual();
    bench.events = [];
    bench.restart(2);
    expect(bench.events).toEqual([
      {
        kind: 'group.members',
        group: g1,
        memberEpoch: 3,
        step: 'reopened',
        sets: 'A,B,C|A,D,C',
        learners: '',
      },
    ]);
    const fresh = new Bench();
    fresh.events = [];
    fresh.restart(2);
    expect(fresh.events).toEqual([]); // as the volume began
  });

  test('an open change is in the log: it goes on after a restart of the metadata', () => {
    const bench = dual();
    bench.restart(2);
    expect(bench.shown).toBe('e3 A,B,C|A,D,C joint');
    for (const node of ['A', 'B', 'D']) bench.beat(node, 130);
    expect(bench.shown).toBe('e4 A,D,C leaving');
  });

  test('M16 without the dual quorum the sets change as soon as the learner is there', () => {
    const bench = new Bench(['meta.no-dual']);
    bench.move('B', 'D');
    bench.beat('D', 0);
    expect(bench.shown).toBe('e3 A,D,C leaving');
  });
});

describe('WAL-71 F24 a lost disk', () => {
  test('a member that does not host its group is removed and added again, on the same node', () => {
    const bench = new Bench();
    for (const node of ['A', 'C']) bench.beat(node, 100);
    bench.beat('B', null);
    expect(bench.shown).toBe('e2 A,B,C|A,C removing');
    expect(bench.events.some(({ kind }) => kind === 'disk.lost')).toBe(true);
    bench.ack('A', 100);
    bench.ack('C', 100);
    expect(bench.shown).toBe('e3 A,C removed');
    bench.ack('A', 100);
    bench.ack('C', 100);
    expect(bench.shown).toBe('e4 A,C +B learner');
    bench.instructed();
    bench.beat('B', null);
    expect(bench.instructed()).toEqual(['B']); // the image is asked for until it is there
    bench.ack('A', 100);
    bench.ack('C', 100);
    bench.beat('B', 99);
    expect(bench.shown).toBe('e5 A,C|A,C,B joint');
    bench.ack('A', 110);
    bench.ack('C', 111);
    bench.beat('B', 111);
    expect(bench.shown).toBe('e6 A,C,B leaving');
  });

  test('only what it says when it knows the present map counts: an old heartbeat is no proof', () => {
    const bench = new Bench();
    const mapVersion = bench.volume.mapVersion - 1;
    bench.take(nodeId('B'), { kind: 'NodeBeat', boot: 1, mapVersion, asks: 0, groups: [] });
    expect(bench.shown).toBe('e1 A,B,C stable');
  });

  test('PCS-2 a heartbeat of an earlier life, or of an empty disk, gets the boot epoch to go above', () => {
    const bench = new Bench();
    bench.beat('B', 100, {}, 7);
    bench.sent = [];
    bench.beat('B', null, {}, 1);
    const answers = bench.sent.map(({ message }) => message as MessageOf<'NodeBeatOk'>);
    expect(answers).toMatchObject([{ kind: 'NodeBeatOk', bootFloor: 7, created: true }]);
    expect(bench.shown).toBe('e1 A,B,C stable');
  });

  test('a replica that stopped serving for good is replaced as well', () => {
    const bench = new Bench();
    bench.beat('B', 100, { failed: true });
    expect(bench.shown).toBe('e2 A,B,C|A,C removing');
  });

  test('the new member is lost in DUAL: the change is taken back', () => {
    const bench = dual();
    bench.beat('D', null);
    expect(bench.shown).toBe('e4 A,B,C aborting');
  });

  test('INSUFFICIENT_NODES: a second lost disk of 3/2/2 is left alone', () => {
    const bench = new Bench();
    bench.beat('B', null);
    for (const node of ['A', 'C', 'A', 'C']) bench.ack(node, 100);
    bench.beat('A', null);
    expect(bench.shown).toBe('e4 A,C +B learner');
  });
});
