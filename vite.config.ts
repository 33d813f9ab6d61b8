// How the page and its workers are built: any static host, any sub-path, no inline script.
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown, runnerImport } from 'vite';
import { lessons } from './scripts/lessons.mjs';
import { collectLicences, licencesFile, stylesPackages } from './scripts/licences.mjs';
import { offline, readServiceWorker, serviceWorkerFile } from './scripts/offline-build.mjs';
import { presets } from './scripts/presets.mjs';
import { headersFile, metaPolicy } from './scripts/security-headers.mjs';
import { typefaces } from './scripts/typefaces.mjs';
import { words } from './scripts/words.mjs';
import { ENGINE } from './src/sim/engine.ts';

/** The page's and the package's, as CHANGELOG.md has it. */
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const parserWasm = createRequire(import.meta.url).resolve('libpg-query/wasm/libpg-query.wasm');

/** In dev, libpg-query asks for its WASM beside the worker's source. */
function libpgQueryWasm(): Plugin {
  return {
    name: 'postdb-lab:libpg-query-wasm',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        if (!path.endsWith('/libpg-query.wasm')) return next();
        response.setHeader('Content-Type', 'application/wasm');
        createReadStream(parserWasm).pipe(response);
      });
    },
  };
}

/** In the build, libpg-query asks for it beside the worker's chunk, by a name with a hash as everything there has. */
function hashedLibpgQueryWasm(): Plugin {
  const source = readFileSync(parserWasm);
  const name = `libpg-query-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.wasm`;
  return {
    name: 'postdb-lab:hashed-libpg-query-wasm',
    apply: 'build',
    transform: {
      filter: { id: /[\\/]libpg-query[\\/]wasm[\\/]/ },
      handler: (code) => code.replaceAll('"libpg-query.wasm"', JSON.stringify(name)),
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
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

/** The first pictures and the starts of their runs, recorded by the engine that is being built; development goes without. */
function keyframes(): Plugin {
  return {
    name: 'postdb-lab:keyframes',
    apply: 'build',
    async generateBundle() {
      const { module } = await runnerImport<typeof import('./src/lab/hook-keyframe.ts')>(
        './src/lab/hook-keyframe.ts',
        { configFile: false, plugins: [presets()] },
      );
      for (const [fileName, source] of await module.recordPictures())
        this.emitFile({ type: 'asset', fileName, source });
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
  };
}

const carried = collectLicences('the page');

/** Notices of what the page, its workers, the embed and the service worker carry: a file that *What is modelled* names. */
function licences(): Plugin {
  return {
    name: 'postdb-lab:licences',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler() {
        await readServiceWorker(carried.ofBundle());
        this.emitFile({ type: 'asset', fileName: licencesFile, source: carried.text(stylesPackages()) });
      },
    },
  };
}

/** Which engines this site has: this one alone, until scripts/site.mjs puts older ones beside it. */
function engines(): Plugin {
  return {
    name: 'postdb-lab:engines',
    apply: 'build',
    generateBundle() {
      const source = `${JSON.stringify({ newest: ENGINE, kept: [] })}\n`;
      this.emitFile({ type: 'asset', fileName: 'engines.json', source });
    },
  };
}

/** What the page is served with, said in `_headers` to static hosts that read one (scripts/preview.mjs serves it so itself). */
function headersForHosts(): Plugin {
  return {
    name: 'postdb-lab:headers-for-hosts',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = [
          ...Object.keys(bundle),
          'index.html',
          'embed.html',
          serviceWorkerFile,
          ...readdirSync('public'),
        ];
        this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile([...new Set(files)]) });
      },
    },
  };
}

/** What an embed has before its poster: none of it may bring the lab along. */
const ofPoster = /embed\.html$|[\\/]src[\\/](?:embed\.ts|ui[\\/]embed[\\/](?:embed-link|poster))/;

/**
 * What a first visit needs is two scripts, not one for each set of modules that some part on demand shares: fewer requests,
 * and what compresses together is smaller. Libraries change less often than the lab.
 */
const firstLoad = [
  // How a part is loaded on demand: both pages need it, and an embed nothing else.
  { name: 'on-demand', test: /preload-helper/, priority: 3 },
  { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 2 },
  { name: 'lab', tags: ['$initial'], test: (id: string) => !ofPoster.test(id), priority: 1 },
] satisfies Rolldown.CodeSplittingGroup[];

/**
 * A worker is one script: WebKit runs a worker's own script again when a part that the worker loads later imports it, and what the
 * first run was told the second does not know.
 */
function oneScriptPerWorker(): Plugin {
  return {
    name: 'postdb-lab:one-script-per-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const scripts = Object.values(bundle).filter(({ type }) => type === 'chunk');
      if (scripts.length !== 1)
        this.error(`a worker in ${scripts.length} scripts: ${scripts.map((one) => one.fileName).join(', ')}`);
    },
  };
}

/** Which plugin took how long, and what PGlite would do in Node, is no news to whoever starts the lab. */
const quiet: Pick<Rolldown.RolldownOptions, 'checks' | 'onLog'> = {
  checks: { pluginTimings: false },
  onLog(level, log, pass) {
    if (!/[/\\]pglite[/\\]/.test(`${log.id} ${log.message}`)) pass(level, log);
  },
};

export default defineConfig(({ mode }) => ({
  base: './',
  // Routes are hashes: what is not there is missing, as on any static host, and not the page again.
  appType: 'mpa',
  // Holds of a commit are in the build for kill tests only: `vite build --mode failpoints`. What *Speed* compares with is 15 MB, and not in
  // the package: `vite build --mode package`.
  define: {
    __FAILPOINTS__: JSON.stringify(mode === 'failpoints'),
    __REFERENCE__: JSON.stringify(mode !== 'package'),
    __VERSION__: JSON.stringify(version),
  },
  plugins: [
    react(),
    tailwindcss(),
    words(),
    lessons(),
    presets(),
    typefaces(),
    libpgQueryWasm(),
    noNodeModules(),
    keyframes(),
    contentSecurityPolicy(),
    carried.ofBundle(),
    licences(),
    engines(),
    headersForHosts(),
    offline(),
  ],
  worker: {
    format: 'es',
    plugins: () => [
      lessons(),
      presets(),
      noNodeModules(),
      hashedLibpgQueryWasm(),
      oneScriptPerWorker(),
      carried.ofBundle(),
    ],
    rolldownOptions: { ...quiet, output: { codeSplitting: false } },
  },
  build: {
    target: 'es2023',
    // A worker or font inlined as a data: URL would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      ...quiet,
      input: ['index.html', 'embed.html'],
      // To import a part of the core does nothing by itself: a page loads none of it for the names of types and tables alone.
      treeshake: { moduleSideEffects: (id: string) => !/[/\\]src[/\\](?:base|core)[/\\]/.test(id) },
      // The first script lists the others by name, hundreds of hashes that nothing compresses: 42 bits tell the builds of a name apart.
      output: { chunkFileNames: 'assets/[name]-[hash:7].js', codeSplitting: { groups: firstLoad } },
    },
  },
  optimizeDeps: { include: ['libpg-query'] },
}));
