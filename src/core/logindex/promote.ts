// Online promote of a reader of shared storage, the part that is arithmetic (docs/spec/logindex.md §8, FENCE-35, FENCE-36): from where background
// replay runs as writer, and what dirty pages and consistentLsn are held to meanwhile.

import type { Lsn } from '../../base/ids.ts';

export interface Promotion {
  /** Background replay of [redoStart, endLsn] runs as writer. */
  readonly redoStart: Lsn;
  /** Last durable CPL; what lies above is cut off, and the next LSN is the one after it (LI-73). */
  readonly endLsn: Lsn;
  bgReplayedLsn: Lsn;
}

/** P4. `consistentLsn` as the old writer published it last. */
export function promote(bgReplayedLsn: Lsn, consistentLsn: Lsn, applyLsn: Lsn): Promotion {
  const redoStart = Math.min(bgReplayedLsn, consistentLsn) as Lsn;
  return { redoStart, endLsn: applyLsn, bgReplayedLsn: redoStart };
}

/** P6. */
export const isReplayed = ({ bgReplayedLsn, endLsn }: Promotion): boolean => bgReplayedLsn >= endLsn;

/** LI-71: the oldestLsn of a page that is dirtied now and the bound of consistentLsn; null when normal rules hold. */
export const dirtyFloor = (promotion: Promotion | null): Lsn | null =>
  promotion === null || isReplayed(promotion) ? null : promotion.bgReplayedLsn;
