// A worker holds a Web Lock for as long as it lives. The browser tells nobody when a worker that was terminated is gone;
// it gives the lock to who waits for it. Where a browser has no locks, or refuses them, whoever opens or deletes a disk
// waits there for the connections of the worker that had it open (databases.ts).

/** Resolves when this worker has the lock, or cannot have it. */
export const holdLifeLock = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const { locks } = navigator;
    if (locks === undefined) return resolve();
    const life = (): Promise<never> => {
      resolve();
      return new Promise(() => {});
    };
    locks.request(name, life).catch(() => resolve());
  });

/** Longest wait for a worker that was terminated. */
const GONE_LIMIT_MS = 5000;

/** Resolves when the worker with this lock is gone. */
export async function whenGone(name: string): Promise<void> {
  const waited = new AbortController();
  const timer = setTimeout(() => waited.abort(), GONE_LIMIT_MS);
  await navigator.locks?.request(name, { signal: waited.signal }, () => undefined).catch(() => undefined);
  clearTimeout(timer);
}
