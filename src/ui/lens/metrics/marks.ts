// What each mark of lens 4.11 means.

import type { LensMark } from '../marks.ts';
import './texts.ts';

export const metricsMarks: readonly LensMark[] = [
  { label: 'metrics.mark.band', text: 'metrics.mark.bandText', rules: [] },
  { label: 'metrics.mark.phase', text: 'metrics.mark.phaseText', rules: [] },
  { label: 'metrics.mark.point', text: 'metrics.mark.pointText', rules: ['hole.fill'] },
  { label: 'metrics.mark.line', text: 'metrics.mark.lineText', rules: [] },
];
