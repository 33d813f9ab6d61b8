// Every chart of lens 4.11 as one drawing for an export; on the page the charts themselves are on canvases.

import type { ReactNode } from 'react';
import { frameStore } from '../../../state/frame-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { wordsWidth } from '../words-width.ts';
import { bandText } from './band-text.ts';
import type { ChartSource } from './chart-source.ts';
import { type ChartSpec, numberText } from './charts.ts';
import {
  type ChartShape,
  chartShape,
  chartSize,
  type Frame,
  placeCharts,
  plotInset,
} from './picture-shape.ts';

const plotOf = ({ x, y, width, height }: Frame): Frame => ({
  x: x + plotInset.left,
  y: y + plotInset.top,
  width: width - plotInset.left - plotInset.right,
  height: height - plotInset.top - plotInset.bottom,
});

const letterPx = 6.1;
const keyWidth = 20;

interface ChartProps {
  readonly spec: ChartSpec;
  readonly shape: ChartShape;
  readonly frame: Frame;
}

/** Title, and what each line is called where there are several. */
function Head({ spec, frame }: Pick<ChartProps, 'spec' | 'frame'>): ReactNode {
  const t = useT();
  const title = t(spec.title);
  let x = frame.x + wordsWidth(title, 6.6) + 16;
  return (
    <>
      <text x={frame.x} y={frame.y + 14} fontSize={12} fontWeight={600} fill="var(--text)">
        {title}
      </text>
      {spec.lines.length > 1 &&
        spec.lines.map((line) => {
          const name = typeof line.label === 'string' ? line.label : t(line.label.key);
          const at = x;
          x += keyWidth + wordsWidth(name, letterPx) + 10;
          return (
            <g key={name} stroke={`var(--${line.hue})`}>
              {line.isPoints === true ? (
                <circle cx={at + 10} cy={frame.y + 10} r={3.5} fill={`var(--${line.hue})`} />
              ) : (
                <path
                  d={`M${at} ${frame.y + 10}h${keyWidth - 4}`}
                  strokeWidth={2}
                  strokeDasharray={line.dash?.join(' ')}
                />
              )}
              <text
                x={at + keyWidth}
                y={frame.y + 14}
                fontSize={12}
                stroke="none"
                fill={`var(--${line.hue})`}
              >
                {name}
              </text>
            </g>
          );
        })}
    </>
  );
}

function PictureChart({ spec, shape, frame }: ChartProps): ReactNode {
  const t = useT();
  const plot = plotOf(frame);
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

interface PictureProps {
  readonly specs: readonly ChartSpec[];
  readonly source: ChartSource;
  /** While the export is made; before and after there is nothing in it. */
  readonly isDrawn: boolean;
}

/** Out of sight: an export takes it from the page. */
export function MetricsPicture({ specs, source, isDrawn }: PictureProps): ReactNode {
  const placed = isDrawn ? placeCharts(specs) : [];
  const width = 2 * chartSize.width;
  const height = Math.max(0, ...placed.map(([, frame]) => frame.y + frame.height));
  const now = frameStore.getState().frame?.time ?? 0;
  return (
    <svg
      data-plot
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${Math.max(1, height)}`}
      style={{ display: 'none' }}
    >
      {placed.map(([spec, frame]) => {
        const shape = chartShape(spec, source.series(), source.bands(), now, plotOf(frame));
        return shape === null ? null : <PictureChart key={spec.id} spec={spec} shape={shape} frame={frame} />;
      })}
    </svg>
  );
}
