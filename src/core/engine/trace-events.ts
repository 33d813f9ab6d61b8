// Events of the engine: transactions and its buffer (trace-table.ts says what a tag and a rank are).

import type { TraceTable } from '../kernel/trace-table.ts';

export const engineTrace = {
  'commit.ack': {
    tag: 12,
    rank: 2,
    fields: { tx: 'int', scn: 'int', vdl: 'int', term: 'int', volume: 'text' },
  },
  'tx.begin': { tag: 13, rank: 1, fields: { tx: 'int', readPoint: 'int', volume: 'text' } },
  'tx.abort': { tag: 14, rank: 2, fields: { tx: 'int', sqlstate: 'text', volume: 'text' } },
  'tx.wait': { tag: 15, rank: 1, fields: { tx: 'int', on: 'int', volume: 'text' } },
  'page.read': {
    tag: 32,
    rank: 1,
    fields: { group: 'text', blockKey: 'int', readPoint: 'int', from: 'text' },
  },
  'page.evict': {
    tag: 35,
    rank: 1,
    fields: { blockKey: 'int', pageLsn: 'int', vdl: 'int', dirty: 'bool', volume: 'text' },
  },
} as const satisfies TraceTable;
