// A B+tree as the writer's buffer holds it: its pages by level, those that are not in the buffer as gaps. Pure.

import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import { blockOf, pageKey } from '../../../../../core/page/page-key.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import { readPage } from '../../../../model/page-content.ts';
import type { PagesModel } from './project.ts';

export interface TreePage {
  readonly block: number;
  readonly blockKey: number;
  /** Null: not in the buffer. */
  readonly lsn: number | null;
  readonly entries: number;
  readonly state: PageState;
  readonly parent: number | null;
}

/** Root of every tree (compute/btree.ts). */
const rootBlock = 1;
/** Pages of a level that are drawn. */
const levelLimit = 64;

export const rootKey = (table: TableView): number => pageKey(table.keyRelation, 0, rootBlock);

/** Whether the root of a table's key is in the writer's buffer. */
export const holdsRoot = (
  { pages, writer }: Pick<PagesModel, 'pages' | 'writer'>,
  table: TableView,
): boolean => pages.some(({ blockKey, cells }) => blockKey === rootKey(table) && cells.has(writer));

export function treeLevels(
  model: Pick<PagesModel, 'pages' | 'writer'>,
  images: ReadonlyMap<number, Uint8Array>,
  table: TableView,
): readonly (readonly TreePage[])[] {
  const pageOf = (block: number, parent: number | null): { page: TreePage; children: readonly number[] } => {
    const blockKey = pageKey(table.keyRelation, 0, block);
    const bytes = images.get(blockKey);
    const content = bytes === undefined ? null : readPage(bytes, null);
    const copy = model.pages.find((row) => row.blockKey === blockKey)?.cells.get(model.writer);
    const tree = content?.kind === 'tree' ? content : null;
    return {
      page: {
        block: blockOf(blockKey),
        blockKey,
        lsn: content?.lsn ?? null,
        entries: tree?.entries ?? 0,
        state: tree === null ? 'evicted' : (copy?.state ?? 'current'),
        parent,
      },
      children: tree?.children ?? [],
    };
  };
  const levels: TreePage[][] = [];
  let level = [pageOf(rootBlock, null)];
  while (level.length > 0 && levels.length < 8) {
    levels.push(level.map(({ page }) => page));
    level = level
      .flatMap(({ page, children }) => children.map((child) => pageOf(child, page.block)))
      .slice(0, levelLimit);
  }
  return levels[0]?.[0]?.lsn === null ? [] : levels;
}
