// A release: what has to fit before anything is made, and what is made of it. `node scripts/release.mjs --dry-run` makes all of it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { faultsOf, newestEntry, readTold, sumsOf, zipOf } from './release.mjs';

const changelog = `# Changelog

Words.

## 1.1.0, engine 0.30.0

- New.

## 1.0.0, engine 0.29.0

- Old.
`;
const fitting = { tag: 'v1.1.0', version: '1.1.0', lockVersion: '1.1.0', engine: '0.30.0', changelog };

test('the changelog speaks of the engine that there is: raising it says what a tape of before does', () => {
  const told = readTold();
  expect(newestEntry(told.changelog)?.engine).toBe(told.engine);
  expect(told.lockVersion).toBe(told.version);
});

test('the notes are the newest entry alone', () => {
  expect(newestEntry(changelog)).toEqual({ version: '1.1.0', engine: '0.30.0', notes: '- New.' });
  expect(newestEntry('# Changelog')).toBeNull();
});

test('what fits has no faults', () => expect(faultsOf(fitting)).toEqual([]));

test.each([
  [{ tag: 'v1.0.0' }, 'the tag is v1.0.0, not v1.1.0'],
  [{ lockVersion: '1.0.0' }, 'package-lock.json is 1.0.0, not 1.1.0'],
  [{ engine: '0.31.0' }, 'the engine of that heading is 0.30.0, not 0.31.0'],
  [{ changelog: changelog.replace('- New.', '') }, 'CHANGELOG.md says nothing of this version'],
])('%j: %s', (other, fault) => expect(faultsOf({ ...fitting, ...other })).toEqual([fault]));

test('a version without an entry is not released', () => {
  const faults = faultsOf({ ...fitting, changelog: changelog.replaceAll(/^## 1\.1.*$/gm, '') });
  expect(faults[0]).toBe('the newest heading of CHANGELOG.md is 1.0.0, not 1.1.0');
});

test('sums are by name, as sha256sum reads them', () => {
  const files = { b: new Uint8Array(), a: new TextEncoder().encode('abc') };
  expect(sumsOf(files)).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n' +
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n',
  );
});

test('the page as a file is the same for the same files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'a.js'), 'a');
    writeFileSync(join(folder, 'index.html'), '<p>');
    const zip = zipOf(folder);
    expect(zipOf(folder)).toEqual(zip);
    expect(Object.keys(unzipSync(zip))).toEqual(['assets/a.js', 'index.html']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
