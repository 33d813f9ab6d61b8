// The plot of lens 4.8: one row per page over the LSN axis, versions as tiles and records as ticks, with the bounds of
// garbage collection and the read points as rulers. Hidden from the accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import type { BlockView } from '../../../../../core/log-store/store-view.ts';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import {
  BelowReadPoints,
  dimmed,
  LsnPlot,
  type LsnRuler,
  type LsnScale,
  lsnScale,
} from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { ChainsModel } from './project.ts';

const labelWidth = 132;
const rowHeight = 34;
/** Records stand below the versions, so that neither hides the other. */
const recordY = 26;
const tile = 22;
const rowsY = 36;

interface RowProps {
  readonly row: BlockView;
  readonly group: string;
  readonly name: string;
  readonly y: number;
  readonly scale: LsnScale;
  readonly lit: boolean;
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

function Row({ row, group, name, y, scale, lit, chosen, onChoose }: RowProps): ReactNode {
  const last = Math.max(row.chain.at(-1) ?? 0, row.versions.at(-1) ?? 0);
  const first = row.versions.at(-1) ?? row.chain[0] ?? 0;
  const start = Math.max(first, scale.from);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same choice by keyboard is in the table
    <g
      className="cursor-pointer"
      opacity={lit ? 1 : dimmed}
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
  /** What is selected or pointed at elsewhere is lit, the rest is dimmed. */
  readonly isLit?: (blockKey: number) => boolean;
  readonly chosen?: number | null;
  readonly onChoose?: (blockKey: number) => void;
}

export const ChainsPlot = memo(function ChainsPlot(props: PlotProps): ReactNode {
  const { model, rows, width, nameOf, isLit, chosen = null, onChoose } = props;
  const { pgmrpl, logFloor, vdl } = model;
  const scale = lsnScale(model.window, labelWidth + 10, width - labelWidth - 20, width);
  const bottom = rowsY + rows.length * rowHeight + 4;
  const foot = (model.pins.some(({ holder }) => holder !== 'writer') ? 2 : 1) + 1;
  const pins = model.pins.filter(({ holder, readPoint }) => holder !== 'writer' && scale.has(readPoint));
  const atFoot = { atFoot: true, rightTo: width } as const;
  const rulers: readonly LsnRuler[] = [
    { at: vdl, text: `VDL ${vdl}` },
    {
      at: logFloor,
      text: `GC ${logFloor}`,
      hue: 'fence',
      atFoot: true,
      row: scale.has(pgmrpl) ? foot - 1 : 0,
      dashed: true,
    },
    { at: pgmrpl, text: `PGMRPL ${pgmrpl}`, hue: 'wal', ...atFoot },
    ...pins.slice(0, 1).map(({ session, readPoint }) => ({
      at: readPoint,
      text: `${session} ${readPoint}`,
      hue: 'reader',
      row: 1,
      ...atFoot,
    })),
  ];
  return (
    <LsnPlot
      width={width}
      height={bottom + foot * 19 + 2}
      scale={scale}
      bottom={bottom}
      rulers={rulers.filter(({ at }) => scale.has(at))}
    >
      <BelowReadPoints pgmrpl={pgmrpl} scale={scale} left={labelWidth} bottom={bottom} opacity={0.14} />
      {rows.map((row, i) => (
        <Row
          key={row.blockKey}
          row={row}
          group={model.group}
          name={nameOf(row.blockKey)}
          y={rowsY + i * rowHeight}
          scale={scale}
          lit={isLit?.(row.blockKey) ?? true}
          chosen={row.blockKey === chosen}
          onChoose={() => onChoose?.(row.blockKey)}
        />
      ))}
    </LsnPlot>
  );
});
