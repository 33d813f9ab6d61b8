// One statement of a client to its result: most are asked of the cluster as they are; some concern the connection alone (settings of
// the edge, prepared statements), and `CALL lab.…` the lab.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { IN_FAILED, SqlFailure } from '../core/sql/failure.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  nodeOf,
  nodesOf,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from '../core/sql/tree.ts';
import { arrayOf, elementOf, TYPES_BY_NAME, typeId } from '../core/sql/types.ts';
import { ask, type Connection, type LabCall, type Prepared, type Steps } from './connection.ts';
import { resetSettings } from './connection-settings.ts';
import { constantText, isNull } from './constants.ts';
import { isBinaryCopy } from './copy-binary.ts';
import { copyIn } from './copy-in.ts';
import { copyOutBinary } from './copy-out.ts';
import { closeCursor, declareCursor, fetch } from './cursors.ts';
import { describePrepared, isDescribed, makePrepared } from './describe.ts';
import { runListen, runNotify, runUnlisten } from './notifications.ts';
import { ownCallOf, runOwnCall } from './own-calls.ts';
import { askRequest, errorResult, failBlock } from './requests.ts';
import { isOwnSet, isOwnShow, runCalls, runSet, runShow, settingCalls } from './setting-statements.ts';
import { readText, type Statement, typedText } from './statement-text.ts';
import { closeTemporary, discardTemporary, dropAtCommit, openTemporary } from './temporary.ts';

const done = (tag: string): StatementResult => ({ kind: 'done', tag });
type Own = (
  connection: Connection,
  statement: Statement,
  params: readonly (string | null)[],
) => StatementResult | Steps<StatementResult>;

/** Statements that the connection answers itself, by the tag of their tree; null: this one it does not. */
function ownStatement(node: TreeNode): Own | null {
  const { tag, fields } = node;
  switch (tag) {
    case 'VariableSetStmt':
      return isOwnSet(node) ? runSet : null;
    case 'VariableShowStmt':
      return isOwnShow(node) ? runShow : null;
    case 'SelectStmt': {
      const calls = settingCalls(node);
      if (calls !== null) return (connection, _, params) => runCalls(connection, calls, params);
      const call = ownCallOf(node);
      return call && ((connection, _, params) => runOwnCall(connection, call, params));
    }
    case 'CopyStmt':
      if (has(fields, 'filename') || flagOf(fields, 'is_program')) return null;
      if (flagOf(fields, 'is_from')) return copyIn;
      return isBinaryCopy(node) ? copyOutBinary : null;
    case 'CallStmt':
      return callLab;
    case 'PrepareStmt':
      return prepare;
    case 'ExecuteStmt':
      return executePrepared;
    case 'DeallocateStmt':
      return deallocate;
    case 'DiscardStmt':
      return discard;
    case 'DeclareCursorStmt':
      return declareCursor;
    case 'FetchStmt':
      return fetch;
    case 'CreateExtensionStmt':
      return EXTENSIONS.has(textOf(fields, 'extname')) ? () => done('CREATE EXTENSION') : null;
    case 'ListenStmt':
      return runListen;
    case 'UnlistenStmt':
      return runUnlisten;
    case 'NotifyStmt':
      return runNotify;
    case 'ClosePortalStmt':
      return closeCursor;
    default:
      return null;
  }
}

/** Whose functions that programs ask them for are there: uuid_generate_v4 and gen_random_uuid. */
const EXTENSIONS: ReadonlySet<string> = new Set(['uuid-ossp', 'pgcrypto', 'plpgsql']);

export const isOwn = ({ node }: Statement): boolean => ownStatement(node) !== null;

const isCommit = ({ tag, fields }: TreeNode): boolean =>
  tag === 'TransactionStmt' && textOf(fields, 'kind') === 'TRANS_STMT_COMMIT';

/**
 * The result of a statement. `text`: what is asked for it, if not its own text. Positions are those of that text. `prepared`: it is
 * executed as this one, whose columns are fixed from now on.
 */
export function* runStatement(
  connection: Connection,
  statement: Statement,
  text: string,
  params: readonly (string | null)[],
  prepared: Prepared | null = null,
): Steps<StatementResult> {
  const own = ownStatement(statement.node);
  if (own !== null) {
    if (connection.status === 'E') return errorResult('25P02', IN_FAILED);
    const result = yield* owned(own, connection, statement, params);
    if (result.kind === 'error' && connection.status === 'T' && !connection.isImplicit)
      yield* failBlock(connection);
    return result;
  }
  const opened = yield* openTemporary(connection, statement, text);
  if (opened.kind === 'error') return opened;
  if (isCommit(statement.node)) {
    const refused = yield* dropAtCommit(connection);
    if (refused !== null) return refused;
  }
  const [result = errorResult('XX000', 'the request has no result')] = (yield* askRequest(
    connection,
    [statement.node],
    opened.text,
    params,
    prepared?.columns,
  )).statements;
  if (prepared !== null && result.kind === 'rows' && isDescribed(statement))
    prepared.columns ??= result.columns;
  return result.kind === 'error' ? result : ((yield* closeTemporary(connection, statement)) ?? result);
}

function* owned(
  own: Own,
  connection: Connection,
  statement: Statement,
  params: readonly (string | null)[],
): Steps<StatementResult> {
  try {
    const result = own(connection, statement, params);
    return 'kind' in result ? result : yield* result;
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return errorResult(failure.sqlstate, failure.message);
  }
}

function* callLab(connection: Connection, { node: { fields } }: Statement): Steps<StatementResult> {
  const call = fieldsOf(fields, 'funccall');
  const [schema = '', name = ''] = stringsOf(call, 'funcname');
  if (schema !== 'lab' || name === '')
    return errorResult('42883', `procedure ${[schema, name].filter(Boolean).join('.')} does not exist`);
  const args: LabCall['args'] = nodesOf(call, 'args').map((node) => {
    const isNamed = node.tag === 'NamedArgExpr';
    const value = isNamed ? nodeOf(node.fields, 'arg') : node;
    return {
      name: isNamed ? textOf(node.fields, 'name') : null,
      value: isNull(value) ? null : constantText(value),
    };
  });
  const { statements } = yield* ask(connection, { kind: 'lab', call: { name, args } });
  return statements[0] ?? done('CALL');
}

/** Object ids are numbers; of a type that CREATE TYPE made the statement tells (0). */
function declaredId(type: Fields): number {
  const name = stringsOf(type, 'names').at(-1) ?? '';
  const known = TYPES_BY_NAME.get(name === 'oid' ? 'int8' : name);
  if (known === undefined) return 0;
  return typeId(has(type, 'arrayBounds') ? arrayOf(elementOf(known)) : known);
}

/** `PREPARE name (types) AS statement`: kept here with what it takes and gives, so that no node's end takes it away. */
function* prepare(connection: Connection, { text, node: { fields } }: Statement): Steps<StatementResult> {
  const name = textOf(fields, 'name');
  if (connection.statements.has(name))
    return errorResult('42P05', `prepared statement "${name}" already exists`);
  const [, body = ''] =
    /^\s*prepare\s+(?:"(?:[^"]|"")*"|\S+?)\s*(?:\([^)]*\)\s*)?\bas\b\s+([\s\S]*)$/i.exec(text) ?? [];
  const types = nodesOf(fields, 'argtypes').map((type) => declaredId(type.fields));
  const read = readText(connection.parse, body);
  if (!read.ok) return { kind: 'error', ...read.error };
  const [statement = null] = read.statements;
  const prepared = makePrepared(statement, typedText(body, types), types);
  const described = yield* describePrepared(connection, prepared);
  if ('kind' in described) return described;
  connection.statements.set(name, prepared);
  return done('PREPARE');
}

function* executePrepared(connection: Connection, { node: { fields } }: Statement): Steps<StatementResult> {
  const name = textOf(fields, 'name');
  const prepared = connection.statements.get(name);
  if (!prepared?.statement) return errorResult('26000', `prepared statement "${name}" does not exist`);
  const params = nodesOf(fields, 'params').map((node) => (isNull(node) ? null : constantText(node)));
  if (params.length !== (prepared.description?.params.length ?? params.length))
    return errorResult('42601', `wrong number of parameters for prepared statement "${name}"`);
  const result = yield* runStatement(connection, prepared.statement, prepared.typed.text, params, prepared);
  // its place is in the text of PREPARE, which is not what the client has sent now
  return result.kind === 'error' ? { ...result, position: null } : result;
}

function deallocate({ statements }: Connection, { node: { fields } }: Statement): StatementResult {
  const name = optionalText(fields, 'name');
  if (name === null) statements.clear();
  else if (!statements.delete(name))
    return errorResult('26000', `prepared statement "${name}" does not exist`);
  return done(name === null ? 'DEALLOCATE ALL' : 'DEALLOCATE');
}

function* discard(connection: Connection, { node: { fields } }: Statement): Steps<StatementResult> {
  const target = textOf(fields, 'target');
  if (target === 'DISCARD_ALL' && connection.status !== 'I')
    return errorResult('25001', 'DISCARD ALL cannot run inside a transaction block');
  const refused =
    target === 'DISCARD_ALL' || target === 'DISCARD_TEMP' ? yield* discardTemporary(connection) : null;
  if (refused !== null) return refused;
  if (target !== 'DISCARD_ALL') return done(target.replace('_', ' '));
  connection.statements.clear();
  connection.portals.clear();
  connection.listens.clear();
  resetSettings(connection);
  return done('DISCARD ALL');
}
