// To which points a backup can be restored (docs/spec/wal.md WAL-43, WAL-44): pure, from the manifest alone.

import type { GroupId, Range } from '../../base/ids.ts';
import type { Manifest, ManifestBase, ManifestCpl, ManifestGroup, ManifestLog } from './objects.ts';

type Archived = Pick<ManifestGroup, 'group' | 'bases' | 'logs'>;
type Backup = Pick<Manifest, 'cpls'> & { readonly groups: readonly Archived[] };

/** What a group's replicas load: the newest usable base and the segments that cover `[base + 1, L + 1)`, in order. */
export interface GroupSource {
  readonly group: GroupId;
  readonly base: ManifestBase;
  readonly logs: readonly ManifestLog[];
}

export type Restorable =
  | { readonly error: null; readonly lsn: number; readonly groups: readonly GroupSource[] }
  | { readonly error: 'E_NOT_A_CPL'; readonly lsn: number }
  /** `missing`: log that no segment of the group holds, or null when there is no base at or below L. */
  | {
      readonly error: 'E_NOT_RESTORABLE';
      readonly lsn: number;
      readonly group: GroupId | null;
      readonly missing: Range | null;
    };

/** End of what the segments cover without a gap from `from` on; `from` itself when nothing does. */
function coveredTo(logs: readonly ManifestLog[], from: number): number {
  let covered = from;
  for (const { first, end } of logs) {
    if (first > covered) break;
    if (end > covered) covered = end;
  }
  return covered;
}

/** Ranges of LSNs that the group's bases and segments give back, ascending, `[first, end)`. */
export function restorableRanges({ bases, logs }: Archived): Range[] {
  const ranges: [number, number][] = [];
  for (const { base } of bases) {
    const end = coveredTo(logs, base + 1);
    const before = ranges[ranges.length - 1];
    if (before && base <= before[1]) before[1] = Math.max(before[1], end);
    else ranges.push([base, end]);
  }
  return ranges;
}

/** Ranges within which every group can be restored, to a CPL. */
export function volumeRanges({ groups }: Pick<Backup, 'groups'>): Range[] {
  let common: Range[] | null = null;
  for (const group of groups) {
    const ranges = restorableRanges(group);
    common = common === null ? ranges : intersect(common, ranges);
  }
  return common ?? [];
}

function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  const both: Range[] = [];
  for (const [first, end] of a)
    for (const other of b) {
      const from = Math.max(first, other[0]);
      const to = Math.min(end, other[1]);
      if (from < to) both.push([from, to]);
    }
  return both;
}

function sourceOf({ group, bases, logs }: Archived, lsn: number): GroupSource | { missing: Range | null } {
  let missing: Range | null = null;
  for (let i = bases.length - 1; i >= 0; i--) {
    const base = bases[i];
    if (!base || base.base > lsn) continue;
    const end = coveredTo(logs, base.base + 1);
    if (end > lsn) {
      // what they have of [base + 1, lsn + 1), which is empty where a base is the point itself
      const isNeeded = ({ first, end: logEnd }: ManifestLog): boolean =>
        Math.max(first, base.base + 1) < Math.min(logEnd, lsn + 1);
      return { group, base, logs: logs.filter(isNeeded) };
    }
    missing ??= [end, Math.min(lsn + 1, logs.find(({ first }) => first > end)?.first ?? lsn + 1)];
  }
  return { missing };
}

/** WAL-43: restorable iff L is a CPL and every group has a base at or below it and its log from there without a gap. */
export function checkRestorable({ groups, cpls }: Backup, lsn: number): Restorable {
  if (!isCpl(cpls, lsn)) return { error: 'E_NOT_A_CPL', lsn };
  const sources: GroupSource[] = [];
  for (const one of groups) {
    const source = sourceOf(one, lsn);
    if ('missing' in source)
      return { error: 'E_NOT_RESTORABLE', lsn, group: one.group, missing: source.missing };
    sources.push(source);
  }
  return { error: null, lsn, groups: sources };
}

function isCpl(cpls: readonly ManifestCpl[], lsn: number): boolean {
  let low = 0;
  let high = cpls.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cpls[middle] as ManifestCpl).lsn < lsn) low = middle + 1;
    else high = middle;
  }
  return cpls[low]?.lsn === lsn;
}

/** WAL-44: at the newest restorable commit with time ≤ t; if there is none, why not the newest commit by then. */
export function restorableAt(backup: Backup, time: number): Restorable {
  const ranges = volumeRanges(backup);
  let refused: Restorable = { error: 'E_NOT_RESTORABLE', lsn: -1, group: null, missing: null };
  for (let i = backup.cpls.length - 1; i >= 0; i--) {
    const cpl = backup.cpls[i];
    if (!cpl?.commit || cpl.time > time) continue;
    if (refused.lsn === -1) refused = checkRestorable(backup, cpl.lsn);
    if (refused.error === null) return refused;
    if (ranges.some(([first, end]) => first <= cpl.lsn && cpl.lsn < end))
      return checkRestorable(backup, cpl.lsn);
  }
  return refused;
}
