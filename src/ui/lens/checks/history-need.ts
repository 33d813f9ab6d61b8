// What the tabs of clients' operations ask of the past: calls, returns, starts of drivers, which forget their
// calls, which reader served what, and which serializable transactions were refused.

import type { PastNeed } from '../use-past.ts';

export const historyNeed: PastNeed = {
  minRank: 0,
  kinds: [
    'op.invoke',
    'op.return',
    'node.open',
    'session.read',
    'ro.ready',
    'recovery.done',
    'tx.unserializable',
  ],
  withMessages: false,
};

/** Virtual ms that may be looked at. */
export const spans = ['20', '100', '500', '2000'] as const;
export type SpanText = (typeof spans)[number];
