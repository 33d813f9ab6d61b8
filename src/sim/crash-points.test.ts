// Words of aimed crashes on the tape, in their order, who offers them, and by which events they come about.

import { expect, test } from 'vitest';
import { crashMoments, isMomentOf, rolesAt } from '../stacks/crash-moments.ts';

test('the words of the tape, in the order of a refusal and of the menus', () => {
  // Those that only a stack for tests has come behind.
  expect(crashMoments.join(' ')).toMatch(
    /^append ack durable holeRequest holeFill token compacted R1 R2 R3 R4 R5 R6 R7\b/,
  );
});

test.each([
  ['append', ['store', 'compute']],
  ['holeFill', ['store']],
  ['token', ['store', 'meta']],
  ['R3', ['compute']],
  ['compacted', []],
  ['indexSplit', []],
] as const)('in cynosdb %s is offered by %j', (moment, roles) => {
  expect(rolesAt(moment, 'cynosdb')).toEqual(roles);
});

test('a step that only another architecture has is offered by none', () => {
  expect(rolesAt('walSynced', 'cynosdb')).toEqual([]);
  expect(rolesAt('walSynced', 'polardb')).toEqual(['compute']);
});

test('a step of the recovery is known by its name', () => {
  const step = { kind: 'recovery.step', volume: 'v1', step: 'R3', token: 1 } as const;
  expect(crashMoments.filter((moment) => isMomentOf(step, moment))).toEqual(['R3']);
  expect(isMomentOf({ ...step, step: 'token' }, 'token')).toBe(true);
  expect(isMomentOf({ kind: 'toy.add', amount: 1, total: 1 }, 'ack')).toBe(true);
});
