// The charts of lens 4.11 as data: which columns, in which hue and dash. Lines of one chart differ in more than colour.

import { type MetricsSeries, perCommit } from '../../../state/metrics-store.ts';
import type { PlainKey, Translate } from '../../i18n/i18n.ts';
import './texts.ts';

export interface ChartLine {
  readonly hue: string;
  /** Short name; a key where it is a word. */
  readonly label: string | { readonly key: PlainKey };
  readonly dash?: readonly number[];
  readonly values: (series: MetricsSeries) => readonly (number | null)[];
}

export interface ChartSpec {
  readonly id: string;
  readonly title: PlainKey;
  readonly lines: readonly ChartLine[];
  /** It counts: its scale has no halves. */
  readonly isCount?: boolean;
}

const column =
  (name: string) =>
  (series: MetricsSeries): readonly (number | null)[] =>
    series.columns[name] ?? series.timeMs.map(() => null);

const bytes =
  (name: string) =>
  (series: MetricsSeries): readonly (number | null)[] =>
    perCommit(series, name);

const one = (id: string, title: PlainKey, hue: string, name: string): ChartSpec => ({
  id,
  title,
  lines: [{ hue, label: '', values: column(name) }],
});

const count = (id: string, title: PlainKey, hue: string, name: string): ChartSpec => ({
  ...one(id, title, hue, name),
  isCount: true,
});

export const charts: readonly ChartSpec[] = [
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
    id: 'bytes',
    title: 'metrics.bytesPerCommit',
    lines: [
      { hue: 'wal', label: { key: 'metrics.log' }, values: bytes('logBytes') },
      { hue: 'ack', label: { key: 'metrics.acks' }, dash: [6, 4], values: bytes('ackBytes') },
      { hue: 'hole', label: { key: 'metrics.holeBytes' }, dash: [2, 3], values: bytes('holeBytes') },
      { hue: 'client', label: { key: 'metrics.pages' }, dash: [8, 3, 2, 3], values: bytes('pageBytes') },
    ],
  },
  one('stored', 'metrics.stored', 'text-muted', 'storedKb'),
];

/** The first three fit the dock. */
export const dockCharts: readonly ChartSpec[] = charts.slice(0, 3);

const columnTitles: Readonly<Record<string, (t: Translate) => string>> = {
  timeMs: (t) => t('metrics.time'),
  commitsPerSecond: (t) => t('metrics.commits'),
  latencyP50Ms: (t) => t('metrics.latencyOf', { what: 'p50' }),
  latencyP95Ms: (t) => t('metrics.latencyOf', { what: 'p95' }),
  latencyP99Ms: (t) => t('metrics.latencyOf', { what: 'p99' }),
  behind: (t) => t('metrics.behind'),
  replicaLag: (t) => t('metrics.lag'),
  holes: (t) => t('metrics.openHoles'),
  waiting: (t) => t('metrics.waiting'),
  storedKb: (t) => t('metrics.stored'),
  commits: (t) => t('metrics.acked'),
  logBytes: (t) => t('metrics.bytesOf', { what: t('metrics.log') }),
  ackBytes: (t) => t('metrics.bytesOf', { what: t('metrics.acks') }),
  holeBytes: (t) => t('metrics.bytesOf', { what: t('metrics.holeBytes') }),
  pageBytes: (t) => t('metrics.bytesOf', { what: t('metrics.pages') }),
};

/** What a column is called where a person reads it; a file keeps the name, whatever the language. */
export const columnTitle = (name: string, t: Translate): string => columnTitles[name]?.(t) ?? name;

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
