// What charts are drawn from, as it is now: the samples with what events say of holes, and the bands behind them.

import { useMemo, useRef } from 'react';
import { frameStore } from '../../../state/frame-store.ts';
import { type MetricsSeries, metricsStore } from '../../../state/metrics-store.ts';
import { type HoleTime, holeColumns } from './hole-times.ts';
import { type Band, bandsOf, type Phase } from './phases.ts';

export interface ChartSource {
  series(): MetricsSeries;
  bands(): readonly Band[];
}

const withHoles = (series: MetricsSeries, holes: readonly HoleTime[]): MetricsSeries => ({
  timeMs: series.timeMs,
  columns: { ...series.columns, ...holeColumns(series.timeMs, holes) },
});

/** The same source all the time: what it reads is the newest that was told. */
export function useChartSource(holes: readonly HoleTime[], phases: readonly Phase[]): ChartSource {
  const told = useRef({ holes, phases });
  told.current = { holes, phases };
  return useMemo(() => {
    let made: { readonly of: MetricsSeries; readonly holes: readonly HoleTime[]; is: MetricsSeries } | null =
      null;
    return {
      series() {
        const of = metricsStore.getState();
        const now = told.current.holes;
        if (made?.of !== of || made.holes !== now) made = { of, holes: now, is: withHoles(of, now) };
        return made.is;
      },
      bands: () => bandsOf(frameStore.getState().frame?.faults ?? [], told.current.phases),
    };
  }, []);
}
