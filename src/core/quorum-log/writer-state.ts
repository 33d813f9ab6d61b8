// State of a volume's writer (docs/spec/wal.md §1–§5): what it has allocated, what it keeps to send again, what its
// replicas have reported, and the watermarks that follow. Plain data; the files writer-*.ts hold the functions.
// Invariants: pgcl, vcl, vdl never fall (WAL-18); vdl ≤ vcl ≤ tail (once the term has begun); `retained` holds exactly the
// records above VDL, one per LSN from `retainedFirst + retainedHead` on; nothing grows with history (WAL-7: at most `lal` retained).

import { present } from '../../base/assert.ts';
import type { GroupId, Lsn, NodeId, RequestNumber, Term, Time } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import type { Descriptor, HistoryEntry } from '../kernel/fields.ts';
import { type Mutants, mutantsAt } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { EncodedRecord } from '../log/record.ts';
import { ownsKey } from '../page/page-key.ts';
import { beginProgress, type ReplicaProgress } from './writer-progress.ts';

export interface WriterReplica {
  readonly node: NodeId;
  progress: ReplicaProgress;
  /** When it last acknowledged under this token. */
  lastReportAt: Time;
  /** It refused for a memberEpoch below its own: what it was sent comes again with newer members (WAL-65). */
  isAhead: boolean;
  /** What was sent to it before the present members were known: refused for that, it comes again once; −1: nothing. */
  staleTo: Lsn;
  /** When its SCL last moved, or this began to be waited for. */
  sclMovedAt: Time;
  /** It has acknowledged OpenVolume of this token. */
  isOpen: boolean;
  /** Records up to here were sent again because a loss was seen (WAL-12). */
  lossTo: Lsn;
  /** Last time the resend timer sent to it; −1: never. */
  resentAt: number;
  /** Its disk refused what it was sent for want of room, and it still lacks that (WAL-77). */
  isFull: boolean;
  /** Last time it was sent the token, history or opening it lacks (WAL-59); −1: never. */
  broughtAt: number;
}

/** A batch as first sent; kept while VDL has not passed it. */
export interface SentBatch {
  readonly first: Lsn;
  readonly last: Lsn;
  /** Last record of the group sent before it. */
  readonly before: Lsn;
  readonly at: Time;
}

export interface WriterGroup {
  readonly index: number;
  descriptor: Descriptor;
  /** Members of every set, then learners (WAL-11). */
  replicas: WriterReplica[];
  /** Member sets as indexes into `replicas`. */
  sets: readonly (readonly number[])[];
  /** Some set has fewer members that answer than a write needs. */
  belowQuorum: boolean;
  /** maxNWL of the recovery that opened this term. */
  readonly maxNwl: Lsn;
  tail: Lsn;
  pgcl: Lsn;
  /** Last record of the group at or below VDL. */
  groupTail: Lsn;
  /** As reported by the group's archiver; −1 until it has spoken to this writer. */
  archivedTo: Lsn;
  /** LSNs of its retained records: `[head, sent)` were sent, `[sent, …)` wait in the log buffer. */
  lsns: Lsn[];
  head: number;
  sent: number;
  bufferedBytes: number;
  bufferedSince: Time;
  batches: SentBatch[];
  batchHead: number;
  /** When anything was last sent to all its replicas. */
  sentAt: Time;
}

export interface PendingRead {
  readonly reqId: RequestNumber;
  readonly blockKey: number;
  readonly group: number;
  rp: Lsn;
  groupRp: Lsn;
  /** Index of the replica asked, or −1 when none qualified. */
  asked: number;
  /** Refusals in a row; at the number of replicas it waits for the timer. */
  refusals: number;
  deadline: Time;
}

/** A page asked for as of an older read point, to look at it only. */
export interface PageProbe {
  readonly blockKey: number;
  readonly readPoint: Lsn;
}

export interface WriterLimits {
  readonly lal: number;
  readonly groupCommitMaxUs: number;
  readonly resendUs: number;
  readonly heartbeatUs: number;
  /** PRE-7: a batch leaves at this size. */
  readonly batchBytes: number;
  readonly readTimeoutUs: number;
  readonly bringUs: number;
  readonly holdMaxUs: number;
  /** The volume is backed up: GC waits for its archivers (WAL-37). */
  readonly isArchived: boolean;
}

export interface WriterState {
  readonly volume: string;
  /** The metadata's node, to fetch members from; null in tests that have none. */
  readonly meta: NodeId | null;
  mapVersion: number;
  /** Last time it asked for members; −1: never. */
  membersAskedAt: number;
  readonly term: Term;
  readonly startLsn: Lsn;
  /** VDL′ of the recovery that opened this term. */
  readonly vdlPrime: Lsn;
  readonly history: readonly HistoryEntry[];
  readonly limits: WriterLimits;
  /** Planted bugs that are on in this volume. */
  readonly mutants: Mutants;
  readonly groups: WriterGroup[];
  readonly groupIndex: Map<GroupId, number>;
  tail: Lsn;
  vcl: Lsn;
  vdl: Lsn;
  pgmrpl: Lsn;
  /** WAL-77: the group of which a write quorum has no room, null: none; who has none; how often that has changed. */
  full: { readonly group: GroupId | null; readonly nodes: readonly NodeId[]; readonly changes: number };
  /** W3: nothing is allocated any more, until a thaw or for ever. */
  isFrozen: boolean;
  /** Greatest token seen above its own (WAL-13), or null. */
  fencedBy: Term | null;
  /** PCS-87: transactions may begin to write up to then. */
  beginsUntil: Time;
  retained: EncodedRecord[];
  retainedGroup: number[];
  retainedHead: number;
  /** LSN of `retained[0]`. */
  retainedFirst: Lsn;
  /** Groups with records in the log buffer, oldest first. */
  buffered: number[];
  /** All groups, the one that got nothing for longest first. */
  readonly beatOrder: Set<number>;
  /** Armed timers, −1 when not armed. */
  flushAt: number;
  resendAt: number;
  readAt: number;
  /** Page reads on their way, by page key; oldest deadline first. */
  reads: Map<number, PendingRead>;
  /** Pages read as of an older read point, by request; nothing waits for them. */
  readonly probes: Map<RequestNumber, PageProbe>;
  /** Position of the last refusal traced, so that a waiting caller is reported once. */
  refusedAt: Lsn;
}

export interface OpenedGroup {
  readonly descriptor: Descriptor;
  readonly maxNwl: Lsn;
  /** SCLs reported under this token (HistoryAck, OpenAck), by replica. */
  readonly scls: ReadonlyMap<NodeId, Lsn>;
  readonly opened: readonly NodeId[];
}

export interface OpenedVolume {
  readonly volume: string;
  readonly isArchived: boolean;
  readonly meta: NodeId | null;
  readonly term: Term;
  readonly startLsn: Lsn;
  readonly vdlPrime: Lsn;
  readonly pgmrpl: Lsn;
  readonly history: readonly HistoryEntry[];
  readonly groups: readonly OpenedGroup[];
}

/** R7: the writer starts with tail = startLsn − 1 and VCL = VDL = VDL′. */
export function makeWriter(opened: OpenedVolume, params: Params, mutants: Mutants, now: Time): WriterState {
  const groups = opened.groups.map((group, index) => makeGroup(group, index, now));
  return {
    volume: opened.volume,
    meta: opened.meta,
    mapVersion: 0,
    membersAskedAt: -1,
    term: opened.term,
    startLsn: opened.startLsn,
    vdlPrime: opened.vdlPrime,
    history: opened.history,
    limits: {
      lal: params.lal,
      batchBytes: params.batchBytes,
      groupCommitMaxUs: params.groupCommitMaxUs,
      resendUs: params.resendMs * 1000,
      heartbeatUs: params.writerHeartbeatMs * 1000,
      readTimeoutUs: params.readTimeoutMs * 1000,
      bringUs: params.recoveryRetryMs * 1000,
      holdMaxUs: params.holdMaxMs * 1000,
      isArchived: opened.isArchived,
    },
    mutants: mutantsAt(mutants, opened.volume),
    groups,
    groupIndex: new Map(groups.map((group) => [group.descriptor.group, group.index])),
    tail: (opened.startLsn - 1) as Lsn,
    vcl: opened.vdlPrime,
    vdl: opened.vdlPrime,
    pgmrpl: opened.pgmrpl,
    full: { group: null, nodes: [], changes: 0 },
    isFrozen: false,
    fencedBy: null,
    beginsUntil: Number.MAX_SAFE_INTEGER as Time,
    retained: [],
    retainedGroup: [],
    retainedHead: 0,
    retainedFirst: opened.startLsn,
    buffered: [],
    beatOrder: new Set(groups.map((group) => group.index)),
    flushAt: -1,
    resendAt: -1,
    readAt: -1,
    reads: new Map(),
    probes: new Map(),
    refusedAt: NONE,
  };
}

function makeGroup(opened: OpenedGroup, index: number, now: Time): WriterGroup {
  const { descriptor, maxNwl } = opened;
  const nodes = [...new Set([...descriptor.sets.flat(), ...descriptor.learners])];
  return {
    index,
    descriptor,
    replicas: nodes.map((node) => {
      const { scls, opened: open } = opened;
      return makeReplica(node, scls.get(node) ?? null, open.includes(node), now);
    }),
    sets: setsOf(descriptor, nodes),
    belowQuorum: false,
    maxNwl,
    tail: maxNwl,
    pgcl: maxNwl,
    groupTail: maxNwl,
    archivedTo: NONE,
    lsns: [],
    head: 0,
    sent: 0,
    bufferedBytes: 0,
    bufferedSince: now,
    batches: [],
    batchHead: 0,
    sentAt: now,
  };
}

export const setsOf = (descriptor: Descriptor, nodes: readonly NodeId[]): number[][] =>
  descriptor.sets.map((set) => set.map((node) => nodes.indexOf(node)));

export const makeReplica = (node: NodeId, scl: Lsn | null, isOpen: boolean, now: Time): WriterReplica => ({
  node,
  progress: beginProgress(scl),
  lastReportAt: now,
  isAhead: false,
  isFull: false,
  staleTo: NONE,
  sclMovedAt: now,
  isOpen,
  lossTo: NONE,
  resentAt: -1,
  broughtAt: -1,
});

/** Last record of the group that was sent, or −1 when none of those retained was. */
export const lastSent = (group: WriterGroup): Lsn => group.lsns[group.sent - 1] ?? NONE;

/** Whether less than `spanUs` has passed since `at`; what lies ahead (a clock set back) or never was counts as long ago. */
export const isWithin = (at: number, spanUs: number, now: Time): boolean =>
  at >= 0 && at <= now && at + spanUs > now;

export const groupAt = (w: WriterState, index: number): WriterGroup =>
  present(w.groups[index], 'group of the writer');

export const findGroup = (w: WriterState, id: GroupId): WriterGroup | null => {
  const index = w.groupIndex.get(id);
  return index === undefined ? null : groupAt(w, index);
};

export const findReplica = (group: WriterGroup, node: NodeId): WriterReplica | null =>
  group.replicas.find((replica) => replica.node === node) ?? null;

export const retainedRecord = (w: WriterState, lsn: Lsn): EncodedRecord =>
  present(w.retained[lsn - w.retainedFirst], 'retained record', lsn);

/** WAL-11: the group whose key range holds the page, at the writer's geometry; groups are in key order. */
export function groupOfKey(w: WriterState, blockKey: number): WriterGroup {
  let low = 0;
  let high = w.groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (groupAt(w, middle).descriptor.keyFirst <= blockKey) low = middle;
    else high = middle - 1;
  }
  const group = groupAt(w, low);
  return present(ownsKey(group.descriptor, blockKey) ? group : null, 'group of page key', blockKey);
}
