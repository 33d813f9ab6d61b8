// Requests of a connection's session to the cluster, and what becomes of its transaction by them.

import type { ClientResult, StatementResult } from '../core/kernel/client-calls.ts';
import type { TreeNode } from '../core/sql/tree.ts';
import { ask, type Connection, type Steps } from './connection.ts';
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

/** A request of the session; its transaction is followed. */
export function* askRequest(
  connection: Connection,
  nodes: readonly TreeNode[],
  text: string,
  params: readonly (string | null)[],
): Steps<ClientResult> {
  const result = yield* ask(connection, { kind: 'sql', text, params });
  connection.status = statusAfter(connection.status, nodes, result);
  return result;
}

/** A block that has failed here is rolled back at the cluster, and waits for its end. */
export function* failBlock(connection: Connection): Steps {
  yield* ask(connection, { kind: 'sql', text: 'ROLLBACK', params: [] });
  connection.isRolledBack = true;
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
  return error;
}
