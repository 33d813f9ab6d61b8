// The drawing of a trace: a row a span, indented by cause. A call has its way there and back as thin lines and its receiver's work as
// a bar; what was lost ends in a cross, what is not ended in an open end. Arrow keys choose a row.

import { type KeyboardEvent, type ReactNode, useId } from 'react';
import type { Span } from '../../../run-model/spans/span.ts';
import { useT } from '../../i18n/i18n.ts';
import { duration, millis } from '../../kit/format.ts';
import { wordsWidth } from '../../kit/words-width.ts';
import { timeTicks } from '../../plot/ticks.ts';
import { hueOf, spanName, type Waterfall, type WaterfallRow } from './waterfall.ts';
import '../../../words/lens/traces.en.json';

const rowHeight = 22;
const top = 30;
const foot = 8;
const indent = 10;
/** Of the monospaced face at 12 px. */
const charWidth = 7.3;

interface PlotProps {
  readonly model: Waterfall;
  readonly width: number;
  readonly label: string;
  readonly chosen: string | null;
  /** Absent: a copy that nothing is chosen in. */
  readonly onChoose?: (id: string) => void;
}

type Scale = (at: number) => number;

/** What became of it, as a shape at its end. */
function EndMark({ span, x, y }: { readonly span: Span; readonly x: number; readonly y: number }): ReactNode {
  if (span.status === 'lost' || span.status === 'error')
    return (
      <path
        d={`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`}
        stroke="var(--fence)"
        strokeWidth={2}
        fill="none"
        data-mark={span.status}
      />
    );
  if (span.status === 'unanswered' || span.status === 'open' || span.status === 'held')
    return (
      <circle
        cx={x + 2}
        cy={y}
        r={3.5}
        fill="var(--bg-1)"
        stroke={span.status === 'unanswered' ? 'var(--fence)' : 'var(--text-muted)'}
        strokeWidth={1.5}
        data-mark={span.status}
      />
    );
  return null;
}

function Bar({
  row,
  x,
  y,
}: {
  readonly row: WaterfallRow;
  readonly x: Scale;
  readonly y: number;
}): ReactNode {
  const { span, to } = row;
  const color = `var(--${hueOf(span)})`;
  const isCall = span.kind === 'call';
  const begin = isCall ? (span.receivedAt ?? to) : span.start;
  const end = isCall ? Math.max(begin, span.workedUntil ?? begin) : to;
  const lostAt = typeof span.attributes.lostAt === 'number' ? span.attributes.lostAt : to;
  const last = span.status === 'lost' && isCall ? Math.max(span.start, lostAt) : Math.max(end, to);
  const hasWork = !isCall || span.receivedAt !== null;
  return (
    <>
      {isCall && (
        <path
          d={`M${x(span.start)} ${y}H${x(last)}`}
          stroke={color}
          strokeWidth={1.5}
          strokeDasharray={span.end === null ? '3 3' : undefined}
        />
      )}
      {hasWork && (
        <rect
          x={x(begin)}
          y={y - 6}
          width={Math.max(2, x(end) - x(begin))}
          height={12}
          rx={2}
          fill={`color-mix(in srgb, ${color} ${span.kind === 'disk' ? 25 : 45}%, var(--bg-1))`}
          stroke={color}
        />
      )}
      {span.events.map(({ at, name }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events of a span keep their order
        <path key={`${name} ${i}`} d={`M${x(at)} ${y - 6}v12`} stroke={color} strokeWidth={0.75} />
      ))}
      <EndMark span={span} x={x(last)} y={y} />
    </>
  );
}

/** In words, for the pointer. */
function useTitle(): (span: Span) => string {
  const t = useT();
  return (span) => {
    const end = span.end ?? span.workedUntil ?? span.start;
    return `${spanName(span)}, ${millis(span.start)}, ${duration(end - span.start)}, ${t(`traces.status.${span.status}`)}`;
  };
}

/** As wide as the longest name, up to half of the drawing; what is cut there is in the row's title. */
function labelWidth({ rows }: Waterfall, width: number): number {
  const longest = rows.map(({ span, depth }) => 14 + depth * indent + wordsWidth(spanName(span), charWidth));
  return Math.min(width / 2, Math.max(120, ...longest));
}

export function WaterfallPlot({ model, width, label, chosen, onChoose }: PlotProps): ReactNode {
  const title = useTitle();
  const clip = useId();
  const { rows, from, to } = model;
  const labels = labelWidth(model, width);
  const right = width - 14;
  const x: Scale = (at) => labels + ((at - from) / (to - from)) * (right - labels);
  const height = top + rows.length * rowHeight + foot;
  const step = (event: KeyboardEvent): void => {
    const at = rows.findIndex(({ span }) => span.id === chosen);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const place = places[event.key];
    const row = place === undefined ? undefined : rows[Math.min(rows.length - 1, Math.max(0, place))];
    if (row === undefined) return;
    onChoose?.(row.span.id);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <svg
      data-plot
      width={width}
      height={height}
      role="img"
      aria-label={label}
      {...(onChoose === undefined ? {} : { tabIndex: 0, onKeyDown: step })}
      className="block"
    >
      <clipPath id={clip}>
        <rect x={0} y={0} width={labels - 6} height={height} />
      </clipPath>
      {timeTicks(from, to, Math.max(2, Math.floor((right - labels) / 80))).map((at) => (
        <g key={at}>
          <path d={`M${x(at)} 22V${height - foot}`} stroke="var(--line)" />
          <text x={x(at)} y={16} fontSize={12} textAnchor="middle" fill="var(--text-muted)" className="mono">
            {millis(at)}
          </text>
        </g>
      ))}
      {rows.map((row, i) => {
        const { span, depth } = row;
        const y = top + i * rowHeight + rowHeight / 2;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard rows are chosen with the arrow keys of the drawing
          <g key={span.id} data-hover={`node ${span.node}`} onClick={() => onChoose?.(span.id)}>
            <rect
              x={0}
              y={y - rowHeight / 2}
              width={width}
              height={rowHeight}
              fill={span.id === chosen ? 'var(--bg-2)' : 'transparent'}
            />
            <text
              x={6 + depth * indent}
              y={y + 4}
              fontSize={12}
              fill="var(--text)"
              clipPath={`url(#${clip})`}
              className="mono"
            >
              {spanName(span)}
            </text>
            <Bar row={row} x={x} y={y} />
            <title>{title(span)}</title>
          </g>
        );
      })}
    </svg>
  );
}
