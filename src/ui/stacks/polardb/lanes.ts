// Lanes of PolarDB's timeline: commits, how far the log is durable, which pages were stored and came to readers, and how many are held back.

import type { TimelineLane } from '../../model/timeline-lane.ts';
import '../../../words/lens/metrics-log-chart.en.json';
import '../../../words/polardb/polardb.en.json';

export const lanes: readonly TimelineLane[] = [
  { form: 'dots', label: 'timeline.commits', hue: 'ack', kind: 'commit.ack' },
  { form: 'steps', label: 'timeline.durable', gauge: 'vdl' },
  { form: 'dots', label: 'timeline.stored', hue: 'wal', kind: 'page.stored' },
  { form: 'steps', label: 'timeline.blocked', gauge: 'blockedPages' },
  { form: 'dots', label: 'timeline.replayed', hue: 'reader', kind: 'ro.replayed' },
];
