// One row of the plot: what a replica holds as runs, and its numbers.

import type { ReactNode } from 'react';
import { RunShape } from '../../../../glyphs/run-shape.tsx';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { coarseRuns } from '../../../../model/runs.ts';
import { dimmed } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { ReplicaRow } from './model.ts';
import { columnWidth, nameX, type PlotColumn, rowHeight, type Scale } from './plot-scale.ts';

const numberText = (value: number): string => (value < 0 ? '–' : String(value));

interface RowProps {
  readonly row: ReplicaRow;
  readonly y: number;
  readonly scale: Scale;
  readonly columns: readonly PlotColumn[];
  readonly selected: boolean;
  /** The pointer is on this replica, here or elsewhere. */
  readonly hot: boolean;
  /** What is selected elsewhere is lit, the rest is dimmed. */
  readonly isLit: (node: string, first: number, end: number) => boolean;
}

/** px below which runs are joined. */
const leastWidth = 1.5;

const numbersOf = (row: ReplicaRow): Readonly<Record<PlotColumn, number>> => ({
  SCL: row.scl,
  'eff.': row.effective ?? -1,
  NCL: row.ncl,
  NWL: row.nwl,
  'pgcl~': row.pgcl,
  term: row.list?.term ?? -1,
});

/** What is not as usual with a replica, in a word below its name. */
function noteOf({ health, member }: ReplicaRow, t: Translate): string {
  if (health === 'down') return t('health.down');
  if (health === 'frozen') return t('health.frozen');
  return member === 'voter' ? '' : t(`member.${member}`);
}

/** Runs too narrow to see are drawn as one: what is missing or asked for outshows what is there. */
function Runs({ row, y, scale, isLit }: Pick<RowProps, 'row' | 'y' | 'scale' | 'isLit'>): ReactNode {
  return coarseRuns(row.runs, leastWidth / scale.cell).map((run) => {
    const x = scale.x(run.first);
    const width = scale.span(run.first, run.end);
    if (width <= 0) return null;
    return (
      <g
        key={`${run.kind}${run.first}`}
        opacity={isLit(row.node, run.first, run.end) ? 1 : dimmed}
        data-run-kind={run.kind}
        {...(run.request === null
          ? {}
          : { 'data-hover': hoverKey({ kind: 'request', node: row.node, id: run.request }) })}
      >
        <RunShape kind={run.kind} x={x} y={y + 7} width={width} height={18} />
        {run.kind === 'sent' && run.request !== null && width >= 40 && (
          <>
            <rect x={x + width / 2 - 12} y={y + 9} width={24} height={14} rx={2} fill="var(--bg-1)" />
            <text
              x={x + width / 2}
              y={y + 20.5}
              fontSize={12}
              fontWeight={700}
              textAnchor="middle"
              fill="var(--hole)"
              className="mono"
            >
              {run.request}
            </text>
          </>
        )}
      </g>
    );
  });
}

/** From here on two neighbours of full size would touch. */
const wideFrom = 10_000;

export function Row({ row, y, scale, columns, selected, hot, isLit }: RowProps): ReactNode {
  const hasHoles = row.holes > 0;
  const numbers = numbersOf(row);
  const note = noteOf(row, useT());
  return (
    <g opacity={row.health === 'down' ? 0.55 : 1} data-hover={hoverKey({ kind: 'node', id: row.node })}>
      <rect
        x={0}
        y={y}
        width={scale.right + 12 + columns.length * columnWidth}
        height={rowHeight}
        rx={4}
        fill={hot ? 'var(--bg-2)' : 'transparent'}
      />
      <text
        x={nameX}
        y={y + (note === '' ? 21 : 15)}
        fontSize={13}
        fontWeight={selected ? 700 : 500}
        fill="var(--text)"
      >
        {row.node}
      </text>
      {note !== '' && (
        <text x={nameX} y={y + 28} fontSize={12} fill={row.health === 'up' ? 'var(--ctl)' : 'var(--fence)'}>
          {note}
        </text>
      )}
      <Runs row={row} y={y} scale={scale} isLit={isLit} />
      {columns.map((label, i) => {
        const alert = hasHoles && (label === 'SCL' || label === 'NCL');
        return (
          <text
            key={label}
            x={scale.right + 12 + (i + 1) * columnWidth - 4}
            y={y + 21}
            fontSize={numbers[label] < wideFrom ? 13 : 12}
            textAnchor="end"
            fontWeight={alert ? 700 : 500}
            fill={alert ? 'var(--hole)' : 'var(--text)'}
            className="mono"
            {...(label === 'pgcl~' ? { textDecoration: 'underline dotted' } : {})}
          >
            {numberText(numbers[label])}
          </text>
        );
      })}
    </g>
  );
}
