// `npm run build`: the page for any static host and sub-path, refused when its first load grows too big.
import { build } from 'vite';
import { initialScriptLimit, measureInitialScripts, posterLimit } from './initial-scripts.mjs';

await build({ logLevel: 'warn' });
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/**
 * @param {string} what
 * @param {{count: number, gzipBytes: number}} measured
 * @param {number} limit
 */
function holdAgainst(what, { count, gzipBytes }, limit) {
  console.log(`${what}: ${count}, ${kilobytes(gzipBytes)} gzip of at most ${kilobytes(limit)}`);
  if (count > 0 && gzipBytes <= limit) return;
  console.error('Too big (or no script is named): import on demand what is not needed at first.');
  process.exitCode = 1;
}

holdAgainst('initial scripts', measureInitialScripts('dist'), initialScriptLimit);
holdAgainst('scripts of an embed’s poster', measureInitialScripts('dist', 'embed.html'), posterLimit);
