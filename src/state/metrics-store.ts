// The last stretch of the metrics as columns for the charts, one sample per virtual step, oldest dropped at the limit.

import { createStore } from 'zustand/vanilla';
import type { MessageFamily } from '../core/kernel/message-label.ts';
import type { RunMode } from '../lab/api.ts';
import { sampledGauges } from '../run-model/gauges/gauges.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { gauges } from '../stacks/gauges.ts';
import { stackOf } from '../stacks/preset-names.ts';
import { isStoreNode } from './role-views.ts';

export const sampleLimit = 600;
/** Virtual µs between two samples. */
const sampleStepUs = 250;

/** One column of numbers a name; null where there is nothing to say. */
export type Columns = Readonly<Record<string, readonly (number | null)[]>>;

export interface MetricsSeries {
  readonly timeMs: readonly number[];
  readonly columns: Columns;
}

const empty: MetricsSeries = { timeMs: [], columns: {} };

export const metricsStore = createStore<MetricsSeries>(() => empty);

const milliseconds = (us: number): number | null => (us < 0 ? null : us / 1000);

/** The families of messages by the row of the meters that they stand in: nothing that is sent is in none. */
const byteColumn: Readonly<Record<MessageFamily, string>> = {
  sqlRequest: 'sqlBytes',
  sqlReply: 'sqlBytes',
  wal: 'logBytes',
  ack: 'ackBytes',
  holeRequest: 'holeBytes',
  holeFill: 'holeBytes',
  pageRead: 'pageBytes',
  pageReply: 'pageBytes',
  archive: 'archiveBytes',
  control: 'controlBytes',
  heartbeat: 'controlBytes',
  fence: 'fenceBytes',
};

function sumBytes(sent: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [family, column] of Object.entries(byteColumn))
    sums[column] = (sums[column] ?? 0) + (sent[family] ?? 0);
  return { ...sums, allBytes: Object.values(sent).reduce((sum, bytes) => sum + bytes, 0) };
}

/** The column of what a node's disk holds, KiB. */
export const diskColumn = (node: string): string => `disk:${node}`;

/** What one frame says, by column. */
export function sampleOf(frame: WorldFrame): Readonly<Record<string, number | null>> {
  const { metrics } = frame;
  return {
    commitsPerSecond: metrics.commitsPerSecond,
    latencyP50Ms: milliseconds(metrics.latencyP50Us),
    latencyP95Ms: milliseconds(metrics.latencyP95Us),
    latencyP99Ms: milliseconds(metrics.latencyP99Us),
    storedKb: metrics.storedBytes / 1024,
    commits: metrics.commits,
    ...sampledGauges(gauges, stackOf(frame), metrics, frame.nodes, frame.cluster.volume),
    ...sumBytes(metrics.sentBytes),
    ...Object.fromEntries(
      frame.nodes
        .filter(isStoreNode)
        .map(({ id, disk }) => [diskColumn(id), disk === null ? null : disk.bytes / 1024]),
    ),
  };
}

/** Whose time it is: another run or branch shares no sample, and only the live cluster's past can become another. */
export interface SampleSource {
  readonly run: string;
  readonly mode: RunMode;
}

let recorded = '';

/** What stays of the samples before one at `timeMs`; null: it is one that is known. */
function keptBefore(
  before: MetricsSeries,
  timeMs: number,
  { run, mode }: SampleSource,
): MetricsSeries | null {
  const [first, last] = [before.timeMs[0], before.timeMs.at(-1)];
  if (first === undefined || last === undefined || run !== recorded || timeMs < first) return empty;
  if (timeMs >= last) return timeMs - last < sampleStepUs / 1000 ? null : before;
  if (mode !== 'LIVE' && mode !== 'PAUSED') return null;
  // The live cluster went back: what came after that did not happen in it.
  const kept = before.timeMs.filter((at) => at < timeMs).length;
  return {
    timeMs: before.timeMs.slice(0, kept),
    columns: Object.fromEntries(
      Object.entries(before.columns).map(([name, values]) => [name, values.slice(0, kept)]),
    ),
  };
}

/**
 * Adds a sample when time has gone on far enough. A review keeps what came after the moment it shows; another run begins
 * anew.
 */
export function recordSample(frame: WorldFrame, source: SampleSource): void {
  const timeMs = frame.time / 1000;
  const from = keptBefore(metricsStore.getState(), timeMs, source);
  if (from === null) return;
  recorded = source.run;
  const sample = sampleOf(frame);
  const times = from.timeMs.slice(-(sampleLimit - 1));
  const columns = [...new Set([...Object.keys(from.columns), ...Object.keys(sample)])].map((name) => {
    // A node that came later has nothing before.
    const known = from.columns[name]?.slice(-times.length) ?? times.map(() => null);
    return [name, [...(times.length === 0 ? [] : known), sample[name] ?? null]];
  });
  metricsStore.setState({ timeMs: [...times, timeMs], columns: Object.fromEntries(columns) });
}

/** Samples over which a growth is taken. */
const growthWindow = 40;

/** Growth of a column over the samples before each one, divided by another's; null while that one stood still. */
function growthPer(
  { columns }: MetricsSeries,
  name: string,
  per: readonly (number | null)[],
): readonly (number | null)[] {
  const values = columns[name] ?? [];
  return values.map((value, i) => {
    const start = Math.max(0, i - growthWindow);
    const more = (per[i] ?? 0) - (per[start] ?? 0);
    return more <= 0 || value === null ? null : Math.max(0, value - (values[start] ?? 0)) / more;
  });
}

/** Growth of a column from sample to sample, per commit acknowledged meanwhile; null while none was. */
export const perCommit = (series: MetricsSeries, name: string): readonly (number | null)[] =>
  growthPer(series, name, series.columns.commits ?? []);

/** Growth of a column from sample to sample, per virtual ms. */
export const perMs = (series: MetricsSeries, name: string): readonly (number | null)[] =>
  growthPer(series, name, series.timeMs);
