// Arithmetic of quorums and watermarks (docs/spec/wal.md §4, §5): pure functions of what members reported.

import type { Lsn } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';

/**
 * What `archivedTo` is sent as while backup is off (WAL-37, "∞"): the largest LSN that the signed wire form carries.
 */
export const ARCHIVE_OFF = (2 ** 52 - 1) as Lsn;

const sorted: number[] = [];

/** The `rank`-th largest value that `valueAt` gives for the members of one set (1 is the largest); −1 when there are fewer. */
export function rankedLargest(
  members: readonly number[],
  rank: number,
  valueAt: (member: number) => number,
): Lsn {
  let count = 0;
  for (const member of members) {
    const value = valueAt(member);
    let i = count++;
    for (; i > 0 && (sorted[i - 1] as number) < value; i--) sorted[i] = sorted[i - 1] as number;
    sorted[i] = value;
  }
  return (rank <= count ? (sorted[rank - 1] as number) : NONE) as Lsn;
}

/** WAL-15: PGCL of a group is the minimum over its sets of the vw-th largest SCL; an unknown SCL is −1. */
export function pgclOf(
  sets: readonly (readonly number[])[],
  vw: number,
  sclOf: (member: number) => number,
): Lsn {
  let pgcl: Lsn | null = null;
  for (const members of sets) {
    const complete = rankedLargest(members, vw, sclOf);
    if (pgcl === null || complete < pgcl) pgcl = complete;
  }
  return pgcl ?? NONE;
}

/** WAL-63: every set has `count` members that satisfy the test (writes, R1, R2, R5, R6). */
export const hasQuorumInEverySet = <T>(
  sets: readonly (readonly T[])[],
  count: number,
  isIn: (member: T) => boolean,
): boolean => sets.every((members) => countMembers(members, isIn) >= count);

/** WAL-63: some set has `count` members that satisfy the test (data reads, Confirm). */
export const hasQuorumInOneSet = <T>(
  sets: readonly (readonly T[])[],
  count: number,
  isIn: (member: T) => boolean,
): boolean => sets.some((members) => countMembers(members, isIn) >= count);

function countMembers<T>(members: readonly T[], isIn: (member: T) => boolean): number {
  let count = 0;
  for (const member of members) if (isIn(member)) count++;
  return count;
}

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
