// `npm run build`: the page for any static host and sub-path, refused when its first load grows too big.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const outDir = 'dist';
/** P4 of the performance design: what a first visit must load before anything shows. */
const initialScriptLimit = 250 * 1024;

/** Scripts that the page names itself, preloads included; what is imported on demand is not in its text. */
function findInitialScripts() {
  const page = readFileSync(join(outDir, 'index.html'), 'utf8');
  return [...page.matchAll(/<(?:script|link)[^>]*(?:src|href)="\.\/([^"]+\.js)"/g)].flatMap(
    (match) => match[1] ?? [],
  );
}

await build({ logLevel: 'warn' });
const scripts = findInitialScripts();
const size = scripts.reduce((total, name) => total + gzipSync(readFileSync(join(outDir, name))).length, 0);
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(
  `initial scripts: ${scripts.length}, ${kilobytes(size)} gzip of at most ${kilobytes(initialScriptLimit)}`,
);
if (scripts.length === 0 || size > initialScriptLimit) {
  console.error('The first load is too big (or names no script): import what it does not need on demand.');
  process.exitCode = 1;
}
