// A line chart as SVG: axes with their numbers, what stands behind the lines, the lines.

import type { ReactNode } from 'react';
import { groupDigits } from '../kit/format.ts';
import type { ChartShape, LineLook } from './chart-shape.ts';

const pointRadius = 3.5;

/** px of the sample of a line beside its name. */
export const keyWidth = 20;

/** The sample of a line, from `x` on at the height `y`. */
export function LineKey({ look: { hue, dash, isPoints }, x, y }: LineKeyProps): ReactNode {
  const colour = `var(--${hue})`;
  return isPoints === true ? (
    <circle cx={x + 8} cy={y} r={pointRadius} fill={colour} />
  ) : (
    <path
      d={`M${x} ${y}h${keyWidth - 4}`}
      stroke={colour}
      strokeWidth={2}
      strokeDasharray={dash?.join(' ')}
    />
  );
}

interface LineKeyProps {
  readonly look: LineLook;
  readonly x: number;
  readonly y: number;
}

/** px right of a tick that its words must have. */
const wordsRoom = 34;

interface LineChartProps {
  readonly shape: ChartShape;
  /** Words of a place on the axis. */
  readonly words: (value: number) => string;
  /** Behind the lines. */
  readonly children?: ReactNode;
}

export function LineChart({
  shape: { plot, across, up, lines },
  words,
  children,
}: LineChartProps): ReactNode {
  const [bottom, right] = [plot.y + plot.height, plot.x + plot.width];
  return (
    <>
      <g fontSize={12} fill="var(--text-muted)">
        {up.map(({ value, px }) => (
          <g key={value}>
            <path d={`M${plot.x} ${px}H${right}`} stroke="var(--line)" />
            <text x={plot.x - 6} y={px + 4} textAnchor="end">
              {value >= 100 ? groupDigits(value) : value}
            </text>
          </g>
        ))}
        {across.map(({ value, px }) => (
          <g key={value}>
            <path d={`M${px} ${plot.y}V${bottom + 4}`} stroke="var(--line)" />
            <text x={px} y={bottom + 16} textAnchor={px + wordsRoom > right ? 'end' : 'middle'}>
              {words(value)}
            </text>
          </g>
        ))}
      </g>
      {children}
      {lines.map(({ hue, dash, d, points }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a chart are always the same
        <g key={i} fill={`var(--${hue})`}>
          <path
            d={d}
            fill="none"
            stroke={`var(--${hue})`}
            strokeWidth={2}
            strokeLinejoin="round"
            strokeDasharray={dash?.join(' ')}
          />
          {points.map(([x, y]) => (
            <circle key={x} cx={x} cy={y} r={pointRadius} />
          ))}
        </g>
      ))}
    </>
  );
}
