// The plot of lens 4.8: one row per page over the LSN axis, versions as tiles and records as ticks, with the bounds of
// garbage collection and the read points as rulers. Hidden from the accessibility tree: its table is the twin.

import { memo, type ReactNode } from 'react';
import type { BlockView } from '../../../core/log-store/store-view.ts';
import { PageTile } from '../../glyphs/page-tile.tsx';
import { hoverKey } from '../../selection/hover.ts';
import { LsnAxis, lsnTicks } from '../lsn-axis.tsx';
import { Ruler } from '../ruler.tsx';
import type { ChainsModel } from './project.ts';

const labelWidth = 132;
const rowHeight = 34;
/** Records stand below the versions, so that neither hides the other. */
const recordY = 26;
const tile = 22;
const rowsY = 36;

interface Scale {
  readonly x: (lsn: number) => number;
  readonly cell: number;
  readonly from: number;
  readonly right: number;
}

interface RowProps {
  readonly row: BlockView;
  readonly group: string;
  readonly name: string;
  readonly y: number;
  readonly scale: Scale;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** What lies before the window stands at its left edge, with its LSN. */
function Versions({ row, y, scale }: Pick<RowProps, 'row' | 'y' | 'scale'>): ReactNode {
  const newest = row.versions.at(-1);
  return row.versions.map((lsn) => {
    const isPast = lsn !== newest || row.pending > 0;
    const isOlder = lsn < scale.from;
    if (isOlder && lsn !== row.versions.filter((each) => each < scale.from).at(-1)) return null;
    const x = isOlder ? labelWidth - tile - 2 : scale.x(lsn) - tile / 2;
    return (
      <g key={lsn}>
        <PageTile state={isPast ? 'past' : 'current'} x={x} y={y + 2} size={tile} />
        <title>{`@${lsn}`}</title>
      </g>
    );
  });
}

function Records({ row, y, scale }: Pick<RowProps, 'row' | 'y' | 'scale'>): ReactNode {
  const base = row.versions.at(-1) ?? -1;
  return row.chain.map((lsn) => {
    if (lsn < scale.from) return null;
    const x = scale.x(lsn);
    const isIn = lsn <= base;
    return (
      <g key={lsn}>
        <rect
          x={x - 3}
          y={y + recordY}
          width={6}
          height={6}
          rx={1.5}
          fill={isIn ? 'var(--bg-1)' : 'var(--wal)'}
          stroke="var(--wal)"
          strokeWidth={1.5}
        />
        {lsn <= row.droppableTo && (
          <path d={`M${x - 5} ${y + recordY + 3}h10`} stroke="var(--fence)" strokeWidth={2} />
        )}
      </g>
    );
  });
}

function Row({ row, group, name, y, scale, chosen, onChoose }: RowProps): ReactNode {
  const last = Math.max(row.chain.at(-1) ?? 0, row.versions.at(-1) ?? 0);
  const first = row.versions.at(-1) ?? row.chain[0] ?? 0;
  const start = Math.max(first, scale.from);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same choice by keyboard is in the table
    <g
      className="cursor-pointer"
      onClick={onChoose}
      data-hover={hoverKey({ kind: 'page', group, blockKey: row.blockKey })}
    >
      <rect
        x={0}
        y={y}
        width={scale.right}
        height={rowHeight}
        fill={chosen ? 'var(--bg-2)' : 'transparent'}
      />
      <text x={0} y={y + 18} fontSize={13} fontWeight={chosen ? 700 : 500} fill="var(--text)">
        {name.length > 15 ? `${name.slice(0, 14)}…` : name}
      </text>
      {/* The records lie below their tile: a line says where the next page begins. */}
      <path d={`M0 ${y + rowHeight - 0.5}H${scale.right}`} stroke="var(--line)" />
      {last > start && (
        <path d={`M${scale.x(start)} ${y + recordY + 3}H${scale.x(last)}`} stroke="var(--border-control)" />
      )}
      <Versions row={row} y={y} scale={scale} />
      <Records row={row} y={y} scale={scale} />
      {row.building !== null && row.building >= scale.from && (
        <rect
          x={scale.x(row.building) - tile / 2}
          y={y + 2}
          width={tile}
          height={tile}
          rx={3}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
          strokeDasharray="3 2"
        />
      )}
    </g>
  );
}

interface PlotProps {
  readonly model: ChainsModel;
  readonly rows: readonly BlockView[];
  readonly width: number;
  readonly nameOf: (blockKey: number) => string;
  readonly chosen?: number | null;
  readonly onChoose?: (blockKey: number) => void;
}

export const ChainsPlot = memo(function ChainsPlot(props: PlotProps): ReactNode {
  const { model, rows, width, nameOf, chosen = null, onChoose } = props;
  const [from, to] = model.window;
  const room = width - labelWidth - 20;
  const cell = room / Math.max(1, to - from);
  const scale: Scale = { x: (lsn) => labelWidth + 10 + (lsn - from) * cell, cell, from, right: width };
  const bottom = rowsY + rows.length * rowHeight + 4;
  const foot = (model.pins.some(({ isSession }) => isSession) ? 2 : 1) + 1;
  const height = bottom + foot * 19 + 2;
  const inside = (lsn: number): boolean => lsn >= from && lsn < to;
  const pins = model.pins.filter(({ isSession, readPoint }) => isSession && inside(readPoint));
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-plot>
      <LsnAxis ticks={lsnTicks(model.window, scale.cell)} x={scale.x} bottom={bottom} />
      {model.pgmrpl > from && (
        <rect
          x={scale.x(from) - 10}
          y={30}
          width={Math.max(0, scale.x(Math.min(model.pgmrpl, to)) - scale.x(from) + 10)}
          height={bottom - 30}
          fill="var(--border-control)"
          opacity={0.14}
        />
      )}
      {rows.map((row, i) => (
        <Row
          key={row.blockKey}
          row={row}
          group={model.group}
          name={nameOf(row.blockKey)}
          y={rowsY + i * rowHeight}
          scale={scale}
          chosen={row.blockKey === chosen}
          onChoose={() => onChoose?.(row.blockKey)}
        />
      ))}
      {inside(model.vdl) && <Ruler x={scale.x(model.vdl)} text={`VDL ${model.vdl}`} bottom={bottom} />}
      {inside(model.logFloor) && (
        <Ruler
          x={scale.x(model.logFloor)}
          text={`GC ${model.logFloor}`}
          bottom={bottom}
          hue="fence"
          atFoot
          row={inside(model.pgmrpl) ? foot - 1 : 0}
          dashed
        />
      )}
      {inside(model.pgmrpl) && (
        <Ruler
          x={scale.x(model.pgmrpl)}
          text={`PGMRPL ${model.pgmrpl}`}
          bottom={bottom}
          hue="wal"
          atFoot
          rightTo={width}
        />
      )}
      {pins.slice(0, 1).map(({ session, readPoint }) => (
        <Ruler
          key={session}
          x={scale.x(readPoint)}
          text={`${session} ${readPoint}`}
          bottom={bottom}
          hue="reader"
          atFoot
          row={1}
          rightTo={width}
        />
      ))}
    </svg>
  );
});
