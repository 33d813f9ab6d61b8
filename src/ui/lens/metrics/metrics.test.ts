// Lens 4.11: the columns are the pictures' own numbers, and bytes per commit are growth over growth.

import { expect, test } from 'vitest';
import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import { findPreset } from '../../../stacks/presets.ts';
import { diskColumn, type MetricsSeries, perCommit, perMs, sampleOf } from '../../../state/metrics-store.ts';
import { t } from '../../i18n/i18n.ts';
import { chartShape } from '../../plot/chart-shape.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { chartMatches, chartsFor, columnTitle, metricsRows, numberText, peakOf } from './charts.ts';
import { describeMetrics } from './describe.ts';
import {
  addReading,
  keepDrawn,
  meterSpanMs,
  type Reading,
  readingLimit,
  readingLine,
  readingsStore,
  readMeter,
} from './meter.ts';
import { valuesOf } from './metrics-table.ts';
import { chartSize, placeCharts, placeNames } from './picture-shape.ts';

const presetCluster = (name: string): ClusterSpec | null => findPreset(name)?.cluster ?? null;

const stores = makeHookFrame().cluster.nodes.flatMap(({ id, roles }) =>
  roles.includes('store') ? [id] : [],
);
const holeSample = { holeFillMs: 2, oldestHoleMs: 1 };

test('every chart draws columns that a sample has', () => {
  const sample = { ...sampleOf(makeHookFrame()), ...holeSample };
  const series: MetricsSeries = {
    timeMs: [1, 2],
    columns: Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, [value, value]])),
  };
  const charts = chartsFor('cynosdb', stores, presetCluster('cynosdb'));
  // Every number of a sample is drawn, but for those that others are counted by.
  const drawn = new Set<string>();
  const watched: MetricsSeries = {
    timeMs: series.timeMs,
    columns: new Proxy(series.columns, {
      get: (columns, name: string) => {
        drawn.add(name);
        return columns[name];
      },
    }),
  };
  for (const { lines } of charts) for (const line of lines) valuesOf(line, watched);
  expect(Object.keys(sample).filter((name) => !drawn.has(name))).toEqual([]);
  for (const { lines } of charts)
    for (const line of lines) {
      const values = valuesOf(line, series);
      expect(values).toHaveLength(2);
      expect(values.every((value) => value !== undefined)).toBe(true);
    }
  const latency = charts.find(({ id }) => id === 'latency');
  expect(latency?.lines.map((line) => valuesOf(line, series)[0])).toEqual([2.3, 3.1, 3.6]);
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
  const names = ['timeMs', ...Object.keys({ ...sampleOf(makeHookFrame()), ...holeSample })];
  const titles = names.map((name) =>
    columnTitle(name, chartsFor('cynosdb', stores, presetCluster('cynosdb')), t),
  );
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

test('network by virtual time: growth over growth, never below nothing when the count begins anew', () => {
  const series: MetricsSeries = { timeMs: [1, 2, 4], columns: { logBytes: [100, 300, 50] } };
  expect(perMs(series, 'logBytes')).toEqual([null, 200, 0]);
});

test('the peak of a chart is the highest of its lines, at its moment; a chart of nothing has none', () => {
  const timeMs = [1, 2, 3];
  const lines = [
    [1, 2, 1],
    [null, 4, 4.125],
    [0, 0, 0],
  ];
  expect(peakOf(lines, timeMs)).toEqual({ atMs: 3, value: 4.125 });
  expect(peakOf([[0, null, 0]], timeMs)).toBeNull();
  expect([numberText(4.125), numberText(12_345.6)]).toEqual(['4.13', '12\u2009346']);
});

test('up to six stores are drawn each, of more the least, the middle and the most', () => {
  const few = chartsFor('cynosdb', ['s1', 's2'], presetCluster('cynosdb')).find(
    ({ id }) => id === 'replicas',
  );
  expect(few?.lines.map(({ label }) => label)).toEqual(['s1', 's2']);
  const names = Array.from({ length: 9 }, (_, i) => `s${i}`);
  const many = chartsFor('cynosdb', names, presetCluster('cynosdb')).find(({ id }) => id === 'replicas');
  const columns = Object.fromEntries(names.map((name, i) => [diskColumn(name), [i === 0 ? null : i * 10]]));
  expect(many?.lines.map((line) => valuesOf(line, { timeMs: [1], columns })[0])).toEqual([10, 50, 80]);
});

test('readings of this visit: as many as are kept, a line that is broken where the lens was closed', () => {
  const reading = (at: number, eventsPerSecond: number): Reading => ({
    at,
    eventsPerSecond,
    frameP95Ms: null,
  });
  for (let i = 0; i < readingLimit + 5; i++) addReading(reading(i * 250, i));
  const { list } = readingsStore.getState();
  expect([list.length, list[0]?.eventsPerSecond, list.at(-1)?.eventsPerSecond]).toEqual([
    readingLimit,
    5,
    readingLimit + 4,
  ]);
  const line = [reading(0, 10), reading(1000, 20), reading(9000, 0), reading(10_000, 10)];
  expect(readingLine(line, ({ eventsPerSecond }) => eventsPerSecond)).toEqual({
    at: [-10, -9, -9, -1, 0],
    values: [10, 20, null, 0, 10],
  });
  expect(readingLine(line, ({ frameP95Ms }) => frameP95Ms)).toEqual({ at: [], values: [] });
});

const plot = { x: 50, y: 20, width: 200, height: 200 } as const;

test('a chart: values on the scale from zero, a gap where one is missing, ticks at round numbers', () => {
  const at = [10, 20, 30];
  const look = { hue: 'ack' };
  const shape = chartShape([look], [[5, 10, 0]], at, plot);
  expect(shape?.lines[0]?.d).toBe('M50 120L150 20L250 220');
  expect(shape?.up.map(({ value, px }) => [value, px])).toEqual([
    [0, 220],
    [2, 180],
    [4, 140],
    [6, 100],
    [8, 60],
    [10, 20],
  ]);
  expect(shape?.across.map(({ value, px }) => [value, px])).toEqual([
    [10, 50],
    [20, 150],
    [30, 250],
  ]);
  expect([shape?.x(20), shape?.at(150)]).toEqual([150, 20]);
  expect(chartShape([look], [[5, null, 5]], at, plot)?.lines[0]?.d).toBe('M50 20M250 20');
  expect(chartShape([{ ...look, isPoints: true }], [[5, null, 2.5]], at, plot)?.lines[0]).toMatchObject({
    d: '',
    points: [
      [50, 20],
      [250, 120],
    ],
  });
  expect(chartShape([], [], [], plot)).toBeNull();
  // What is nothing all the time lies on a scale of one; what counts has no halves.
  expect(chartShape([look], [[0, 0, 0]], at, plot)?.up.map(({ value }) => value)).toEqual([0, 1]);
  expect(chartShape([look], [[0, 1, 2]], at, plot, true)?.up.map(({ value }) => value)).toEqual([0, 1, 2]);
});

test('samples in one px column are drawn by their reach, a level stretch as one stroke', () => {
  const at = [0, 0.1, 0.2, 100, 150, 200];
  const path = chartShape([{ hue: 'ack' }], [[1, 4, 2, 2, 2, 4]], at, plot)?.lines[0]?.d;
  expect(path).toBe('M50 170V20V170V120H200L250 20');
});

test('exported charts stand in two columns and cover each other nowhere; a wide one has its row', () => {
  const specs = chartsFor('cynosdb', stores, presetCluster('cynosdb'));
  const placed = placeCharts(specs, 2);
  expect(placed.map(([spec]) => spec)).toEqual(specs);
  placed.forEach(([spec, a], i) => {
    expect(a.x + a.width).toBeLessThanOrEqual(2 * chartSize.width);
    if (spec.isWide === true) expect(a).toMatchObject({ x: 0, width: 2 * chartSize.width });
    for (const [, b] of placed.slice(i + 1))
      expect(a.y + a.height <= b.y || (a.y === b.y && a.x + a.width <= b.x)).toBe(true);
  });
});

test('in one column, beside the live charts, each stands below the one before', () => {
  const placed = placeCharts(chartsFor('cynosdb', stores, presetCluster('cynosdb')), 1);
  placed.forEach(([, frame], i) => {
    expect(frame).toEqual({
      x: 0,
      y: i * chartSize.height,
      width: chartSize.width,
      height: chartSize.height,
    });
  });
});

test.each([
  ['', chartsFor('cynosdb', stores, presetCluster('cynosdb')).length],
  ['commit LATENCY', 1],
  ['p95', 1],
  ['store-2', 1],
  ['nothing of this name', 0],
])('charts are found by their titles and lines: %j', (filter, count) => {
  const found = chartsFor('cynosdb', stores, presetCluster('cynosdb')).filter((spec) =>
    chartMatches(spec, filter, t),
  );
  expect(found.length).toBe(count);
});

test('names of lines stand behind the title, then in rows below it, and none runs out', () => {
  expect(placeNames(100, [50, 60], 300)).toEqual({
    places: [
      { x: 100, row: 0 },
      { x: 150, row: 0 },
    ],
    rows: 1,
  });
  const widths = [90, 120, 80, 160, 100];
  const { places, rows } = placeNames(140, widths, 300);
  expect(rows).toBe(3);
  places.forEach(({ x, row }, i) => {
    expect(x + (widths[i] ?? 0)).toBeLessThanOrEqual(300);
    const next = places[i + 1];
    if (next?.row === row) expect(next.x).toBe(x + (widths[i] ?? 0));
  });
  expect(placeNames(140, [], 300).rows).toBe(1);
});
