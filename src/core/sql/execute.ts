// Runs an analysed statement. `runExecution` changes the execution in place and answers one step; when an access
// method throws `Blocked` it lets it through with nothing lost: call again with the same execution.
// UPDATE and DELETE find all their rows before they write the first, so they never meet their own new versions.

import { present } from '../../base/assert.ts';
import type { Limits } from '../kernel/limits.ts';
import type { Access, FoundRow, Row, Value, WriteOutcome } from './access.ts';
import { BudgetUsed, type Context, checkHeld, evaluateOnce, spend } from './context.ts';
import { startReader } from './copy-source.ts';
import { evaluate, isTrue } from './evaluate.ts';
import { runAlterTable } from './execute-alter.ts';
import { checkRow, INSERTS, resolveConflict, touch } from './execute-conflict.ts';
import { copyOut, runCopyFrom } from './execute-copy.ts';
import { runCreateIndex, runCreateSchema, runCreateTable, runTruncate } from './execute-ddl.ts';
import { makeReferenceWork, noteWritten, runReferences } from './execute-references.ts';
import { runAlterSequence, runCreateSequence } from './execute-sequence.ts';
import { runCreateType } from './execute-type.ts';
import { runCreateView, runDrop } from './execute-view.ts';
import { runParts, startParts } from './execute-writing.ts';
import type { Progress, ProgressOf, Shown } from './execution-types.ts';
import { explainPlan } from './explain.ts';
import { readsText, virtualMs } from './explain-measure.ts';
import type { SqlError } from './failure.ts';
import { fail, runError, SqlFailure } from './failure.ts';
import { RESULT_CHARACTERS_MAX, RESULT_ROWS_MAX } from './limits.ts';
import { makeMeasured, noteReads } from './measure.ts';
import { num } from './narrow.ts';
import { RowTaken } from './operators/lock-rows.ts';
import { nextFound } from './operators/scan.ts';
import { startOperator } from './operators.ts';
import type { PlanShape, Returning, RowsPlan, UpdatePlan } from './plan-types.ts';
import { done, settle } from './settle.ts';
import type { Execution, ExecutionStep, PlanNode } from './statement.ts';
import { StatementContext } from './statement-context.ts';
import { formatValue, parseValue } from './text-form.ts';

const NO_VALUES: Row = [];

/** Binds the parameters (in text form) and sets out; what is wrong with them is the first step's answer. */
export function startExecution(plan: PlanNode, params: readonly (string | null)[]): Execution {
  const progress = startProgress(plan);
  const measured = plan.kind === 'explain' ? makeMeasured(plan.nodes) : null;
  const parts = startParts(plan.parts, startProgress);
  const outer = plan.outers === 0 ? NO_VALUES : new Array<Value>(plan.outers).fill(null);
  const begun = (bound: Row, failure: SqlError | null): Execution => ({
    kind: 'execution',
    params: bound,
    progress,
    parts,
    measured,
    outer,
    subqueries: null,
    ctes: null,
    failure,
  });
  try {
    return begun(bindParams(plan, params), null);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return begun([], runError(error));
  }
}

export function bindParams(plan: PlanNode, params: readonly (string | null)[]): Row {
  return plan.paramTypes.map((type, i): Value => {
    const text = params[i];
    if (type === null) return null;
    if (text === undefined) return fail('42P02', `there is no parameter $${i + 1}`);
    return text === null ? null : parseValue(type, text);
  });
}

function startProgress(plan: PlanShape): Progress {
  switch (plan.kind) {
    case 'explain':
      return { kind: 'explain', plan, inner: startProgress(plan.statement), startedAt: null };
    case 'select':
      return {
        kind: 'select',
        plan,
        input: startOperator(plan.input),
        shown: { rows: [], characters: 0 },
        tids: [],
      };
    case 'insert': {
      const input = startOperator(plan.input);
      const returned = { rows: [], characters: 0 };
      return {
        kind: 'insert',
        plan,
        returned,
        input,
        rows: [],
        at: 0,
        collected: false,
        written: 0,
        touched: new Set(),
        work: makeReferenceWork(),
      };
    }
    case 'copyTo':
      return { kind: 'copyTo', plan, inner: startProgress(plan.statement) };
    case 'copyFrom':
      return {
        kind: 'copyFrom',
        plan,
        reader: startReader(plan.source),
        pending: null,
        drawn: [],
        rows: [],
        lines: [],
        at: 0,
        characters: 0,
        isFull: false,
        isRead: false,
        written: 0,
        work: makeReferenceWork(),
      };
    case 'update':
    case 'delete': {
      const input = startOperator(plan.input);
      const returned = { rows: [], characters: 0 };
      return {
        kind: 'modify',
        plan,
        returned,
        input,
        rows: [],
        touched: new Set(),
        newRows: [],
        drawn: [],
        at: 0,
        collected: false,
        written: 0,
        work: makeReferenceWork(),
      };
    }
    case 'createTable':
      return {
        kind: 'createTable',
        plan,
        made: { relations: [], name: null },
        isMade: false,
        at: 0,
        input: plan.as?.input ? startOperator(plan.as.input) : null,
        pending: null,
        written: 0,
      };
    case 'createIndex':
      return { kind: 'createIndex', plan, name: null, from: null };
    case 'createSchema':
      return { kind: 'createSchema', plan };
    case 'createType':
      return { kind: 'createType', plan };
    case 'createView':
      return { kind: 'createView', plan };
    case 'createSequence':
      return { kind: 'createSequence', plan, isMade: false };
    case 'alterSequence':
      return { kind: 'alterSequence', plan, isMade: false };
    case 'alterTable': {
      const build = { name: null, from: null };
      return {
        kind: 'alterTable',
        plan,
        isMade: false,
        position: null,
        isVerified: false,
        sequences: 0,
        made: { relations: [], name: null },
        at: 0,
        build,
        work: makeReferenceWork(true),
        parts: 0,
        children: null,
        isRewritten: false,
      };
    }
    case 'truncate':
      return { kind: 'truncate', plan, at: 0, part: 0, restarted: 0, before: null };
    case 'dropTable':
    case 'dropView':
    case 'dropIndex':
    case 'dropSequence':
    case 'dropSchema':
    case 'dropType':
      return { kind: 'drop', plan, relations: null, unbound: [], at: 0 };
  }
}

export type ExecutionLimits = Pick<Limits, 'executionSteps' | 'heldRows'>;

/** One step of at most `executionSteps` rows read or written. Throws `Blocked` and nothing else. */
export function runExecution(
  execution: Execution,
  access: Access,
  { executionSteps, heldRows }: ExecutionLimits,
): { readonly execution: Execution; readonly step: ExecutionStep } {
  return {
    execution,
    step: runStep(
      execution,
      new StatementContext(access, execution, execution.outer, { budget: executionSteps, tid: -1 }, heldRows),
    ),
  };
}

function runStep(execution: Execution, context: Context): ExecutionStep {
  if (execution.failure !== null) return { kind: 'failed', error: execution.failure };
  try {
    const { progress, parts } = execution;
    return parts === null ? advance(progress, context) : runParts(parts, progress, context, advance);
  } catch (error) {
    if (error instanceof BudgetUsed) return { kind: 'yield' };
    if (error instanceof RowTaken) return error.step;
    if (!(error instanceof SqlFailure)) throw error;
    return { kind: 'failed', error: runError(error) };
  }
}

function advance(progress: Progress, context: Context): ExecutionStep {
  switch (progress.kind) {
    case 'select':
      return runSelect(progress, context);
    case 'insert':
      return runInsert(progress, context);
    case 'modify':
      return runModify(progress, context);
    case 'copyFrom':
      return runCopyFrom(progress, context);
    case 'copyTo':
      return copyOut(progress, advance(progress.inner, context));
    case 'createTable':
      return runCreateTable(progress, context);
    case 'createIndex':
      return runCreateIndex(progress, context);
    case 'explain':
      return runExplain(progress, context);
    case 'createSchema':
      return runCreateSchema(progress, context);
    case 'createType':
      return runCreateType(progress, context);
    case 'createView':
      return runCreateView(progress, context);
    case 'alterTable':
      return runAlterTable(progress, context);
    case 'createSequence':
      return runCreateSequence(progress, context);
    case 'alterSequence':
      return runAlterSequence(progress, context);
    case 'drop':
      return runDrop(progress, context);
    case 'truncate':
      return runTruncate(progress, context);
  }
}

function runSelect(progress: ProgressOf<'select'>, context: Context): ExecutionStep {
  const { plan, input, shown, tids } = progress;
  const width = plan.columns.length;
  for (let row = context.next(input); row !== null; row = context.next(input)) {
    show(shown, row, width);
    tids.push(context.turn.tid);
  }
  const { rows } = shown;
  const relation = relationRead(plan.input);
  const isRead = relation !== 0 && (tids.length === 0 || tids.some((tid) => tid >= 0));
  const origin = isRead ? { relation, readPoint: context.access.readPoint, tids } : null;
  const result = { kind: 'rows', tag: `SELECT ${rows.length}`, columns: plan.columns, rows, origin } as const;
  return { kind: 'done', result };
}

/** Runs the statement for what its nodes did; its rows are not shown. */
function runExplain(progress: ProgressOf<'explain'>, context: Context): ExecutionStep {
  const { plan, inner } = progress;
  const { measures, arrivals } = present(context.statement.measured, 'measures');
  progress.startedAt ??= context.access.now;
  let written = '';
  if (inner.kind === 'select') while (context.next(inner.input) !== null);
  else {
    const step = advance(inner, context);
    if (step.kind !== 'done') return step;
    written = ` (rows written=${step.result.kind === 'error' ? 0 : (step.result.tag.split(' ').at(-1) ?? 0)})`;
  }
  const [first = '', ...below] = explainPlan(plan.statement, measures);
  const own = present(measures[plan.nodes], 'the measure of what is written');
  noteReads(own, arrivals.splice(0));
  const writing = own.reads.length === 0 ? [] : [`  For writing: ${readsText(own.reads)}`];
  const time = `Execution Time: ${virtualMs(context.access.now - progress.startedAt)} (virtual time)`;
  const rows = [first + written, ...writing, ...below, time].map((line) => [line]);
  const result = { kind: 'rows', tag: 'EXPLAIN', columns: plan.columns, rows, origin: null } as const;
  return { kind: 'done', result };
}

function show(shown: Shown, row: Row, width: number): void {
  if (shown.kept !== undefined) {
    shown.kept.push(row);
    return;
  }
  if (shown.rows.length >= RESULT_ROWS_MAX)
    fail('53400', `a result can have at most ${RESULT_ROWS_MAX} rows; use LIMIT`);
  const texts = new Array<string | null>(width);
  for (let i = 0; i < width; i++) {
    const text = formatValue(row[i] ?? null);
    texts[i] = text;
    shown.characters += text?.length ?? 0;
  }
  if (shown.characters > RESULT_CHARACTERS_MAX)
    fail('53400', `a result can have at most ${RESULT_CHARACTERS_MAX} characters; use LIMIT`);
  shown.rows.push(texts);
}

/** What RETURNING makes of a row; before the row is written, because a subquery may lack a page. */
const returnedRow = (returning: Returning | null, row: Row, context: Context): Row | null =>
  returning === null ? null : returning.exprs.map((e) => evaluate(e, row, context));

function doneWriting(tag: string, returning: Returning | null, { rows }: Shown): ExecutionStep {
  if (returning === null) return done(tag);
  return { kind: 'done', result: { kind: 'rows', tag, columns: returning.columns, rows, origin: null } };
}

/** The relation whose rows a plan passes on, or 0. */
function relationRead(plan: RowsPlan): number {
  if (plan.kind === 'scan') return plan.table.metadata ? 0 : plan.table.relation;
  if (plan.kind === 'hashJoin' && (plan.join === 'semi' || plan.join === 'anti'))
    return relationRead(plan.left);
  return 'input' in plan ? relationRead(plan.input) : 0;
}

function runInsert(progress: ProgressOf<'insert'>, context: Context): ExecutionStep {
  const { plan, rows } = progress;
  if (plan.collect && !progress.collected) {
    for (let row = context.next(progress.input); row !== null; row = context.next(progress.input)) {
      checkHeld(rows.length, context, COLLECTING);
      rows.push(row);
    }
    progress.collected = true;
  }
  for (;;) {
    if (progress.at >= rows.length) {
      if (plan.collect) break;
      const next = context.next(progress.input);
      if (next === null) break;
      rows.length = 0;
      rows.push(next);
      progress.at = 0;
    }
    const row = present(rows[progress.at], 'row to insert');
    checkRow(plan, row, context);
    spend(context);
    const way = plan.onConflict === null ? INSERTS : resolveConflict(progress, plan.onConflict, row, context);
    if (way.kind === 'wait') return way;
    if (way.kind !== 'skip') {
      const written = way.kind === 'update' ? way.row : row;
      const returned = returnedRow(plan.returning, written, context);
      const { access } = context;
      const outcome =
        way.kind === 'update'
          ? access.updateRow(plan.table, way.tid, written)
          : access.insertRow(plan.table, written);
      const step = settle(outcome);
      if (step !== null) return step;
      const before = way.kind === 'update' ? way.before : null;
      noteWritten(plan.references, progress.work, plan.table, before, written, context);
      if (plan.onConflict !== null) touch(progress, plan.onConflict, written);
      if (returned !== null) show(progress.returned, returned, returned.length);
      progress.written += 1;
    }
    progress.at += 1;
  }
  const step = progress.returned.kept ? null : runReferences(plan.references, progress.work, context);
  if (step !== null) return step;
  return doneWriting(`INSERT 0 ${progress.written}`, plan.returning, progress.returned);
}

const COLLECTING = 'a statement that writes what it reads';

function runModify(progress: ProgressOf<'modify'>, context: Context): ExecutionStep {
  const { plan, rows, newRows, touched } = progress;
  if (!progress.collected) {
    for (let found = nextTarget(progress, context); found !== null; found = nextTarget(progress, context)) {
      checkHeld(rows.length, context, COLLECTING);
      rows.push(found);
    }
    if (plan.kind === 'update' && plan.collectsNew)
      for (let found = rows[newRows.length]; found !== undefined; found = rows[newRows.length])
        newRows.push(newRow(plan, found, context, progress.drawn));
    progress.collected = true;
  }
  const width = plan.table.columns.length;
  while (progress.at < rows.length) {
    const found = present(rows[progress.at], 'row to write');
    const row = plan.kind === 'delete' ? found.row : (newRows[progress.at] ?? newRow(plan, found, context));
    const returned = returnedRow(plan.returning, row, context);
    spend(context);
    // The place that a joined row was found at stays behind the table's columns.
    const place = found.row[width];
    if (typeof place === 'number' && touched.has(place)) {
      progress.at += 1;
      continue;
    }
    const outcome = write(plan, found, row, context);
    if (outcome.kind === 'changed') {
      // Read committed: the whole condition is judged again on the newest version, then the write is tried on that.
      const newest = outcome.found && { ...outcome.found, row: beside(outcome.found.row, found.row) };
      if (newest === null || !isTrue(plan.where, newest.row, context)) progress.at += 1;
      else {
        if (newRows.length > 0 && plan.kind === 'update')
          newRows[progress.at] = newRow(plan, newest, context);
        rows[progress.at] = newest;
      }
      continue;
    }
    const step = settle(outcome);
    if (step !== null) return step;
    if (returned !== null) show(progress.returned, returned, returned.length);
    noteWritten(
      plan.references,
      progress.work,
      plan.table,
      found.row,
      plan.kind === 'delete' ? null : row,
      context,
    );
    if (typeof place === 'number') touched.add(place);
    progress.at += 1;
    progress.written += 1;
  }
  const step = progress.returned.kept ? null : runReferences(plan.references, progress.work, context);
  if (step !== null) return step;
  const tag = `${plan.kind === 'update' ? 'UPDATE' : 'DELETE'} ${progress.written}`;
  return doneWriting(tag, plan.returning, progress.returned);
}

/** The next row to write; of a join with what it meets there. */
function nextTarget({ plan, input }: ProgressOf<'modify'>, context: Context): FoundRow | null {
  if (input.kind === 'scan') return nextFound(input, context);
  const row = context.next(input);
  return row && { tid: num(row[plan.table.columns.length] ?? null), row };
}

/** The newest version of a row with what the older one met in a join. */
const beside = (newest: Row, older: Row): Row =>
  older.length > newest.length ? newest.concat(older.slice(newest.length)) : newest;

function write(
  plan: ProgressOf<'modify'>['plan'],
  { tid }: FoundRow,
  row: Row,
  context: Context,
): WriteOutcome {
  const { access } = context;
  if (plan.kind === 'delete') return access.deleteRow(plan.table, tid);
  checkRow(plan, row, context);
  const width = plan.table.columns.length;
  return access.updateRow(plan.table, tid, row.length > width ? row.slice(0, width) : row);
}

function newRow({ assignments }: UpdatePlan, found: FoundRow, context: Context, drawn: Value[] = []): Row {
  const row = found.row.slice();
  const exprs = assignments.map(({ expr }) => expr);
  const values = evaluateOnce(exprs, found.row, context, drawn);
  drawn.length = 0;
  for (const [i, { column }] of assignments.entries()) row[column] = values[i] ?? null;
  return row;
}
