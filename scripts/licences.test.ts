// Licences of what ships: a bundle is read by the bundler's own modules, and one that may not be shipped fails the build by its name.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closureOf, collectLicences, isAllowed, licencesOf, packageOfModule } from './licences.mjs';

let root = '';

function plant(name: string, manifest: object, files: Record<string, string>): void {
  const folder = join(root, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const whole = { name, version: '1.0.0', type: 'module', main: 'index.js', ...manifest };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(whole));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'licences-'));
  plant('free', { license: 'MIT', author: 'A. Author' }, { 'index.js': 'export const free = "free";' });
  plant('shut', { license: 'BUSL-1.1' }, { 'index.js': 'export const shut = "shut";', LICENSE: 'No.' });
  plant('mute', { license: 'Apache-2.0' }, { 'index.js': 'export const mute = "mute";' });
  plant('needs', { license: 'ISC', dependencies: { free: '1' } }, { 'index.js': '', LICENCE: 'Yes.' });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The file of a page that imports these, and uses only some of them. */
async function built(source: string): Promise<string> {
  const carried = collectLicences('the page');
  writeFileSync(join(root, 'main.js'), source);
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [carried.ofBundle()],
    build: { write: false, rolldownOptions: { input: join(root, 'main.js') } },
  });
  return carried.text();
}

test('a package of the bundle is named with its licence, its source and its text', async () => {
  const text = await built('import { free } from "free"; console.log(free);');
  expect(text).toContain('1 packages:\n  free 1.0.0, MIT');
  expect(text).toContain('Source: npm package free@1.0.0');
  expect(text).toContain('Copyright (c) A. Author\n\nPermission is hereby granted');
});

test('a licence that may not be shipped fails the build with the name of its package', async () => {
  const source = 'import { shut } from "shut"; console.log(shut);';
  await expect(built(source)).rejects.toThrow(/may not be shipped.*: shut 1\.0\.0 \(BUSL-1\.1\)/);
});

test('so does one without a text', async () => {
  const source = 'import { mute } from "mute"; console.log(mute);';
  await expect(built(source)).rejects.toThrow('mute 1.0.0 (Apache-2.0)');
});

test('what the bundler leaves out is not named', async () => {
  const text = await built('import { free } from "free"; import { shut } from "shut"; console.log(free);');
  expect(text).toContain('1 packages');
});

test('what goes along as it is: a package with all that it needs', () => {
  const text = licencesOf('the package', closureOf(['needs'], root));
  expect(text).toContain('2 packages:\n  free 1.0.0, MIT\n  needs 1.0.0, ISC');
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND BUSL-1.1', false],
  ['GPL-3.0-only', false],
  ['SEE LICENSE IN FILE', false],
  ['none', false],
])('%s: %s', (expression, expected) => expect(isAllowed(expression)).toBe(expected));

test('a compiled program inside a package is named beside it', () => {
  const text = licencesOf('the page', closureOf(['libpg-query']));
  expect(text).toContain('It carries, compiled:\n\nlibpg_query');
  expect(text).toContain('PostgreSQL Global Development Group');
});

test('a helper of the bundler is its own, a module of the lab is nobody else’s', () => {
  expect(packageOfModule('\0vite/preload-helper.js', '/lab')).toBe('/lab/node_modules/vite');
  expect(packageOfModule('/lab/src/main.tsx')).toBeNull();
});
