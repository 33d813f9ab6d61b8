// Charts of lens 4.11 as one drawing, for an export and for a frozen copy; on the page they are on canvases.

import type { ReactNode } from 'react';
import type { MetricsSeries } from '../../../state/metrics-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { wordsWidth } from '../../kit/words-width.ts';
import { bandText } from './band-text.ts';
import { type ChartLine, type ChartSpec, numberText } from './charts.ts';
import type { Band } from './phases.ts';
import {
  type ChartShape,
  chartShape,
  chartSize,
  type Frame,
  nameRow,
  placeCharts,
  placeNames,
  plotInset,
} from './picture-shape.ts';

/** px of a letter of a name, of the bold title, and of a line's sample before its name. */
const letterPx = 6.1;
const titleLetterPx = 6.6;
const keyWidth = 20;

const nameOf = ({ label }: ChartLine, t: Translate): string =>
  typeof label === 'string' ? label : t(label.key);

/** A chart of one line says with its title what it is. */
function namesOf({ title, lines }: ChartSpec, { width }: Frame, t: Translate): ReturnType<typeof placeNames> {
  const named = lines.length > 1 ? lines : [];
  return placeNames(
    wordsWidth(t(title), titleLetterPx) + 16,
    named.map((line) => keyWidth + wordsWidth(nameOf(line, t), letterPx) + 10),
    width,
  );
}

/** Below the title and the names, of which there may be several rows. */
function plotOf(spec: ChartSpec, frame: Frame, t: Translate): Frame {
  const top = plotInset.top + (namesOf(spec, frame, t).rows - 1) * nameRow;
  return {
    x: frame.x + plotInset.left,
    y: frame.y + top,
    width: frame.width - plotInset.left - plotInset.right,
    height: frame.height - top - plotInset.bottom,
  };
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly shape: ChartShape;
  readonly frame: Frame;
}

/** Title, and what each line is called where there are several. */
function Head({ spec, frame }: Pick<ChartProps, 'spec' | 'frame'>): ReactNode {
  const t = useT();
  const { places } = namesOf(spec, frame, t);
  return (
    <>
      <text x={frame.x} y={frame.y + 14} fontSize={12} fontWeight={600} fill="var(--text)">
        {t(spec.title)}
      </text>
      {places.map((place, i) => {
        const line = spec.lines[i];
        if (line === undefined) return null;
        const [x, y] = [frame.x + place.x, frame.y + place.row * nameRow];
        return (
          <g key={nameOf(line, t)} stroke={`var(--${line.hue})`}>
            {line.isPoints === true ? (
              <circle cx={x + 10} cy={y + 10} r={3.5} fill={`var(--${line.hue})`} />
            ) : (
              <path
                d={`M${x} ${y + 10}h${keyWidth - 4}`}
                strokeWidth={2}
                strokeDasharray={line.dash?.join(' ')}
              />
            )}
            <text x={x + keyWidth} y={y + 14} fontSize={12} stroke="none" fill={`var(--${line.hue})`}>
              {nameOf(line, t)}
            </text>
          </g>
        );
      })}
    </>
  );
}

function PictureChart({ spec, shape, frame }: ChartProps): ReactNode {
  const t = useT();
  const plot = plotOf(spec, frame, t);
  const bottom = plot.y + plot.height;
  const right = plot.x + plot.width;
  return (
    <g>
      <Head spec={spec} frame={frame} />
      {shape.bands.map(({ band, x, width }) => (
        <rect
          key={`${band.kind} ${band.of} ${band.from}`}
          x={x}
          y={plot.y}
          width={width}
          height={plot.height}
          fill={`var(--${band.kind === 'fault' ? 'hole' : 'reader'})`}
          fillOpacity={0.1}
          stroke={`var(--${band.kind === 'fault' ? 'hole' : 'reader'})`}
          strokeOpacity={0.7}
          strokeDasharray={band.kind === 'fault' ? undefined : '2 3'}
        >
          <title>{`${t(`metrics.phase.${band.kind}`)} ${bandText(band, t)}`}</title>
        </rect>
      ))}
      {[0, 0.5, 1].map((share) => (
        <g key={share} fontSize={12} fill="var(--text-muted)">
          <path d={`M${plot.x} ${bottom - share * plot.height}H${right}`} stroke="var(--line)" />
          <text x={plot.x - 6} y={bottom - share * plot.height + 4} textAnchor="end">
            {numberText(shape.most * share)}
          </text>
          <text
            x={plot.x + share * plot.width}
            y={bottom + 16}
            textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
          >
            {`${numberText(shape.fromMs + share * (shape.toMs - shape.fromMs))} ms`}
          </text>
        </g>
      ))}
      {shape.lines.map(({ hue, dash, d, points }) => (
        <g key={`${hue} ${dash.join(' ')} ${d.length} ${points.length}`}>
          <path
            d={d}
            fill="none"
            stroke={`var(--${hue})`}
            strokeWidth={2}
            strokeLinejoin="round"
            strokeDasharray={dash.length === 0 ? undefined : dash.join(' ')}
          />
          {points.map(([x, y]) => (
            <circle key={x} cx={x} cy={y} r={3.5} fill={`var(--${hue})`} />
          ))}
        </g>
      ))}
    </g>
  );
}

/** What charts showed at one moment. */
export interface ChartsShown {
  readonly specs: readonly ChartSpec[];
  readonly series: MetricsSeries;
  readonly bands: readonly Band[];
  /** Virtual µs. */
  readonly now: number;
}

interface PictureProps {
  readonly shown: ChartsShown | null;
  readonly columns: 1 | 2;
  readonly label: string;
  /** Out of sight: the export takes it from the page. */
  readonly isExport: boolean;
}

export function MetricsPicture({ shown, columns, label, isExport }: PictureProps): ReactNode {
  const t = useT();
  const placed = shown === null ? [] : placeCharts(shown.specs, columns);
  const width = columns * chartSize.width;
  const height = Math.max(1, ...placed.map(([, frame]) => frame.y + frame.height));
  return (
    <svg
      {...(isExport ? { 'data-plot': true } : {})}
      role="img"
      aria-label={label}
      aria-hidden={isExport}
      className={isExport ? 'hidden' : 'block max-w-full'}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {placed.map(([spec, frame]) => {
        if (shown === null) return null;
        const shape = chartShape(spec, shown.series, shown.bands, shown.now, plotOf(spec, frame, t));
        return shape === null ? null : <PictureChart key={spec.id} spec={spec} shape={shape} frame={frame} />;
      })}
    </svg>
  );
}
