// A request's statements, one after the other: analysis (kept by text), transaction blocks as in PostgreSQL, execution in
// steps. Every function here may be called again after Blocked: it changes the request only when it comes through.

import type { NodeId } from '../../base/ids.ts';
import { sameBytes } from '../../base/same-bytes.ts';
import { REPLAYED, type StatementTree } from '../kernel/client-calls.ts';
import { trace } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { TableDef } from '../sql/access.ts';
import { type AnalyseResult, aloneOf } from '../sql/analyse.ts';
import { runExecution, startExecution } from '../sql/execute.ts';
import type { SqlError } from '../sql/failure.ts';
import { IN_FAILED } from '../sql/failure.ts';
import { analyseKept } from '../sql/kept-analyses.ts';
import { searchPathIn } from '../sql/leading-notes.ts';
import { DEFAULT_SETTINGS } from '../sql/settings.ts';
import type { Analysed } from '../sql/statement.ts';
import { makeAccess } from './access-methods.ts';
import { runAdvisory, startAdvisory } from './advisory-statement.ts';
import { VACUUM_PAUSE_US } from './auto-vacuum.ts';
import { findIndex, findRelation, findTable, findType, listTables, referrersOf } from './catalog.ts';
import { withReadable } from './catalog-index.ts';
import { keepsCatalog } from './catalog-pass.ts';
import { type EarlierOutcome, findEarlier } from './client-table.ts';
import { commandOf, innerOf, wordOf } from './command-words.ts';
import { commit, endCommit } from './commit-statement.ts';
import { concurrentPlan, runConcurrent, startConcurrent } from './concurrent-index.ts';
import { begin, lockTables, rollback, runParameters, runSavepoint, serves } from './control-statements.ts';
import type { Env, Running, Session, SessionTx } from './engine-state.ts';
import { keepExplained } from './explained.ts';
import { endReading, flushDeferred } from './large-values.ts';
import { leavesNothing } from './left-nothing.ts';
import { metadataOf } from './metadata-read.ts';
import { decidePrepared, prepareTransaction } from './prepare-statement.ts';
import { estimateRows } from './relation.ts';
import { lockRelation, shareRelation } from './relation-locks.ts';
import { endStatement, endWithTag, failStatement, lockTimeout } from './request-steps.ts';
import { deadlineOf, settingsOf } from './session-settings.ts';
import { finishRequest } from './sessions.ts';
import { newTargets, tablesAlone } from './tables-alone.ts';
import { makeTx, takeSnapshot, takeTxSnapshot, waitForXid } from './transactions.ts';
import { makeVacuum, vacuumSome } from './vacuum.ts';
import { releaseHolding, waitForTurn } from './waits.ts';

/** Works on the session's request until it waits or is answered. May throw Blocked. */
export function runRequest(env: Env, session: Session): void {
  while (session.running && !session.waiting) {
    const { running } = session;
    if (!session.isKnown && !env.engine.versions && running.task.kind === 'statement') {
      if (!checkEarlierLife(env, session, running)) return;
    }
    runTask(env, session, running);
    releaseHolding(env, session);
    session.lostPage = null;
  }
}

/** True when the request is to be carried out here and now. */
function checkEarlierLife(env: Env, session: Session, running: Running): boolean {
  const found = findEarlier(env, session, running.statements.length);
  // what left nothing may be done again: there is nothing that could have been done twice (FENCE-44)
  const earlier = isUnsure(found) && leftNothing(env, session, running) ? 'none' : found;
  session.isKnown = true;
  if (earlier !== 'none')
    trace(env.ctx, { kind: 'request.known', session: session.name, state: earlier, volume: env.log.volume });
  if (earlier === 'committed') {
    for (const _ of running.statements) running.results.push({ kind: 'done', tag: REPLAYED });
    finishRequest(env, session);
    return false;
  }
  if (isUnsure(earlier)) {
    finishRequest(env, session, 'COMMIT_UNKNOWN');
    return false;
  }
  return true;
}

const isUnsure = (found: EarlierOutcome): boolean => found === 'unknown' || found === 'displaced';

const leftNothing = (env: Env, session: Session, running: Running): boolean =>
  leavesNothing(
    running.statements.map((statement) => analyseStatement(env, session, statement, running.params)),
    running.expectsTransaction,
  );

function runTask(env: Env, session: Session, running: Running): void {
  const { task } = running;
  switch (task.kind) {
    case 'statement':
      startStatement(env, session, running);
      return;
    case 'execution': {
      const { tx } = session;
      if (!tx?.snapshot) {
        failStatement(env, session, running, lostTransaction);
        return;
      }
      const { kind } = task.execution.progress;
      if (kind === 'drop' || kind === 'truncate') env.roomUse = 'end'; // they give pages back (polarfs.md FS-46)
      const access = makeAccess(env, session, tx, tx.snapshot);
      const { step } = task.finished
        ? { step: task.finished }
        : runExecution(task.execution, access, env.engine.config.limits);
      if (step.kind === 'done' && session.largeWork !== undefined) {
        running.task = { ...task, finished: step };
        flushDeferred(env, session, tx);
      }
      if (step.kind === 'wait') waitForXid(env, session, step.tx, step.row);
      else if (step.kind === 'yield') {
        reach(env.ctx, env.engine.config.limits, 'executionSteps');
        waitForTurn(env, session);
      } else if (step.kind === 'failed') failStatement(env, session, running, step.error);
      else {
        keepExplained(env, session, running, null);
        if (tx.isolation === 'read committed') tx.snapshot = null;
        endStatement(env, running);
        running.results.push(step.result);
      }
      return;
    }
    case 'advisory':
      runAdvisory(env, session, running, task);
      return;
    case 'vacuum': {
      const isInternal = running.statements.length === 0;
      if (!vacuumSome(env, task.vacuum, isInternal)) {
        if (!session.waiting) waitForTurn(env, session, isInternal ? VACUUM_PAUSE_US : undefined);
      } else if (isInternal) finishRequest(env, session);
      else endWithTag(env, running, 'VACUUM');
      return;
    }
    case 'index':
      runConcurrent(env, session, running, task.work);
      return;
    case 'commit':
      commit(env, session, running, task.tag);
      return;
    case 'committed':
      endCommit(env, session, running, task.tag);
      return;
    case 'boot':
    case 'clients':
    case 'pad':
      return;
  }
}

const lostTransaction: SqlError = { sqlstate: '25000', message: 'the transaction is gone', position: null };

function startStatement(env: Env, session: Session, running: Running): void {
  const statement = running.statements[running.at];
  if (running.expectsTransaction && session.block === 'none' && running.at === 0) {
    finishRequest(env, session, 'TXN_ABORTED_FAILOVER');
    return;
  }
  if (!statement) {
    if (session.block === 'implicit') running.task = { kind: 'commit', tag: null };
    else finishRequest(env, session);
    return;
  }
  const result = analyseUnlessHeld(env, session, statement, running.params);
  if (result === null) return;
  const alone = aloneOf(result);
  if (session.block === 'failed' && !(result.ok ? endsBlock(result.analysed) : result.isSyntax)) {
    failStatement(env, session, running, { sqlstate: '25P02', message: IN_FAILED, position: null });
  } else if (alone !== null && (session.block !== 'none' || running.statements.length > 1)) {
    const message = `${alone} cannot run inside a transaction block`;
    failStatement(env, session, running, { sqlstate: '25001', message, position: null });
  } else if (!result.ok) failStatement(env, session, running, result.error);
  else startAnalysed(env, session, running, result.analysed);
}

const endsBlock = ({ kind }: Analysed): boolean =>
  kind === 'commit' || kind === 'rollback' || kind === 'rollbackTo' || kind === 'prepare';

/** Null: the session waits for a relation's lock, and then the statement is analysed anew. */
function analyseUnlessHeld(
  env: Env,
  session: Session,
  statement: StatementTree,
  params: readonly (string | null)[],
): AnalyseResult | null {
  try {
    return analyseStatement(env, session, statement, params);
  } catch (error) {
    if (error instanceof RelationHeld) return null;
    throw error;
  }
}

class RelationHeld extends Error {
  override name = 'RelationHeld';
}

/**
 * For the planner. A reader of the volume's pages looks into a relation's pages only under the statement's lock, here too: a lock of the
 * writer that it replays gives their file away (LI-65). The writer looks a relation up anew that is gone when its page comes.
 */
function estimateTable(env: Env, session: Session, table: TableDef): number {
  if (env.engine.versions && !table.metadata && !table.sequence) {
    session.tx ??= makeTx(env, settingsOf(session));
    if (!lockRelation(env, session, session.tx, table.relation, 1)) throw new RelationHeld();
  }
  return estimateRows(env, table);
}

function analyseStatement(
  env: Env,
  session: Session,
  { text, tree }: StatementTree,
  params: readonly (string | null)[],
): AnalyseResult {
  const { plans } = env.engine;
  const mayCache = session.tx?.changedCatalog !== true && session.block !== 'failed' && keepsCatalog(env);
  const searchPath = searchPathIn(text) ?? settingsOf(session).searchPath;
  // with another search path the same text may mean other relations
  const key = searchPath === DEFAULT_SETTINGS.searchPath ? text : `${searchPath}\0${text}`;
  const cached = mayCache ? plans.get(key) : undefined;
  if (cached && sameBytes(cached.tree, tree) && isFresh(env, session, cached.analysed))
    return { ok: true, analysed: cached.analysed };
  const result = analyseKept(text, tree, params, {
    findTable: (name) => {
      const table = session.block === 'failed' ? null : findTable(env, session, name);
      return table && withReadable(env, table);
    },
    findType: (name) => (session.block === 'failed' ? null : findType(env, session, name)),
    findIndex: (name) => (session.block === 'failed' ? null : findIndex(env, session, name)),
    findRelation: (relation) => findRelation(env, session, relation),
    searchPath: () => searchPath,
    referrersOf: (relation) => (session.block === 'failed' ? [] : referrersOf(env, session, relation)),
    countRows: (table) => estimateTable(env, session, table),
  });
  // Data is not kept.
  const hasData = result.ok && result.analysed.kind === 'plan' && result.analysed.plan.kind === 'copyFrom';
  if (mayCache && result.ok && !hasData && hasAllIndexes(result.analysed)) {
    if (plans.size >= env.engine.config.limits.plans) {
      reach(env.ctx, env.engine.config.limits, 'plans');
      const oldest = plans.keys().next();
      if (!oldest.done) plans.delete(oldest.value);
    }
    plans.set(key, { tree, analysed: result.analysed });
  }
  return result;
}

/** False when a plan was made without an index that others may read by. */
const hasAllIndexes = (analysed: Analysed): boolean =>
  analysed.kind !== 'plan' ||
  analysed.tables.every(({ indexes }) => indexes.every(({ since }) => since === 0));

/** Are the tables still about as big as the plan took them to be? */
function isFresh(env: Env, session: Session, analysed: Analysed): boolean {
  if (analysed.kind !== 'plan' || analysed.estimates.size === 0) return true;
  return analysed.tables.every((table) => {
    const then = analysed.estimates.get(table.name);
    if (then === undefined) return true;
    const now = estimateTable(env, session, table);
    return now <= 2 * then + FEW_ROWS && then <= 2 * now + FEW_ROWS;
  });
}

/** Differences that make no other plan worth while. */
const FEW_ROWS = 16;

/** READ-45: a reader changes nothing. */
function refuseWrite(env: Env, session: Session, running: Running, statement: string): void {
  const message = `cannot execute ${statement} on ${env.engine.config.node}, a reader: it only reads`;
  failStatement(env, session, running, { sqlstate: READ_ONLY, message, position: null });
}
/** read_only_sql_transaction. */
export const READ_ONLY = '25006';

function startAnalysed(env: Env, session: Session, running: Running, analysed: Analysed): void {
  const isWrite =
    analysed.kind === 'vacuum' ||
    analysed.kind === 'prepare' ||
    analysed.kind === 'endPrepared' ||
    (analysed.kind === 'nothing' && analysed.tag !== 'CHECKPOINT') ||
    analysed.kind === 'advisory' ||
    (analysed.kind === 'plan' && analysed.writes);
  if (env.engine.versions && isWrite) {
    const isDrawn = analysed.kind === 'plan' && analysed.plan.kind === 'select' && analysed.draws !== null;
    const text = running.statements[running.at]?.text ?? '';
    refuseWrite(env, session, running, isDrawn ? commandOf(analysed) : wordOf(text));
    return;
  }
  switch (analysed.kind) {
    case 'begin':
      begin(env, session, running, analysed);
      return;
    case 'set':
    case 'resetAll':
    case 'show':
    case 'setTransaction':
      runParameters(env, session, running, analysed);
      return;
    case 'commit':
      if (session.block === 'failed') rollback(env, session, running);
      else running.task = { kind: 'commit', tag: 'COMMIT' };
      return;
    case 'rollback':
      rollback(env, session, running);
      return;
    case 'prepare':
      if (session.block === 'failed') rollback(env, session, running);
      else prepareTransaction(env, session, running, analysed.gid);
      return;
    case 'endPrepared':
      decidePrepared(env, session, running, analysed);
      return;
    case 'savepoint':
    case 'release':
    case 'rollbackTo':
      runSavepoint(env, session, running, analysed.kind, analysed.name);
      return;
    case 'advisory':
      startAdvisory(env, session, running, analysed);
      return;
    case 'vacuum':
      startVacuum(env, session, running, analysed.tables);
      return;
    case 'nothing':
      endWithTag(env, running, analysed.tag);
      return;
    case 'lockTable':
      lockTables(env, session, running, analysed);
      return;
    case 'plan': {
      const concurrent = concurrentPlan(analysed.plan);
      if (concurrent) {
        startConcurrent(env, session, running, concurrent);
        return;
      }
      session.tx ??= makeTx(env, settingsOf(session));
      if (session.block === 'none') session.block = 'implicit';
      const { tx } = session;
      if (tx.isReadOnly && analysed.writes) {
        const message = `cannot execute ${commandOf(analysed)} in a read-only transaction`;
        failStatement(env, session, running, { sqlstate: '25006', message, position: null });
        return;
      }
      if (!serves(env, session, running, tx.isolation)) return;
      if (tx.isolation !== 'read committed') takeTxSnapshot(env, tx);
      tx.hasQueried = true;
      if (!lockRelations(env, session, tx, analysed)) return;
      if (!shareLocks(env, session, running, analysed)) return;
      tx.snapshot ??= takeSnapshot(env);
      if (env.engine.config.node !== undefined) running.readPoint = tx.snapshot.readPoint;
      session.scanResume = null;
      session.keyResume = null;
      session.chainResume = null;
      endReading(session);
      running.task = {
        kind: 'execution',
        execution: startExecution(analysed.plan, running.params),
        ...metadataOf(session, analysed.tables),
      };
      return;
    }
  }
}

/** Takes the locks on the statement's tables; false when the session waits, and then the statement is analysed anew. */
function lockRelations(
  env: Env,
  session: Session,
  tx: SessionTx,
  { plan, tables, cascades, locksRows, sequences }: Extract<Analysed, { kind: 'plan' }>,
): boolean {
  const run = innerOf(plan);
  const target = 'table' in run && typeof run.table !== 'string' ? run.table.relation : 0;
  const written = new Set([target, ...(plan.parts ?? []).map((part) => part.plan.table.relation)]);
  const others = locksRows ? 2 : 1;
  for (const { relation, metadata } of tables) {
    const mode = written.has(relation) || cascades.has(relation) ? 3 : others;
    if (!metadata && !lockRelation(env, session, tx, relation, mode)) return false;
  }
  for (const relation of sequences) if (!lockRelation(env, session, tx, relation, 3)) return false;
  for (const table of tablesAlone(env, session, plan))
    if (table && !table.metadata && !lockRelation(env, session, tx, table.relation, 8)) return false;
  for (const relation of newTargets(plan)) if (!lockRelation(env, session, tx, relation, 6)) return false;
  return true;
}

/** LI-64: readers of the volume's pages have replayed what the statement has alone; false: it waits for them, or has failed. */
function shareLocks(
  env: Env,
  session: Session,
  running: Running,
  { plan }: Extract<Analysed, { kind: 'plan' }>,
): boolean {
  if (env.log.shareLock === undefined) return true;
  for (const table of tablesAlone(env, session, plan)) {
    const answer = table && !table.metadata ? shareRelation(env, session, table.relation) : 'granted';
    if (answer === 'timeout') failStatement(env, session, running, lockTimeout(table?.name ?? ''));
    if (answer !== 'granted') return false;
  }
  return true;
}

/** Statements that have waited or run too long are cancelled. */
export function onTimeoutTimer(env: Env): void {
  const { engine, ctx } = env;
  engine.timeoutTimerAt = null;
  for (const session of engine.sessions.values()) {
    const { running } = session;
    const deadline = deadlineOf(session);
    if (!running || !deadline || deadline.at > ctx.now) continue;
    const why = deadline.isLock ? 'lock timeout' : 'statement timeout';
    const sqlstate = deadline.isLock ? '55P03' : '57014';
    endWaiting(env, session, running, sqlstate, why);
  }
}

function endWaiting(env: Env, session: Session, running: Running, sqlstate: string, why: string): void {
  session.waiting = null;
  failStatement(env, session, running, {
    sqlstate,
    message: `canceling statement due to ${why}`,
    position: null,
  });
}

/**
 * FENCE-47: what the driver has ended waits no more; a commit on its way stays on its way. One that comes twice, or behind the answer
 * or the next request, finds nothing to end; where it is lost the session's next request ends what is under way.
 */
export function cancelRequest(env: Env, from: NodeId, m: MessageOf<'SqlCancel'>): void {
  const session = env.engine.sessions.get(`${from}/${m.session}`);
  if (session?.incarnation !== m.incarnation || session.sequence !== m.sequence) return;
  const { running, waiting } = session;
  if (running && waiting !== null && waiting.kind !== 'commit')
    endWaiting(env, session, running, '57014', 'user request');
}

function startVacuum(env: Env, session: Session, running: Running, names: readonly string[]): void {
  const found = names.flatMap((name) => findTable(env, session, name) ?? []);
  const tables =
    names.length === 0
      ? listTables(env, session)
      : found.filter(({ view, sequence, metadata }) => !view && !sequence && !metadata);
  running.task = { kind: 'vacuum', vacuum: makeVacuum(tables) };
}
