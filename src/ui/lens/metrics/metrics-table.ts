// What a stack adds to the metrics: its charts, columns that follow from events, phases of its runs.

import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { GaugeId } from '../../../run-model/gauges/gauge.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import type { Columns, MetricsSeries } from '../../../state/metrics-store.ts';
import type { PlainKey } from '../../i18n/i18n.ts';
import type { LineLook, Values } from '../../plot/chart-shape.ts';
import type { LegendEntry } from '../legend.ts';
import type { PastNeed } from '../use-past.ts';

export interface ChartLine extends LineLook {
  /** Short name; a key where it is a word. */
  readonly label: string | { readonly key: PlainKey };
  /** The column that it draws as it is; of others `values` says what is drawn of them. */
  readonly column?: string;
  readonly values?: (series: MetricsSeries) => Values;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: PlainKey;
  readonly lines: readonly ChartLine[];
  /** It counts: its scale has no halves. */
  readonly isCount?: boolean;
  /** As wide as two: it has many lines. */
  readonly isWide?: boolean;
  /** Left out of runs of other clusters. */
  readonly isOf?: (cluster: ClusterSpec) => boolean;
}

/** A span of virtual time, µs; `to` null: it goes on. */
export interface Phase {
  /** By which it is marked beside its hatch. */
  readonly letter: string;
  readonly title: PlainKey;
  /** The node, group or volume it is about. */
  readonly of: string;
  readonly from: number;
  readonly to: number | null;
}

export interface FromEvents<T> {
  /** How far back events are asked for, virtual µs. */
  readonly spanUs: number;
  readonly need: PastNeed;
  read(events: readonly ListedEvent[]): T;
}

export interface MetricsTable {
  readonly charts: readonly ChartSpec[];
  /** Columns by the times of the samples. */
  readonly columns?: FromEvents<(timeMs: readonly number[]) => Columns>;
  readonly phases?: FromEvents<readonly Phase[]>;
  /** What of its charts the legend explains. */
  readonly marks?: readonly LegendEntry[];
}

/** A chart of one line: of a gauge, or of a column that any run has. */
export const chartOf = (
  id: string,
  title: PlainKey,
  hue: string,
  column: GaugeId | (string & {}),
  isCount = false,
): ChartSpec => ({
  id,
  title,
  lines: [{ hue, label: '', column }],
  ...(isCount ? { isCount } : {}),
});

export const columnOf = ({ columns, timeMs }: MetricsSeries, name: string): Values =>
  columns[name] ?? timeMs.map(() => null);

/** What a line draws of the samples. */
export const valuesOf = ({ column, values }: ChartLine, series: MetricsSeries): Values =>
  values?.(series) ?? columnOf(series, column ?? '');
