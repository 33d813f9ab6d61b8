// A Raft log on a node: one member and its journal (docs/spec/raft.md PCS-5, PCS-8, PCS-15). It carries out what a step of Raft
// asks for: sends what may go at once, writes what is to be durable, then sends what that promises. One write is under way at a
// time, as a crash keeps any part of what was not synced; what waits meanwhile leaves as one record. Who uses the log applies
// what it hands back. A write that failed is tried again: a member that cannot write promises nothing.

import { assert, present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { type RoleContext, storeWrites, wakeAt } from '../kernel/context.ts';
import type { DiskError, Write } from '../kernel/door.ts';
import type { MemberId } from './configuration.ts';
import { step } from './raft.ts';
import { nextWake } from './raft-output.ts';
import { bootstrap, openRaft, type Stored } from './raft-state.ts';
import type {
  AmnesiaReason,
  Entry,
  Fact,
  HardState,
  Input,
  Message,
  Output,
  Persist,
  Raft,
  RaftConfig,
  Snapshot,
  Witness,
} from './raft-types.ts';
import {
  type Checkpoint,
  checkpointDeletions,
  checkpointWrite,
  deletionWrites,
  entriesAbove,
  type JournalPlace,
  type OpenedJournal,
  recordWrites,
} from './stored.ts';

export const RAFT_TIMER = 'raft';
/** A write that failed is tried again then. */
export const JOURNAL_TIMER = 'journal';

/** The node's side of a step: where effects go, and how a message of Raft travels. */
export interface LogPort {
  readonly ctx: RoleContext;
  readonly send: (message: Message) => void;
}

interface Writing {
  storeId: number;
  readonly writes: readonly Write[];
  /** Steps of Raft that are durable with it. */
  readonly persists: readonly Persist[];
  readonly sequence: number;
  /** It is the checkpoint of a snapshot that arrived, or of the first start. */
  readonly isCheckpoint: boolean;
}

export interface NodeLog {
  readonly prefix: string;
  /** Of the identity that it has now. */
  config: RaftConfig;
  readonly bootEpoch: number;
  /** Of the election timeouts: the seed of the run, and which group's log this is. */
  readonly seed: number;
  readonly stream: string;
  readonly retryUs: number;
  /** Null until the member runs. */
  raft: Raft | null;
  /** Voters of a first start whose first entry is being written. */
  bootVoters: readonly MemberId[];
  /** With all that was handed to the disk. */
  hard: HardState;
  /** The last record that is durable. */
  sequence: number;
  queue: Persist[];
  writing: Writing | null;
  /** Place of the newest durable checkpoint, how many there were, and the last record that it makes unnecessary. */
  slot: number;
  checkpoints: number;
  checkpointSequence: number;
  /** Index of the entry up to which that checkpoint is a snapshot. */
  checkpointIndex: number;
  /** One that is written beside the records. */
  checkpointing: { readonly storeId: number; readonly sequence: number; readonly index: number } | null;
  firstKept: number;
  /** When Raft's timer is set for. */
  armedAt: number | null;
}

type Handed = Pick<
  Output,
  'restore' | 'committed' | 'reads' | 'lostReads' | 'accepted' | 'refused' | 'facts'
>;

/** What steps hand to whoever uses the log. */
export interface LogResult {
  /** The state machine is to be replaced by this before `committed` is applied. */
  restore: Snapshot | null;
  readonly committed: Entry[];
  readonly reads: { readonly id: number; readonly index: number }[];
  readonly lostReads: number[];
  accepted: Output['accepted'];
  refused: Output['refused'];
  readonly facts: Fact[];
  /** Parts of the log that became durable, in order. */
  readonly durable: { readonly from: number; readonly entries: readonly Entry[] }[];
}

const nothing = (): LogResult => ({
  restore: null,
  committed: [],
  reads: [],
  lostReads: [],
  accepted: null,
  refused: null,
  facts: [],
  durable: [],
});

export type NodeLogOptions = Pick<NodeLog, 'prefix' | 'config' | 'bootEpoch' | 'seed' | 'stream' | 'retryUs'>;

export const makeNodeLog = (options: NodeLogOptions): NodeLog => ({
  ...options,
  raft: null,
  bootVoters: [],
  hard: { term: 0, votedFor: null },
  sequence: 0,
  queue: [],
  writing: null,
  slot: 1,
  checkpoints: 0,
  checkpointSequence: 0,
  checkpointIndex: 0,
  checkpointing: null,
  firstKept: 1,
  armedAt: null,
});

/** PCS-4: a first start of the group; the member runs once its first entry is durable (`onJournal`). */
export function startNew(log: NodeLog, port: LogPort, voters: readonly MemberId[]): void {
  const { hardState, entries } = bootstrap(log.config.self, log.bootEpoch, voters);
  log.hard = hardState;
  log.bootVoters = voters;
  writeCheckpoint(log, port, [], { snapshot: null, entries });
}

/** The member runs from what its journal holds. */
export function startStored(
  log: NodeLog,
  port: LogPort,
  journal: OpenedJournal,
  witness: Witness | null,
): LogResult {
  const { stored, slot, checkpoints, checkpointSequence, sequence, firstKept } = journal;
  log.hard = stored.hardState;
  Object.assign(log, { slot, checkpoints, checkpointSequence, sequence, firstKept });
  log.checkpointIndex = stored.snapshot?.index ?? 0;
  return run(log, port, { kind: 'stored', ...stored, bootEpoch: log.bootEpoch }, witness);
}

/**
 * PCS-105: a new identity, whose log is empty; it runs once that is durable (`onJournal`). What the journal holds of an earlier one
 * is not deleted before: a crash leaves either identity whole. False while a write of the earlier one is under way.
 */
export function startAs(log: NodeLog, port: LogPort, member: MemberId, place: JournalPlace): boolean {
  if (log.writing !== null || log.checkpointing !== null) return false;
  if (place.checkpoints > log.checkpoints) {
    log.slot = place.slot;
    log.checkpoints = place.checkpoints;
  }
  if (log.raft === null || log.sequence === 0) log.firstKept = place.firstKept;
  const sequence = Math.max(place.sequence, log.sequence);
  Object.assign(log, {
    config: { ...log.config, self: member },
    raft: null,
    bootVoters: [],
    hard: { term: 0, votedFor: null },
    queue: [],
    sequence,
    checkpointSequence: sequence,
    checkpointIndex: 0,
    armedAt: null,
  });
  writeCheckpoint(log, port, [], { snapshot: null, entries: [] });
  return true;
}

/** The member does not run under its old identity: its disk is not the one that made its promises. */
export const startAmnesiac = (log: NodeLog, port: LogPort, why: AmnesiaReason): LogResult => {
  const result = run(log, port, { kind: 'new' }, null);
  collect(result, drive(log, port, { kind: 'invalidateIdentity', why }));
  return result;
};

function run(
  log: NodeLog,
  port: LogPort,
  disk: { readonly kind: 'new' } | ({ readonly kind: 'stored' } & Stored),
  witness: Witness | null,
): LogResult {
  const { config, seed, stream, bootEpoch } = log;
  const { now } = port.ctx;
  log.raft = openRaft({
    config,
    disk,
    witness,
    applied: 0,
    seed,
    stream: `${stream} ${bootEpoch}`,
    now,
  });
  return drive(log, port, { kind: 'wake' });
}

/** One input of Raft; what it asks of disk and network is on its way when this returns. */
export function drive(log: NodeLog, port: LogPort, input: Input): LogResult {
  const result = nothing();
  if (log.raft === null) return result;
  stepInto(log, log.raft, port, result, input);
  pump(log, log.raft, port, result);
  arm(log, log.raft, port.ctx);
  return result;
}

function stepInto(log: NodeLog, raft: Raft, { ctx, send }: LogPort, result: LogResult, input: Input): void {
  const out = step(raft, ctx.now, input);
  out.messages.forEach(send);
  if (out.persist !== null) log.queue.push(out.persist);
  collect(result, out);
}

/** Adds what one step handed out. */
function collect(into: LogResult, from: Handed): void {
  if (from.restore !== null) into.restore = from.restore;
  into.committed.push(...from.committed);
  into.reads.push(...from.reads);
  into.lostReads.push(...from.lostReads);
  into.accepted ??= from.accepted;
  into.refused ??= from.refused;
  into.facts.push(...from.facts);
}

/** Whether the step has something of its own to write: the snapshot of a `compact` is in the checkpoint that goes beside the records. */
const hasWrites = ({ hardState, log }: Persist): boolean => hardState !== null || log !== null;
const isInstall = ({ cutThrough }: Persist): boolean => cutThrough === Number.POSITIVE_INFINITY;

/** Sets the timer where it is to ring earlier or not at all; one that rings too early finds nothing to do. */
function arm(log: NodeLog, raft: Raft, ctx: RoleContext): void {
  const at = nextWake(raft);
  if (at === log.armedAt) return;
  log.armedAt = at;
  wakeAt(ctx, RAFT_TIMER, at as Time | null);
}

/** Begins the next write; steps that wait for nothing are reported at once, in their turn. */
function pump(log: NodeLog, raft: Raft, port: LogPort, result: LogResult): void {
  for (let head = log.queue[0]; head !== undefined && log.writing === null; head = log.queue[0]) {
    if (isInstall(head)) {
      if (log.checkpointing !== null) return; // into the same slot
      log.queue.shift();
      if (head.hardState !== null) log.hard = head.hardState;
      writeCheckpoint(log, port, [head], { snapshot: head.snapshot, entries: [] });
    } else if (hasWrites(head)) {
      const end = log.queue.findIndex(isInstall);
      writeRecord(log, port, log.queue.splice(0, end < 0 ? log.queue.length : end));
    } else {
      log.queue.shift();
      head.promises.forEach(port.send);
      stepInto(log, raft, port, result, { kind: 'persisted' });
    }
  }
}

/** All of these as one record. */
function writeRecord(log: NodeLog, port: LogPort, persists: readonly Persist[]): void {
  let from = 0;
  let entries: readonly Entry[] = [];
  for (const { hardState, log: part } of persists) {
    if (hardState !== null) log.hard = hardState;
    if (part === null) continue;
    const isAbove = from !== 0 && part.from > from;
    entries = isAbove ? [...entries.slice(0, part.from - from), ...part.entries] : part.entries;
    from = isAbove ? from : part.from;
  }
  const sequence = log.sequence + 1;
  const writes = recordWrites(log.prefix, { sequence, ...log.hard, from, entries });
  log.writing = { storeId: storeWrites(port.ctx, writes), writes, persists, sequence, isCheckpoint: false };
}

type Held = Pick<Checkpoint, 'snapshot' | 'entries'>;

function checkpointOf(log: NodeLog, held: Held): Write {
  const { config, bootEpoch, checkpoints, sequence, hard } = log;
  const number = checkpoints + 1;
  const checkpoint = { member: config.self, bootEpoch, number, sequence, ...hard, ...held };
  return checkpointWrite(log.prefix, 1 - log.slot, checkpoint);
}

/** One that later records build on: they wait for it. */
function writeCheckpoint(log: NodeLog, port: LogPort, persists: readonly Persist[], held: Held): void {
  const writes = [checkpointOf(log, held)];
  const { sequence } = log;
  log.writing = { storeId: storeWrites(port.ctx, writes), writes, persists, sequence, isCheckpoint: true };
}

/**
 * PCS-28: the state after applying `index`, as bytes. Its checkpoint goes beside the records, which it does not need: it holds
 * what they hold as well. One at a time.
 */
export function compactLog(log: NodeLog, port: LogPort, index: number, bytes: Uint8Array): LogResult {
  const raft = present(log.raft, 'a member that runs');
  const result = drive(log, port, { kind: 'compact', index, bytes });
  const isBusy = log.checkpointing !== null || log.writing?.isCheckpoint === true;
  if (result.refused !== null || isBusy) return result;
  const { snapshot } = raft;
  const storeId = storeWrites(port.ctx, [
    checkpointOf(log, { snapshot, entries: entriesAbove(raft.log, snapshot) }),
  ]);
  log.checkpointing = { storeId, sequence: log.sequence, index };
  return result;
}

/** Everything that the log has on its disk, and what an earlier identity has left there. It writes nothing more. */
export const deletionsOfLog = (
  { prefix, firstKept, sequence, writing }: NodeLog,
  place: JournalPlace,
): readonly Write[] => [
  ...deletionWrites(
    prefix,
    Math.min(firstKept, place.firstKept),
    Math.max(sequence, place.sequence, writing?.sequence ?? 0),
  ),
  ...checkpointDeletions(prefix),
];

export const isJournalWrite = ({ writing, checkpointing }: NodeLog, storeId: number): boolean =>
  writing?.storeId === storeId || checkpointing?.storeId === storeId;

/** A write has ended. */
export function onJournal(log: NodeLog, port: LogPort, storeId: number, error: DiskError | null): LogResult {
  if (storeId === log.checkpointing?.storeId) {
    const { sequence, index } = log.checkpointing;
    log.checkpointing = null;
    if (error === null) onCheckpoint(log, port, sequence, index);
    return log.raft === null ? nothing() : report(log, log.raft, port, []);
  }
  const { writing } = log;
  assert(writing?.storeId === storeId, 'a write of the journal was under way');
  if (error !== null) {
    writing.storeId = -1;
    wakeAt(port.ctx, JOURNAL_TIMER, (port.ctx.now + log.retryUs) as Time);
    return nothing();
  }
  log.writing = null;
  log.sequence = writing.sequence;
  if (writing.isCheckpoint) onCheckpoint(log, port, log.sequence, writing.persists[0]?.snapshot?.index ?? 0);
  if (log.raft === null) return runNew(log, port);
  return report(log, log.raft, port, writing.persists);
}

/** Of a first start of the group, or of a new member: its log is empty. */
function runNew(log: NodeLog, port: LogPort): LogResult {
  const { config, bootEpoch, bootVoters, hard: hardState } = log;
  const stored =
    bootVoters.length > 0
      ? bootstrap(config.self, bootEpoch, bootVoters)
      : { member: config.self, bootEpoch, hardState, snapshot: null, entries: [] };
  return run(log, port, { kind: 'stored', ...stored }, null);
}

/** What is durable is said, and reported to Raft, in order. */
function report(log: NodeLog, raft: Raft, port: LogPort, persists: readonly Persist[]): LogResult {
  const result = nothing();
  for (const { promises, log: part } of persists) {
    if (part !== null) result.durable.push(part);
    promises.forEach(port.send);
    stepInto(log, raft, port, result, { kind: 'persisted' });
  }
  pump(log, raft, port, result);
  arm(log, raft, port.ctx);
  return result;
}

/** A durable checkpoint frees the records that the one before it made unnecessary: either of the two slots may be lost. */
function onCheckpoint(log: NodeLog, { ctx }: LogPort, sequence: number, index: number): void {
  log.slot = 1 - log.slot;
  log.checkpoints++;
  const freed = log.checkpointSequence;
  log.checkpointSequence = sequence;
  log.checkpointIndex = index;
  if (freed < log.firstKept) return;
  storeWrites(ctx, deletionWrites(log.prefix, log.firstKept, freed));
  log.firstKept = freed + 1;
}

/** A timer of the log; false when it is none. */
export function onLogTimer(log: NodeLog, port: LogPort, timer: string): LogResult | null {
  if (timer === JOURNAL_TIMER) {
    if (log.writing?.storeId === -1) log.writing.storeId = storeWrites(port.ctx, log.writing.writes);
    return nothing();
  }
  if (timer !== RAFT_TIMER) return null;
  log.armedAt = null;
  return drive(log, port, { kind: 'wake' });
}
