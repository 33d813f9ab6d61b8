// Events of the writer of a quorum log and of its recovery (trace-table.ts says what a tag and a rank are).

import { type CrashPoints, event, type TraceTable } from '../kernel/trace-table.ts';

export const quorumLogTrace = {
  /** `groups`: the group of each record, in LSN order, comma between. */
  'mtr.append': event(4, 1, {
    first: 'int',
    end: 'end',
    tx: 'int',
    commit: 'bool',
    term: 'int',
    groups: 'text',
    volume: 'text',
  }),
  'wal.backpressure': event(5, 2, { tail: 'int', limit: 'int', wanted: 'int', volume: 'text' }),
  /** WAL-77: of `group` so many stores (`stores`) have no room that a write quorum lacks it; both empty: there is room again. */
  'wal.full': event(119, 2, { group: 'text', stores: 'text', volume: 'text' }),
  'wal.send': event(6, 1, {
    group: 'text',
    to: 'text',
    first: 'int',
    end: 'end',
    records: 'int',
    resend: 'bool',
  }),
  'wal.ackSeen': event(7, 0, { group: 'text', from: 'text', scl: 'int', token: 'int', counted: 'bool' }),
  'mark.pgcl': event(8, 2, { group: 'text', value: 'int', term: 'int' }),
  'mark.vcl': event(9, 2, { value: 'int', term: 'int', volume: 'text' }),
  'mark.vdl': event(10, 2, { value: 'int', term: 'int', volume: 'text' }),
  'mark.pgmrpl': event(11, 2, { value: 'int', volume: 'text' }),
  'recovery.step': event(40, 2, { step: 'text', token: 'int', volume: 'text' }),
  'recovery.info': event(41, 2, {
    group: 'text',
    replica: 'text',
    scl: 'int',
    effectiveScl: 'int',
    knownVdl: 'int',
    groupTail: 'int',
    tailTerm: 'int',
  }),
  'recovery.computed': event(42, 2, {
    token: 'int',
    vclPrime: 'int',
    vdlPrime: 'int',
    startLsn: 'int',
    volume: 'text',
  }),
  'recovery.done': event(44, 3, { token: 'int', vdl: 'int', startLsn: 'int', volume: 'text' }),
  'volume.fenced': event(46, 3, { token: 'int', seen: 'int', volume: 'text' }),
  'page.probe': event(63, 2, {
    blockKey: 'int',
    readPoint: 'int',
    pageLsn: 'int',
    error: 'text',
    from: 'text',
    volume: 'text',
  }),
  /** A writer works with these members from here on (WAL-65). */
  'member.adopt': event(68, 2, {
    group: 'text',
    memberEpoch: 'int',
    sets: 'text',
    learners: 'text',
    term: 'int',
  }),
  /** F29: fewer members of some set answer than a write needs, or enough again. */
  'group.quorum': event(77, 3, { group: 'text', state: 'text', live: 'int', vw: 'int' }),
  /** Checksums of the records of an MTR whose volume is backed up: what an archive and a restore are held against. */
  'mtr.sums': event(101, 0, { first: 'int', sums: 'ints', volume: 'text' }),
  /** An attachment changes between reader and writer, without a restart of its node (READ-32, FENCE-14). */
  'attachment.mode': event(191, 1, { mode: 'text', token: 'int', why: 'text', volume: 'text' }),
  /** READ-32: pages of its buffer that a promoted reader goes on with, brought to `vdl` (VDL′), and those that it let go. */
  'attachment.kept': event(161, 1, { token: 'int', vdl: 'int', kept: 'int', dropped: 'int', volume: 'text' }),
  /** PCS-85: the node has these definitions; no statement of an older version begins there. */
  /** PCS-57: an answer that only reads was made, and left once a read quorum had confirmed its primary. */
  'read.made': event(212, 0, { volume: 'text', token: 'int', id: 'int' }),
  'read.answered': event(213, 0, { volume: 'text', token: 'int', id: 'int' }),
  'schema.node': event(209, 1, { version: 'int' }),
  /** W2: the writer takes no new requests; `state`: freeze, handoff (all is durable up to `vdl`), or thaw. */
  'attachment.freeze': event(192, 1, { state: 'text', token: 'int', vdl: 'int', volume: 'text' }),
  /** A node that wrote a volume which is gone has ended its writer. */
  'volume.left': event(105, 1, { volume: 'text' }),
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
  indexSplit: { kind: 'index.split', isUnlisted: true },
} as const satisfies CrashPoints;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    quorumLog: typeof quorumLogTrace;
  }
}
