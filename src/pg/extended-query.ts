// Extended query: Parse, Bind, Describe, Execute, Close, up to a Sync. What is executed between two Syncs is one transaction unless it
// stands in one. A single Execute is its own request; of several, or where what follows is not known yet, the connection begins the
// transaction and ends it at the Sync.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { IN_FAILED } from '../core/sql/failure.ts';
import {
  sendBindComplete,
  sendCloseComplete,
  sendComplete,
  sendEmptyQuery,
  sendNoData,
  sendParameterDescription,
  sendParseComplete,
  sendPortalSuspended,
  sendReport,
  sendRowDescription,
} from './backend.ts';
import { fromBinary, typeOfId } from './binary-format.ts';
import type { Connection, Description, Portal, Prepared, Rest, Steps } from './connection.ts';
import { describePrepared, isDescribed, makePrepared } from './describe.ts';
import { reportOf } from './error-fields.ts';
import { nextType, typesAhead } from './frames.ts';
import { type FrontendMessage, formatAt, textOf } from './frontend.ts';
import { becomeReady } from './notifications.ts';
import { askBlock, failBlock } from './requests.ts';
import { isOwn, runStatement } from './run-statement.ts';
import { fieldsOf, sendCopyOut, sendRow, sendTag } from './send-result.ts';
import { endImplicit } from './simple-query.ts';
import { ownPosition, readText, type Statement, typedText } from './statement-text.ts';
import { blockStep } from './transaction-status.ts';

type Failure = Extract<StatementResult, { kind: 'error' }>;
type Done = Extract<StatementResult, { kind: 'done' }>;
type MessageOf<K extends FrontendMessage['kind']> = Extract<FrontendMessage, { kind: K }>;
export type ExtendedMessage = MessageOf<'parse' | 'bind' | 'describe' | 'execute' | 'close'>;

/** Statements and portals that a connection may keep by name. */
const KEPT_MAX = 10_000;

const failure = (sqlstate: string, message: string, position: number | null = null): Failure => ({
  kind: 'error',
  sqlstate,
  message,
  position,
});

/** False: it was answered by an error, and what follows up to Sync is passed over. */
export function* extendedMessage(connection: Connection, message: ExtendedMessage): Steps<boolean> {
  const error = yield* extended(connection, message);
  if (error === null) return true;
  sendReport(connection.out, reportOf(error));
  if (connection.isImplicit) yield* endImplicit(connection, false);
  else if (connection.status === 'T') yield* failBlock(connection);
  return false;
}

function* extended(connection: Connection, message: ExtendedMessage): Steps<Failure | null> {
  switch (message.kind) {
    case 'parse':
      return yield* parse(connection, message);
    case 'bind':
      return yield* bind(connection, message);
    case 'describe':
      return yield* message.what === 'statement'
        ? describeStatement(connection, message.name)
        : describePortal(connection, message.name);
    case 'execute':
      return yield* execute(connection, message);
    case 'close':
      (message.what === 'statement' ? connection.statements : connection.portals).delete(message.name);
      sendCloseComplete(connection.out);
      return null;
  }
}

/** Sync: the transaction of the messages before it ends, and so do their portals. */
export function* endBatch(connection: Connection): Steps {
  if (connection.isImplicit) yield* endImplicit(connection, true);
  if (connection.status === 'I') connection.portals.clear();
  yield* becomeReady(connection);
}

function* parse(connection: Connection, { name, text, types }: MessageOf<'parse'>): Steps<Failure | null> {
  const { statements, out } = connection;
  if (name !== '' && statements.has(name))
    return failure('42P05', `prepared statement "${name}" already exists`);
  if (statements.size >= KEPT_MAX)
    return failure('53400', `a connection keeps at most ${KEPT_MAX} prepared statements`);
  const read = readText(connection.parse, text);
  if (!read.ok) return { kind: 'error', ...read.error };
  const [statement = null, second] = read.statements;
  if (second !== undefined)
    return failure('42601', 'cannot insert multiple commands into a prepared statement');
  if (connection.status === 'E' && statement !== null && !mayFollowFailure(statement))
    return failure('25P02', IN_FAILED);
  const prepared = makePrepared(statement, typedText(text, types), types);
  if (statement !== null && isDescribed(statement) && !isExecutedAtOnce(connection)) {
    const found = yield* describePrepared(connection, prepared);
    if ('kind' in found) return atOwnPlace(prepared, found);
  }
  statements.set(name, prepared);
  sendParseComplete(out);
  return null;
}

const mayFollowFailure = ({ node }: Statement): boolean =>
  blockStep(node) === 'end' || blockStep(node) === 'rollbackTo';

/** A Bind comes with it, maybe not whole yet: what it gives is what its execution gives, and nobody is asked twice. */
const isExecutedAtOnce = ({ input }: Connection): boolean => nextType(input) === 'B';

function* bind(connection: Connection, message: MessageOf<'bind'>): Steps<Failure | null> {
  const { portal: name, statement, paramFormats, params, resultFormats } = message;
  const prepared = connection.statements.get(statement);
  if (prepared === undefined)
    return failure(
      '26000',
      statement === ''
        ? 'unnamed prepared statement does not exist'
        : `prepared statement "${statement}" does not exist`,
    );
  if (name !== '' && connection.portals.has(name)) return failure('42P03', `cursor "${name}" already exists`);
  if (connection.portals.size >= KEPT_MAX)
    return failure('53400', `a connection keeps at most ${KEPT_MAX} portals`);
  const values: (string | null)[] = [];
  for (const [i, bytes] of params.entries()) {
    const value = yield* readParameter(connection, prepared, i, bytes, formatAt(paramFormats, i) === 1);
    if (value !== null && typeof value !== 'string') return value;
    values.push(value);
  }
  const portal: Portal = {
    prepared,
    params: values,
    formats: resultFormats,
    isToBeDescribed: false,
    rest: null,
  };
  connection.portals.set(name, portal);
  sendBindComplete(connection.out);
  return null;
}

/** A value in text form; one in binary is of the type that its client has said, or that the statement has for it. */
function* readParameter(
  connection: Connection,
  prepared: Prepared,
  i: number,
  bytes: Uint8Array | null,
  isBinary: boolean,
): Steps<string | null | Failure> {
  if (bytes === null) return null;
  if (!isBinary) return textOf(bytes) ?? failure('22021', 'invalid byte sequence for encoding "UTF8"');
  let id = prepared.types[i] ?? 0;
  if (id === 0) {
    const found = yield* describePrepared(connection, prepared);
    if ('kind' in found) return found;
    id = found.params[i] ?? 0;
  }
  const type = typeOfId(id);
  if (type === null) return failure('0A000', `binary format of type ${id} is not supported`);
  return (
    fromBinary(type, bytes) ?? failure('22P03', `incorrect binary data format in bind parameter ${i + 1}`)
  );
}

function* describeStatement(connection: Connection, name: string): Steps<Failure | null> {
  const prepared = connection.statements.get(name);
  if (prepared === undefined) return failure('26000', `prepared statement "${name}" does not exist`);
  const found = yield* describePrepared(connection, prepared);
  if ('kind' in found) return atOwnPlace(prepared, found);
  sendParameterDescription(connection.out, found.params);
  sendColumns(connection, found.columns, []);
  return null;
}

const atOwnPlace = ({ typed }: Prepared, error: Failure): Failure => ({
  ...error,
  position: ownPosition(typed, error.position),
});

function sendColumns({ out }: Connection, columns: Description['columns'], formats: Portal['formats']): void {
  if (columns === null) sendNoData(out);
  else sendRowDescription(out, fieldsOf(columns, formats));
}

/** When it is executed next, the description is that of its result, and nothing is asked twice. */
function* describePortal(connection: Connection, name: string): Steps<Failure | null> {
  const portal = connection.portals.get(name);
  if (portal === undefined) return failure('34000', `portal "${name}" does not exist`);
  if (nextType(connection.input) === 'E' && portal.rest === null) {
    portal.isToBeDescribed = true;
    return null;
  }
  const found = portal.rest ?? (yield* describePrepared(connection, portal.prepared));
  if ('kind' in found) return atOwnPlace(portal.prepared, found);
  sendColumns(connection, found.columns, portal.formats);
  return null;
}

function* execute(
  connection: Connection,
  { portal: name, limit }: MessageOf<'execute'>,
): Steps<Failure | null> {
  const portal = connection.portals.get(name);
  if (portal === undefined) return failure('34000', `portal "${name}" does not exist`);
  const { statement } = portal.prepared;
  if (statement === null) {
    if (portal.isToBeDescribed) sendNoData(connection.out);
    sendEmptyQuery(connection.out);
    return null;
  }
  return portal.rest === null
    ? yield* executeFirst(connection, portal, statement, limit)
    : sendRows(connection, portal, portal.rest, limit);
}

function* executeFirst(
  connection: Connection,
  portal: Portal,
  statement: Statement,
  limit: number,
): Steps<Failure | null> {
  const { prepared, params } = portal;
  const before = yield* prepareBlock(connection, statement);
  if (before !== null)
    return before.kind === 'error' ? before : answerDone(connection, portal, statement, before);
  const result = yield* runStatement(connection, statement, prepared.typed.text, params, prepared);
  if (result.kind === 'error') return atOwnPlace(prepared, result);
  if (connection.status === 'I') connection.isImplicit = false;
  if (result.kind === 'done') return answerDone(connection, portal, statement, result);
  if (statement.node.tag === 'CopyStmt') {
    if (portal.isToBeDescribed) sendNoData(connection.out);
    sendCopyOut(connection.out, statement, result);
    return null;
  }
  const { columns, rows, tag } = result;
  if (portal.isToBeDescribed) sendColumns(connection, columns, portal.formats);
  portal.isToBeDescribed = false;
  portal.rest = { columns, rows, tag, next: 0 };
  return sendRows(connection, portal, portal.rest, limit);
}

function answerDone(connection: Connection, portal: Portal, statement: Statement, { tag }: Done): null {
  if (portal.isToBeDescribed) sendNoData(connection.out);
  portal.isToBeDescribed = false;
  sendTag(connection, statement, tag);
  return null;
}

/** Statements that make transactions of their own run outside of any. */
const ALONE = new Set(['VacuumStmt', 'ReindexStmt', 'CheckPointStmt', 'VariableSetStmt', 'VariableShowStmt']);

/**
 * Begins the transaction of the messages up to Sync, where more than this statement may stand in it. Null: go on; else the statement's
 * result, or why there is none.
 */
function* prepareBlock(connection: Connection, statement: Statement): Steps<Done | Failure | null> {
  const { node } = statement;
  const step = blockStep(node);
  if (connection.isImplicit && step === 'begin') {
    connection.isImplicit = false; // the block is the client's from here on
    return { kind: 'done', tag: 'BEGIN' };
  }
  if (connection.isImplicit && step === 'end') connection.isImplicit = false;
  if (connection.status !== 'I' || step !== 'other' || isOwn(statement) || ALONE.has(node.tag)) return null;
  if (node.fields.concurrent === true) return null;
  if (typesAhead(connection.input, isDecided).at(-1) === 'S') return null;
  const error = yield* askBlock(connection, 'BEGIN');
  return error === null || error.kind === 'error' ? error : null;
}

/** Sync, or something that belongs to the same transaction. */
const isDecided = (type: string): boolean => type === 'S' || type === 'E' || type === 'Q' || type === 'H';

function sendRows({ out }: Connection, { formats }: Portal, rest: Rest, limit: number): null {
  const { columns, rows, tag } = rest;
  const end = limit === 0 ? rows.length : Math.min(rows.length, rest.next + limit);
  for (; rest.next < end; rest.next++) sendRow(out, columns, rows[rest.next] ?? [], formats);
  if (rest.next < rows.length) sendPortalSuspended(out);
  else sendComplete(out, tag);
  return null;
}
