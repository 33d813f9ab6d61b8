// Events of the WAL status list and its holes (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const holeTrace = {
  'hole.open': event(23, 2, { group: 'text', first: 'int', end: 'int' }),
  'hole.sent': event(24, 2, {
    group: 'text',
    first: 'int',
    end: 'int',
    to: 'text',
    counter: 'int',
    mode: 'text',
  }),
  'hole.serve': event(25, 1, {
    group: 'text',
    first: 'int',
    end: 'int',
    to: 'text',
    records: 'int',
    error: 'text',
  }),
  'hole.fill': event(26, 2, { group: 'text', first: 'int', end: 'int', from: 'text', counter: 'int' }),
  'hole.split': event(27, 2, { group: 'text', first: 'int', end: 'int', sent: 'bool' }),
  'hole.closed': event(28, 2, { group: 'text', ncl: 'int' }),
  'hole.timeout': event(29, 2, { group: 'text', counter: 'int', to: 'text' }),
  'hole.ignored': event(30, 2, { group: 'text', counter: 'int', from: 'text' }),
  'hole.rebuild': event(31, 2, { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', torn: 'bool' }),
  'hole.answer': event(57, 1, {
    group: 'text',
    from: 'text',
    counter: 'int',
    boot: 'int',
    parts: 'int',
    done: 'bool',
  }),
  'hole.saved': event(61, 2, { group: 'text', ncl: 'int', nwl: 'int', holes: 'int' }),
  'hole.restore': event(62, 2, { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', error: 'text' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    hole: typeof holeTrace;
  }
}
