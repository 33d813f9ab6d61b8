// SET, RESET and SHOW of what the connection keeps, and the functions set_config and current_setting where a query is nothing else.
// Of the transaction that runs (its isolation, whether it writes) the engine is asked.

import type { Column, StatementResult } from '../core/kernel/client-calls.ts';
import { fail, SqlFailure } from '../core/sql/failure.ts';
import { readBoolean } from '../core/sql/settings.ts';
import {
  flagOf,
  integerOf,
  nodeOf,
  nodesOf,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from '../core/sql/tree.ts';
import { sendReport } from './backend.ts';
import { namesIn, settingKey } from './client-settings.ts';
import type { Connection, Steps } from './connection.ts';
import {
  changeSetting,
  findSetting,
  namedValue,
  resetSettings,
  settingValue,
  shownSettings,
} from './connection-settings.ts';
import { constantText, isNull } from './constants.ts';
import { askRequest } from './requests.ts';
import type { Statement } from './statement-text.ts';

type Params = readonly (string | null)[];

const done = (tag: string): StatementResult => ({ kind: 'done', tag });
const rowsOf = (
  tag: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
): StatementResult => ({ kind: 'rows', tag, columns, rows, origin: null });
const text = (name: string): Column => ({ name, type: 'text' });

/** What only the node knows that has the session's transaction. */
const isOfEngine = (name: string): boolean =>
  ['transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'pcs_stale'].includes(
    settingKey(name),
  );

export const isOwnSet = ({ fields }: TreeNode): boolean =>
  textOf(fields, 'kind') === 'VAR_SET_MULTI'
    ? optionalText(fields, 'name') === 'SESSION CHARACTERISTICS'
    : !isOfEngine(optionalText(fields, 'name') ?? '');

export const isOwnShow = ({ fields }: TreeNode): boolean => !isOfEngine(textOf(fields, 'name'));

/** Columns of SHOW. */
export function shownColumns(connection: Connection, { fields }: TreeNode): readonly Column[] {
  const name = textOf(fields, 'name');
  if (name === 'all') return ['name', 'setting', 'description'].map(text);
  return [text(isOfEngine(name) ? name : findSetting(connection, name).name)];
}

export function runSet(connection: Connection, { node: { fields } }: Statement): StatementResult {
  const kind = textOf(fields, 'kind');
  const isLocal = flagOf(fields, 'is_local');
  if (kind === 'VAR_SET_MULTI') return setCharacteristics(connection, nodesOf(fields, 'args'));
  if (kind === 'VAR_RESET_ALL') {
    resetSettings(connection);
    return done('RESET');
  }
  const values = kind === 'VAR_SET_VALUE' ? nodesOf(fields, 'args').map(constantText) : null;
  changeSetting(connection, textOf(fields, 'name'), values, isLocal);
  if (isLocal && connection.settings.block === null)
    sendReport(connection.out, {
      severity: 'WARNING',
      sqlstate: '25P01',
      message: 'SET LOCAL can only be used in transaction blocks',
    });
  return done(kind === 'VAR_RESET' ? 'RESET' : 'SET');
}

/** SET SESSION CHARACTERISTICS AS TRANSACTION …: what later transactions begin with. */
function setCharacteristics(connection: Connection, modes: readonly TreeNode[]): StatementResult {
  for (const { fields } of modes) {
    const value = constantText(nodeOf(fields, 'arg'));
    changeSetting(connection, `default_${textOf(fields, 'defname')}`, [value], false);
  }
  return done('SET');
}

export function runShow(connection: Connection, { node }: Statement): StatementResult {
  const name = textOf(node.fields, 'name');
  const columns = shownColumns(connection, node);
  if (name !== 'all') return rowsOf('SHOW', columns, [[namedValue(connection, name)]]);
  return rowsOf(
    'SHOW',
    columns,
    shownSettings(connection).map((row) => [...row, '']),
  );
}

interface Call {
  readonly fn: 'set_config' | 'current_setting';
  readonly name: string;
  readonly args: readonly TreeNode[];
}

/** Calls of a query that is nothing but such calls, with constants and parameters; null: it is another one. */
export function settingCalls({ tag, fields }: TreeNode): readonly Call[] | null {
  if (tag !== 'SelectStmt' || Object.keys(fields).some((key) => !QUERY.has(key))) return null;
  const calls: Call[] = [];
  for (const target of nodesOf(fields, 'targetList')) {
    const value = target.tag === 'ResTarget' ? nodeOf(target.fields, 'val') : target;
    const call = value.tag === 'FuncCall' ? callOf(value, optionalText(target.fields, 'name')) : null;
    if (call === null) return null;
    calls.push(call);
  }
  return calls.length === 0 ? null : calls;
}

const QUERY = new Set(['targetList', 'limitOption', 'op']);

function callOf({ fields }: TreeNode, label: string | null): Call | null {
  const names = stringsOf(fields, 'funcname');
  const fn = names.at(-1);
  if (names.length > 2 || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  if (fn !== 'set_config' && fn !== 'current_setting') return null;
  const args = nodesOf(fields, 'args');
  return args.every(isGiven) ? { fn, name: label ?? fn, args } : null;
}

const isGiven = ({ tag, fields }: TreeNode): boolean =>
  tag === 'ParamRef' || tag === 'A_Const' || (tag === 'TypeCast' && isGiven(nodeOf(fields, 'arg')));

export const columnsOfCalls = (calls: readonly Call[]): readonly Column[] =>
  calls.map(({ name }) => text(name));

/** Highest parameter of the calls: each is a text. */
export const parametersOfCalls = (calls: readonly Call[]): number =>
  Math.max(0, ...calls.flatMap(({ args }) => args.map((arg) => paramNumber(arg) ?? 0)));

const paramNumber = ({ tag, fields }: TreeNode): number | null =>
  tag === 'ParamRef'
    ? integerOf(fields, 'number')
    : tag === 'TypeCast'
      ? paramNumber(nodeOf(fields, 'arg'))
      : null;

export function* runCalls(
  connection: Connection,
  calls: readonly Call[],
  params: Params,
): Steps<StatementResult> {
  const row: (string | null)[] = [];
  for (const { fn, args } of calls) {
    const values = args.map((arg) => argument(arg, params));
    row.push(yield* fn === 'set_config' ? setConfig(connection, values) : currentSetting(connection, values));
  }
  return rowsOf('SELECT 1', columnsOfCalls(calls), [row]);
}

function argument(arg: TreeNode, params: Params): string | null {
  const number = paramNumber(arg);
  if (number === null) return isNull(arg) ? null : constantText(arg);
  const value = params[number - 1];
  return value === undefined ? fail('42P02', `there is no parameter $${number}`) : value;
}

const wrongArguments = (fn: string, count: number): never =>
  fail('42883', `function ${fn}(${Array(count).fill('unknown').join(', ')}) does not exist`);

// biome-ignore lint/correctness/useYield: as its sibling, which asks
function* setConfig(connection: Connection, values: Params): Steps<string | null> {
  const [name, value, isLocal] = values;
  if (values.length !== 3) return wrongArguments('set_config', values.length);
  if (name === null || name === undefined) return fail('22004', 'SET requires parameter name');
  const given = value == null ? null : namesIn(name, value);
  return changeSetting(connection, name, given, readBoolean('is_local', isLocal ?? 'f'));
}

function* currentSetting(connection: Connection, values: Params): Steps<string | null> {
  const [name, missingOk] = values;
  if (values.length === 0 || values.length > 2) return wrongArguments('current_setting', values.length);
  if (name === null || name === undefined) return null;
  if (isOfEngine(name)) return yield* askSetting(connection, name);
  try {
    return settingValue(connection, findSetting(connection, name));
  } catch (failure) {
    if (!(failure instanceof SqlFailure) || !readBoolean('missing_ok', missingOk ?? 'f')) throw failure;
    return null;
  }
}

function* askSetting(connection: Connection, name: string): Steps<string | null> {
  const { statements } = yield* askRequest(connection, [], `SHOW ${settingKey(name)}`, []);
  const [result] = statements;
  if (result?.kind === 'error') throw new SqlFailure(result.sqlstate, result.message);
  return result?.kind === 'rows' ? (result.rows[0]?.[0] ?? null) : null;
}
