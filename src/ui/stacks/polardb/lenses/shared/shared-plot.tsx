// The drawings of the lens "Pages: past and future". One page over the LSN axis: a row for shared storage and for each buffer, the image as a
// tile, records as ticks, gates as rulers. All pages: a row each, a column a holder. Hidden from the accessibility tree: the tables
// beside them say the same.

import { memo, type ReactNode } from 'react';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { LsnPlot, type LsnRuler, type LsnScale, lsnScale, PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { holderText } from './describe.ts';
import type { Holder, SharedModel } from './project.ts';

const labelWidth = 92;
const rowHeight = 52;
const rowsY = 40;
const tile = 24;
const middleY = 4 + tile / 2;

interface RowProps {
  readonly holder: Holder;
  readonly blockKey: number;
  readonly records: readonly number[];
  readonly y: number;
  readonly scale: LsnScale;
}

function Image({ holder: { cell }, y, scale }: RowProps): ReactNode {
  if (cell === null || cell.lsn < 0) return null;
  const { lsn, oldestLsn, copyLsn, state } = cell;
  const at = (value: number): number => Math.min(scale.right - tile, Math.max(labelWidth, scale.x(value)));
  const x = at(lsn) - tile / 2;
  return (
    <>
      {oldestLsn >= 0 && (
        <path
          d={`M${at(oldestLsn)} ${y + middleY}H${at(lsn)}M${at(oldestLsn)} ${y + middleY - 6}v12`}
          stroke="var(--wal)"
          strokeWidth={2}
          fill="none"
        />
      )}
      {copyLsn >= 0 && copyLsn !== lsn && (
        <PageTile state="copied" x={at(copyLsn) - tile / 2} y={y + 4} size={tile} />
      )}
      <PageTile state={state === 'copied' && copyLsn !== lsn ? 'dirty' : state} x={x} y={y + 4} size={tile} />
      <text
        x={x + tile / 2}
        y={y + tile + 19}
        fontSize={12}
        textAnchor="middle"
        className="mono"
        fill="var(--text)"
        stroke="var(--bg-1)"
        strokeWidth={4}
        paintOrder="stroke"
      >
        {lsn}
      </text>
    </>
  );
}

/** Records of the page: filled where they are in the holder's image, hollow where they are not. */
function Records({ holder: { cell, applyLsn, role }, records, y, scale }: RowProps): ReactNode {
  if (cell === null) return null;
  const image = cell.lsn;
  return records
    .filter((lsn) => scale.has(lsn) && lsn !== image)
    .map((lsn) => {
      const isUnknown = role === 'reader' && applyLsn >= 0 && lsn > applyLsn;
      return (
        <rect
          key={lsn}
          x={scale.x(lsn) - 3}
          y={y + middleY - 4}
          width={6}
          height={8}
          rx={1.5}
          fill={lsn <= image ? 'var(--wal)' : 'var(--bg-1)'}
          stroke={isUnknown ? 'var(--border-control)' : 'var(--wal)'}
          {...(isUnknown ? { strokeDasharray: '2 2' } : {})}
        />
      );
    });
}

function Row(props: RowProps): ReactNode {
  const t = useT();
  const { holder, blockKey, y, scale } = props;
  const { id, role, applyLsn, status } = holder;
  return (
    <g
      opacity={status === 'up' ? 1 : 0.6}
      {...(role === 'storage' ? {} : { 'data-hover': hoverKey({ kind: 'node', id }) })}
    >
      <path d={`M0 ${y + rowHeight}H${scale.right}`} stroke="var(--line)" />
      <text x={0} y={y + 17} fontSize={13} fontWeight={600} fill="var(--text)">
        {role === 'storage' ? t('shared.storage') : id}
      </text>
      <text x={0} y={y + 33} fontSize={12} fill="var(--text-muted)">
        {holderText(holder, t)}
      </text>
      {applyLsn >= 0 && scale.has(applyLsn) && (
        <path
          d={`M${scale.x(applyLsn)} ${y + 2}v${rowHeight - 4}`}
          stroke="var(--reader)"
          strokeWidth={2}
          strokeDasharray="4 2"
        />
      )}
      <g data-hover={hoverKey({ kind: 'page', group: '', blockKey })}>
        <Records {...props} />
        <Image {...props} />
      </g>
    </g>
  );
}

interface PlotProps {
  readonly model: SharedModel;
  readonly width: number;
}

export const PagePlot = memo(function PagePlot({ model, width }: PlotProps): ReactNode {
  const { view, holders, records, blockKey } = model;
  const left = labelWidth + tile / 2 + 4;
  const scale = lsnScale(model.window, left, Math.max(40, width - left - 30), width);
  const bottom = rowsY + holders.length * rowHeight + 2;
  const foot = { atFoot: true, rightTo: width } as const;
  const gates: readonly (LsnRuler | null)[] =
    view === null
      ? []
      : [
          view.durableLsn < 0 ? null : { at: view.durableLsn, text: `durable ${view.durableLsn}` },
          view.oldestApplyLsn < 0
            ? null
            : {
                at: view.oldestApplyLsn,
                text: `oldestApplyLsn ${view.oldestApplyLsn}`,
                hue: 'reader',
                ...foot,
              },
          view.consistentLsn < 0
            ? null
            : {
                at: view.consistentLsn,
                text: `consistentLsn ${view.consistentLsn}`,
                hue: 'wal',
                row: 1,
                ...foot,
              },
        ];
  return (
    <LsnPlot
      width={width}
      height={bottom + 42}
      scale={scale}
      bottom={bottom}
      rulers={[]}
      under={gates.flatMap((gate) => gate ?? [])}
    >
      {holders.map((holder, i) => (
        <Row
          key={holder.id}
          holder={holder}
          blockKey={blockKey}
          records={records}
          y={rowsY + i * rowHeight}
          scale={scale}
        />
      ))}
    </LsnPlot>
  );
});

const gridLabel = 128;
const gridRow = 30;
const gridHead = 26;
const least = 56;

interface GridProps extends PlotProps {
  readonly rows: SharedModel['pages'];
  readonly chosen: number;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose?: (blockKey: number) => void;
}

export const GridPlot = memo(function GridPlot(props: GridProps): ReactNode {
  const t = useT();
  const { model, rows, width, chosen, nameOf, onChoose } = props;
  const { holders } = model;
  const column = Math.max(least, Math.floor((width - gridLabel) / Math.max(1, holders.length)));
  const wide = Math.max(width, gridLabel + holders.length * column);
  return (
    <PlotSvg width={wide} height={gridHead + rows.length * gridRow + 4}>
      {holders.map(({ id, role }, i) => (
        <text
          key={id}
          x={gridLabel + i * column + 4}
          y={16}
          fontSize={12}
          fontWeight={600}
          fill="var(--text)"
        >
          {role === 'storage' ? t('shared.storage') : id}
        </text>
      ))}
      {rows.map(({ blockKey, cells }, i) => {
        const y = gridHead + i * gridRow;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: hidden from the accessibility tree; the slider around it has the keys
          <g
            key={blockKey}
            data-hover={hoverKey({ kind: 'page', group: '', blockKey })}
            onClick={() => onChoose?.(blockKey)}
          >
            <rect
              x={0}
              y={y}
              width={wide}
              height={gridRow}
              fill={blockKey === chosen ? 'var(--bg-2)' : 'transparent'}
            />
            <text x={4} y={y + 19} fontSize={12} fill="var(--text)">
              {nameOf(blockKey)}
            </text>
            {holders.map(({ id }, at) => {
              const cell = cells.get(id);
              if (cell === undefined) return null;
              const x = gridLabel + at * column + 4;
              return (
                <g key={id}>
                  <PageTile state={cell.state} x={x} y={y + 4} size={22} />
                  <text x={x + 27} y={y + 19} fontSize={12} className="mono" fill="var(--text-muted)">
                    {cell.lsn < 0 ? '' : groupDigits(cell.lsn)}
                  </text>
                </g>
              );
            })}
          </g>
        );
      })}
    </PlotSvg>
  );
});
