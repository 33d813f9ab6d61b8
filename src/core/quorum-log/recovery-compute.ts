// Steps R3 and R4 of volume recovery as pure functions (docs/spec/wal.md §9, WAL-51…54): from what a read quorum of every
// group reported to the volume's new end, its new start, the new term history and each group's last record to keep.

import { present } from '../../base/assert.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import type { Descriptor, HistoryEntry } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';

/** What one replica reported in RecoveryInfo. */
export interface RecoveryReport {
  readonly replica: NodeId;
  readonly scl: Lsn;
  readonly ncl: Lsn;
  readonly nwl: Lsn;
  readonly knownVdl: Lsn;
  readonly groupTail: Lsn;
  readonly pgmrpl: Lsn;
  readonly logFloor: Lsn;
  readonly history: readonly HistoryEntry[];
  readonly records: readonly RecordSummary[];
}

export interface RecordSummary {
  readonly lsn: Lsn;
  readonly prevVolume: Lsn;
  readonly cpl: boolean;
}

export interface GroupReports {
  readonly descriptor: Descriptor;
  readonly reports: readonly RecoveryReport[];
}

export interface RecoveredGroup {
  readonly group: GroupId;
  readonly pgclPrime: Lsn;
  readonly maxNwl: Lsn;
  /** Effective SCL of each report, in their order. */
  readonly effectiveScls: readonly Lsn[];
}

export interface Recovered {
  readonly vclPrime: Lsn;
  readonly vdlPrime: Lsn;
  readonly startLsn: Lsn;
  /** H′. */
  readonly history: readonly HistoryEntry[];
  readonly pgmrpl: Lsn;
  readonly groups: readonly RecoveredGroup[];
}

export type RecoveryOutcome =
  | { readonly kind: 'ok'; readonly recovered: Recovered }
  | { readonly kind: 'E_NO_READ_QUORUM'; readonly groups: readonly GroupId[] };

/** WAL-63 (R2): groups that lack a read quorum in some set. */
export const groupsWithoutReadQuorum = (groups: readonly GroupReports[], mutants: Mutants): GroupId[] =>
  groups
    .filter(({ descriptor, reports }) => {
      const isIn = (node: NodeId): boolean => reports.some((report) => report.replica === node);
      return !hasQuorumInEverySet(
        descriptor.sets,
        descriptor.vr - (has(mutants, 'recovery.reads-vr-minus-one') ? 1 : 0),
        isIn,
      );
    })
    .map(({ descriptor }) => descriptor.group);

export function computeRecovery(
  groups: readonly GroupReports[],
  lal: number,
  token: Term,
  mutants: Mutants,
): RecoveryOutcome {
  const lacking = groupsWithoutReadQuorum(groups, mutants);
  if (lacking.length > 0) return { kind: 'E_NO_READ_QUORUM', groups: lacking };
  const base = has(mutants, 'recovery.highest-nwl-first')
    ? historyOfHighestNwl(groups)
    : highestHistory(groups);
  const known = new Map<Lsn, RecordSummary>();
  const effectiveScls = groups.map(({ reports }) =>
    reports.map((report) => {
      const scl = effectiveScl(report, base);
      for (const record of report.records)
        if (record.lsn <= scl && !known.has(record.prevVolume)) known.set(record.prevVolume, record);
      return scl;
    }),
  );
  const walked = walkVolume(groups, known);
  const { vclPrime } = walked;
  const vdlPrime = has(mutants, 'recovery.keeps-half-mtr') ? vclPrime : walked.vdlPrime;
  const last = present(base[base.length - 1], 'an entry of the history');
  const startLsn = (Math.max(vdlPrime, last.startLsn - 1) + lal + 1) as Lsn;
  return {
    kind: 'ok',
    recovered: {
      vclPrime,
      vdlPrime,
      startLsn,
      history: nextHistory(base, { term: token, startLsn, prevEnd: vdlPrime }),
      pgmrpl: groups.reduce<Lsn>(
        (most, { reports }) => Math.max(most, ...reports.map((report) => report.pgmrpl)) as Lsn,
        NONE,
      ),
      groups: groups.map(({ descriptor, reports }, i) => {
        const scls = present(effectiveScls[i], 'effective SCLs');
        return {
          group: descriptor.group,
          pgclPrime: Math.max(...scls) as Lsn,
          maxNwl: maxNwlOf(descriptor, reports, scls, vdlPrime),
          effectiveScls: scls,
        };
      }),
    },
  };
}

/** R3: H is the history with the highest tail term among all replies of all groups (WAL-73: equal terms, equal histories). */
function highestHistory(groups: readonly GroupReports[]): readonly HistoryEntry[] {
  let highest: readonly HistoryEntry[] = [];
  for (const { reports } of groups)
    for (const { history } of reports) if (tailTerm(history) > tailTerm(highest)) highest = history;
  return highest;
}

function historyOfHighestNwl(groups: readonly GroupReports[]): readonly HistoryEntry[] {
  const reports = groups.flatMap((group) => group.reports);
  const highest = Math.max(...reports.map(({ nwl }) => nwl));
  return reports.find(({ nwl }) => nwl === highest)?.history ?? [];
}

export const tailTerm = (history: readonly HistoryEntry[]): number => history[history.length - 1]?.term ?? 0;

/** WAL-51: what a later recovery annulled is never counted, even if the replica did not receive it. */
export function effectiveScl(
  report: Pick<RecoveryReport, 'scl' | 'history'>,
  base: readonly HistoryEntry[],
): Lsn {
  const own = report.history;
  let i = 0;
  while (i < base.length && i < own.length && isSameEntry(base[i] as HistoryEntry, own[i] as HistoryEntry))
    i++;
  return Math.min(report.scl, base[i]?.prevEnd ?? report.scl, own[i]?.prevEnd ?? report.scl) as Lsn;
}

const isSameEntry = (a: HistoryEntry, b: HistoryEntry): boolean =>
  a.term === b.term && a.startLsn === b.startLsn && a.prevEnd === b.prevEnd;

/** WAL-52: the walk over prevVolume from the highest known VDL; exact across groups. */
function walkVolume(
  groups: readonly GroupReports[],
  known: ReadonlyMap<Lsn, RecordSummary>,
): { vclPrime: Lsn; vdlPrime: Lsn } {
  let vclPrime = NONE;
  for (const { reports } of groups)
    for (const { knownVdl } of reports) if (knownVdl > vclPrime) vclPrime = knownVdl;
  let vdlPrime = vclPrime;
  for (let next = known.get(vclPrime); next; next = known.get(vclPrime)) {
    vclPrime = next.lsn;
    if (next.cpl) vdlPrime = next.lsn;
  }
  return { vclPrime, vdlPrime };
}

/** WAL-52: the group's last record to keep; an idle group's log may be gone and still ends at its groupTail. */
function maxNwlOf(
  descriptor: Descriptor,
  reports: readonly RecoveryReport[],
  scls: readonly Lsn[],
  vdlPrime: Lsn,
): Lsn {
  let max = descriptor.baseLsn - 1;
  reports.forEach((report, i) => {
    max = Math.max(max, report.groupTail, report.logFloor);
    for (const { lsn } of report.records)
      if (lsn <= vdlPrime && lsn <= (scls[i] as Lsn) && lsn > max) max = lsn;
  });
  return max as Lsn;
}

/** R4, WAL-54: terms that left nothing are dropped, this one's entry is added. */
export const nextHistory = (base: readonly HistoryEntry[], own: HistoryEntry): readonly HistoryEntry[] => [
  ...base.filter((entry) => entry.startLsn <= own.prevEnd),
  own,
];

/**
 * Whether every term left nothing but its term-start record, so that the volume holds no data yet: each entry begins
 * right where the one before it ended.
 */
export const holdsNoData = (history: readonly HistoryEntry[]): boolean =>
  history.every((entry, i) => i === 0 || entry.prevEnd === history[i - 1]?.startLsn);
