// One small chart (uPlot): lines over virtual time, faults as bands, the moment shown as a line, one cursor for all.

import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { frameStore } from '../../../state/frame-store.ts';
import { type MetricsSeries, metricsStore } from '../../../state/metrics-store.ts';
import { useSettings } from '../../../state/settings-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { inTurn } from './chart-turns.ts';
import type { ChartLine, ChartSpec } from './charts.ts';

/** Redrawn at most this often, wall ms. */
const redrawMs = 400;

const nameOf = (line: ChartLine, t: Translate): string =>
  typeof line.label === 'string' ? line.label : t(line.label.key);

function dataOf(spec: ChartSpec, series: MetricsSeries): uPlot.AlignedData {
  return [[...series.timeMs], ...spec.lines.map((line) => [...line.values(series)])];
}

/** Where a virtual time stands, px of the canvas; the nearest edge for what lies outside. */
const placeOf = (chart: uPlot, us: number): number =>
  Math.min(
    chart.bbox.left + chart.bbox.width,
    Math.max(chart.bbox.left, chart.valToPos(us / 1000, 'x', true)),
  );

/** What a chart draws; the same again needs no drawing. */
function drawnOf(chart: uPlot): readonly unknown[] {
  const { frame } = frameStore.getState();
  return [
    metricsStore.getState(),
    Math.round(placeOf(chart, frame?.time ?? 0)),
    ...(frame?.faults.flatMap(({ at, until }) => [at, until]) ?? []),
  ];
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** Faults behind the lines, and the playhead over them. */
function drawTime(chart: uPlot, band: string, head: string): void {
  const { frame } = frameStore.getState();
  if (frame === null) return;
  const { ctx, bbox } = chart;
  const x = (us: number): number => placeOf(chart, us);
  ctx.save();
  for (const { at, until } of frame.faults) {
    const from = x(at);
    const to = x(until ?? frame.time);
    if (to <= bbox.left || from >= bbox.left + bbox.width) continue;
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = band;
    ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    // Its beginning, and its end once it has one: the lines of the chart stay what the eye sees first.
    ctx.globalAlpha = 0.7;
    ctx.fillRect(from, bbox.top, 1, bbox.height);
    if (until !== null) ctx.fillRect(to, bbox.top, 1, bbox.height);
    ctx.globalAlpha = 1;
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = head;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x(frame.time), bbox.top);
  ctx.lineTo(x(frame.time), bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Steps of a scale that counts. */
const wholeSteps = Array.from({ length: 7 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** From zero, so that heights compare; what is nothing all the time lies on a scale of one. */
function valueRange(low: number | null, high: number | null): uPlot.Range.MinMax {
  const [least, most] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)];
  return least === most ? [0, 1] : uPlot.rangeNum(least, most, 0.1, true);
}

const sizeOf = (element: HTMLElement) => ({
  width: Math.max(120, element.clientWidth),
  height: Math.max(80, element.clientHeight),
});

/** A chart of the newest data in the element's colours and size. */
function makeChart(element: HTMLElement, spec: ChartSpec, t: Translate): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('text-muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line') },
    font: '12px sans-serif',
  };
  const [hole, accent] = [colour('hole'), colour('accent')];
  return new uPlot(
    {
      ...sizeOf(element),
      cursor: { sync: { key: 'metrics' } },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_chart, low, high) => valueRange(low, high) } },
      axes: [
        { ...axis, size: 28, values: (_chart, values) => values.map((value) => `${value} ms`) },
        { ...axis, size: 48, space: 24, ...(spec.isCount === true ? { incrs: wholeSteps } : {}) },
      ],
      series: [
        {},
        ...spec.lines.map((line) => ({
          label: nameOf(line, t),
          stroke: colour(line.hue),
          width: 2,
          ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
          points: { show: false },
        })),
      ],
      hooks: { draw: [(drawn) => drawTime(drawn, hole, accent)] },
    },
    dataOf(spec, metricsStore.getState()),
    element,
  );
}

/** Makes the chart in its turn and keeps it as the stores are, until it is taken back. */
function keepChart(
  element: HTMLElement,
  spec: ChartSpec,
  t: Translate,
  pick: (atMs: number) => void,
): () => void {
  let chart: uPlot | null = null;
  let drawn: readonly unknown[] = [];
  const redraw = (): void => {
    takeBack = null;
    if (chart === null) {
      const made = makeChart(element, spec, t);
      chart = made;
      made.over.addEventListener('click', () => {
        const left = made.cursor.left ?? -1;
        if (left >= 0) pick(made.posToVal(left, 'x'));
      });
      observer.observe(element);
    } else if (!isSameList(drawn, drawnOf(chart))) chart.setData(dataOf(spec, metricsStore.getState()));
    drawn = drawnOf(chart);
  };
  const observer = new ResizeObserver(() => chart?.setSize(sizeOf(element)));
  let takeBack: (() => void) | null = inTurn(redraw);
  const timer = setInterval(() => {
    takeBack ??= inTurn(redraw);
  }, redrawMs);
  return () => {
    observer.disconnect();
    clearInterval(timer);
    takeBack?.();
    chart?.destroy();
  };
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly onPick: (atMs: number) => void;
}

export function Chart({ spec, onPick }: ChartProps): ReactNode {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const theme = useSettings((settings) => settings.theme);
  const title = t(spec.title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads its colours when it is made, so a new theme makes a new one
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    return keepChart(element, spec, t, (atMs) => pick.current(atMs));
  }, [spec, theme, title]);
  return (
    <figure className="flex h-full min-w-0 flex-1 flex-col px-4 pt-1 pb-2">
      <figcaption className="flex flex-wrap gap-x-2 text-[12px] leading-5">
        <b className="font-semibold">{title}</b>
        {spec.lines.length > 1 &&
          spec.lines.map((line) => (
            <span key={line.hue} className="flex items-center gap-1" style={{ color: `var(--${line.hue})` }}>
              <svg width={20} height={12} aria-hidden="true">
                <path
                  d="M0 6H20"
                  stroke="currentColor"
                  strokeWidth={2}
                  strokeDasharray={line.dash?.join(' ')}
                />
              </svg>
              {nameOf(line, t)}
            </span>
          ))}
      </figcaption>
      <div ref={host} className="min-h-0 flex-1" aria-hidden="true" />
    </figure>
  );
}
