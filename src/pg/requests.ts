// Requests of a connection's session to the cluster, and what becomes of its transaction by them.

import type { ClientResult, Column, StatementResult } from '../core/kernel/client-calls.ts';
import { resultNote, searchPathNote } from '../core/sql/leading-notes.ts';
import { DEFAULT_SETTINGS } from '../core/sql/settings.ts';
import type { TreeNode } from '../core/sql/tree.ts';
import { ask, type Connection, type Steps, settingValue } from './connection.ts';
import { refuseSize } from './statement-text.ts';
import { statusAfter } from './transaction-status.ts';

export const errorResult = (
  sqlstate: string,
  message: string,
  position: number | null = null,
): StatementResult => ({
  kind: 'error',
  sqlstate,
  message,
  position,
});

/** What leads a statement to the schemas of the connection's search path; none where they are the usual ones. */
export function pathNote(connection: Connection): string {
  const path = settingValue(connection, 'search_path');
  return path === DEFAULT_SETTINGS.searchPath ? '' : searchPathNote(path);
}

/** The result with its position in the text behind the notes. */
const placedAfter = (notes: string, result: StatementResult): StatementResult =>
  result.kind === 'error' && result.position !== null
    ? { ...result, position: Math.max(1, result.position - [...notes].length) }
    : result;

/** SET is undone with its transaction block, and SET LOCAL ends with it; `last`: what the block's end was answered. */
export function endBlockSettings(connection: Connection, last: StatementResult | null): void {
  const { status, changed } = connection;
  if (status !== 'I' || changed === null) return;
  connection.changed = null;
  if (last?.kind !== 'done' || last.tag === 'ROLLBACK') connection.settings = new Map(changed.before);
  for (const [name, value] of last?.kind === 'done' && last.tag !== 'ROLLBACK' ? changed.hidden : [])
    if (value === null) connection.settings.delete(name);
    else connection.settings.set(name, value);
}

/** SET and RESET of a setting that the connection keeps; `value` null: its default. */
export function changeSetting(
  connection: Connection,
  name: string,
  value: string | null,
  isLocal: boolean,
): void {
  const { settings, status, isImplicit } = connection;
  const isInBlock = status !== 'I' && !isImplicit;
  if (isLocal && !isInBlock) return;
  if (isInBlock) connection.changed ??= { before: new Map(settings), hidden: new Map() };
  const hidden = connection.changed?.hidden;
  if (!isLocal) hidden?.delete(name);
  else if (hidden?.has(name) === false) hidden.set(name, settings.get(name) ?? null);
  if (value === null) settings.delete(name);
  else settings.set(name, value);
}

function sizeOf(texts: readonly (string | null)[]): string | null {
  for (const text of texts) {
    const tooLarge = text === null ? null : refuseSize(text);
    if (tooLarge !== null) return tooLarge;
  }
  return null;
}

/** Nothing is asked; a block that is open fails all the same. */
function* refuse(connection: Connection, error: StatementResult): Steps<ClientResult> {
  if (connection.status === 'T') yield* failBlock(connection);
  return { outcome: 'error', statements: [error], scn: -1 };
}

/** A request of the session; its transaction is followed. `columns`: what the statement gives, or it is refused. */
export function* askRequest(
  connection: Connection,
  nodes: readonly TreeNode[],
  text: string,
  params: readonly (string | null)[],
  columns: readonly Column[] | null = null,
): Steps<ClientResult> {
  const isOfBlocks = nodes.length > 0 && nodes.every(({ tag }) => tag === 'TransactionStmt');
  const notes = (isOfBlocks ? '' : pathNote(connection)) + (columns === null ? '' : resultNote(columns));
  const tooLarge = sizeOf([notes + text, ...params]);
  if (tooLarge !== null) return yield* refuse(connection, errorResult('54000', tooLarge));
  const asked = yield* ask(connection, { kind: 'sql', text: notes + text, params });
  const result =
    notes === '' ? asked : { ...asked, statements: asked.statements.map((one) => placedAfter(notes, one)) };
  connection.status = statusAfter(connection.status, nodes, result);
  endBlockSettings(connection, result.statements.at(-1) ?? null);
  return result;
}

/** No statement: whoever has the block refuses it, and the block has failed there as after any error, with its savepoints. */
const REFUSED = 'the connection has refused a statement of this block';

/** A statement of the block was refused before it was asked. */
export function* failBlock(connection: Connection): Steps {
  yield* ask(connection, { kind: 'sql', text: REFUSED, params: [] });
  connection.status = 'E';
}

/** Of a block that the connection itself has begun or ends: null, or the error that it was answered with. */
export function* askBlock(
  connection: Connection,
  word: 'BEGIN' | 'COMMIT' | 'ROLLBACK',
): Steps<StatementResult | null> {
  const { statements } = yield* ask(connection, { kind: 'sql', text: word, params: [] });
  const error = statements.find(({ kind }) => kind === 'error') ?? null;
  connection.isImplicit = word === 'BEGIN' && error === null;
  connection.status = connection.isImplicit ? 'T' : 'I';
  endBlockSettings(connection, statements.at(-1) ?? null);
  return error;
}
