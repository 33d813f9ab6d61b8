// Requests of a connection's session to the cluster, and what becomes of its transaction by them.

import type { ClientResult, Column, StatementResult } from '../core/kernel/client-calls.ts';
import { resultNote } from '../core/sql/leading-notes.ts';
import type { TreeNode } from '../core/sql/tree.ts';
import { ask, type Connection, type Steps } from './connection.ts';
import { followBlock, pathNote, settingNotes } from './connection-settings.ts';
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

/** The result with its position in the text behind the notes. */
const placedAfter = (notes: string, result: StatementResult): StatementResult =>
  result.kind === 'error' && result.position !== null
    ? { ...result, position: Math.max(1, result.position - [...notes].length) }
    : result;

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
  const path = isOfBlocks ? '' : pathNote(connection);
  const notes = path + settingNotes(connection) + (columns === null ? '' : resultNote(columns));
  const tooLarge = sizeOf([notes + text, ...params]);
  if (tooLarge !== null) return yield* refuse(connection, errorResult('54000', tooLarge));
  const asked = yield* ask(connection, { kind: 'sql', text: notes + text, params });
  const result =
    notes === '' ? asked : { ...asked, statements: asked.statements.map((one) => placedAfter(notes, one)) };
  connection.status = statusAfter(connection.status, nodes, result);
  followBlock(connection, nodes, result.statements);
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
  const text = (word === 'BEGIN' ? settingNotes(connection) : '') + word;
  const { statements } = yield* ask(connection, { kind: 'sql', text, params: [] });
  const error = statements.find(({ kind }) => kind === 'error') ?? null;
  connection.isImplicit = word === 'BEGIN' && error === null;
  connection.status = connection.isImplicit ? 'T' : 'I';
  followBlock(connection, [], statements);
  return error;
}
