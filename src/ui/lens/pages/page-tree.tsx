// The B+tree of a table's key: pages by level, tinted and lettered by their state in the buffer; with its table twin.

import { memo, type ReactNode } from 'react';
import type { TableView } from '../../../core/engine/buffer-view.ts';
import { PageTile } from '../../glyphs/page-tile.tsx';
import { useT } from '../../i18n/i18n.ts';
import { asHeard } from '../heard.ts';
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
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-plot>
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
    </svg>
  );
});

interface TableProps {
  readonly levels: readonly (readonly TreePage[])[];
  readonly table: TableView;
  readonly shown: boolean;
}

export const PageTreeTable = asHeard(function PageTreeTable({ levels, table, shown }: TableProps): ReactNode {
  const t = useT();
  return (
    <div className={shown ? 'max-h-96 overflow-y-auto' : 'visually-hidden'}>
      <table className="data-table" data-twin aria-label={t('pages.treeOf', { name: table.name })}>
        <thead>
          <tr>
            <th>{t('lenses.page')}</th>
            <th>LSN</th>
            <th>{t('pages.state')}</th>
            <th>{t('pages.value')}</th>
          </tr>
        </thead>
        <tbody>
          {levels.flatMap((level, depth) =>
            level.map((page) => (
              <tr key={page.blockKey}>
                <td className="mono">{`#${page.block}`}</td>
                <td className="mono">{page.lsn ?? '–'}</td>
                <td>{page.lsn === null ? t('lenses.none') : stateText(page.state, t)}</td>
                <td>{t('pages.entries', { count: page.entries, level: levels.length - 1 - depth })}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
});
