// `SELECT pg_sleep(seconds)`: virtual time that passes, as with CALL lab.wait. The connection waits, the cluster is not asked.

import type { Column, StatementResult } from '../core/kernel/client-calls.ts';
import { has, integerOf, nodeOf, nodesOf, optionalText, stringsOf, type TreeNode } from '../core/sql/tree.ts';
import { ask, type Connection, type Steps } from './connection.ts';
import { constantText, isNull } from './constants.ts';
import { errorResult } from './requests.ts';

export interface Sleep {
  /** A constant, or a parameter. */
  readonly seconds: TreeNode;
  readonly columns: readonly Column[];
}

/** Of a query that is nothing else; null: it is another one. */
export function sleepOf({ tag, fields }: TreeNode): Sleep | null {
  if (tag !== 'SelectStmt' || Object.keys(fields).some((key) => !QUERY.has(key))) return null;
  const [target, second] = nodesOf(fields, 'targetList');
  if (target?.tag !== 'ResTarget' || second !== undefined || !has(target.fields, 'val')) return null;
  const call = nodeOf(target.fields, 'val');
  const names = call.tag === 'FuncCall' ? stringsOf(call.fields, 'funcname') : [];
  if (names.at(-1) !== 'pg_sleep' || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  const [seconds, more] = nodesOf(call.fields, 'args');
  if (seconds === undefined || more !== undefined || !VALUES.has(seconds.tag)) return null;
  const name = optionalText(target.fields, 'name') ?? 'pg_sleep';
  return { seconds, columns: [{ name, type: 'void' }] };
}

const QUERY = new Set(['targetList', 'limitOption', 'op']);
const VALUES = new Set(['A_Const', 'ParamRef', 'TypeCast']);

/** How many parameters it has. */
export const parametersOfSleep = ({ seconds }: Sleep): number =>
  seconds.tag === 'ParamRef' ? integerOf(seconds.fields, 'number') : 0;

export function* runSleep(
  connection: Connection,
  { seconds, columns }: Sleep,
  params: readonly (string | null)[],
): Steps<StatementResult> {
  const text = secondsOf(seconds, params);
  if (text === null) return { kind: 'rows', tag: 'SELECT 1', columns, rows: [[null]], origin: null };
  const ms = Number(text) * 1000;
  if (text.trim() === '' || Number.isNaN(ms))
    return errorResult('22P02', `invalid input syntax for type double precision: "${text}"`);
  const value = String(Math.max(0, ms));
  const { statements } = yield* ask(connection, {
    kind: 'lab',
    call: { name: 'wait', args: [{ name: null, value }] },
  });
  const [result] = statements;
  if (result?.kind === 'error') return { ...result, message: result.message.replace('lab.wait', 'pg_sleep') };
  return { kind: 'rows', tag: 'SELECT 1', columns, rows: [['']], origin: null };
}

function secondsOf(node: TreeNode, params: readonly (string | null)[]): string | null {
  if (node.tag === 'ParamRef') return params[integerOf(node.fields, 'number') - 1] ?? null;
  return isNull(node) ? null : constantText(node);
}
