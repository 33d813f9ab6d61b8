// The last stretch of the metrics as columns for the charts, one sample per virtual step, oldest dropped at the limit.

import { createStore } from 'zustand/vanilla';
import type { WorldFrame } from '../sim/frame.ts';

export const sampleLimit = 600;
/** Virtual µs between two samples. */
const sampleStepUs = 250;

export interface MetricsSeries {
  /** Virtual ms, commits/s, latency p50 and p95 in ms, VDL − VCL distance in LSNs. */
  readonly timeMs: readonly number[];
  readonly commitsPerSecond: readonly number[];
  readonly latencyP50Ms: readonly (number | null)[];
  readonly latencyP95Ms: readonly (number | null)[];
  readonly behind: readonly number[];
}

const empty: MetricsSeries = {
  timeMs: [],
  commitsPerSecond: [],
  latencyP50Ms: [],
  latencyP95Ms: [],
  behind: [],
};

export const metricsStore = createStore<MetricsSeries>(() => empty);

const milliseconds = (us: number): number | null => (us < 0 ? null : us / 1000);

/** Adds a sample when time has gone on far enough; time that runs back (another run, a review) starts again. */
export function recordSample(frame: WorldFrame): void {
  const before = metricsStore.getState();
  const last = before.timeMs.at(-1);
  const timeMs = frame.time / 1000;
  if (last !== undefined && timeMs >= last && timeMs - last < sampleStepUs / 1000) return;
  const from = last !== undefined && timeMs < last ? empty : before;
  const push = <T>(list: readonly T[], value: T): T[] => [...list.slice(-(sampleLimit - 1)), value];
  metricsStore.setState({
    timeMs: push(from.timeMs, timeMs),
    commitsPerSecond: push(from.commitsPerSecond, frame.metrics.commitsPerSecond),
    latencyP50Ms: push(from.latencyP50Ms, milliseconds(frame.metrics.latencyP50Us)),
    latencyP95Ms: push(from.latencyP95Ms, milliseconds(frame.metrics.latencyP95Us)),
    behind: push(from.behind, frame.metrics.vcl - frame.metrics.vdl),
  });
}
