// One small chart (uPlot): lines over virtual time, faults and phases as bands, the moment shown as a line, one cursor for
// all, and its peak as a button.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { frameStore } from '../../../state/frame-store.ts';
import type { MetricsSeries } from '../../../state/metrics-store.ts';
import { useSettings } from '../../../state/settings-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { drawTime, placeOf } from './chart-bands.ts';
import type { ChartSource } from './chart-source.ts';
import { inTurn } from './chart-turns.ts';
import { type ChartLine, type ChartSpec, numberText, type Peak, peakOf } from './charts.ts';

/** Redrawn at most this often, wall ms. */
const redrawMs = 400;

const nameOf = (line: ChartLine, t: Translate): string =>
  typeof line.label === 'string' ? line.label : t(line.label.key);

function dataOf(spec: ChartSpec, series: MetricsSeries): uPlot.AlignedData {
  return [[...series.timeMs], ...spec.lines.map((line) => [...line.values(series)])];
}

/** What a chart draws; the same again needs no drawing. */
function drawnOf(chart: uPlot, source: ChartSource): readonly unknown[] {
  const { frame } = frameStore.getState();
  return [
    source.series(),
    Math.round(placeOf(chart, frame?.time ?? 0)),
    ...source.bands().flatMap(({ kind, from, to }) => [kind, from, to]),
  ];
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

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
function makeChart(element: HTMLElement, spec: ChartSpec, t: Translate, source: ChartSource): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('text-muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line') },
    font: '12px sans-serif',
  };
  const colours = { fault: colour('hole'), phase: colour('reader'), head: colour('accent') };
  return new uPlot(
    {
      ...sizeOf(element),
      cursor: { sync: { key: 'metrics' } },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_chart, low, high) => valueRange(low, high) } },
      axes: [
        { ...axis, size: 28, values: (_chart, values) => values.map((value) => `${value} ms`) },
        { ...axis, size: 56, space: 24, ...(spec.isCount === true ? { incrs: wholeSteps } : {}) },
      ],
      series: [
        {},
        ...spec.lines.map((line) => ({
          label: nameOf(line, t),
          stroke: colour(line.hue),
          width: 2,
          ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
          ...(line.isPoints === true
            ? { paths: () => null, points: { show: true, size: 7, fill: colour(line.hue) } }
            : { points: { show: false } }),
        })),
      ],
      hooks: { draw: [(drawn) => drawTime(drawn, source.bands(), colours)] },
    },
    dataOf(spec, source.series()),
    element,
  );
}

/** Makes the chart in its turn and keeps it as the stores are, until it is taken back. */
function keepChart(
  element: HTMLElement,
  spec: ChartSpec,
  t: Translate,
  source: ChartSource,
  on: { readonly pick: (atMs: number) => void; readonly peak: (peak: Peak | null) => void },
): () => void {
  let chart: uPlot | null = null;
  let drawn: readonly unknown[] = [];
  let isSeen = true;
  const redraw = (): void => {
    takeBack = null;
    if (chart === null) {
      const made = makeChart(element, spec, t, source);
      chart = made;
      made.over.addEventListener('click', () => {
        const left = made.cursor.left ?? -1;
        if (left >= 0) on.pick(made.posToVal(left, 'x'));
      });
      observer.observe(element);
    }
    const next = drawnOf(chart, source);
    if (isSameList(drawn, next)) return;
    if (drawn.length > 0) chart.setData(dataOf(spec, source.series()));
    drawn = next;
    on.peak(peakOf(spec, source.series()));
  };
  const observer = new ResizeObserver(() => chart?.setSize(sizeOf(element)));
  let takeBack: (() => void) | null = inTurn(redraw);
  // What is scrolled away is drawn when it comes back.
  const sight = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    if (isSeen) takeBack ??= inTurn(redraw);
  });
  sight.observe(element);
  const timer = setInterval(() => {
    if (isSeen || chart === null) takeBack ??= inTurn(redraw);
  }, redrawMs);
  return () => {
    observer.disconnect();
    sight.disconnect();
    clearInterval(timer);
    takeBack?.();
    chart?.destroy();
  };
}

interface PeakProps {
  readonly title: string;
  readonly peak: Peak;
  readonly onPick: (atMs: number) => void;
}

/** The way to the highest moment without a pointer. */
function PeakButton({ title, peak, onPick }: PeakProps): ReactNode {
  const t = useT();
  const said = { value: numberText(peak.value), at: peak.atMs.toFixed(3) };
  return (
    <button
      type="button"
      className="mono ml-auto min-h-6 cursor-pointer rounded-s px-1 text-muted underline decoration-dotted hover:text-text"
      aria-label={t('metrics.peakReview', { title, ...said })}
      onClick={() => onPick(peak.atMs)}
    >
      {t('metrics.peak', said)}
    </button>
  );
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly source: ChartSource;
  readonly onPick: (atMs: number) => void;
}

export function Chart({ spec, source, onPick }: ChartProps): ReactNode {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [peak, setPeak] = useState<Peak | null>(null);
  const theme = useSettings((settings) => settings.theme);
  const title = t(spec.title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads its colours when it is made, so a new theme makes a new one
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const showPeak = (next: Peak | null): void =>
      setPeak((before) => (before?.atMs === next?.atMs && before?.value === next?.value ? before : next));
    return keepChart(element, spec, t, source, { pick: (atMs) => pick.current(atMs), peak: showPeak });
  }, [spec, source, theme, title]);
  return (
    <figure className="flex h-full min-w-0 flex-1 flex-col px-4 pt-1 pb-2">
      <figcaption className="flex flex-wrap items-center gap-x-2 text-[12px] leading-5">
        <b className="font-semibold">{title}</b>
        {spec.lines.length > 1 &&
          spec.lines.map((line) => (
            <span
              key={nameOf(line, t)}
              className="flex items-center gap-1"
              style={{ color: `var(--${line.hue})` }}
            >
              <svg width={20} height={12} aria-hidden="true">
                {line.isPoints === true ? (
                  <circle cx={10} cy={6} r={3.5} fill="currentColor" />
                ) : (
                  <path
                    d="M0 6H20"
                    stroke="currentColor"
                    strokeWidth={2}
                    strokeDasharray={line.dash?.join(' ')}
                  />
                )}
              </svg>
              {nameOf(line, t)}
            </span>
          ))}
        {peak !== null && <PeakButton title={title} peak={peak} onPick={onPick} />}
      </figcaption>
      <div ref={host} className="min-h-0 flex-1" aria-hidden="true" />
    </figure>
  );
}
