// Arithmetic of watermarks (docs/spec/wal.md §4, §5): pure functions of what members reported.

import type { Lsn } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import { valueAtQuorum } from '../quorum/quorum.ts';

/**
 * What `archivedTo` is sent as while backup is off (WAL-37, "∞"): the largest LSN that the signed wire form carries.
 */
export const ARCHIVE_OFF = (2 ** 52 - 1) as Lsn;

/** WAL-15: PGCL of a group is the minimum over its sets of the vw-th largest SCL; an unknown SCL is −1. */
export const pgclOf = (
  sets: readonly (readonly number[])[],
  vw: number,
  sclOf: (member: number) => number,
): Lsn => valueAtQuorum(sets, vw, sclOf, NONE) as Lsn;

/** WAL-25: PGMRPL never falls; with no instance it stays. */
export function nextPgmrpl(old: Lsn, mrpls: readonly number[]): Lsn {
  if (mrpls.length === 0) return old;
  return Math.max(old, Math.min(...mrpls)) as Lsn;
}

/** What holdTo needs of a member (WAL-37). */
export interface HoldMember {
  readonly scl: number;
  /** Virtual µs since its SCL last moved. */
  readonly stillUs: number;
}

/**
 * WAL-37: the minimum SCL of all members, learners included. With `holdMaxUs` above 0 a member that lags behind the
 * group's tail and has not moved for that long no longer holds GC back; 0 is off: GC waits for every member.
 */
export function holdToOf(members: readonly HoldMember[], groupTail: number, holdMaxUs: number): Lsn {
  let hold = groupTail;
  for (const member of members) {
    const isDead = holdMaxUs > 0 && member.scl < groupTail && member.stillUs >= holdMaxUs;
    if (!isDead && member.scl < hold) hold = member.scl;
  }
  return hold as Lsn;
}
