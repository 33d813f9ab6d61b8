// D01 and D03 with their mechanisms off (docs/spec/logindex.md LI-8): the same clicks, and the reader shows what is past, or what is to come.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { loadLesson } from './load-lesson.ts';
import { runScript } from './script.ts';

test('LI-5 LI-8 T1 to T5 of the page from the past: without LogIndex the reader shows 500, and the monitors say so', async () => {
  const edge = await loadSqlEdge();
  const lesson = await loadLesson('D01');
  if ('error' in lesson) throw new Error(lesson.error);
  const { truths, violations, missed } = runScript(lesson, edge, { mutants: ['shared.no-logindex'] });
  expect(missed).toEqual([]);
  expect(truths.get('value')).toBe('500');
  expect(violations).toEqual(expect.arrayContaining(['logidx.complete', 'ro.never-behind']));
  const sound = runScript(lesson, edge);
  expect(sound.truths.get('value')).toBe('600');
  expect(sound.violations).toEqual([]);
});

test('LI-6 LI-8 T1 to T5 of the page from the future: without flush control the page is stored, the reader shows 700, and the monitors say so', async () => {
  const edge = await loadSqlEdge();
  const lesson = await loadLesson('D03');
  if ('error' in lesson) throw new Error(lesson.error);
  const { truths, violations, missed } = runScript(lesson, edge, { mutants: ['shared.no-flush-gate'] });
  expect(missed).toEqual([]);
  expect(truths.get('stored')).toBe('stored');
  expect(truths.get('value')).toBe('700');
  expect(violations).toEqual(expect.arrayContaining(['page.flush-gate', 'ro.never-ahead']));
  const sound = runScript(lesson, edge);
  expect(sound.truths.get('stored')).toBe('blocked');
  expect(sound.truths.get('value')).toBe('600');
  expect(sound.violations).toEqual([]);
});
