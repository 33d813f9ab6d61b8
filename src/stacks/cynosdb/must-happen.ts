// What a sweep of so many seeds of `cynosdb` has to meet, or it proves nothing. The rare ones are in a tenth of all seeds or so.

import type { Expected } from '../../sim/sweep/draw-tools.ts';
import { pointNames } from '../../sim/sweep/failover-exercise.ts';

const always: readonly Expected[] = [
  { seeds: 10, of: ['cancelled', 'blocksFailed', 'blocksEnded'] },
  // drawn for them (sim/sweep/rare-faults.ts), in a fifth of the seeds
  { seeds: 20, of: ['displacedAsked', 'compactionsCut', 'splitsCut', 'drainsTogether', 'remadeElsewhere'] },
  // FENCE-59, drawn for it (sim/sweep/late-answers.ts), in a third of the seeds
  { seeds: 5, of: ['answersLate'] },
  // FENCE-43, by the load `append-halves`
  { seeds: 10, of: ['middleResent'] },
  // FENCE-47, drawn for it (sim/sweep/statement-timeouts.ts), in a fifth of the seeds
  { seeds: 10, of: ['statementTimeouts'] },
  {
    seeds: 20,
    of: [
      'drains',
      'crashes',
      'recoveries',
      'cuts',
      'tornTails',
      'holeFills',
      'truncations',
      'sentSplits',
      'retargets',
      'gcAtFloor',
      'memberChanges',
      'disksLost',
      'disksRolledBack',
      'baseImages',
      'baseHeals',
      'commits',
      'contested',
      'counted',
      'readBack',
      'judged',
      'pageChecks',
      'redoReads',
      'logCuts',
      'redoVersions',
      'redoBuffered',
      'innerPages',
      'livenessStood',
      'oldRefused',
      'cachedPages',
      'pageBuilds',
      'gcBlocks',
      'smallSegments',
      'scrubQueue',
      'checkpointMerges',
      'metaSnapshotEntries',
      'batchBytes',
      'engineSessions',
      'plans',
      'cachedTables',
      'sessionRuns',
      'vacuumDead',
      'mappedBlocks',
      'keptStatements',
      'indexBuilds',
      'concurrentBuilds',
      'valuesDrawn',
      'tablesAltered',
      'referencesJudged',
      'largeWrites',
      'largeReads',
      'judgedRepeatable',
      'judgedSerializable',
      'judgedReadOnly',
      'serialRefusals',
      'serialEmptied',
      'serialUpserts',
      'serialReferred',
      'serialRedefined',
    ],
  },
  {
    seeds: 100,
    of: [
      'emptyLeaves',
      'rollbacks',
      'abstentions',
      'partialReplies',
      'duplicateReplies',
      'lateReplies',
      'repairs',
      'archiveRepairs',
      'controlOps',
      'pageReads',
      'replyBytes',
      'compactedBytes',
      'deadBytes',
      'archiveLogsPerBase',
      'executionSteps',
    ],
  },
];

/** Of presets whose metadata is on several nodes. */
const metadataPresets: ReadonlySet<string> = new Set(['cynosdb-pcs', 'cynosdb-pcs-backup', 'cynosdb-ha']);
const metadataLosses: readonly Expected[] = [
  { seeds: 1, of: ['elections', 'reelections'] },
  { seeds: 8, of: ['pcsChanges', 'pcsReturned', 'pcsOrders', 'configPuts', 'configDrifts', 'configHealed'] },
  { seeds: 4, of: ['viewReads', 'staleViewReads'] },
  { seeds: 20, of: ['jointsApart'] },
];

/** Where the cluster has readers. */
const readerPresets: ReadonlySet<string> = new Set(['cynosdb-ro', 'cynosdb-ha']);
const readerEvents: readonly Expected[] = [
  {
    seeds: 4,
    of: [
      'readerReads',
      'readersReady',
      'readersResumed',
      'readersRevoked',
      'readsPassedOn',
      'judgedOnReaders',
    ],
  },
  { seeds: 6, of: ['nodesJoined', 'nodesEnded'] },
  { seeds: 20, of: ['readerGaps', 'readsWaited'] },
];

/** Where the PCS chooses who writes. */
const failoverEvents: readonly Expected[] = [
  { seeds: 4, of: ['candidates', 'promotions', 'demotions', 'switchovers', 'handoffs', 'oldRefused'] },
  { seeds: 10, of: ['promotionsOvertaken', 'noCandidates', 'thaws'] },
  { seeds: 60, of: pointNames },
];

/** Where a volume is backed up: in one of three seeds segments are so short that a restore is at the boundary of one (WAL-43). */
const backupPresets: ReadonlySet<string> = new Set(['cynosdb-backup', 'cynosdb-pcs-backup']);
const backupEvents: readonly Expected[] = [{ seeds: 10, of: ['restoredAtEdge'] }];

export const mustHappen = (preset: string): readonly Expected[] => [
  ...always,
  ...(metadataPresets.has(preset) ? metadataLosses : []),
  ...(readerPresets.has(preset) ? readerEvents : []),
  ...(backupPresets.has(preset) ? backupEvents : []),
  ...(preset === 'cynosdb-ha' ? failoverEvents : []),
];
