import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleSlugs, rules } from '../src/sim/checks/rules.ts';
import { findUnshown, listRules } from './rules.mjs';

test('every WAL, HOLE, FENCE, READ, PCS, FS and LI rule, and every worked vector, has a test or a monitor that a planted bug sets off', () => {
  expect(listRules().length).toBeGreaterThan(440);
  expect(findUnshown()).toEqual([]);
});

test('docs/checkers.md lists every rule that is watched, with its ids', () => {
  const rows = readFileSync('docs/checkers.md', 'utf8').split('\n');
  const ofTests = /^tally\./;
  for (const slug of ruleSlugs.filter((one) => !ofTests.test(one))) {
    const row = rows.find((one) => one.startsWith(`| \`${slug}\` | ${rules[slug].ids[0]}`)) ?? '';
    expect(row.split(' | ')[1]?.split(', '), slug).toEqual(expect.arrayContaining([...rules[slug].ids]));
  }
});
