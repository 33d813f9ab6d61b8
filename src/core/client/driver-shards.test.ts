// Transactions on tables that are cut, from the driver's side (docs/spec/pcs.md PCS-51 to PCS-55; FENCE-44), with primaries whose
// answers the test gives.

import { describe, expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { cutGroups, cutTable, groupOf, whole } from '../sql/cut-table-fixture.ts';
import { statement } from '../sql/key-conditions.ts';
import { COMMIT, ROLLBACK } from '../sql/part-statement.ts';
import { last } from './driver-fixture.ts';
import {
  answerGather,
  answerShard,
  insert,
  shardedBench,
  shardedTo,
  tellMap,
} from './driver-shards-fixture.ts';

const BEGIN = statement('BEGIN', { TransactionStmt: { kind: 'TRANS_STMT_BEGIN' } });
const SAVEPOINT = statement('SAVEPOINT a', {
  TransactionStmt: { kind: 'TRANS_STMT_SAVEPOINT', savepoint_name: 'a' },
});
const ROLLBACK_TO = statement('ROLLBACK TO a', {
  TransactionStmt: { kind: 'TRANS_STMT_ROLLBACK_TO', savepoint_name: 'a' },
});
type Result = MessageOf<'SqlReply'>['results'][number];
const tag = (text: string): Result => ({ kind: 'done', tag: text });
const error = (sqlstate: string): Result => ({
  kind: 'error',
  sqlstate,
  message: 'no',
  position: null,
});
const refused = (sqlstate: string) => ({ outcome: 'error', statements: [{ sqlstate }] });

describe('a transaction on tables that are cut, the driver', () => {
  test.each([
    ['is not answered in time', params.maxRetryMs + 1],
    ['is cancelled', 0],
  ])('FENCE-44 A3 a transaction whose first statement %s is ended at its primary', (_, passedMs) => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1);
    if (passedMs > 0) d.pass(passedMs);
    else d.cancel();
    expect(last(d.replies)).toMatchObject({ outcome: 'error' });
    expect(shardedTo(d)[0]).toBe('n1 new: BEGIN, INSERT');
    d.ask('s', COMMIT);
    // the number that it misses tells the primary (FENCE-47)
    expect(shardedTo(d).at(-1)).toBe('n1 in: COMMIT');
    const [first] = d.sharded;
    expect(last(d.sharded).request.sequence).toBe((first?.request.sequence ?? 0) + 2);
    answerShard(d, last(d.sharded), false, [tag('ROLLBACK')]);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', statements: [tag('ROLLBACK')] });
    insert(d, 11);
    expect(shardedTo(d).at(-1)).toBe('n2 new: INSERT');
  });

  test('FENCE-44 a COMMIT that is not answered may be asked for again', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
    d.ask('s', COMMIT);
    d.pass(params.maxRetryMs + 1);
    d.ask('s', COMMIT);
    expect(shardedTo(d).at(-1)).toBe('n1 in: COMMIT');
  });

  test('A3 a transaction of which the driver has refused a statement is rolled back by COMMIT', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
    insert(d, 11);
    expect(last(d.replies)).toMatchObject({
      outcome: 'error',
      statements: [{ message: expect.stringMatching(/^a transaction stays in one shard group; this one/) }],
    });
    insert(d, 2);
    expect(last(d.replies)).toMatchObject(refused('25P02'));
    d.ask('s', COMMIT);
    expect(shardedTo(d).slice(1)).toEqual(['n1 in: COMMIT']);
    answerShard(d, last(d.sharded), false, [tag('ROLLBACK')]);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', statements: [tag('ROLLBACK')] });
    insert(d, 11);
    expect(shardedTo(d).at(-1)).toBe('n2 new: INSERT');
  });

  test('A3 a transaction that is refused before anything was sent ends at the driver', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1_000_000_000_000);
    expect(last(d.replies)).toMatchObject({ outcome: 'error' });
    insert(d, 1);
    expect(last(d.replies)).toMatchObject(refused('25P02'));
    d.ask('s', COMMIT);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', statements: [tag('ROLLBACK')] });
    expect(d.sharded).toHaveLength(0);
    d.ask('s', BEGIN);
    insert(d, 1);
    expect(shardedTo(d)).toEqual(['n1 new: BEGIN, INSERT']);
  });

  test('A3 a transaction goes on from a savepoint before the statement that the driver has refused', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
    d.ask('s', SAVEPOINT);
    answerShard(d, last(d.sharded), true, [tag('SAVEPOINT')]);
    insert(d, 11);
    d.ask('s', ROLLBACK_TO);
    answerShard(d, last(d.sharded), true, [tag('ROLLBACK')]);
    insert(d, 2);
    answerShard(d, last(d.sharded), true, [tag('INSERT 0 1')]);
    d.ask('s', COMMIT);
    expect(shardedTo(d).slice(1)).toEqual([
      'n1 in: SAVEPOINT',
      'n1 in: ROLLBACK',
      'n1 in: (by number)',
      'n1 in: COMMIT',
    ]);
  });

  test('A3 PCS-97 a transaction over several groups of which the driver has refused a statement has failed', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    d.ask('s', whole.statement);
    answerGather(d, last(d.gathered));
    insert(d, 1);
    expect(last(d.replies)).toMatchObject(refused('0A000'));
    d.ask('s', whole.statement);
    expect(last(d.replies)).toMatchObject(refused('25P02'));
    d.ask('s', COMMIT);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', statements: [tag('ROLLBACK')] });
    expect(d.gathered.map((one) => one.request.block)).toEqual(['begin', 'end']);
  });

  test('A3 an error instead of the result of BEGIN is answered, and the transaction has failed', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 1);
    answerShard(d, last(d.sharded), false, [error('54000')]);
    expect(last(d.replies)).toMatchObject(refused('54000'));
    insert(d, 1);
    expect(last(d.replies)).toMatchObject(refused('25P02'));
    d.ask('s', ROLLBACK);
    expect(last(d.replies)).toMatchObject({ outcome: 'ok', statements: [tag('ROLLBACK')] });
    expect(d.sharded).toHaveLength(1);
  });

  test('A3 a transaction whose first statement has no key stays where that was sent', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    d.ask('s', SAVEPOINT);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('SAVEPOINT')]);
    insert(d, 1);
    answerShard(d, last(d.sharded), true, [tag('INSERT 0 1')]);
    insert(d, 11);
    expect(last(d.replies)).toMatchObject(refused('0A000'));
    d.ask('s', COMMIT);
    expect(shardedTo(d)).toEqual(['n1 new: BEGIN, SAVEPOINT', 'n1 in: INSERT', 'n1 in: COMMIT']);
  });

  test('PCS-54 PCS-55 a request without a key waits for a map, and for a group that has a primary', () => {
    const d = shardedBench(null);
    d.ask('s', SAVEPOINT);
    d.pass(params.routeBackoffMs);
    expect(d.replies).toEqual([]);
    tellMap(
      d,
      1,
      cutGroups.map((group) => ({ ...group, leader: null })),
    );
    d.pass(params.routeBackoffCapMs);
    expect(d.replies).toEqual([]);
    tellMap(d, 2);
    d.pass(params.routeBackoffCapMs);
    expect(shardedTo(d)).toEqual(['n1 new: SAVEPOINT']);
  });

  test('PCS-51 PCS-54 what is not in the copy is said not to be there once the metadata has answered (drawn postdb-v4 seed 13)', () => {
    const d = shardedBench(null);
    insert(d, 1);
    d.pass(3 * params.attemptTimeoutMs);
    expect(d.replies).toEqual([]);
    tellMap(d, 1, [], []);
    expect(d.replies).toMatchObject([refused('42P01')]);
    const silent = shardedBench(null);
    insert(silent, 1);
    silent.pass(params.maxRetryMs + 1);
    expect(silent.replies).toMatchObject([refused('08001')]);
  });

  test('PCS-58 PCS-60 a map is given whole: a later version replaces it, and an older one that arrives late changes nothing', () => {
    const d = shardedBench(null);
    const leadBy = (id: string) => cutGroups.map((group) => ({ ...group, leader: nodeId(id) }));
    tellMap(d, 2, leadBy('n2'));
    tellMap(d, 1, leadBy('n1'));
    insert(d, 1, 's');
    tellMap(d, 4, leadBy('n1'));
    insert(d, 1, 't');
    expect(shardedTo(d)).toEqual(['n2 new: INSERT', 'n1 new: INSERT']);
  });

  test('PCS-54 a request without a key has nobody to answer it while no table was written', () => {
    const d = shardedBench([]);
    d.ask('s', SAVEPOINT);
    expect(d.replies).toMatchObject([refused('55000')]);
  });

  test('PCS-97 the sessions of a driver name no volume where tables are cut', () => {
    const d = shardedBench();
    d.ask('s@x9', whole.statement);
    d.pass(params.maxRetryMs);
    expect(d.replies).toMatchObject([refused('08001')]);
  });
});

describe('a merge of tablets, the driver', () => {
  const merged = { ...cutTable(''), version: 2, tablets: [{ relation: 24, from: '', geoEpoch: 2 }] };

  test.each([1, 11])(
    'PCS-122 FENCE-43 a transaction with key %i asks for its COMMIT who has its keys now',
    (key) => {
      const d = shardedBench();
      d.ask('s', BEGIN);
      insert(d, key);
      answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
      tellMap(d, 2, [groupOf(24, 'n2')], [merged]);
      d.ask('s', COMMIT);
      expect(shardedTo(d).at(-1)).toBe('n2 in: COMMIT');
      expect(last(d.sharded).request.volume).toBe('v24');
    },
  );

  test('PCS-122 of what was merged and split again it is who has the least of its keys', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 11);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
    const tablets = ['', '5', '30'].map((from, i) => ({ relation: 24 + 8 * i, from, geoEpoch: 3 }));
    const groups = [groupOf(24, 'n1'), groupOf(32, 'n2'), groupOf(40, 'n1')];
    tellMap(d, 2, groups, [{ ...merged, tablets }]);
    d.ask('s', COMMIT);
    expect(last(d.sharded)).toMatchObject({ to: 'n2', request: { volume: 'v32' } });
  });

  test('PCS-122 PCS-87 a table that was dropped leaves nobody who has the keys', () => {
    const d = shardedBench();
    d.ask('s', BEGIN);
    insert(d, 11);
    answerShard(d, last(d.sharded), true, [tag('BEGIN'), tag('INSERT 0 1')]);
    tellMap(d, 2, [], []);
    d.ask('s', COMMIT);
    expect(d.sharded).toHaveLength(1);
  });
});
