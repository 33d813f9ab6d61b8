// What each mark of a way, and of a waterfall, means.

import type { LegendEntry } from '../legend.ts';
import '../../../words/lens/traces.en.json';
import '../../../words/lens/way.en.json';

export const tracesLegend: readonly LegendEntry[] = [
  { label: 'wayMark.disk', text: 'wayMark.diskText', rules: ['wal.ack-after-durable'], ids: ['FS-70'] },
  { label: 'wayMark.safe', text: 'wayMark.safeText', rules: ['wal.acked-at-vdl', 'shared.ack-after-sync'] },
  { label: 'wayMark.open', text: 'wayMark.openText', rules: [], ids: ['WAL-15'] },
  { label: 'traces.mark.call', text: 'traces.mark.callText', rules: [], ids: ['PCS-94'] },
  { label: 'traces.mark.work', text: 'traces.mark.workText', rules: [], ids: ['PCS-94'] },
  { label: 'traces.mark.disk', text: 'traces.mark.diskText', rules: [], ids: ['PCS-94'] },
  { label: 'traces.mark.log', text: 'traces.mark.logText', rules: [], ids: ['PCS-93'] },
  { label: 'traces.mark.end', text: 'traces.mark.endText', rules: [] },
];
