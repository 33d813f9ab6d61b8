// What a first visit loads before anything shows: the scripts that the built page names itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** P4 of the performance design. */
export const initialScriptLimit = 235 * 1024;

/** Of an embed: until its poster, and of its page's scripts until it moves. */
export const posterLimit = 60 * 1024;
export const movingLimit = 300 * 1024;

/**
 * Scripts that the page names, preloads included; what is imported on demand is not in its text.
 * @param {string} outDir
 * @param {string} [name] of the page
 * @returns {{count: number, bytes: number}}
 */
export function measureInitialScripts(outDir, name = 'index.html') {
  const page = readFileSync(join(outDir, name), 'utf8');
  const scripts = [...page.matchAll(/<(?:script|link)[^>]*(?:src|href)="\.\/([^"]+\.js)"/g)].flatMap(
    (match) => match[1] ?? [],
  );
  const bytes = scripts.reduce((total, name) => total + gzipSync(readFileSync(join(outDir, name))).length, 0);
  return { count: scripts.length, bytes };
}
