// The drawing of the history: one row a client, one bar an operation.

import type { ReactNode } from 'react';
import type { FaultFrame } from '../../../run-model/picture/frame.ts';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { FaultBands } from '../fault-bands.tsx';
import type { OperationBar, OperationModel } from './operations.ts';

const left = 84;
const rowHeight = 26;
const top = 24;
/** Rows and bars drawn; the words count all. */
const rowLimit = 40;
const barLimit = 1500;

const hues = { ok: 'ack', error: 'fence', unknown: 'hole', open: 'client' } as const;

/** The bar, open at its right end while nothing is known of its return. */
function barPath(bar: OperationBar, x: (at: number) => number, y: number): string {
  const from = x(bar.from);
  const to = Math.max(from + 3, x(bar.to));
  const isOpen = bar.outcome === 'open' || bar.outcome === 'unknown';
  return isOpen ? `M${to} ${y}H${from}V${y + 16}H${to}` : `M${from} ${y}H${to}V${y + 16}H${from}Z`;
}

/** Faults that were in force in the stretch, as far as they lie in it. */
export const faultSpans = (
  faults: readonly FaultFrame[],
  { from, to }: Pick<OperationModel, 'from' | 'to'>,
): readonly { readonly text: string; readonly from: number; readonly to: number }[] =>
  faults
    .map(({ text, at, until }) => ({ text, from: Math.max(from, at), to: Math.min(to, until ?? to) }))
    .filter((span) => span.from <= to && span.to >= from && span.from <= span.to);

/** px of a time on the axis, with what keeps it from the next one. */
const timeWidth = 68;

/** Quarters of the stretch, fewer where their times have no room. */
function sharesIn(width: number): readonly number[] {
  const parts = width >= 4.5 * timeWidth ? 4 : width >= 2.5 * timeWidth ? 2 : 1;
  return Array.from({ length: parts + 1 }, (_, i) => i / parts);
}

export function HistoryPlot({
  model,
  faults,
  width,
  label,
}: {
  readonly model: OperationModel;
  readonly faults: readonly FaultFrame[];
  readonly width: number;
  readonly label: string;
}): ReactNode {
  const t = useT();
  const span = Math.max(1, model.to - model.from);
  const x = (at: number): number =>
    Math.round((left + ((Math.max(model.from, at) - model.from) / span) * (width - left - 8)) * 10) / 10;
  const clients = model.clients.slice(0, rowLimit);
  const bars = model.bars.filter(({ key }) => model.key === null || key === model.key).slice(-barLimit);
  return (
    <svg data-plot role="img" aria-label={label} width={width} height={top + clients.length * rowHeight + 8}>
      <FaultBands faults={faultSpans(faults, model)} x={x} top={top} height={clients.length * rowHeight} />
      {sharesIn(width - left).map((share) => (
        <text
          key={share}
          x={x(model.from + share * span)}
          y={14}
          fontSize={12}
          textAnchor={share === 1 ? 'end' : 'middle'}
          fill="var(--text-muted)"
          className="mono"
        >
          {millis(Math.round(model.from + share * span))}
        </text>
      ))}
      {clients.map((client, row) => (
        <g key={client}>
          <text x={4} y={top + row * rowHeight + 16} fontSize={12} fill="var(--text)">
            {client}
          </text>
          <path d={`M${left} ${top + row * rowHeight + 24.5}H${width - 8}`} stroke="var(--line)" />
        </g>
      ))}
      {bars.map((bar) => {
        const row = clients.indexOf(bar.client);
        if (row === -1) return null;
        const y = top + row * rowHeight + 4;
        const hue = bar.isFault ? 'fence' : hues[bar.outcome];
        return (
          <g key={bar.id}>
            <path
              d={barPath(bar, x, y)}
              fill={`color-mix(in srgb, var(--${hue}) 28%, var(--bg-1))`}
              stroke={`var(--${hue})`}
              strokeWidth={bar.isFault ? 2.5 : 1}
              {...(bar.outcome === 'unknown' ? { strokeDasharray: '4 3' } : {})}
            >
              <title>
                {`${bar.client} ${bar.operation} ${bar.key} ${bar.value} ${t(`checks.outcome.${bar.outcome}`)}`}
              </title>
            </path>
            {bar.place !== null && (
              <text x={x(bar.from) + 4} y={y + 12} fontSize={12} fontWeight={700} fill="var(--text)">
                {bar.place}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
