// What CynosDB brings to the screen after the first picture, merged by src/ui/stacks/tables.ts.

import { Brackets, Layers, Link as LinkIcon, Rows3 } from 'lucide-react';
import { logLanes, logMetrics } from '../../lens/metrics/log/log-charts.ts';
import type { StackTables } from '../stack-tables.ts';
import { disagreements, modelRows } from './about.ts';
import { actionWords } from './action-words.ts';
import { agentFaults } from './agent-faults.ts';
import { archiveFaults } from './archive-faults.ts';
import { agentCaptions } from './captions-agents.ts';
import { archiveCaptions } from './captions-archive.ts';
import { haCaptions } from './captions-ha.ts';
import { holeCaptions } from './captions-holes.ts';
import { logCaptions } from './captions-log.ts';
import { memberCaptions } from './captions-members.ts';
import { raftCaptions } from './captions-raft.ts';
import { readerCaptions } from './captions-readers.ts';
import { recoveryCaptions } from './captions-recovery.ts';
import { restoreCaptions } from './captions-restore.ts';
import { storeCaptions } from './captions-store.ts';
import { clues } from './clues.ts';
import { clusterFaults } from './cluster-faults.ts';
import { faultSubjects } from './fault-subjects.ts';
import '../../../words/cynosdb/fault.en.json';
import '../../../words/cynosdb/kind.en.json';
import '../../../words/cynosdb/reader.en.json';
import { memberFaults } from './member-faults.ts';
import { moveFaults } from './move-faults.ts';
import { objectFaults } from './object-faults.ts';
import { pcsFaults } from './pcs-faults.ts';
import { pcsMemberFaults } from './pcs-member-faults.ts';
import { pictures } from './pictures.ts';
import { readerFaults } from './reader-faults.ts';
import { crashMoments, routes } from './routes.ts';
import { explainedRules } from './rules-explained.ts';
import { storeFaults } from './store-faults.ts';
import { storySteps } from './story-steps.ts';
import { logTerms } from './terms.ts';
import '../../../words/cynosdb/wait.en.json';

export const cynosdbTables: StackTables = {
  id: 'cynosdb',
  pictures,

  about: { rows: modelRows, disagreements },
  actionWords,
  crashMoments,
  faults: [
    ...storeFaults,
    ...clusterFaults,
    ...pcsFaults,
    ...pcsMemberFaults,
    ...agentFaults,
    ...readerFaults,
    ...memberFaults,
    ...moveFaults,
    ...archiveFaults,
    ...objectFaults,
  ],
  faultSubjects,
  routes,
  captions: [
    ...logCaptions,
    ...holeCaptions,
    ...memberCaptions,
    ...archiveCaptions,
    ...recoveryCaptions,
    ...raftCaptions,
    ...readerCaptions,
    ...haCaptions,
    ...agentCaptions,
    ...restoreCaptions,
    ...storeCaptions,
  ],
  explainedRules,
  clues,
  lanes: logLanes,
  lensViews: [
    { of: 'records', id: 'showRecord', label: 'menu.showRecord', icon: Rows3, lens: 'wal' },
    { of: 'records', id: 'showMtr', label: 'menu.showMtr', icon: Brackets, lens: 'mtr' },
    { of: 'page', id: 'showVersions', label: 'menu.showVersions', icon: Layers, lens: 'pages' },
    { of: 'page', id: 'showChain', label: 'menu.showChain', icon: LinkIcon, lens: 'chains' },
  ],
  metrics: logMetrics,
  storySteps,
  terms: logTerms,
};
