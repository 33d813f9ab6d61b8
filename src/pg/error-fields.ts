// What drivers and mappers of objects read beside an error's code: the constraint, table and column that it is about. Our engine names
// them in the message, in PostgreSQL's words, so they are read from there.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { OTHER_RESULT } from '../core/sql/leading-notes.ts';
import { ownName, PUBLIC, schemaOf } from '../core/sql/relation-name.ts';
import type { Report } from './backend.ts';

type About = Pick<Report, 'schema' | 'table' | 'column' | 'constraint'>;

const PATTERNS: readonly (readonly [sqlstate: string, pattern: RegExp])[] = [
  ['23505', /unique constraint "(?<constraint>[^"]+)"/],
  ['23502', /column "(?<column>[^"]+)"(?: of relation "(?<table>[^"]+)")?/],
  ['23503', /on table "(?<table>[^"]+)" violates foreign key constraint "(?<constraint>[^"]+)"/],
  ['23514', /relation "(?<table>[^"]+)" violates check constraint "(?<constraint>[^"]+)"/],
];

/** The parts of a message that name relations with their schemas, by PostgreSQL's fields. */
const RELATIONS: ReadonlySet<string> = new Set(['table', 'constraint']);

/** What the error is about, as far as its message says, and the message with names as PostgreSQL has them there: without schemas. */
function aboutError(sqlstate: string, message: string): { readonly about: About; readonly message: string } {
  const pattern = PATTERNS.find(([known]) => known === sqlstate)?.[1];
  const found = pattern?.exec(message)?.groups;
  if (found === undefined) return { about: {}, message };
  const about: { -readonly [Field in keyof About]: About[Field] } = { schema: PUBLIC };
  let shown = message;
  for (const [field, name] of Object.entries(found)) {
    if (name === undefined) continue;
    const isRelation = RELATIONS.has(field);
    const own = isRelation ? ownName(name) : name;
    if (isRelation && own !== name) about.schema = schemaOf(name);
    about[field as keyof About] = own;
    shown = shown.replaceAll(`"${name}"`, `"${own}"`);
  }
  return { about, message: shown };
}

/** By these names postgres.js and JDBC's driver know that a statement has to be prepared anew, and do so. */
function routineOf(sqlstate: string, message: string): Pick<Report, 'routine'> {
  if (message === OTHER_RESULT) return { routine: 'RevalidateCachedQuery' };
  return sqlstate === '26000' ? { routine: 'FetchPreparedStatement' } : {};
}

export function reportOf({
  sqlstate,
  message,
  position,
}: Omit<Extract<StatementResult, { kind: 'error' }>, 'kind'>): Report {
  const { about, message: shown } = aboutError(sqlstate, message);
  return { severity: 'ERROR', sqlstate, message: shown, position, ...about, ...routineOf(sqlstate, message) };
}
