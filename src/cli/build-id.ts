// The build: a hash of everything that decides a verdict, so that a queue's workers can refuse jobs of another one.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LOCK = 'package-lock.json';

/**
 * Of the bundled modules by name and content, and of the packages that they import, which the lock file names.
 * @param folder with the bundle, one level
 */
export function buildOf(folder: string): string {
  const hash = createHash('sha256');
  const modules = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  for (const name of modules.sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  if (existsSync(LOCK)) hash.update(readFileSync(LOCK));
  return hash.digest('hex').slice(0, 16);
}

/** Of the bundle that runs. */
export const ownBuild = (): string => buildOf(dirname(fileURLToPath(import.meta.url)));

/** Folders and files that items of `npm run deep` are made of. */
const ITEM_SOURCES = [
  'src',
  'e2e',
  'scripts',
  'bench',
  'public',
  'index.html',
  'vite.config.ts',
  'vitest.config.ts',
  'playwright.config.ts',
  LOCK,
];

/** Of the project's files, for items that run tests and scripts as they lie there. */
export function itemsBuild(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    hash.update(`${path.replaceAll('\\', '/')}\0`).update(readFileSync(path));
  };
  for (const source of ITEM_SOURCES.filter((path) => existsSync(path))) {
    if (!statSync(source).isDirectory()) add(source);
    else
      readdirSync(source, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .forEach(add);
  }
  return hash.digest('hex').slice(0, 16);
}
