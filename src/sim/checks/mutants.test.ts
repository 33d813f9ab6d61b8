// The list of planted bugs: an id and a name are given once, and what catches a bug is a rule of some monitor.

import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { ruleSlugs } from './rules.ts';

test('C14 planted bugs have ids and names of their own, and are caught by rules that there are', () => {
  // The dash stands for bugs older than the ids.
  const ids = mutants.map(({ id }) => id).filter((id) => id !== '–');
  const names = mutants.map(({ name }) => name);
  expect(ids.length).toBeGreaterThan(50);
  expect([...new Set(ids)]).toEqual(ids);
  expect([...new Set(names)]).toEqual(names);
  for (const { id, caughtBy } of mutants) for (const rule of caughtBy) expect(ruleSlugs, id).toContain(rule);
});
