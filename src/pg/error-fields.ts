// What drivers and mappers of objects read beside an error's code: the constraint, table and column that it is about. Our engine names
// them in the message, in PostgreSQL's words, so they are read from there.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import type { Report } from './backend.ts';

type About = Pick<Report, 'schema' | 'table' | 'column' | 'constraint'>;

const PATTERNS: readonly (readonly [sqlstate: string, pattern: RegExp])[] = [
  ['23505', /unique constraint "(?<constraint>[^"]+)"/],
  ['23502', /column "(?<column>[^"]+)"(?: of relation "(?<table>[^"]+)")?/],
  ['23503', /on table "(?<table>[^"]+)" violates foreign key constraint "(?<constraint>[^"]+)"/],
  ['23514', /relation "(?<table>[^"]+)" violates check constraint "(?<constraint>[^"]+)"/],
];

/** What the error is about, as far as its message says. */
function aboutError(sqlstate: string, message: string): About {
  const pattern = PATTERNS.find(([known]) => known === sqlstate)?.[1];
  const found = pattern?.exec(message)?.groups;
  if (found === undefined) return {};
  const named = Object.entries(found).filter(([, value]) => value !== undefined);
  return { schema: 'public', ...Object.fromEntries(named) };
}

export function reportOf({
  sqlstate,
  message,
  position,
}: Omit<Extract<StatementResult, { kind: 'error' }>, 'kind'>): Report {
  return { severity: 'ERROR', sqlstate, message, position, ...aboutError(sqlstate, message) };
}
