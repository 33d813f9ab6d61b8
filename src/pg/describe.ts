// What a statement takes and gives, without running it: asked of the engine as `EXPLAIN (DESCRIBE) …`, whose rows are its
// parameters and its columns.

import type { Column, StatementResult } from '../core/kernel/client-calls.ts';
import { DESCRIBE, DESCRIPTION, parametersOf } from '../core/sql/described.ts';
import { isEnum } from '../core/sql/enum-type.ts';
import { isSameResult, OTHER_RESULT } from '../core/sql/leading-notes.ts';
import { flagOf, nodesOf, optionalText, textOf } from '../core/sql/tree.ts';
import { elementOf, shownColumn } from '../core/sql/types.ts';
import { idOfType, typeNamed } from './binary-format.ts';
import type { Connection, Description, Prepared, Steps } from './connection.ts';
import { ownCallOf, parametersOfCall } from './own-calls.ts';
import { askRequest } from './requests.ts';
import { columnsOfCalls, parametersOfCalls, settingCalls, shownColumns } from './setting-statements.ts';
import type { EditedText, Statement } from './statement-text.ts';

const DESCRIBED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'CreateTableAsStmt']);
/** What it gives depends on definitions, and is asked for. */
export const isDescribed = ({ node }: Statement): boolean =>
  DESCRIBED.has(node.tag) && settingCalls(node) === null && ownCallOf(node) === null;

type Failure = Extract<StatementResult, { kind: 'error' }>;

export const makePrepared = (
  statement: Statement | null,
  typed: EditedText,
  types: readonly number[],
): Prepared => ({ statement, typed, types, description: null, columns: null });

/** Of a type that CREATE TYPE made, the description says all that is known of it. */
function columnDescribed(name: string, type: string): Column {
  const made = typeNamed(type);
  return isEnum(elementOf(made)) ? shownColumn(name, { type: made }) : { name, type };
}

/** `shift`: characters before the text in what the client sent. */
export function* describeText(
  connection: Connection,
  text: string,
  shift: number,
): Steps<Description | Failure> {
  const { statements } = yield* askRequest(connection, [], `${DESCRIBE}${text}`, []);
  const [result] = statements;
  if (result?.kind === 'error') {
    const position = result.position === null ? null : Math.max(1, result.position - DESCRIBE.length + shift);
    return { ...result, position };
  }
  if (result?.kind !== 'rows')
    return { kind: 'error', sqlstate: 'XX000', message: 'the description has no rows', position: null };
  const items = result.rows.map(([kind, name, type]) => ({ kind, name: name ?? '', type: type ?? 'text' }));
  const columns = items
    .filter(({ kind }) => kind === 'column')
    .map(({ name, type }) => columnDescribed(name, type));
  const params = items
    .filter(({ kind }) => kind === 'parameter')
    .flatMap(({ name, type }) => Array<number>(parametersOf(name)).fill(idOfType(type)));
  return { params, columns: columns.length === 0 ? null : columns };
}

/** Of a prepared statement; asked for once. From then on it has these columns. */
export function* describePrepared(connection: Connection, prepared: Prepared): Steps<Description | Failure> {
  if (prepared.description !== null) return prepared.description;
  const { statement, typed, types } = prepared;
  if (statement === null) return { params: types, columns: null };
  if (isDescribed(statement)) {
    const found = yield* describeText(connection, typed.text, 0);
    if ('kind' in found) return found;
    if (prepared.columns !== null && !isSameResult(prepared.columns, found.columns ?? [])) return CHANGED;
    prepared.columns = found.columns;
    const count = Math.max(found.params.length, types.length);
    const params = Array.from({ length: count }, (_, i) => types[i] || found.params[i] || idOfType('text'));
    prepared.description = { params, columns: found.columns };
    return prepared.description;
  }
  const call = ownCallOf(statement.node);
  const own = call === null ? parametersOfCalls(settingCalls(statement.node) ?? []) : parametersOfCall(call);
  const count = Math.max(types.length, own);
  const type = idOfType(call?.takes ?? 'text');
  const params = Array.from({ length: count }, (_, i) => types[i] || type);
  return { params, columns: columnsWithoutAsking(connection, prepared) };
}

const CHANGED: Failure = { kind: 'error', sqlstate: '0A000', message: OTHER_RESULT, position: null };

/** Of what the engine does not describe: SHOW, EXPLAIN, EXECUTE and FETCH give rows, all else does not. */
function columnsWithoutAsking(connection: Connection, { statement }: Prepared): Description['columns'] {
  if (statement === null) return null;
  const { statements, portals } = connection;
  const { tag, fields } = statement.node;
  const name = optionalText(fields, 'name') ?? '';
  const calls = settingCalls(statement.node);
  if (calls !== null) return columnsOfCalls(calls);
  const call = ownCallOf(statement.node);
  if (call !== null) return call.columns;
  if (tag === 'VariableShowStmt') return shownColumns(connection, statement.node);
  if (tag === 'ExplainStmt') {
    const isDescription = nodesOf(fields, 'options').some(
      (one) => textOf(one.fields, 'defname') === 'describe',
    );
    return isDescription ? DESCRIPTION : [{ name: 'QUERY PLAN', type: 'text' }];
  }
  if (tag === 'ExecuteStmt') return statements.get(name)?.columns ?? null;
  if (tag === 'FetchStmt' && !flagOf(fields, 'ismove'))
    return portals.get(textOf(fields, 'portalname'))?.rest?.columns ?? null;
  return null;
}
