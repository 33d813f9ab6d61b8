// A seat of mode `ro` (docs/spec/readers.md): no recovery and no writer. It joins the writer's stream of log records, keeps
// the pages of its buffer up by them, serves SELECT at its visible LSN, reads missing pages from the stores, and reports the
// least read point that it still needs. It is ready with the first RoAccept, whatever the data and the backlog (READ-30).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { EngineProgram, ReaderProgram } from '../engine/engine-program.ts';
import type { EnginePorts, ReaderCache } from '../engine/ports.ts';
import { forTrace, type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Input, NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { isAppointed, readersOf, seatedNodes } from '../kernel/seats.ts';
import type { RuntimeInfo } from '../reader/messages.ts';
import { ANSWER_US, APPLY_TURN_US, JOIN_US, REPORT_US, SILENCE_US } from '../reader/reader-limits.ts';
import {
  makeReaderReads,
  onReaderReadTimer,
  onVersionReply,
  READER_READ_TIMER,
  type ReaderReads,
} from '../reader/reader-reads.ts';
import {
  makeReceiver,
  onAbsent,
  type ReceiverState,
  readJournal,
  receive,
  release,
  restartStream,
  resumeStream,
  runAppliers,
  skipHead,
  takeLoaded,
} from '../reader/receiver.ts';
import {
  addToFile,
  awaitViews,
  type ClassicPart,
  haveOf,
  isReplaying,
  onClassicAccepted,
  onFileRead,
  onFileWritten,
  startClassic,
  storeJournal,
  tendClassic,
} from './classic-reader.ts';
import { ReaderPorts } from './reader-ports.ts';
import { onRequest, refuse, refusePointed, serveWaiters, type Waiter } from './reader-requests.ts';

export const TICK_TIMER = 'ro.tick';
export const APPLY_TIMER = 'ro.apply';

export interface ReaderSeat {
  readonly name: NodeId;
  readonly volume: string;
  /** Nodes that may write the volume; asked in turn. */
  readonly writers: NodeId[];
  /** Place of the one that is asked, or that accepted. */
  writer: number;
  /** ⟨boot epoch, number of the join⟩ as one number. */
  epoch: number;
  /** READ-30: the answer to any join since the last session ended may begin the next one, also when another has been asked since. */
  firstAsked: number;
  /** The newest join that was sent. */
  lastAsked: number;
  /** The writer has accepted this session and has not revoked it. */
  isJoined: boolean;
  /** READ-28: its reads are refused until it has joined again. */
  isRevoked: boolean;
  /** PCS-79: the metadata has removed the node; it serves nobody and joins no more. */
  isRemoved?: true;
  /** It has been ready once in this life. */
  isReady: boolean;
  heardAt: Time;
  joinedAt: number;
  readonly receiver: ReceiverState;
  readonly reads: ReaderReads;
  runtime: RuntimeInfo | null;
  waiters: Waiter[];
  mrpl: Lsn;
  applyDue: boolean;
  /** READ-31: a classic standby, for contrast. */
  classic?: ClassicPart;
  readonly breaks: {
    readonly readsAtVdl: boolean;
    readonly keepsMrpl: boolean;
    readonly ignoresBound: boolean;
  };
}

const JOINS_PER_LIFE = 1_000_000;

export function makeReaderSeat(
  { nodeId, cluster, params, broken }: NodeConfig,
  bootEpoch: number,
  classic?: ClassicPart,
): ReaderSeat {
  const readers = isAppointed(cluster) ? [nodeId] : readersOf(cluster);
  const writers = seatedNodes(cluster).filter((node) => !readers.includes(node));
  return {
    name: nodeId,
    volume: cluster.volume,
    writers,
    writer: 0,
    epoch: bootEpoch * JOINS_PER_LIFE,
    firstAsked: bootEpoch * JOINS_PER_LIFE + 1,
    lastAsked: bootEpoch * JOINS_PER_LIFE,
    isJoined: false,
    isRevoked: false,
    isReady: false,
    heardAt: 0 as Time,
    joinedAt: -1,
    receiver: makeReceiver(broken, classic !== undefined),
    ...(classic && { classic }),
    reads: makeReaderReads(cluster.volume, params.readTimeoutMs * 1000),
    runtime: null,
    waiters: [],
    mrpl: -1 as Lsn,
    applyDue: false,
    breaks: {
      readsAtVdl: broken.includes('reader.reads-at-vdl'),
      keepsMrpl: broken.includes('reader.reports-newest-mrpl'),
      ignoresBound: broken.includes('reader.ignores-bound'),
    },
  };
}

/** What one step works with. */
export interface ReaderStep<E> {
  readonly seat: ReaderSeat;
  readonly meta: NodeId;
  readonly engine: E;
  readonly program: EngineProgram<E>;
  readonly reader: ReaderProgram<E>;
  readonly ctx: RoleContext;
  readonly ports: EnginePorts;
  readonly cache: ReaderCache;
}

function beginJoining(seat: ReaderSeat, ctx: RoleContext): void {
  joinWriter(seat, ctx);
  wakeAt(ctx, TICK_TIMER, (ctx.now + JOIN_US) as Time);
}

export function startReader(seat: ReaderSeat, ctx: RoleContext): void {
  if (!startClassic(seat, ctx)) beginJoining(seat, ctx); // it joins once its file is read
}

export function stepReader<E>(
  program: EngineProgram<E>,
  engine: E,
  seat: ReaderSeat,
  meta: NodeId,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  const { reader } = program;
  if (!reader) return;
  const ports = new ReaderPorts(seat, ctx, meta);
  const cache = reader.readerCache(engine, ctx, ports);
  const step: ReaderStep<E> = { seat, meta, engine, program, reader, ctx, ports, cache };
  if (input.kind === 'message') onMessage(step, input.from, input.message);
  else if (input.kind === 'wake') onTimer(step, input.timer);
  else if (input.kind === 'readDone') {
    if (onFileRead(step, input) === 'read') beginJoining(seat, ctx);
  } else if (input.kind === 'diskDone') {
    const m = onFileWritten(seat, input);
    if (m !== null && isOfStream(step, m)) takeJournal(step, m);
  }
}

function onMessage<E>(step: ReaderStep<E>, from: NodeId, message: Message): void {
  const { seat, ctx, engine, program, ports } = step;
  switch (message.kind) {
    case 'RoAccept':
      if (isAwaited(seat, message.epoch)) onAccept(step, from, message);
      break;
    case 'Journal':
      if (isOfStream(step, message) && !storeJournal(seat, ctx, message)) onJournal(step, message);
      break;
    case 'RuntimeInfo':
      if (!isOfStream(step, message)) break;
      seat.runtime = message.runtime;
      seat.reads.descriptors = message.descriptors;
      onVdl(step, message.vdl);
      break;
    case 'RoRevoke':
      if (message.why === 'old') onOldEpoch(seat, ctx, message.epoch);
      else if (message.why === 'removed') endReading(step, message.why);
      else if (message.epoch === seat.epoch && seat.isJoined) onRevoked(step, message.why);
      break;
    case 'PageReply':
      onPageReply(step, from, message);
      break;
    case 'Views':
      program.onViews(engine, ctx, ports, message);
      break;
    case 'NodeRemoved':
      endReading(step, 'removed');
      break;
    case 'PointedRequest':
      onRequest(step, from, message);
      break;
    case 'SqlRequest':
      refuse(step, from, message, 'READ_ONLY');
      break;
    case 'SqlClose':
      seat.waiters = seat.waiters.filter(
        (one) => one.from !== from || one.message.session !== message.session,
      );
      program.onSqlRequest(engine, ctx, ports, from, message);
      break;
    default:
      break;
  }
}

/** READ-8: of the session and the term that accepted this reader; a higher token means that it has to join again. */
function isOfStream<E>(
  { seat, ctx }: ReaderStep<E>,
  { epoch, token, kind }: MessageOf<'Journal' | 'RuntimeInfo'>,
): boolean {
  if (!seat.isJoined || epoch !== seat.epoch) return false;
  if (token === seat.receiver.token) {
    seat.heardAt = ctx.now;
    return true;
  }
  if (token > seat.receiver.token && kind === 'Journal') joinWriter(seat, ctx);
  return false;
}

/** A new session: until it is accepted nothing of a stream is taken, and reads go on at the visible LSN. */
function joinWriter(seat: ReaderSeat, ctx: RoleContext): void {
  const to = seat.writers[seat.writer % seat.writers.length];
  if (seat.isRemoved) return;
  seat.epoch = Math.max(seat.epoch, seat.lastAsked) + 1;
  seat.lastAsked = seat.epoch;
  if (seat.isJoined) seat.firstAsked = seat.epoch;
  seat.joinedAt = ctx.now;
  seat.isJoined = false;
  if (to === undefined) return;
  const { volume, name: reader, epoch, receiver, mrpl } = seat;
  const have = haveOf(seat);
  send(ctx, to, { kind: 'RoJoin', volume, reader, epoch, history: [...receiver.history], have, mrpl });
}

/** The volume is open at that writer: the reader joins it at once, unless it has, or has just asked. */
export function followWriter(seat: ReaderSeat, ctx: RoleContext, writer: NodeId, token: number): void {
  const { joinedAt, receiver, writers, name } = seat;
  if (writer !== name && !writers.includes(writer)) writers.push(writer); // it was added after this node
  const place = writers.indexOf(writer);
  if (place < 0 || (seat.isJoined && token <= receiver.token) || token < receiver.token) return;
  const isAsked = !seat.isJoined && seat.writer % writers.length === place;
  if (isAsked && ctx.now >= joinedAt && ctx.now < joinedAt + ANSWER_US) return;
  seat.writer = place;
  joinWriter(seat, ctx);
}

/** The seat is to write the volume: whoever waits here is sent on, what is open ends. */
export function leaveReading<E>(
  program: EngineProgram<E>,
  engine: E,
  seat: ReaderSeat,
  ctx: RoleContext,
): void {
  for (const { from, message, traceId } of seat.waiters)
    refusePointed(forTrace(ctx, traceId), from, message, 'NOT_READY');
  seat.waiters = [];
  for (const timer of [TICK_TIMER, APPLY_TIMER, READER_READ_TIMER]) wakeAt(ctx, timer, null);
  if (seat.isReady) program.onFenced(engine, ctx);
}

/** The joins of an earlier part of the seat count no more. */
export function beginAbove(seat: ReaderSeat, epoch: number): void {
  seat.epoch = Math.max(seat.epoch, epoch);
  seat.lastAsked = seat.epoch;
  seat.firstAsked = seat.epoch + 1;
}

/** Of a session that it has begun since, only a later answer counts: the writer has taken that one's place. */
const isAwaited = ({ isJoined, epoch, firstAsked, lastAsked }: ReaderSeat, answered: number): boolean =>
  answered <= lastAsked && (isJoined ? answered > epoch : answered >= firstAsked);

function onAccept<E>(step: ReaderStep<E>, from: NodeId, m: MessageOf<'RoAccept'>): void {
  const { seat, engine, reader, ctx, ports } = step;
  const { receiver, reads } = seat;
  if (m.token < receiver.token) return;
  const isOurs = seat.isJoined && m.token === receiver.token;
  seat.epoch = m.epoch;
  seat.heardAt = ctx.now;
  if (isOurs && m.streamFrom <= receiver.expected) {
    // The same stream under a later session, which the writer has begun with an older pin.
    trace(ctx, { kind: 'ro.mrpl', mrpl: seat.mrpl, applyLsn: receiver.applyLsn, volume: seat.volume });
    return;
  }
  const place = seat.writers.indexOf(from);
  if (place >= 0) seat.writer = place;
  receiver.token = m.token;
  receiver.history = m.history;
  reads.descriptors = m.descriptors;
  seat.runtime = m.runtime;
  seat.isJoined = true;
  seat.isRevoked = false;
  seat.heardAt = ctx.now;
  const isContinued = haveOf(seat) >= 0 && m.streamFrom === m.keep + 1;
  const isKept = isContinued && (!seat.classic || m.keep === haveOf(seat));
  if (isKept) resumeStream(receiver, m.keep);
  else {
    restartStream(receiver, m.vdl, m.groupTails);
    for (const [id, { isNewest }] of reads.pending) if (isNewest) reads.pending.delete(id);
    reader.restartReader(engine, ports);
  }
  onClassicAccepted(seat, ctx, m, isKept);
  if (!seat.isReady) reader.openReader(engine, ctx, ports);
  seat.isReady = true;
  if (seat.mrpl < 0) seat.mrpl = isReplaying(seat) ? m.vdl : receiver.applyLsn;
  if (!isReplaying(seat)) traceReady(seat, ctx, m.streamFrom, isKept);
  onVdl(step, m.vdl);
}

function traceReady(
  { receiver, epoch, volume }: ReaderSeat,
  ctx: RoleContext,
  streamFrom: Lsn,
  kept: boolean,
): void {
  const { applyLsn: readPoint, token } = receiver;
  trace(ctx, { kind: 'ro.ready', token, readPoint, streamFrom, kept, epoch, volume });
}

/** VDL alone says nothing of the stream while a file is being written. */
function onJournal<E>(step: ReaderStep<E>, m: MessageOf<'Journal'>): void {
  if ((step.seat.classic?.storing.size ?? 0) > 0) onVdl(step, m.vdl);
  else takeJournal(step, m);
}

function takeJournal<E>(step: ReaderStep<E>, m: MessageOf<'Journal'>): void {
  const { seat, ctx } = step;
  const { receiver, volume } = seat;
  const { firstLsn, endLsn, vdl } = m;
  const { expected } = receiver;
  const arrival = readJournal(m);
  if (arrival === null || !receive(receiver, arrival)) {
    trace(ctx, { kind: 'ro.gap', expected, firstLsn, code: 'JOURNAL_GAP', volume });
    joinWriter(seat, ctx);
    return;
  }
  addToFile(seat, m);
  trace(ctx, { kind: 'ro.received', firstLsn, endLsn, records: arrival.records.length, vdl, volume });
  onVdl(step, vdl);
}

/** READ-10: VDL releases what it covers; what is held above it waits. */
function onVdl<E>(step: ReaderStep<E>, vdl: Lsn): void {
  const { seat, ctx, cache } = step;
  const { receiver, volume } = seat;
  if (vdl > receiver.vdl) receiver.vdl = vdl;
  const released = release(receiver, cache);
  if (released) {
    const { upTo, records, skipped } = released;
    trace(ctx, { kind: 'ro.released', upTo, vdl: receiver.vdl, records, skipped, volume });
  }
  apply(step);
}

function apply<E>(step: ReaderStep<E>): void {
  const { seat, ctx, cache, program, engine, ports } = step;
  const { receiver, volume } = seat;
  const { applied, isMore, hasMoved, isBehindView } = runAppliers(receiver, cache);
  const { classic } = seat;
  if (isBehindView) awaitViews(seat, ctx, APPLY_TIMER);
  if (classic?.phase === 'replaying' && receiver.applyLsn >= classic.minRecovery) {
    classic.phase = 'ready';
    traceReady(seat, ctx, (receiver.applyLsn + 1) as Lsn, true);
  }
  if (hasMoved && !isReplaying(seat)) {
    const { applyLsn, vdl } = receiver;
    trace(ctx, { kind: 'ro.applied', applyLsn, vdl, applied, volume });
    program.onVdl(engine, ctx, ports);
    serveWaiters(step);
  }
  if (isMore && !seat.applyDue) {
    seat.applyDue = true;
    wakeAt(ctx, APPLY_TIMER, (ctx.now + APPLY_TURN_US) as Time);
  }
}

function onPageReply<E>(step: ReaderStep<E>, from: NodeId, reply: MessageOf<'PageReply'>): void {
  const { seat, ctx, program, reader, engine, ports } = step;
  const { reads, receiver, volume } = seat;
  const found = onVersionReply(reads, ctx, reply);
  if (found === null) return;
  if (found.kind === 'epoch') {
    if (seat.isJoined) joinWriter(seat, ctx);
    return;
  }
  const { blockKey, rp, isNewest } = found.read;
  const origin = { from, readPoint: rp };
  if (found.kind === 'stale') {
    const { floor } = found;
    trace(ctx, { kind: 'ro.stale', blockKey, readPoint: rp, floor, volume });
    if (isNewest) onAbsent(receiver, blockKey);
    reader.onStale(engine, ctx, ports, blockKey, rp);
    return;
  }
  if (!isNewest) {
    reader.onVersion(engine, ctx, ports, blockKey, rp, found.page);
    return;
  }
  if (found.page === null) {
    onAbsent(receiver, blockKey);
    skipHead(receiver, blockKey);
    program.onPage(engine, ctx, ports, blockKey, null, origin);
    if (seat.classic) apply(step);
    return;
  }
  // READ-15: it is brought up to date before a statement sees it.
  const page = reader.withJournal(found.page, takeLoaded(receiver, blockKey));
  if (page === null) ports.pages.requestPage(blockKey);
  else {
    if (seat.classic) seat.classic.counts.loaded++;
    program.onPage(engine, ctx, ports, blockKey, page, origin);
    if (seat.classic) apply(step);
  }
}

/** READ-28: below the raised PGMRPL nothing can be promised; it joins again. */
function onRevoked<E>(step: ReaderStep<E>, why: string): void {
  const { seat, ctx, reader, engine } = step;
  const { epoch, volume } = seat;
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  reader.endViews(engine);
  seat.mrpl = seat.receiver.applyLsn; // older views have ended
  seat.isRevoked = true;
  joinWriter(seat, ctx);
}

/** PCS-79: its last session is over; who waits here goes to another node, a transaction that is open here is lost. */
function endReading<E>(step: ReaderStep<E>, why: string): void {
  const { seat, ctx, reader, engine } = step;
  if (seat.isRemoved) return;
  const { epoch, volume } = seat;
  seat.isRemoved = true;
  seat.isJoined = false;
  trace(ctx, { kind: 'ro.lost', epoch, why, volume });
  if (seat.isReady) reader.endViews(engine);
  for (const { from, message, traceId } of seat.waiters)
    refusePointed(forTrace(ctx, traceId), from, message, 'NOT_READY');
  seat.waiters = [];
}

/** READ-36: the disk that counted its lives is lost; its sessions go on above those that the writer knows. */
function onOldEpoch(seat: ReaderSeat, ctx: RoleContext, known: number): void {
  if (known <= seat.epoch) return; // an older join that came late
  if (!seat.isJoined) beginAbove(seat, known);
  else seat.epoch = known;
  joinWriter(seat, ctx);
}

function onTimer<E>(step: ReaderStep<E>, timer: string): void {
  const { seat, ctx, program, engine, ports } = step;
  if (timer === TICK_TIMER) onTick(step);
  else if (timer === READER_READ_TIMER) onReaderReadTimer(seat.reads, ctx);
  else if (timer === APPLY_TIMER) {
    seat.applyDue = false;
    apply(step);
  } else program.onWake(engine, ctx, ports, timer);
}

/** READ-26 and READ-30: reports, and joins again when nothing comes. */
function onTick<E>(step: ReaderStep<E>): void {
  const { seat, ctx, reader, engine, ports } = step;
  wakeAt(ctx, TICK_TIMER, (ctx.now + (seat.isJoined ? REPORT_US : JOIN_US)) as Time);
  serveWaiters(step);
  tendClassic(seat, ctx);
  if (!seat.isJoined) {
    seat.writer++;
    joinWriter(seat, ctx);
    return;
  }
  if (ctx.now >= seat.heardAt + SILENCE_US) {
    joinWriter(seat, ctx);
    return;
  }
  report(seat, ctx, reader.trimReader(engine, ports));
}

function report(seat: ReaderSeat, ctx: RoleContext, least: Lsn): void {
  const { receiver, volume, name: reader, epoch, breaks } = seat;
  const { applyLsn } = receiver;
  const open = breaks.keepsMrpl ? applyLsn : Math.min(least, applyLsn);
  const mrpl = (isReplaying(seat) ? seat.mrpl : open) as Lsn;
  const to = seat.writers[seat.writer % seat.writers.length];
  if (to === undefined) return;
  if (mrpl !== seat.mrpl) trace(ctx, { kind: 'ro.mrpl', mrpl, applyLsn, volume });
  seat.mrpl = mrpl;
  const have = (receiver.expected - 1) as Lsn;
  send(ctx, to, { kind: 'RoReport', volume, reader, epoch, have, applyLsn, mrpl });
}
