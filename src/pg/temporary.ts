// Temporary tables: they lie in a schema of their connection's own, `pg_temp_N`, which stands first in the search path that the connection
// says before each statement (leading-notes.ts). So they hold through a takeover, as the connection does, and on the tape; they are
// dropped when it ends. ON COMMIT DROP is a DROP TABLE that the connection asks for before the COMMIT.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { nameText } from '../core/sql/name-text.ts';
import { fieldsOf, has, nameOf, optionalText, type TreeNode } from '../core/sql/tree.ts';
import type { Connection, Steps } from './connection.ts';
import { askRequest } from './requests.ts';
import type { Statement } from './statement-text.ts';

const schemaOf = ({ processId }: Connection): string => `pg_temp_${processId}`;

/** What the statement makes in the schema of temporary tables; null: nothing. */
function madeRelation({ tag, fields }: TreeNode): TreeNode['fields'] | null {
  const place = PLACES.get(tag);
  if (place === undefined || !has(fields, place)) return null;
  const held = fieldsOf(fields, place);
  const relation = tag === 'CreateTableAsStmt' ? fieldsOf(held, 'rel') : held;
  const isNamed = optionalText(relation, 'schemaname') === 'pg_temp';
  return isNamed || optionalText(relation, 'relpersistence') === 't' ? relation : null;
}

const PLACES: ReadonlyMap<string, string> = new Map([
  ['CreateStmt', 'relation'],
  ['CreateTableAsStmt', 'into'],
  ['CreateSeqStmt', 'sequence'],
]);

export const makesTemporary = ({ node }: Statement): boolean => madeRelation(node) !== null;

type Failure = Extract<StatementResult, { kind: 'error' }>;

function* askEach(connection: Connection, texts: readonly string[]): Steps<Failure | null> {
  for (const text of texts) {
    const { statements } = yield* askRequest(connection, [], text, []);
    const error = statements.find(({ kind }) => kind === 'error');
    if (error?.kind === 'error') return error;
  }
  return null;
}

/** Before a statement that makes a temporary relation: its schema, the first time without what an earlier connection of this number has left. */
export function* openTemporary(
  connection: Connection,
  { node }: Statement,
  text: string,
): Steps<{ readonly kind: 'text'; readonly text: string } | Failure> {
  const relation = madeRelation(node);
  if (relation === null) return { kind: 'text', text };
  const schema = schemaOf(connection);
  const isFirst = !connection.hasTemporary;
  connection.hasTemporary = true;
  const create = `CREATE SCHEMA IF NOT EXISTS ${schema}`;
  const error = yield* askEach(connection, isFirst ? [dropText(connection), create] : [create]);
  if (error !== null) {
    if (isFirst) connection.hasTemporary = false;
    const message = 'a temporary table is not supported where tables are cut';
    return error.sqlstate === '0A000' ? { ...error, message } : error;
  }
  const isDropped = optionalText(node.fields, 'oncommit') === 'ONCOMMIT_DROP';
  return { kind: 'text', text: isDropped ? text.replace(/\bon\s+commit\s+drop\s*;?\s*$/i, '') : text };
}

/** After such a statement: a table of ON COMMIT DROP ends with the transaction, which outside of a block is the statement itself. */
export function* closeTemporary(connection: Connection, { node }: Statement): Steps<Failure | null> {
  const relation = madeRelation(node);
  if (relation === null || optionalText(node.fields, 'oncommit') !== 'ONCOMMIT_DROP') return null;
  connection.settings.drops.push(nameOf(relation, 'relname'));
  return connection.status === 'I' ? yield* dropAtCommit(connection) : null;
}

const dropText = (connection: Connection): string => `DROP SCHEMA IF EXISTS ${schemaOf(connection)} CASCADE`;

/** Before a COMMIT: tables that end with their transaction. Null: go on. */
export function* dropAtCommit(connection: Connection): Steps<Failure | null> {
  const names = connection.settings.drops.splice(0);
  if (names.length === 0 || connection.status === 'E') return null;
  const all = names.map((name) => `${schemaOf(connection)}.${nameText(name)}`);
  return yield* askEach(connection, [`DROP TABLE IF EXISTS ${all.join(', ')} CASCADE`]);
}

/** DISCARD TEMP. */
export function* discardTemporary(connection: Connection): Steps<Failure | null> {
  if (!connection.hasTemporary) return null;
  return yield* askEach(connection, [dropText(connection)]);
}

/** What is to be asked, in a session of its own, once the connection has ended; null: nothing. */
export const finalStatement = (connection: Connection): string | null =>
  connection.hasTemporary ? dropText(connection) : null;
