// FENCE-55 at the writer: statements by number, bounded, and nothing done for a number that is not known.

import { expect, test } from 'vitest';
import type { NodeId } from '../../base/ids.ts';
import type { SentStatement } from '../kernel/hot-codecs.ts';
import { usualLimits } from '../kernel/limits-fixture.ts';
import { makeFixture } from './engine-fixture.ts';
import { takeStatements } from './kept-statements.ts';

const DRIVER = 'd1' as NodeId;
const NOTHING = new Uint8Array(0);
const tree = new Uint8Array([1]);
const whole = (id: number): SentStatement => ({ id, text: `select ${id}`, tree });
const named = (id: number): SentStatement => ({ id, text: '', tree: NOTHING });

const { engine } = makeFixture();
const take = (statements: SentStatement[], from = DRIVER) =>
  takeStatements(engine, from, {
    kind: 'SqlRequest',
    volume: 'v1',
    session: 's',
    incarnation: 1,
    sequence: 1,
    attempt: 1,
    statements,
    params: [],
    inTransaction: false,
  });

test('FENCE-55 a number stands for what its driver has sent whole, and for nothing else', () => {
  expect(take([named(1)])).toBeNull();
  expect(take([whole(1), whole(2)])).toMatchObject([{ text: 'select 1' }, { text: 'select 2' }]);
  expect(take([named(2), named(1)])).toMatchObject([{ text: 'select 2' }, { text: 'select 1' }]);
  expect(take([named(1)], 'd2' as NodeId)).toBeNull();
  expect(take([named(1), named(3)])).toBeNull();
});

test('FENCE-55 as many are kept as a driver numbers, twice over; the oldest go', () => {
  for (let id = 1; id <= 2 * usualLimits.keptStatements + 1; id++) take([whole(id)]);
  expect(take([named(1)])).toBeNull();
  expect(take([named(2), named(2 * usualLimits.keptStatements + 1)])).toHaveLength(2);
  expect(engine.statements.get(DRIVER)?.size).toBe(2 * usualLimits.keptStatements);
});
