// Events of a volume in files of a shared device (trace-table.ts says what a tag and a rank are).

import { type CrashPoints, event } from '../kernel/trace-table.ts';

export const sharedStorageTrace = {
  /** FS-90: what is wrong with the metadata that a writer has mounted, as a count and the first of it. */
  'fs.checked': event(227, 1, { token: 'int', issues: 'int', first: 'text' }),
  /** LI-51: what is stored of a page is logged, because a page beyond what some reader has applied is stored there next. */
  'snapshot.logged': event(113, 2, { volume: 'text', blockKey: 'int', lsn: 'int', imageLsn: 'int' }),
  /** FS-12: the file system has another chunk of its device. */
  'fs.grown': event(112, 2, { volume: 'text', chunks: 'int' }),
  /** FS-46: statements that need room are refused from now on (`data`, `files`, `log`), or there is room again (empty); in blocks. */
  'fs.full': event(118, 3, {
    volume: 'text',
    what: 'text',
    chunks: 'int',
    free: 'int',
    promised: 'int',
    kept: 'int',
  }),
  /** LI-38: the stored image that replay goes on from, −1: none; and how many records there are above it. */
  'redo.page': event(241, 0, { volume: 'text', blockKey: 'int', pageLsn: 'int', records: 'int' }),
  /** LI-54: the writer's buffer has read the page in its file. */
  'page.fetched': event(197, 0, { volume: 'text', blockKey: 'int', pageLsn: 'int' }),
  /** LI-47: replay on stored images is over; nothing is acknowledged yet. */
  'redo.done': event(228, 3, { volume: 'text', token: 'int', redoLsn: 'int', lastLsn: 'int', pages: 'int' }),
  /** WAL through `last` is durable in shared storage. */
  'wal.synced': event(229, 1, { volume: 'text', token: 'int', first: 'int', last: 'int', bytes: 'int' }),
  /** LI-40: an image of the page is durable in its file. `gate`: oldestApplyLsn when it was begun, −1: no reader. */
  'page.stored': event(230, 1, {
    volume: 'text',
    token: 'int',
    blockKey: 'int',
    pageLsn: 'int',
    durableLsn: 'int',
    gate: 'int',
    how: 'text',
  }),
  /** LI-40, 6: the page is beyond what these readers have applied; the gate is the least of that. */
  'flush.blocked': event(234, 2, {
    volume: 'text',
    blockKey: 'int',
    latestLsn: 'int',
    gate: 'int',
    readers: 'text',
  }),
  /** LI-40: pages that the gate holds back from now on: their log is durable, and some reader has not applied it. Of the lane and the gauge. */
  'flush.held': event(305, 0, { volume: 'text', token: 'int', pages: 'int' }),
  /** LI-55: a statement waits for a frame of the buffer; so many pages are beyond what these readers have applied. */
  'flush.backpressure': event(110, 2, { volume: 'text', blocked: 'int', gate: 'int', readers: 'text' }),
  /**
   * LI-54: an order to let a page go from the buffer is not carried out. `why`: it is `absent`, on its way (`loading`), `pinned`, in a
   * `replay`, its changes wait for their log (`log`), for readers (`gate`) or to be stored (`dirty`), it is being `written`, or the node
   * serves nobody (`closed`). LSNs are −1 where they are no reason.
   */
  'page.kept': event(120, 2, {
    volume: 'text',
    blockKey: 'int',
    why: 'text',
    latestLsn: 'int',
    gate: 'int',
    readers: 'text',
  }),
  /** LI-47: an order to make a checkpoint is not carried out: redo stands at consistentLsn (`same`), there is no log yet (`empty`), the node
   * reads only (`reader`) or serves nobody (`closed`). */
  'checkpoint.refused': event(121, 2, { volume: 'text', why: 'text', redoLsn: 'int' }),
  'slot.given': event(235, 2, { volume: 'text', reader: 'text', epoch: 'int', readyLsn: 'int' }),
  'slot.dropped': event(236, 2, { volume: 'text', reader: 'text', epoch: 'int' }),
  /** LI-36, LI-37: a reader has brought the page to applyLsn; `from`: LSN of the image, `source`: whose. */
  'ro.replayed': event(237, 1, {
    volume: 'text',
    blockKey: 'int',
    from: 'int',
    pageLsn: 'int',
    applyLsn: 'int',
    records: 'int',
    source: 'text',
  }),
  /** LI-27: a table of LogIndex is saved; readers take it from there. */
  'index.saved': event(240, 1, { volume: 'text', table: 'int', maxLsn: 'int' }),
  /** LI-20: what the records of an MTR change: the record of `lsns[i]` the page `pages[i]`; one that names several pages has as many of them. */
  'wal.pages': event(239, 0, { volume: 'text', lsns: 'ints', pages: 'ints' }),
  /** LI-52: the stored image is beyond applyLsn. */
  'ro.future': event(238, 3, { volume: 'text', blockKey: 'int', applyLsn: 'int' }),
  /** What the page's file has at its place is no image of it. */
  'page.damaged': event(251, 3, { volume: 'text', blockKey: 'int', why: 'text' }),
  /** LI-28: the meta, or (`table` > 0) a table that it names, is not whole; LogIndex is made anew from WAL, from `walStart` on. */
  'index.rebuilt': event(252, 3, { volume: 'text', table: 'int', walStart: 'int', why: 'text' }),
  /** LI §8: a reader that was granted a token becomes the writer; `lsn`: end of the old log, at P4 redoStart, −1: not known yet. */
  'promote.step': event(245, 2, { volume: 'text', token: 'int', step: 'text', lsn: 'int' }),
  /** LI-74: a promoted writer meets a table of LogIndex (`table` > 0), or a page, that it cannot read; another life reads the log instead. */
  'promote.damaged': event(254, 3, { volume: 'text', token: 'int', table: 'int', why: 'text' }),
  /** LI-64: a relation that a session has alone is logged; it waits for these readers. */
  'ddl.locked': event(165, 2, { volume: 'text', relation: 'int', lockLsn: 'int', readers: 'text' }),
  /** Every live reader has replayed it, and it is durable: the definition may change. */
  'ddl.granted': event(162, 1, { volume: 'text', relation: 'int', lockLsn: 'int' }),
  /** LI-65, at a reader: `held` by its clients, `replayed`, `released`, or who held the relation for too long was `cancelled`. */
  'ro.lock': event(163, 2, { volume: 'text', relation: 'int', lockLsn: 'int', state: 'text' }),
  /** LI-66: its files are gone; `lsn`: the record from which on nobody reads it. */
  'relation.removed': event(164, 2, { volume: 'text', relation: 'int', lsn: 'int' }),
  'checkpoint.done': event(231, 1, { volume: 'text', token: 'int', redoLsn: 'int' }),
  /** FS-82: what the writer's last write left behind is not known; it begins anew under another token. */
  'mount.lost': event(232, 2, { volume: 'text', token: 'int', error: 'text' }),
};

/** Steps of a writer of shared storage at which a tape can aim a crash. */
export const sharedWriterCrashPoints = {
  walSynced: { kind: 'wal.synced' },
  orphaned: { kind: 'fs.orphan', isUnlisted: true },
  pageStored: { kind: 'page.stored' },
  checkpointed: { kind: 'checkpoint.done' },
  fsGrown: { kind: 'fs.grown' },
  snapshotLogged: { kind: 'snapshot.logged' },
  replayed: { kind: 'redo.done' },
  P1: { kind: 'promote.step', step: 'P1' },
  P2: { kind: 'promote.step', step: 'P2' },
  P3: { kind: 'promote.step', step: 'P3' },
  P4: { kind: 'promote.step', step: 'P4' },
  P5: { kind: 'promote.step', step: 'P5' },
  P6: { kind: 'promote.step', step: 'P6' },
} as const satisfies CrashPoints;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    sharedStorage: typeof sharedStorageTrace;
  }
}

declare module '../kernel/trace-table.ts' {
  interface StackCrashPoints {
    sharedWriter: typeof sharedWriterCrashPoints;
  }
}
