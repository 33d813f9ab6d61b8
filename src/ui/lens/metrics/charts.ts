// The charts of lens 4.11 as data: those of any run, and where those of its stack stand among them.

import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import { gauges } from '../../../stacks/gauges.ts';
import { diskColumn, type MetricsSeries, perCommit, perMs } from '../../../state/metrics-store.ts';
import type { PlainKey, Translate } from '../../i18n/i18n.ts';
import { filterOf } from '../../kit/filter.ts';
import { groupDigits } from '../../kit/format.ts';
import { tablesOf } from '../../model/run-tables.ts';
import type { LineLook, Values } from '../../plot/chart-shape.ts';
import { type ChartLine, type ChartSpec, chartOf, valuesOf } from './metrics-table.ts';
import '../../../words/lens/metrics.en.json';

const dashes = [[], [6, 4], [2, 3], [8, 3, 2, 3], [12, 4], [4, 2, 1, 2]] as const;

const dashed = (i: number): Pick<LineLook, 'dash'> => {
  const dash = dashes[i % dashes.length] ?? [];
  return dash.length === 0 ? {} : { dash };
};

/** Families that messages exist for, in rows. */
const byteRows: readonly {
  readonly name: string;
  readonly hue: string;
  readonly label: PlainKey;
  readonly dash: number;
}[] = [
  { name: 'logBytes', hue: 'wal', label: 'metrics.log', dash: 0 },
  { name: 'sqlBytes', hue: 'client', label: 'metrics.sql', dash: 1 },
  { name: 'ackBytes', hue: 'ack', label: 'metrics.acks', dash: 2 },
  { name: 'holeBytes', hue: 'hole', label: 'metrics.holeBytes', dash: 3 },
  { name: 'pageBytes', hue: 'client', label: 'metrics.pages', dash: 4 },
  { name: 'archiveBytes', hue: 'ack', label: 'metrics.archive', dash: 5 },
  { name: 'controlBytes', hue: 'ctl', label: 'metrics.control', dash: 1 },
  { name: 'fenceBytes', hue: 'fence', label: 'metrics.fence', dash: 2 },
];

const byteLines = (values: (series: MetricsSeries, name: string) => Values): readonly ChartLine[] =>
  byteRows.map(({ name, hue, label, dash }) => ({
    hue,
    label: { key: label },
    ...dashed(dash),
    values: (series) => values(series, name),
  }));

const clientCharts: readonly ChartSpec[] = [
  chartOf('commits', 'metrics.commits', 'ack', 'commitsPerSecond'),
  {
    id: 'latency',
    title: 'metrics.latency',
    lines: [
      { hue: 'wal', label: 'p50', column: 'latencyP50Ms' },
      { hue: 'hole', label: 'p95', dash: [6, 4], column: 'latencyP95Ms' },
      { hue: 'fence', label: 'p99', dash: [2, 3], column: 'latencyP99Ms' },
    ],
  },
];

const byteCharts: readonly ChartSpec[] = [
  {
    id: 'amplification',
    title: 'metrics.amplification',
    lines: [{ hue: 'text-muted', label: '', values: (series) => perCommit(series, 'allBytes') }],
  },
  { id: 'network', title: 'metrics.network', isWide: true, lines: byteLines(perMs) },
  { id: 'bytes', title: 'metrics.bytesPerCommit', isWide: true, lines: byteLines(perCommit) },
];

/** Replicas that are drawn each by itself; of more the least, the middle and the most. */
const replicaLimit = 6;
const replicaHues = ['wal', 'hole', 'reader', 'ack', 'ctl', 'fence'] as const;

/** By sample the value at a share of the stores, 0 the least and 1 the most. */
const ranked =
  (stores: readonly string[], share: number) =>
  (series: MetricsSeries): Values =>
    series.timeMs.map((_at, i) => {
      const known = stores
        .map((store) => series.columns[diskColumn(store)]?.[i] ?? null)
        .filter((bytes) => bytes !== null)
        .sort((a, b) => a - b);
      return known[Math.round((known.length - 1) * share)] ?? null;
    });

function replicaLines(stores: readonly string[]): readonly ChartLine[] {
  if (stores.length <= replicaLimit)
    return stores.map((store, i) => ({
      hue: replicaHues[i] ?? 'wal',
      label: store,
      ...dashed(i),
      column: diskColumn(store),
    }));
  return [
    { hue: 'ack', label: { key: 'metrics.least' }, dash: [2, 3], values: ranked(stores, 0) },
    { hue: 'wal', label: { key: 'metrics.middle' }, values: ranked(stores, 0.5) },
    { hue: 'fence', label: { key: 'metrics.most' }, dash: [6, 4], values: ranked(stores, 1) },
  ];
}

/** All charts of a run of this cluster, with these stores; the first three fit the dock. Null: nothing is known of it yet. */
export function chartsFor(
  preset: string,
  stores: readonly string[],
  cluster: ClusterSpec | null,
): readonly ChartSpec[] {
  const own: ChartSpec = { id: 'replicas', title: 'metrics.replicas', lines: replicaLines(stores) };
  const charts = tablesOf(preset).metrics?.charts ?? [];
  return [
    ...clientCharts,
    ...charts.filter(({ isOf }) => isOf === undefined || (cluster !== null && isOf(cluster))),
    ...byteCharts,
    ...(stores.length === 0 ? [] : [own]),
    chartOf('stored', 'metrics.stored', 'text-muted', 'storedKb'),
  ];
}

export const nameOf = ({ label }: ChartLine, t: Translate): string =>
  typeof label === 'string' ? label : t(label.key);

/** Whether a chart's title or the name of one of its lines has what was typed. */
export function chartMatches({ title, lines }: ChartSpec, filter: string, t: Translate): boolean {
  return filterOf(filter).matches(t(title), ...lines.map((line) => nameOf(line, t)));
}

export interface Peak {
  readonly atMs: number;
  readonly value: number;
}

/** A number of a chart: whole from 100 on, else with two decimals where it has any. */
export const numberText = (value: number): string =>
  value >= 100 ? groupDigits(Math.round(value)) : String(Math.round(value * 100) / 100);

/** Where a chart is highest, of all its lines; null while it says nothing or nothing above zero. */
export function peakOf(lines: readonly Values[], timeMs: readonly number[]): Peak | null {
  let peak: Peak | null = null;
  for (const line of lines)
    line.forEach((value, i) => {
      const atMs = timeMs[i];
      if (value === null || atMs === undefined || value <= (peak?.value ?? 0)) return;
      peak = { atMs, value };
    });
  return peak;
}

const titled = (title: string, line: ChartLine, t: Translate): string => {
  const what = nameOf(line, t);
  return what === '' ? title : t('metrics.titleOf', { title, what });
};

/** The newest value of each line that has one, with its name. */
export const figuresOf = (
  specs: readonly ChartSpec[],
  series: MetricsSeries,
  t: Translate,
): readonly (readonly [name: string, value: number])[] =>
  specs.flatMap(({ title, lines }) =>
    lines.flatMap((line) => {
      const value = valuesOf(line, series).at(-1) ?? null;
      return value === null ? [] : [[titled(t(title), line, t), value] as const];
    }),
  );

const columnTitles: Readonly<Record<string, (t: Translate) => string>> = {
  timeMs: (t) => t('metrics.time'),
  commits: (t) => t('metrics.acked'),
  allBytes: (t) => t('metrics.bytesOf', { what: t('metrics.all') }),
  ...Object.fromEntries(
    byteRows.map(({ name, label }) => [name, (t: Translate) => t('metrics.bytesOf', { what: t(label) })]),
  ),
};

/**
 * What a column is called where a person reads it: as in these charts, else as in conditions. A file keeps the name,
 * whatever the language.
 */
export function columnTitle(name: string, charts: readonly ChartSpec[], t: Translate): string {
  const own = columnTitles[name];
  if (own !== undefined) return own(t);
  const [, node] = name.split(':');
  if (node !== undefined && diskColumn(node) === name) return t('metrics.storedBy', { node });
  for (const { title, lines } of charts)
    for (const line of lines) if (line.column === name) return titled(t(title), line, t);
  return [...gauges.compared].find(([, { id }]) => id === name)?.[0] ?? name;
}

/** Every column by virtual time, as rows. */
export function metricsRows(series: MetricsSeries): readonly (readonly string[])[] {
  const names = Object.keys(series.columns);
  return [
    ['timeMs', ...names],
    ...series.timeMs.map((at, i) => [
      String(at),
      ...names.map((name) => {
        const value = series.columns[name]?.[i] ?? null;
        return value === null ? '' : String(value);
      }),
    ]),
  ];
}
