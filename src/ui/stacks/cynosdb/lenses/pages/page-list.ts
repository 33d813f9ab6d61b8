// The pages that any node reports, each with who holds it, and which of them is looked at.

import type { BufferView, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { BlockView } from '../../../../../core/log-store/store-view.ts';
import { pageKey } from '../../../../../core/page/page-key.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import { tableOf } from '../../../../model/page-content.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { frameState, keepsMemory, type PageCopy, readerState } from './holders.ts';

/** A page on all its holders, for the grid of pages × nodes. */
export interface PageRow {
  readonly blockKey: number;
  readonly group: string;
  /** Newest LSN that anybody has of it. */
  readonly newest: number;
  readonly cells: ReadonlyMap<string, PageCopy>;
}

const newestOf = ({ chain, versions }: BlockView): number =>
  Math.max(chain.at(-1) ?? -1, versions.at(-1) ?? -1);

interface Stored {
  readonly node: string;
  /** The node is down: this is what it said last. */
  readonly isOfThePast: boolean;
  readonly group: string;
  readonly block: BlockView;
}

function storedBlocks({ cluster, nodes }: LensSource): readonly Stored[] {
  return cluster.groups.flatMap(({ id, replicas }) =>
    replicas.flatMap((node) => {
      const list = storeOf(nodes[node])?.groups.find(({ group }) => group === id);
      const isOfThePast = nodes[node] !== undefined && !keepsMemory(nodes[node]);
      return (list?.blocks?.blocks ?? []).map((block) => ({ node, isOfThePast, group: id as string, block }));
    }),
  );
}

export function arePagesLoaded({ cluster, nodes }: LensSource, buffer: BufferView | null): boolean {
  if (buffer !== null) return true;
  const frames = Object.values(nodes);
  return (
    frames.some((frame) => storeOf(frame)?.groups.some(({ blocks }) => blocks !== undefined)) ||
    cluster.nodes.every(({ id, roles }) => !roles.includes('store') || nodes[id]?.status !== 'up')
  );
}

/** A store's newest version, and whether records above it make it past. Whether one that is down has it on its disk nobody can tell. */
function storeCopy({ block: { versions, pending }, isOfThePast }: Stored, newest: number): PageCopy | null {
  const lsn = versions.at(-1);
  if (lsn === undefined) return null;
  if (pending > 0 || lsn < newest) return { lsn, state: 'past' };
  return { lsn, state: isOfThePast ? 'unknown' : 'current' };
}

/** A buffer of a compute node. */
export interface Pool {
  readonly node: string;
  readonly buffer: BufferView;
}

export function listPages(
  source: LensSource,
  writer: Pool | null,
  readers: readonly Pool[],
): readonly PageRow[] {
  const newest = new Map<number, number>();
  const raise = (key: number, lsn: number): void =>
    void newest.set(key, Math.max(newest.get(key) ?? -1, lsn));
  const stored = storedBlocks(source);
  for (const { block } of stored) raise(block.blockKey, newestOf(block));
  for (const { blockKey, lsn } of writer?.buffer.frames ?? []) raise(blockKey, lsn);
  for (const { buffer } of readers) for (const { blockKey, lsn } of buffer.frames) raise(blockKey, lsn);
  const cells = new Map<number, Map<string, PageCopy>>();
  for (const key of newest.keys()) cells.set(key, new Map());
  for (const one of stored) {
    const { node, block } = one;
    const copy = storeCopy(one, newest.get(block.blockKey) ?? -1);
    if (copy !== null) cells.get(block.blockKey)?.set(node, copy);
  }
  for (const frame of writer?.buffer.frames ?? [])
    cells.get(frame.blockKey)?.set(writer?.node ?? '', { lsn: frame.lsn, state: frameState(frame) });
  for (const { node, buffer } of readers)
    for (const frame of buffer.frames) {
      const state = readerState(frame, newest.get(frame.blockKey) ?? -1);
      cells.get(frame.blockKey)?.set(node, { lsn: frame.lsn, state });
    }
  return [...newest]
    .sort(([a], [b]) => a - b)
    .map(([blockKey, lsn]) => ({
      blockKey,
      group: groupOfPage(source.cluster, blockKey)?.id ?? '',
      newest: lsn,
      cells: cells.get(blockKey) ?? new Map(),
    }));
}

/** The page looked at: the one asked for, else the newest that belongs to a table of people. */
export function choosePage(
  asked: number | null,
  pages: readonly PageRow[],
  tables: readonly TableView[],
): number {
  if (asked !== null) return asked;
  const own = pages.filter(({ blockKey }) => {
    const table = tableOf(blockKey, tables);
    return table !== null && table.name !== 'catalog' && blockKey !== pageKey(table.relation, 0, 0);
  });
  const among = own.length > 0 ? own : pages;
  return (
    among.reduce<PageRow | null>((best, page) => (page.newest > (best?.newest ?? -1) ? page : best), null)
      ?.blockKey ?? -1
  );
}
