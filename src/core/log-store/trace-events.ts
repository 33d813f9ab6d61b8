// Events of the storage side of the log (trace-table.ts says what a tag and a rank are).

import { type CrashPoints, event, type TraceTable } from '../kernel/trace-table.ts';

/** A replica found at the start beside what was reported of it to the metadata; −1: nothing that can be compared. */
const checkedFields = {
  group: 'text',
  memberEpoch: 'int',
  sequence: 'int',
  scl: 'int',
  knownEpoch: 'int',
  knownSequence: 'int',
  knownScl: 'int',
} as const;

export const logStoreTrace = {
  'wal.receive': event(16, 1, { group: 'text', first: 'int', end: 'end', fresh: 'int', token: 'int' }),
  /** PCS-120: the volume was opened before; a replica that is lost comes back by a base image only. */
  'create.refused': event(211, 2, { group: 'text', from: 'text', token: 'int' }),
  'wal.durable': event(17, 1, { group: 'text', lsns: 'ints', source: 'text' }),
  'wal.ack': event(18, 1, { group: 'text', scl: 'int', nwl: 'int', token: 'int' }),
  'wal.refused': event(19, 2, { group: 'text', from: 'text', code: 'text', value: 'int' }),
  'mark.scl': event(20, 2, { group: 'text', value: 'int', term: 'int' }),
  'mark.known': event(21, 0, { group: 'text', vdl: 'int', groupTail: 'int', pgmrpl: 'int' }),
  'store.failed': event(22, 3, { group: 'text', code: 'text', at: 'int' }),
  'page.served': event(33, 1, {
    group: 'text',
    blockKey: 'int',
    readPoint: 'int',
    groupReadPoint: 'int',
    pageLsn: 'int',
    error: 'text',
    digest: 'int',
  }),
  'page.materialise': event(34, 2, { group: 'text', blockKey: 'int', pageLsn: 'int' }),
  /** `droppedTo`: the highest LSN of the records that go, −1 for none; logFloor lies higher after a base image (WAL-71). */
  'gc.drop': event(36, 2, {
    group: 'text',
    logFloor: 'int',
    records: 'int',
    droppedTo: 'int',
    versions: 'int',
    pgmrpl: 'int',
    holdTo: 'int',
  }),
  'token.install': event(38, 2, { group: 'text', token: 'int' }),
  'recovery.history': event(43, 2, {
    group: 'text',
    token: 'int',
    startLsn: 'int',
    prevEnd: 'int',
    maxNwl: 'int',
    removed: 'ints',
  }),
  'volume.open': event(45, 2, { group: 'text', token: 'int' }),
  'store.open': event(55, 2, {
    group: 'text',
    maxToken: 'int',
    volumeEpoch: 'int',
    memberEpoch: 'int',
    scl: 'int',
    knownVdl: 'int',
    pgmrpl: 'int',
    logFloor: 'int',
  }),
  'store.suspended': event(56, 2, { group: 'text', code: 'text' }),
  'scrub.bad': event(58, 3, { group: 'text', what: 'text', damage: 'text', lsns: 'ints', blockKey: 'int' }),
  'scrub.repaired': event(59, 2, { group: 'text', what: 'text', lsns: 'ints', blockKey: 'int' }),
  'recovery.told': event(60, 1, { group: 'text', token: 'int', scl: 'int', knownVdl: 'int', error: 'text' }),
  /** A replica's membership is durable (WAL-62); `state`: voter, outgoing or learner. */
  'member.install': event(69, 2, {
    group: 'text',
    memberEpoch: 'int',
    state: 'text',
    scl: 'int',
    volumeEpoch: 'int',
  }),
  /** A removed replica deletes its copy (WAL-66). */
  'member.dropped': event(70, 2, { group: 'text', memberEpoch: 'int' }),
  'base.start': event(72, 2, { group: 'text', from: 'text', base: 'int', pages: 'int', why: 'text' }),
  'base.chunk': event(73, 1, {
    group: 'text',
    from: 'text',
    base: 'int',
    pages: 'int',
    total: 'int',
    bytes: 'int',
  }),
  /** The live records of these segments are durable in another one, so that they may go. */
  'log.compacted': event(302, 0, { group: 'text', into: 'int', from: 'ints' }),
  'base.serve': event(74, 1, {
    group: 'text',
    to: 'text',
    base: 'int',
    pages: 'int',
    total: 'int',
    error: 'text',
  }),
  'base.failed': event(75, 2, { group: 'text', from: 'text', code: 'text' }),
  'base.installed': event(76, 2, {
    group: 'text',
    from: 'text',
    base: 'int',
    pages: 'int',
    scl: 'int',
    why: 'text',
  }),
  'archive.begin': event(87, 2, { group: 'text', appointment: 'int', archivedTo: 'int', version: 'int' }),
  'mark.archived': event(88, 2, { group: 'text', value: 'int', version: 'int' }),
  /** BACKUP_GAP: log that the archive does not hold and that cannot be had any more; the object that held it, if one did. */
  'archive.gap': event(89, 3, { group: 'text', first: 'int', end: 'int', name: 'text' }),
  'archive.repaired': event(90, 2, { group: 'text', name: 'text' }),
  /** The object store does not answer, or refuses (F31), and answers again. */
  'archive.outage': event(91, 3, { group: 'text', state: 'text', why: 'text' }),
  /** An object is durable at a replica that is being loaded. */
  'restore.progress': event(95, 1, {
    volume: 'text',
    group: 'text',
    done: 'int',
    total: 'int',
    bytes: 'int',
    object: 'text',
  }),
  /** What was cut short goes on; `why`: store, meta or archive. */
  'restore.resume': event(96, 2, { volume: 'text', group: 'text', why: 'text', done: 'int' }),
  /** A replica exists; `lsns`: the records above its base image; `sums`: their checksums as records of the source group. */
  'restore.replica': event(97, 2, {
    volume: 'text',
    group: 'text',
    source: 'text',
    lsn: 'int',
    base: 'int',
    pages: 'int',
    lsns: 'ints',
    sums: 'ints',
    digest: 'int',
    token: 'int',
  }),
  'disk.checked': event(107, 1, checkedFields),
  'disk.rolledBack': event(108, 3, checkedFields),
} as const satisfies TraceTable;

export const storeCrashPoints = {
  append: { kind: 'wal.receive' },
  ack: { kind: 'wal.ack' },
  durable: { kind: 'wal.durable' },
  holeRequest: { kind: 'hole.sent' },
  holeFill: { kind: 'hole.fill' },
  token: { kind: 'token.install' },
  compacted: { kind: 'log.compacted', isUnlisted: true },
} as const satisfies CrashPoints;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    logStore: typeof logStoreTrace;
  }
}
