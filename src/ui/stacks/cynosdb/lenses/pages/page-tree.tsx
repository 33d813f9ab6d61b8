// The B+tree of a table's key: pages by level, tinted and lettered by their state in the buffer; with the table beside it.

import { memo, type ReactNode } from 'react';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { stateText } from './describe.ts';
import type { TreePage } from './tree-project.ts';

const levelHeight = 86;
const tile = 26;

interface TreeProps {
  readonly levels: readonly (readonly TreePage[])[];
  readonly width: number;
}

export const PageTree = memo(function PageTree({ levels, width }: TreeProps): ReactNode {
  const height = levels.length * levelHeight - 20;
  const place = (level: readonly TreePage[], i: number): number => ((i + 0.5) * width) / level.length;
  return (
    <PlotSvg width={width} height={height}>
      {levels.map((level, depth) => {
        const pitch = width / level.length;
        const above = levels[depth - 1] ?? [];
        return level.map((page, i) => {
          const x = place(level, i);
          const y = depth * levelHeight;
          const parent = above.findIndex(({ block }) => block === page.parent);
          return (
            <g key={page.blockKey}>
              {parent >= 0 && (
                <path
                  d={`M${place(above, parent)} ${y - levelHeight + tile + 20}L${x} ${y}`}
                  stroke="var(--border-control)"
                />
              )}
              <PageTile state={page.state} x={x - tile / 2} y={y} size={tile} />
              {pitch > 34 && (
                <text
                  x={x}
                  y={y + tile + 14}
                  fontSize={12}
                  textAnchor="middle"
                  stroke="var(--bg-1)"
                  strokeWidth={4}
                  paintOrder="stroke"
                  fill="var(--text)"
                  className="mono"
                >
                  {pitch > 80 ? `#${page.block} @${page.lsn ?? '–'} · ${page.entries}` : `#${page.block}`}
                </text>
              )}
            </g>
          );
        });
      })}
    </PlotSvg>
  );
});

interface TableProps {
  readonly levels: readonly (readonly TreePage[])[];
  readonly table: TableView;
  readonly shown: boolean;
}

export function PageTreeTable({ levels, table, shown }: TableProps): ReactNode {
  const t = useT();
  const entries = (page: TreePage): string =>
    t('pages.entries', {
      count: page.entries,
      level: levels.length - 1 - levels.findIndex((level) => level.includes(page)),
    });
  return (
    <TableBeside
      label={t('pages.treeOf', { name: table.name })}
      shown={shown}
      rows={() => levels.flat()}
      keyOf={({ blockKey }) => blockKey}
      columns={[
        [t('lenses.page'), ({ block }) => `#${block}`, 'mono'],
        ['LSN', ({ lsn }) => lsn ?? '–', 'mono'],
        [t('pages.state'), ({ lsn, state }) => (lsn === null ? t('lenses.none') : stateText(state, t))],
        [t('pages.value'), entries],
      ]}
    />
  );
}
