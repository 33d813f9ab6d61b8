// The one event of the toy, and the crash that can be aimed at it.

import type { CrashPoints, TraceTable } from '../../core/kernel/trace-table.ts';

export const toyTrace = {
  'toy.add': { tag: 52, rank: 2, fields: { amount: 'int', total: 'int' } },
} as const satisfies TraceTable;

export const toyCrashPoints = {
  ack: { kind: 'toy.add', isUnlisted: true },
} as const satisfies CrashPoints;

declare module '../../core/kernel/trace.ts' {
  interface StackTraces {
    toy: typeof toyTrace;
  }
}

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    toy: typeof toyCrashPoints;
  }
}
