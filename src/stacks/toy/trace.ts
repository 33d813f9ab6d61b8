// The one event of the toy.

import type { TraceTable } from '../../core/kernel/trace-table.ts';

export const toyTrace = {
  'toy.add': { tag: 52, rank: 2, fields: { amount: 'int', total: 'int' } },
} as const satisfies TraceTable;

declare module '../../core/kernel/trace.ts' {
  interface StackTraces {
    toy: typeof toyTrace;
  }
}
