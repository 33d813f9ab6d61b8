// Reads of several groups from the driver's side (docs/spec/pcs.md PCS-56, PCS-97), with compute nodes whose answers the test gives.

import { describe, expect, test } from 'vitest';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { whole } from '../sql/cut-table-fixture.ts';
import { BEGIN_READING, ROLLBACK } from '../sql/part-statement.ts';
import { atWork, type DriverBench, last } from './driver-fixture.ts';
import { answerGather, shardedBench, tellMap } from './driver-shards-fixture.ts';

/** Who is asked, in order; that one is asked again, halfway through an attempt, does not count. */
const asked = ({ gathered }: DriverBench): string[] =>
  inTurn(gathered.map(({ to, request }) => `${to} ${request.block}`));
const inTurn = (nodes: readonly string[]): string[] => nodes.filter((node, i) => node !== nodes[i - 1]);

describe('gathered reads, the driver', () => {
  test('PCS-97 a read that outlasts an attempt is answered by who was asked first (postdb-v4 sweep seed 52)', () => {
    const d = shardedBench();
    d.ask('s', whole.statement);
    d.pass(params.attemptTimeoutMs);
    expect(asked(d)).toEqual(['n1 none', 'n2 none']);
    const [first, again, second] = d.gathered;
    if (!first || !second) throw new Error('nobody was asked');
    expect(again).toMatchObject({ to: 'n1', request: { sequence: first.request.sequence } });
    // a late refusal says nothing of the node that is asked now
    answerGather(d, first, { code: 'WRONG_SCHEMA', results: [] });
    d.pass(params.routeBackoffMs);
    expect(d.gathered).toHaveLength(3);
    answerGather(d, first);
    expect(d.replies).toMatchObject([{ outcome: 'ok', readAt: { node: 'n1' } }]);
    answerGather(d, second);
    expect(d.replies).toHaveLength(1);
  });

  test('PCS-56 PCS-97 a transaction stays with who answered first, and ends where else it may have begun', () => {
    const d = shardedBench();
    d.ask('s', BEGIN_READING);
    d.ask('s', whole.statement);
    d.pass(params.attemptTimeoutMs);
    expect(asked(d)).toEqual(['n1 begin', 'n2 begin']);
    answerGather(d, last(d.gathered.slice(0, 1)));
    expect(asked(d).slice(2)).toEqual(['n2 end']);
    expect(last(d.gathered).request.sequence).toBe(d.gathered[0]?.request.sequence);
    d.ask('s', whole.statement);
    expect(asked(d).slice(3)).toEqual(['n1 in']);
  });

  test('PCS-56 PCS-97 a transaction ends where it may have begun by older definitions too', () => {
    const d = shardedBench();
    d.ask('s', BEGIN_READING);
    d.ask('s', whole.statement);
    tellMap(d, 2);
    d.pass(params.attemptTimeoutMs);
    expect(asked(d)).toEqual(['n1 begin', 'n2 begin']);
    answerGather(d, last(d.gathered));
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', readAt: { node: 'n2' } });
    expect(asked(d).slice(2)).toEqual(['n1 end']);
  });

  test('PCS-56 PCS-97 a transaction that nobody answers in time ends wherever it may have begun', () => {
    const d = shardedBench();
    d.ask('s', BEGIN_READING);
    d.ask('s', whole.statement);
    d.pass(params.maxRetryMs);
    expect(d.replies).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'error', statements: [{ sqlstate: '08001' }] },
    ]);
    expect(asked(d).slice(-2).toSorted()).toEqual(['n1 end', 'n2 end']);
    d.ask('s', ROLLBACK);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok' });
  });

  test('PCS-97 who is silent is followed by a node that was not asked, also where two sessions ask in step', () => {
    const d = shardedBench();
    d.ask('a', whole.statement);
    d.ask('b', whole.statement);
    d.pass(params.attemptTimeoutMs);
    const of = (session: string) =>
      inTurn(d.gathered.flatMap(({ to, request }) => (request.session === session ? [to] : [])));
    expect([of('a'), of('b')]).toEqual([
      ['n1', 'n2'],
      ['n2', 'n1'],
    ]);
    d.pass(params.attemptTimeoutMs);
    expect([of('a')[2], of('b')[2]]).toEqual(['n1', 'n2']);
  });

  test('FENCE-47 PCS-97 who says that it is at work is asked again, and nobody else, however long it takes', () => {
    const d = shardedBench();
    d.ask('s', whole.statement);
    const [first] = d.gathered;
    if (!first) throw new Error('nobody was asked');
    for (let passed = 0; passed < 3 * params.maxRetryMs; passed += params.attemptTimeoutMs / 2) {
      atWork(d, 'n1', first.request);
      d.pass(params.attemptTimeoutMs / 2);
    }
    expect(asked(d)).toEqual(['n1 none']);
    expect(d.replies).toEqual([]);
    answerGather(d, first);
    expect(d.replies).toMatchObject([{ outcome: 'ok', readAt: { node: 'n1' } }]);
  });
});
