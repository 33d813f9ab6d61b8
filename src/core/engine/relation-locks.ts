// Locks on relations in PostgreSQL's eight modes, held to the end of a transaction. The three weak ones (ACCESS SHARE of
// readers, ROW SHARE of FOR UPDATE, ROW EXCLUSIVE of writers) do not conflict among themselves, so each stands in its
// transaction only. Strong ones (LOCK TABLE, definitions: ACCESS EXCLUSIVE), and whoever waits, stand in one line for all
// relations, which is nearly always empty; who comes later waits behind those whose wish conflicts.

import type { Time } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { LockMode } from '../sql/statement.ts';
import { type AdvisoryMark, markAdvisory, passAdvisory, releaseAdvisory } from './advisory-locks.ts';
import type { EngineState, Env, Session, SessionTx } from './engine-state.ts';

/** Modes that each conflicts with. */
const CONFLICTS: Readonly<Record<LockMode, readonly LockMode[]>> = {
  1: [8],
  2: [7, 8],
  3: [5, 6, 7, 8],
  4: [4, 5, 6, 7, 8],
  5: [3, 4, 6, 7, 8],
  6: [3, 4, 5, 6, 7, 8],
  7: [2, 3, 4, 5, 6, 7, 8],
  8: [1, 2, 3, 4, 5, 6, 7, 8],
};

const conflict = (a: LockMode, b: LockMode): boolean => CONFLICTS[a].includes(b);
const isWeak = (mode: LockMode): boolean => mode <= 3;

/** Weak locks of a transaction: relation · 4 + mode. */
const useOf = (relation: number, mode: LockMode): number => relation * 4 + mode;
const WEAK: readonly LockMode[] = [1, 2, 3];

/** An open transaction has read or written one of these relations (PCS-85). */
export const usesRelations = ({ sessions }: EngineState, relations: readonly number[]): boolean =>
  [...sessions.values()].some(
    ({ tx }) => tx?.uses.some((use) => relations.includes(Math.floor(use / 4))) === true,
  );

/** False when the session has to wait; then it asks again. */
export function lockRelation(
  env: Env,
  session: Session,
  tx: SessionTx,
  relation: number,
  mode: LockMode,
): boolean {
  const { relationLine } = env.engine;
  const use = useOf(relation, mode);
  if (tx.uses.includes(use)) return true;
  if (isWeak(mode) && relationLine.length === 0) {
    tx.uses.push(use);
    return true;
  }
  const { key } = session;
  if (relationLine.some((one) => one.isGranted && isOf(one, key, relation, mode))) return true;
  if (!relationLine.some((one) => isOf(one, key, relation, mode))) {
    const lock = { relation, session: key, mode, isGranted: false };
    relationLine.splice(placeFor(env, session, tx, relation), 0, lock);
  }
  const [blocker] = relationBlockers(env.engine, key, relation, mode);
  if (!blocker) {
    grant(env.engine, session, relation, mode);
    return true;
  }
  waitFor(env, session, relation, mode, blocker.session);
  return false;
}

/** As `lockRelation`, but false means that the lock cannot be had now (NOWAIT). */
export function tryLockRelation(
  env: Env,
  session: Session,
  tx: SessionTx,
  relation: number,
  mode: LockMode,
): boolean {
  const { engine } = env;
  const place = engine.relationLine.length;
  const lock = { relation, session: session.key, mode, isGranted: false };
  const holds =
    tx.uses.includes(useOf(relation, mode)) ||
    engine.relationLine.some((one) => one.isGranted && isOf(one, session.key, relation, mode));
  if (holds) return true;
  engine.relationLine.splice(Math.min(place, placeFor(env, session, tx, relation)), 0, lock);
  if (relationBlockers(engine, session.key, relation, mode).length === 0) {
    grant(engine, session, relation, mode);
    return true;
  }
  engine.relationLine.splice(engine.relationLine.indexOf(lock), 1);
  return false;
}

const isOf = (
  lock: EngineState['relationLine'][number],
  key: string,
  relation: number,
  mode: LockMode,
): boolean => lock.relation === relation && lock.session === key && lock.mode === mode;

/** At the end, or before the first whose wish conflicts with what this transaction has: it could never have its turn before. */
function placeFor({ engine }: Env, { key }: Session, tx: SessionTx, relation: number): number {
  const { relationLine } = engine;
  const held = WEAK.filter((mode) => tx.uses.includes(useOf(relation, mode)));
  for (const one of relationLine)
    if (one.relation === relation && one.session === key && one.isGranted) held.push(one.mode);
  const first = relationLine.findIndex(
    (one) => one.relation === relation && !one.isGranted && held.some((mode) => conflict(one.mode, mode)),
  );
  return first < 0 ? relationLine.length : first;
}

function grant({ relationLine }: EngineState, { key, tx }: Session, relation: number, mode: LockMode): void {
  const at = relationLine.findIndex((one) => !one.isGranted && isOf(one, key, relation, mode));
  const lock = relationLine[at];
  if (!lock) return;
  if (isWeak(mode)) {
    relationLine.splice(at, 1);
    tx?.uses.push(useOf(relation, mode));
  } else lock.isGranted = true;
}

function waitFor(env: Env, session: Session, relation: number, mode: LockMode, holder: Session): void {
  const since = env.ctx.now as Time;
  session.waiting = { kind: 'relation', relation, mode, holder: holder.key, since, checked: false };
  const { volume } = env.log;
  trace(env.ctx, { kind: 'tx.wait', volume, tx: session.tx?.xid ?? 0, on: holder.tx?.xid ?? 0 });
}

/** `isSoft`: it waits itself, and could be passed in the line. */
export interface Blocker {
  readonly session: Session;
  readonly isSoft: boolean;
}

/** Whom a session waits for that stands in the line for the relation in this mode. */
export function relationBlockers(
  engine: EngineState,
  key: string,
  relation: number,
  mode: LockMode,
): readonly Blocker[] {
  const { relationLine, sessions } = engine;
  const place = relationLine.findIndex((one) => !one.isGranted && isOf(one, key, relation, mode));
  const blockers: Blocker[] = [];
  for (const [i, lock] of relationLine.entries()) {
    if (lock.relation !== relation || lock.session === key || !conflict(mode, lock.mode)) continue;
    const session = sessions.get(lock.session);
    if (session && (lock.isGranted || i < place)) blockers.push({ session, isSoft: !lock.isGranted });
  }
  if (isWeak(mode) || has(engine.config.mutants, 'engine.ignores-readers-locks')) return blockers;
  const uses = WEAK.filter((weak) => conflict(mode, weak)).map((weak) => useOf(relation, weak));
  for (const session of sessions.values())
    if (session.key !== key && session.tx !== null && uses.some((use) => session.tx?.uses.includes(use)))
      blockers.push({ session, isSoft: false });
  return blockers;
}

/** Lets a session have its lock before those who only wait in the line. */
export function passLine(engine: EngineState, session: Session): void {
  const { waiting, key } = session;
  if (waiting?.kind === 'advisory') passAdvisory(engine, session);
  if (waiting?.kind !== 'relation') return;
  grant(engine, session, waiting.relation, waiting.mode);
  session.waiting = null;
  engine.ready.push(key);
}

/** What a transaction has now, to come back to. */
export interface RelationMark {
  readonly uses: number;
  readonly strong: readonly string[];
  /** Advisory locks of the transaction; absent: none. */
  readonly advisory?: AdvisoryMark;
}

const nameOf = ({ relation, mode }: EngineState['relationLine'][number]): string => `${relation} ${mode}`;

export function markRelations({ engine }: Env, { key, tx }: Session): RelationMark {
  const advisory = markAdvisory(engine, key);
  return {
    uses: tx?.uses.length ?? 0,
    strong: engine.relationLine.filter((one) => one.session === key && one.isGranted).map(nameOf),
    ...(advisory.length > 0 && { advisory }),
  };
}

/** The session's transaction is over, or undone to a savepoint: whoever waits for it looks again. */
export function releaseRelations(env: Env, { key, tx }: Session, to: RelationMark | null = null): void {
  const { engine } = env;
  const { relationLine } = engine;
  if (tx && to) tx.uses.length = to.uses;
  releaseAdvisory(engine, key, 'transaction', to?.advisory);
  if (relationLine.length === 0) return;
  for (let i = relationLine.length - 1; i >= 0; i--) {
    const lock = relationLine[i];
    if (lock?.session === key && lock.isKept === undefined && to?.strong.includes(nameOf(lock)) !== true)
      relationLine.splice(i, 1);
  }
  env.log.endLocks?.(key, to === null ? [] : sharedBy(engine, key));
  wakeWaiters(engine, key, 'relation');
  if (to === null) forgetHolder(engine, key);
}

const sharedBy = ({ relationLine }: EngineState, key: string): readonly number[] =>
  relationLine.flatMap(({ session, mode, relation }) =>
    session === key && mode === ALONE ? [relation] : [],
  );

/** ACCESS EXCLUSIVE. */
export const ALONE = 8;

/** LI-64: a lock that the session has alone is replayed by the readers of the volume's pages; it may have to wait for them. */
export function shareRelation(env: Env, session: Session, relation: number): 'granted' | 'wait' | 'timeout' {
  const answer = env.log.shareLock?.(session.key, relation) ?? 'granted';
  if (answer === 'wait') session.waiting = { kind: 'readers', relation, since: env.ctx.now as Time };
  return answer;
}

/** Readers have replayed a lock, or are gone: whoever waits for them asks again. */
export function wakeForReaders({ sessions, ready }: EngineState): void {
  for (const session of sessions.values()) {
    if (session.waiting?.kind !== 'readers') continue;
    session.waiting = null;
    ready.push(session.key);
  }
}

function wakeWaiters(engine: EngineState, holder: string, kind: 'relation' | 'virtualxid'): void {
  for (const other of engine.sessions.values()) {
    if (other.waiting?.kind !== kind || other.waiting.holder !== holder) continue;
    other.waiting = null;
    engine.ready.push(other.key);
  }
}

/** A lock that the transaction has outlives it, until `releaseKept`. */
export function keepRelation({ engine }: Env, { key }: Session, relation: number, mode: LockMode): void {
  const lock = engine.relationLine.find((one) => one.isGranted && isOf(one, key, relation, mode));
  if (lock) lock.isKept = true;
}

/** The statement is over that held a lock over its transactions. */
export function releaseKept({ engine }: Env, { key }: Session): void {
  const at = engine.relationLine.findIndex((one) => one.isKept && one.session === key);
  if (at < 0) return;
  engine.relationLine.splice(at, 1);
  wakeWaiters(engine, key, 'relation');
}

/** Nobody who waits for transactions that were open waits for this one any more. */
function forgetHolder(engine: EngineState, holder: string): void {
  for (const { running } of engine.sessions.values()) {
    if (running?.task.kind !== 'index') continue;
    const { waitsFor } = running.task.work;
    const at = waitsFor?.indexOf(holder) ?? -1;
    if (at >= 0) waitsFor?.splice(at, 1);
  }
  wakeWaiters(engine, holder, 'virtualxid');
}

/** Waits for the end of another session's transaction. */
export function waitForSession(env: Env, session: Session, holder: Session): void {
  const since = env.ctx.now as Time;
  session.waiting = { kind: 'virtualxid', holder: holder.key, since, checked: false };
  const { volume } = env.log;
  trace(env.ctx, { kind: 'tx.wait', volume, tx: session.tx?.xid ?? 0, on: holder.tx?.xid ?? 0 });
}

/** Sessions whose transactions have a weak lock on the relation in one of these modes. */
export function usersOfRelation(
  { engine }: Env,
  { key }: Session,
  relation: number,
  modes: readonly LockMode[],
): readonly Session[] {
  const uses = modes.map((mode) => useOf(relation, mode));
  return [...engine.sessions.values()].filter(
    (one) => one.key !== key && one.tx !== null && uses.some((use) => one.tx?.uses.includes(use)),
  );
}
