// Lens 4.11: how much, how fast, what did the fault cost? Small multiples with one cursor, faults and phases behind
// them; the table beside them has the newest samples as numbers.

import { type ReactNode, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { time } from '../../../base/ids.ts';
import { useAnnouncedFrame } from '../../../state/announced.ts';
import { type FrameState, frameStore, useFrame } from '../../../state/frame-store.ts';
import { csvOf } from '../../export/table-csv.ts';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { defineLens, type LensParts, type LensState } from '../define-lens.tsx';
import type { LegendEntry } from '../legend.ts';
import { Chart } from './chart.tsx';
import { useChartSource } from './chart-source.ts';
import { chartMatches, chartsFor, metricsRows } from './charts.ts';
import { describeMetrics } from './describe.ts';
import { MeterRow } from './meter-row.tsx';
import { type ChartsShown, MetricsPicture } from './metrics-picture.tsx';
import { Bands, Samples } from './samples-table.tsx';
import { useHoleTimes, usePhases } from './use-phases.ts';
import { WallCharts } from './wall-charts.tsx';

const loadLegend = async (): Promise<readonly LegendEntry[]> => (await import('./legend.ts')).metricsLegend;
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

function useMetrics({ table, filter, frozenPane }: LensState<ChartsShown>): LensParts<ChartsShown> {
  const t = useT();
  const lab = useLab();
  const [isExported, setExported] = useState(false);
  const stores = useFrame(storesOf);
  const all = useMemo(() => chartsFor(stores === '' ? [] : stores.split(' ')), [stores]);
  const specs = useMemo(() => all.filter((spec) => chartMatches(spec, filter, t)), [all, filter, t]);
  const source = useChartSource(useHoleTimes(), usePhases());
  const said = useAnnouncedFrame(
    ({ frame }) => (frame === null ? t('loading') : describeMetrics(frame, t)),
    () => '',
  );
  const now = (): ChartsShown => ({
    specs,
    series: source.series(),
    bands: source.bands(),
    now: frameStore.getState().frame?.time ?? 0,
  });
  const pick = (atMs: number): void => void lab.seek(time(Math.max(0, Math.round(atMs * 1000))));
  const body = (
    <>
      <MeterRow />
      <MetricsPicture shown={isExported ? now() : null} columns={2} label={t('lens.metrics')} isExport />
      {table ? (
        <>
          <Samples source={source} onPick={pick} />
          <Bands source={source} onPick={pick} />
        </>
      ) : (
        <>
          <div className="grid grid-cols-1 items-end gap-2 py-2 @min-[560px]:grid-cols-2">
            {specs.map((spec) => (
              <div
                key={spec.id}
                className={`h-44 [@media(min-height:1200px)]:h-56 ${spec.isWide === true ? '@min-[560px]:col-span-2' : ''}`}
              >
                <Chart spec={spec} source={source} onPick={pick} />
              </div>
            ))}
          </div>
          <p className="px-4 pb-3 text-[12px] text-muted">{t('metrics.review')}</p>
        </>
      )}
      <div className="px-4">
        {frozenPane((kept) => (
          <MetricsPicture shown={kept} columns={1} label={t('lens.metrics')} isExport={false} />
        ))}
      </div>
      <WallCharts table={table} />
      <Time />
    </>
  );
  return {
    keep: now,
    description: said,
    onExport: (isOn) => flushSync(() => setExported(isOn)),
    csv: () => csvOf(metricsRows(source.series())),
    body,
  };
}

export const MetricsLens = defineLens<ChartsShown>({ legend: loadLegend, useParts: useMetrics });
