// What drivers and mappers of objects read beside an error's code: the detail, and the constraint, table and column that it is about. Our
// engine names the latter in the message, in PostgreSQL's words, so they are read from there.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { OTHER_RESULT } from '../core/sql/leading-notes.ts';
import { ownName, schemaOf } from '../core/sql/relation-name.ts';
import type { Report } from './backend.ts';

type Failure = Omit<Extract<StatementResult, { kind: 'error' }>, 'kind'>;
type About = Pick<Report, 'schema' | 'table' | 'column' | 'constraint' | 'detail' | 'message'>;

const PATTERNS: readonly (readonly [sqlstate: string, pattern: RegExp])[] = [
  ['23505', /unique (?:constraint|index) "(?<constraint>[^"]+)"/],
  ['23502', /column "(?<column>[^"]+)"(?: of relation "(?<table>[^"]+)")?/],
  // the constraint is of the last table that is named
  [
    '23503',
    /"(?<other>[^"]+)" violates foreign key constraint "(?<constraint>[^"]+)"(?: on table "(?<table>[^"]+)")?/,
  ],
  ['23001', /"(?<other>[^"]+)" violates .* constraint "(?<constraint>[^"]+)" on table "(?<table>[^"]+)"/],
  ['23514', /relation "(?<table>[^"]+)" violates check constraint "(?<constraint>[^"]+)"/],
  ['23514', /constraint "(?<constraint>[^"]+)" of relation "(?<table>[^"]+)"/],
];

/** The parts of a message that name relations with their schemas. */
const RELATIONS: ReadonlySet<string> = new Set(['table', 'constraint', 'other']);

/** What the error is about, as far as its message says, and the message with names as PostgreSQL has them there: without schemas. */
function aboutError({ sqlstate, message, about }: Failure): About {
  const found = PATTERNS.filter(([known]) => known === sqlstate)
    .map(([, pattern]) => pattern.exec(message)?.groups)
    .find((groups) => groups !== undefined);
  if (found === undefined) return { message, ...(about !== undefined && { detail: about.detail }) };
  let shown = message;
  for (const [field, name] of Object.entries(found))
    if (name !== undefined && RELATIONS.has(field))
      shown = shown.replaceAll(`"${name}"`, `"${ownName(name)}"`);
  const table = about?.table ?? found.table ?? found.other;
  const { column, constraint } = found;
  return {
    message: shown,
    schema: schemaOf(table ?? constraint ?? ''),
    ...(about !== undefined && { detail: about.detail }),
    ...(table !== undefined && { table: ownName(table) }),
    ...(column !== undefined && { column }),
    ...(constraint !== undefined && { constraint: ownName(constraint) }),
  };
}

/** Names by which drivers know what an error is: PostgreSQL's functions that raise it. */
function routineOf({ sqlstate, message }: Failure): Pick<Report, 'routine'> {
  if (message === OTHER_RESULT) return { routine: 'RevalidateCachedQuery' };
  if (sqlstate === '26000') return { routine: 'FetchPreparedStatement' };
  return sqlstate === '42601' && message.startsWith('syntax error') ? { routine: 'scanner_yyerror' } : {};
}

const CASTS = 'You might need to add explicit type casts.';

/** What PostgreSQL advises where nothing has the types that are given. */
function hintOf({ sqlstate, message }: Failure): Pick<Report, 'hint'> {
  if (sqlstate !== '42883') return {};
  if (/^function .*\) does not exist$/s.test(message))
    return { hint: `No function matches the given name and argument types. ${CASTS}` };
  if (/^operator does not exist: \S+ \S+ \S/.test(message))
    return { hint: `No operator matches the given name and argument types. ${CASTS}` };
  return {};
}

export const reportOf = (failure: Failure): Report => ({
  severity: 'ERROR',
  sqlstate: failure.sqlstate,
  position: failure.position,
  ...aboutError(failure),
  ...routineOf(failure),
  ...hintOf(failure),
});
