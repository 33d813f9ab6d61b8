// What a button would do that the cluster refuses now, with its reason.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { refusalOf } from './line-refusal.ts';

const edge = await loadSqlEdge();
const at = (atMs: number) =>
  shootWorld({
    edge,
    preset: 'cynosdb-ha',
    lines: ['60.000 crash rw-1 for 80.000 ms'],
    atMs,
    view: {},
  }).frame;

test('FENCE-33 a switchover is offered to a node that serves as a reader', () => {
  expect(refusalOf(at(59), 'switchover ha-1')).toBe(null);
  const down = at(130);
  // another node writes by now
  expect(refusalOf(down, 'switchover rw-1')).toEqual({ node: 'rw-1', why: 'down' });
  expect(refusalOf(at(140.05), 'switchover rw-1')).toEqual({ node: 'rw-1', why: 'notNow' });
  expect(refusalOf(at(200), 'switchover rw-1')).toBe(null);
});

test('what is up needs no restart, and a line that no entry makes is left to the lab', () => {
  const frame = at(59);
  expect(refusalOf(frame, 'restart ro-1')).toEqual({ node: 'ro-1', why: 'notNow' });
  expect(refusalOf(at(130), 'crash rw-1 for 3.000 ms')).toEqual({ node: 'rw-1', why: 'down' });
  expect(refusalOf(frame, 'crash rw-1 for 3.000 ms')).toBe(null);
  expect(refusalOf(frame, 'sql d1 "select 1"')).toBe(null);
  expect(refusalOf(frame, 'cut rw-1 | ro-1')).toBe(null);
});
