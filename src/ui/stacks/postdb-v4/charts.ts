// The shard map over time, and which charts of the log a cluster of many volumes has.

import { logLanes, logMetrics } from '../../lens/metrics/log/log-charts.ts';
import type { MetricsTable } from '../../lens/metrics/metrics-table.ts';
import type { TimelineLane } from '../../model/timeline-lane.ts';
import '../../../words/postdb-v4/postdb-v4.en.json';

export const metrics: MetricsTable = {
  ...logMetrics,
  charts: [
    {
      id: 'shardMap',
      title: 'metrics.shardMap',
      isCount: true,
      lines: [
        { hue: 'ctl', label: { key: 'metrics.groups' }, column: 'shardGroups' },
        { hue: 'wal', label: { key: 'metrics.shards' }, dash: [6, 4], column: 'shards' },
      ],
    },
    {
      id: 'placement',
      title: 'metrics.placement',
      isCount: true,
      lines: [
        { hue: 'hole', label: { key: 'metrics.moves' }, column: 'replicaMoves' },
        { hue: 'fence', label: { key: 'metrics.leaderless' }, dash: [6, 4], column: 'leaderless' },
      ],
    },
    ...logMetrics.charts,
  ],
};

export const lanes: readonly TimelineLane[] = [
  ...logLanes,
  { form: 'dots', label: 'timeline.primaries', hue: 'fence', kind: 'token.grant' },
];
