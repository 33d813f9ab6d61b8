// Whether this browser has run a cluster before: on a first visit the recorded picture of the hook is shown while the cluster boots up
// to it (lab/recorded-picture.ts). Whether it really came to it, the fabric worker says by its hash.

import { siteStorage } from './site-storage.ts';

const visitedKey = 'postdb-lab:visited';
/** Of the names of all that a lab saves (host/databases.ts). */
const databasePrefix = 'postdb-lab/';

/**
 * True when this browser has run a cluster before: its first picture is that cluster's, not the recorded one. The mark is lost with a
 * browser that is killed soon after, a saved cluster is not.
 */
export async function hasVisited(): Promise<boolean> {
  try {
    if ((siteStorage()?.getItem(visitedKey) ?? null) !== null) return true;
    return (await indexedDB.databases()).some(({ name }) => name?.startsWith(databasePrefix));
  } catch {
    return false;
  }
}

export function recordVisit(): void {
  try {
    siteStorage()?.setItem(visitedKey, '1');
  } catch {
    // Storage refused: every visit is a first one.
  }
}

export function forgetVisit(): void {
  try {
    siteStorage()?.removeItem(visitedKey);
  } catch {
    // Nothing was kept then.
  }
}
