// The log as it truly is, recomputed from trace events alone: which records each group's history has, which replica
// holds them durably, and from that PGCL, VCL and VDL. Monitors compare what nodes claim against it.
// Every operation is amortised constant in the number of records.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/door.ts';

interface ReplicaTruth {
  /** Records of the group's history, from its start, that are durable here without a gap: an index into `lsns`. */
  prefix: number;
  /** Durable, above the prefix. */
  readonly above: Set<number>;
  /** Durable here while above VDL: what a later recovery may have to delete. */
  uncertain: number[];
}

export interface GroupTruth {
  readonly id: GroupId;
  readonly vw: number;
  /** Record LSNs of the current history above what was pruned, ascending. */
  lsns: number[];
  /** Last pruned LSN, or −1. */
  base: number;
  readonly replicas: Map<NodeId, ReplicaTruth>;
  pgcl: number;
}

interface VolumeRecord {
  readonly lsn: number;
  readonly group: number;
  readonly cpl: boolean;
}

export interface LogTruth {
  readonly groups: GroupTruth[];
  volume: VolumeRecord[];
  /** Records of `volume` that are at their quorum, from the start. */
  complete: number;
  term: number;
  tail: number;
  vcl: number;
  vdl: number;
  /** A run that was resumed: nothing is known before its first recovery, which then counts as the start. */
  isLearning: boolean;
  /** Highest LSN ever given to a record, over all terms. */
  highest: number;
  /** Annulled ranges `(after, before)` by the term that annulled them. */
  annulled: { readonly term: number; readonly after: number; readonly before: number }[];
}

const PRUNE_AT = 4096;
const UNCERTAIN_PRUNE_AT = 512;

export function makeLogTruth(cluster: ClusterSpec, isResumed: boolean): LogTruth {
  const groups = cluster.groups.map((group) => ({
    id: group.id,
    vw: group.vw,
    lsns: [0],
    base: -1,
    replicas: new Map(
      group.replicas.map((node) => [node, { prefix: 0, above: new Set<number>(), uncertain: [] }]),
    ),
    pgcl: -1,
  }));
  // LSN 0, the genesis record, belongs to every initial group (WAL-4).
  return {
    groups,
    volume: [],
    complete: 0,
    term: 1,
    tail: 0,
    vcl: 0,
    vdl: 0,
    highest: 0,
    isLearning: isResumed,
    annulled: [],
  };
}

export const groupTruth = (truth: LogTruth, id: string): GroupTruth | undefined =>
  truth.groups.find((group) => group.id === id);

/** The MTR `[first, last]` was appended; `owners` is the group of each record. */
export function appendTruth(truth: LogTruth, first: number, owners: readonly string[]): void {
  owners.forEach((owner, i) => {
    const index = truth.groups.findIndex((group) => group.id === owner);
    const lsn = first + i;
    truth.groups[index]?.lsns.push(lsn);
    truth.volume.push({ lsn, group: index, cpl: i === owners.length - 1 });
    truth.tail = lsn;
    truth.highest = Math.max(truth.highest, lsn);
  });
}

/** The first MTR of a new term: everything above `vdlPrime` is annulled. */
export function beginTerm(truth: LogTruth, term: number, vdlPrime: number, startLsn: number): void {
  truth.term = term;
  truth.tail = startLsn - 1;
  truth.annulled.push({ term, after: vdlPrime, before: startLsn });
  if (truth.isLearning) {
    startFrom(truth, vdlPrime);
    return;
  }
  for (const group of truth.groups) {
    while (group.lsns.length > 0 && (group.lsns[group.lsns.length - 1] as number) > vdlPrime)
      group.lsns.pop();
    for (const replica of group.replicas.values()) {
      replica.prefix = Math.min(replica.prefix, group.lsns.length);
      for (const lsn of replica.above) if (lsn > vdlPrime) replica.above.delete(lsn);
    }
    group.pgcl = quorumScl(group);
  }
  while (truth.volume.length > 0 && (truth.volume[truth.volume.length - 1] as VolumeRecord).lsn > vdlPrime)
    truth.volume.pop();
  truth.complete = Math.min(truth.complete, truth.volume.length);
  advance(truth);
  truth.vcl = Math.min(truth.vcl, vdlPrime);
  truth.vdl = Math.min(truth.vdl, vdlPrime);
  advance(truth);
}

/** What recovery kept counts as held everywhere: the log before it was not seen. */
function startFrom(truth: LogTruth, vdlPrime: number): void {
  truth.isLearning = false;
  truth.volume = [];
  truth.complete = 0;
  truth.vcl = vdlPrime;
  truth.vdl = vdlPrime;
  for (const group of truth.groups) {
    group.lsns = [];
    group.base = vdlPrime;
    group.pgcl = vdlPrime;
    for (const replica of group.replicas.values()) {
      replica.prefix = 0;
      replica.above.clear();
      replica.uncertain = [];
    }
  }
}

/** Durable SCL of a replica as the disks truly are. */
export const trueScl = (group: GroupTruth, node: NodeId): number => {
  const replica = group.replicas.get(node);
  return replica === undefined || replica.prefix === 0
    ? group.base
    : (group.lsns[replica.prefix - 1] as number);
};

function quorumScl(group: GroupTruth): number {
  const scls = [...group.replicas.keys()].map((node) => trueScl(group, node)).sort((a, b) => b - a);
  return scls[group.vw - 1] ?? -1;
}

export function durableTruth(
  truth: LogTruth,
  group: GroupTruth,
  node: NodeId,
  lsns: readonly number[],
): void {
  const replica = group.replicas.get(node);
  if (replica === undefined || truth.isLearning) return;
  for (const lsn of lsns) {
    if (lsn <= group.base) continue;
    replica.above.add(lsn);
    if (lsn > truth.vdl) replica.uncertain.push(lsn);
  }
  const before = replica.prefix;
  while (replica.prefix < group.lsns.length && replica.above.delete(group.lsns[replica.prefix] as number))
    replica.prefix++;
  if (replica.uncertain.length > UNCERTAIN_PRUNE_AT) pruneUncertain(truth, replica);
  if (replica.prefix === before) return;
  group.pgcl = quorumScl(group);
  advance(truth);
}

function pruneUncertain(truth: LogTruth, replica: ReplicaTruth): void {
  const kept = new Set<number>();
  for (const lsn of replica.uncertain)
    if (lsn > truth.vdl || isAnnulled(truth, lsn, Number.MAX_SAFE_INTEGER)) kept.add(lsn);
  replica.uncertain = [...kept];
}

/** True when a history of term ≤ `term` annuls the LSN. */
export const isAnnulled = (truth: LogTruth, lsn: number, term: number): boolean =>
  truth.annulled.some((range) => range.term <= term && lsn > range.after && lsn < range.before);

function advance(truth: LogTruth): void {
  let record = truth.volume[truth.complete];
  while (record !== undefined && record.lsn <= (truth.groups[record.group]?.pgcl ?? -1)) {
    truth.complete++;
    truth.vcl = record.lsn;
    if (record.cpl) truth.vdl = record.lsn;
    record = truth.volume[truth.complete];
  }
  if (truth.complete > PRUNE_AT) prune(truth);
}

/** Forgets records that every replica holds and that lie below VDL. */
function prune(truth: LogTruth): void {
  for (const group of truth.groups) {
    let drop = group.lsns.length;
    for (const replica of group.replicas.values()) drop = Math.min(drop, replica.prefix);
    while (drop > 0 && (group.lsns[drop - 1] as number) > truth.vdl) drop--;
    if (drop === 0) continue;
    group.base = group.lsns[drop - 1] as number;
    group.lsns = group.lsns.slice(drop);
    for (const replica of group.replicas.values()) replica.prefix -= drop;
  }
  let keep = truth.complete;
  while (keep > 0 && (truth.volume[keep - 1] as VolumeRecord).lsn >= truth.vdl) keep--;
  truth.volume = truth.volume.slice(keep);
  truth.complete -= keep;
}

/** True when `lsn` is the last record of an MTR of the current history, or lies below what is remembered. */
export function isCpl(truth: LogTruth, lsn: number): boolean {
  const first = truth.volume[0];
  if (first === undefined || lsn < first.lsn) return true;
  let low = 0;
  let high = truth.volume.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((truth.volume[middle] as VolumeRecord).lsn < lsn) low = middle + 1;
    else high = middle;
  }
  const found = truth.volume[low];
  return found !== undefined && found.lsn === lsn && found.cpl;
}

/** What the replica must delete when it installs a history whose last entry annuls `(after, before)`; forgets what it deletes. */
export function truncateTruth(
  group: GroupTruth,
  node: NodeId,
  removed: readonly number[],
  after: number,
  before: number,
): readonly number[] {
  const replica = group.replicas.get(node);
  if (replica === undefined) return [];
  const gone = new Set(removed);
  const left = new Set(replica.uncertain.filter((lsn) => lsn > after && lsn < before && !gone.has(lsn)));
  replica.uncertain = replica.uncertain.filter((lsn) => !gone.has(lsn));
  for (const lsn of gone) replica.above.delete(lsn);
  const cut = group.lsns.findIndex((lsn) => gone.has(lsn));
  if (cut >= 0 && replica.prefix > cut) {
    for (const lsn of group.lsns.slice(cut, replica.prefix)) if (!gone.has(lsn)) replica.above.add(lsn);
    replica.prefix = cut;
    group.pgcl = quorumScl(group);
  }
  return [...left].sort((a, b) => a - b);
}
