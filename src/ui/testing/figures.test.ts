// The comparison of what the parts of the screen say (e2e/one-clock.e2e.ts), with faults that it has to find.

import { expect, test } from 'vitest';
import { disagreements, figuresOf, type PartText } from './figures.ts';

const map: PartText = {
  part: 'map',
  instant: null,
  nodes: {
    'rw-1': 'rw-1 writer log safe up to 1\u00a0247',
    'store-1': 'store-1 whole has all up to 242 g2 g1',
    'ro-1': 'ro-1 RO sees all up to 244 behind VDL 0 LSNs',
    n1: 'n1 VDL v1 62 has g4 up to 66 term 2 commit 16',
  },
};
const outline: PartText = {
  part: 'outline',
  instant: null,
  nodes: {
    'rw-1': 'rw-1, writer, up, VDL 1\u00a0247, token 1',
    'store-1': 'store-1, storage replica of g1 and g2, up, SCL g1 244, SCL g2 242',
    'ro-1': 'ro-1, reader, up, applyLsn 244, token 1',
    n1: 'n1, writer, up, VDL v1 62, token 1, VDL v4 66, SCL g1 62, SCL g4 66',
  },
};
const lens: PartText = {
  part: 'lens',
  instant: null,
  nodes: { 'ro-1': 'applyLsn 244', n1: 'term 2 commit 16' },
};

const found = (...parts: readonly PartText[]): readonly string[] => disagreements(parts.flatMap(figuresOf));
const saying = (part: PartText, node: string, words: string): PartText => ({
  ...part,
  nodes: { ...part.nodes, [node]: words },
});

test('plain words and those of the field name one quantity', () => {
  expect(figuresOf(map).map(({ node, quantity, of, value }) => [node, quantity, of, value])).toEqual([
    ['rw-1', 'safe', null, 1247],
    ['store-1', 'has', null, 242],
    ['ro-1', 'sees', null, 244],
    ['n1', 'safe', 'v1', 62],
    ['n1', 'has', 'g4', 66],
    ['n1', 'term', null, 2],
    ['n1', 'commit', null, 16],
  ]);
});

test('parts of one instant that agree', () => expect(found(map, outline, lens)).toEqual([]));

test.each([
  ['a part one picture behind', saying(lens, 'ro-1', 'applyLsn 240'), 'lens says of ro-1: sees 240'],
  ['a panel one picture behind', saying(outline, 'rw-1', 'rw-1, writer, up, VDL 1\u00a0240'), 'safe 1240'],
  ['a plain figure that nobody else has', saying(map, 'store-1', 'has all up to 250'), 'has 250'],
  [
    'a plain label of another group',
    saying(map, 'store-1', 'has g1 up to 242'),
    'map says of store-1: has g1 242',
  ],
  [
    'a plain label of another quantity: what is written is no more safe than that',
    saying(map, 'rw-1', 'log safe up to 1\u00a0251'),
    'map says of rw-1: safe 1251',
  ],
  [
    'another figure of a group that is named',
    saying(map, 'n1', 'has g4 up to 62'),
    'map says of n1: has g4 62',
  ],
])('planted: %s is found', (_what, wrong, words) => {
  const others = [map, outline, lens].filter(({ part }) => part !== wrong.part);
  expect(found(wrong, ...others).join('\n')).toContain(words);
});

test('a part that says another instant is not held against the others', () =>
  expect(found({ ...saying(lens, 'ro-1', 'applyLsn 240'), instant: '41.250' }, map, outline)).toEqual([]));
