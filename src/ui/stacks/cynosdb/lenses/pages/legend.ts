// Every mark of lens 4.4 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/pages.en.json';

export const pagesLegend: readonly LegendEntry[] = [
  { label: 'pageState.current', text: 'pagesMark.currentText', rules: [] },
  { label: 'pageState.dirty', text: 'pagesMark.dirtyText', rules: ['buffer.evict-below-vdl'] },
  { label: 'pageState.pinned', text: 'pagesMark.pinnedText', rules: ['buffer.evict-below-vdl'] },
  { label: 'pageState.past', text: 'pagesMark.pastText', rules: ['page.materialise'] },
  { label: 'pageState.unknown', text: 'pagesMark.unknownText', rules: [] },
  { label: 'pageState.evicted', text: 'pagesMark.evictedText', rules: [] },
  { label: 'pagesMark.journal', text: 'pagesMark.journalText', rules: ['ro.never-ahead', 'ro.mtr-atomic'] },
  {
    label: 'pagesMark.older',
    text: 'pagesMark.olderText',
    rules: ['ro.same-image'],
    ids: ['READ-13', 'READ-17'],
  },
  {
    label: 'pagesMark.window',
    text: 'pagesMark.windowText',
    rules: ['store.read-window'],
    ids: ['READ-20', 'READ-22', 'READ-24'],
  },
  { label: 'pagesMark.replay', text: 'pagesMark.replayText', rules: ['page.read-point', 'page.same-bytes'] },
  { label: 'pagesMark.mvcc', text: 'pagesMark.mvccText', rules: [], ids: ['WAL-22'] },
  { label: 'pagesMark.provenance', text: 'pagesMark.provenanceText', rules: ['wal.acked-at-vdl'] },
];
