// Parameters of a session as its statements see them: SET holds from its transaction's commit on, SET LOCAL to its end; a
// rollback, also one to a savepoint, takes both back. They live in the writer's memory: a session that meets another writer,
// or is forgotten, begins with the defaults, as after a new connection. What a request brings itself stands before them
// (leading-notes.ts). Timeouts count virtual time.

import type { Time } from '../../base/ids.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import { wakeAt } from '../kernel/context.ts';
import { fail } from '../sql/failure.ts';
import { searchPathIn, settingsIn } from '../sql/leading-notes.ts';
import { DEFAULT_SETTINGS, readSetting, type Settings, showSetting } from '../sql/settings.ts';
import type { Analysed, Isolation } from '../sql/statement.ts';
import type { Env, Running, Session, SessionTx } from './engine-state.ts';
import { isLocked } from './waits-for.ts';

/** What a transaction has changed. */
export interface TxSettings {
  /** Of the session, if the transaction commits. */
  readonly session: Settings;
  readonly local: Partial<Settings>;
}

export function settingsOf({ settings, tx, running }: Session): Settings {
  const said = running?.said;
  if (!tx?.settings) return said === undefined ? settings : { ...settings, ...said };
  return { ...tx.settings.session, ...tx.settings.local, ...said };
}

/** What a request's text says of settings, for who runs it. */
export function saidIn(env: Env, [first]: readonly StatementTree[]): Pick<Running, 'said'> {
  const said = first === undefined ? null : settingsIn(first.text);
  if (said === null) return {};
  if (hasTimeout(said)) env.engine.hasTimeouts = true;
  return { said };
}

const hasTimeout = ({ statementTimeoutMs = 0, lockTimeoutMs = 0 }: Partial<Settings>): boolean =>
  statementTimeoutMs > 0 || lockTimeoutMs > 0;

/** Where the session's present statement looks for names without a schema. */
export const searchPathOf = (session: Session): string =>
  searchPathIn(session.running?.statements[session.running.at]?.text ?? '') ?? settingsOf(session).searchPath;

/** 0A000 at a reader, as at PostgreSQL's hot standby: who reads and writes what is known at the writer only (READ-45). */
export function checkServes({ engine }: Env, isolation: Isolation): void {
  if (engine.versions !== undefined && isolation === 'serializable')
    fail('0A000', 'cannot use serializable mode in a hot standby');
}

/** SET, SET LOCAL or RESET; outside a block SET holds at once and SET LOCAL not at all. */
export function applySetting(
  env: Env,
  session: Session,
  tx: SessionTx | null,
  change: Partial<Settings>,
  isLocal: boolean,
): void {
  if (hasTimeout(change)) env.engine.hasTimeouts = true;
  if (tx === null) {
    if (!isLocal) session.settings = { ...session.settings, ...change };
    return;
  }
  const before = tx.settings ?? { session: session.settings, local: {} };
  if (isLocal) tx.settings = { ...before, local: { ...before.local, ...change } };
  else {
    const kept = Object.entries(before.local).filter(([key]) => !(key in change));
    tx.settings = { session: { ...before.session, ...change }, local: Object.fromEntries(kept) };
  }
}

/** What the statement answers, in its tag or as the value shown. */
export function runSetting(
  env: Env,
  session: Session,
  analysed: Extract<Analysed, { kind: 'set' | 'resetAll' | 'show' }>,
): { readonly tag: string } | { readonly name: string; readonly value: string } {
  const tx = session.block === 'none' ? null : session.tx;
  switch (analysed.kind) {
    case 'set':
      applySetting(env, session, tx, readSetting(analysed.name, analysed.values), analysed.isLocal);
      return { tag: analysed.tag };
    case 'resetAll':
      applySetting(env, session, tx, DEFAULT_SETTINGS, false);
      return { tag: 'RESET' };
    case 'show': {
      const { name } = analysed;
      return { name, value: showValue(session, name) };
    }
  }
}

function showValue(session: Session, name: string): string {
  const settings = settingsOf(session);
  const { tx } = session;
  if (name === 'transaction_isolation') return tx?.isolation ?? settings.isolation;
  if (name === 'transaction_read_only') return (tx?.isReadOnly ?? settings.isReadOnly) ? 'on' : 'off';
  if (name === 'transaction_deferrable') return tx?.isDeferrable ? 'on' : 'off';
  return showSetting(name, settings);
}

/** SET TRANSACTION: before the transaction's first query; 25001 afterwards. Without a block it changes nothing. */
export function setTransaction(
  env: Env,
  session: Session,
  { isolation, isReadOnly, isDeferrable, isSession }: Extract<Analysed, { kind: 'setTransaction' }>,
): void {
  const { tx } = session;
  if (isSession) {
    const change = { ...(isolation !== null && { isolation }), ...(isReadOnly !== null && { isReadOnly }) };
    applySetting(env, session, session.block === 'explicit' ? tx : null, change, false);
    return;
  }
  if (tx === null || session.block !== 'explicit') return;
  const isLate = tx.hasQueried || tx.savepoints.length > 0;
  if (isolation !== null && isolation !== tx.isolation) {
    if (isLate) fail('25001', 'SET TRANSACTION ISOLATION LEVEL must be called before any query');
    checkServes(env, isolation);
    tx.isolation = isolation;
  }
  if (isDeferrable !== null) {
    if (isLate) fail('25001', 'SET TRANSACTION [NOT] DEFERRABLE must be called before any query');
    tx.isDeferrable = isDeferrable;
  }
  if (isReadOnly === null) return;
  if (!isReadOnly && tx.isReadOnly && isLate)
    fail('25001', 'transaction read-write mode must be set before any query');
  tx.isReadOnly = isReadOnly;
}

export const TIMEOUT_TIMER = 'engine.timeout';

/** When the session's statement is to be cancelled, and why; null: never. */
export function deadlineOf(session: Session): { readonly at: number; readonly isLock: boolean } | null {
  const { running, waiting } = session;
  if (!running || waiting === null || waiting.kind === 'commit') return null;
  const { statementTimeoutMs, lockTimeoutMs } = settingsOf(session);
  const whole =
    statementTimeoutMs === 0 ? Number.POSITIVE_INFINITY : running.since + statementTimeoutMs * 1000;
  const lock =
    isLocked(waiting) && lockTimeoutMs > 0 ? waiting.since + lockTimeoutMs * 1000 : Number.POSITIVE_INFINITY;
  const at = Math.min(whole, lock);
  return at === Number.POSITIVE_INFINITY ? null : { at, isLock: lock < whole };
}

/** Sets the timer for the first deadline of all sessions. */
export function armTimeouts(env: Env): void {
  const { engine } = env;
  let first = Number.POSITIVE_INFINITY;
  for (const session of engine.sessions.values()) first = Math.min(first, deadlineOf(session)?.at ?? first);
  if (first === Number.POSITIVE_INFINITY) return;
  const at = Math.max(first, env.ctx.now + 1) as Time;
  if (engine.timeoutTimerAt !== null && engine.timeoutTimerAt <= at) return;
  engine.timeoutTimerAt = at;
  wakeAt(env.ctx, TIMEOUT_TIMER, at);
}
