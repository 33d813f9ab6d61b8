// The charts of lens 4.11 as data: which columns, in which hue and dash. Lines of one chart differ in more than colour.

import { diskColumn, type MetricsSeries, perCommit, perMs } from '../../../state/metrics-store.ts';
import type { PlainKey, Translate } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import './texts.ts';

type Values = readonly (number | null)[];

export interface ChartLine {
  readonly hue: string;
  /** Short name; a key where it is a word. */
  readonly label: string | { readonly key: PlainKey };
  readonly dash?: readonly number[];
  /** A mark where there is a value, and no line between. */
  readonly isPoints?: boolean;
  readonly values: (series: MetricsSeries) => Values;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: PlainKey;
  readonly lines: readonly ChartLine[];
  /** It counts: its scale has no halves. */
  readonly isCount?: boolean;
  /** As wide as two: it has many lines. */
  readonly isWide?: boolean;
}

const column =
  (name: string) =>
  (series: MetricsSeries): Values =>
    series.columns[name] ?? series.timeMs.map(() => null);

const one = (id: string, title: PlainKey, hue: string, name: string): ChartSpec => ({
  id,
  title,
  lines: [{ hue, label: '', values: column(name) }],
});

const count = (id: string, title: PlainKey, hue: string, name: string): ChartSpec => ({
  ...one(id, title, hue, name),
  isCount: true,
});

const dashes = [[], [6, 4], [2, 3], [8, 3, 2, 3], [12, 4], [4, 2, 1, 2]] as const;

const dashed = (i: number): Pick<ChartLine, 'dash'> => {
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

const charts: readonly ChartSpec[] = [
  one('commits', 'metrics.commits', 'ack', 'commitsPerSecond'),
  {
    id: 'latency',
    title: 'metrics.latency',
    lines: [
      { hue: 'wal', label: 'p50', values: column('latencyP50Ms') },
      { hue: 'hole', label: 'p95', dash: [6, 4], values: column('latencyP95Ms') },
      { hue: 'fence', label: 'p99', dash: [2, 3], values: column('latencyP99Ms') },
    ],
  },
  count('behind', 'metrics.behind', 'reader', 'behind'),
  count('lag', 'metrics.lag', 'wal', 'replicaLag'),
  count('waiting', 'metrics.waiting', 'fence', 'waiting'),
  count('holes', 'metrics.openHoles', 'hole', 'holes'),
  {
    id: 'fillTime',
    title: 'metrics.fillTime',
    lines: [
      { hue: 'ack', label: { key: 'metrics.filled' }, isPoints: true, values: column('holeFillMs') },
      { hue: 'hole', label: { key: 'metrics.oldestHole' }, values: column('oldestHoleMs') },
    ],
  },
  {
    id: 'buffer',
    title: 'metrics.buffer',
    isCount: true,
    lines: [
      { hue: 'wal', label: { key: 'metrics.dirty' }, values: column('dirtyPages') },
      { hue: 'fence', label: { key: 'metrics.pinned' }, dash: [6, 4], values: column('pinnedPages') },
    ],
  },
  { id: 'network', title: 'metrics.network', isWide: true, lines: byteLines(perMs) },
  { id: 'bytes', title: 'metrics.bytesPerCommit', isWide: true, lines: byteLines(perCommit) },
  {
    id: 'amplification',
    title: 'metrics.amplification',
    lines: [{ hue: 'text-muted', label: '', values: (series) => perCommit(series, 'allBytes') }],
  },
  one('stored', 'metrics.stored', 'text-muted', 'storedKb'),
  count('proposals', 'metrics.proposals', 'ctl', 'proposals'),
];

/** The first three fit the dock. */
export const dockCharts: readonly ChartSpec[] = charts.slice(0, 3);

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
      values: column(diskColumn(store)),
    }));
  return [
    { hue: 'ack', label: { key: 'metrics.least' }, dash: [2, 3], values: ranked(stores, 0) },
    { hue: 'wal', label: { key: 'metrics.middle' }, values: ranked(stores, 0.5) },
    { hue: 'fence', label: { key: 'metrics.most' }, dash: [6, 4], values: ranked(stores, 1) },
  ];
}

/** All charts of a cluster with these stores. */
export function chartsFor(stores: readonly string[]): readonly ChartSpec[] {
  if (stores.length === 0) return charts;
  const own: ChartSpec = { id: 'replicas', title: 'metrics.replicas', lines: replicaLines(stores) };
  return charts.flatMap((spec) => (spec.id === 'stored' ? [own, spec] : [spec]));
}

/** Whether a chart's title or the name of one of its lines has what was typed. */
export function chartMatches({ title, lines }: ChartSpec, filter: string, t: Translate): boolean {
  const wanted = filter.trim().toLowerCase();
  const names = [t(title), ...lines.map(({ label }) => (typeof label === 'string' ? label : t(label.key)))];
  return names.some((name) => name.toLowerCase().includes(wanted));
}

export interface Peak {
  readonly atMs: number;
  readonly value: number;
}

/** A number of a chart: whole from 100 on, else with two decimals where it has any. */
export const numberText = (value: number): string =>
  value >= 100 ? groupDigits(Math.round(value)) : String(Math.round(value * 100) / 100);

/** Where a chart is highest, of all its lines; null while it says nothing or nothing above zero. */
export function peakOf(spec: ChartSpec, series: MetricsSeries): Peak | null {
  let peak: Peak | null = null;
  for (const line of spec.lines)
    line.values(series).forEach((value, i) => {
      const atMs = series.timeMs[i];
      if (value === null || atMs === undefined || value <= (peak?.value ?? 0)) return;
      peak = { atMs, value };
    });
  return peak;
}

const columnTitles: Readonly<Record<string, (t: Translate) => string>> = {
  timeMs: (t) => t('metrics.time'),
  commitsPerSecond: (t) => t('metrics.commits'),
  latencyP50Ms: (t) => t('metrics.latencyOf', { what: 'p50' }),
  latencyP95Ms: (t) => t('metrics.latencyOf', { what: 'p95' }),
  latencyP99Ms: (t) => t('metrics.latencyOf', { what: 'p99' }),
  behind: (t) => t('metrics.behind'),
  replicaLag: (t) => t('metrics.lag'),
  holes: (t) => t('metrics.openHoles'),
  holeFillMs: (t) => t('metrics.fillTimeOf', { what: t('metrics.filled') }),
  oldestHoleMs: (t) => t('metrics.fillTimeOf', { what: t('metrics.oldestHole') }),
  waiting: (t) => t('metrics.waiting'),
  storedKb: (t) => t('metrics.stored'),
  commits: (t) => t('metrics.acked'),
  dirtyPages: (t) => t('metrics.bufferOf', { what: t('metrics.dirty') }),
  pinnedPages: (t) => t('metrics.bufferOf', { what: t('metrics.pinned') }),
  proposals: (t) => t('metrics.proposals'),
  allBytes: (t) => t('metrics.bytesOf', { what: t('metrics.all') }),
  ...Object.fromEntries(
    byteRows.map(({ name, label }) => [name, (t: Translate) => t('metrics.bytesOf', { what: t(label) })]),
  ),
};

/** What a column is called where a person reads it; a file keeps the name, whatever the language. */
export function columnTitle(name: string, t: Translate): string {
  const [prefix, node] = name.split(':');
  if (node !== undefined && diskColumn(node) === `${prefix}:${node}`) return t('metrics.storedBy', { node });
  return columnTitles[name]?.(t) ?? name;
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
