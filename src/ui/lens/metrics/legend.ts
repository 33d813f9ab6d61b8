// What each mark of lens 4.11 means in a run of a preset.

import { tablesOf } from '../../model/run-tables.ts';
import type { LegendEntry } from '../legend.ts';
import '../../../words/lens/metrics.en.json';

export const metricsLegend = (preset: string): readonly LegendEntry[] => [
  { label: 'metrics.mark.band', text: 'metrics.mark.bandText', rules: [] },
  ...(tablesOf(preset).metrics?.marks ?? []),
  { label: 'metrics.mark.line', text: 'metrics.mark.lineText', rules: [] },
];
