// What watches a cluster of `polardb`, and the rules that it is held to: those of shared storage, and of the metadata's log.

import { configurationRules, configured } from '../../sim/checks/configuration.ts';
import { historyRules, progressRules, redoRules, structureRules } from '../../sim/checks/end-of-run.ts';
import { metadataLog, metadataLogRules } from '../../sim/checks/metadata-log.ts';
import { patience, patienceRules } from '../../sim/checks/patience.ts';
import { powerLoss, powerLossRules } from '../../sim/checks/power-loss.ts';
import { readerRules } from '../../sim/checks/readers.ts';
import type { StackChecks } from '../../sim/stack-checks.ts';
import { candidateRules, candidates } from './candidates.ts';
import { chunkRules, chunks } from './chunk-monitors.ts';
import { shared, sharedRules } from './monitors.ts';
import { polardbMutants } from './mutants.ts';

export const polardbChecks: StackChecks = {
  id: 'polardb',
  mutants: polardbMutants,
  monitors: [powerLoss, shared, chunks, candidates, patience, metadataLog, configured],
  rules: {
    ...sharedRules,
    ...chunkRules,
    ...candidateRules,
    ...powerLossRules,
    ...patienceRules,
    ...metadataLogRules,
    ...configurationRules,
    ...historyRules,
    ...structureRules,
    'page.redo': redoRules['page.redo'],
    'buffer.redo': redoRules['buffer.redo'],
    'ro.same-image': readerRules['ro.same-image'],
    'ro.never-ahead': readerRules['ro.never-ahead'],
    ...progressRules,
  },
};
