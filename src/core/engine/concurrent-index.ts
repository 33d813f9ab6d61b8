// CREATE and DROP INDEX CONCURRENTLY: an index that comes and goes while rows are read and written, as PostgreSQL does it. The
// statement makes a transaction for each change of the catalog and waits between them for those who may still work by the last
// one; SHARE UPDATE EXCLUSIVE on the table, over all of them, keeps definitions and vacuum away. Made: not ready (writers make no
// chain over a change of its key) · the first scan · ready (writers enter) · the second scan · valid, once nobody has a snapshot
// that may see older versions of chains. Whatever ends it between leaves an index that is not valid, for DROP INDEX.

import { present, unreachable } from '../../base/assert.ts';
import { has } from '../kernel/mutants.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { FoundIndex, TableDef, WriteOutcome } from '../sql/access.ts';
import { nameIndex } from '../sql/execute-ddl.ts';
import { indexDropped } from '../sql/execute-view.ts';
import { fail, SqlFailure } from '../sql/failure.ts';
import type { CreateIndexPlan, DropPlan } from '../sql/plan-types.ts';
import type { PlanNode } from '../sql/statement.ts';
import { makeAccess } from './access-methods.ts';
import { findIndex, findTable, refuseDefinition } from './catalog.ts';
import { createIndex, dropIndex, markIndex } from './catalog-index.ts';
import { UNFINISHED } from './client-table.ts';
import { appendCommit } from './commit.ts';
import type { Env, Running, Session, SessionTx } from './engine-state.ts';
import { enterBeside } from './index-build.ts';
import { makeTid } from './key-codec.ts';
import { getPage } from './pages.ts';
import { countBlocks } from './relation.ts';
import { keepRelation, lockRelation, usersOfRelation as usersOf, waitForSession } from './relation-locks.ts';
import { failStatement } from './request-steps.ts';
import { settingsOf } from './session-settings.ts';
import { makeTx, takeSnapshot, waitForXid } from './transactions.ts';
import { isRoot } from './vacuum.ts';
import { waitForTurn } from './waits.ts';

const SHARE_UPDATE_EXCLUSIVE = 4;
/** Slots looked at in one call. */
const SLOTS_PER_CALL = 64;

/** Between those that change the catalog, each in a transaction of its own, stand scans and waits; the last one ends the statement. */
const MADE = ['define', 'writers', 'build', 'ready', 'writers', 'fill', 'snapshots', 'validate'] as const;
const DROPPED = ['invalidate', 'users', 'retire', 'users', 'remove'] as const;
export type IndexStep = (typeof MADE)[number] | (typeof DROPPED)[number];
type CatalogStep = Exclude<IndexStep, 'writers' | 'users' | 'snapshots' | 'build' | 'fill'>;
type Refusal = Exclude<WriteOutcome, { kind: 'ok' }>;

type ConcurrentPlan = CreateIndexPlan | DropPlan;

/** How far the statement has come: plain data, as all of a session. */
export interface IndexWork {
  readonly plan: ConcurrentPlan;
  /** Where it is in its list of steps. */
  at: number;
  /** The step has changed the catalog; its commit comes next. */
  isWritten: boolean;
  /** Of the index in the catalog; '' and 0 before it is there. */
  name: string;
  index: number;
  /** Whose transactions the step waits for; null: not listed yet. */
  waitsFor: string[] | null;
  /** The next slot that a scan looks at, and the blocks that the table had when it began; 0: it has not. */
  block: number;
  slot: number;
  blocks: number;
}

/** The plan, if it is one of these statements. */
export const concurrentPlan = (plan: PlanNode): ConcurrentPlan | null =>
  (plan.kind === 'createIndex' || plan.kind === 'dropIndex') && plan.concurrently ? plan : null;

export const stepOf = ({ plan, at }: IndexWork): IndexStep =>
  present((plan.kind === 'createIndex' ? MADE : DROPPED)[at], 'a step');
const isLastStep = ({ plan, at }: IndexWork): boolean =>
  at === (plan.kind === 'createIndex' ? MADE : DROPPED).length - 1;
const tagOf = ({ kind }: ConcurrentPlan): string => (kind === 'createIndex' ? 'CREATE INDEX' : 'DROP INDEX');

/** Takes the lock and begins, or lets the session wait: then the statement is analysed anew. */
export function startConcurrent(env: Env, session: Session, running: Running, plan: ConcurrentPlan): void {
  const tx = txOf(env, session);
  const refused = refuseDefinition(env);
  if (refused?.kind === 'error' || tx.isReadOnly) {
    const message = `cannot execute ${tagOf(plan)} in a read-only transaction`;
    failWith(env, session, running, refused?.kind === 'error' ? refused : { sqlstate: '25006', message });
    return;
  }
  const table =
    plan.kind === 'createIndex'
      ? findTable(env, session, plan.table)
      : findIndex(env, session, plan.names[0] ?? '')?.table;
  if (table) {
    if (!lockRelation(env, session, tx, table.relation, SHARE_UPDATE_EXCLUSIVE)) return;
    keepRelation(env, session, table.relation, SHARE_UPDATE_EXCLUSIVE);
  }
  const work = { plan, at: 0, isWritten: false, name: '', index: 0, waitsFor: null };
  running.task = { kind: 'index', work: { ...work, block: 1, slot: 0, blocks: 0 } };
}

function txOf(env: Env, session: Session): SessionTx {
  session.tx ??= makeTx(env, { isolation: 'read committed', isReadOnly: settingsOf(session).isReadOnly });
  return session.tx;
}

const failWith = (
  env: Env,
  session: Session,
  running: Running,
  { sqlstate, message }: { readonly sqlstate: string; readonly message: string },
): void => failStatement(env, session, running, { sqlstate, message, position: null });

/** Works on until the session waits or the statement is over. May throw Blocked, then it is called again. */
export function runConcurrent(env: Env, session: Session, running: Running, work: IndexWork): void {
  if (session.isClosing) {
    failWith(env, session, running, { sqlstate: '08006', message: 'the client has left' });
    return;
  }
  try {
    const refusal = runStep(env, session, running, work);
    if (refusal?.kind === 'wait') waitForXid(env, session, refusal.tx, refusal.row);
    else if (refusal?.kind === 'error') failWith(env, session, running, refusal);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    failWith(env, session, running, error);
  }
}

/** Null: as far as it comes in this call. */
function runStep(env: Env, session: Session, running: Running, work: IndexWork): Refusal | null {
  const step = stepOf(work);
  switch (step) {
    case 'writers':
      return waitFor(env, session, work, (table) => oldWriters(env, session, table));
    case 'users':
      return waitFor(env, session, work, ({ relation }) => usersOf(env, session, relation, [1, 2, 3]));
    case 'snapshots':
      if (has(env.mutants, 'engine.valid-before-snapshots-end')) return resume(work);
      return waitFor(env, session, work, () =>
        [...env.engine.sessions.values()].filter(({ tx }) => tx !== null && tx.snapshot !== null),
      );
    case 'build':
      return scan(env, session, work, false);
    case 'fill':
      return has(env.mutants, 'engine.index-scanned-once') ? resume(work) : scan(env, session, work, true);
    default:
      return changeCatalog(env, session, running, work, step);
  }
}

function resume(work: IndexWork): null {
  Object.assign(work, { isWritten: false, waitsFor: null, block: 1, slot: 0, blocks: 0 });
  work.at++;
  return null;
}

/** A change of the catalog, in a transaction that ends with it. */
function changeCatalog(
  env: Env,
  session: Session,
  running: Running,
  work: IndexWork,
  step: CatalogStep,
): Refusal | null {
  const tx = txOf(env, session);
  if (!work.isWritten) {
    const outcome = write(env, session, tx, work, step);
    if (outcome === null) running.task = { kind: 'commit', tag: tagOf(work.plan) };
    if (outcome === null || outcome.kind !== 'ok') return outcome;
    work.isWritten = true;
  }
  if (step === 'define')
    work.index = present(findIndex(env, session, work.name), 'it was made').index.relation;
  if (isLastStep(work)) running.task = { kind: 'commit', tag: tagOf(work.plan) };
  else {
    // a client that asks again after a crash gets COMMIT_UNKNOWN: the index may be there, and not valid
    appendCommit(env, session, running, tx, UNFINISHED);
    resume(work);
  }
  return null;
}

/** Null: IF EXISTS or IF NOT EXISTS leaves nothing to do. */
function write(
  env: Env,
  session: Session,
  tx: SessionTx,
  work: IndexWork,
  step: CatalogStep,
): WriteOutcome | null {
  const { plan } = work;
  const access = makeAccess(env, session, tx, takeSnapshot(env));
  const mark = (invalid: 'unready' | 'ready' | undefined): WriteOutcome =>
    markIndex(env, session, tx, foundOf(env, session, work).table, work.index, invalid);
  switch (step) {
    case 'define': {
      if (plan.kind !== 'createIndex') return null;
      const named = nameIndex(access, plan.table, plan.index, plan.ifNotExists);
      if (named === null) return null;
      work.name = named.index.name;
      return createIndex(env, session, tx, named.table, { ...named.index, invalid: 'unready' });
    }
    case 'invalidate': {
      if (plan.kind === 'createIndex') return null;
      const found = indexDropped(access, plan.names[0] ?? '', plan.ifExists);
      if (found === null) return null;
      work.name = found.index.name;
      work.index = found.index.relation;
      return mark(found.index.invalid ?? 'ready');
    }
    case 'ready':
      return mark('ready');
    case 'retire':
      return mark('unready');
    case 'validate':
      return mark(undefined);
    case 'remove': {
      const { table, index } = foundOf(env, session, work);
      return dropIndex(env, session, tx, table, index);
    }
    default:
      return unreachable(step);
  }
}

/** The index with its table as they are now: nobody but this statement may change them. */
function foundOf(env: Env, session: Session, { name, index }: IndexWork): FoundIndex {
  const found = findIndex(env, session, name);
  return found?.index.relation === index ? found : fail('42704', `index "${name}" does not exist`);
}

/** Those that may write by a definition of before. Without another index also who reads: such a reader's pruning frees whole rows. */
function oldWriters(env: Env, session: Session, { relation, indexes }: TableDef): readonly Session[] {
  const writers = usersOf(env, session, relation, [3]);
  if (indexes.length > 1) return writers;
  return [
    ...writers,
    ...usersOf(env, session, relation, [1, 2]).filter(
      (one) => one.tx?.snapshot != null && !writers.includes(one),
    ),
  ];
}

/** One after the other, as they were when the step began; who comes later is not waited for. */
function waitFor(
  env: Env,
  session: Session,
  work: IndexWork,
  list: (table: TableDef) => readonly Session[],
): null {
  work.waitsFor ??= list(foundOf(env, session, work).table).map(({ key }) => key);
  for (let key = work.waitsFor[0]; key !== undefined; key = work.waitsFor[0]) {
    const holder = env.engine.sessions.get(key);
    if (holder?.tx) {
      waitForSession(env, session, holder);
      return null;
    }
    work.waitsFor.shift();
  }
  return resume(work);
}

/** Enters rows that have no entry, some in each call. */
function scan(env: Env, session: Session, work: IndexWork, isLast: boolean): Refusal | null {
  const { table, index } = foundOf(env, session, work);
  if (work.blocks === 0) work.blocks = countBlocks(env, table.relation);
  for (let budget = SLOTS_PER_CALL; budget > 0; budget--) {
    if (work.block >= work.blocks) return resume(work);
    const page = getPage(env, blockKeyOf(table.relation, work.block));
    if (work.slot >= pageCount(page)) {
      work.block++;
      work.slot = 0;
      continue;
    }
    if (isRoot(page, work.slot)) {
      const refusal = enterBeside(env, table, index, makeTid(work.block, work.slot), isLast);
      if (refusal !== null) return refusal;
    }
    work.slot++;
  }
  waitForTurn(env, session);
  return null;
}
