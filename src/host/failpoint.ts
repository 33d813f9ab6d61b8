// Holds of a commit, for the tests that kill the browser while a transaction waits. Absent from what users get: the
// build for those tests (`vite build --mode failpoints`) defines `__FAILPOINTS__` as true, every other one as false.

import type { Failpoint } from './worker-messages.ts';

declare const __FAILPOINTS__: boolean;

/** True only in the build made for kill tests. */
export const failpointsBuilt: boolean = typeof __FAILPOINTS__ === 'boolean' && __FAILPOINTS__;

const steps = ['stage', 'switch', 'settle'] as const;

/** `store-1:3` of the page's address: the third commit of store-1 never completes; `fabric:switch`: a run never takes another's place. */
export function readFailpoint(text: string | null): Failpoint | null {
  if (!failpointsBuilt || text === null) return null;
  const [node = '', count] = text.split(':');
  const holdCommit = steps.find((step) => step === count) ?? Number(count);
  return { node, holdCommit };
}

/** Where a test is notified that a commit is held now. */
const CHANNEL = 'postdb-lab/failpoint';

/** Where a test names, while the cluster runs, a node of which no further commit completes. */
const HOLD_CHANNEL = 'postdb-lab/failpoint/hold';

const heldFromNow = new Set<string>();
if (failpointsBuilt)
  new BroadcastChannel(HOLD_CHANNEL).onmessage = ({ data }) => heldFromNow.add(String(data));

/** Waits for ever when this commit of the node is the one to be held, or comes after it. */
export function holdAtFailpoint(
  failpoint: Failpoint | null,
  node: string,
  at: Failpoint['holdCommit'],
): Promise<void> {
  if (!failpointsBuilt || !(isHoldInstructed(node, at) || isAt(failpoint, node, at)))
    return Promise.resolve();
  new BroadcastChannel(CHANNEL).postMessage(node);
  return new Promise(() => {});
}

const isHoldInstructed = (node: string, at: Failpoint['holdCommit']): boolean =>
  typeof at === 'number' && heldFromNow.has(node);

function isAt(failpoint: Failpoint | null, node: string, at: Failpoint['holdCommit']): boolean {
  if (failpoint === null || failpoint.node !== node) return false;
  const { holdCommit } = failpoint;
  return typeof at === 'number' && typeof holdCommit === 'number' ? at >= holdCommit : at === holdCommit;
}
