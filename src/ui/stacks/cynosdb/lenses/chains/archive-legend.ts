// Every mark of the archive in lens 4.8 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/chains.en.json';

export const archiveLegend: readonly LegendEntry[] = [
  {
    label: 'archiveMark.segment',
    text: 'archiveMark.segmentText',
    rules: ['archive.whole', 'archive.gapless'],
    ids: ['WAL-41'],
  },
  {
    label: 'archiveMark.pending',
    text: 'archiveMark.pendingText',
    rules: ['archive.no-annulled'],
    ids: ['WAL-40'],
  },
  { label: 'archiveMark.base', text: 'archiveMark.baseText', rules: [], ids: ['WAL-41', 'WAL-71'] },
  { label: 'archiveMark.gap', text: 'archiveMark.gapText', rules: ['archive.gapless'], ids: ['WAL-42'] },
  {
    label: 'archiveMark.pitr',
    text: 'archiveMark.pitrText',
    rules: ['restore.restorable'],
    ids: ['WAL-43', 'WAL-44'],
  },
  {
    label: 'archiveMark.restore',
    text: 'archiveMark.restoreText',
    rules: ['restore.equals-source', 'restore.objects-kept', 'restore.write-quorum'],
    ids: ['WAL-45'],
  },
];
