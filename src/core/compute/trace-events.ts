// Events of requests for tablets, of their splits and of gathered reads (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const computeTrace = {
  /** PCS-52: a primary carries out a request for a tablet whose keys have changed, by the epoch that the request carries. */
  'request.taken': event(255, 0, { volume: 'text', session: 'text', geoEpoch: 'int' }),
  /** PCS-47: a primary takes no requests for its tablet (`frozen`), has copied the keys that go up to `lsn` (`copied`), serves again (`thaw`), or has removed the rows that went (`trimmed`, of whichever splits: 0). */
  'split.attachment': event(250, 2, {
    split: 'int',
    volume: 'text',
    state: 'text',
    token: 'int',
    lsn: 'int',
    rows: 'int',
  }),
  /** PCS-97: a node gathers for a client; `read` and `tx` are numbers of this node, the same where the statement stands by itself. */
  'gather.begin': event(218, 1, { client: 'text', read: 'int', tx: 'int', tablets: 'ints' }),
  /** PCS-56: a tablet's part has come, as of this read point of its volume; without a volume where nobody has written the tablet. */
  'gather.part': event(219, 1, {
    client: 'text',
    read: 'int',
    tx: 'int',
    relation: 'int',
    volume: 'text',
    from: 'text',
    readPoint: 'int',
    rows: 'int',
  }),
  /** Answered, with where each volume was read. `code`: of the error, or empty. */
  'gather.end': event(246, 2, {
    client: 'text',
    read: 'int',
    tx: 'int',
    volumes: 'text',
    readPoints: 'ints',
    code: 'text',
  }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    compute: typeof computeTrace;
  }
}
