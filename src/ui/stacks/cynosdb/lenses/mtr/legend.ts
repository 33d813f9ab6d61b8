// Every mark of lens 4.2 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/mtr.en.json';

export const mtrLegend: readonly LegendEntry[] = [
  {
    label: 'mtrMark.block',
    text: 'mtrMark.blockText',
    rules: ['wal.mtr-contiguous'],
    ids: ['WAL-1', 'WAL-3'],
  },
  { label: 'mtrMark.cell', text: 'mtrMark.cellText', rules: ['wal.pgcl-true'] },
  { label: 'mtrMark.states', text: 'mtrMark.statesText', rules: ['wal.quorum-overlap'], ids: ['WAL-15'] },
  { label: 'mtrMark.rulers', text: 'mtrMark.rulersText', rules: ['wal.vcl', 'wal.vdl-is-cpl'] },
  { label: 'mtrMark.merge', text: 'mtrMark.mergeText', rules: ['wal.vcl', 'wal.vcl-exact'] },
  { label: 'mtrMark.waiting', text: 'mtrMark.waitingText', rules: ['wal.acked-at-vdl'] },
  { label: 'mtrMark.buffer', text: 'mtrMark.bufferText', rules: ['wal.back-pressure'], ids: ['WAL-74'] },
];
