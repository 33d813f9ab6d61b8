// Lens 4.11: the columns are the pictures' own numbers, and bytes per commit are growth over growth.

import { expect, test } from 'vitest';
import { type MetricsSeries, perCommit, sampleOf } from '../../../state/metrics-store.ts';
import { t } from '../../i18n/i18n.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { charts, columnTitle, metricsRows } from './charts.ts';
import { describeMetrics } from './describe.ts';
import { keepDrawn, meterSpanMs, readMeter } from './meter.ts';

test('every chart draws columns that a sample has', () => {
  const sample = sampleOf(makeHookFrame());
  const series: MetricsSeries = {
    timeMs: [1, 2],
    columns: Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, [value, value]])),
  };
  for (const { lines } of charts)
    for (const line of lines) {
      const values = line.values(series);
      expect(values).toHaveLength(2);
      expect(values.every((value) => value !== undefined)).toBe(true);
    }
  const latency = charts.find(({ id }) => id === 'latency');
  expect(latency?.lines.map((line) => line.values(series)[0])).toEqual([2.3, 3.1, 3.6]);
});

test('bytes per commit: what was sent while commits were acknowledged, nothing without commits', () => {
  const series: MetricsSeries = {
    timeMs: [1, 2, 3],
    columns: { logBytes: [0, 600, 900], commits: [4, 6, 6] },
  };
  expect(perCommit(series, 'logBytes')).toEqual([null, 300, 450]);
  expect(perCommit({ ...series, columns: { ...series.columns, commits: [4, 4, 4] } }, 'logBytes')).toEqual([
    null,
    null,
    null,
  ]);
});

test('rows for a table or a file name every column; words say the moment', () => {
  const rows = metricsRows({ timeMs: [5], columns: { commits: [7], latencyP50Ms: [null] } });
  expect(rows).toEqual([
    ['timeMs', 'commits', 'latencyP50Ms'],
    ['5', '7', ''],
  ]);
  expect(describeMetrics(makeHookFrame(), t)).toMatch(/p95 3\.1/);
});

test('each column has a title of its own to be read', () => {
  const names = ['timeMs', ...Object.keys(sampleOf(makeHookFrame()))];
  const titles = names.map((name) => columnTitle(name, t));
  expect(titles.filter((title, i) => title === names[i])).toEqual([]);
  expect(new Set(titles).size).toBe(names.length);
});

test('the meter: events a wall second and the slow pictures of its span; another run begins anew', () => {
  expect(readMeter([])).toEqual({ eventsPerSecond: 0, frameP95Ms: null });
  const steady = Array.from({ length: 40 }, (_, i) => ({ at: 1000 + i * 20, traced: 100 + i * 2 }));
  let drawn = steady.reduce(keepDrawn, []);
  expect(readMeter(drawn)).toEqual({ eventsPerSecond: 100, frameP95Ms: 20 });
  drawn = [steady.at(-1)?.at ?? 0]
    .map((at) => ({ at: at + meterSpanMs, traced: 178 }))
    .reduce(keepDrawn, drawn);
  expect(drawn).toHaveLength(2);
  expect(readMeter(drawn)).toEqual({ eventsPerSecond: 0, frameP95Ms: meterSpanMs });
  expect(keepDrawn(drawn, { at: 9000, traced: 3 })).toEqual([{ at: 9000, traced: 3 }]);
});
