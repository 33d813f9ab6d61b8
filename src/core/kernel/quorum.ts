// Which sizes of quorums a group may have (docs/spec/wal.md §4).

/** WAL-21: any two write quorums meet, and any read quorum meets any write quorum. */
export function checkQuorum(n: number, vw: number, vr: number): 'E_BAD_QUORUM' | null {
  const areCounts = vw >= 1 && vr >= 1 && vw <= n && vr <= n;
  return areCounts && vr + vw > n && 2 * vw > n ? null : 'E_BAD_QUORUM';
}
