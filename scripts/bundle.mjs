// Bundles TypeScript entries for plain Node 20, once per state of the sources.
// Each state has a folder of its own, so that a running sweep never sees its files replaced.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, version as viteVersion } from 'vite';
import { lessons } from './lessons.mjs';
import { presets } from './presets.mjs';
import { words } from './words.mjs';

const cacheFolder = join('node_modules', '.cache', 'postdb-lab');
/** A sweep of hours still loads workers from its own bundle. */
const keptMs = 24 * 3600 * 1000;

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listSources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|json|css|cluster)$/.test(entry.name))
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @param {string[]} paths */
function fingerprint(paths) {
  const hash = createHash('sha256').update(viteVersion);
  for (const path of paths) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} name */
function dropOldBundles(name) {
  for (const folder of readdirSync(cacheFolder).filter((entry) => entry.startsWith(`${name}-`))) {
    const path = join(cacheFolder, folder);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > keptMs) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * One folder per state of the sources; made by `make` when it is not there yet.
 * @param {string} name
 * @param {string[]} sources
 * @param {(outDir: string) => Promise<unknown>} make
 * @returns {Promise<string>}
 */
async function makeOnce(name, sources, make) {
  const target = join(cacheFolder, `${name}-${fingerprint([...new Set(sources)])}`);
  if (existsSync(target)) {
    utimesSync(target, new Date(), new Date());
    return target;
  }
  const building = `${target}.${process.pid}`;
  mkdirSync(cacheFolder, { recursive: true });
  await make(building);
  try {
    renameSync(building, target);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // another process finished the same bundle first
  }
  dropOldBundles(name);
  return target;
}

/**
 * Packages stay external; everything relative is bundled. Entry `a/b.ts` becomes `b.mjs`, and all
 * entries of one call lie in one folder: a worker is `new URL('./b.mjs', import.meta.url)`.
 * @param {string} name
 * @param {string[]} entries
 * @param {string[]} sourceFolders
 * @returns {Promise<string>} the folder with the bundled entries
 */
export function bundleForNode(name, entries, sourceFolders) {
  const sources = [
    ...entries,
    ...sourceFolders.flatMap(listSources),
    'scripts/bundle.mjs',
    'scripts/words.mjs',
    'scripts/lessons.mjs',
    'scripts/presets.mjs',
    'package-lock.json',
  ];
  return makeOnce(name, sources, (outDir) => build(nodeBuild(outDir, entries, true)));
}

/**
 * @param {string} outDir
 * @param {string[] | Record<string, string>} input
 * @param {boolean} sourcemap
 * @returns {import('vite').InlineConfig}
 */
export const nodeBuild = (outDir, input, sourcemap) => ({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [words(), lessons(), presets()],
  build: {
    ssr: true,
    target: 'node20',
    outDir,
    emptyOutDir: true,
    minify: false,
    sourcemap,
    rolldownOptions: {
      input,
      checks: { pluginTimings: false },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[name]-[hash].mjs' },
    },
  },
});

/**
 * The page as users get it, but for `?failpoint=…`, which holds a node's commit for the kill tests.
 * @returns {Promise<string>} the folder to serve
 */
export function buildWithFailpoints() {
  const sources = [
    ...listSources('src'),
    'index.html',
    'vite.config.ts',
    'scripts/bundle.mjs',
    'package-lock.json',
  ];
  return makeOnce('failpoints', sources, (outDir) =>
    build({ mode: 'failpoints', logLevel: 'warn', build: { outDir, emptyOutDir: true } }),
  );
}

/**
 * The pages that browser benches measure the lab against (bench/browser).
 * @returns {Promise<string>} the folder to serve
 */
export function buildBenchPages() {
  const root = join('bench', 'browser');
  const pages = ['index.html', 'empty.html'].map((name) => resolve(root, name));
  const sources = [...listSources(root), ...pages, 'scripts/bundle.mjs', 'package-lock.json'];
  return makeOnce('bench-pages', sources, (outDir) =>
    build({
      configFile: false,
      root,
      base: './',
      logLevel: 'error',
      publicDir: false,
      worker: { format: 'es' },
      build: {
        target: 'es2023',
        outDir: resolve(outDir),
        emptyOutDir: true,
        assetsInlineLimit: 0,
        rolldownOptions: { input: pages, checks: { pluginTimings: false } },
      },
    }),
  );
}
