// Whether this browser has run a cluster before: on a first visit the recorded picture of the hook is shown while the cluster boots up
// to it (lab/recorded-picture.ts). Whether it really came to it, the fabric worker says by its hash.

import { siteStorage } from './site-storage.ts';

const visitedKey = 'postdb-lab:visited';

/** True when this browser has run a cluster before: its first picture is that cluster's, not the recorded one. */
export function hasVisited(): boolean {
  try {
    return (siteStorage()?.getItem(visitedKey) ?? null) !== null;
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
