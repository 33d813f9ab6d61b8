// Every mark of the plan's lens.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/plan.en.json';

export const planLegend: readonly LegendEntry[] = [
  { label: 'planMark.operator', text: 'planMark.operatorText', rules: [] },
  { label: 'planMark.rows', text: 'planMark.rowsText', rules: [] },
  { label: 'planMark.pages', text: 'planMark.pagesText', rules: [], ids: ['WAL-22', 'WAL-34'] },
  { label: 'planMark.time', text: 'planMark.timeText', rules: [] },
  { label: 'planMark.waits', text: 'planMark.waitsText', rules: [] },
  { label: 'planMark.ring', text: 'planMark.ringText', rules: [] },
];
