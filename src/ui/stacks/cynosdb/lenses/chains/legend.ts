// Every mark of lens 4.8 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/chains.en.json';

export const chainsLegend: readonly LegendEntry[] = [
  {
    label: 'chainsMark.version',
    text: 'chainsMark.versionText',
    rules: ['page.materialise'],
    ids: ['WAL-33'],
  },
  { label: 'chainsMark.record', text: 'chainsMark.recordText', rules: [], ids: ['WAL-31', 'WAL-36'] },
  { label: 'chainsMark.floor', text: 'chainsMark.floorText', rules: [], ids: ['WAL-25', 'WAL-38'] },
  {
    label: 'chainsMark.pin',
    text: 'chainsMark.pinText',
    rules: ['page.read-point'],
    ids: ['WAL-22', 'WAL-26'],
  },
  { label: 'poolMark.points', text: 'poolMark.pointsText', rules: [], ids: ['READ-24', 'READ-26'] },
  { label: 'poolMark.floor', text: 'poolMark.floorText', rules: [], ids: ['WAL-25', 'READ-24'] },
  { label: 'chainsMark.build', text: 'chainsMark.buildText', rules: ['page.materialise'], ids: ['WAL-32'] },
  { label: 'chainsMark.writer', text: 'chainsMark.writerText', rules: ['buffer.evict-below-vdl'] },
];
