// Holds of a commit, for the tests that kill the browser while a transaction waits. Absent from what users get: the
// build for those tests (`vite build --mode failpoints`) defines `__FAILPOINTS__` as true, every other one as false.

import type { Failpoint } from './worker-messages.ts';

declare const __FAILPOINTS__: boolean;

/** True only in the build made for kill tests. */
export const failpointsBuilt: boolean = typeof __FAILPOINTS__ === 'boolean' && __FAILPOINTS__;

/** `store-1:3` of the page's address: the third commit of store-1 never completes. */
export function readFailpoint(text: string | null): Failpoint | null {
  if (!failpointsBuilt || text === null) return null;
  const [node = '', count] = text.split(':');
  return { node, holdCommit: Number(count) };
}

/** Where a test hears that a commit is held now. */
const CHANNEL = 'postdb-lab/failpoint';

/** Waits for ever when this commit of the node is the one to be held, or comes after it. */
export function holdAtFailpoint(failpoint: Failpoint | null, node: string, commits: number): Promise<void> {
  if (!failpointsBuilt || failpoint === null || failpoint.node !== node || commits < failpoint.holdCommit)
    return Promise.resolve();
  new BroadcastChannel(CHANNEL).postMessage(node);
  return new Promise(() => {});
}
