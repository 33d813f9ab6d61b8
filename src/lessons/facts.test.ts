// The text language of facts and claims: what it reads, and that what cannot be read is an error and no silent yes.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { ENGINE } from '../sim/engine.ts';
import { judgeClaim, readFact } from './facts.ts';
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
  state = readState(opened.stage, new Set());
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

test.each([
  ['count hole.opened', 'is no kind of event'],
  ['last hole.opened.first', 'begins with no kind of event'],
  ['count hole.open store-3', 'is no field=value'],
  ['store-1 store', 'a role and a field are missing'],
  ['store-1 store.groups.g1', 'the path ends at what is no value'],
])('%s cannot be read', (fact, why) => {
  expect(() => readFact(state, fact)).toThrow(why);
});

test('a claim without a comparison cannot be read', () => {
  expect(() => judgeClaim(state, 'store-3 is down')).toThrow('a claim is a fact, a comparison and a value');
});
