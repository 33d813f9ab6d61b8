// The compute engine's door: what the compute role calls. Each call makes an `Env`, lets ready sessions run, and ends.
// The engine never sends log or reads storage itself: it appends MTRs to a log and asks a source of pages (ports.ts).

import { assert } from '../../base/assert.ts';
import { BadBytes } from '../../base/bytes.ts';
import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { hasReaders } from '../kernel/attachments.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import { MAX_PAGE_BYTES, MIN_PAGE_BYTES, pageKind, pageKinds } from '../page/page.ts';
import { type PageKey, RELATIONS_PER_GROUP, relationOf, SYSTEM_RELATIONS } from '../page/page-key.ts';
import { checkPage } from '../page/redo.ts';
import type { PageRead } from '../sql/access.ts';
import { STATEMENT_BYTES_MAX } from '../sql/limits.ts';
import { finishLoading, type KeptWhy, makeBufferPool, peekPage } from './buffer-pool.ts';
import { giveTables } from './catalog.ts';
import { acknowledgeCommits } from './commit.ts';
import { DEADLOCK_TIMER, onDeadlockTimer } from './deadlock.ts';
import { makeEnv } from './engine-env.ts';
import type { EngineProgram } from './engine-program.ts';
import {
  type EngineState,
  type Env,
  MAX_STATEMENTS,
  type PadOrder,
  type PageOrder,
  type Session,
} from './engine-state.ts';
import { engineMinReadPoint, engineView, runtimeOf } from './engine-view.ts';
import { takeStatements } from './kept-statements.ts';
import { onMetadataTimer, takeViews } from './metadata-answer.ts';
import { METADATA_TIMER } from './metadata-read.ts';
import { orderPad } from './pad-log.ts';
import { makePageVersions, withJournal } from './page-versions.ts';
import { orderPage } from './pages.ts';
import type { EnginePorts } from './ports.ts';
import {
  endViews,
  onStale,
  onVersion,
  openReader,
  readerCache,
  restartReader,
  trimReader,
} from './reader-engine.ts';
import { cancelUsers, lockForWriter, lockUsers, unlockForWriter } from './reader-locks.ts';
import { recordArrival } from './relation.ts';
import { usesRelations, wakeForReaders } from './relation-locks.ts';
import { failBlock, failStatement } from './request-steps.ts';
import { BOOT_SESSION, runReady, serveLogWaiters } from './run-loop.ts';
import { sessionAct, tableName } from './session-acts.ts';
import { saidIn, TIMEOUT_TIMER } from './session-settings.ts';
import {
  closeSession,
  dropRunning,
  finishRequest,
  IDLE_TIMER,
  makeRunning,
  makeSession,
  onIdleTimer,
  refuse,
  repeatReply,
  sessionFor,
} from './sessions.ts';
import { clientsDone, putClients, quiesce, readClients } from './split-copy.ts';
import { cancelRequest, onTimeoutTimer } from './statements.ts';
import { abortTx } from './transactions.ts';
import { TURN_TIMER, wakeFrameWaiters, wakePageWaiters, wakeTurnWaiters } from './waits.ts';
import { keepPages } from './warm-buffer.ts';

export function makeEngine(config: NodeConfig, reads = false): EngineState {
  const { params, cluster, mutants } = config;
  assert(
    params.pageBytes >= MIN_PAGE_BYTES && params.pageBytes <= MAX_PAGE_BYTES,
    'pageBytes is in its range',
  );
  const metas = cluster.nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);
  return {
    config: {
      pageBytes: params.pageBytes,
      deadlockUs: params.deadlockMs * 1000,
      limits: params,
      groupRelations: relationRanges(cluster),
      mutants,
      ...(metas.length > 1 ? { metas } : {}),
      ...(hasReaders(cluster) ? { node: config.nodeId } : {}),
    },
    ...(reads ? { versions: makePageVersions() } : {}),
    volume: '',
    phase: 'closed',
    pool: makeBufferPool(params.bufferPages, params.deferredChanges, mutants),
    keptPages: [],
    nextXid: 0,
    drawn: 0,
    xidLimit: 0,
    active: new Map(),
    commits: [],
    sessions: new Map(),
    forgotten: new Map(),
    ready: [],
    pageWaiters: new Map(),
    frameWaiters: [],
    ticketWaiters: [],
    logWaiters: [],
    lockWaiters: new Map(),
    tickets: 0,
    space: new Map(),
    tables: new Map(),
    referrers: new Map(),
    catalogChanges: 0,
    plans: new Map(),
    statements: new Map(),
    rowLocks: new Map(),
    relationLine: [],
    clientBlocks: new Array<'unknown'>(params.clientBlocks).fill('unknown'),
    vdl: -1 as Lsn,
    incarnations: new Map(),
    bigReplies: [],
    turnWaiters: [],
    turnTimerAt: null,
    deadlockTimerAt: null,
    timeoutTimerAt: null,
    hasTimeouts: false,
    idleTimerAt: null,
  };
}

/** By group; without groups, where the volume lies in files, one range. */
function relationRanges({ groups, chunks }: ClusterSpec): EngineState['config']['groupRelations'] {
  if (chunks) return [{ first: SYSTEM_RELATIONS, end: RELATIONS_PER_GROUP }];
  return groups.map((group) => ({
    first: relationOf(group.keyFirst - 1) + 1 + SYSTEM_RELATIONS,
    end: relationOf(group.keyEnd),
  }));
}

export function configureEngine({ config }: EngineState, params: Params): void {
  config.deadlockUs = params.deadlockMs * 1000;
  config.limits = params;
}

/** The volume is open under this writer: the engine reads where it stands, or makes an empty catalog. */
export function openEngine(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  how: { readonly firstStart: boolean },
): void {
  const env = makeEnv(engine, ctx, ports);
  engine.phase = 'boot';
  delete engine.sequences;
  engine.volume = ports.log.volume;
  if (how.firstStart) engine.clientBlocks.fill('absent');
  const session = makeSession(BOOT_SESSION, '' as NodeId, '', 0, ctx.now);
  session.running = makeRunning({ kind: 'boot' });
  session.isKnown = true;
  engine.sessions.set(BOOT_SESSION, session);
  engine.ready.push(BOOT_SESSION);
  runReady(env);
}

export function onSqlRequest(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  from: NodeId,
  message: MessageOf<'SqlRequest' | 'SqlClose' | 'SqlCancel'>,
): void {
  const env = makeEnv(engine, ctx, ports);
  if (message.kind === 'SqlClose') {
    const session = engine.sessions.get(`${from}/${message.session}`);
    if (session && session.incarnation === message.incarnation) closeSession(env, session);
  } else if (message.kind === 'SqlCancel') cancelRequest(env, from, message);
  else if (engine.phase !== 'open') {
    refuse(env, from, message, engine.phase === 'fenced' ? 'FENCED' : 'RECOVERING');
    return;
  } else takeRequest(env, from, message);
  runReady(env);
}

function takeRequest(env: Env, from: NodeId, m: MessageOf<'SqlRequest'>): void {
  const session = sessionFor(env, from, m);
  if (!session || m.sequence < session.sequence) return;
  if (m.sequence === session.sequence) {
    repeatReply(env, session, m);
    return;
  }
  if (session.waiting?.kind === 'commit') {
    // the client gave the last request up; its commit must be through before the next begins
    refuse(env, from, m, 'RECOVERING');
    return;
  }
  const statements = takeStatements(env.engine, from, m);
  if (statements === null) {
    refuse(env, from, m, 'UNKNOWN_STATEMENT');
    return;
  }
  giveUpSkipped(env, session, m);
  // FENCE-44: the client never learned that this block is open, so nothing that it asks now belongs to it
  if (!m.inTransaction && (session.block === 'explicit' || session.block === 'failed')) {
    abortTx(env, session, '57014');
    session.block = 'none';
  }
  if (session.stale && !session.tx) session.stale = '';
  session.sequence = m.sequence;
  session.reply = null;
  session.lastUsed = env.ctx.now;
  session.running = {
    ...makeRunning({ kind: 'statement' }),
    ...saidIn(env, statements),
    since: env.ctx.now,
    statements,
    params: m.params,
    traceId: env.ctx.traceId,
    expectsTransaction: m.inTransaction,
  };
  const tooBig = checkLimits(statements);
  if (tooBig === null) env.engine.ready.push(session.key);
  else failStatement(env, session, session.running, { sqlstate: '54000', message: tooBig, position: null });
}

/** FENCE-47: the client has given up what is under way, or a number before this one: the block that it asks in has failed. */
function giveUpSkipped(env: Env, session: Session, m: MessageOf<'SqlRequest'>): void {
  const isOpen = session.block === 'explicit' || session.block === 'failed';
  const isSkipped = m.sequence > session.sequence + 1 && !has(env.mutants, 'engine.skips-unnoticed');
  if (!session.running && !(isSkipped && isOpen && m.inTransaction)) return;
  if (session.running) dropRunning(env, session);
  if (isOpen && m.inTransaction) failBlock(env, session, '57014');
  else {
    abortTx(env, session, '57014');
    session.block = 'none';
  }
}

function checkLimits(statements: readonly StatementTree[]): string | null {
  if (statements.length > MAX_STATEMENTS) return `a request has at most ${MAX_STATEMENTS} statements`;
  for (const { text } of statements)
    if (text.length > STATEMENT_BYTES_MAX) return `a statement has at most ${STATEMENT_BYTES_MAX} characters`;
  return null;
}

/** `page` null: storage says NO_SUCH_PAGE. Bytes that are not that page count as lost too. */
export function onPage(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  blockKey: PageKey,
  page: Uint8Array | null,
  origin: PageRead | null = null,
): void {
  const env = makeEnv(engine, ctx, ports);
  const sound = page !== null && isSound(page, blockKey, engine.config.pageBytes) ? page : null;
  if (!finishLoading(engine.pool, blockKey, sound)) return;
  if (origin !== null) noteArrival(engine, blockKey, origin);
  if (sound !== null && !engine.versions && pageKind(sound) === pageKinds.heap)
    recordArrival(env, blockKey, sound);
  wakePageWaiters(engine, blockKey, sound === null);
  wakeFrameWaiters(engine);
  runReady(env);
}

/** A page counts for the statement that waits for it; one that was read ahead, for any that is measured. */
function noteArrival({ sessions, pageWaiters }: EngineState, blockKey: PageKey, origin: PageRead): void {
  const waiters = pageWaiters.get(blockKey);
  for (const { key, running } of sessions.values()) {
    if (running?.task.kind !== 'execution' || (waiters !== undefined && !waiters.includes(key))) continue;
    running.task.execution.measured?.arrivals.push({ ...origin, blockKey });
  }
}

function isSound(page: Uint8Array, blockKey: PageKey, pageBytes: number): boolean {
  try {
    checkPage(page, blockKey, pageBytes);
    return true;
  } catch (error) {
    if (error instanceof BadBytes) return false;
    throw error;
  }
}

/** No-op records up to an LSN, for who wants exact LSNs (`padTo` of a tape). */
function onPad(engine: EngineState, ctx: RoleContext, ports: EnginePorts, order: PadOrder): void {
  const env = makeEnv(engine, ctx, ports);
  orderPad(env, order);
  runReady(env);
}

/** What an operator does to one page of the buffer; why it does not leave, null where it does. */
export function onPageOrder(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  order: PageOrder,
): KeptWhy | null {
  const env = makeEnv(engine, ctx, ports);
  const kept = orderPage(env, order);
  wakeFrameWaiters(engine);
  runReady(env);
  return kept;
}

export function onVdl(engine: EngineState, ctx: RoleContext, ports: EnginePorts): void {
  const env = makeEnv(engine, ctx, ports);
  acknowledgeCommits(env);
  wakeForReaders(engine);
  wakeFrameWaiters(engine);
  serveLogWaiters(env);
  runReady(env);
}

export function onWake(engine: EngineState, ctx: RoleContext, ports: EnginePorts, timer: string): void {
  const env = makeEnv(engine, ctx, ports);
  if (timer === TURN_TIMER) {
    engine.turnTimerAt = null;
    wakeTurnWaiters(engine);
  } else if (timer === DEADLOCK_TIMER) onDeadlockTimer(env);
  else if (timer === IDLE_TIMER) onIdleTimer(env);
  else if (timer === TIMEOUT_TIMER) onTimeoutTimer(env);
  else if (timer === METADATA_TIMER) onMetadataTimer(env);
  runReady(env);
}

/** Rows of views of the metadata have come. */
function onViews(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  answer: MessageOf<'Views'>,
): void {
  const env = makeEnv(engine, ctx, ports);
  takeViews(env, answer);
  runReady(env);
}

/** FENCE-14, WAL-13: commits not yet acknowledged are unknown, everything else did not happen. */
export function onFenced(engine: EngineState, ctx: RoleContext): void {
  const log = { ...NO_LOG, volume: engine.volume, durable: engine.vdl, tail: engine.vdl };
  const pages = { readPoint: engine.vdl, requestPage: () => {} };
  const env = makeEnv(engine, ctx, { log, pages, metadata: null });
  engine.phase = 'fenced';
  for (const session of [...engine.sessions.values()]) {
    const isCommitting = session.waiting?.kind === 'commit';
    if (isCommitting && has(env.mutants, 'engine.acks-when-fenced')) acknowledgeAnyway(env, session);
    session.block = 'none';
    session.tx = null;
    finishRequest(env, session, isCommitting ? 'COMMIT_UNKNOWN' : 'FENCED');
  }
  engine.commits.length = 0;
  engine.active.clear();
  delete engine.prepared;
  engine.lockWaiters.clear();
  engine.rowLocks.clear();
  engine.relationLine.length = 0;
  engine.logWaiters.length = 0;
  engine.ready.length = 0;
  engine.sessions.clear();
}

function acknowledgeAnyway(env: Env, { waiting }: Session): void {
  if (waiting?.kind !== 'commit') return;
  const { scn, xid: tx } = waiting;
  const { volume, term } = env.log;
  trace(env.ctx, { kind: 'commit.ack', volume, tx, scn, vdl: scn, term });
}

const NO_LOG = {
  term: 0 as Term,
  canAppend: () => false,
  append: () => ({ first: -1 as Lsn, last: -1 as Lsn }),
};

export const engineProgram: EngineProgram<EngineState> = {
  makeEngine,
  configure: configureEngine,
  openEngine,
  onSqlRequest,
  onPage,
  onPad,
  onPageOrder,
  pageImage: ({ pool }, blockKey) => peekPage(pool, blockKey),
  onVdl,
  onWake,
  onViews,
  onFenced,
  engineMinReadPoint,
  engineView,
  giveTables,
  usesRelations,
  split: { quiesce, readClients, putClients, clientsDone },
  reader: {
    runtimeOf,
    openReader,
    readerCache,
    onVersion,
    withJournal,
    onStale,
    restartReader,
    trimReader,
    endViews,
    keepPages,
    lockForWriter,
    unlockForWriter,
    cancelUsers,
    lockUsers,
    sessionAct,
    tableName,
  },
};
