// Row locks of a query, as the parser and as SQL text name them.

import type { LockStrength } from './access.ts';

export const LOCK_NAMES: readonly string[] = [
  'FOR KEY SHARE',
  'FOR SHARE',
  'FOR NO KEY UPDATE',
  'FOR UPDATE',
];

export const LOCK_STRENGTHS: ReadonlyMap<string, LockStrength> = new Map([
  ['LCS_FORKEYSHARE', 0],
  ['LCS_FORSHARE', 1],
  ['LCS_FORNOKEYUPDATE', 2],
  ['LCS_FORUPDATE', 3],
]);
