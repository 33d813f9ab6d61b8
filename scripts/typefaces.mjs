// The page's two typefaces, cut down when it is built to the letters that it writes: Inter, and JetBrains Mono for what is counted
// and compared. Chinese, and a sign that is in neither, come from the system. Both are under the SIL Open Font License.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';

/** What both may weigh together. */
export const typefaceLimit = 90_000;

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'node_modules', '.cache', 'postdb-lab', 'typefaces');

/** @type {(first: number, last: number) => string} */
const span = (first, last) =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, i) => first + i));

const letters = [
  span(0x20, 0x7e),
  span(0xa0, 0xff),
  '\u2009\u200a\u202f',
  '‘’“”‹›–—…•†‰′″',
  '←→↑↓↔⇒⇔⟶',
  '−√∞∅∈≈≠≤≥',
  '₀₁₂₃ΔΣΦαβ✓★☆',
].join('');

const sources = {
  inter: {
    file: import.meta.resolve('inter-ui/variable/InterVariable.woff2'),
    axes: { opsz: 14 },
    features: ['kern', 'tnum'],
  },
  'jetbrains-mono': {
    file: import.meta.resolve(
      '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
    ),
    axes: {},
    features: [],
  },
};
/** Copyright and licence, which a copy has to carry. */
const preserveNameIds = [0, 13, 14];

/**
 * @param {string} name
 * @param {{file: string, axes: Record<string, number>, features: string[]}} source
 */
async function cutDown(name, { file, axes, features }) {
  const whole = readFileSync(fileURLToPath(file));
  const options = {
    targetFormat: /** @type {const} */ ('woff2'),
    variationAxes: { wght: { min: 400, max: 700 }, ...axes },
    keepFeatures: ['ccmp', 'mark', 'mkmk', ...features],
    noHinting: true,
    preserveNameIds,
  };
  const key = createHash('sha256')
    .update(whole)
    .update(JSON.stringify([letters, options]))
    .digest('hex');
  const kept = join(folder, key.slice(0, 16), `${name}.woff2`);
  if (!existsSync(kept)) {
    mkdirSync(dirname(kept), { recursive: true });
    // Another build may be at it too.
    const part = `${kept}.${process.pid}`;
    writeFileSync(part, await subsetFont(whole, letters, options));
    renameSync(part, kept);
  }
  return /** @type {const} */ ([`@typeface/${name}.woff2`, kept]);
}

/**
 * `@typeface/inter.woff2` in a style sheet; the page asks for both at once with its scripts. An embed asks when it moves: its poster
 * stays as small as it is.
 * @returns {import('vite').Plugin}
 */
export function typefaces() {
  return {
    name: 'postdb-lab:typefaces',
    async config() {
      const files = await Promise.all(Object.entries(sources).map(([name, source]) => cutDown(name, source)));
      return { resolve: { alias: Object.fromEntries(files) } };
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { path, bundle = {} }) =>
        path.endsWith('/index.html')
          ? Object.keys(bundle)
              .filter((name) => name.endsWith('.woff2'))
              .map((name) => ({
                tag: 'link',
                attrs: {
                  rel: 'preload',
                  as: 'font',
                  type: 'font/woff2',
                  crossorigin: true,
                  href: `./${name}`,
                },
                injectTo: /** @type {const} */ ('head'),
              }))
          : [],
    },
  };
}

/**
 * @param {string} outDir
 * @returns {{count: number, bytes: number}}
 */
export function measureTypefaces(outDir) {
  const assets = join(outDir, 'assets');
  const files = readdirSync(assets).filter((name) => name.endsWith('.woff2'));
  return {
    count: files.length,
    bytes: files.reduce((sum, name) => sum + readFileSync(join(assets, name)).length, 0),
  };
}
