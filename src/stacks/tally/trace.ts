// What the tally shows: its view, its events, and the step at which a crash can be aimed.

import type { CrashPoints, TraceTable } from '../../core/kernel/trace-table.ts';

export interface TallyView {
  readonly role: 'tally';
  readonly isLeader: boolean;
  /** Of the leader: numbers that both followers have; of a follower: numbers that it has. */
  readonly total: number;
  readonly entries: number;
}

export const tallyTrace = {
  'tally.open': { tag: 200, rank: 1, fields: { isLeader: 'bool', total: 'int' } },
  'tally.durable': { tag: 201, rank: 1, fields: { serial: 'int', total: 'int' } },
  'tally.done': { tag: 202, rank: 2, fields: { serial: 'int', amount: 'int', total: 'int' } },
} as const satisfies TraceTable;

export const tallyCrashPoints = { tallied: { kind: 'tally.durable' } } as const satisfies CrashPoints;

declare module '../../core/kernel/view.ts' {
  interface RoleViews {
    tally: TallyView;
  }
}

declare module '../../core/kernel/trace.ts' {
  interface StackTraces {
    tally: typeof tallyTrace;
  }
}

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    tally: typeof tallyCrashPoints;
  }
}
