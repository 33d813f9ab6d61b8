// The page's side of its service worker (host/service-worker.ts): it is registered once the cluster runs; a newer build that waits
// is asked which runs it opens, and takes over only when a person says so. Where a browser has no service workers, or refuses them (plain
// http, a private window), the page is as without.

import { type BuildFacts, buildQuestion, opensRunsOf, readBuildFacts } from '../host/build-facts.ts';
import { STORED_FORMAT } from '../host/stored-format.ts';
import { ENGINE } from '../sim/engine.ts';
import { foldersOf } from './engine-place.ts';

export type Facts = BuildFacts;

/** What this page's runs are of. */
export const ownBuild: Facts = { engine: ENGINE, format: STORED_FORMAT };

/** False where it does not say what it opens. */
export const opensOwnRuns = (facts: Facts | null): boolean => facts !== null && opensRunsOf(facts, ownBuild);

/** Wall ms between two questions whether there is a newer build. */
const ASK_MS = 3_600_000;
/** Wall ms that a worker which waits has for its answer. */
const ANSWER_MS = 5000;

export interface UpdateListener {
  /** A newer build is here and waits; null: it does not say which runs it opens. */
  onNext(facts: BuildFacts | null): void;
  /** Another tab has taken the newer build: this page is of the one before. */
  onReplaced(): void;
  /** Everything is here: the page opens without a network. */
  onReady(): void;
}

export interface Updates {
  /** The newer build takes over, and this page loads anew. */
  take(): void;
}

const factsOf = (worker: ServiceWorker): Promise<BuildFacts | null> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), ANSWER_MS);
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      clearTimeout(timer);
      port1.close();
      resolve(readBuildFacts(data));
    };
    worker.postMessage(buildQuestion, [port2]);
  });

function onInstalled(worker: ServiceWorker, then: () => void): void {
  const look = (): void => {
    if (worker.state === 'installed') then();
  };
  worker.addEventListener('statechange', look);
  look();
}

function askAgain(registration: ServiceWorkerRegistration): void {
  let asked = performance.now();
  const ask = (): void => {
    if (document.visibilityState !== 'visible' || performance.now() - asked < ASK_MS) return;
    asked = performance.now();
    // Without a network there is nothing newer.
    registration.update().catch(() => undefined);
  };
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, ASK_MS / 4);
}

/** Null: there is no service worker here. */
export async function watchUpdates(listener: UpdateListener): Promise<Updates | null> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return null;
  // What opens without a network is the newest build alone; one that is kept in its own folder asks for what it needs.
  const { here, top } = foldersOf(location.href);
  if (here !== top) return null;
  let isControlled = serviceWorker.controller !== null;
  let isAsked = false;
  serviceWorker.addEventListener('controllerchange', () => {
    if (isAsked) location.reload();
    else if (isControlled) listener.onReplaced();
    isControlled = true;
  });
  try {
    const registration = await serviceWorker.register('./sw.js', { updateViaCache: 'none' });
    const onWaiting = async (worker: ServiceWorker): Promise<void> => {
      // The first worker of all waits for nobody.
      if (registration.active !== null) listener.onNext(await factsOf(worker));
    };
    if (registration.waiting !== null) void onWaiting(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      if (installing !== null) onInstalled(installing, () => void onWaiting(installing));
    });
    void serviceWorker.ready.then(listener.onReady);
    askAgain(registration);
    return {
      take() {
        isAsked = true;
        // One that another tab has let take over meanwhile is here already.
        if (registration.waiting === null) location.reload();
        else registration.waiting.postMessage({ type: 'SKIP_WAITING' });
      },
    };
  } catch {
    return null;
  }
}
