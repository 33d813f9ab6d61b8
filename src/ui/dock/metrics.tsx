// Metrics in the dock: the numbers of now, and the three charts that say most. All of them are in lens 4.11.

import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { time } from '../../base/ids.ts';
import { useFrame } from '../../state/frame-store.ts';
import { metricsStore } from '../../state/metrics-store.ts';
import { useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { Chart } from '../lens/metrics/chart.tsx';
import { useChartSource } from '../lens/metrics/chart-source.ts';
import { dockCharts } from '../lens/metrics/charts.ts';
import { usePhases } from '../lens/metrics/use-phases.ts';
import './texts.ts';

function Now(): ReactNode {
  const t = useT();
  const metrics = useFrame((state) => state.frame?.metrics);
  const samples = useStore(metricsStore, (state) => state.timeMs.length);
  if (metrics === undefined) return null;
  const values: readonly (readonly [string, string])[] = [
    [t('metrics.commits'), metrics.commitsPerSecond.toFixed(0)],
    ['p50', duration(metrics.latencyP50Us)],
    ['p95', duration(metrics.latencyP95Us)],
    ['p99', duration(metrics.latencyP99Us)],
    [t('metrics.behind'), String(Math.max(0, (metrics.vcl ?? 0) - (metrics.vdl ?? 0)))],
    [t('metrics.holes'), String(metrics.holesOpen ?? 0)],
  ];
  return (
    <div className="flex flex-none flex-wrap gap-x-6 gap-y-1 border-b border-line px-4 py-1.5 text-[12px]">
      {values.map(([label, value]) => (
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

const noHoles: readonly [] = [];

export function Metrics(): ReactNode {
  const t = useT();
  const lab = useLab();
  const source = useChartSource(noHoles, usePhases());
  const pick = (atMs: number): void => void lab.seek(time(Math.max(0, Math.round(atMs * 1000))));
  return (
    <section aria-label={t('dock.metrics')} className="flex h-full min-h-0 flex-col">
      <Now />
      <div className="flex min-h-0 flex-1">
        {dockCharts.map((spec) => (
          // Three lines have three names beside the title: else they take the plot's height.
          <div
            key={spec.id}
            className={`flex min-w-0 ${spec.lines.length > 1 ? 'flex-[3_1_0]' : 'flex-[2_1_0]'}`}
          >
            <Chart spec={spec} source={source} onPick={pick} />
          </div>
        ))}
      </div>
    </section>
  );
}
