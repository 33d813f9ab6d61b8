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
/** Room for a ring. */
const top = 6;

/** How an operator of a plan came to a page: it was in the buffer, or came from a store. */
export type PageMark = 'buffer' | 'store';

interface TreeProps {
  readonly levels: readonly (readonly TreePage[])[];
  readonly width: number;
  /** Pages that have a ring, by key. */
  readonly marks?: ReadonlyMap<number, PageMark>;
}

/** Solid or dashed, so that it is not said by colour alone. */
export const PageRing = (props: {
  readonly mark: PageMark;
  readonly x: number;
  readonly y: number;
}): ReactNode => (
  <rect
    x={props.x - 4}
    y={props.y - 4}
    width={tile + 8}
    height={tile + 8}
    rx={7}
    fill="none"
    stroke="var(--accent)"
    strokeWidth={2}
    strokeDasharray={props.mark === 'store' ? '4 3' : undefined}
    data-ring={props.mark}
  />
);

export const PageTree = memo(function PageTree({ levels, width, marks }: TreeProps): ReactNode {
  const height = levels.length * levelHeight - 20 + top;
  const place = (level: readonly TreePage[], i: number): number => ((i + 0.5) * width) / level.length;
  return (
    <PlotSvg width={width} height={height}>
      {levels.map((level, depth) => {
        const pitch = width / level.length;
        const above = levels[depth - 1] ?? [];
        return level.map((page, i) => {
          const x = place(level, i);
          const y = depth * levelHeight + top;
          const mark = marks?.get(page.blockKey);
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
              {mark !== undefined && <PageRing mark={mark} x={x - tile / 2} y={y} />}
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
