// Legend of lens 4.7: what each mark of its drawing means.

import type { LegendEntry } from '../legend.ts';
import '../../../words/lens/space-time.en.json';

export const spaceTimeLegend: readonly LegendEntry[] = [
  { label: 'spaceTime.mark.event', text: 'spaceTime.mark.eventText', rules: [] },
  { label: 'spaceTime.mark.message', text: 'spaceTime.mark.messageText', rules: [] },
  { label: 'spaceTime.mark.through', text: 'spaceTime.mark.throughText', rules: [] },
  { label: 'spaceTime.mark.cone', text: 'spaceTime.mark.coneText', rules: [] },
  { label: 'spaceTime.mark.relation', text: 'spaceTime.mark.relationText', rules: [] },
  { label: 'spaceTime.mark.faults', text: 'spaceTime.mark.faultsText', rules: [] },
  { label: 'spaceTime.mark.down', text: 'spaceTime.mark.downText', rules: [] },
];
