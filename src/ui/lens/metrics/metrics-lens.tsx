// Lens 4.11: how much, how fast, what did the fault cost? Small multiples with one cursor, faults and phases behind
// them; the table beside them has the newest samples as numbers.

import { type ReactNode, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { time } from '../../../base/ids.ts';
import { useAnnouncedFrame } from '../../../state/announced.ts';
import { type FrameState, frameStore, useFrame } from '../../../state/frame-store.ts';
import { columnsFor, type PictureShape } from '../../export/picture-shape.ts';
import { csvOf } from '../../export/table-csv.ts';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { defineLens, type LensParts, type LensState } from '../define-lens.tsx';
import type { LegendEntry } from '../legend.ts';
import { type ChartsShown, useChartSource } from './chart-source.ts';
import { chartMatches, chartsFor, metricsRows } from './charts.ts';
import { ChartsPicture } from './charts-picture.tsx';
import { describeMetrics } from './describe.ts';
import { MeterRow } from './meter-row.tsx';
import type { ChartSpec } from './metrics-table.ts';
import { chartSize } from './picture-shape.ts';
import { Bands, Samples } from './samples-table.tsx';
import { WallCharts } from './wall-charts.tsx';

/** From this width on charts stand in two columns. */
const twoColumnsFrom = 528;

const loadLegend = async (): Promise<readonly LegendEntry[]> =>
  (await import('./legend.ts')).metricsLegend(frameStore.getState().frame?.preset ?? '');

function Time(): ReactNode {
  const t = useT();
  const at = useFrame(({ frame }) => (frame === null ? '' : millis(frame.time)));
  return (
    <output className="visually-hidden" aria-live="off" aria-label={t('metrics.time')}>
      {at}
    </output>
  );
}

/** Stores of the cluster in its order, as one text that stays the same. */
const storesOf = ({ cluster }: FrameState): string =>
  (cluster?.nodes ?? [])
    .filter(({ roles }) => roles.includes('store'))
    .map(({ id }) => id)
    .join(' ');

interface Kept {
  readonly specs: readonly ChartSpec[];
  readonly shown: ChartsShown;
}

/** What is drawn while it is exported. */
interface Exported {
  readonly shown: ChartsShown;
  readonly shape: PictureShape;
}

function useMetrics({ table, filter, frozenPane, ref, width }: LensState<Kept>): LensParts<Kept> {
  const t = useT();
  const lab = useLab();
  const [exported, setExported] = useState<Exported | null>(null);
  const stores = useFrame(storesOf);
  const preset = useFrame(({ frame }) => frame?.preset ?? '');
  const cluster = useFrame((state) => state.cluster);
  const all = useMemo(
    () => chartsFor(preset, stores === '' ? [] : stores.split(' '), cluster),
    [preset, stores, cluster],
  );
  const specs = useMemo(() => all.filter((spec) => chartMatches(spec, filter, t)), [all, filter, t]);
  const source = useChartSource({ hasColumns: true });
  const said = useAnnouncedFrame(
    ({ frame }) => (frame === null ? t('loading') : describeMetrics(frame, t)),
    () => '',
  );
  const pick = (atMs: number): void => void lab.seek(time(Math.max(0, Math.round(atMs * 1000))));
  const columns = width >= twoColumnsFrom ? 2 : 1;
  const size = { width: Math.floor(width / columns), height: chartSize.height };
  const body = (
    <>
      <MeterRow />
      {table && (
        <>
          <Samples source={source} charts={all} onPick={pick} />
          <Bands source={source} onPick={pick} />
        </>
      )}
      <div className="px-4">
        <div ref={ref} className={table ? '' : 'py-2'}>
          <ChartsPicture
            specs={specs}
            columns={exported?.shape === 'slide' ? columnsFor(specs.length, size) : columns}
            size={size}
            still={exported?.shown ?? null}
            source={table ? null : source}
            label={t('lens.metrics')}
            onPick={pick}
            isExport
            isHidden={table}
          />
        </div>
        {!table && <p className="pb-3 text-[12px] text-muted">{t('metrics.review')}</p>}
        {frozenPane((kept) => (
          <ChartsPicture
            columns={1}
            label={t('lens.metrics')}
            specs={kept.specs}
            still={kept.shown}
            source={null}
          />
        ))}
      </div>
      <WallCharts table={table} />
      <Time />
    </>
  );
  return {
    keep: () => ({ specs, shown: source.shown() }),
    description: said,
    hits: specs.length,
    onExport: (isOn, shape) => flushSync(() => setExported(isOn ? { shown: source.shown(), shape } : null)),
    csv: () => csvOf(metricsRows(source.series())),
    body,
  };
}

export const MetricsLens = defineLens<Kept>({ legend: loadLegend, useParts: useMetrics });
