// The list of planted bugs: an id and a name are given once, product code asks for each, and what catches a bug is a rule of some monitor.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stackChecks } from '../../stacks/checks.ts';
import { known } from '../../stacks/known.ts';
import { mutants } from '../../stacks/mutants.ts';
import { presets } from '../../stacks/presets.ts';
import { ruleSlugs } from '../../stacks/rules.ts';
import { freshTape, setupRun } from '../run-setup.ts';
import { readMutants } from './mutants.ts';
import { formatMutants, testedMutants } from './tested-mutants.ts';

const ofStacks = stackChecks.flatMap((checks) => checks.testedMutants ?? []);
const planted = [...mutants, ...ofStacks, ...testedMutants, ...formatMutants];

test('C14 planted bugs have ids and names of their own, and are caught by rules that there are', () => {
  // The dash stands for bugs older than the ids.
  const ids = planted.map(({ id }) => id).filter((id) => id !== '–');
  const names = planted.map(({ name }) => name);
  expect(ids.length).toBeGreaterThan(50);
  expect([...new Set(ids)]).toEqual(ids);
  expect([...new Set(names)]).toEqual(names);
  for (const { id, caughtBy } of mutants) for (const rule of caughtBy) expect(ruleSlugs, id).toContain(rule);
});

const product = ['src/core', 'src/stacks'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|-fixture\.ts$|testing\//.test(path))
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8')),
);
/** Names of planted bugs in a text, or what looks like one. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/'([a-z]+\.[a-z0-9-]+)'/g)].map(([, name = '']) => name);

test('C14 each name that there is was planted, and product code asks for it', () => {
  const named = product.flatMap((text) =>
    [/type MutantName =([^;]+);/, /interface StackMutants {([^}]+)}/].flatMap((part) =>
      namesIn(part.exec(text)?.[1] ?? ''),
    ),
  );
  expect(named.length).toBeGreaterThan(190);
  expect(named.sort()).toEqual(planted.map(({ name }) => name).sort());
  const asking = product.filter((text) => /\bhas\(/.test(text) && text.includes("/mutants.ts'"));
  const asked = asking.flatMap((text) => namesIn(text.replace(/interface StackMutants {[^}]+}/, '')));
  expect(named.filter((name) => !asked.includes(name))).toEqual([]);
});

test('C14 a tape that names a planted bug that there is not makes no run', () => {
  const names = [...planted.map(({ name }) => name), 'writer.no-lal@v2'];
  expect(readMutants(stackChecks, names)).toEqual({ ok: true, mutants: names });
  const error = 'unknown planted bug store.no-truncat; did you mean store.no-truncate?';
  expect(readMutants(stackChecks, ['store.no-truncat'])).toEqual({ ok: false, error });
  const tape = freshTape(presets, 'cynosdb', 1);
  if ('error' in tape) throw new Error(tape.error);
  expect(setupRun(known, { ...tape, header: { ...tape.header, mutants: ['store.no-truncat'] } })).toEqual({
    ok: false,
    error,
  });
});
