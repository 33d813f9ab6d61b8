// A filter that finds nothing in a lens is answered in words: a lens with a filter counts what it lets through, or says by itself that it
// is nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';

const roots = ['src/ui/lens', 'src/ui/stacks'];
const filesIn = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => `${root}/${path}`);
const lenses = roots.flatMap(filesIn).filter((path) => /-lens\.tsx$/.test(path));

/** A lens with the files beside it, where its parts may stand. */
const textOf = (path: string): string =>
  filesIn(dirname(path))
    .filter((part) => part.endsWith('.tsx'))
    .map((part) => readFileSync(part, 'utf8'))
    .join('\n');

test('no lens leaves a filter without a hit unanswered', () => {
  const filtered = lenses.filter((path) => /\bfilter[,=} ]|\.filter\b[^(]/.test(readFileSync(path, 'utf8')));
  expect(filtered.length).toBeGreaterThan(8);
  expect(filtered.filter((path) => !/\bhits:|lens\.filterNone/.test(textOf(path)))).toEqual([]);
});
