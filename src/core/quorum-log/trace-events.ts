// Events of the writer of a quorum log and of its recovery (trace-table.ts says what a tag and a rank are).

import type { CrashPoints, TraceTable } from '../kernel/trace-table.ts';

export const quorumLogTrace = {
  /** `groups`: the group of each record, in LSN order, comma between. */
  'mtr.append': {
    tag: 4,
    rank: 1,
    fields: {
      first: 'int',
      last: 'int',
      tx: 'int',
      commit: 'bool',
      term: 'int',
      groups: 'text',
      volume: 'text',
    },
  },
  'wal.backpressure': {
    tag: 5,
    rank: 2,
    fields: { tail: 'int', limit: 'int', wanted: 'int', volume: 'text' },
  },
  'wal.send': {
    tag: 6,
    rank: 1,
    fields: { group: 'text', to: 'text', first: 'int', last: 'int', records: 'int', resend: 'bool' },
  },
  'wal.ackSeen': {
    tag: 7,
    rank: 0,
    fields: { group: 'text', from: 'text', scl: 'int', token: 'int', counted: 'bool' },
  },
  'mark.pgcl': { tag: 8, rank: 2, fields: { group: 'text', value: 'int', term: 'int' } },
  'mark.vcl': { tag: 9, rank: 2, fields: { value: 'int', term: 'int', volume: 'text' } },
  'mark.vdl': { tag: 10, rank: 2, fields: { value: 'int', term: 'int', volume: 'text' } },
  'mark.pgmrpl': { tag: 11, rank: 2, fields: { value: 'int', volume: 'text' } },
  'recovery.step': { tag: 40, rank: 2, fields: { step: 'text', token: 'int', volume: 'text' } },
  'recovery.info': {
    tag: 41,
    rank: 2,
    fields: {
      group: 'text',
      replica: 'text',
      scl: 'int',
      effectiveScl: 'int',
      knownVdl: 'int',
      groupTail: 'int',
      tailTerm: 'int',
    },
  },
  'recovery.computed': {
    tag: 42,
    rank: 2,
    fields: { token: 'int', vclPrime: 'int', vdlPrime: 'int', startLsn: 'int', volume: 'text' },
  },
  'recovery.done': {
    tag: 44,
    rank: 3,
    fields: { token: 'int', vdl: 'int', startLsn: 'int', volume: 'text' },
  },
  'volume.fenced': { tag: 46, rank: 3, fields: { token: 'int', seen: 'int', volume: 'text' } },
  'page.probe': {
    tag: 63,
    rank: 2,
    fields: {
      blockKey: 'int',
      readPoint: 'int',
      pageLsn: 'int',
      error: 'text',
      from: 'text',
      volume: 'text',
    },
  },
  /** A writer works with these members from here on (WAL-65). */
  'member.adopt': {
    tag: 68,
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', sets: 'text', learners: 'text', term: 'int' },
  },
  /** F29: fewer members of some set answer than a write needs, or enough again. */
  'group.quorum': { tag: 77, rank: 3, fields: { group: 'text', state: 'text', live: 'int', vw: 'int' } },
  /** Checksums of the records of an MTR whose volume is backed up: what an archive and a restore are held against. */
  'mtr.sums': { tag: 101, rank: 0, fields: { first: 'int', sums: 'ints', volume: 'text' } },
  /** A node that wrote a volume which is gone has ended its writer. */
  'volume.left': { tag: 105, rank: 1, fields: { volume: 'text' } },
} as const satisfies TraceTable;

export const writerCrashPoints = {
  append: { kind: 'mtr.append' },
  ack: { kind: 'commit.ack' },
  token: { kind: 'recovery.step', step: 'token', isUnlisted: true },
  R1: { kind: 'recovery.step', step: 'R1' },
  R2: { kind: 'recovery.step', step: 'R2' },
  R3: { kind: 'recovery.step', step: 'R3' },
  R4: { kind: 'recovery.step', step: 'R4' },
  R5: { kind: 'recovery.step', step: 'R5' },
  R6: { kind: 'recovery.step', step: 'R6' },
  R7: { kind: 'recovery.step', step: 'R7' },
} as const satisfies CrashPoints;
