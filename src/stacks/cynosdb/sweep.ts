// What a sweep draws of a cluster of CynosDB: its geometries, how it is backed up, and faults around the writer, replicas that
// miss part of the log, members, lost disks and the archive. The makers are rooms of sim/sweep.

import { makePrng } from '../../base/prng.ts';
import {
  drawArchiveFaults,
  drawBackup,
  drawDenseBackup,
  drawDenseRestore,
  drawLostObjects,
  drawRestore,
  growArchive,
} from '../../sim/sweep/archive-faults.ts';
import { drawConfigPushes } from '../../sim/sweep/config-pushes.ts';
import { drawDefinitions } from '../../sim/sweep/definitions.ts';
import { crashStore, tearStore } from '../../sim/sweep/draw-faults.ts';
import { nodeWith, pick, type SweepDraws } from '../../sim/sweep/draw-tools.ts';
import { drawFailoverFaults } from '../../sim/sweep/failover-faults.ts';
import { drawLargeRows, roomForLargeRows } from '../../sim/sweep/large-rows.ts';
import {
  blackout,
  forgotten,
  halfSent,
  laggard,
  overtaken,
  stragglerTwice,
} from '../../sim/sweep/late-faults.ts';
import { changeMembers, loseDisk, loseZone, rotStore } from '../../sim/sweep/member-faults.ts';
import { drawMetadataFaults } from '../../sim/sweep/metadata-faults.ts';
import {
  drawCompactionCuts,
  drawDisplaced,
  drawSplitCuts,
  rareChanges,
} from '../../sim/sweep/rare-faults.ts';
import { drawReaderFaults } from '../../sim/sweep/reader-faults.ts';
import { drawReaderLife } from '../../sim/sweep/reader-life.ts';
import { drawSequences } from '../../sim/sweep/sequence-draws.ts';
import { drawStoreLife } from '../../sim/sweep/store-life.ts';
import { drawViewReads } from '../../sim/sweep/view-reads.ts';
import {
  crashDriver,
  crashMeta,
  crashWriter,
  crashWriterAndStore,
  crashWriterTwice,
  cutStore,
  straggler,
} from '../../sim/sweep/writer-faults.ts';
import { mustHappen } from './must-happen.ts';
import { aims } from './wait-aims.ts';

/** Of the seeds with three stores, those of this residue have an object store beside them. */
const BACKUP_EVERY = 5;
const GEOMETRIES = ['cynosdb', 'cynosdb', 'cynosdb', 'cynosdb-4', 'cynosdb-4', 'cynosdb-6'] as const;

/**
 * `cynosdb` stands for its geometries too: three of every six seeds have its three stores, two a spare one beside them,
 * one six stores with 6/4/3. The stream is one of its own, so that the rest of a seed does not depend on it.
 */
function geometry(preset: string, seed: number): string {
  if (preset === 'cynosdb-pcs' && seed % BACKUP_EVERY === 0) return 'cynosdb-pcs-backup';
  if (preset !== 'cynosdb') return preset;
  const name = pick(makePrng(seed, 'topology'), GEOMETRIES);
  return name === preset && seed % BACKUP_EVERY === 0 ? 'cynosdb-backup' : name;
}

export const sweep: SweepDraws = {
  geometry,
  spare: { template: 'store', prefix: 'store-', number: 21, hasReserve: true },
  always: [crashWriter, crashStore, cutStore, straggler, tearStore, laggard, changeMembers, loseDisk],
  swarm: [
    overtaken,
    stragglerTwice,
    blackout,
    rotStore,
    loseZone,
    changeMembers,
    crashMeta,
    crashDriver,
    crashWriterAndStore,
    crashWriterTwice,
  ],
  // how often each stands here is how likely it is
  dense: [
    ...[laggard, laggard, laggard],
    ...[overtaken, overtaken],
    ...[stragglerTwice, stragglerTwice, stragglerTwice],
    straggler,
    ...[forgotten, forgotten],
    halfSent,
    blackout,
    crashStore,
    tearStore,
    changeMembers,
    loseDisk,
    rotStore,
  ],
  changes: (...run) => {
    const backup = drawBackup(...run);
    const room = backup.some(([name]) => name === 'diskLimitBytes') ? [] : roomForLargeRows(run[0]);
    return [...backup, ...room, ...rareChanges(run[0])];
  },
  aside: (...run) => [
    ...drawArchiveFaults(...run),
    ...growArchive(run[1], run[3]),
    ...drawLostObjects(...run),
    ...drawRestore(...run),
    ...drawMetadataFaults(...run),
    ...drawConfigPushes(...run),
    ...drawViewReads(...run),
    ...drawReaderFaults(run[0], run[1], run[3]),
    ...drawReaderLife(run[0], run[1], run[3]),
    ...drawStoreLife(run[0], run[1], run[3]),
    ...drawFailoverFaults(...run),
    ...drawDefinitions(run[0], nodeWith(run[1], 'driver'), run[3]),
    ...drawLargeRows(run[0], nodeWith(run[1], 'driver'), run[3]),
    ...drawSequences(run[0], nodeWith(run[1], 'driver'), run[3]),
    ...drawCompactionCuts(run[0], run[1], run[3]),
    ...drawSplitCuts(run[0], run[1], run[3]),
    ...drawDisplaced(run[0], run[1], run[3]),
  ],
  changesDense: drawDenseBackup,
  asideDense: (...run) => [
    ...drawDenseRestore(...run),
    ...drawMetadataFaults(...run),
    ...drawReaderFaults(run[0], run[1], run[3]),
    ...drawReaderLife(run[0], run[1], run[3]),
    ...drawFailoverFaults(...run),
  ],
  aims,
  mustHappen,
};
