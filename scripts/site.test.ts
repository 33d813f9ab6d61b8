// A site of several builds: where each lies, what an older one leaves behind, what is refused. scripts/site-check.mjs opens one.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { putTogether } from './site.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'site-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const filesOf = (engine: string | null): Readonly<Record<string, string>> => ({
  'index.html': `page of ${engine}`,
  'sw.js': 'worker',
  _headers: '/*\n  A: all\n/assets/*\n  A: assets\n/\n  A: page\n',
  'assets/a.js': 'script',
  ...(engine === null ? {} : { 'engines.json': `{"newest":"${engine}","kept":[]}` }),
});

function folder(name: string, engine: string | null): string {
  const path = join(root, name);
  for (const [file, text] of Object.entries(filesOf(engine))) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

const at = (...names: string[]): string => join(root, 'site', ...names);
const build = (...builds: string[]) => putTogether(builds, join(root, 'site'));

test('the newest lies at the top, older ones below, as folders or as files of a release', () => {
  const zip = join(root, 'older.zip');
  const bytes = Object.entries(filesOf('0.1.0')).map(([name, text]) => [
    name,
    new TextEncoder().encode(text),
  ]);
  writeFileSync(zip, zipSync(Object.fromEntries(bytes)));
  const site = build(folder('new', '0.3.0'), folder('old', '0.2.0'), zip, `0.0.9=${folder('oldest', null)}`);
  expect(site).toEqual({ newest: '0.3.0', kept: ['0.2.0', '0.1.0', '0.0.9'] });
  expect(JSON.parse(readFileSync(at('engines.json'), 'utf8'))).toEqual(site);
  expect(readFileSync(at('index.html'), 'utf8')).toBe('page of 0.3.0');
  expect(readFileSync(at('v', '0-1-0', 'index.html'), 'utf8')).toBe('page of 0.1.0');
  expect(existsSync(at('v', '0-0-9', 'assets', 'a.js'))).toBe(true);
});

test('only the newest has a service worker, and one file of headers speaks of all', () => {
  build(folder('new', '0.3.0'), folder('old', '0.2.0'));
  expect(existsSync(at('sw.js'))).toBe(true);
  expect(existsSync(at('v', '0-2-0', 'sw.js'))).toBe(false);
  expect(existsSync(at('v', '0-2-0', '_headers'))).toBe(false);
  expect(readFileSync(at('_headers'), 'utf8')).toBe(
    '/*\n  A: all\n/assets/*\n  A: assets\n/\n  A: page\n/v/0-2-0/assets/*\n  A: assets\n/v/0-2-0/\n  A: page\n',
  );
});

test.each([
  [
    'two of one engine',
    () => build(folder('a', '0.1.0'), folder('b', '0.1.0')),
    'two builds are of engine 0.1.0',
  ],
  ['one that says no engine', () => build(folder('a', null)), 'does not say its engine'],
  ['one that says another', () => build(`0.2.0=${folder('a', '0.1.0')}`), 'is of engine 0.1.0, not 0.2.0'],
  ['no build', () => build(root), 'it has no index.html'],
  ['none', () => build(), 'a site needs a build'],
])('%s is refused', (_, put, words) => expect(put).toThrow(words));

test('a folder that has something is left as it is', () => {
  mkdirSync(at('kept'), { recursive: true });
  expect(() => build(folder('a', '0.1.0'))).toThrow('is not empty');
});
