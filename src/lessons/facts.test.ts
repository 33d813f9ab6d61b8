// The text language of facts and claims: what it reads, and that what cannot be read is an error and no silent yes.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { escapeBraces } from '../run-model/facts/parse.ts';
import { ENGINE } from '../sim/engine.ts';
import { linesOf } from './actions.ts';
import { answerOf } from './answers.ts';
import { judgeClaim, readFact } from './facts.ts';
import type { MessageAction, Question } from './format.ts';
import { type LessonState, readState } from './lesson-state.ts';
import { openStage, runStage } from './stage.ts';

const tape = `postdb-tape 1
engine ${ENGINE}
preset cynosdb
profile demo
seed 7

6.000 sql d1 "create table t (id int primary key, v int)"
14.000 sql d1 me "insert into t values (1, 10)"
22.000 sql d1 me "select v from t"
30.000 crash store-3
`;

let state: LessonState;
beforeAll(async () => {
  const opened = openStage(tape, await loadSqlEdge());
  if (!opened.ok) throw new Error(opened.error);
  runStage(opened.stage, { until: 34_000 });
  state = readState(opened.stage);
});

const isSo = (claim: string): boolean => judgeClaim(state, claim).isSo;

test('values of nodes, events and answers', () => {
  expect(readFact(state, 'store-1 status')).toBe('up');
  expect(readFact(state, 'store-3 status')).toBe('down');
  expect(readFact(state, 'store-1 store.groups.g1.members.vw')).toBe(2);
  expect(readFact(state, 'store-1 store.groups')).toBe(2);
  expect(readFact(state, 'count node.down node=store-3')).toBe(1);
  expect(readFact(state, 'last node.down.at')).toBe(30);
  expect(readFact(state, 'kinds wal.durable.group')).toBe(2);
  expect(readFact(state, 'row me')).toBe('10');
  expect(readFact(state, 'violations')).toBe(0);
});

test('claims compare a fact with a number, a word or another fact', () => {
  expect(isSo('writer state = open')).toBe(true);
  expect(isSo('row me 0 >= 10')).toBe(true);
  expect(isSo('row me 0 > 10')).toBe(false);
  expect(isSo('writer vdl <= writer vcl')).toBe(true);
  expect(isSo('store-3 status != down')).toBe(false);
});

test('a claim of the lesson’s own run is judged as any other, and marked', () => {
  expect(judgeClaim(state, 'own row me 0 = 10')).toMatchObject({ isOwn: true, isSo: true });
  expect(judgeClaim(state, 'own row me 0 = 11')).toMatchObject({ isOwn: true, isSo: false });
  expect(judgeClaim(state, 'row me 0 = 10').isOwn).toBe(false);
});

test('what is not there is no value, and nothing is claimed of it', () => {
  expect(readFact(state, 'store-33 status')).toBeNull();
  expect(isSo('store-33 status = down')).toBe(false);
  expect(isSo('store-33 status != up')).toBe(false);
  expect(isSo('store-1 store.groups.g9.scl >= 0')).toBe(false);
  expect(isSo('last hole.open.first = null')).toBe(true);
});

test('fields of events: by their place, over all of them, and where they are so', () => {
  const acks = Number(readFact(state, 'count commit.ack'));
  expect(acks).toBeGreaterThan(1);
  expect(readFact(state, 'nth 1 commit.ack.scn')).toBe(readFact(state, 'first commit.ack.scn'));
  expect(readFact(state, 'nth -1 commit.ack.scn')).toBe(readFact(state, 'last commit.ack.scn'));
  expect(readFact(state, `nth ${acks + 1} commit.ack.scn`)).toBeNull();
  expect(readFact(state, 'max commit.ack.scn')).toBe(readFact(state, 'last commit.ack.scn'));
  expect(readFact(state, 'max hole.open.first')).toBeNull();
  expect(readFact(state, 'sum hole.open.first')).toBe(0);
  expect(isSo('sum commit.ack.scn = first commit.ack.scn + last commit.ack.scn')).toBe(acks === 2);
  expect(readFact(state, 'count commit.ack scn>{first commit.ack.scn}')).toBe(acks - 1);
  expect(readFact(state, 'count commit.ack at<={first commit.ack.at}')).toBe(1);
  expect(readFact(state, 'count node.down node!=store-3')).toBe(0);
});

test('an event’s own field of the name that says whose event it is', () => {
  expect(readFact(state, 'count wal.durable lsns~{last commit.ack.scn} node=store-1')).toBeGreaterThan(0);
  expect(readFact(state, 'first wal.durable.lsns.0 node=store-1')).toBeLessThanOrEqual(
    Number(readFact(state, 'first wal.durable.lsns.-1 node=store-1')),
  );
  expect(readFact(state, 'count pcs.change.done event.node=pcs-4')).toBe(0);
});

test('lists and nodes are counted by their fields, a text by its words', () => {
  expect(readFact(state, 'writer groups')).toBe(2);
  expect(readFact(state, 'writer groups group=g1')).toBe(1);
  expect(readFact(state, 'writer groups.g1.replicas scl>=1')).toBe(3);
  expect(readFact(state, 'nodes status=down')).toBe(1);
  expect(readFact(state, 'nodes store.groups.g1.scl>=0')).toBe(2);
  expect(readFact(state, 'first mtr.append.groups.words')).toBeGreaterThan(0);
  expect(isSo('writer groups.g1.members.sets.-1 = 3')).toBe(true);
});

test('sums are worked out from left to right, and braces are a value', () => {
  expect(readFact(state, '2 + 3 * 4')).toBe(20);
  expect(readFact(state, '2 + {3 * 4}')).toBe(14);
  expect(readFact(state, '7 / 2')).toBe(3);
  expect(readFact(state, '7 / 0')).toBeNull();
  expect(readFact(state, 'writer vdl - writer vdl')).toBe(0);
  expect(readFact(state, 'writer vdl + last hole.open.first')).toBeNull();
  expect(readFact(state, '{last node.down.node} status')).toBe('down');
  expect(isSo('last node.down.node = {last node.down.node}')).toBe(true);
});

test('a list has as many kinds as elements, and the same tape with a mechanism off is another run', () => {
  expect(readFact(state, 'kinds wal.durable.lsns node=store-1')).toBeGreaterThan(
    Number(readFact(state, 'kinds wal.durable.group node=store-1')),
  );
  const off = 'without store.ack-before-durable';
  expect(readFact(state, `${off} row me`)).toBe('10');
  expect(readFact(state, `${off} time`)).toBe(readFact(state, 'time'));
  expect(isSo(`${off} violations > 0`)).toBe(true);
});

test('of several nodes those that are not one of them', () => {
  expect(readFact(state, 'other n1 of n1 n2 n3')).toBe('n2');
  expect(readFact(state, 'others n2 of n1 n2 n3')).toBe('n1 n3');
  expect(readFact(state, 'other {last node.down.node} of store-3')).toBeNull();
});

test('one of two, and a word of a text', () => {
  expect(isSo('store-3 status = up or store-3 status = down')).toBe(true);
  expect(isSo('store-1 status = down or store-2 status = down')).toBe(false);
  expect(judgeClaim(state, 'own store-1 status = down or store-3 status = down')).toMatchObject({
    isOwn: true,
    isSo: true,
    value: 'down',
  });
  expect(isSo('last node.down.node ~ store-3')).toBe(true);
  expect(isSo('last node.down.node ~ store')).toBe(false);
});

test('the status list of a replica is a text, and the answer to a question of its range', () => {
  const nwl = Number(readFact(state, 'store-1 store.groups.g1.nwl'));
  expect(readFact(state, 'store-1 list.g1')).toMatch(new RegExp(`^data:\\d+-${nwl + 1}$`));
  const question: Question = {
    form: 'ranges',
    first: nwl - 1,
    last: nwl + 3,
    types: ['data', 'hole'],
    start: [],
    answer: 'store-1 list.g1',
  };
  expect(answerOf(question, state)).toEqual([
    { first: nwl - 1, last: nwl + 1, type: 'data' },
    { first: nwl + 1, last: nwl + 3, type: 'hole' },
  ]);
});

test('a choice is the first that is so, an order has last what never came', () => {
  const option = (id: string, ...claims: readonly string[]) => ({ option: id, claims });
  const choice = (...answer: readonly ReturnType<typeof option>[]): Question => ({
    form: 'choice',
    options: [],
    answer,
  });
  expect(answerOf(choice(option('a', 'holes > 0'), option('b', 'holes = 0'), option('c')), state)).toBe('b');
  expect(answerOf(choice(option('a', 'holes > 0')), state)).toBe('');
  const order: Question = {
    form: 'order',
    items: [],
    answer: [
      { item: 'never', time: 'first hole.open.at' },
      { item: 'down', time: 'last node.down.at' },
      { item: 'commit', time: 'first commit.ack.at' },
      { item: 'same', time: 'first commit.ack.at' },
    ],
  };
  expect(answerOf(order, state)).toEqual(['commit', 'same', 'down', 'never']);
  expect(answerOf({ form: 'number', low: 0, high: 9, answer: 'last hole.open.first' }, state)).toBe(-1);
});

test('tape lines have facts in braces; a line that asks for what is not there is left out', () => {
  const held: MessageAction = { message: 'hold', family: 'wal', from: 'rw-1', to: '{last raft.leader.node}' };
  const action = [
    'padTo rw-1 {writer tail + 4} "g1"',
    'restart {last node.down.node}',
    'crash {last raft.leader.node}',
    held,
  ];
  const tail = Number(readFact(state, 'writer tail'));
  expect(linesOf(state, action)).toEqual([`padTo rw-1 ${tail + 4} "g1"`, 'restart store-3']);
  const json = `sql d1 "select '{1,2}'"`;
  expect(linesOf(state, [escapeBraces(json)])).toEqual([json]);
});

test.each([
  ['count hole.opened', 'is no kind of event'],
  ['last hole.opened.first', 'begins with no kind of event'],
  ['count hole.open store-3', 'is no field=value'],
  ['store-1 store', 'a role and a field are missing'],
  ['store-1 store.groups.g1', 'the path ends at what is no value'],
  ['last hole.open.begin', 'an event hole.open has no field “begin”, but '],
  ['count hole.open begin=1', 'an event hole.open has no field “begin”, but '],
  ['count pcs.change.done event.nodes=1', 'an event pcs.change.done has no field “nodes”, but '],
  ['nth first commit.ack.scn', 'a place is a whole number'],
  ['nth 0 commit.ack.scn', 'places count from 1, or from -1'],
  ['other n1 n2', 'it is written `other NODE of NODE NODE …`'],
  ['beside mysql.rto.value', '"mysql" is no column of a comparison'],
  ['writer tail + ', 'at character 15: something is missing at the end'],
  ['count commit.ack scn>{last commit.ack.scn', '“}” is expected'],
  ['writer vdl}', 'at character 11: “}” is not expected here'],
  ['writer vdl scn=1', 'what has filters is a list'],
  ['without luck holes', '"luck" is no planted bug'],
  ['without store.ack-before-durable', 'something is missing at the end'],
])('%s cannot be read', (fact, why) => {
  expect(() => readFact(state, fact)).toThrow(why);
});

test('a claim without a comparison, or with two, cannot be read', () => {
  expect(() => judgeClaim(state, 'holes = holes = 0')).toThrow('at character 15: “=” is not expected here');
  const noOperator = 'one of >= <= > < = != is expected';
  expect(() => judgeClaim(state, 'holes = 0 or store-3 status')).toThrow(`at character 28: ${noOperator}`);
  expect(() => judgeClaim(state, 'store-3 is down')).toThrow(
    'at character 9: a role and a field are missing',
  );
});

test('WAL-45 what *Run until* asks can be claimed as well', () => {
  expect(readFact(state, 'VDL')).toBe(readFact(state, 'writer vdl'));
  expect(readFact(state, 'VDL(v1)')).toBe(readFact(state, 'VDL'));
  expect(readFact(state, 'SCL(store-1, g1)')).toBe(readFact(state, 'store-1 store.groups.g1.scl'));
  expect(readFact(state, 'VDL(v2)')).toBeNull();
  expect(readFact(state, 'commits')).toBe(readFact(state, 'count commit.ack'));
  expect(isSo('commits > 1 and (violations > 0 or SCL(store-3, g1) > 0)')).toBe(true);
  expect(isSo('commits > 1 and violations > 0')).toBe(false);
  // Of this instant: the crash was 4 ms ago.
  expect(isSo('node.down or milestone or violation')).toBe(false);
});
