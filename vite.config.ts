// How the page and its workers are built: any static host, any sub-path, no inline script.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown, runnerImport } from 'vite';
import { headersFile, metaPolicy, securityHeaders } from './scripts/security-headers.mjs';

const parserWasm = createRequire(import.meta.url).resolve('libpg-query/wasm/libpg-query.wasm');

/** libpg-query asks for its WASM beside the script that loads it: a worker's source in dev, its chunk in the build. */
function libpgQueryWasm(): Plugin {
  return {
    name: 'postdb-lab:libpg-query-wasm',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        if (!path.endsWith('/libpg-query.wasm')) return next();
        response.setHeader('Content-Type', 'application/wasm');
        createReadStream(parserWasm).pipe(response);
      });
    },
    async generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'assets/libpg-query.wasm',
        source: await readFile(parserWasm),
      });
    },
  };
}

/** libpg-query names Node's modules in a branch that browsers never enter: nothing stands in for them. */
function noNodeModules(): Plugin {
  const nothing = '\0postdb-lab:nothing';
  return {
    name: 'postdb-lab:no-node-modules',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id, importer) =>
      id.startsWith('node:') && importer?.includes('libpg-query') === true ? nothing : undefined,
    load: (id) => (id === nothing ? 'export {};' : undefined),
  };
}

/** The first pictures, recorded by the engine that is being built; development goes without. */
function keyframes(): Plugin {
  return {
    name: 'postdb-lab:keyframes',
    apply: 'build',
    async generateBundle() {
      const { module } = await runnerImport<typeof import('./src/lab/hook-keyframe.ts')>(
        './src/lab/hook-keyframe.ts',
      );
      for (const [fileName, keyframe] of await module.recordPictures())
        this.emitFile({ type: 'asset', fileName, source: JSON.stringify(keyframe) });
    },
  };
}

/** The policy goes into the built page only: the dev server's refresh preamble is an inline script. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'postdb-lab:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() });
    },
  };
}

/**
 * What a first visit needs is two scripts, not one for each set of modules that some part on demand shares: fewer requests,
 * and what compresses together is smaller. Libraries change less often than the lab.
 */
const firstLoad = [
  { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 2 },
  { name: 'lab', tags: ['$initial'], priority: 1 },
] satisfies Rolldown.CodeSplittingGroup[];

/** Which plugin took how long is no news to whoever starts the lab. */
const quiet = { checks: { pluginTimings: false } };

export default defineConfig(({ mode }) => ({
  base: './',
  // Holds of a commit are in the build for kill tests only: `vite build --mode failpoints`.
  define: { __FAILPOINTS__: JSON.stringify(mode === 'failpoints') },
  plugins: [react(), tailwindcss(), libpgQueryWasm(), noNodeModules(), keyframes(), contentSecurityPolicy()],
  worker: { format: 'es', plugins: () => [noNodeModules()], rolldownOptions: quiet },
  build: {
    target: 'es2023',
    // A worker or font inlined as a data: URL would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: { ...quiet, output: { codeSplitting: { groups: firstLoad } } },
  },
  optimizeDeps: { include: ['libpg-query'] },
  preview: { headers: securityHeaders },
}));
