// Entry of the SQL front end: one statement's text and untrusted syntax tree become what the session runs, or an
// error with SQLSTATE and position. The result depends on text, tree and catalog only, so it may be cached by them.

import type { Column } from '../kernel/client-calls.ts';
import { advisoryColumns, analyseAdvisory } from './analyse-advisory.ts';
import { analyseAlterTable } from './analyse-alter.ts';
import { analyseAlterOwner } from './analyse-alter-owner.ts';
import { analyseComment } from './analyse-comment.ts';
import { analyseCopyFrom, analyseCopyTo, isCopyFrom } from './analyse-copy.ts';
import { analyseCreateAs, analyseSelectInto } from './analyse-create-as.ts';
import { analyseCreateTable } from './analyse-ddl.ts';
import { analyseDrop } from './analyse-drop.ts';
import { analyseCreateIndex } from './analyse-index.ts';
import { analyseLockTable, analyseTruncate } from './analyse-lock-table.ts';
import { analyseQuery } from './analyse-query.ts';
import { analyseReindex } from './analyse-reindex.ts';
import { analyseRename } from './analyse-rename.ts';
import { analyseCreateSchema } from './analyse-schema.ts';
import { analyseAlterSequence, analyseCreateSequence } from './analyse-sequence.ts';
import { analyseSet, analyseShow, readModes } from './analyse-setting.ts';
import { analyseAlterEnum, analyseCreateType, analyseRenameType } from './analyse-type.ts';
import { analyseCreateView } from './analyse-view.ts';
import { partsOf } from './analyse-with.ts';
import { analyseDelete, analyseInsert, analyseUpdate } from './analyse-write.ts';
import {
  type Analysis,
  type Catalog,
  type CopyData,
  makeAnalysis,
  paramTypes,
  relationName,
  schemasSearched,
} from './analysis.ts';
import { asciiUpper } from './ascii.ts';
import { DESCRIPTION, parameterRows } from './described.ts';
import { explainPlan } from './explain.ts';
import { makeConst } from './expression.ts';
import type { SqlError } from './failure.ts';
import { fail, NOWHERE, SqlFailure, toSqlError, unsupported } from './failure.ts';
import { checkResult } from './leading-notes.ts';
import { measureStatement } from './measure-plan.ts';
import { planDelete, planInsert, planSelect, planUpdate } from './plan.ts';
import type { Plan, PlanShape, WritingPart } from './plan-types.ts';
import type { Analysed } from './statement.ts';
import { parseValue } from './text-form.ts';
import {
  asFields,
  decodeTree,
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  own,
  type TreeNode,
  textOf,
} from './tree.ts';

export type AnalyseResult =
  | { readonly ok: true; readonly analysed: Analysed }
  /**
   * `isSyntax`: the parser's refusal, which PostgreSQL gives before it looks at the transaction. `runsAlone`: what may not run in a
   * transaction block, which PostgreSQL says before it looks for what the statement names.
   */
  | {
      readonly ok: false;
      readonly error: SqlError;
      readonly isSyntax: boolean;
      readonly runsAlone: string | null;
    };

/** What the statement is that runs in no transaction block, because it makes transactions of its own; null: it is none. */
export function aloneOf(result: AnalyseResult): string | null {
  if (!result.ok) return result.runsAlone;
  const { analysed } = result;
  if (analysed.kind === 'vacuum') return 'VACUUM';
  if (analysed.kind === 'nothing') return analysed.alone;
  if (analysed.kind === 'endPrepared') return analysed.isCommit ? 'COMMIT PREPARED' : 'ROLLBACK PREPARED';
  if (analysed.kind !== 'plan') return null;
  const { plan } = analysed;
  if (plan.kind === 'createIndex' && plan.concurrently) return 'CREATE INDEX CONCURRENTLY';
  return plan.kind === 'dropIndex' && plan.concurrently ? 'DROP INDEX CONCURRENTLY' : null;
}

/**
 * Analyses one statement. `tree` is libpg-query's result as UTF-8 JSON with exactly one statement, or
 * `{"error": {message, position}}`; its `offset` is the number of characters before the statement in what the client
 * sent, and is added to positions.
 */
export function analyse(
  text: string,
  tree: Uint8Array,
  params: readonly (string | null)[],
  catalog: Catalog,
): AnalyseResult {
  let offset = 0;
  const analysis = makeAnalysis(catalog);
  analysis.planPart = (node) => planPart(analysis, node);
  try {
    const root = decodeTree(tree);
    offset = Math.max(0, integerOf(root, 'offset'));
    if (has(root, 'error'))
      return { ok: false, error: parseError(fieldsOf(root, 'error')), isSyntax: true, runsAlone: null };
    analysis.copyData = readCopyData(root);
    const analysed = analyseStatement(analysis, onlyStatement(root));
    checkColumns(text, analysed);
    checkParams(analysis, params.length);
    if (analysis.recursiveView !== null)
      fail('42P17', `infinite recursion detected in rules for relation "${analysis.recursiveView}"`);
    return { ok: true, analysed };
  } catch (error) {
    if (error instanceof SqlFailure)
      return {
        ok: false,
        error: toSqlError(error, text, offset),
        isSyntax: false,
        runsAlone: analysis.runsAlone,
      };
    throw error;
  }
}

function checkColumns(text: string, analysed: Analysed): void {
  if (analysed.kind !== 'plan') return;
  const { plan } = analysed;
  if (plan.kind === 'select') checkResult(text, plan.columns);
  else if ('returning' in plan) checkResult(text, plan.returning?.columns ?? []);
}

/**
 * Every parameter used must be given. One that this statement leaves out is no error (PostgreSQL: 42P18): a request's
 * parameters are shared by its statements, and the `transfer` workload uses $1 and $3 in one of them.
 */
function checkParams(analysis: Analysis, given: number): void {
  for (let i = given; i < analysis.params.length; i++) {
    const slot = analysis.params[i];
    if (slot !== undefined) fail('42P02', `there is no parameter $${i + 1}`, slot.at);
  }
}

/** The parser's own refusal, from the edge. */
function parseError(fields: Fields): SqlError {
  const position = own(fields, 'position');
  const isPosition = typeof position === 'number' && Number.isSafeInteger(position) && position > 0;
  const message = textOf(fields, 'message');
  // The grammar itself refuses frames that cannot be, as a windowing error.
  const sqlstate = /^frame (?:start|end)/.test(message) ? '42P20' : '42601';
  return { sqlstate, message, position: isPosition ? position : null };
}

/** What the edge has cut off behind COPY FROM STDIN. */
function readCopyData(root: Fields): CopyData | null {
  if (!has(root, 'copy')) return null;
  const copy = fieldsOf(root, 'copy');
  return { data: textOf(copy, 'data'), at: Math.max(0, integerOf(copy, 'at')) };
}

function onlyStatement(root: Fields): TreeNode {
  const statements = own(root, 'stmts');
  if (!Array.isArray(statements) || statements.length !== 1)
    return fail('08P01', 'malformed syntax tree: exactly one statement expected');
  const [first]: readonly unknown[] = statements;
  return nodeOf(asFields(first, 'stmts'), 'stmt');
}

function analyseStatement(analysis: Analysis, { tag, fields }: TreeNode): Analysed {
  switch (tag) {
    case 'SelectStmt': {
      const advisory = analyseAdvisory(analysis, fields);
      if (advisory !== null) return advisory;
      const table = analyseSelectInto(analysis, fields);
      if (table !== null) return planned(analysis, table, true);
      const plan = planSelect(analysis, analyseQuery(analysis, fields).query);
      return planned(analysis, plan, analysis.locksRows);
    }
    case 'InsertStmt':
      return planned(analysis, planInsert(analysis, analyseInsert(analysis, fields)), true);
    case 'UpdateStmt':
      return planned(analysis, planUpdate(analysis, analyseUpdate(analysis, fields)), true);
    case 'DeleteStmt':
      return planned(analysis, planDelete(analysis, analyseDelete(analysis, fields)), true);
    case 'CreateStmt':
      return planned(analysis, { kind: 'createTable', ...analyseCreateTable(analysis, fields) }, true);
    case 'CreateTableAsStmt':
      return planned(analysis, analyseCreateAs(analysis, fields), true);
    case 'CreateSchemaStmt':
      return planned(
        analysis,
        { kind: 'createSchema', ...analyseCreateSchema(fields, schemasSearched(analysis)) },
        true,
      );
    case 'ViewStmt':
      return planned(analysis, { kind: 'createView', ...analyseCreateView(analysis, fields) }, true);
    case 'DropStmt':
      return planned(analysis, analyseDrop(analysis, fields), true);
    case 'IndexStmt':
      return planned(analysis, { kind: 'createIndex', ...analyseCreateIndex(analysis, fields) }, true);
    case 'AlterTableStmt':
      return planned(analysis, { kind: 'alterTable', ...analyseAlterTable(analysis, fields) }, true);
    case 'AlterOwnerStmt':
      return planned(analysis, { kind: 'alterTable', ...analyseAlterOwner(analysis, fields) }, true);
    case 'CommentStmt':
      return planned(analysis, { kind: 'alterTable', ...analyseComment(analysis, fields) }, true);
    case 'RenameStmt': {
      const isType = textOf(fields, 'renameType') === 'OBJECT_TYPE';
      const renamed = (isType ? analyseRenameType : analyseRename)(analysis, fields);
      return planned(analysis, { kind: 'alterTable', ...renamed }, true);
    }
    case 'CreateEnumStmt':
      return planned(analysis, { kind: 'createType', ...analyseCreateType(analysis, fields) }, true);
    case 'AlterEnumStmt':
      return planned(analysis, { kind: 'alterTable', ...analyseAlterEnum(analysis, fields) }, true);
    case 'ExplainStmt':
      return analyseExplain(analysis, fields);
    case 'CopyStmt':
      return analyseCopy(analysis, fields);
    case 'TransactionStmt':
      return analyseTransaction(fields);
    case 'LockStmt':
      return analyseLockTable(analysis, fields);
    case 'TruncateStmt':
      return planned(analysis, { kind: 'truncate', ...analyseTruncate(analysis, fields) }, true);
    case 'CreateSeqStmt':
      return planned(analysis, { kind: 'createSequence', ...analyseCreateSequence(analysis, fields) }, true);
    case 'AlterSeqStmt':
      return planned(analysis, { kind: 'alterSequence', ...analyseAlterSequence(analysis, fields) }, true);
    case 'VariableSetStmt':
      return analyseSet(fields);
    case 'VariableShowStmt':
      return analyseShow(fields);
    case 'VacuumStmt':
      return analyseVacuum(analysis, fields);
    case 'ReindexStmt':
      return analyseReindex(analysis, fields);
    case 'CheckPointStmt':
      // pages are written and the log is cut as it goes; what is committed is durable before it is answered
      return { kind: 'nothing', tag: 'CHECKPOINT', alone: null };
    default:
      return unsupported(statementName(tag), firstLocation(fields, 0));
  }
}

function analyseCopy(analysis: Analysis, fields: Fields): Analysed {
  if (isCopyFrom(fields)) return planned(analysis, analyseCopyFrom(analysis, fields), true);
  const { statement, finish } = analyseCopyTo(analysis, fields);
  const inner = EXPLAINED.has(statement.tag) ? analyseStatement(analysis, statement) : null;
  if (inner?.kind !== 'plan' || !isRowsStatement(inner.plan))
    return unsupported(`COPY of ${statementName(statement.tag)}`, firstLocation(fields, 0));
  return planned(analysis, finish(inner.plan), inner.writes);
}

type RowsStatement = Extract<PlanShape, { kind: 'select' | 'insert' | 'update' | 'delete' }>;
const isRowsStatement = (plan: PlanShape): plan is RowsStatement =>
  plan.kind === 'select' || plan.kind === 'insert' || plan.kind === 'update' || plan.kind === 'delete';

const EXPLAIN_STMT = new Set(['query', 'options']);

/** EXPLAIN of what has a plan: the tree as rows of text. The statement itself is not run. */
function analyseExplain(analysis: Analysis, fields: Fields): Analysed {
  onlyFields(fields, EXPLAIN_STMT, 'EXPLAIN');
  let isRun = false;
  let isDescribed = false;
  for (const { fields: option } of nodesOf(fields, 'options')) {
    const name = textOf(option, 'defname');
    if (name === 'analyze') isRun = isOn(option);
    else if (name === 'describe') isDescribed = isOn(option);
    else if (name !== 'costs') unsupported(`EXPLAIN ${asciiUpper(name)}`, firstLocation(option, 0));
  }
  const explained = nodeOf(fields, 'query');
  const inner = EXPLAINED.has(explained.tag) ? analyseStatement(analysis, explained) : null;
  if (inner?.kind === 'advisory' && isDescribed)
    return describedColumns(analysis, advisoryColumns(inner.calls));
  if (inner?.kind !== 'plan')
    return unsupported(`EXPLAIN ${statementName(explained.tag)}`, firstLocation(fields, 0));
  const { plan } = inner;
  const parts = analysis.parts.splice(0);
  if (isDescribed && isRowsStatement(plan)) return describedPlan(analysis, plan);
  if (plan.kind === 'createTable') {
    if (isDescribed) return describedColumns(analysis, []);
    if (isRun) unsupported(`EXPLAIN ANALYZE of ${plan.as?.command ?? ''}`, firstLocation(fields, 0));
  }
  if (parts.length > 0) unsupported('EXPLAIN of a data-modifying statement in WITH');
  if (isRun && isRowsStatement(plan)) {
    const { plan: statement, nodes } = measureStatement(plan);
    const shown = [{ name: 'QUERY PLAN', type: 'text' }];
    return planned(analysis, { kind: 'explain', statement, nodes, columns: shown }, inner.writes);
  }
  const rows = explainPlan(plan).map((line) => [makeConst('text', line, NOWHERE)]);
  const columns = [{ name: 'QUERY PLAN', type: 'text' }];
  const shown = planned(analysis, { kind: 'select', input: { kind: 'rows', rows }, columns }, false);
  return { ...shown, explains: plan };
}

/** No parameter has to be given. */
function describedPlan(analysis: Analysis, plan: RowsStatement): Analysed {
  return describedColumns(analysis, plan.kind === 'select' ? plan.columns : (plan.returning?.columns ?? []));
}

function describedColumns(analysis: Analysis, columns: readonly Column[]): Analysed {
  const params = paramTypes(analysis);
  analysis.params.length = 0;
  const described = [
    ...parameterRows(params.map((type) => type ?? 'text')),
    ...columns.map(({ name, type, made }) => ['column', name, made ?? type]),
  ];
  const rows = described.map((row) => row.map((value) => makeConst('text', value, NOWHERE)));
  return planned(analysis, { kind: 'select', input: { kind: 'rows', rows }, columns: DESCRIPTION }, false);
}

/** `ANALYZE`, or `ANALYZE` with a boolean. */
function isOn(option: Fields): boolean {
  if (!has(option, 'arg')) return true;
  const { fields } = nodeOf(option, 'arg');
  if (has(fields, 'sval')) return parseValue('bool', textOf(fields, 'sval')) === true;
  return integerOf(fields, 'ival') !== 0;
}

const EXPLAINED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'CreateTableAsStmt']);

type Planned = Extract<Analysed, { kind: 'plan' }>;

function planned(analysis: Analysis, shape: PlanShape, writes: boolean): Planned {
  // Added in place: a spread of many shapes makes each plan an object of a hidden class of its own.
  const own = { paramTypes: paramTypes(analysis), outers: analysis.outers };
  const parts = partsOf(analysis, shape);
  const plan: Plan = Object.assign(shape, own, parts && { parts });
  const { tables, estimates, cascades, locksRows, sequences, draws } = analysis;
  const changes = {
    writes: writes || draws !== null || parts !== undefined,
    cascades,
    locksRows,
    sequences,
    draws,
  };
  return { kind: 'plan', plan, tables, estimates, ...changes };
}

function planPart(analysis: Analysis, { tag, fields }: TreeNode): WritingPart['plan'] {
  switch (tag) {
    case 'InsertStmt':
      return planInsert(analysis, analyseInsert(analysis, fields));
    case 'UpdateStmt':
      return planUpdate(analysis, analyseUpdate(analysis, fields));
    case 'DeleteStmt':
      return planDelete(analysis, analyseDelete(analysis, fields));
    default:
      return unsupported(`${tag} in WITH`);
  }
}

/** `CreateTableAsStmt` → `CREATE TABLE AS`. */
function statementName(tag: string): string {
  const words = tag.replace(/Stmt$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
  return STATEMENTS.get(tag) ?? asciiUpper(words);
}

const STATEMENTS: ReadonlyMap<string, string> = new Map([
  ['CreateFunctionStmt', 'CREATE FUNCTION'],
  ['CreateTrigStmt', 'CREATE TRIGGER'],
  ['CreateSchemaStmt', 'CREATE SCHEMA'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['CompositeTypeStmt', 'CREATE TYPE of columns'],
  ['CreateRangeStmt', 'CREATE TYPE AS RANGE'],
  ['DefineStmt', 'CREATE TYPE'],
]);

const SAVEPOINT_STMT = new Set(['kind', 'savepoint_name', 'location']);
const SAVEPOINTS = {
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollbackTo',
} as const;
const PREPARED_STMT = new Set(['kind', 'gid', 'location']);
/** As PostgreSQL: less than 200. */
const GID_MAX = 199;
const TRANSACTION_STMT = new Set(['kind', 'options', 'location']);

function analyseTransaction(fields: Fields): Analysed {
  const kind = textOf(fields, 'kind');
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      onlyFields(fields, TRANSACTION_STMT, 'BEGIN');
      return {
        kind: 'begin',
        tag: kind === 'TRANS_STMT_BEGIN' ? 'BEGIN' : 'START TRANSACTION',
        ...readModes(nodesOf(fields, 'options')),
      };
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
      if (has(fields, 'chain')) unsupported('AND CHAIN');
      onlyFields(fields, TRANSACTION_STMT, 'COMMIT');
      return { kind: kind === 'TRANS_STMT_COMMIT' ? 'commit' : 'rollback' };
    case 'TRANS_STMT_SAVEPOINT':
    case 'TRANS_STMT_RELEASE':
    case 'TRANS_STMT_ROLLBACK_TO': {
      onlyFields(fields, SAVEPOINT_STMT, 'SAVEPOINT');
      const name = nameOf(fields, 'savepoint_name');
      return { kind: SAVEPOINTS[kind], name };
    }
    case 'TRANS_STMT_PREPARE':
    case 'TRANS_STMT_COMMIT_PREPARED':
    case 'TRANS_STMT_ROLLBACK_PREPARED': {
      onlyFields(fields, PREPARED_STMT, 'PREPARE TRANSACTION');
      const gid = textOf(fields, 'gid');
      if (gid === '' || gid.length > GID_MAX)
        fail('22023', `a transaction identifier has 1 to ${GID_MAX} characters`);
      if (kind === 'TRANS_STMT_PREPARE') return { kind: 'prepare', gid };
      return { kind: 'endPrepared', gid, isCommit: kind === 'TRANS_STMT_COMMIT_PREPARED' };
    }
    default:
      return unsupported(kind.replace('TRANS_STMT_', '').replaceAll('_', ' '), firstLocation(fields, 0));
  }
}

const VACUUM_STMT = new Set(['rels', 'is_vacuumcmd', 'options']);
const VACUUM_RELATION = new Set(['relation', 'va_cols']);

/** Of VACUUM: what only tells more, or is done anyway. */
const VACUUM_OPTIONS = new Set(['analyze', 'verbose', 'freeze', 'skip_locked', 'truncate', 'index_cleanup']);

function analyseVacuum(analysis: Analysis, fields: Fields): Analysed {
  const word = flagOf(fields, 'is_vacuumcmd') ? 'VACUUM' : 'ANALYZE';
  for (const { fields: option } of nodesOf(fields, 'options')) {
    const name = textOf(option, 'defname');
    if (!VACUUM_OPTIONS.has(name)) unsupported(`${word} ${asciiUpper(name)}`, firstLocation(option, 0));
  }
  onlyFields(fields, VACUUM_STMT, word);
  const names = nodesOf(fields, 'rels').map(({ fields: one }) => {
    onlyFields(one, VACUUM_RELATION, word);
    nodesOf(one, 'va_cols');
    const name = relationName(analysis, fieldsOf(one, 'relation'));
    if (analysis.findTable(name) === null) fail('42P01', `relation "${name}" does not exist`);
    return name;
  });
  // No statistics are kept: the planner looks at the tables themselves.
  return word === 'ANALYZE' ? { kind: 'nothing', tag: word, alone: null } : { kind: 'vacuum', tables: names };
}
