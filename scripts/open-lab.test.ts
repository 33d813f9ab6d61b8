// `npx postdb-lab`: what it takes and refuses. scripts/package-check.mjs installs the package and opens the page.

import { expect, test } from 'vitest';
import { refusalOf, withPgPort } from './open-lab.mjs';

const usual = { port: '4173', host: '127.0.0.1' };

test('--pg stands for itself with the usual port, or takes one', () => {
  expect(withPgPort(['--pg'])).toEqual(['--pg', '5433']);
  expect(withPgPort(['--pg', '--no-open'])).toEqual(['--pg', '5433', '--no-open']);
  expect(withPgPort(['--pg', '6000', '--no-open'])).toEqual(['--pg', '6000', '--no-open']);
});

test('a loopback address needs nothing said; another one the flag that says what it opens', () => {
  expect(refusalOf(usual)).toBeNull();
  expect(refusalOf({ ...usual, host: '::1', pg: '0' })).toBeNull();
  expect(refusalOf({ ...usual, host: '0.0.0.0' })).toContain('--reachable-by-others');
  expect(refusalOf({ ...usual, host: '0.0.0.0', 'reachable-by-others': true })).toBeNull();
});

test.each([
  [{ ...usual, port: '70000' }, '--port 70000'],
  [{ ...usual, port: 'five' }, '--port five'],
  [{ ...usual, pg: '-1' }, '--pg -1'],
])('%j is refused by its option', (options, words) => expect(refusalOf(options)).toContain(words));
