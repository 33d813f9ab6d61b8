// The pages that serve an operator: the B+tree of the index that it reads, as the node's buffer has it now, with rings around those
// that it has looked at; of a table that is read row by row its pages. Beside them each page with where it came from.

import type { ReactNode } from 'react';
import { attachmentsOf } from '../../../../../core/compute/compute-view.ts';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import { blockOf, relationOf } from '../../../../../core/page/page-key.ts';
import { select } from '../../../../../state/selection-store.ts';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { computeOf } from '../../../../model/node-facts.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { type PageMark, PageRing, PageTree, PageTreeTable } from '../pages/page-tree.tsx';
import { projectPages } from '../pages/project.ts';
import { treeLevels } from '../pages/tree-project.ts';
import { LooksTable } from './plan-table.tsx';
import { measureOf, type OperatorRow, type PlanModel } from './project.ts';

/** The table's definition with this index as its key: what the drawing of a B+tree takes. */
export function treeOf(
  { tables }: Pick<PlanModel, 'tables'>,
  row: OperatorRow | undefined,
): TableView | null {
  const { scan } = row?.node ?? {};
  if (scan === undefined || scan.index === null) return null;
  const table = tables.find(({ relation }) => relation === scan.heap);
  return table === undefined ? null : { ...table, name: scan.index, keyRelation: scan.relation };
}

interface ServedProps {
  readonly model: PlanModel;
  readonly source: LensSource;
  readonly row: OperatorRow;
  readonly width: number;
}

const pitch = 42;

/** Pages of the table itself, in their order. */
function HeapPages({
  blocks,
  marks,
  width,
}: {
  blocks: readonly number[];
  marks: ReadonlyMap<number, PageMark>;
  width: number;
}) {
  const across = Math.max(1, Math.floor(width / pitch));
  return (
    <PlotSvg width={width} height={Math.ceil(blocks.length / across) * 56 + 4}>
      {blocks.map((blockKey, i) => {
        const [x, y] = [(i % across) * pitch + 8, Math.floor(i / across) * 56 + 6];
        return (
          <g key={blockKey}>
            <PageTile state="current" x={x} y={y} size={26} />
            <PageRing mark={marks.get(blockKey) ?? 'buffer'} x={x} y={y} />
            <text x={x + 13} y={y + 44} fontSize={12} textAnchor="middle" fill="var(--text)" className="mono">
              {`#${blockOf(blockKey)}`}
            </text>
          </g>
        );
      })}
    </PlotSvg>
  );
}

export function ServedPages({ model, source, row, width }: ServedProps): ReactNode {
  const t = useT();
  const { chosen } = model;
  const { scan } = row.node;
  if (chosen === null) return null;
  const looks = measureOf(row, chosen.view)?.looks ?? [];
  const marks = new Map(
    looks.map(({ blockKey, from }) => [blockKey, from === null ? 'buffer' : 'store'] as const),
  );
  const tree = treeOf(model, row);
  const compute = computeOf(source.nodes[chosen.compute]);
  const attachment =
    compute === null ? undefined : attachmentsOf(compute).find(({ volume }) => volume === chosen.volume);
  const images = new Map(attachment?.pages?.images.map(({ blockKey, bytes }) => [blockKey, bytes]));
  const { pages } = projectPages(source, { blockKey: null, at: null, store: null });
  const levels = tree === null ? [] : treeLevels({ pages, writer: chosen.compute }, images, tree);
  const heap = looks.map(({ blockKey }) => blockKey).filter((key) => relationOf(key) === scan?.heap);
  return (
    <>
      {tree !== null && (
        <Section title={t('plan.tree', { name: tree.name })} className="flex-none px-4 pb-2" scrolls>
          {levels.length === 0 ? (
            <Muted>{t('plan.treeNone')}</Muted>
          ) : (
            <>
              <PageTree levels={levels} width={width} marks={marks} />
              <PageTreeTable levels={levels} table={tree} shown={false} />
            </>
          )}
        </Section>
      )}
      {heap.length > 0 && scan !== undefined && (
        <Section title={t('plan.heap', { name: scan.table })} className="px-4 pb-2">
          <HeapPages blocks={heap} marks={marks} width={width} />
        </Section>
      )}
      {looks.length > 0 && (
        <Section title={t('plan.looks', { operator: row.node.line })} className="px-4 pb-3">
          <LooksTable
            model={model}
            row={row}
            looks={looks}
            onChoose={(blockKey) =>
              select({ kind: 'page', group: groupOfPage(model.cluster, blockKey)?.id ?? '', blockKey })
            }
          />
        </Section>
      )}
    </>
  );
}
