// Which answers are called nearly right: part of a whole may be, one of two may not.

import { describe, expect, test } from 'vitest';
import type { Answer, Question } from './format.ts';
import { grade } from './grade.ts';

const words = { en: 'x', zh: '甲' };
const named = (...ids: readonly string[]) => ids.map((id) => ({ id, text: words }));

const choice: Question = { form: 'choice', options: named('yes', 'no'), answer: [] };
const number: Question = { form: 'number', low: 0, high: 40, answer: 'holes' };
const two: Question = { form: 'order', items: named('a', 'b'), answer: [] };
const three: Question = { form: 'order', items: named('a', 'b', 'c'), answer: [] };
const oneSlot: Question = { form: 'nodes', slots: named('x'), nodes: ['n1', 'n2'], answer: [] };
const twoSlots: Question = { form: 'nodes', slots: named('x', 'y'), nodes: ['n1', 'n2'], answer: [] };
const ranges: Question = {
  form: 'ranges',
  first: 10,
  last: 20,
  types: ['data', 'hole'],
  start: [],
  answer: 'store-3 list.g1',
};
const drawn = (hole: number): Answer => [
  { first: 10, last: hole, type: 'data' },
  { first: hole, last: 20, type: 'hole' },
];

describe('an answer that is not right', () => {
  test.each<[name: string, Question, given: Answer, real: Answer, near: boolean]>([
    ['one of two', choice, 'yes', 'no', false],
    ['a number a tenth of the scale away', number, 8, 4, true],
    ['a number further away', number, 9, 4, false],
    ['two in the wrong order', two, ['a', 'b'], ['b', 'a'], false],
    ['three, one of them in its place', three, ['a', 'b', 'c'], ['a', 'c', 'b'], true],
    ['three, none in its place', three, ['a', 'b', 'c'], ['b', 'c', 'a'], false],
    ['the only node', oneSlot, ['n1'], ['n2'], false],
    ['one node of two', twoSlots, ['n1', 'n1'], ['n1', 'n2'], true],
    ['most of a list', ranges, drawn(14), drawn(17), true],
    ['less than half of a list', ranges, drawn(12), drawn(19), false],
    ['an answer of another form', number, 'yes', 4, false],
  ])('%s', (_name, question, given, real, near) => {
    expect(grade(question, given, real)).toMatchObject({ right: false, near });
  });

  test('what is right is not nearly right', () => {
    expect(grade(number, 4, 4)).toEqual({ right: true, near: false, gaps: [] });
  });
});
