// Events of the storage side of the log (trace-table.ts says what a tag and a rank are).

import type { CrashPoints, TraceTable } from '../kernel/trace-table.ts';

/** A replica found at the start beside what the metadata has heard of it; −1: nothing that can be compared. */
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
  'wal.receive': {
    tag: 16,
    rank: 1,
    fields: { group: 'text', first: 'int', last: 'int', fresh: 'int', token: 'int' },
  },
  'wal.durable': { tag: 17, rank: 1, fields: { group: 'text', lsns: 'ints', source: 'text' } },
  'wal.ack': { tag: 18, rank: 1, fields: { group: 'text', scl: 'int', nwl: 'int', token: 'int' } },
  'wal.refused': { tag: 19, rank: 2, fields: { group: 'text', from: 'text', code: 'text', value: 'int' } },
  'mark.scl': { tag: 20, rank: 2, fields: { group: 'text', value: 'int', term: 'int' } },
  'mark.known': { tag: 21, rank: 0, fields: { group: 'text', vdl: 'int', groupTail: 'int', pgmrpl: 'int' } },
  'store.failed': { tag: 22, rank: 3, fields: { group: 'text', code: 'text', at: 'int' } },
  'page.served': {
    tag: 33,
    rank: 1,
    fields: {
      group: 'text',
      blockKey: 'int',
      readPoint: 'int',
      groupReadPoint: 'int',
      pageLsn: 'int',
      error: 'text',
      digest: 'int',
    },
  },
  'page.materialise': { tag: 34, rank: 2, fields: { group: 'text', blockKey: 'int', pageLsn: 'int' } },
  'gc.drop': {
    tag: 36,
    rank: 2,
    fields: { group: 'text', logFloor: 'int', records: 'int', versions: 'int', pgmrpl: 'int', holdTo: 'int' },
  },
  'token.install': { tag: 38, rank: 2, fields: { group: 'text', token: 'int' } },
  'recovery.history': {
    tag: 43,
    rank: 2,
    fields: { group: 'text', token: 'int', startLsn: 'int', prevEnd: 'int', maxNwl: 'int', removed: 'ints' },
  },
  'volume.open': { tag: 45, rank: 2, fields: { group: 'text', token: 'int' } },
  'store.open': {
    tag: 55,
    rank: 2,
    fields: {
      group: 'text',
      maxToken: 'int',
      volumeEpoch: 'int',
      memberEpoch: 'int',
      scl: 'int',
      knownVdl: 'int',
      pgmrpl: 'int',
      logFloor: 'int',
    },
  },
  'store.suspended': { tag: 56, rank: 2, fields: { group: 'text', code: 'text' } },
  'scrub.bad': {
    tag: 58,
    rank: 3,
    fields: { group: 'text', what: 'text', damage: 'text', lsns: 'ints', blockKey: 'int' },
  },
  'scrub.repaired': {
    tag: 59,
    rank: 2,
    fields: { group: 'text', what: 'text', lsns: 'ints', blockKey: 'int' },
  },
  'recovery.told': {
    tag: 60,
    rank: 1,
    fields: { group: 'text', token: 'int', scl: 'int', knownVdl: 'int', error: 'text' },
  },
  /** A replica's membership is durable (WAL-62); `state`: voter, outgoing or learner. */
  'member.install': {
    tag: 69,
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', state: 'text', scl: 'int', volumeEpoch: 'int' },
  },
  /** A removed replica deletes its copy (WAL-66). */
  'member.dropped': { tag: 70, rank: 2, fields: { group: 'text', memberEpoch: 'int' } },
  'base.start': {
    tag: 72,
    rank: 2,
    fields: { group: 'text', from: 'text', base: 'int', pages: 'int', why: 'text' },
  },
  'base.chunk': {
    tag: 73,
    rank: 1,
    fields: { group: 'text', from: 'text', base: 'int', pages: 'int', total: 'int', bytes: 'int' },
  },
  'base.serve': {
    tag: 74,
    rank: 1,
    fields: { group: 'text', to: 'text', base: 'int', pages: 'int', total: 'int', error: 'text' },
  },
  'base.failed': { tag: 75, rank: 2, fields: { group: 'text', from: 'text', code: 'text' } },
  'base.installed': {
    tag: 76,
    rank: 2,
    fields: { group: 'text', from: 'text', base: 'int', pages: 'int', scl: 'int', why: 'text' },
  },
  'archive.begin': {
    tag: 87,
    rank: 2,
    fields: { group: 'text', appointment: 'int', archivedTo: 'int', version: 'int' },
  },
  'mark.archived': { tag: 88, rank: 2, fields: { group: 'text', value: 'int', version: 'int' } },
  /** BACKUP_GAP: log that the archive does not hold and that cannot be had any more; the object that held it, if one did. */
  'archive.gap': { tag: 89, rank: 3, fields: { group: 'text', first: 'int', last: 'int', name: 'text' } },
  'archive.repaired': { tag: 90, rank: 2, fields: { group: 'text', name: 'text' } },
  /** The object store does not answer, or refuses (F31), and answers again. */
  'archive.outage': { tag: 91, rank: 3, fields: { group: 'text', state: 'text', why: 'text' } },
  /** An object is durable at a replica that is being loaded. */
  'restore.progress': {
    tag: 95,
    rank: 1,
    fields: { volume: 'text', group: 'text', done: 'int', total: 'int', bytes: 'int', object: 'text' },
  },
  /** What was cut short goes on; `why`: store, meta or archive. */
  'restore.resume': {
    tag: 96,
    rank: 2,
    fields: { volume: 'text', group: 'text', why: 'text', done: 'int' },
  },
  /** A replica exists; `lsns`: the records above its base image; `sums`: their checksums as records of the source group. */
  'restore.replica': {
    tag: 97,
    rank: 2,
    fields: {
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
    },
  },
  'disk.checked': { tag: 107, rank: 1, fields: checkedFields },
  'disk.rolledBack': { tag: 108, rank: 3, fields: checkedFields },
} as const satisfies TraceTable;

export const storeCrashPoints = {
  append: { kind: 'wal.receive' },
  ack: { kind: 'wal.ack' },
  durable: { kind: 'wal.durable' },
  holeRequest: { kind: 'hole.sent' },
  holeFill: { kind: 'hole.fill' },
  token: { kind: 'token.install' },
} as const satisfies CrashPoints;
