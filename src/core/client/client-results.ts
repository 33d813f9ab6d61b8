// Results that a driver makes itself: of what it could not have carried out, or of what nobody can know.

import type { ClientResult, StatementResult } from '../kernel/door.ts';

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
