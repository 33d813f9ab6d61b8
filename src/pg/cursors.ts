// Cursors by SQL (DECLARE, FETCH, MOVE, CLOSE): a query's rows, asked for at once and kept by the connection as those of a portal, so that
// they are of one snapshot. They go forward only, and end with their transaction.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { flagOf, optionalText, own, textOf } from '../core/sql/tree.ts';
import type { Connection, Portal, Steps } from './connection.ts';
import { makePrepared } from './describe.ts';
import { askRequest, errorResult } from './requests.ts';
import { readText, type Statement, typedText } from './statement-text.ts';

export function* declareCursor(connection: Connection, { text, node }: Statement): Steps<StatementResult> {
  const name = textOf(node.fields, 'portalname');
  if (connection.status === 'I' && !connection.isImplicit)
    return errorResult('25P01', 'DECLARE CURSOR can only be used in transaction blocks');
  if (connection.portals.has(name)) return errorResult('42P03', `cursor "${name}" already exists`);
  const [, query = ''] =
    /^\s*declare\s+(?:"(?:[^"]|"")*"|\S+)\s+[^"';]*?\bcursor\b[^"';]*?\bfor\s+([\s\S]*)$/i.exec(text) ?? [];
  const read = readText(connection.parse, query);
  const statement = read.ok ? read.statements[0] : undefined;
  if (statement === undefined) return errorResult('42601', 'the query of the cursor cannot be read');
  const { statements } = yield* askRequest(connection, [statement.node], query, []);
  const [result] = statements;
  if (result?.kind !== 'rows')
    return result?.kind === 'error' ? result : errorResult('42P11', 'a cursor is of a query');
  const { columns, rows, tag } = result;
  const prepared = makePrepared(statement, typedText(query, []), []);
  const rest = { columns, rows, tag, next: 0 };
  connection.portals.set(name, { prepared, params: [], formats: [], isToBeDescribed: false, rest });
  return { kind: 'done', tag: 'DECLARE CURSOR' };
}

/** FETCH n, NEXT, ALL, FORWARD …; MOVE passes over them. */
export function* fetch(connection: Connection, { node: { fields } }: Statement): Steps<StatementResult> {
  const name = textOf(fields, 'portalname');
  const portal = connection.portals.get(name);
  const error = portal === undefined ? null : yield* openPortal(connection, portal);
  if (error !== null) return error;
  const rest = portal?.rest;
  if (!rest) return errorResult('34000', `cursor "${name}" does not exist`);
  const direction = optionalText(fields, 'direction') ?? 'FETCH_FORWARD';
  const many = own(fields, 'howMany');
  const count = typeof many === 'number' ? many : typeof many === 'string' ? Number(many) : 0;
  if (direction !== 'FETCH_FORWARD' || count < 0) return errorResult('55000', 'cursor can only scan forward');
  const rows = rest.rows.slice(rest.next, rest.next + count);
  rest.next += rows.length;
  if (flagOf(fields, 'ismove')) return { kind: 'done', tag: `MOVE ${rows.length}` };
  return { kind: 'rows', tag: `FETCH ${rows.length}`, columns: rest.columns, rows, origin: null };
}

/** A portal that was bound and not executed yet is a cursor as well: its rows are asked for once. Null, or the error. */
function* openPortal(connection: Connection, portal: Portal): Steps<StatementResult | null> {
  const { statement, typed, columns } = portal.prepared;
  if (portal.rest !== null || statement?.node.tag !== 'SelectStmt') return null;
  const asked = yield* askRequest(connection, [statement.node], typed.text, portal.params, columns);
  const [result] = asked.statements;
  if (result?.kind === 'error') return result;
  if (result?.kind === 'rows')
    portal.rest = { columns: result.columns, rows: result.rows, tag: result.tag, next: 0 };
  return null;
}

export function closeCursor(connection: Connection, { node: { fields } }: Statement): StatementResult {
  const name = optionalText(fields, 'portalname');
  if (name === null) connection.portals.clear();
  else if (!connection.portals.delete(name)) return errorResult('34000', `cursor "${name}" does not exist`);
  return { kind: 'done', tag: name === null ? 'CLOSE CURSOR ALL' : 'CLOSE CURSOR' };
}
