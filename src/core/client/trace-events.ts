// Events of drivers: call and return of every operation, for histories and the durability ledger (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const clientTrace = {
  'op.invoke': event(47, 1, { client: 'text', op: 'int', operation: 'text', key: 'text', value: 'text' }),
  'op.return': event(48, 1, { client: 'text', op: 'int', outcome: 'text', value: 'text', scn: 'int' }),
  'sql.start': event(49, 2, { session: 'text', request: 'text' }),
  'sql.end': event(50, 2, { session: 'text', request: 'text', outcome: 'text' }),
  /** PCS-51: the request goes to the primary that the driver's map names. */
  'driver.route': event(210, 1, { session: 'text', group: 'text', to: 'text', term: 'int' }),
  /** FENCE-47: a node is at work on the session's request. */
  'driver.heard': event(280, 0, { session: 'text', from: 'text' }),
  /** Nobody was heard for as long as this. */
  'driver.gaveUp': event(281, 1, { session: 'text', limitUs: 'int' }),
  /** FENCE-47: a request of the session's open transaction was given up, cancelled or refused; and the first one that is answered after it. */
  'block.failed': event(282, 1, { session: 'text' }),
  'block.answered': event(283, 1, { session: 'text', tag: 'text' }),
  'driver.retry': event(51, 1, { session: 'text', attempt: 'int', why: 'text' }),
  /** An operator's order is answered, after so many times sent (`told`): its outcome is durable. `code`: why not, or empty. */
  'volume.answered': event(106, 1, { what: 'text', volume: 'text', code: 'text', told: 'int' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    client: typeof clientTrace;
  }
}
