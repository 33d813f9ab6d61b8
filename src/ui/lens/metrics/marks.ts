// What each mark of lens 4.11 means.

import type { LensMark } from '../marks.ts';
import './texts.ts';

export const metricsMarks: readonly LensMark[] = [
  { label: 'metrics.mark.band', text: 'metrics.mark.bandText', rules: [] },
  { label: 'metrics.mark.line', text: 'metrics.mark.lineText', rules: [] },
];
