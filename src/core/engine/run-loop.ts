// Lets ready sessions run, one after the other, and turns what stops them into a wait or a failed statement. Here is also
// the engine's own start, which waits for its pages like any session.

import { BadBytes } from '../../base/bytes.ts';
import { forTrace } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import { volumeXidLimit } from '../page/system-page.ts';
import { bootstrapChanges } from './catalog.ts';
import { runClients } from './clients-copy.ts';
import { armDeadlock } from './deadlock.ts';
import type { Env, Session } from './engine-state.ts';
import { runPad } from './pad-log.ts';
import { appendChanges, getPage, PageLost, StaleReadPoint } from './pages.ts';
import { Blocked, DeviceFull } from './ports.ts';
import { loadPrepared } from './prepared.ts';
import { failStatement } from './request-steps.ts';
import { armTimeouts } from './session-settings.ts';
import { dropRunning, finishRequest } from './sessions.ts';
import { runRequest } from './statements.ts';
import { abortTx } from './transactions.ts';
import { armTurn, blockSession, goesInCircles, waitForTurn, wakeTicketWaiter } from './waits.ts';

export const BOOT_SESSION = '#boot';
/** Pause before a start that met a damaged page is tried again, virtual µs. */
const BOOT_RETRY_US = 10_000;

export function runReady(env: Env): void {
  const { engine } = env;
  let runs = 0;
  while (engine.ready.length > 0 || wakeTicketWaiter(engine)) {
    if (runs++ >= engine.config.limits.sessionRuns) {
      reach(env.ctx, env.engine.config.limits, 'sessionRuns');
      armTurn(env);
      break;
    }
    const session = engine.sessions.get(engine.ready.shift() as string);
    if (session?.running && !session.waiting) runSession(env, session);
  }
  if (engine.hasTimeouts) armTimeouts(env);
  if (engine.lockWaiters.size > 0 || engine.relationLine.length > 0) armDeadlock(env);
}

function runSession(env: Env, session: Session): void {
  const { ctx } = env;
  const traceId = session.running?.traceId ?? 0;
  if (traceId !== ctx.traceId) env.ctx = forTrace(ctx, traceId);
  env.session = session;
  env.touched = [];
  env.logReserved = 0;
  env.roomUse = 'work';
  try {
    const task = session.running?.task;
    const kind = task?.kind;
    if (kind === 'boot') boot(env, session);
    else if (task?.kind === 'clients') runClients(env, session, task);
    else if (kind === 'pad') runPad(env, session);
    else runRequest(env, session);
  } catch (error) {
    if (error instanceof Blocked) onBlocked(env, session, error);
    else if (error instanceof DeviceFull) onDeviceFull(env, session, error.message);
    else if (error instanceof StaleReadPoint) onStaleView(env, session, error.message);
    else if (error instanceof BadBytes || error instanceof PageLost) onDamage(env, session, error.message);
    else throw error;
  }
  env.session = null;
  env.ctx = ctx;
}

/** A statement that can never have its pages together fails; what no client has asked for, and the end of a transaction, need few. */
function onBlocked(env: Env, session: Session, blocked: Blocked): void {
  const { running } = session;
  const kind = running?.task.kind;
  const mayFail = kind === 'statement' || kind === 'execution' || kind === 'advisory';
  if (!running || !mayFail || !goesInCircles(session, blocked)) {
    blockSession(env, session, blocked);
    return;
  }
  const message = `the statement needs more pages at once than the ${env.engine.pool.limit} that the buffer holds`;
  failStatement(env, session, running, { sqlstate: '53200', message, position: null });
}

/** READ-28: 72000, snapshot too old. */
function onStaleView(env: Env, session: Session, message: string): void {
  const { running } = session;
  if (!running) return;
  if (session.block === 'explicit') {
    failStatement(env, session, running, { sqlstate: '72000', message, position: null });
    return;
  }
  abortTx(env, session, '72000');
  session.block = 'none';
  finishRequest(env, session, 'STALE_READ_POINT');
}

/** FS-46: the statement fails, and its transaction is given up as after any error; what no client has asked for waits. */
function onDeviceFull(env: Env, session: Session, message: string): void {
  const { running } = session;
  if (!running) return;
  const { kind } = running.task;
  if (kind === 'boot' || kind === 'pad') waitForTurn(env, session, BOOT_RETRY_US);
  else failStatement(env, session, running, { sqlstate: '53100', message, position: null });
}

/** A page is lost or damaged: the statement fails, the engine stays up. */
function onDamage(env: Env, session: Session, message: string): void {
  const { running } = session;
  session.lostPage = null;
  if (!running) return;
  if (running.task.kind === 'boot') waitForTurn(env, session, BOOT_RETRY_US);
  else failStatement(env, session, running, { sqlstate: 'XX001', message, position: null });
}

/** WAL-8: as long as the first in line finds room. Where the devices are full (WAL-77) each is told so, or waits on to end its transaction. */
export function serveLogWaiters(env: Env): void {
  const { logWaiters, sessions } = env.engine;
  const first = sessions.get(logWaiters[0] ?? '')?.waiting;
  // what the first in line has asked, and nothing where nobody waits: a port may begin to count how long room is missing (FS-46)
  if (first?.kind === 'log' && env.log.roomFor?.(first.records, 'work').kind === 'full') {
    for (const key of logWaiters.splice(0)) resume(env, key);
    return;
  }
  while (logWaiters.length > 0) {
    const session = sessions.get(logWaiters[0] as string);
    if (session?.waiting?.kind !== 'log') {
      logWaiters.shift();
      continue;
    }
    if (!env.log.canAppend(session.waiting.records)) return;
    logWaiters.shift();
    session.waiting = null;
    env.hasLogTurn = true;
    runSession(env, session);
    env.hasLogTurn = false;
    if (logWaiters[0] === session.key) return; // still first
  }
}

function resume(env: Env, key: string): void {
  const session = env.engine.sessions.get(key);
  if (session?.waiting?.kind !== 'log') return;
  session.waiting = null;
  runSession(env, session);
}

/** WAL-60: everything the engine needs of the past is in pages at VDL′. May throw Blocked. */
function boot(env: Env, session: Session): void {
  const { engine } = env;
  let volume: Uint8Array | null = null;
  try {
    volume = getPage(env, VOLUME_KEY);
  } catch (error) {
    if (!(error instanceof PageLost)) throw error;
  }
  const isFresh = volume === null || volumeXidLimit(volume) === 0;
  if (isFresh) appendChanges(env, bootstrapChanges(env, volume !== null));
  const page = getPage(env, VOLUME_KEY);
  engine.xidLimit = volumeXidLimit(page);
  engine.nextXid = isFresh ? 1 : engine.xidLimit;
  loadPrepared(env, page);
  engine.phase = 'open';
  dropRunning(env, session);
  engine.sessions.delete(BOOT_SESSION);
}
