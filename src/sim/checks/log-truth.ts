// The log as it truly is, recomputed from trace events alone: which records each group's history has, which replica
// holds them durably, and from that PGCL, VCL and VDL. Monitors compare what nodes claim against it.
// Every operation is amortised constant in the number of records.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';

interface ReplicaTruth {
  /** Records of the group's history, from its start, that are durable here without a gap: an index into `lsns`. */
  prefix: number;
  /** Durable, above the prefix. */
  readonly above: Set<number>;
  /** Durable here while above VDL: what a later recovery may have to delete. */
  uncertain: number[];
  /** Its disk was lost, or it is yet to be made: it holds nothing until a base image gives it a start (WAL-71). */
  isLost: boolean;
  /** SCL when its disk was lost, or −1: what it had acknowledged counts until the writer's sets are without it (WAL-15). */
  lostScl: number;
}

export interface GroupTruth {
  readonly id: GroupId;
  /** Replicas it has while none is moved. */
  readonly copies: number;
  readonly vw: number;
  readonly vr: number;
  /** Member sets that the writer of the present term works with: two while a change is open. */
  sets: readonly (readonly NodeId[])[];
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
  /** Places in `groups`. */
  readonly places: ReadonlyMap<string, number>;
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
  readonly written: Written;
  /** Members that later terms begin with, by term, then group. */
  readonly adopted: Map<number, Map<string, Members>>;
  /** Annulled ranges `(after, before)` by the term that annulled them. */
  annulled: { readonly term: number; readonly after: number; readonly before: number }[];
  /** The highest `before` of them: no LSN at or above it is annulled, which spares new records the search. */
  annulledTo: number;
}

/** Up to where the log had been written, at instants that are SETTLE_US apart or more. */
interface Written {
  /** When the newest record was. */
  at: Time;
  /** When `before` was the highest LSN; `settled` was it SETTLE_US or more before that. */
  turnedAt: Time;
  before: number;
  settled: number;
}

/** In a calm a record that was written so long ago is on every replica, µs. */
const SETTLE_US = 1_000_000;

/** Members as a trace tells them: sets with a bar between, nodes with a comma between. */
export interface Members {
  readonly sets: readonly (readonly NodeId[])[];
  readonly learners: readonly NodeId[];
}

const namesOf = (text: string): NodeId[] => (text === '' ? [] : (text.split(',') as NodeId[]));

export const parseMembers = (sets: string, learners: string): Members => ({
  sets: sets.split('|').map(namesOf),
  learners: namesOf(learners),
});

const PRUNE_AT = 1024;
const UNCERTAIN_PRUNE_AT = 512;

export function makeLogTruth(cluster: Pick<ClusterSpec, 'groups'>, isResumed: boolean): LogTruth {
  const groups = cluster.groups.map((group) => ({
    id: group.id,
    copies: group.replicas.length,
    vw: group.vw,
    vr: group.vr,
    sets: [group.replicas],
    lsns: [0],
    base: -1,
    replicas: new Map(group.replicas.map((node): [NodeId, ReplicaTruth] => [node, makeReplicaTruth(false)])),
    pgcl: -1,
  }));
  // LSN 0, the genesis record, belongs to every initial group (WAL-4).
  return {
    groups,
    places: new Map(groups.map(({ id }, place) => [id, place])),
    volume: [],
    complete: 0,
    term: 1,
    tail: 0,
    vcl: 0,
    vdl: 0,
    highest: 0,
    written: { at: 0 as Time, turnedAt: 0 as Time, before: 0, settled: 0 },
    isLearning: isResumed,
    adopted: new Map(),
    annulled: [],
    annulledTo: 0,
  };
}

const makeReplicaTruth = (isLost: boolean): ReplicaTruth => ({
  prefix: 0,
  above: new Set<number>(),
  uncertain: [],
  isLost,
  lostScl: -1,
});

/** The writer of `term` works with these members from here on; of a later term: from its beginning. */
export function adoptTruth(truth: LogTruth, term: number, id: string, members: Members): void {
  if (term > truth.term) {
    const groups = truth.adopted.get(term) ?? new Map<string, Members>();
    groups.set(id, members);
    truth.adopted.set(term, groups);
    return;
  }
  const group = term === truth.term ? groupTruth(truth, id) : undefined;
  if (!group) return;
  applyMembers(truth, group, members);
  advance(truth); // fewer sets may be complete where two were not
}

/** Within a term PGCL does not fall (WAL-18): what it has reached was durable under the members of then. */
function applyMembers(truth: LogTruth, group: GroupTruth, { sets, learners }: Members): void {
  for (const node of [...sets.flat(), ...learners])
    if (!group.replicas.has(node)) group.replicas.set(node, makeReplicaTruth(!truth.isLearning));
  group.sets = sets;
  for (const [node, replica] of group.replicas)
    if (!sets.some((members) => members.includes(node))) replica.lostScl = -1;
  group.pgcl = Math.max(group.pgcl, quorumScl(group));
}

/** The member sets that R1 of a term has to reach. */
export const setsOfTerm = (truth: LogTruth, group: GroupTruth, term: number): GroupTruth['sets'] =>
  truth.adopted.get(term)?.get(group.id)?.sets ?? group.sets;

/** A disk is lost, or a removed replica has deleted its copy. */
export function loseTruth(group: GroupTruth, node: NodeId): void {
  const replica = group.replicas.get(node);
  if (!replica) return;
  const lostScl = Math.max(replica.lostScl, trueScl(group, node));
  group.replicas.set(node, { ...makeReplicaTruth(true), lostScl });
}

/** The replica may be made from nothing once more (PCS-120). */
export function remakeTruth(group: GroupTruth, node: NodeId): void {
  group.replicas.set(node, makeReplicaTruth(false));
}

export const isLostTruth = (group: GroupTruth, node: NodeId): boolean =>
  group.replicas.get(node)?.isLost ?? true;

/**
 * A replica has deleted its copy: as no member any more, or as rolled back. While the metadata still has it as a member,
 * what it reported before still counts in what the writer and its peers know to be durable (seed 281).
 */
export function dropTruth(group: GroupTruth, node: NodeId): void {
  if (group.sets.some((members) => members.includes(node))) loseTruth(group, node);
  else group.replicas.delete(node);
}

/** A base image gives a replica every record at or below `base`; what it holds above stays (WAL-71). */
export function baseTruth(truth: LogTruth, group: GroupTruth, node: NodeId, base: number): void {
  const replica = group.replicas.get(node) ?? makeReplicaTruth(true);
  group.replicas.set(node, replica);
  replica.isLost = false;
  let held = group.lsns.findIndex((lsn) => lsn > base);
  if (held === -1) held = group.lsns.length;
  replica.prefix = Math.max(replica.prefix, held);
  for (const lsn of replica.above) if (lsn <= base) replica.above.delete(lsn);
  durableTruth(truth, group, node, []);
}

/** Records at or below `vdl` that fewer than `least` of these members hold, lowest first; the first one, or null. */
export function thinlyHeld(
  group: GroupTruth,
  members: readonly NodeId[],
  least: number,
  vdl: number,
): number | null {
  for (let i = 0; i < group.lsns.length; i++) {
    const lsn = group.lsns[i] as number;
    if (lsn > vdl) return null;
    let holders = 0;
    for (const node of members) {
      const replica = group.replicas.get(node);
      if (replica && !replica.isLost && (i < replica.prefix || replica.above.has(lsn))) holders++;
    }
    if (holders < least) return lsn;
  }
  return null;
}

export const groupTruth = (truth: LogTruth, id: string): GroupTruth | undefined =>
  truth.groups[truth.places.get(id) ?? -1];

/** The MTR `[first, last]` was appended; `owners` is the group of each record. */
export function appendTruth(truth: LogTruth, at: Time, first: number, owners: readonly string[]): void {
  noteWritten(truth, at);
  owners.forEach((owner, i) => {
    const index = truth.places.get(owner) ?? -1;
    const lsn = first + i;
    truth.groups[index]?.lsns.push(lsn);
    truth.volume.push({ lsn, group: index, cpl: i === owners.length - 1 });
    truth.tail = lsn;
    truth.highest = Math.max(truth.highest, lsn);
  });
}

function noteWritten({ written, highest }: LogTruth, at: Time): void {
  written.at = at;
  if (at - written.turnedAt < SETTLE_US) return;
  written.settled = written.before;
  written.before = highest;
  written.turnedAt = at;
}

/** The last LSN that was written long enough ago: a writer whose background work goes on writes in a calm, too. */
export const settledLsn = ({ written: { at, settled } }: LogTruth, now: Time): number =>
  now - at >= SETTLE_US ? Number.POSITIVE_INFINITY : settled;

/** The first MTR of a new term: everything above `vdlPrime` is annulled. */
export function beginTerm(truth: LogTruth, term: number, vdlPrime: number, startLsn: number): void {
  truth.term = term;
  truth.tail = startLsn - 1;
  for (const [id, members] of truth.adopted.get(term) ?? []) {
    const group = groupTruth(truth, id);
    if (group) applyMembers(truth, group, members);
  }
  for (const known of truth.adopted.keys()) if (known <= term) truth.adopted.delete(known);
  truth.annulled.push({ term, after: vdlPrime, before: startLsn });
  truth.annulledTo = Math.max(truth.annulledTo, startLsn);
  if (truth.isLearning) {
    startFrom(truth, vdlPrime);
    return;
  }
  for (const group of truth.groups) {
    while (group.lsns.length > 0 && (group.lsns[group.lsns.length - 1] as number) > vdlPrime)
      group.lsns.pop();
    for (const replica of group.replicas.values()) {
      replica.prefix = Math.min(replica.prefix, group.lsns.length);
      replica.lostScl = Math.min(replica.lostScl, vdlPrime);
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

/** The last record of the group's history at or below `lsn`; the last one forgotten, or −1, when none is remembered. */
export function lastRecord(group: GroupTruth, lsn: number): number {
  const above = group.lsns.findIndex((one) => one > lsn);
  const count = above === -1 ? group.lsns.length : above;
  return count === 0 ? Math.min(group.base, lsn) : (group.lsns[count - 1] as number);
}

/** Durable SCL of a replica as the disks truly are. */
export const trueScl = (group: GroupTruth, node: NodeId): number => {
  const replica = group.replicas.get(node);
  if (replica?.isLost) return -1;
  return replica === undefined || replica.prefix === 0
    ? group.base
    : (group.lsns[replica.prefix - 1] as number);
};

/** What a write quorum may count: an acknowledgement can arrive after the disk it speaks of is gone. */
const countedScl = (group: GroupTruth, node: NodeId): number =>
  Math.max(trueScl(group, node), group.replicas.get(node)?.lostScl ?? -1);

/** SCLs of one set's members, greatest first; used within one call. */
const falling: number[] = [];

function quorumScl(group: GroupTruth): number {
  let least = Number.MAX_SAFE_INTEGER;
  for (const members of group.sets) {
    let count = 0;
    for (const node of members) {
      const scl = countedScl(group, node);
      let i = count++;
      for (; i > 0 && (falling[i - 1] as number) < scl; i--) falling[i] = falling[i - 1] as number;
      falling[i] = scl;
    }
    least = Math.min(least, group.vw <= count ? (falling[group.vw - 1] as number) : -1);
  }
  return least;
}

export function durableTruth(
  truth: LogTruth,
  group: GroupTruth,
  node: NodeId,
  lsns: readonly number[],
): void {
  const replica = group.replicas.get(node);
  if (replica === undefined || truth.isLearning) return;
  const before = replica.prefix;
  for (const lsn of lsns) {
    if (lsn <= group.base) continue;
    if (lsn !== group.lsns[replica.prefix]) replica.above.add(lsn);
    else {
      replica.prefix++;
      if (replica.above.size > 0) replica.above.delete(lsn);
    }
    if (lsn > truth.vdl) replica.uncertain.push(lsn);
  }
  while (
    replica.above.size > 0 &&
    replica.prefix < group.lsns.length &&
    replica.above.delete(group.lsns[replica.prefix] as number)
  )
    replica.prefix++;
  if (replica.uncertain.length > UNCERTAIN_PRUNE_AT) pruneUncertain(truth, replica);
  if (replica.prefix === before && lsns.length > 0) return;
  group.pgcl = Math.max(group.pgcl, quorumScl(group));
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
  lsn < truth.annulledTo &&
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
    for (const { prefix, isLost } of group.replicas.values()) drop = Math.min(drop, isLost ? 0 : prefix);
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
  const found = truth.volume[countBefore(truth.volume, (record) => record.lsn < lsn)];
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

/** Damage took these records above VDL from the replica: no recovery can have it delete them. */
export function forgetUncertain(group: GroupTruth, node: NodeId, isGone: (lsn: number) => boolean): void {
  const replica = group.replicas.get(node);
  if (replica) replica.uncertain = replica.uncertain.filter((lsn) => !isGone(lsn));
}
