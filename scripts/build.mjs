// `npm run build`: the page for any static host and sub-path, refused when its first load grows too big.
import { build } from 'vite';
import { initialScriptLimit, measureInitialScripts } from './initial-scripts.mjs';

await build({ logLevel: 'warn' });
const { count, gzipBytes } = measureInitialScripts('dist');
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(
  `initial scripts: ${count}, ${kilobytes(gzipBytes)} gzip of at most ${kilobytes(initialScriptLimit)}`,
);
if (count === 0 || gzipBytes > initialScriptLimit) {
  console.error('The first load is too big (or names no script): import what it does not need on demand.');
  process.exitCode = 1;
}
