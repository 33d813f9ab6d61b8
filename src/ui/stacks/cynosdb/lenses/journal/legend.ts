// Every mark of the journal lens with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/journal.en.json';

export const journalLegend: readonly LegendEntry[] = [
  { label: 'journalMark.sent', text: 'journalMark.sentText', rules: [], ids: ['READ-7', 'READ-9'] },
  { label: 'journalMark.held', text: 'journalMark.heldText', rules: ['ro.never-ahead'], ids: ['READ-10'] },
  { label: 'journalMark.released', text: 'journalMark.releasedText', rules: [], ids: ['READ-11'] },
  {
    label: 'journalMark.applier',
    text: 'journalMark.applierText',
    rules: [],
    ids: ['READ-4', 'READ-14', 'READ-15'],
  },
  { label: 'journalMark.page', text: 'journalMark.pageText', rules: [], ids: ['READ-4', 'READ-11'] },
  {
    label: 'journalMark.visible',
    text: 'journalMark.visibleText',
    rules: ['ro.mtr-atomic'],
    ids: ['READ-20'],
  },
];
