// What has to hold of the replicas of a world (hole-world-state.ts) at any instant.

import { isMember, listRanges } from '../../../log/range-set.ts';
import { nextHole } from '../hole-list.ts';
import type { Replica, World } from './hole-world-state.ts';

export function check(holds: boolean, what: () => string): void {
  if (!holds) throw new Error(what());
}

/** HOLE-24. */
export function checkRequests(r: Replica): void {
  const { list, peers } = r.state;
  const live = peers.flatMap(({ reqList }) => reqList);
  for (const [first, end] of listRanges(list.sent)) {
    const hole = nextHole(list, first, end);
    check(hole?.[0] === first && hole[1] === end, () => `${r.id} sent flag on data in [${first},${end})`);
    for (let at = first; at < end; at++) {
      const owners = live.filter(({ gapFirst, gapEnd }) => gapFirst <= at && at < gapEnd).length;
      check(owners === 1, () => `${r.id} sent position ${at} is in ${owners} live requests`);
    }
  }
  for (const { gapFirst, gapEnd, curGapPos } of live) {
    const name = (): string => `${r.id} live request [${gapFirst},${gapEnd}) at ${curGapPos}`;
    check(nextHole(list, gapFirst, gapEnd, true) !== null, () => `${name()} without a sent position`);
    check(nextHole(list, gapFirst, gapEnd)?.[0] === curGapPos, () => `${name()} is not at its first hole`);
  }
}

/** DATA is what the log holds; and at the current epoch the log holds nothing that history annulled. */
export function checkTruth(w: World, r: Replica): void {
  if (r.state.volumeEpoch !== w.token) return;
  const known = new Map(w.truth.map(({ record: { lsn: at, term: of } }) => [at, of]));
  for (const [at, of] of known)
    if (isMember(r.state.list.data, at))
      check(r.disk.log.get(at)?.record.term === of, () => `${r.id} claims ${at} without its record`);
  for (const at of r.disk.log.keys()) check(known.has(at), () => `${r.id} holds the annulled ${at}`);
}
