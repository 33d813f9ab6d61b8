// The service worker of the built page: every file of the build in a list that is compiled into it. Made when all else is written, since
// the list has what is beside the scripts as well: icons, recorded pictures, the pages themselves.
import { resolve } from 'node:path';
import { getManifest } from '@serwist/build';
import { build } from 'vite';

/** Its name has no hash: a browser asks again for the same file. */
export const serviceWorkerFile = 'sw.js';

/** One worker is all scripts of a node: far above the default of 2 MB. */
const largestFile = 32 * 1024 * 1024;

/** @param {string} outDir of the build that is written */
async function listFiles(outDir) {
  const { manifestEntries, warnings } = await getManifest({
    globDirectory: outDir,
    globPatterns: ['**/*'],
    globIgnores: [
      '_headers',
      // A site that keeps older builds says other ones.
      'engines.json',
      serviceWorkerFile,
      'assets/pglite*',
      'assets/initdb*',
      'assets/durable-reference*',
    ],
    // A hash in the name says what is in it.
    dontCacheBustURLsMatching: /^assets\//,
    maximumFileSizeToCacheInBytes: largestFile,
  });
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  return manifestEntries;
}

/**
 * @param {string} outDir
 * @param {unknown} entries
 * @param {{plugins?: import('vite').Plugin[], write?: boolean}} [how]
 */
const bundleWorker = (outDir, entries, { plugins = [], write = true } = {}) =>
  build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins,
    define: { __PRECACHED__: JSON.stringify(entries) },
    build: {
      target: 'es2023',
      write,
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: resolve('src/host/service-worker.ts'),
        checks: { pluginTimings: false },
        output: { format: 'iife', entryFileNames: serviceWorkerFile, codeSplitting: false },
      },
    },
  });

/**
 * Its modules, before all else is written: their licences stand in a file that it lists.
 * @param {import('vite').Plugin} plugin
 */
export const readServiceWorker = (plugin) => bundleWorker('dist', [], { plugins: [plugin], write: false });

/** @returns {import('vite').Plugin} */
export function offline() {
  let outDir = '';
  return {
    name: 'postdb-lab:offline',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        await bundleWorker(outDir, await listFiles(outDir));
      },
    },
  };
}
