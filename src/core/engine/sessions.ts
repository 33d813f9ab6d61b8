// Sessions of clients: one at a time a request, by (driver node, session, incarnation, sequence). A repeated request gets
// the reply again or, while it runs, nothing; an older one is ignored. So a retry never applies twice (FENCE-44).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import { forTrace, send, wakeAt } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { DEFAULT_SETTINGS } from '../sql/settings.ts';
import { holdsAdvisory, releaseAdvisory } from './advisory-locks.ts';
import {
  BIG_REPLY_ROWS,
  type EngineState,
  type Env,
  IDLE_TRANSACTION_US,
  MAX_BIG_REPLIES,
  type Running,
  type Session,
} from './engine-state.ts';
import { endReading } from './large-values.ts';
import { releaseKept } from './relation-locks.ts';
import { abortTx } from './transactions.ts';
import { releaseHolding } from './waits.ts';

export const IDLE_TIMER = 'engine.idle';
/** Of so many sessions that were forgotten for want of room the last request is known. */
const FORGOTTEN_KEPT = 1024;
const NO_SCN = -1 as Lsn;

export function makeSession(
  key: string,
  node: NodeId,
  name: string,
  incarnation: number,
  now: Time,
): Session {
  return {
    key,
    node,
    name,
    incarnation,
    sequence: 0,
    reply: null,
    running: null,
    block: 'none',
    tx: null,
    settings: DEFAULT_SETTINGS,
    waiting: null,
    holding: { pins: [], hasTicket: false, lacked: 0, marked: null, markedAgain: 0 },
    lostPage: null,
    scanResume: null,
    keyResume: null,
    chainResume: null,
    catalogPass: null,
    isKnown: false,
    isClosing: false,
    lastUsed: now,
  };
}

export const makeRunning = (task: Running['task']): Running => ({
  statements: [],
  params: [],
  traceId: 0,
  expectsTransaction: false,
  at: 0,
  since: 0 as Time,
  task,
  results: [],
  scn: NO_SCN,
});

/** A reply that answers nothing but the code. */
export function refuse(env: Env, to: NodeId, m: MessageOf<'SqlRequest'>, code: string): void {
  const { session, incarnation, sequence } = m;
  send(env.ctx, to, {
    kind: 'SqlReply',
    session,
    incarnation,
    sequence,
    code,
    scn: NO_SCN,
    results: [],
    inTransaction: false,
  });
}

/** The session of a message, made when it is new; null when the message is old or there are too many sessions. */
export function sessionFor(env: Env, from: NodeId, m: MessageOf<'SqlRequest'>): Session | null {
  const { engine } = env;
  recordIncarnation(env, from, m.incarnation);
  if ((engine.incarnations.get(from) ?? 0) > m.incarnation) return null;
  const key = `${from}/${m.session}`;
  const known = engine.sessions.get(key);
  if (known) return known.incarnation === m.incarnation && !known.isClosing ? known : null;
  const isFull = engine.sessions.size >= engine.config.limits.engineSessions;
  if (isFull) reach(env.ctx, env.engine.config.limits, 'engineSessions');
  if (isFull && !forgetIdlest(engine)) {
    refuse(env, from, m, 'RECOVERING');
    return null;
  }
  const session = makeSession(key, from, m.session, m.incarnation, env.ctx.now);
  recall(engine, session);
  if (isFull && has(env.mutants, 'engine.forgotten-is-new')) session.isKnown = true;
  engine.sessions.set(key, session);
  return session;
}

/** A driver that began a new life has forgotten the sessions of its last one. */
function recordIncarnation(env: Env, from: NodeId, incarnation: number): void {
  const { incarnations, sessions } = env.engine;
  if ((incarnations.get(from) ?? -1) >= incarnation) return;
  incarnations.set(from, incarnation);
  env.engine.statements.delete(from);
  for (const session of [...sessions.values()])
    if (session.node === from && session.incarnation < incarnation) closeSession(env, session);
}

function forgetIdlest(engine: EngineState): boolean {
  let idlest: Session | null = null;
  for (const session of engine.sessions.values())
    if (!session.running && !session.tx && session.node !== '' && !holdsAdvisory(engine, session.key))
      if (!idlest || session.lastUsed < idlest.lastUsed) idlest = session;
  if (idlest === null) return false;
  engine.sessions.delete(idlest.key);
  const { key, incarnation, sequence, reply } = idlest;
  const refusal = reply?.results.some(({ kind }) => kind === 'error') ? reply : null;
  engine.forgotten.delete(key);
  engine.forgotten.set(key, { incarnation, sequence, refusal });
  const [oldest] = engine.forgotten.keys();
  if (engine.forgotten.size > FORGOTTEN_KEPT && oldest !== undefined) engine.forgotten.delete(oldest);
  return true;
}

/**
 * Of a session that was forgotten for want of room its last request and, where it failed, the answer: the client table tells what was
 * committed, and of what failed nobody else knows that the client has its error (FENCE-44).
 */
function recall({ forgotten }: EngineState, session: Session): void {
  const known = forgotten.get(session.key);
  forgotten.delete(session.key);
  if (known?.incarnation !== session.incarnation) return;
  session.sequence = known.refusal === null ? known.sequence - 1 : known.sequence;
  session.reply = known.refusal;
}

/** The client is gone: what is open is rolled back; a commit on its way stays on its way. */
export function closeSession(env: Env, session: Session): void {
  if (session.waiting?.kind === 'commit') {
    session.isClosing = true;
    return;
  }
  dropRunning(env, session);
  abortTx(env, session, '08006');
  releaseAdvisory(env.engine, session.key, 'all');
  env.engine.sessions.delete(session.key);
}

/** Forgets the running request and its places in the waiting lines (those by page and xid are skipped in their time). */
export function dropRunning(env: Env, session: Session): void {
  session.running = null;
  session.waiting = null;
  session.lostPage = null;
  delete session.awaited;
  session.scanResume = null;
  session.keyResume = null;
  session.chainResume = null;
  endReading(session);
  delete session.largeWork;
  releaseHolding(env, session);
  releaseKept(env, session);
  const { logWaiters, ticketWaiters, frameWaiters, turnWaiters } = env.engine;
  for (const line of [logWaiters, ticketWaiters, frameWaiters, turnWaiters]) {
    const at = line.indexOf(session.key);
    if (at >= 0) line.splice(at, 1);
  }
}

/** Of the request, one of its statements has committed already. */
export const hasCommitted = ({ scn }: Pick<Running, 'scn'>): boolean => scn !== NO_SCN;

/** Ends the request and answers it. */
export function finishRequest(env: Env, session: Session, code = ''): void {
  const { running } = session;
  if (!running) return;
  dropRunning(env, session);
  session.lastUsed = env.ctx.now;
  if (session.node === ('' as NodeId)) return;
  const reply: MessageOf<'SqlReply'> = {
    kind: 'SqlReply',
    session: session.name,
    incarnation: session.incarnation,
    sequence: session.sequence,
    code,
    scn: running.scn,
    results: running.results as MessageOf<'SqlReply'>['results'],
    inTransaction: session.block === 'explicit' || session.block === 'failed',
  };
  session.reply = reply;
  if (running.readPoint === undefined) delete session.replyPoint;
  else session.replyPoint = running.readPoint;
  limitBigReplies(env.engine, session);
  if (session.isClosing) {
    releaseAdvisory(env.engine, session.key, 'all');
    env.engine.sessions.delete(session.key);
    return;
  }
  sendReply(env, running.traceId, session.node, reply, running.readPoint ?? NO_SCN);
  if (session.tx) armIdle(env);
}

/** READ-40: in a cluster with readers a reply says at which read point it stands. */
function sendReply(
  env: Env,
  traceId: number,
  to: NodeId,
  reply: MessageOf<'SqlReply'>,
  readPoint: Lsn,
): void {
  const isPointed = env.engine.config.node !== undefined;
  send(forTrace(env.ctx, traceId), to, isPointed ? { ...reply, kind: 'PointedReply', readPoint } : reply);
}

/** Replies are kept for a client that did not get them; of big ones only a few. */
function limitBigReplies(engine: EngineState, session: Session): void {
  const { bigReplies } = engine;
  let rows = 0;
  for (const result of session.reply?.results ?? []) if (result.kind === 'rows') rows += result.rows.length;
  const at = bigReplies.indexOf(session.key);
  if (at >= 0) bigReplies.splice(at, 1);
  if (rows < BIG_REPLY_ROWS) return;
  bigReplies.push(session.key);
  if (bigReplies.length <= MAX_BIG_REPLIES) return;
  const oldest = engine.sessions.get(bigReplies.shift() as string);
  if (oldest) oldest.reply = null;
}

/** A request that came again: the same reply once more; while it is carried out, that it is (FENCE-47). */
export function repeatReply(env: Env, session: Session, m: MessageOf<'SqlRequest'>): void {
  if (session.reply)
    sendReply(env, env.ctx.traceId, session.node, session.reply, session.replyPoint ?? NO_SCN);
  else if (!session.running) refuse(env, session.node, m, 'COMMIT_UNKNOWN');
  else if (isAtWork(env, session)) {
    const { name, incarnation, sequence } = session;
    send(env.ctx, session.node, { kind: 'AtWork', to: 'driver', session: name, incarnation, sequence });
  }
}

/** Not where it waits for other nodes and has come no further since its client asked last. */
function isAtWork({ engine }: Env, session: Session): boolean {
  const awaited = awaitedBy(engine, session);
  const isStill = awaited !== '' && awaited === session.awaited;
  session.awaited = awaited;
  return !isStill;
}

/** What other nodes have to do before it goes on, and how far that is; empty: it goes on by itself, or after another session. */
function awaitedBy({ vdl }: EngineState, { waiting }: Session): string {
  switch (waiting?.kind) {
    case 'page':
      return `page ${waiting.blockKey}`;
    case 'commit':
    case 'log':
      return `log ${vdl}`;
    case 'metadata':
      return waiting.kind;
    default:
      return '';
  }
}

function armIdle(env: Env): void {
  if (env.engine.idleTimerAt !== null) return;
  env.engine.idleTimerAt = (env.ctx.now + IDLE_TRANSACTION_US) as Time;
  wakeAt(env.ctx, IDLE_TIMER, env.engine.idleTimerAt);
}

/** Rolls back transactions whose clients have long said nothing. */
export function onIdleTimer(env: Env): void {
  const { engine, ctx } = env;
  engine.idleTimerAt = null;
  let isAnyOpen = false;
  for (const session of engine.sessions.values()) {
    if (!session.tx || session.running || session.node === '') continue;
    if (session.lastUsed + IDLE_TRANSACTION_US <= ctx.now) {
      abortTx(env, session, '25P03');
      session.block = 'none';
    } else isAnyOpen = true;
  }
  if (isAnyOpen) armIdle(env);
}

export const errorResult = (
  sqlstate: string,
  message: string,
  position: number | null = null,
): StatementResult => ({ kind: 'error', sqlstate, message, position });
