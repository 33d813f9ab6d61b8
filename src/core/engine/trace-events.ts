// Events of the engine: transactions and its buffer (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const engineTrace = {
  'commit.ack': event(12, 2, { tx: 'int', scn: 'int', vdl: 'int', term: 'int', volume: 'text' }),
  'tx.begin': event(13, 1, { tx: 'int', readPoint: 'int', volume: 'text' }),
  'tx.abort': event(14, 2, { tx: 'int', sqlstate: 'text', volume: 'text' }),
  'tx.wait': event(15, 1, { tx: 'int', on: 'int', volume: 'text' }),
  /** A serializable transaction is refused: the pivot, and who read before it and wrote after it; 0 where one has no xid. */
  'tx.unserializable': event(196, 2, {
    tx: 'int',
    pivot: 'int',
    reader: 'int',
    writer: 'int',
    reason: 'text',
    volume: 'text',
  }),
  'page.read': event(32, 1, { group: 'text', blockKey: 'int', readPoint: 'int', from: 'text' }),
  'page.evict': event(35, 1, { blockKey: 'int', pageLsn: 'int', vdl: 'int', dirty: 'bool', volume: 'text' }),
} as const satisfies TraceTable;
