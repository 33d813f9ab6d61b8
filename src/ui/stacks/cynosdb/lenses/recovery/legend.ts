// Every mark of lens 4.9 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/recovery.en.json';

export const recoveryLegend: readonly LegendEntry[] = [
  {
    label: 'recoveryMark.frame',
    text: 'recoveryMark.frameText',
    rules: ['recovery.order', 'recovery.compute'],
    ids: ['WAL-50', 'WAL-58'],
  },
  {
    label: 'recoveryMark.token',
    text: 'recoveryMark.tokenText',
    rules: ['fence.token-monotone', 'fence.stale-refused'],
    ids: ['FENCE-4'],
  },
  {
    label: 'recoveryMark.fenced',
    text: 'recoveryMark.fencedText',
    rules: ['recovery.token-before-read'],
    ids: ['FENCE-9', 'FENCE-25'],
  },
  { label: 'recoveryMark.rto', text: 'recoveryMark.rtoText', rules: [], ids: ['FENCE-50', 'FENCE-56'] },
  {
    label: 'recoveryMark.rpo',
    text: 'recoveryMark.rpoText',
    rules: ['wal.acked-survives'],
    ids: ['FENCE-26', 'FENCE-56'],
  },
  {
    label: 'recoveryMark.outcomes',
    text: 'recoveryMark.outcomesText',
    rules: [],
    ids: ['FENCE-44', 'FENCE-47'],
  },
];
