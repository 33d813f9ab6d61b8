// Events of the WAL status list and its holes (trace-table.ts says what a tag and a rank are).

import type { TraceTable } from '../kernel/trace-table.ts';

export const holeTrace = {
  'hole.open': { tag: 23, rank: 2, fields: { group: 'text', first: 'int', last: 'int' } },
  'hole.sent': {
    tag: 24,
    rank: 2,
    fields: { group: 'text', first: 'int', last: 'int', to: 'text', counter: 'int', mode: 'text' },
  },
  'hole.serve': {
    tag: 25,
    rank: 1,
    fields: { group: 'text', first: 'int', last: 'int', to: 'text', records: 'int', error: 'text' },
  },
  'hole.fill': {
    tag: 26,
    rank: 2,
    fields: { group: 'text', first: 'int', last: 'int', from: 'text', counter: 'int' },
  },
  'hole.split': { tag: 27, rank: 2, fields: { group: 'text', first: 'int', last: 'int', sent: 'bool' } },
  'hole.closed': { tag: 28, rank: 2, fields: { group: 'text', ncl: 'int' } },
  'hole.timeout': { tag: 29, rank: 2, fields: { group: 'text', counter: 'int', to: 'text' } },
  'hole.ignored': { tag: 30, rank: 2, fields: { group: 'text', counter: 'int', from: 'text' } },
  'hole.rebuild': {
    tag: 31,
    rank: 2,
    fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', torn: 'bool' },
  },
  'hole.answer': {
    tag: 57,
    rank: 1,
    fields: { group: 'text', from: 'text', counter: 'int', boot: 'int', parts: 'int', done: 'bool' },
  },
  'hole.saved': { tag: 61, rank: 2, fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int' } },
  'hole.restore': {
    tag: 62,
    rank: 2,
    fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', error: 'text' },
  },
} as const satisfies TraceTable;
