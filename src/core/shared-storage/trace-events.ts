// Events of a volume in files of a shared device (trace-table.ts says what a tag and a rank are).

import { type CrashPoints, event } from '../kernel/trace-table.ts';

export const sharedStorageTrace = {
  /** FS-90: what is wrong with the metadata that a writer has mounted, as a count and the first of it. */
  'fs.checked': event(227, 1, { token: 'int', issues: 'int', first: 'text' }),
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
  'checkpoint.done': event(231, 1, { volume: 'text', token: 'int', redoLsn: 'int' }),
  /** FS-82: what the writer's last write left behind is not known; it begins anew under another token. */
  'mount.lost': event(232, 2, { volume: 'text', token: 'int', error: 'text' }),
};

/** Steps of a writer of shared storage at which a tape can aim a crash. */
export const sharedWriterCrashPoints = {
  walSynced: { kind: 'wal.synced' },
  pageStored: { kind: 'page.stored' },
  checkpointed: { kind: 'checkpoint.done' },
  replayed: { kind: 'redo.done' },
} as const satisfies CrashPoints;

declare module '../kernel/trace.ts' {
  interface StackTraces {
    sharedStorage: typeof sharedStorageTrace;
  }
}
