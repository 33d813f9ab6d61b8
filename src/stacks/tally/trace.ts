// What the tally shows: its view, its events, and the step at which a crash can be aimed.

import { type CrashPoints, event } from '../../core/kernel/trace-table.ts';

export interface TallyView {
  readonly role: 'tally';
  readonly isLeader: boolean;
  /** Of the leader: numbers that both followers have; of a follower: numbers that it has. */
  readonly total: number;
  readonly entries: number;
}

// #region events
export const tallyTrace = {
  'tally.open': event(200, 1, { isLeader: 'bool', total: 'int' }),
  'tally.durable': event(201, 1, { serial: 'int', total: 'int' }),
  'tally.done': event(202, 2, { serial: 'int', amount: 'int', total: 'int' }),
};
// #endregion

// #region crash-points
export const tallyCrashPoints = { tallied: { kind: 'tally.durable' } } as const satisfies CrashPoints;
// #endregion

// #region view
declare module '../../core/kernel/view.ts' {
  interface RoleViews {
    tally: TallyView;
  }
}
// #endregion

declare module '../../core/kernel/trace.ts' {
  interface TraceTables {
    tally: typeof tallyTrace;
  }
}

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    tally: typeof tallyCrashPoints;
  }
}
