// Small runs in which each activity of a disk is met, for every fate of its writes (sim/fates).

import { type DrawnWorld, makeFateWorld } from '../../sim/fates/shared-activities.ts';
import type { FateWorld } from '../../sim/stack-runtime.ts';

const world = (name: string, drawn: Partial<DrawnWorld> & Pick<DrawnWorld, 'endMs'>): FateWorld =>
  makeFateWorld(name, { preset: 'cynosdb', ...drawn });

const BACKUP = ['archiveSegmentLsns 32', 'archiveMaxMs 20', 'archiveBaseLsns 100'];

/** More entries than the metadata's log keeps below a snapshot. */
const PUTS = Array.from(
  { length: 20 },
  (_, i) => `${40 + 2 * i}.000 putConfig global scrubEveryMs ${20 + i}`,
);

export const fateWorlds: readonly FateWorld[] = [
  /** Volume made, segments, superblocks, versions, GC, the metadata's entries and snapshots; a writer that starts again. */
  world('log', {
    settings: ['metaSnapshotEntries 2'],
    lines: ['60.000 crash rw-1 for 2.000 ms'],
    endMs: 100,
  }),
  /** Three nodes of the metadata: one that was away has a snapshot installed, one comes back under a new identity, one comes in, the leader goes. */
  world('metadata', {
    preset: 'cynosdb-pcs',
    settings: ['metaSnapshotEntries 2'],
    lines: [
      '20.000 isolate pcs-3 for 70.000 ms',
      ...PUTS,
      '110.000 wipeDisk pcs-2 for 2.000 ms',
      '125.000 addPcs pcs-2',
      '160.000 addPcs pcs-4',
      '195.000 removePcs pcs-1',
    ],
    fromMs: 60,
    endMs: 270,
  }),
  /** A standby is promoted, and a node's copy of the configuration is replaced. */
  world('promotion', {
    preset: 'cynosdb-ha',
    settings: ['metaSnapshotEntries 2'],
    lines: [
      '50.000 putConfig global scrubEveryMs 20',
      '80.000 editConfig store-2 scrubEveryMs 64',
      '100.000 crash rw-1 for 40.000 ms',
    ],
    fromMs: 60,
    endMs: 180,
  }),
  /** A store that is away holds the log, so that segments are joined. */
  world('compaction', {
    settings: ['smallSegments 16', 'deadBytes 4096', 'compactedBytes 8192'],
    lines: ['40.000 isolate store-3 for 60.000 ms'],
    endMs: 130,
  }),
  /** A store that is stopped in good order saves its lists, and deletes them at its next start. */
  world('clean exit', { lines: ['60.000 stop store-2 15.000 ms for 2.000 ms'], endMs: 100 }),
  /** A replica that moves and one made anew: base images. */
  world('base image', {
    preset: 'cynosdb-4',
    settings: ['replyBytes 4096', 'metaSnapshotEntries 2'],
    lines: ['50.000 moveReplica store-2 store-4 g1', '90.000 wipeDisk store-3 for 2.000 ms'],
    endMs: 160,
  }),
  /** A disk that was put back to an earlier image. */
  world('rollback', {
    lines: ['50.000 snapshotDisk store-2', '80.000 rollbackDisk store-2 for 2.000 ms'],
    endMs: 140,
  }),
  /** Rot in pages and log: what is lost comes from a peer. */
  world('repair', {
    settings: ['scrubEveryMs 1'],
    lines: [
      '70.000 bitRot store-3 "store/g1/log/"',
      '80.000 workloadStop d1 lists',
      '80.000 workloadStop d1 counters',
      '110.000 bitRot store-1 "store/g1/page/"',
      '110.001 bitRot store-1 "store/g2/page/"',
    ],
    endMs: 180,
  }),
  world('archive', {
    preset: 'cynosdb-backup',
    settings: [...BACKUP, 'backupRetentionMs 20'],
    endMs: 200,
  }),
  world('restore', {
    preset: 'cynosdb-backup',
    settings: [...BACKUP, 'metaSnapshotEntries 2'],
    lines: ['150.000 restore v1 to time 100.000 ms as v2'],
    endMs: 200,
  }),
];
