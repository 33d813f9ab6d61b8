// What a session waits for, as one number.

import type { Waiting } from './engine-state.ts';

type Lock = Extract<Waiting, { kind: 'lock' | 'relation' | 'virtualxid' | 'advisory' }>;

/** For another session. */
export const isLocked = (waiting: Waiting | null): waiting is Lock =>
  waiting?.kind === 'lock' ||
  waiting?.kind === 'relation' ||
  waiting?.kind === 'virtualxid' ||
  waiting?.kind === 'advisory';

/** Page key, xid, relation, SCN or the lower half of an advisory lock's number; records that it wants room for; 1 for metadata that may be old; or −1. */
export function waitsFor(waiting: Waiting | null): number {
  switch (waiting?.kind) {
    case 'page':
      return waiting.blockKey;
    case 'lock':
      return waiting.xid;
    case 'relation':
    case 'readers':
      return waiting.relation;
    case 'advisory':
      return waiting.wish.key.low;
    case 'commit':
      return waiting.scn;
    case 'log':
      return waiting.records;
    case 'metadata':
      return waiting.isStale ? 1 : 0;
    default:
      return -1;
  }
}
