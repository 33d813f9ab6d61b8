// The service worker of the page: serves the files that the build has listed, from a cache that is filled while the worker is
// installed, and nothing else; what is not listed goes to the network as without it. A newer one waits until a page says that it may
// take over, and says meanwhile which runs its build can open.

import { type PrecacheEntry, Serwist } from 'serwist';
import { ENGINE } from '../sim/engine.ts';
import { type BuildFacts, isBuildQuestion } from './build-facts.ts';
import { STORED_FORMAT } from './stored-format.ts';

declare const self: ServiceWorkerGlobalScope;
/** Every file of the build, by scripts/offline-build.mjs. */
declare const __PRECACHED__: PrecacheEntry[];

const facts: BuildFacts = { engine: ENGINE, format: STORED_FORMAT };

self.addEventListener('message', ({ data, ports }) => {
  if (isBuildQuestion(data)) ports[0]?.postMessage(facts);
});

new Serwist({
  precacheEntries: __PRECACHED__,
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // The page is one file, whatever lab and storage its address names.
    ignoreURLParametersMatching: [/./],
    directoryIndex: 'index.html',
    cleanURLs: false,
    // Beside a cluster that is at work.
    concurrency: 2,
  },
  skipWaiting: false,
  // The first page of all is served as well: its parts are there when the network goes.
  clientsClaim: true,
  disableDevLogs: true,
}).addEventListeners();
