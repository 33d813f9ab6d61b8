// Online promote of a reader of shared storage, the part that is arithmetic and stored form (docs/spec/logindex.md §8, FENCE-35 … FENCE-37): from
// where background replay runs as writer, what dirty pages and consistentLsn are held to meanwhile, and what a crash comes back to.

import { bool, branded, type Codec, type Decoded, struct, uint } from '../../base/codec.ts';
import type { Lsn, Term } from '../../base/ids.ts';
import { openWith, sealWith } from '../kernel/framing.ts';

const VERSION = 1;

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

/** In `/control`, one sector. Written at P4 and, with `isReplayed`, at P6. */
export interface RoleRecord {
  readonly token: Term;
  readonly redoStart: Lsn;
  readonly isReplayed: boolean;
}

const roleRecord: Codec<RoleRecord> = struct({
  token: branded<Term>(uint),
  redoStart: branded<Lsn>(uint),
  isReplayed: bool,
});

export const sealRole = (role: RoleRecord): Uint8Array => sealWith(roleRecord, VERSION, role);
export const openRole = (bytes: Uint8Array): Decoded<RoleRecord> => openWith(roleRecord, VERSION, bytes);

/** LI-72: a node that was being promoted under `token` and crashed is the writer once its role record was durable. */
export const isWriterAfterCrash = (token: Term, stored: RoleRecord | null): boolean =>
  stored?.token === token;

/** LI-72: where the start of a writer replays from: redoStart stays until P6, also over further starts. */
export const redoAfterCrash = (stored: RoleRecord | null, checkpointRedo: Lsn): Lsn =>
  stored === null || stored.isReplayed ? checkpointRedo : (Math.min(stored.redoStart, checkpointRedo) as Lsn);
