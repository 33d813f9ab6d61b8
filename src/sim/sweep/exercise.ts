// What happened in a swept run, as counters: how often each, by the events that count.

import { type LimitName, limitNames } from '../../core/kernel/limits.ts';
import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';
import { kindsOf } from '../kinds.ts';
import { makeFailoverExercise } from './failover-exercise.ts';
import { makeHoleExercise } from './hole-exercise.ts';
import { makeRareExercise } from './rare-exercise.ts';
import { makeServerExercise } from './server-losses.ts';

/** What happened in a run, so that nobody takes an empty one for a clean one. */
export const makeExercise = () => ({
  ...makeHoleExercise(),
  ...makeFailoverExercise(),
  ...makeServerExercise(),
  ...makeRareExercise(),
  crashes: 0,
  recoveries: 0,
  cuts: 0,
  tornTails: 0,
  holeFills: 0,
  truncations: 0,
  /** Readers that began anew, and that went on with their pages; sessions revoked, gaps of a stream, reads that had to wait for
   * their LSN, and that another node took over. */
  readersReady: 0,
  readersResumed: 0,
  readersRevoked: 0,
  readerGaps: 0,
  readsWaited: 0,
  readsPassedOn: 0,
  /** Of shared storage: slots of readers that were dropped, promotes whose background replay ended, replicas of chunks taken back. */
  slotsDropped: 0,
  promotesEnded: 0,
  chunksAdmitted: 0,
  chunkMoves: 0,
  /** Pages that the gate held back, statements that waited for a frame because of it, candidates that were passed over for their lag. */
  flushesBlocked: 0,
  flushStalls: 0,
  candidatesPassed: 0,
  /** Pages that were stored behind a snapshot, and pages that readers built on one. */
  snapshots: 0,
  snapshotsRead: 0,
  /** Readers that the journal of the file system had lapped, chunks by which that grew, blocks that were lacking and came from a peer. */
  journalLaps: 0,
  growths: 0,
  devicesFull: 0,
  blocksRepaired: 0,
  /** Locks of definitions that readers replayed, and relations whose files went. */
  tableLocks: 0,
  filesRemoved: 0,
  /** Nodes that were added and have joined, and those that ended because they were removed. */
  nodesJoined: 0,
  nodesEnded: 0,
  /** Where tables are cut into tablets: steps of definitions, groups made, shards after the first, primaries that were lost, and what
   * the planner began; nodes that were to be drained; replicas that were not made from nothing. */
  tableSteps: 0,
  groupsMade: 0,
  shardsRolled: 0,
  primariesLost: 0,
  moves: 0,
  transfers: 0,
  /** Reads of several groups that were answered, those that failed, and parts of transactions at repeatable read. */
  gathers: 0,
  gathersFailed: 0,
  gathersKept: 0,
  drains: 0,
  splits: 0,
  splitsGivenUp: 0,
  merges: 0,
  mergesGivenUp: 0,
  creationsRefused: 0,
  readsConfirmed: 0,
  /** Leaders of the metadata where it has several nodes, and those after one was lost. */
  elections: 0,
  reelections: 0,
  /** Changes of who holds the metadata, members that came back under another identity, orders that were answered. */
  pcsChanges: 0,
  pcsReturned: 0,
  /** Nodes that a change of its members was to take out. */
  pcsLeft: 0,
  pcsOrders: 0,
  /** Versions of the configuration, nodes that drifted, and those that were healed. */
  configPuts: 0,
  configDrifts: 0,
  configHealed: 0,
  /** Statements on its views that were answered: by the leader, and by any of its nodes. */
  viewReads: 0,
  staleViewReads: 0,
  memberChanges: 0,
  rollbacks: 0,
  disksLost: 0,
  disksRolledBack: 0,
  /** Replicas made anew, and members healed, from base images. */
  baseImages: 0,
  baseHeals: 0,
  /** Replicas that kept out of a recovery for damage. */
  abstentions: 0,
  /** Times a group had fewer members that answer than a write needs. */
  belowQuorum: 0,
  /** Log segments and parts of base images archived, archivers named anew, outages of the object store seen. */
  archived: 0,
  archiveBases: 0,
  archivers: 0,
  archiveOutages: 0,
  /** Lost objects put again, and those that stayed lost. */
  archiveRepairs: 0,
  archiveGaps: 0,
  /** Volumes restored, and loads that went on after a crash or an outage. */
  restores: 0,
  restoresResumed: 0,
  /** Countable operations that were judged, and tables read back by every access path. */
  counted: 0,
  readBack: 0,
  /** Transactions judged by what their levels promise, and those of them that readers served. */
  judged: 0,
  judgedOnReaders: 0,
  /** At repeatable read and serializable, of the latter those that only read, and transactions that were refused so that they would not break their level (40001). */
  judgedRepeatable: 0,
  judgedSerializable: 0,
  judgedReadOnly: 0,
  serialRefusals: 0,
  /** Serializable transactions that emptied a table, wrote by upserts, referred to rows, and changed an index. */
  serialEmptied: 0,
  serialUpserts: 0,
  serialReferred: 0,
  serialRedefined: 0,
  /** Indexes built, those of them CONCURRENTLY, tables altered, changes of definitions whose outcome nobody knows, and looks at a foreign key that stood. */
  indexBuilds: 0,
  concurrentBuilds: 0,
  tablesAltered: 0,
  definitionsUnknown: 0,
  referencesJudged: 0,
  /** Writes of rows that do not fit into a page, and reads that were held against what the rows say. */
  largeWrites: 0,
  largeReads: 0,
  /** Statements that their timeout ended, whose writes were looked for at the end (FENCE-47). */
  statementTimeouts: 0,
  /** Values of sequences and identity columns that were answered. */
  valuesDrawn: 0,
  /** Structure checks of all pages, and recoveries that went without one. */
  pageChecks: 0,
  pagesUnread: 0,
  /** Redo equivalence: comparisons of everything, reads held against the log, pages, versions and buffer pages compared. */
  redoChecks: 0,
  redoReads: 0,
  /** Pages that readers read, held against the log. */
  readerReads: 0,
  redoPages: 0,
  redoVersions: 0,
  redoBuffered: 0,
  /** Structure checks of the log cut at the end of an MTR. */
  logCuts: 0,
  /** Pages that began anew from a stored version, and those that nothing could be held against. */
  redoRebased: 0,
  redoUnknown: 0,
  /** Of the indexes: leaves at the last check, most leaves without an entry, inner pages at the last (a root has split). */
  indexLeaves: 0,
  emptyLeaves: 0,
  innerPages: 0,
  /** Holes and page reads that somebody reachable could give, seen at two looks or more; the longest, in ‰ of its bound. */
  livenessStood: 0,
  livenessLongest: 0,
  /** Messages of an earlier term that came after a change of writer and were refused. */
  oldRefused: 0,
  commits: 0,
  /** Calls of the loads, and those of which nobody knows whether they took effect: answered so, or never. */
  operations: 0,
  unknown: 0,
  /** Of these: ended by a cancel while they were under way. */
  cancelled: 0,
  /** Transactions of several requests of which one was given up, cancelled or refused, and what was answered in these afterwards. */
  blocksFailed: 0,
  blocksEnded: 0,
  /** Most operations on one key that were open at once. */
  overlap: 0,
  events: 0,
  windows: 0,
  virtualUs: 0,
  /** Lives of nodes in which each limit was reached (core/kernel/limits.ts). */
  ...noLimits(),
});
export type Exercise = ReturnType<typeof makeExercise>;

const noLimits = (): Record<LimitName, number> =>
  Object.fromEntries(limitNames.map((name) => [name, 0])) as Record<LimitName, number>;

/** Kinds that count by what they hold. */
/** SQLSTATE of a request that was cancelled. */
const CANCELLED = '57014';

const chosenCounters = kindsOf(
  'world.action',
  'hole.rebuild',
  'recovery.history',
  'group.move.done',
  'base.installed',
  'recovery.told',
  'group.quorum',
  'wal.refused',
  'limit.reached',
  'archive.outage',
  'pcs.change.begin',
  'pcs.admitted',
  'ro.ready',
  'ro.waited',
  'group.shards',
  'plan.begin',
  'gather.end',
  'gather.part',
  'promote.step',
  'fs.synced',
  'ro.lock',
  'ha.lags',
  'ro.replayed',
  'op.return',
);

const plainCounters: { readonly [K in TraceKind]?: keyof Exercise } = {
  'slot.dropped': 'slotsDropped',
  'chunk.admitted': 'chunksAdmitted',
  'chunk.left': 'chunkMoves',
  'chunk.repaired': 'blocksRepaired',
  'flush.blocked': 'flushesBlocked',
  'flush.backpressure': 'flushStalls',
  'fs.grown': 'growths',
  'fs.full': 'devicesFull',
  'snapshot.logged': 'snapshots',
  'relation.removed': 'filesRemoved',
  'node.down': 'crashes',
  'table.step': 'tableSteps',
  'group.made': 'groupsMade',
  'leader.lost': 'primariesLost',
  'node.offline': 'drains',
  'split.cut': 'splits',
  'split.end': 'splitsGivenUp',
  'merge.cut': 'merges',
  'merge.end': 'mergesGivenUp',
  'create.refused': 'creationsRefused',
  'read.answered': 'readsConfirmed',
  'recovery.done': 'recoveries',
  'hole.fill': 'holeFills',
  'disk.lost': 'disksLost',
  'disk.rolledBack': 'disksRolledBack',
  'commit.ack': 'commits',
  'archive.segment': 'archived',
  'archive.base': 'archiveBases',
  'archive.named': 'archivers',
  'archive.repaired': 'archiveRepairs',
  'archive.gap': 'archiveGaps',
  'raft.leader': 'elections',
  'pcs.change.done': 'pcsChanges',
  'pcs.order': 'pcsOrders',
  'config.put': 'configPuts',
  'config.drift': 'configDrifts',
  'config.healed': 'configHealed',
  'ro.revoked': 'readersRevoked',
  'ro.gap': 'readerGaps',
  'driver.reader': 'readsPassedOn',
  'block.failed': 'blocksFailed',
  'block.answered': 'blocksEnded',
  'node.joined': 'nodesJoined',
  'node.exit': 'nodesEnded',
  'restore.done': 'restores',
  'restore.resume': 'restoresResumed',
};

export const isCounted = (kind: TraceKind): boolean =>
  chosenCounters.all.has(kind) || plainCounters[kind] !== undefined;

/** What the event counts as. */
export function counterOf(event: TraceEvent): keyof Exercise | null {
  if (!chosenCounters.isOf(event)) return plainCounters[event.kind] ?? null;
  switch (event.kind) {
    case 'world.action':
      return !event.isUndo && ['cut', 'isolate', 'partition'].includes(event.action) ? 'cuts' : null;
    case 'fs.synced':
      return event.mode === 'RELOAD' ? 'journalLaps' : null;
    case 'ro.lock':
      return event.state === 'replayed' ? 'tableLocks' : null;
    case 'ro.replayed':
      return event.source === 'SNAPSHOT' ? 'snapshotsRead' : null;
    case 'ha.lags':
      return event.others > 0 ? 'candidatesPassed' : null;
    case 'promote.step':
      return event.step === 'P6' ? 'promotesEnded' : null;
    case 'hole.rebuild':
      return event.torn ? 'tornTails' : null;
    case 'recovery.history':
      return event.removed.length > 0 ? 'truncations' : null;
    case 'group.move.done':
      return event.outcome === 'done' ? 'memberChanges' : event.outcome === 'rolledBack' ? 'rollbacks' : null;
    case 'base.installed':
      return event.why === 'learner' ? 'baseImages' : 'baseHeals';
    case 'recovery.told':
      return event.error === 'NOT_READY' ? 'abstentions' : null;
    case 'group.quorum':
      return event.state !== 'OK' ? 'belowQuorum' : null;
    case 'wal.refused':
      return event.code === 'TOKEN_STALE' ? 'oldRefused' : null;
    case 'limit.reached':
      return limitNames.find((name) => name === event.limit) ?? null;
    case 'ro.ready':
      return event.kept ? 'readersResumed' : 'readersReady';
    case 'ro.waited':
      return event.code === '' ? 'readsWaited' : null;
    case 'pcs.change.begin':
      return event.want === 'out' ? 'pcsLeft' : null;
    case 'pcs.admitted':
      return event.as.includes('#') ? 'pcsReturned' : null;
    case 'group.shards':
      return event.firsts.length > 1 ? 'shardsRolled' : null;
    case 'plan.begin':
      return event.why === 'transfer' || event.why === 'ISOLATE' ? 'transfers' : 'moves';
    case 'gather.end':
      return event.code === '' ? 'gathers' : 'gathersFailed';
    case 'gather.part':
      return event.read > event.tx && event.volume !== '' ? 'gathersKept' : null;
    case 'op.return':
      return event.outcome === 'unknown' && event.value === CANCELLED ? 'cancelled' : null;
    case 'archive.outage':
      return event.state === 'begin' ? 'archiveOutages' : null;
  }
}
