// The recorded first picture (lab/hook-keyframe.ts): fetched on a first visit only, held while the cluster boots up to
// it. Whether the cluster really came to it, the fabric worker says by its hash.

import type { WorldFrame } from '../sim/frame.ts';
import type { Keyframe } from '../sim/keyframe.ts';

const address = './hook-keyframe.json';
const visitedKey = 'postdb-lab:visited';

/** True when this browser has run a cluster before: its first picture is that cluster's, not the recorded one. */
export function hasVisited(): boolean {
  try {
    return localStorage.getItem(visitedKey) !== null;
  } catch {
    return false;
  }
}

export function recordVisit(): void {
  try {
    localStorage.setItem(visitedKey, '1');
  } catch {
    // Storage refused: every visit is a first one.
  }
}

export function forgetVisit(): void {
  try {
    localStorage.removeItem(visitedKey);
  } catch {
    // Nothing was kept then.
  }
}

/** It comes from where the page itself comes from; what is asked here is whether it is one at all. */
function isKeyframe(value: unknown): value is Keyframe {
  return typeof value === 'object' && value !== null && 'frame' in value && 'hash' in value && 'at' in value;
}

/** The recorded picture, or null when there is none (development) or it cannot be read. */
export async function loadFirstPicture(): Promise<Keyframe | null> {
  try {
    const response = await fetch(address);
    if (!response.ok || response.headers.get('content-type')?.includes('json') !== true) return null;
    const value: unknown = await response.json();
    return isKeyframe(value) ? value : null;
  } catch {
    return null;
  }
}

/** True while a live picture must wait: the cluster has not yet come to what is on screen. */
export const mustWait = (first: WorldFrame | null, next: WorldFrame): boolean =>
  first !== null && next.preset === first.preset && next.seed === first.seed && next.time < first.time;
