// The drawing of a plan: a row an operator, indented by what it feeds; rows, pages by where they came from, and a bar of time: dark
// its own, light what is below it. Arrow keys choose a row.

import { type ReactNode, useId } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { fitWords } from '../../../../kit/words-width.ts';
import { pageName } from '../../../../model/page-name.ts';
import { softFill } from '../../../../plot/lsn-plot.tsx';
import { stepRows } from '../../../../plot/row-keys.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import { operatorText, pagesText, rowsText } from './describe.ts';
import { measureOf, type OperatorRow, type PlanModel } from './project.ts';
import '../../../../../words/cynosdb/plan.en.json';

const rowHeight = 52;
const foot = 4;
const letter = 7.3;
const indentOf = (width: number, depth: number): number => 10 + depth * (width < 400 ? 9 : 16);

interface PlotProps {
  readonly model: PlanModel;
  readonly width: number;
  readonly label: string;
  readonly chosen: number;
  /** Absent: a copy that nothing is chosen in. */
  readonly onChoose?: (at: number) => void;
}

/** From an operator to the one that it feeds. */
function Feed({
  row,
  rows,
  at,
  width,
}: {
  row: OperatorRow;
  rows: readonly OperatorRow[];
  at: number;
  width: number;
}) {
  const above = rows[row.parent];
  if (above === undefined) return null;
  const x = indentOf(width, above.depth) + 2;
  const y = at * rowHeight + 15;
  return (
    <path
      d={`M${x} ${row.parent * rowHeight + 24}V${y}H${indentOf(width, row.depth) - 4}`}
      fill="none"
      stroke="var(--border-control)"
      strokeDasharray={row.label === '' ? undefined : '3 3'}
    />
  );
}

function TimeBar({
  row,
  model,
  x,
  y,
  right,
}: {
  row: OperatorRow;
  model: PlanModel;
  x: number;
  y: number;
  right: number;
}) {
  const { measure } = row.node;
  if (measure === undefined || model.elapsedUs === 0) return null;
  const room = right - x;
  const of = (us: number): number => Math.min(room, (us / model.elapsedUs) * room);
  return (
    <>
      <rect x={x} y={y} width={room} height={6} fill="var(--bg-2)" />
      <rect
        x={x}
        y={y}
        width={of(measure.time)}
        height={6}
        fill={softFill('wal')}
        stroke="var(--wal)"
        strokeWidth={0.5}
      />
      <rect x={x} y={y} width={of(row.ownUs)} height={6} fill="var(--wal)" />
    </>
  );
}

export function PlanPlot({ model, width, label, chosen, onChoose }: PlotProps): ReactNode {
  const t = useT();
  const clip = useId();
  const { rows } = model;
  const { view } = model.chosen ?? {};
  if (view === undefined) return null;
  const height = rows.length * rowHeight + foot;
  const right = Math.max(120, width - 10);
  return (
    <svg
      data-plot
      width={width}
      height={height}
      role="img"
      aria-label={label}
      {...(onChoose === undefined
        ? {}
        : { tabIndex: 0, onKeyDown: (event) => stepRows(event, rows.length, chosen, onChoose) })}
      className="block"
    >
      <clipPath id={clip}>
        <rect x={0} y={0} width={right} height={height} />
      </clipPath>
      {rows.map((row, at) => (
        <Feed key={row.id} row={row} rows={rows} at={at} width={width} />
      ))}
      {rows.map((row, at) => {
        const y = at * rowHeight;
        const x = indentOf(width, row.depth);
        const count = rowsText(row, t);
        const name = operatorText(row);
        const room = right - x - 12 - count.length * letter;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard rows are chosen with the arrow keys of the drawing
          <g
            key={row.id}
            data-hover={
              row.node.scan === undefined
                ? undefined
                : hoverKey({ kind: 'node', id: model.chosen?.compute ?? '' })
            }
            onClick={() => onChoose?.(at)}
          >
            <rect
              x={x - 4}
              y={y + 1}
              width={right - x + 8}
              height={rowHeight - 3}
              rx={3}
              fill={at === chosen ? 'var(--bg-2)' : 'transparent'}
              stroke={row.waits ? 'var(--hole)' : 'none'}
              strokeWidth={1.5}
            />
            <text x={x} y={y + 18} fontSize={12} fill="var(--text)" className="mono" fontWeight={600}>
              {fitWords(name, room, letter)}
            </text>
            <text x={right} y={y + 18} fontSize={12} textAnchor="end" fill="var(--text)" className="mono">
              {count}
            </text>
            <text x={x} y={y + 34} fontSize={12} fill="var(--text-muted)" className="mono">
              {fitWords(
                row.waits
                  ? t('plan.waitsFor', { page: pageName(model.waitsFor, model.tables, t) })
                  : pagesText(measureOf(row, view), t),
                right - x,
                letter,
              )}
            </text>
            <TimeBar row={row} model={model} x={x} y={y + 40} right={right} />
            <title>{[name, ...row.node.notes].join('\n')}</title>
          </g>
        );
      })}
    </svg>
  );
}
