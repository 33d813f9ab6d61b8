// What a first visit loads before anything shows: the scripts that the built page names itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** P4 of the performance design. */
export const initialScriptLimit = 250 * 1024;

/**
 * Scripts that the page names, preloads included; what is imported on demand is not in its text.
 * @param {string} outDir
 * @returns {{count: number, gzipBytes: number}}
 */
export function measureInitialScripts(outDir) {
  const page = readFileSync(join(outDir, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/<(?:script|link)[^>]*(?:src|href)="\.\/([^"]+\.js)"/g)].flatMap(
    (match) => match[1] ?? [],
  );
  const gzipBytes = scripts.reduce(
    (total, name) => total + gzipSync(readFileSync(join(outDir, name))).length,
    0,
  );
  return { count: scripts.length, gzipBytes };
}
