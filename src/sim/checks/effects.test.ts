// Exactly-once by counting: every way in which an effect can be lost, doubled or halved, and histories that are right.

import { describe, expect, test } from 'vitest';
import { type FinalRows, judgeEffects } from './effects.ts';
import { type History, type HistoryOperation, makeHistory, wordsOf } from './history.ts';

type Outcome = HistoryOperation['outcome'];
/** `append lists/1 lists/2 a @1-2 ok`: operation, key, value or answer, called, returned. */
type Call = readonly [
  operation: string,
  key: string,
  value: string,
  called: number,
  returned: number,
  outcome: Outcome,
];

function historyOf(calls: readonly Call[]): History {
  const operations = calls.map(
    ([operation, key, value, called, returned, outcome]): HistoryOperation => ({
      client: 'd1/c',
      operation,
      key,
      value,
      read: wordsOf(value),
      called,
      call: { client: 'c', op: called },
      calledAt: called * 1000,
      returned,
      returnedAt: returned * 1000,
      outcome,
      lost: Number.POSITIVE_INFINITY,
      lostAt: -1,
      scn: -1,
      served: null,
      life: 0,
    }),
  );
  return { ...makeHistory(), operations, events: 1000 };
}

const nothing: FinalRows = { lists: null, counters: null, churn: null };
const append = (mark: string, called: number, returned: number, outcome: Outcome = 'ok'): Call => [
  'append',
  'lists/1 lists/2',
  mark,
  called,
  returned,
  outcome,
];
const both = (marks: string): FinalRows => ({
  ...nothing,
  lists: new Map([
    ['1', marks],
    ['2', marks],
  ]),
});
const add = (called: number, returned: number, outcome: Outcome = 'ok'): Call => [
  'add',
  'counters/1',
  '',
  called,
  returned,
  outcome,
];
const counted = (n: number): FinalRows => ({ ...nothing, counters: new Map([['1', `${n}`]]) });
const present = (...keys: string[]): FinalRows => ({ ...nothing, churn: new Set(keys) });
const put = (outcome: Outcome): Call => ['put', 'churn/a', 'INSERT 0 1', 1, 2, outcome];
const remove = (answer: string, outcome: Outcome): Call => ['remove', 'churn/a', answer, 3, 4, outcome];

describe('FENCE-43 what is right', () => {
  test.each<[string, readonly Call[], FinalRows]>([
    ['marks in order', [append('a', 1, 2), append('b', 3, 4)], both('a b ')],
    ['an unknown mark is there', [append('a', 1, 2, 'unknown')], both('a ')],
    ['an unknown mark is not there', [append('a', 1, 2, 'open')], both('')],
    ['a read before the append', [['list', 'lists/1', '', 1, 2, 'ok'], append('a', 3, 4)], both('a')],
    ['a read while it runs', [['list', 'lists/1', 'a', 2, 3, 'ok'], append('a', 1, 9)], both('a')],
    ['increments', [add(1, 2), add(3, 4), add(5, 6, 'unknown')], counted(3)],
    ['an unknown increment that never ran', [add(1, 2), add(5, 6, 'unknown')], counted(1)],
    ['a refused increment', [add(1, 2), add(3, 4, 'error')], counted(1)],
    ['a count while one runs', [add(1, 5), ['count', 'counters/1', '0', 2, 3, 'ok']], counted(1)],
    ['inserted', [put('ok')], present('a')],
    ['deleted', [put('ok'), remove('DELETE 1', 'ok')], present()],
    ['a deletion that found nothing', [remove('DELETE 0', 'ok')], present()],
    ['a deletion answered from the client table', [put('ok'), remove('', 'ok')], present()],
    ['an unknown deletion', [put('ok'), remove('', 'unknown')], present('a')],
    ['one sum by both paths', [['audit', 'churn', '7 7', 1, 2, 'ok']], nothing],
    ['an empty table by both paths', [['audit', 'churn', '', 1, 2, 'ok']], nothing],
  ])('%s', (_, calls, final) => {
    expect(judgeEffects(historyOf(calls), final)).toEqual([]);
  });
});

describe('FENCE-44 what is wrong', () => {
  test.each<[string, readonly Call[], FinalRows, string]>([
    ['a lost mark', [append('a', 1, 2)], both(''), 'acknowledged and is not there'],
    ['a mark twice', [append('a', 1, 2)], both('a a'), 'there twice'],
    ['an unknown mark twice', [append('a', 1, 2, 'unknown')], both('a a'), 'there twice'],
    ['a refused mark', [append('a', 1, 2, 'error')], both('a'), 'refused and is there'],
    ['a mark of nobody', [append('a', 1, 2)], both('a z'), 'nobody appended'],
    [
      'half a transaction',
      [append('a', 1, 2)],
      { ...nothing, lists: new Map([['1', 'a'], ['2', '']]) }, // biome-ignore format: as a table
      'lists/2',
    ],
    [
      'two orders',
      [append('a', 1, 9), append('b', 1, 9), ['list', 'lists/1', 'b', 3, 4, 'ok']],
      both('a b'),
      'neither begins the other',
    ],
    ['a stale list', [append('a', 1, 2), ['list', 'lists/1', '', 3, 4, 'ok']], both('a'), 'not there'],
    ['a lost increment', [add(1, 2), add(3, 4)], counted(1), '2 increments were acknowledged'],
    ['a doubled increment', [add(1, 2)], counted(2), '1 can have run'],
    ['a stale count', [add(1, 2), ['count', 'counters/1', '0', 3, 4, 'ok']], counted(1), 'is 0 for'],
    ['a counter that is gone', [['count', 'counters/1', '', 3, 4, 'ok']], nothing, 'is gone'],
    ['a lost row', [put('ok')], present(), 'a is there 0 times'],
    ['a row that was deleted', [put('ok'), remove('DELETE 1', 'ok')], present('a'), 'a is there 1 times'],
    ['a row that was refused', [put('error')], present('a'), 'a is there 1 times'],
  ])('%s', (_, calls, final, words) => {
    const [fault] = judgeEffects(historyOf(calls), final);
    expect(fault?.rule).toBe('client.exactly-once');
    expect(fault?.message).toContain(words);
  });

  test('two sums in one snapshot', () => {
    const [fault] = judgeEffects(historyOf([['audit', 'churn', '7 8', 1, 2, 'ok']]), nothing);
    expect(fault).toMatchObject({ rule: 'client.paths-agree' });
  });
});

describe('READ-20 READ-41 what a reader served is judged at its read point', () => {
  const committed = (call: Call, scn: number): HistoryOperation => ({ ...oneOf(call), scn });
  const served = (call: Call, readPoint: number): HistoryOperation => ({
    ...oneOf(call),
    served: { node: 'ro-1', readPoint, level: 'session' },
  });
  const oneOf = (call: Call): HistoryOperation => historyOf([call]).operations[0] as HistoryOperation;
  const faultOf = (operations: HistoryOperation[]): string | undefined =>
    judgeEffects({ ...makeHistory(), operations, events: 1000 }, nothing)[0]?.message;
  const list = (marks: string): Call => ['list', 'lists/1', marks, 5, 6, 'ok'];
  const count = (n: number): Call => ['count', 'counters/1', `${n}`, 5, 6, 'ok'];

  test('what was acknowledged above it need not be there', () => {
    expect(faultOf([committed(append('a', 1, 2), 40), served(list(''), 39)])).toBeUndefined();
    expect(faultOf([committed(add(1, 2), 40), served(count(0), 39)])).toBeUndefined();
  });

  test('what was acknowledged at or below it has to be there', () => {
    const lost = faultOf([committed(append('a', 1, 2), 40), served(list(''), 40)]);
    expect(lost).toContain('was acknowledged and is not there');
    expect(lost).toContain('on ro-1');
    expect(faultOf([committed(add(1, 2), 40), served(count(0), 40)])).toContain(
      '1 increments were acknowledged',
    );
  });

  test('READ-41 rows that another session has loaded above the read point of a first read are not there yet (cynosdb-ha seed 283)', () => {
    const gone: Call = ['count', 'counters/1', '', 5, 6, 'ok'];
    const elsewhere: Call = ['add', 'counters/3', '', 1, 2, 'ok'];
    expect(faultOf([committed(elsewhere, 40), served(gone, 39)])).toBeUndefined();
    expect(faultOf([committed(elsewhere, 40), served(gone, 40)])).toContain('is gone');
    expect(faultOf([served(count(0), 30), committed(elsewhere, 40), served(gone, 39)])).toContain('is gone');
    expect(faultOf([committed(elsewhere, 40), oneOf(gone)])).toContain('is gone');
  });

  test('what was committed above it must not be there', () => {
    expect(faultOf([committed(append('a', 1, 2), 40), served(list('a'), 39)])).toContain(
      'its SCN 40 is above',
    );
    expect(faultOf([committed(add(1, 2), 40), served(count(1), 39)])).toContain('0 can have run');
  });
});

test('WAL-19 FENCE-26 a mark that was seen while its commit record was not durable yet is a fault', () => {
  const history = historyOf([append('a', 1, 9), ['list', 'lists/1', '', 2, 4, 'ok']]);
  const [mark, read] = history.operations;
  if (mark === undefined || read === undefined) throw new Error('no operations');
  Object.assign(read, { read: ['a'], vdl: 40 });
  mark.scn = 40;
  expect(judgeEffects(history, both('a'))).toEqual([]);
  mark.scn = 41;
  const [fault] = judgeEffects(history, both('a'));
  expect(fault?.rule).toBe('client.exactly-once');
  expect(fault?.message).toContain('before its SCN 41 is durable');
});
