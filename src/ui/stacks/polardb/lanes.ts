// Lanes of PolarDB's timeline: commits, how far the log is durable, and which pages were stored, were held back, and came to readers.

import type { TimelineLane } from '../../model/timeline-lane.ts';
import '../../lens/metrics/log/chart-texts.ts';
import './texts.ts';

export const lanes: readonly TimelineLane[] = [
  { form: 'dots', label: 'timeline.commits', hue: 'ack', kind: 'commit.ack' },
  { form: 'steps', label: 'timeline.durable', gauge: 'vdl' },
  { form: 'dots', label: 'timeline.stored', hue: 'wal', kind: 'page.stored' },
  { form: 'dots', label: 'timeline.blocked', hue: 'hole', kind: 'flush.blocked' },
  { form: 'dots', label: 'timeline.replayed', hue: 'reader', kind: 'ro.replayed' },
];
