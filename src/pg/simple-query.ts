// A simple query: one text of any number of statements, each answered, in a transaction of their own unless they stand in one. A text of
// plain statements is one request, for which the engine has that transaction; else the connection goes through them one by one.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { sendEmptyQuery, sendReport } from './backend.ts';
import type { Connection, Steps } from './connection.ts';
import { pathNote } from './connection-settings.ts';
import { reportOf } from './error-fields.ts';
import { becomeReady } from './notifications.ts';
import { askBlock, askRequest, failBlock } from './requests.ts';
import { isOwn, runStatement } from './run-statement.ts';
import { sendResult } from './send-result.ts';
import { readText, type Statement } from './statement-text.ts';
import { dropAtCommit, makesTemporary } from './temporary.ts';
import { blockStep } from './transaction-status.ts';

export function* simpleQuery(connection: Connection, text: string): Steps {
  const read = readText(connection.parse, text);
  connection.portals.delete('');
  if (!read.ok) {
    sendReport(connection.out, reportOf(read.error));
    if (connection.isImplicit) yield* endImplicit(connection, false);
    else if (connection.status === 'T') yield* failBlock(connection);
  } else if (read.statements.length === 0) sendEmptyQuery(connection.out);
  else if (
    isDoneByConnection(connection, read.statements) ||
    (read.statements.length > 1 && pathNote(connection) !== '')
  )
    yield* runEach(connection, read.statements);
  else yield* runWhole(connection, text, read.statements);
  if (connection.status === 'I') connection.portals.clear();
  yield* becomeReady(connection);
}

/** Are they no request of their own, as they stand? */
const isDoneByConnection = ({ settings }: Connection, statements: readonly Statement[]): boolean =>
  settings.drops.length > 0 || statements.some((one) => isOwn(one) || makesTemporary(one));

function* runWhole(connection: Connection, text: string, statements: readonly Statement[]): Steps {
  const nodes = statements.map(({ node }) => node);
  const { statements: results } = yield* askRequest(connection, nodes, text, []);
  for (const [i, result] of results.entries()) sendResult(connection, statements[i] ?? null, result);
  if (connection.isImplicit) yield* endImplicit(connection, results.at(-1)?.kind !== 'error');
}

function* runEach(connection: Connection, statements: readonly Statement[]): Steps {
  const isBlock = connection.status === 'I' && statements.filter((one) => !isOwn(one)).length > 1;
  if (isBlock && blockStep((statements[0] as Statement).node) !== 'begin') {
    const error = yield* askBlock(connection, 'BEGIN');
    if (error !== null) return sendResult(connection, null, error);
  }
  for (const statement of statements) {
    const result = yield* runStatement(connection, statement, statement.text, []);
    if (result.kind === 'error') {
      const position = result.position === null ? null : result.position + statement.offset;
      yield* fail(connection, statement, { ...result, position });
      return;
    }
    sendResult(connection, statement, result);
    if (connection.status === 'I') connection.isImplicit = false;
  }
  if (connection.isImplicit) yield* endImplicit(connection, true);
}

function* fail(connection: Connection, statement: Statement | null, error: StatementResult): Steps {
  sendResult(connection, statement, error);
  if (connection.isImplicit) yield* endImplicit(connection, false);
}

/** The transaction that the connection has begun ends; a commit that fails is an error of the last statement. */
export function* endImplicit(connection: Connection, isGood: boolean): Steps {
  const refused = isGood ? yield* dropAtCommit(connection) : null;
  const error = refused ?? (yield* askBlock(connection, isGood ? 'COMMIT' : 'ROLLBACK'));
  if (isGood && error !== null) sendResult(connection, null, error);
}
