// Data source of the charts: the samples with what events say of holes, and the bands behind them.

import { useMemo, useRef } from 'react';
import type { FaultFrame } from '../../../sim/frame.ts';
import { frameStore } from '../../../state/frame-store.ts';
import { type MetricsSeries, metricsStore } from '../../../state/metrics-store.ts';
import { runStore } from '../../../state/run-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { type HoleTime, holeColumns } from './hole-times.ts';
import { type Band, bandsOf, type Phase } from './phases.ts';

export interface ChartSource {
  readonly series: () => MetricsSeries;
  readonly bands: () => readonly Band[];
}

const withHoles = (series: MetricsSeries, holes: readonly HoleTime[]): MetricsSeries => ({
  timeMs: series.timeMs,
  columns: { ...series.columns, ...holeColumns(series.timeMs, holes) },
});

interface KnownFaults {
  readonly run: string;
  readonly until: number;
  readonly faults: readonly FaultFrame[];
}

/**
 * Faults of the newest moment shown: a review of one before it keeps them, as it keeps the samples. `newest`: how far the
 * run itself has come; a live cluster that went back has not had what came after.
 */
export function newestFaults(known: KnownFaults, next: KnownFaults, newest: number): KnownFaults {
  const isPast = known.run === next.run && next.until < known.until && known.until <= newest;
  return isPast ? known : next;
}

/** The same source all the time: what it reads is the newest that was reported. */
export function useChartSource(holes: readonly HoleTime[], phases: readonly Phase[]): ChartSource {
  const latest = useRef({ holes, phases });
  latest.current = { holes, phases };
  return useMemo(() => {
    let made: { readonly of: MetricsSeries; readonly holes: readonly HoleTime[]; is: MetricsSeries } | null =
      null;
    let known: KnownFaults = { run: '', until: 0, faults: [] };
    const faults = (): readonly FaultFrame[] => {
      const { frame } = frameStore.getState();
      const { run } = runStore.getState();
      if (frame === null || run === null) return known.faults;
      const next = {
        run: shownRunOf(run),
        until: frame.time,
        faults: frame.faults,
      };
      // The mode may arrive a moment after the picture; how far the live cluster has come does not go by what is shown.
      const isLive = !run.isReplay && run.shown === 'main';
      known = newestFaults(known, next, isLive ? run.liveTime : Number.POSITIVE_INFINITY);
      return known.faults;
    };
    return {
      series() {
        const of = metricsStore.getState();
        const now = latest.current.holes;
        if (made?.of !== of || made.holes !== now) made = { of, holes: now, is: withHoles(of, now) };
        return made.is;
      },
      bands: () => bandsOf(faults(), latest.current.phases),
    };
  }, []);
}
