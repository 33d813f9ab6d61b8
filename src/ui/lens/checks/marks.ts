// What each mark of lens 4.10 means.

import type { LensMark } from '../marks.ts';
import './texts.ts';

export const checksMarks: readonly LensMark[] = [
  { label: 'checks.mark.bar', text: 'checks.mark.barText', rules: [] },
  { label: 'checks.mark.order', text: 'checks.mark.orderText', rules: ['client.linearizable'] },
  { label: 'checks.band', text: 'checks.bandText', rules: [] },
  { label: 'checks.mark.cycle', text: 'checks.mark.cycleText', rules: [] },
];
