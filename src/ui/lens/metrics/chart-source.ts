// What charts are drawn from, as it is now: the samples, with the columns and phases that the stack reads from events.

import { useMemo, useRef } from 'react';
import type { FaultFrame } from '../../../run-model/picture/frame.ts';
import { frameStore, useFrame } from '../../../state/frame-store.ts';
import { type MetricsSeries, metricsStore } from '../../../state/metrics-store.ts';
import { runStore } from '../../../state/run-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { tablesOf } from '../../model/run-tables.ts';
import type { PastNeed } from '../use-past.ts';
import type { FromEvents, Phase } from './metrics-table.ts';
import { usePastEvents } from './past-events.ts';

/** A phase, or a fault: the tape's line `of` it, and no mark. */
export type Band = Omit<Phase, 'letter' | 'title'> & Partial<Pick<Phase, 'letter' | 'title'>>;

/** What charts draw of one moment. */
export interface ChartsShown {
  readonly series: MetricsSeries;
  readonly bands: readonly Band[];
  /** Virtual µs. */
  readonly now: number;
}

export interface ChartSource {
  readonly series: () => MetricsSeries;
  readonly bands: () => readonly Band[];
  readonly shown: () => ChartsShown;
}

export const bandsOf = (faults: readonly FaultFrame[], phases: readonly Phase[]): readonly Band[] => [
  ...faults.map(({ text, at, until }): Band => ({ of: text, from: at, to: until })),
  ...phases,
];

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

const nothing: PastNeed = { minRank: 0, kinds: [], withMessages: false };
const noPhases: readonly Phase[] = [];

/** What a table reads of the events of the run; null: it reads none. */
function useRead<T>(from: FromEvents<T> | undefined): T | null {
  const events = usePastEvents(from?.spanUs ?? 0, from?.need ?? nothing);
  return useMemo(() => from?.read(events) ?? null, [events, from]);
}

/** The same source all the time: what it reads is the newest that was reported. Columns from events only where they are drawn. */
export function useChartSource({ hasColumns }: { readonly hasColumns: boolean }): ChartSource {
  const table = useFrame(({ frame }) => tablesOf(frame?.preset ?? '').metrics);
  const columns = useRead(hasColumns ? table?.columns : undefined);
  const phases = useRead(table?.phases) ?? noPhases;
  const latest = useRef({ columns, phases });
  latest.current = { columns, phases };
  return useMemo(() => {
    let made: { readonly of: MetricsSeries; readonly by: unknown; is: MetricsSeries } | null = null;
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
    const series = (): MetricsSeries => {
      const of = metricsStore.getState();
      const by = latest.current.columns;
      if (made?.of !== of || made.by !== by)
        made = { of, by, is: { ...of, columns: { ...of.columns, ...by?.(of.timeMs) } } };
      return made.is;
    };
    const bands = (): readonly Band[] => bandsOf(faults(), latest.current.phases);
    return {
      series,
      bands,
      shown: () => ({ series: series(), bands: bands(), now: frameStore.getState().frame?.time ?? 0 }),
    };
  }, []);
}
