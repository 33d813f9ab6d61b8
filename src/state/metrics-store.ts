// The last stretch of the metrics as columns for the charts, one sample per virtual step, oldest dropped at the limit.

import { createStore } from 'zustand/vanilla';
import type { WorldFrame } from '../sim/frame.ts';

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

/** Sums of bytes by what they are for: log, its holes, pages, everything else. */
const byteGroups: Readonly<Record<string, readonly string[]>> = {
  logBytes: ['wal'],
  ackBytes: ['ack', 'heartbeat'],
  holeBytes: ['holeRequest', 'holeFill'],
  pageBytes: ['pageRead', 'pageReply'],
};

/** What one frame says, by column. */
export function sampleOf(frame: WorldFrame): Readonly<Record<string, number | null>> {
  const { metrics } = frame;
  const bytes = Object.entries(byteGroups).map(([name, families]): [string, number] => [
    name,
    families.reduce((sum, family) => sum + (metrics.sentBytes[family] ?? 0), 0),
  ]);
  return {
    commitsPerSecond: metrics.commitsPerSecond,
    latencyP50Ms: milliseconds(metrics.latencyP50Us),
    latencyP95Ms: milliseconds(metrics.latencyP95Us),
    latencyP99Ms: milliseconds(metrics.latencyP99Us),
    behind: metrics.vcl - metrics.vdl,
    replicaLag: metrics.replicaLag,
    holes: metrics.holesOpen,
    waiting: metrics.commitsWaiting,
    storedKb: metrics.storedBytes / 1024,
    commits: metrics.commits,
    ...Object.fromEntries(bytes),
  };
}

/** Adds a sample when time has gone on far enough; time that runs back (another run, a review) starts again. */
export function recordSample(frame: WorldFrame): void {
  const before = metricsStore.getState();
  const last = before.timeMs.at(-1);
  const timeMs = frame.time / 1000;
  if (last !== undefined && timeMs >= last && timeMs - last < sampleStepUs / 1000) return;
  const from = last !== undefined && timeMs < last ? empty : before;
  const columns = Object.entries(sampleOf(frame)).map(([name, value]) => [
    name,
    [...(from.columns[name] ?? []).slice(-(sampleLimit - 1)), value],
  ]);
  metricsStore.setState({
    timeMs: [...from.timeMs.slice(-(sampleLimit - 1)), timeMs],
    columns: Object.fromEntries(columns),
  });
}

/** Growth of a column from sample to sample, per commit acknowledged meanwhile; null while none was. */
export function perCommit({ columns }: MetricsSeries, name: string): readonly (number | null)[] {
  const values = columns[name] ?? [];
  const commits = columns.commits ?? [];
  const window = 40;
  return values.map((value, i) => {
    const start = Math.max(0, i - window);
    const more = (commits[i] ?? 0) - (commits[start] ?? 0);
    return more <= 0 || value === null ? null : (value - (values[start] ?? 0)) / more;
  });
}
