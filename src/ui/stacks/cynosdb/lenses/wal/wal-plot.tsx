// The plot of lens 4.1 as SVG: axis, records of the group by MTR, one row of runs per replica with its numbers, copies,
// fate, and the rulers of VCL and VDL. Runs are drawn, not cells. Hidden from the accessibility tree: the table
// beside it says the same, and what is done here by pointer (choosing a replica, a record, a range) the lens offers as controls as well.

import { memo, type ReactNode } from 'react';
import { type PlainKey, useT } from '../../../../i18n/i18n.ts';
import { axisY } from '../../../../plot/lsn-axis.tsx';
import { LsnRulers } from '../../../../plot/lsn-plot.tsx';
import type { WalModel } from './model.ts';
import { Annulled, Axis, rulersOf } from './plot-axis.tsx';
import { Copies, Fate } from './plot-fate.tsx';
import { Limit, limitHeight } from './plot-limit.tsx';
import { LogRow } from './plot-log.tsx';
import { Row } from './plot-replicas.tsx';
import {
  columnWidth,
  makeScale,
  type PlotAxis,
  type PlotColumn,
  plotColumns,
  recordsY,
  rowHeight,
  rowsY,
  type Scale,
} from './plot-scale.ts';
import { Terms, termsHeight, Zones } from './plot-zones.tsx';
import { type ChosenRange, type PressProps, usePress } from './use-press.ts';

interface PlotProps extends PressProps {
  readonly width: number;
  readonly axis?: PlotAxis;
  /** LSN whose record is chosen. */
  readonly chosen?: number | null;
  readonly range?: ChosenRange | null;
  /** Replica under the pointer. */
  readonly hot?: string | null;
  readonly isLit?: (node: string, first: number, end: number) => boolean;
  /** Moves the window by so many LSNs. */
  readonly onPan?: (by: number) => void;
}

const always = (): boolean => true;

interface RangeMarkProps {
  readonly range: ChosenRange;
  readonly model: WalModel;
  readonly scale: Scale;
}

function RangeMark({ range, model, scale }: RangeMarkProps): ReactNode {
  const row = model.rows.findIndex(({ node }) => node === range.node);
  const first = Math.max(range.first, scale.from);
  const end = Math.min(range.end, scale.to);
  if (end <= first) return null;
  return (
    <rect
      x={scale.x(first)}
      y={row < 0 ? recordsY : rowsY + row * rowHeight + 3}
      width={scale.span(first, end)}
      height={row < 0 ? 22 + model.rows.length * rowHeight : rowHeight - 6}
      rx={3}
      fill="var(--accent)"
      fillOpacity={0.14}
      stroke="var(--accent)"
      strokeWidth={1.5}
      pointerEvents="none"
    />
  );
}

interface ColumnHeadsProps {
  readonly columns: readonly PlotColumn[];
  readonly scale: Scale;
}

const heads: Readonly<Record<PlotColumn, readonly [PlainKey, term: string]>> = {
  SCL: ['lens.columnScl', 'scl'],
  NCL: ['lens.columnNcl', 'ncl'],
  NWL: ['lens.columnNwl', 'nwl'],
  'pgcl~': ['lens.columnPgcl', 'pgcl'],
  'eff.': ['lens.columnEffective', ''],
  term: ['lens.columnTerm', 'term'],
};

function ColumnHeads({ columns, scale }: ColumnHeadsProps): ReactNode {
  const t = useT();
  return columns.map((name, i) => (
    <text
      key={name}
      x={scale.right + 12 + (i + 1) * columnWidth - 4}
      y={axisY}
      fontSize={12}
      textAnchor="end"
      fill="var(--text-muted)"
      data-term={heads[name][1] || undefined}
    >
      {t(heads[name][0])}
    </text>
  ));
}

export const WalPlot = memo(function WalPlot(props: PlotProps): ReactNode {
  const t = useT();
  const { model, width, chosen = null, range = null, isLit = always } = props;
  const scale = makeScale(model, width, props.axis);
  const { drawn, handlers } = usePress(props, scale);
  const columns = plotColumns(width, model.recovery !== null);
  const rulers = rulersOf(model, scale.right);
  const limitY = rowsY + model.rows.length * rowHeight + 4;
  const copiesY = limitY + limitHeight;
  const fateY = copiesY + 24;
  const bottom = fateY + 24;
  // The same height with and without a bracket: nothing below moves when too little is known for one.
  const termsY = bottom + 22;
  const height = termsY + (model.terms.length > 0 ? termsHeight : 0);
  const marked = drawn ?? range;
  const label = (y: number, text: string): ReactNode => (
    <text x={0} y={y} fontSize={12} fill="var(--text-muted)">
      {text}
    </text>
  );
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      data-plot
      className="touch-pan-y select-none"
      {...handlers}
      onWheel={(event) => {
        const by = event.shiftKey ? event.deltaY : event.deltaX;
        if (by !== 0) props.onPan?.(Math.sign(by) * Math.max(1, Math.round(Math.abs(by) / scale.cell)));
      }}
    >
      <rect width={width} height={height} fill="transparent" />
      <Axis scale={scale} bottom={bottom} rulers={rulers.map(({ at }) => at)} />
      <ColumnHeads columns={columns} scale={scale} />
      {label(recordsY + 13, t('lens.logOf', { group: model.group }))}
      <LogRow model={model} scale={scale} chosen={chosen} />
      {model.rows.map((row, i) => (
        <Row
          key={row.node}
          row={row}
          y={rowsY + i * rowHeight}
          scale={scale}
          columns={columns}
          selected={row.node === model.selected?.node}
          hot={row.node === props.hot}
          isLit={isLit}
        />
      ))}
      <Zones rows={model.rows} top={rowsY} />
      {label(limitY + 14, t('walLimit.label'))}
      <Limit
        limit={model.limit}
        scale={scale}
        width={width}
        rulers={rulers.map(({ at }) => scale.x(at))}
        y={limitY}
      />
      {label(copiesY + 14, t('lens.copies'))}
      <Copies model={model} scale={scale} y={copiesY} lines={rulers.map(({ at }) => scale.x(at))} />
      {model.bracket !== null && label(fateY + 14, t('lens.fate'))}
      {model.bracket !== null && (
        <Fate
          bracket={model.bracket}
          unreadable={model.unreadable}
          tail={model.tail}
          scale={scale}
          y={fateY}
          rulers={rulers.map(({ at }) => scale.x(at))}
        />
      )}
      {model.terms.length > 0 && label(termsY + 13, t('lens.terms'))}
      <Terms model={model} scale={scale} y={termsY} />
      <Annulled model={model} scale={scale} bottom={bottom} t={t} />
      <LsnRulers rulers={rulers} scale={scale} bottom={bottom} />
      {marked !== null && <RangeMark range={marked} model={model} scale={scale} />}
    </svg>
  );
});
