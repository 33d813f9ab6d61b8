// What PolarDB brings to the screen after the first picture: captions, faults, words.

import { clue } from '../../lens/checks/clue.ts';
import { logMetrics } from '../../lens/metrics/log/log-charts.ts';
import type { StackTables } from '../stack-tables.ts';
import { disagreements, modelRows } from './about.ts';
import { sharedCaptions } from './captions.ts';
import { routes, sharedFaults } from './faults.ts';
import { lanes } from './lanes.ts';
import { pictures } from './pictures.ts';
import { sharedTerms } from './terms.ts';
import '../../../words/polardb/rules.en.json';

export const polardbTables: StackTables = {
  id: 'polardb',
  pictures,
  about: { rows: modelRows, disagreements },
  captions: sharedCaptions,
  crashMoments: {
    walSynced: 'moment.walSynced',
    pageStored: 'moment.pageStored',
    checkpointed: 'moment.checkpointed',
    fsGrown: 'moment.fsGrown',
    snapshotLogged: 'moment.snapshotLogged',
    replayed: 'moment.replayed',
  },
  faults: sharedFaults,
  lanes,
  metrics: logMetrics,
  routes,
  terms: sharedTerms,
  clues: {
    'wal.before-data': clue(['page.stored'], ['wal.synced'], []),
    'shared.ack-after-sync': clue(['commit.ack'], ['wal.synced'], []),
    'page.flush-gate': clue(['page.stored'], ['ro.applied', 'slot.given'], []),
    'checkpoint.covers': clue(['checkpoint.done'], ['page.stored', 'wal.pages'], []),
    'ro.never-behind': clue(['ro.pageRead'], ['wal.pages', 'ro.replayed'], []),
    'logidx.saved-whole': clue(['index.rebuilt', 'promote.damaged'], ['index.saved'], []),
    'pfs.sync-exact': clue(['fs.synced'], ['fs.done'], []),
    'pfs.own-bytes': clue(['page.damaged'], ['page.stored', 'fs.done'], []),
    'page.newest-fetched': clue(['page.fetched'], ['page.stored', 'wal.pages'], []),
    'logidx.complete': clue(['ro.replayed'], ['wal.pages'], []),
    'redo.whole': clue(['redo.done'], ['commit.ack'], []),
    'chunk.majority': clue(['chunk.acked'], ['chunk.durable'], ['group']),
    'chunk.made-once': clue(['chunk.made'], ['chunk.leads'], ['group']),
    'chunk.one-exchange': clue(['chunk.members'], ['chunk.admitted', 'chunk.move'], ['group']),
    'chunk.drained': clue(['node.removed'], ['chunk.left', 'chunk.members'], []),
    'chunk.token-order': clue(['chunk.acked'], ['chunk.acked'], ['group']),
    'pfs.journal-atomic': clue(['fs.mounted'], ['fs.done'], []),
    'ddl.readers-first': clue(['ddl.granted', 'relation.removed'], ['ddl.locked', 'ro.lock'], []),
    'ddl.no-reader-inside': clue(['ro.pageRead'], ['ro.lock'], []),
    'snapshot.first': clue(['page.stored'], ['snapshot.logged'], []),
    'fence.candidate-near': clue(['ha.candidate'], ['ha.lags'], []),
    'pfs.room-promised': clue(['fs.done'], ['fs.full', 'fs.grown'], []),
    'pfs.fsck-clean': clue(['fs.checked'], ['fs.mounted'], []),
  },
};
