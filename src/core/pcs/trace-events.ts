// Events of the metadata. `sets`: members with a comma between, sets with a bar between (trace-table.ts says what a tag and a rank are).

import type { CrashPoints, TraceTable } from '../kernel/trace-table.ts';

/** What a restore is: lists of the new groups, comma between; sets of each with a bar between. */
const restoreFields = {
  volume: 'text',
  source: 'text',
  lsn: 'int',
  token: 'int',
  startLsn: 'int',
  lastTerm: 'int',
  groups: 'text',
  sources: 'text',
  sets: 'text',
  bases: 'ints',
  writer: 'text',
} as const;

export const pcsTrace = {
  'token.grant': { tag: 37, rank: 3, fields: { token: 'int', holder: 'text', volume: 'text' } },
  'meta.writer': {
    tag: 39,
    rank: 3,
    fields: { writer: 'text', token: 'int', state: 'text', volume: 'text' },
  },
  /** An entry of the metadata changed a group's members; `step`: what it did, `reopened` at a start of the metadata. */
  'group.members': {
    tag: 64,
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', step: 'text', sets: 'text', learners: 'text' },
  },
  'group.move.begin': { tag: 65, rank: 2, fields: { group: 'text', from: 'text', to: 'text', lost: 'bool' } },
  /** WAL-64: the SCL that the new member must reach before the change may be committed. */
  'group.move.catchup': {
    tag: 66,
    rank: 2,
    fields: { group: 'text', to: 'text', scl: 'int', target: 'int' },
  },
  'group.move.done': {
    tag: 67,
    rank: 2,
    fields: { group: 'text', from: 'text', to: 'text', outcome: 'text' },
  },
  /** F24: a member's store has lost what the group had there. */
  'disk.lost': { tag: 71, rank: 3, fields: { group: 'text', node: 'text' } },
  'archive.named': {
    tag: 86,
    rank: 2,
    fields: { group: 'text', archiver: 'text', appointment: 'int', why: 'text' },
  },
  'restore.begin': { tag: 92, rank: 3, fields: restoreFields },
  /** What the metadata's log holds of a restore at a start: the last life may not have lived to tell. */
  'restore.standing': { tag: 93, rank: 1, fields: { ...restoreFields, state: 'text' } },
  /** `detail`: the group, or the log that is missing. */
  'restore.refused': {
    tag: 94,
    rank: 3,
    fields: { volume: 'text', source: 'text', code: 'text', lsn: 'int', detail: 'text' },
  },
  /** `lacking`: replicas that the volume opens without, `<node>/<group>` with a comma between. */
  'restore.done': {
    tag: 98,
    rank: 3,
    fields: { volume: 'text', lsn: 'int', token: 'int', writer: 'text', lacking: 'text' },
  },
  'restore.failed': {
    tag: 99,
    rank: 3,
    fields: { volume: 'text', group: 'text', code: 'text', object: 'text' },
  },
  'restore.cancelled': { tag: 100, rank: 3, fields: { volume: 'text' } },
  /** A restored volume is gone with all it held. `groups`: comma between. */
  'volume.dropped': { tag: 103, rank: 3, fields: { volume: 'text', groups: 'text' } },
  /** Groups of all volumes that there are when the metadata starts, told once a second one was ever made. Comma between. */
  'volume.standing': { tag: 104, rank: 1, fields: { groups: 'text' } },
} as const satisfies TraceTable;

export const metadataCrashPoints = { token: { kind: 'token.grant' } } as const satisfies CrashPoints;
