// Functions that a connection carries out itself, where a query is a call of one of them and nothing else: pg_sleep (virtual time that
// passes, as with CALL lab.wait), pg_notify, and what ends another connection or its statement. The cluster is not asked.

import type { Column, StatementResult } from '../core/kernel/client-calls.ts';
import { readSetting } from '../core/sql/settings.ts';
import { has, integerOf, nodeOf, nodesOf, optionalText, stringsOf, type TreeNode } from '../core/sql/tree.ts';
import { ask, type Connection, type Steps } from './connection.ts';
import { namedValue } from './connection-settings.ts';
import { constantText, isNull } from './constants.ts';
import { askSignal, takeNotify } from './notifications.ts';

interface OwnFunction {
  readonly args: number;
  /** Of a parameter. */
  readonly takes: 'float8' | 'text' | 'int4';
  readonly gives: 'void' | 'bool';
  readonly run: (connection: Connection, args: readonly string[]) => Steps<string | Failure>;
}

type Failure = Extract<StatementResult, { kind: 'error' }>;

const FUNCTIONS: ReadonlyMap<string, OwnFunction> = new Map([
  ['pg_sleep', { args: 1, takes: 'float8', gives: 'void', run: sleep }],
  ['pg_notify', { args: 2, takes: 'text', gives: 'void', run: notify }],
  ['pg_cancel_backend', { args: 1, takes: 'int4', gives: 'bool', run: signal('cancel') }],
  ['pg_terminate_backend', { args: 1, takes: 'int4', gives: 'bool', run: signal('terminate') }],
]);

export interface OwnCall extends OwnFunction {
  /** Each a constant, or a parameter. */
  readonly given: readonly TreeNode[];
  readonly columns: readonly Column[];
}

/** Of a query that is nothing else; null: it is another one. */
export function ownCallOf({ tag, fields }: TreeNode): OwnCall | null {
  if (tag !== 'SelectStmt' || Object.keys(fields).some((key) => !QUERY.has(key))) return null;
  const [target, second] = nodesOf(fields, 'targetList');
  if (target?.tag !== 'ResTarget' || second !== undefined || !has(target.fields, 'val')) return null;
  const call = nodeOf(target.fields, 'val');
  const names = call.tag === 'FuncCall' ? stringsOf(call.fields, 'funcname') : [];
  if (names.length > 2 || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  const known = FUNCTIONS.get(names.at(-1) ?? '');
  if (known === undefined) return null;
  const given = nodesOf(call.fields, 'args');
  if (given.length !== known.args || !given.every(isGiven)) return null;
  const name = optionalText(target.fields, 'name') ?? names.at(-1) ?? '';
  return { ...known, given, columns: [{ name, type: known.gives }] };
}

const QUERY = new Set(['targetList', 'limitOption', 'op']);
const isGiven = ({ tag, fields }: TreeNode): boolean =>
  tag === 'A_Const' || tag === 'ParamRef' || (tag === 'TypeCast' && isGiven(nodeOf(fields, 'arg')));

/** How many parameters it has. */
export const parametersOfCall = ({ given }: OwnCall): number => Math.max(0, ...given.map(parameterNumber));

function parameterNumber({ tag, fields }: TreeNode): number {
  if (tag === 'TypeCast') return parameterNumber(nodeOf(fields, 'arg'));
  return tag === 'ParamRef' ? integerOf(fields, 'number') : 0;
}

export function* runOwnCall(
  connection: Connection,
  { given, columns, run }: OwnCall,
  params: readonly (string | null)[],
): Steps<StatementResult> {
  const values = given.map((node) => textOfArgument(node, params));
  const args = values.filter((value) => value !== null);
  // none of them does anything for a null
  const value = args.length < values.length ? null : yield* run(connection, args);
  if (value !== null && typeof value !== 'string') return value;
  return { kind: 'rows', tag: 'SELECT 1', columns, rows: [[value]], origin: null };
}

function textOfArgument(node: TreeNode, params: readonly (string | null)[]): string | null {
  const number = parameterNumber(node);
  if (number > 0) return params[number - 1] ?? null;
  return isNull(node) ? null : constantText(node);
}

const failure = (sqlstate: string, message: string): Failure => ({
  kind: 'error',
  sqlstate,
  message,
  position: null,
});

function* sleep(connection: Connection, [seconds = '']: readonly string[]): Steps<string | Failure> {
  const ms = Number(seconds) * 1000;
  if (seconds.trim() === '' || Number.isNaN(ms))
    return failure('22P02', `invalid input syntax for type double precision: "${seconds}"`);
  const limit = readSetting('statement_timeout', [namedValue(connection, 'statement_timeout')]);
  const limitMs = limit.statementTimeoutMs || Number.POSITIVE_INFINITY;
  const { statements } = yield* ask(connection, {
    kind: 'lab',
    call: { name: 'wait', args: [{ name: null, value: String(Math.min(limitMs, Math.max(0, ms))) }] },
  });
  const [result] = statements;
  if (result?.kind === 'error') return { ...result, message: result.message.replace('lab.wait', 'pg_sleep') };
  return ms > limitMs ? failure('57014', 'canceling statement due to statement timeout') : '';
}

// biome-ignore lint/correctness/useYield: as its siblings, which ask
function* notify(
  connection: Connection,
  [channel = '', payload = '']: readonly string[],
): Steps<string | Failure> {
  if (channel === '') return failure('22023', 'channel name cannot be empty');
  return takeNotify(connection, channel, payload) ?? '';
}

function signal(act: 'cancel' | 'terminate'): OwnFunction['run'] {
  return function* (connection, [text = '']) {
    const processId = Number(text);
    if (!Number.isInteger(processId))
      return failure('22P02', `invalid input syntax for type integer: "${text}"`);
    return (yield* askSignal(connection, act, processId)) ? 't' : 'f';
  };
}
