// `npm run build`: the page for any static host and sub-path, refused when its first load grows too big.
import { build } from 'vite';
import { initialScriptLimit, measureInitialScripts, posterLimit } from './initial-scripts.mjs';
import { measureTypefaces, typefaceLimit } from './typefaces.mjs';

await build({ logLevel: 'warn' });
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/**
 * @param {string} what
 * @param {{count: number, bytes: number}} measured
 * @param {number} limit
 */
function holdAgainst(what, { count, bytes }, limit) {
  console.log(`${what}: ${count}, ${kilobytes(bytes)} of at most ${kilobytes(limit)}`);
  if (count > 0 && bytes <= limit) return;
  console.error('Too big (or there is none): load on demand what is not needed at first.');
  process.exitCode = 1;
}

holdAgainst('initial scripts, gzip', measureInitialScripts('dist'), initialScriptLimit);
holdAgainst('scripts of an embed’s poster, gzip', measureInitialScripts('dist', 'embed.html'), posterLimit);
holdAgainst('typefaces', measureTypefaces('dist'), typefaceLimit);
