// What the toy shows: its view, its one event, and the crash that can be aimed at it.

import { type CrashPoints, event, type TraceTable } from '../../core/kernel/trace-table.ts';

export const toyTrace = {
  'toy.add': event(52, 2, { amount: 'int', total: 'int' }),
} as const satisfies TraceTable;

export const toyCrashPoints = {
  ack: { kind: 'toy.add', isUnlisted: true },
} as const satisfies CrashPoints;

export interface ToyView {
  readonly role: 'toy';
  readonly counter: number;
  readonly log: number;
}

declare module '../../core/kernel/view.ts' {
  interface RoleViews {
    toy: ToyView;
  }
}

declare module '../../core/kernel/trace.ts' {
  interface TraceTables {
    toy: typeof toyTrace;
  }
}

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    toy: typeof toyCrashPoints;
  }
}
