// Charts of lens 4.11 as one drawing, the same on the screen, in a frozen copy and in an export: faults and phases behind the
// lines, the moment shown, one cursor for all, and the peak of each as a button.

import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { type ChartShape, chartShape, type Frame } from '../../plot/chart-shape.ts';
import { keyWidth, LineChart, LineKey } from '../../plot/line-chart.tsx';
import { bandKind, bandText } from './band-text.ts';
import type { Band, ChartSource, ChartsShown } from './chart-source.ts';
import { inTurn } from './chart-turns.ts';
import { nameOf, numberText, type Peak, peakOf } from './charts.ts';
import { type ChartSpec, valuesOf } from './metrics-table.ts';
import { nameRow, placeCharts, placesOfNames, plotIn, wordsPx } from './picture-shape.ts';

/** Redrawn at most this often, wall ms. */
const redrawMs = 400;
/** px between the lines of a hatch. */
const hatchStep = 7;

const isSame = (a: ChartsShown | null, b: ChartsShown): boolean =>
  a?.series === b.series &&
  a.now === b.now &&
  a.bands.length === b.bands.length &&
  a.bands.every(({ of, from, to }, i) => {
    const other = b.bands[i];
    return other?.of === of && other.from === from && other.to === to;
  });

/** What a chart draws now, read in its turn while it is in sight; null before its first. */
function useNewest(
  source: ChartSource | null,
  chart: { readonly current: Element | null },
): ChartsShown | null {
  const [newest, setNewest] = useState<ChartsShown | null>(null);
  useEffect(() => {
    if (source === null) return undefined;
    let takeBack: (() => void) | null = null;
    const read = (): void => {
      takeBack = null;
      const box = chart.current?.getBoundingClientRect();
      const pane = chart.current?.closest('section')?.getBoundingClientRect();
      if (box === undefined || pane === undefined || box.bottom < pane.top || box.top > pane.bottom) return;
      const next = source.shown();
      setNewest((before) => (isSame(before, next) ? before : next));
    };
    const ask = (): void => {
      takeBack ??= inTurn(read);
    };
    ask();
    const timer = setInterval(ask, redrawMs);
    return () => {
      clearInterval(timer);
      takeBack?.();
    };
  }, [source, chart]);
  return newest;
}

interface BandProps {
  readonly band: Band;
  readonly shape: ChartShape;
  readonly now: number;
}

/** A fault has an edge where it begins and ends, a phase a hatch and its letter. */
function BandMark({ band, shape: { plot, x }, now }: BandProps): ReactNode {
  const t = useT();
  const right = plot.x + plot.width;
  const inPlot = (us: number): number => Math.min(right, Math.max(plot.x, x(us / 1000)));
  const [from, end] = [inPlot(band.from), inPlot(band.to ?? now)];
  if (x(band.from / 1000) > right || x((band.to ?? now) / 1000) < plot.x) return null;
  const to = Math.max(from + 2, end);
  const { y, height } = plot;
  const colour = `var(--${band.letter === undefined ? 'hole' : 'reader'})`;
  let hatch = '';
  for (let foot = from - height; foot < to; foot += hatchStep) {
    const [left, top] = [Math.max(from, foot), Math.min(to, foot + height)];
    hatch += `M${left} ${y + height - (left - foot)}L${top} ${y + height - (top - foot)}`;
  }
  return (
    <g>
      <title>{`${bandKind(band, t)} ${bandText(band, t)}`}</title>
      <rect
        x={from}
        y={y}
        width={to - from}
        height={height}
        fill={colour}
        fillOpacity={band.letter === undefined ? 0.1 : 0}
      />
      {band.letter === undefined ? (
        <path
          d={`M${from} ${y}v${height}${band.to === null ? '' : `M${to} ${y}v${height}`}`}
          stroke={colour}
          strokeOpacity={0.7}
        />
      ) : (
        <>
          <path d={hatch} stroke={colour} strokeOpacity={0.35} />
          <text x={from + 2} y={y + 11} fontSize={12} fontWeight={600} fill={colour}>
            {band.letter}
          </text>
        </>
      )}
    </g>
  );
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly frame: Frame;
  /** Of one moment; else the newest of the source. */
  readonly still: ChartsShown | null;
  readonly source: ChartSource | null;
  readonly onPick: ((atMs: number) => void) | undefined;
}

function Chart({ spec, frame, still, source, onPick }: ChartProps): ReactNode {
  const t = useT();
  const group = useRef<SVGGElement>(null);
  const newest = useNewest(source, group);
  const shown = still ?? newest;
  const series = shown?.series;
  const values = useMemo(
    () => (series === undefined ? [] : spec.lines.map((line) => valuesOf(line, series))),
    [spec, series],
  );
  const peak = useMemo(() => peakOf(values, series?.timeMs ?? []), [values, series]);
  const title = t(spec.title);
  const named = spec.lines.length > 1 ? spec.lines : [];
  const said = peak === null ? null : { value: numberText(peak.value), at: peak.atMs.toFixed(3) };
  const peakText = said === null ? '' : t('metrics.peak', said);
  const names = named.map((line) => nameOf(line, t));
  const { places, rows } = placesOfNames(title, names, peakText, frame.width);
  const shape = useMemo(
    () =>
      series === undefined
        ? null
        : chartShape(spec.lines, values, series.timeMs, plotIn(frame, rows), spec.isCount),
    [spec, values, series, frame, rows],
  );
  const placeOf = (i: number): readonly [x: number, y: number] => [
    frame.x + (places[i]?.x ?? 0),
    frame.y + (places[i]?.row ?? 0) * nameRow,
  ];
  const [peakX, peakY] = placeOf(named.length);
  return (
    <g ref={group} data-chart={spec.id}>
      <text x={frame.x} y={frame.y + 14} fontSize={12} fontWeight={600} fill="var(--text)">
        {title}
      </text>
      {named.map((line, i) => {
        const [x, y] = placeOf(i);
        return (
          <g key={names[i]}>
            <LineKey look={line} x={x} y={y + 10} />
            <text x={x + keyWidth} y={y + 14} fontSize={12} fill={`var(--${line.hue})`}>
              {names[i]}
            </text>
          </g>
        );
      })}
      {peak !== null && said !== null && (
        <PeakMark
          text={peakText}
          label={t('metrics.peakReview', { title, ...said })}
          x={peakX}
          y={peakY}
          peak={peak}
          onPick={onPick}
        />
      )}
      {shape !== null && shown !== null && (
        <LineChart shape={shape} words={(ms) => `${ms} ms`}>
          {shown.bands.map((band) => (
            <BandMark
              key={`${band.title} ${band.of} ${band.from}`}
              band={band}
              shape={shape}
              now={shown.now}
            />
          ))}
          <path
            d={`M${Math.min(shape.plot.x + shape.plot.width, Math.max(shape.plot.x, shape.x(shown.now / 1000)))} ${shape.plot.y}v${shape.plot.height}`}
            stroke="var(--accent)"
            strokeWidth={2}
          />
        </LineChart>
      )}
    </g>
  );
}

interface PeakProps {
  readonly text: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly peak: Peak;
  readonly onPick: ((atMs: number) => void) | undefined;
}

/** The highest moment, and the way to it. */
function PeakMark({ text, label, x, y, peak: { atMs }, onPick }: PeakProps): ReactNode {
  const words = (
    <text x={x} y={y + 14} fontSize={12} fill="var(--text-muted)" textDecoration="underline">
      {text}
    </text>
  );
  if (onPick === undefined) return words;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of a drawing
    <g
      role="button"
      tabIndex={0}
      aria-label={label}
      className="cursor-pointer"
      onClick={(event) => {
        event.stopPropagation();
        onPick(atMs);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Enter') onPick(atMs);
      }}
    >
      <rect x={x - 2} y={y - 2} width={wordsPx(text) + 4} height={24} fill="transparent" />
      {words}
    </g>
  );
}

/** The chart under the pointer and the moment there, ms; null: none is. */
function momentAt(
  { clientX, clientY, currentTarget }: PointerEvent<SVGSVGElement>,
  frames: readonly Frame[],
  timeMs: readonly number[],
): number | null {
  const box = currentTarget.getBoundingClientRect();
  const [x, y] = [clientX - box.left, clientY - box.top];
  for (const frame of frames) {
    const plot = plotIn(frame, 1);
    if (x < plot.x || x > plot.x + plot.width || y < plot.y || y > plot.y + plot.height) continue;
    const [from = 0, to = 0] = [timeMs[0], timeMs.at(-1)];
    return from + ((x - plot.x) / plot.width) * (to - from);
  }
  return null;
}

/** A line through all charts at one moment. */
function cursorPath(atMs: number | null, frames: readonly Frame[], timeMs: readonly number[]): string {
  const [from, to] = [timeMs[0], timeMs.at(-1)];
  if (atMs === null || from === undefined || to === undefined || to <= from) return '';
  return frames
    .map((frame) => {
      const { x, y, width, height } = plotIn(frame, 1);
      return `M${Math.round(x + ((atMs - from) / (to - from)) * width) + 0.5} ${y}v${height}`;
    })
    .join('');
}

interface PictureProps {
  readonly specs: readonly ChartSpec[];
  readonly columns: number;
  /** px of one chart. */
  readonly size?: Pick<Frame, 'width' | 'height'> | undefined;
  readonly still: ChartsShown | null;
  readonly source: ChartSource | null;
  readonly label: string;
  readonly onPick?: (atMs: number) => void;
  /** The export takes it from the page; out of sight while the table is shown. */
  readonly isExport?: boolean;
  readonly isHidden?: boolean;
}

export function ChartsPicture(props: PictureProps): ReactNode {
  const { specs, columns, size, still, source, label, onPick, isExport = false, isHidden = false } = props;
  const cursor = useRef<SVGPathElement>(null);
  const [wide, high] = [size?.width, size?.height];
  const placed = useMemo(
    () =>
      placeCharts(
        specs,
        columns,
        wide === undefined || high === undefined ? undefined : { width: wide, height: high },
      ),
    [specs, columns, wide, high],
  );
  const frames = placed.map(([, frame]) => frame);
  const timeMs = (): readonly number[] => source?.series().timeMs ?? [];
  const draw = (atMs: number | null): void =>
    cursor.current?.setAttribute('d', cursorPath(atMs, frames, timeMs()));
  const width = Math.max(1, ...frames.map((frame) => frame.x + frame.width));
  const height = Math.max(1, ...frames.map((frame) => frame.y + frame.height));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing, not a form
    <svg
      {...(isExport ? { 'data-plot': true } : {})}
      role="group"
      aria-label={label}
      className={isHidden ? 'hidden' : 'block max-w-full'}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      {...(onPick === undefined
        ? {}
        : {
            onPointerMove: (event) => draw(momentAt(event, frames, timeMs())),
            onPointerLeave: () => draw(null),
            onPointerUp: (event) => {
              const at = momentAt(event, frames, timeMs());
              if (at !== null && event.button === 0) onPick(at);
            },
          })}
    >
      {placed.map(([spec, frame]) => (
        <Chart key={spec.id} spec={spec} frame={frame} still={still} source={source} onPick={onPick} />
      ))}
      <path ref={cursor} stroke="var(--text-muted)" strokeDasharray="3 3" pointerEvents="none" />
    </svg>
  );
}
