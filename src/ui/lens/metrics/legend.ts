// Legend of lens 4.11: what each mark of its drawing means.

import type { LegendEntry } from '../legend.ts';
import './texts.ts';

export const metricsLegend: readonly LegendEntry[] = [
  { label: 'metrics.mark.band', text: 'metrics.mark.bandText', rules: [] },
  { label: 'metrics.mark.phase', text: 'metrics.mark.phaseText', rules: [] },
  { label: 'metrics.mark.point', text: 'metrics.mark.pointText', rules: ['hole.fill'] },
  { label: 'metrics.mark.line', text: 'metrics.mark.lineText', rules: [] },
];
