// What a session waits for, and going on afterwards: a page, a frame, its turn at the log, the end of a transaction.
// At most `tickets` sessions hold pages while they wait for more, so that there are always frames left to load into;
// the others wait for a ticket, first in, first out.

import type { Time } from '../../base/ids.ts';
import { wakeAt } from '../kernel/context.ts';
import type { PageKey } from '../page/page-key.ts';
import { isLoading, MAX_PINS, pinPage, startLoading, unpinPage } from './buffer-pool.ts';
import type { EngineState, Env, Session } from './engine-state.ts';
import { waitForMetadata } from './metadata-read.ts';
import { makeRoom, readPointOf } from './pages.ts';
import type { Blocked } from './ports.ts';

export const TURN_TIMER = 'engine.turn';
/** Pause before a statement that used up its budget goes on, virtual µs. */
const TURN_US = 20;

/** Sessions that may hold pages: with all their pins there are still some frames for everybody. */
const maxTickets = (engine: EngineState): number =>
  Math.max(1, Math.floor((engine.pool.limit - 12) / MAX_PINS));

/** Rounds after which a call is taken to go in circles. */
const ROUNDS = 32;

/**
 * A call that needs more pages at once than the buffer has finds that those which it waited for first have left when the last one comes,
 * and would be made again for ever. One page is marked, another one whenever twice as many were lacked: who lacks the same one
 * again and again has come no further in between. (A scan does: it goes on behind the pages that it has done with.)
 */
export function goesInCircles({ holding }: Session, { missing: [blockKey] }: Blocked): boolean {
  if (blockKey === undefined) return false;
  holding.lacked++;
  if (holding.marked === blockKey) holding.markedAgain++;
  if (holding.markedAgain >= ROUNDS) return true;
  if ((holding.lacked & (holding.lacked - 1)) === 0) {
    holding.marked = blockKey;
    holding.markedAgain = 0;
  }
  return false;
}

/** Puts the session to sleep until what it lacks is there. */
export function blockSession(env: Env, session: Session, blocked: Blocked): void {
  const [missing, ...ahead] = blocked.missing;
  if (missing !== undefined) {
    waitForPage(env, session, missing);
    for (const blockKey of ahead) prefetch(env, blockKey);
  } else if (blocked.isMetadata) waitForMetadata(env, session);
  else if (blocked.logRecords > 0) waitForLog(env, session, blocked.logRecords);
  else waitForFrame(env, session);
}

function waitForPage(env: Env, session: Session, blockKey: PageKey): void {
  const { engine } = env;
  releasePins(engine, session);
  if (!session.holding.hasTicket) {
    if (engine.tickets >= maxTickets(engine)) {
      session.waiting = { kind: 'ticket' };
      engine.ticketWaiters.push(session.key);
      return;
    }
    session.holding.hasTicket = true;
    engine.tickets++;
  }
  pinTouched(env, session);
  if (!engine.pool.index.has(blockKey)) {
    if (!makeRoom(env, 1, [])) {
      waitForFrame(env, session);
      return;
    }
    startLoading(engine.pool, blockKey);
  }
  if (isLoading(engine.pool, blockKey)) env.pages.requestPage(blockKey);
  else env.pages.requestVersion?.(blockKey, readPointOf(env));
  holdPage(engine, session, blockKey);
  session.waiting = { kind: 'page', blockKey };
  const waiters = engine.pageWaiters.get(blockKey);
  if (waiters) waiters.push(session.key);
  else engine.pageWaiters.set(blockKey, [session.key]);
}

/** Asks for a page that will be wanted soon, if that takes no frame from anybody who waits. */
function prefetch(env: Env, blockKey: PageKey): void {
  const { pool, frameWaiters } = env.engine;
  if (pool.index.has(blockKey) || pool.loading * 8 >= pool.limit || frameWaiters.length > 0) return;
  if (!makeRoom(env, 1, [])) return;
  startLoading(pool, blockKey);
  env.pages.requestPage(blockKey);
}

function holdPage(engine: EngineState, session: Session, blockKey: PageKey): void {
  if (pinPage(engine.pool, blockKey)) session.holding.pins.push(blockKey);
}

/** Pins the pages used last, one place left for the missing one. */
function pinTouched(env: Env, session: Session): void {
  const { touched, engine } = env;
  const { pins } = session.holding;
  for (let i = touched.length - 1; i >= 0 && pins.length < MAX_PINS - 1; i--) {
    const blockKey = touched[i] as PageKey;
    if (!pins.includes(blockKey)) holdPage(engine, session, blockKey);
  }
}

function forgetPins({ holding: { pins } }: Session, blockKey: PageKey): void {
  for (let i = pins.length - 1; i >= 0; i--) if (pins[i] === blockKey) pins.splice(i, 1);
}

function releasePins(engine: EngineState, session: Session): void {
  for (const blockKey of session.holding.pins) unpinPage(engine.pool, blockKey);
  session.holding.pins.length = 0;
}

/** A call came through: pages and ticket are given back. */
export function releaseHolding(env: Env, session: Session): void {
  const { engine } = env;
  session.catalogPass = null;
  session.holding.lacked = 0;
  session.holding.marked = null;
  session.holding.markedAgain = 0;
  if (session.holding.pins.length > 0) {
    releasePins(engine, session);
    wakeFrameWaiters(engine);
  }
  if (!session.holding.hasTicket) return;
  session.holding.hasTicket = false;
  engine.tickets--;
}

/** Lets the first session go on that waits for a ticket, if there is one to have; true when one became ready. */
export function wakeTicketWaiter(engine: EngineState): boolean {
  while (engine.ticketWaiters.length > 0 && engine.tickets < maxTickets(engine)) {
    wakeSession(engine, engine.ticketWaiters.shift() as string, 'ticket');
    if (engine.ready.length > 0) return true;
  }
  return false;
}

function waitForFrame(env: Env, session: Session): void {
  session.waiting = { kind: 'frame' };
  env.engine.frameWaiters.push(session.key);
}

/** WAL-8: first in, first out; who had its turn and still lacks room stays first. */
function waitForLog(env: Env, session: Session, records: number): void {
  session.waiting = { kind: 'log', records };
  if (env.hasLogTurn) env.engine.logWaiters.unshift(session.key);
  else env.engine.logWaiters.push(session.key);
}

/** Lets another step of the node go first. */
export function waitForTurn(env: Env, session: Session, pauseUs: number = TURN_US): void {
  const { engine } = env;
  session.waiting = { kind: 'turn' };
  engine.turnWaiters.push(session.key);
  armTurn(env, pauseUs);
}

export function armTurn(env: Env, pauseUs: number = TURN_US): void {
  const { engine } = env;
  const at = (env.ctx.now + pauseUs) as Time;
  if (engine.turnTimerAt !== null && engine.turnTimerAt <= at) return;
  engine.turnTimerAt = at;
  wakeAt(env.ctx, TURN_TIMER, at);
}

export function wakeSession(engine: EngineState, key: string, kind: string): void {
  const session = engine.sessions.get(key);
  if (session?.waiting?.kind !== kind) return;
  session.waiting = null;
  engine.ready.push(key);
}

export function wakeFrameWaiters(engine: EngineState): void {
  for (const key of engine.frameWaiters.splice(0)) wakeSession(engine, key, 'frame');
}

export function wakeTurnWaiters(engine: EngineState): void {
  for (const key of engine.turnWaiters.splice(0)) wakeSession(engine, key, 'turn');
}

/** A page arrived, or storage has none (`isLost`). */
export function wakePageWaiters(engine: EngineState, blockKey: PageKey, isLost: boolean): void {
  // its frame is gone, and with it every pin, also those of sessions that wait for something else
  if (isLost) for (const session of engine.sessions.values()) forgetPins(session, blockKey);
  const waiters = engine.pageWaiters.get(blockKey);
  if (!waiters) return;
  engine.pageWaiters.delete(blockKey);
  for (const key of waiters) {
    const session = engine.sessions.get(key);
    if (session?.waiting?.kind !== 'page' || session.waiting.blockKey !== blockKey) continue;
    if (isLost) session.lostPage = blockKey;
    wakeSession(engine, key, 'page');
  }
}
