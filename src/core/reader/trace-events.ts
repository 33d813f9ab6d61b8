// Events of readers and of the log's way to them (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const readerTrace = {
  /** At the writer: a reader's session begins, with its records from `streamFrom` on and its pin. */
  'ro.accepted': event(170, 1, {
    reader: 'text',
    epoch: 'int',
    vdl: 'int',
    keep: 'int',
    streamFrom: 'int',
    pin: 'int',
    volume: 'text',
  }),
  /** READ-9: the reader's queue at the writer is full, or the reader said that it lacks records. */
  'ro.dropped': event(171, 2, { reader: 'text', have: 'int', sentTo: 'int', volume: 'text' }),
  'ro.revoked': event(172, 2, { reader: 'text', epoch: 'int', mrpl: 'int', why: 'text', volume: 'text' }),
  /** At the reader: it serves reads from here on; `kept`: its pages stayed (READ-30). */
  'ro.ready': event(173, 2, {
    token: 'int',
    readPoint: 'int',
    streamFrom: 'int',
    kept: 'bool',
    epoch: 'int',
    volume: 'text',
  }),
  /** READ-31: a classic standby replays from its restore point to MinRecoveryPoint before its first read. */
  'ro.replay': event(193, 2, { from: 'int', to: 'int', records: 'int', volume: 'text' }),
  'ro.restartPoint': event(194, 1, { restorePoint: 'int', volume: 'text' }),
  'ro.gap': event(174, 2, { expected: 'int', firstLsn: 'int', code: 'text', volume: 'text' }),
  'ro.received': event(175, 0, {
    firstLsn: 'int',
    endLsn: 'int',
    records: 'int',
    vdl: 'int',
    volume: 'text',
  }),
  /** READ-10, READ-11: MTRs up to a CPL are released by VDL; records of absent pages are skipped. */
  'ro.released': event(176, 0, { upTo: 'int', vdl: 'int', records: 'int', skipped: 'int', volume: 'text' }),
  /** READ-12: the visible LSN of the reader, always a CPL. */
  'ro.applied': event(177, 1, { applyLsn: 'int', vdl: 'int', applied: 'int', volume: 'text' }),
  /** A page as a statement of the reader found it at its read point. */
  'ro.pageRead': event(178, 0, {
    blockKey: 'int',
    readPoint: 'int',
    groupReadPoint: 'int',
    pageLsn: 'int',
    digest: 'int',
    volume: 'text',
  }),
  'ro.mrpl': event(179, 0, { mrpl: 'int', applyLsn: 'int', volume: 'text' }),
  /** The reader learns that its session was revoked. */
  'ro.lost': event(180, 2, { epoch: 'int', why: 'text', volume: 'text' }),
  /** READ-28: a page below PGMRPL is not to be had. */
  'ro.stale': event(181, 2, { blockKey: 'int', readPoint: 'int', floor: 'int', volume: 'text' }),
  /** READ-41: a request waits for the visible LSN to reach `bound`, and what became of it. */
  'ro.wait': event(182, 1, { session: 'text', bound: 'int', applyLsn: 'int', volume: 'text' }),
  'ro.waited': event(183, 1, {
    session: 'text',
    bound: 'int',
    applyLsn: 'int',
    code: 'text',
    volume: 'text',
  }),
  /** At the driver: a read of a session is answered. `bound`: the LSN that it asked for. */
  'session.read': event(184, 1, {
    session: 'text',
    from: 'text',
    readPoint: 'int',
    scn: 'int',
    bound: 'int',
    level: 'text',
    volume: 'text',
  }),
  /** At the driver: a read leaves one reader for another, or for the writer. */
  'driver.reader': event(185, 1, { session: 'text', from: 'text', why: 'text' }),
  /** READ-46: the readers that the driver knows, with a space between. */
  'driver.readers': event(160, 1, { readers: 'text' }),
  'session.target': event(186, 1, { session: 'text', target: 'text', level: 'text' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    reader: typeof readerTrace;
  }
}
