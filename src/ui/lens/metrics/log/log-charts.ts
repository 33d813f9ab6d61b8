// A replicated log over time, for every stack that has one: charts of its gauges, hole fill times and phases from events, lanes of the
// timeline.

import { hasReaders } from '../../../../core/kernel/attachments.ts';
import type { TimelineLane } from '../../../model/timeline-lane.ts';
import { type ChartSpec, chartOf, columnOf, type MetricsTable } from '../metrics-table.ts';
import '../../../../words/lens/metrics-log-chart.en.json';
import { holeColumns, holeKinds, holeSpans, holeTimes } from './hole-times.ts';
import { findPhases, phaseKinds } from './phases.ts';

/** VCL − VDL; nothing before both are known. */
const behind: ChartSpec = {
  id: 'behind',
  title: 'metrics.behind',
  isCount: true,
  // Where each tablet has a volume there is no VDL of the cluster; a log in files has no VCL.
  isOf: ({ placement, chunks }) => placement === undefined && chunks === undefined,
  lines: [
    {
      hue: 'reader',
      label: '',
      values: (series) => {
        const vdl = columnOf(series, 'vdl');
        return columnOf(series, 'vcl').map((vcl, i) => (vcl === null ? null : vcl - (vdl[i] ?? 0)));
      },
    },
  ],
};

/** How far the reader furthest behind is from the writer's VDL. */
const readerLag: ChartSpec = {
  id: 'readerLag',
  title: 'metrics.readerLag',
  isCount: true,
  isOf: hasReaders,
  lines: [
    {
      hue: 'reader',
      label: '',
      values: (series) => {
        const vdl = columnOf(series, 'vdl');
        return columnOf(series, 'applyLsn').map((lsn, i) =>
          lsn === null ? null : Math.max(0, (vdl[i] ?? lsn) - lsn),
        );
      },
    },
  ],
};

export const logMetrics: MetricsTable = {
  charts: [
    behind,
    readerLag,
    chartOf('lag', 'metrics.lag', 'wal', 'replicaLag', true),
    chartOf('waiting', 'metrics.waiting', 'fence', 'commitsWaiting', true),
    chartOf('holes', 'metrics.openHoles', 'hole', 'holesOpen', true),
    {
      id: 'fillTime',
      title: 'metrics.fillTime',
      lines: [
        { hue: 'ack', label: { key: 'metrics.filled' }, isPoints: true, column: 'holeFillMs' },
        { hue: 'hole', label: { key: 'metrics.oldestHole' }, column: 'oldestHoleMs' },
      ],
    },
    {
      id: 'buffer',
      title: 'metrics.buffer',
      isCount: true,
      lines: [
        { hue: 'wal', label: { key: 'metrics.dirty' }, column: 'dirtyPages' },
        { hue: 'fence', label: { key: 'metrics.pinned' }, dash: [6, 4], column: 'pinnedPages' },
      ],
    },
    chartOf('proposals', 'metrics.proposals', 'ctl', 'proposals', true),
  ],
  // Holes come with much else, phases are rare.
  columns: {
    spanUs: 500_000,
    need: { minRank: 0, kinds: holeKinds, withMessages: false },
    read(events) {
      const holes = holeTimes(events);
      return (timeMs) => holeColumns(timeMs, holes);
    },
  },
  phases: {
    spanUs: 60_000_000,
    need: { minRank: 2, kinds: phaseKinds, withMessages: false },
    read: findPhases,
  },
  marks: [
    { label: 'metrics.mark.phase', text: 'metrics.mark.phaseText', rules: [] },
    { label: 'metrics.mark.point', text: 'metrics.mark.pointText', rules: ['hole.fill'] },
  ],
};

export const logLanes: readonly TimelineLane[] = [
  { form: 'dots', label: 'timeline.commits', hue: 'ack', kind: 'commit.ack' },
  { form: 'steps', label: 'timeline.vdl', gauge: 'vdl' },
  { form: 'spans', label: 'timeline.holes', hue: 'hole', kinds: holeKinds, read: holeSpans },
];
