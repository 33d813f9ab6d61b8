// Every mark of the lens "Pages: past and future" with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/polardb/shared.en.json';

export const sharedLegend: readonly LegendEntry[] = [
  {
    label: 'shared.mark.image',
    text: 'shared.mark.imageText',
    rules: ['ro.never-behind', 'ro.never-ahead'],
    ids: ['LI-7'],
  },
  {
    label: 'shared.mark.past',
    text: 'shared.mark.pastText',
    rules: ['logidx.complete'],
    ids: ['LI-5', 'LI-36', 'LI-37'],
  },
  { label: 'shared.mark.future', text: 'shared.mark.futureText', rules: ['page.flush-gate'], ids: ['LI-6'] },
  {
    label: 'shared.mark.blocked',
    text: 'shared.mark.blockedText',
    rules: ['page.flush-gate'],
    ids: ['LI-40'],
  },
  { label: 'shared.mark.copied', text: 'shared.mark.copiedText', rules: [], ids: ['LI-43', 'LI-44'] },
  {
    label: 'shared.mark.oldest',
    text: 'shared.mark.oldestText',
    rules: ['checkpoint.covers'],
    ids: ['LI-42', 'LI-45'],
  },
  {
    label: 'shared.mark.gates',
    text: 'shared.mark.gatesText',
    rules: ['wal.before-data'],
    ids: ['LI-1', 'LI-41', 'LI-47'],
  },
  {
    label: 'shared.mark.flush',
    text: 'shared.mark.flushText',
    rules: ['page.flush-gate'],
    ids: ['LI-40', 'LI-42'],
  },
  { label: 'shared.mark.promote', text: 'shared.mark.promoteText', rules: ['redo.whole'], ids: ['LI-70'] },
  { label: 'shared.mark.steps', text: 'shared.mark.stepsText', rules: [], ids: ['LI-5', 'LI-6'] },
];
