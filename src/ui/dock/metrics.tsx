// Metrics in the dock: the numbers of now, and the three charts that say most. All of them are in lens 4.11.

import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import { time } from '../../base/ids.ts';
import { useFrame } from '../../state/frame-store.ts';
import { metricsStore } from '../../state/metrics-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useLab } from '../lab-context.ts';
import { useChartSource } from '../lens/metrics/chart-source.ts';
import { chartsFor } from '../lens/metrics/charts.ts';
import { ChartsPicture } from '../lens/metrics/charts-picture.tsx';
import { saidOf } from '../lens/metrics/describe.ts';
import type { ChartSpec } from '../lens/metrics/metrics-table.ts';
import { useBox } from '../plot/use-size.ts';
import '../../words/dock/dock.en.json';

function Now({ charts }: { readonly charts: readonly ChartSpec[] }): ReactNode {
  const t = useT();
  const frame = useFrame((state) => state.frame);
  const samples = useStore(metricsStore, (state) => state.timeMs.length);
  if (frame === null) return null;
  return (
    <div className="flex flex-none flex-wrap gap-x-6 gap-y-1 border-b border-line px-4 py-1.5 text-[12px]">
      {saidOf(frame, charts, t).map(([label, value]) => (
        <span key={label}>
          <span className="text-muted">{label} </span>
          <output aria-live="off" aria-label={label} className="mono font-semibold">
            {value}
          </output>
        </span>
      ))}
      {samples < 2 && <span className="text-muted">{t('metrics.collecting')}</span>}
    </div>
  );
}

export function Metrics(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [ref, { width, height }] = useBox();
  const preset = useFrame(({ frame }) => frame?.preset ?? '');
  const cluster = useFrame((state) => state.cluster);
  const charts = useMemo(() => chartsFor(preset, [], cluster).slice(0, 3), [preset, cluster]);
  const source = useChartSource({ hasColumns: false });
  // Beside a panel or in a small window their titles would meet: one below the other then.
  const columns = width < 480 ? 1 : charts.length;
  const pick = (atMs: number): void => void lab.seek(time(Math.max(0, Math.round(atMs * 1000))));
  return (
    <section aria-label={t('dock.metrics')} className="flex h-full min-h-0 flex-col">
      <Now charts={charts} />
      <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-4 pt-1">
        <div ref={ref} className="h-full">
          <ChartsPicture
            specs={charts}
            columns={columns}
            size={{ width: Math.floor(width / columns), height: columns === 1 ? 120 : Math.max(80, height) }}
            still={null}
            source={source}
            label={t('dock.metrics')}
            onPick={pick}
          />
        </div>
      </div>
    </section>
  );
}
