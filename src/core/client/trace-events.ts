// Events of drivers: call and return of every operation, for histories and the durability ledger (trace-table.ts says what a tag and a rank are).

import type { TraceTable } from '../kernel/trace-table.ts';

export const clientTrace = {
  'op.invoke': {
    tag: 47,
    rank: 1,
    fields: { client: 'text', op: 'int', operation: 'text', key: 'text', value: 'text' },
  },
  'op.return': {
    tag: 48,
    rank: 1,
    fields: { client: 'text', op: 'int', outcome: 'text', value: 'text', scn: 'int' },
  },
  'sql.start': { tag: 49, rank: 2, fields: { session: 'text', request: 'text' } },
  'sql.end': { tag: 50, rank: 2, fields: { session: 'text', request: 'text', outcome: 'text' } },
  'driver.retry': { tag: 51, rank: 1, fields: { session: 'text', attempt: 'int', why: 'text' } },
  /** An operator's order is answered, after so many times told: what it came to is durable. `code`: why not, or empty. */
  'volume.answered': {
    tag: 106,
    rank: 1,
    fields: { what: 'text', volume: 'text', code: 'text', told: 'int' },
  },
} as const satisfies TraceTable;
