// What a recovery would keep if the writer died now (WAL-51, 52): the
// recovery formula at its worst and at its best choice of Vr replicas of every group. PGCL' of a group is the largest
// SCL among the replicas that answer; VCL' walks the records from the floor; VDL' is the last CPL it reaches. Both grow
// with every group's PGCL', so the two extremes of each group give the exact bracket.

import type { RecordView } from '../../../../../core/log/record-view.ts';

export interface BracketGroup {
  readonly group: string;
  readonly vr: number;
  /** SCL and known VDL of the replicas that are known, for each set of members: R2 needs Vr of every one (WAL-63). */
  readonly sets: readonly (readonly { readonly scl: number; readonly knownVdl: number }[])[];
}

export interface Bracket {
  readonly least: number;
  readonly most: number;
}

/** The smallest and the largest that the maximum of a choice of `take` values of every set can be. */
function extremes(
  sets: readonly (readonly number[])[],
  take: number,
): readonly [least: number, most: number] | null {
  let bounds: readonly [number, number] | null = null;
  for (const values of sets) {
    const sorted = [...values].sort((a, b) => a - b);
    const least = sorted[take - 1];
    const most = sorted.at(-1);
    if (take < 1 || least === undefined || most === undefined) return null;
    bounds = bounds === null ? [least, most] : [Math.max(bounds[0], least), Math.max(bounds[1], most)];
  }
  return bounds;
}

function walk(records: readonly RecordView[], floor: number, limits: ReadonlyMap<string, number>): number {
  let reached = floor;
  let durable = floor;
  for (const record of records) {
    if (record.lsn <= reached) continue;
    if (record.prevVolume !== reached) break;
    if (record.lsn > (limits.get(record.group) ?? -1)) break;
    reached = record.lsn;
    if (record.cpl) durable = reached;
  }
  return durable;
}

/**
 * The bracket, or null when some group has too few known replicas or the records do not reach back to the floor. `underWay`: the newest record of a
 * group that is written and not synced, or in a message on its way: a dead writer's last messages still arrive.
 */
export function recoveryBracket(
  groups: readonly BracketGroup[],
  records: readonly RecordView[],
  underWay: ReadonlyMap<string, number> = new Map(),
): Bracket | null {
  const worst = new Map<string, number>();
  const best = new Map<string, number>();
  let floor = -1;
  for (const { group, vr, sets } of groups) {
    const scls = extremes(
      sets.map((replicas) => replicas.map(({ scl }) => scl)),
      vr,
    );
    const vdls = extremes(
      sets.map((replicas) => replicas.map(({ knownVdl }) => knownVdl)),
      vr,
    );
    if (scls === null || vdls === null) return null;
    worst.set(group, scls[0]);
    best.set(group, Math.max(scls[1], underWay.get(group) ?? -1));
    floor = Math.max(floor, vdls[0]);
  }
  const first = records[0];
  if (first === undefined || first.prevVolume > floor) return null;
  // Of records that are in messages alone neither links nor ends of MTRs are known.
  const newest = Math.max(...underWay.values(), -1);
  const most = walk(records, floor, best);
  const isUnknown = newest > (records.at(-1)?.lsn ?? -1);
  return { least: walk(records, floor, worst), most: isUnknown ? Math.max(most, newest) : most };
}
