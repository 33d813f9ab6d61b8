// Metrics: commits a second, commit latency, VDL behind VCL, as small charts over virtual time with one cursor (uPlot).

import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { type MetricsSeries, metricsStore } from '../../state/metrics-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';

interface ChartSpec {
  readonly id: string;
  readonly title: PlainKey;
  readonly lines: readonly {
    readonly hue: string;
    readonly label: string;
    /** Lines of one chart differ in more than colour. */
    readonly dash?: readonly number[];
    readonly values: (series: MetricsSeries) => readonly (number | null)[];
  }[];
}

const charts: readonly ChartSpec[] = [
  {
    id: 'commits',
    title: 'metrics.commits',
    lines: [{ hue: 'ack', label: '/s', values: (series) => series.commitsPerSecond }],
  },
  {
    id: 'latency',
    title: 'metrics.latency',
    lines: [
      { hue: 'wal', label: 'p50', values: (series) => series.latencyP50Ms },
      { hue: 'hole', label: 'p95', dash: [6, 4], values: (series) => series.latencyP95Ms },
    ],
  },
  {
    id: 'behind',
    title: 'metrics.behind',
    lines: [{ hue: 'reader', label: 'LSN', values: (series) => series.behind }],
  },
];

/** Redrawn at most this often, wall ms. */
const redrawMs = 200;

function dataOf(spec: ChartSpec, series: MetricsSeries): uPlot.AlignedData {
  return [[...series.timeMs], ...spec.lines.map((line) => [...line.values(series)])];
}

function Chart({ spec }: { readonly spec: ChartSpec }): ReactNode {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const theme = useSettings((settings) => settings.theme);
  const title = t(spec.title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads its colours when it is made, so a new theme makes a new one
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: colour('text-muted'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line') },
      font: '12px sans-serif',
    };
    const chart = new uPlot(
      {
        width: Math.max(120, element.clientWidth),
        height: Math.max(80, element.clientHeight),
        cursor: { sync: { key: 'metrics' } },
        legend: { show: false },
        scales: { x: { time: false } },
        axes: [
          { ...axis, values: (_chart, values) => values.map((value) => `${value} ms`) },
          { ...axis, size: 48 },
        ],
        series: [
          {},
          ...spec.lines.map((line) => ({
            label: line.label,
            stroke: colour(line.hue),
            width: 2,
            ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
            points: { show: false },
          })),
        ],
      },
      dataOf(spec, metricsStore.getState()),
      element,
    );
    let changed = false;
    const stop = metricsStore.subscribe(() => {
      changed = true;
    });
    const timer = setInterval(() => {
      if (changed) chart.setData(dataOf(spec, metricsStore.getState()));
      changed = false;
    }, redrawMs);
    const observer = new ResizeObserver(() =>
      chart.setSize({
        width: Math.max(120, element.clientWidth),
        height: Math.max(80, element.clientHeight),
      }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      clearInterval(timer);
      stop();
      chart.destroy();
    };
  }, [spec, theme, title]);
  return (
    <figure className="flex min-w-0 flex-1 flex-col px-3 pt-1 pb-2">
      <figcaption className="flex gap-2 text-[12px] leading-5">
        <b className="font-semibold whitespace-nowrap">{title}</b>
        {spec.lines.length > 1 &&
          spec.lines.map((line) => (
            <span
              key={line.label}
              className="flex items-center gap-1"
              style={{ color: `var(--${line.hue})` }}
            >
              <svg width={20} height={12} aria-hidden="true">
                <path
                  d="M0 6H20"
                  stroke="currentColor"
                  strokeWidth={2}
                  strokeDasharray={line.dash?.join(' ')}
                />
              </svg>
              {line.label}
            </span>
          ))}
      </figcaption>
      <div ref={host} className="min-h-0 flex-1" aria-hidden="true" />
    </figure>
  );
}

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
    [t('metrics.behind'), String(Math.max(0, metrics.vcl - metrics.vdl))],
    [t('metrics.holes'), String(metrics.holesOpen)],
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

export function Metrics(): ReactNode {
  const t = useT();
  return (
    <section aria-label={t('dock.metrics')} className="flex h-full min-h-0 flex-col">
      <Now />
      <div className="flex min-h-0 flex-1">
        {charts.map((spec) => (
          <Chart key={spec.id} spec={spec} />
        ))}
      </div>
    </section>
  );
}
