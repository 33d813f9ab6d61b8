// Results as a client gets them: of statements, of what the driver could not have carried out, or of what nobody can know.

import type { ClientResult, StatementResult } from '../kernel/client-calls.ts';

export const resultOf = (statements: readonly StatementResult[], scn = -1): ClientResult => ({
  outcome: statements.some(({ kind }) => kind === 'error') ? 'error' : 'ok',
  statements,
  scn,
});

export const done = (tag: string): ClientResult => resultOf([{ kind: 'done', tag }]);

/** Nothing was applied. */
export const failed = (sqlstate: string, message: string): ClientResult => ({
  outcome: 'error',
  statements: errorOnly(sqlstate, message),
  scn: -1,
});

/** It may have been applied. */
export const unknown = (sqlstate: string, message: string): ClientResult => ({
  outcome: 'unknown',
  statements: errorOnly(sqlstate, message),
  scn: -1,
});

const errorOnly = (sqlstate: string, message: string): StatementResult[] => [
  { kind: 'error', sqlstate, message, position: null },
];
