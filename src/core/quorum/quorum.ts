// Arithmetic of quorums, for log groups (docs/spec/wal.md §1, §4, §10) and Raft groups (raft.md) alike: whether enough members of each set say
// so, and what enough of them have reached. A group has one set of members, two while a change is open. Pure. The monitors (sim/checks)
// have an arithmetic of their own on purpose.

/** How many members of a set are enough: as many in each set, or more than half of each. */
export type QuorumSize = number | 'majority';

const sizeIn = (size: QuorumSize, members: number): number =>
  size === 'majority' ? Math.floor(members / 2) + 1 : size;

/** WAL-21: any two write quorums of `vw` of `n` members meet, and any read quorum of `vr` meets any write quorum. Null: it is so. */
export function checkQuorum(n: number, vw: number, vr: number): 'E_BAD_QUORUM' | null {
  const areCounts = vw >= 1 && vr >= 1 && vw <= n && vr <= n;
  return areCounts && vr + vw > n && 2 * vw > n ? null : 'E_BAD_QUORUM';
}

/** WAL-63, PCS-24: every set has a quorum of members that satisfy the test (writes, R1, R2, R5, R6; votes). False in a set without members. */
export const hasQuorumInEverySet = <T>(
  sets: readonly (readonly T[])[],
  size: QuorumSize,
  isIn: (member: T) => boolean,
): boolean => sets.every((members) => hasQuorum(members, size, isIn));

/** WAL-63: some set has a quorum of members that satisfy the test (data reads, Confirm). */
export const hasQuorumInOneSet = <T>(
  sets: readonly (readonly T[])[],
  size: QuorumSize,
  isIn: (member: T) => boolean,
): boolean => sets.some((members) => hasQuorum(members, size, isIn));

function hasQuorum<T>(members: readonly T[], size: QuorumSize, isIn: (member: T) => boolean): boolean {
  let count = 0;
  for (const member of members) if (isIn(member)) count++;
  return count >= sizeIn(size, members.length);
}

/**
 * WAL-15, PCS-16, PCS-24: the highest value that a quorum of every set has reached, by `valueAt`. `none`: where a set has fewer members
 * than a quorum, and without sets.
 */
export function valueAtQuorum<T>(
  sets: readonly (readonly T[])[],
  size: QuorumSize,
  valueAt: (member: T) => number,
  none: number,
): number {
  let least: number | null = null;
  for (const members of sets) {
    const value = valueIn(members, sizeIn(size, members.length), valueAt, none);
    if (least === null || value < least) least = value;
  }
  return least ?? none;
}

/** The `rank`-th largest value of the members (1 is the largest). */
function valueIn<T>(
  members: readonly T[],
  rank: number,
  valueAt: (member: T) => number,
  none: number,
): number {
  // Asked for at each acknowledgement, of a few members: each is compared with all, and nothing is made.
  for (const member of members) {
    const value = valueAt(member);
    let above = 0;
    let same = 0;
    for (const other of members) {
      const one = valueAt(other);
      if (one > value) above++;
      else if (one === value) same++;
    }
    if (above < rank && rank <= above + same) return value;
  }
  return none;
}
