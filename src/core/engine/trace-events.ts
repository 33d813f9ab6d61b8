// Events of the engine: transactions and its buffer (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const engineTrace = {
  'commit.ack': event(12, 2, { tx: 'int', scn: 'int', vdl: 'int', term: 'int', volume: 'text' }),
  'tx.begin': event(13, 1, { tx: 'int', readPoint: 'int', volume: 'text' }),
  'tx.abort': event(14, 2, { tx: 'int', sqlstate: 'text', volume: 'text' }),
  'tx.wait': event(15, 1, { tx: 'int', on: 'int', volume: 'text' }),
  /** TXN-2: it outlives its session and its writer, and is in doubt until somebody decides it; TXN-4: it is decided. */
  'tx.prepared': event(310, 2, { tx: 'int', gid: 'text', scn: 'int', volume: 'text' }),
  'tx.decided': event(311, 2, { tx: 'int', gid: 'text', outcome: 'text', scn: 'int', volume: 'text' }),
  /** TXN-3: a new writer has found it prepared. */
  'tx.inDoubt': event(312, 2, { tx: 'int', gid: 'text', volume: 'text' }),
  /** A serializable transaction is refused: the pivot, and who read before it and wrote after it; 0 where one has no xid. */
  'tx.unserializable': event(196, 2, {
    tx: 'int',
    pivot: 'int',
    reader: 'int',
    writer: 'int',
    reason: 'text',
    volume: 'text',
  }),
  /** FENCE-44: a request that an earlier life of the writer, or who had its keys before, has carried out (`committed`), may have (`unknown`), or
   * that has no entry any more (`displaced`). */
  'request.known': event(300, 0, { session: 'text', state: 'text', volume: 'text' }),
  /** WAL-3: an index page is split, the `root` or another `page`; one MTR enters all of it. */
  'index.split': event(301, 0, { step: 'text', relation: 'int', block: 'int', volume: 'text' }),
  'page.read': event(32, 1, { group: 'text', blockKey: 'int', readPoint: 'int', from: 'text' }),
  'page.evict': event(35, 1, { blockKey: 'int', pageLsn: 'int', vdl: 'int', dirty: 'bool', volume: 'text' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    engine: typeof engineTrace;
  }
}
