// Pages × nodes: one row per page, one column per node, a tile where the node holds it. The table beside it says the same.

import { memo, type ReactNode } from 'react';
import { isLitPage } from '../../../../../state/highlight.ts';
import { useSelectionScope } from '../../../../../state/selection-store.ts';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { dimmed, PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { stateText } from './describe.ts';
import type { PageRow } from './page-list.ts';
import type { PagesModel } from './project.ts';

/** Rows and columns drawn; the table and the filter have the rest. */
const drawn = 50;
const labelWidth = 140;
const rowHeight = 26;
const headY = 20;

interface GridProps {
  readonly model: PagesModel;
  readonly rows: readonly PageRow[];
  readonly width: number;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose: (blockKey: number) => void;
}

export const PageGrid = memo(function PageGrid(props: GridProps): ReactNode {
  const { model, rows, width, nameOf, onChoose } = props;
  const scope = useSelectionScope();
  const nodes = model.nodes.slice(0, drawn);
  const pitch = Math.min(110, (width - labelWidth) / Math.max(1, nodes.length));
  const shown = rows.slice(0, drawn);
  const height = headY + 8 + shown.length * rowHeight;
  const tile = Math.min(22, pitch - 2);
  return (
    <PlotSvg width={width} height={height}>
      {pitch > 44 &&
        nodes.map((node, i) => (
          <text key={node} x={labelWidth + i * pitch} y={headY - 4} fontSize={12} fill="var(--text-muted)">
            {node}
          </text>
        ))}
      {shown.map((row, i) => {
        const y = headY + 4 + i * rowHeight;
        const name = nameOf(row.blockKey);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same choice by keyboard is in the table
          <g
            key={row.blockKey}
            className="cursor-pointer"
            onClick={() => onChoose(row.blockKey)}
            opacity={isLitPage(scope, row.group, row.blockKey) ? 1 : dimmed}
            data-hover={hoverKey({ kind: 'page', group: row.group, blockKey: row.blockKey })}
          >
            <rect
              x={0}
              y={y}
              width={width}
              height={rowHeight}
              fill={row.blockKey === model.blockKey ? 'var(--bg-2)' : 'transparent'}
            />
            <text x={0} y={y + 17} fontSize={13} fill="var(--text)">
              {name.length > 17 ? `${name.slice(0, 16)}…` : name}
            </text>
            {nodes.map((node, j) => {
              const copy = row.cells.get(node);
              if (copy === undefined) return null;
              const x = labelWidth + j * pitch;
              return (
                <g key={node}>
                  <PageTile state={copy.state} x={x} y={y + 2} size={tile} />
                  {pitch > 66 && (
                    <text x={x + tile + 5} y={y + 17} fontSize={12} fill="var(--text-muted)" className="mono">
                      {copy.lsn < 0 ? '…' : copy.lsn}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
    </PlotSvg>
  );
});

interface TableProps extends Omit<GridProps, 'width'> {
  readonly shown: boolean;
}

export function PageGridTable({ model, rows, nameOf, onChoose, shown }: TableProps): ReactNode {
  const t = useT();
  return (
    <TableBeside<PageRow>
      label={t('pages.gridOf')}
      shown={shown}
      box="max-h-96 overflow-auto"
      rows={() => rows}
      keyOf={({ blockKey }) => blockKey}
      attributes={({ group, blockKey }) => ({ 'data-hover': hoverKey({ kind: 'page', group, blockKey }) })}
      onChoose={({ blockKey }) => onChoose(blockKey)}
      buttonClass="min-h-6 min-w-6 underline"
      columns={[
        [t('lenses.page'), ({ blockKey }) => nameOf(blockKey), 'mono'],
        ...model.nodes.map((node): Column<PageRow> => {
          const text = ({ cells }: PageRow): string => {
            const copy = cells.get(node);
            return copy === undefined ? '–' : `@${copy.lsn} ${stateText(copy.state, t)}`;
          };
          return [node, text];
        }),
      ]}
    />
  );
}
