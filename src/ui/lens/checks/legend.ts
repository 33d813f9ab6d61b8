// Legend of lens 4.10: what each mark of its drawing means.

import type { LegendEntry } from '../legend.ts';
import '../../../words/lens/checks.en.json';

export const checksLegend: readonly LegendEntry[] = [
  { label: 'checks.mark.bar', text: 'checks.mark.barText', rules: [] },
  { label: 'checks.mark.order', text: 'checks.mark.orderText', rules: ['client.linearizable'] },
  { label: 'checks.band', text: 'checks.bandText', rules: [] },
  { label: 'checks.mark.cycle', text: 'checks.mark.cycleText', rules: [] },
];
