// Lens 4.4, page versions, as far as the writer and the stores go: who holds which version of a page, in which state, and
// what each says of a row. Pure: node frames in, a model out (WAL-10, 31–35).

import type { Range } from '../../../../../base/ids.ts';
import type { SeatView } from '../../../../../core/compute/compute-view.ts';
import type { BufferView, FrameView, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { BlockView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import { pageKey, relationOf } from '../../../../../core/page/page-key.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { findWriter } from '../wal/project.ts';
import { type PageContent, readPage } from './page-content.ts';
import { type ReplayStep, replayed, replaySteps } from './replay.ts';

export interface PagesParams {
  /** Null: the newest page of a table. */
  readonly blockKey: number | null;
  /** Read point; null: the newest. */
  readonly at: number | null;
  /** Store whose read is shown; null: the first of the group. */
  readonly store: string | null;
}

/** One copy of a page. */
export interface PageCopy {
  readonly lsn: number;
  readonly state: PageState;
}

export interface Holder {
  readonly node: string;
  readonly role: 'writer' | 'store';
  readonly copies: readonly PageCopy[];
  /** Records above the newest copy, or not yet applied. */
  readonly records: readonly number[];
  readonly content: PageContent | null;
}

/** A page on all its holders, for the grid of pages × nodes. */
export interface PageRow {
  readonly blockKey: number;
  readonly group: string;
  /** Newest LSN that anybody has of it. */
  readonly newest: number;
  readonly cells: ReadonlyMap<string, PageCopy>;
}

export interface PagesModel {
  readonly tables: readonly TableView[];
  readonly pageBytes: number;
  readonly nodes: readonly string[];
  readonly writer: string;
  readonly pages: readonly PageRow[];
  /** A node has reported its pages, or none is up that could: until then it is not known that there are none. */
  readonly arePagesLoaded: boolean;
  readonly blockKey: number;
  readonly group: string;
  readonly table: TableView | null;
  readonly stores: readonly string[];
  readonly store: string;
  readonly window: Range;
  readonly vdl: number;
  readonly pgmrpl: number;
  readonly at: number | null;
  readonly holders: readonly Holder[];
  readonly read: StorePageView | null;
  readonly steps: readonly ReplayStep[];
  /** The store has reported how it reads what was asked of it: until then nothing is known. */
  readonly isLoaded: boolean;
  readonly buffer: SeatView['buffer'] | null;
  readonly active: readonly number[];
}

/** Heap first, then key; system pages belong to none. */
export const tableOf = (blockKey: number, tables: readonly TableView[]): TableView | null =>
  tables.find(({ relation }) => relation === relationOf(blockKey)) ?? null;

const frameState = ({ aboveVdl, dirty, loading }: FrameView): PageState => {
  if (loading) return 'evicted';
  if (aboveVdl) return 'pinned';
  return dirty ? 'dirty' : 'current';
};

const newestOf = ({ chain, versions }: BlockView): number =>
  Math.max(chain.at(-1) ?? -1, versions.at(-1) ?? -1);

interface Stored {
  readonly node: string;
  readonly group: string;
  readonly block: BlockView;
}

function storedBlocks({ cluster, nodes }: LensSource): readonly Stored[] {
  return cluster.groups.flatMap(({ id, replicas }) =>
    replicas.flatMap((node) => {
      const list = storeOf(nodes[node])?.groups.find(({ group }) => group === id);
      return (list?.blocks?.blocks ?? []).map((block) => ({ node, group: id as string, block }));
    }),
  );
}

function arePagesLoaded({ cluster, nodes }: LensSource, buffer: BufferView | null): boolean {
  if (buffer !== null) return true;
  const frames = Object.values(nodes);
  return (
    frames.some((frame) => storeOf(frame)?.groups.some(({ blocks }) => blocks !== undefined)) ||
    cluster.nodes.every(({ id, roles }) => !roles.includes('store') || nodes[id]?.status !== 'up')
  );
}

/** A store's newest version, and whether records above it make it past. */
function storeCopy({ versions, pending }: BlockView, newest: number): PageCopy | null {
  const lsn = versions.at(-1);
  if (lsn === undefined) return null;
  return { lsn, state: pending > 0 || lsn < newest ? 'past' : 'current' };
}

function listPages(source: LensSource, writer: string, buffer: BufferView | null): readonly PageRow[] {
  const newest = new Map<number, number>();
  const raise = (key: number, lsn: number): void =>
    void newest.set(key, Math.max(newest.get(key) ?? -1, lsn));
  const stored = storedBlocks(source);
  for (const { block } of stored) raise(block.blockKey, newestOf(block));
  for (const { blockKey, lsn } of buffer?.frames ?? []) raise(blockKey, lsn);
  const cells = new Map<number, Map<string, PageCopy>>();
  for (const key of newest.keys()) cells.set(key, new Map());
  for (const { node, block } of stored) {
    const copy = storeCopy(block, newest.get(block.blockKey) ?? -1);
    if (copy !== null) cells.get(block.blockKey)?.set(node, copy);
  }
  for (const frame of buffer?.frames ?? [])
    cells.get(frame.blockKey)?.set(writer, { lsn: frame.lsn, state: frameState(frame) });
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
function choosePage(asked: number | null, pages: readonly PageRow[], tables: readonly TableView[]): number {
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

interface Chosen {
  readonly blockKey: number;
  readonly group: string;
  readonly table: TableView | null;
  readonly newest: number;
}

function readOf(
  { nodes }: LensSource,
  node: string,
  { blockKey, group }: Chosen,
  at: number | null,
): StorePageView | null {
  const list = storeOf(nodes[node])?.groups.find((view) => view.group === group);
  const views = list?.wanted?.filter((view) => view.blockKey === blockKey) ?? [];
  return (at === null ? views[0] : views.find((view) => view.at === at)) ?? null;
}

function storeHolder(
  source: LensSource,
  node: string,
  chosen: Chosen,
  at: number | null,
  pageBytes: number,
): Holder {
  const list = storeOf(source.nodes[node])?.groups.find((view) => view.group === chosen.group);
  const block = list?.blocks?.blocks.find(({ blockKey }) => blockKey === chosen.blockKey);
  const newest = block?.versions.at(-1) ?? -1;
  const view = readOf(source, node, chosen, at);
  const page = view === null ? null : replayed(replaySteps(view, pageBytes));
  return {
    node,
    role: 'store',
    copies: (block?.versions ?? []).map((lsn) => ({
      lsn,
      state: lsn < newest || lsn < chosen.newest ? 'past' : 'current',
    })),
    records: (block?.chain ?? []).filter((lsn) => lsn > newest),
    content: page === null ? null : readPage(page, chosen.table),
  };
}

function writerHolder(node: string, buffer: BufferView | null, chosen: Chosen): Holder {
  const frame = buffer?.frames.find(({ blockKey }) => blockKey === chosen.blockKey);
  const image = buffer?.images.find(({ blockKey }) => blockKey === chosen.blockKey);
  return {
    node,
    role: 'writer',
    copies: frame === undefined ? [] : [{ lsn: frame.lsn, state: frameState(frame) }],
    records: [],
    content: image === undefined ? null : readPage(image.bytes, chosen.table),
  };
}

/** LSNs shown at least. */
const leastSpan = 24;

function chooseWindow(holders: readonly Holder[], vdl: number, pgmrpl: number): Range {
  const lsns = holders.flatMap(({ copies, records }) => [...copies.map(({ lsn }) => lsn), ...records]);
  const known = lsns.filter((lsn) => lsn >= 0);
  const newest = Math.max(vdl, ...known, 0) + 2;
  const bounds = pgmrpl < 0 ? known : [...known.filter((lsn) => lsn >= pgmrpl), pgmrpl];
  return [Math.max(0, Math.min(newest - leastSpan, ...bounds.map((lsn) => lsn - 3))), newest];
}

export function projectPages(source: LensSource, params: PagesParams): PagesModel {
  const found = findWriter(source);
  const writer = found?.frame.id ?? '';
  const view = found?.view ?? null;
  const buffer = view?.pages ?? null;
  const tables = buffer?.tables ?? [];
  const pageBytes = buffer?.pageBytes ?? 0;
  const pages = listPages(source, writer, buffer);
  const blockKey = choosePage(params.blockKey, pages, tables);
  const spec = groupOfPage(source.cluster, blockKey);
  const group = spec?.id ?? '';
  const stores = spec?.replicas.map(String) ?? [];
  const store = params.store !== null && stores.includes(params.store) ? params.store : (stores[0] ?? '');
  const newest = pages.find((page) => page.blockKey === blockKey)?.newest ?? -1;
  const chosen: Chosen = { blockKey, group, table: tableOf(blockKey, tables), newest };
  const list = storeOf(source.nodes[store])?.groups.find((one) => one.group === group);
  const holders = [
    ...(found === null ? [] : [writerHolder(writer, buffer, chosen)]),
    ...stores.map((node) => storeHolder(source, node, chosen, params.at, pageBytes)),
  ];
  const read = readOf(source, store, chosen, params.at);
  const vdl = view?.vdl ?? list?.knownVdl ?? -1;
  const pgmrpl = list?.pgmrpl ?? -1;
  const allStores = source.cluster.nodes
    .filter(({ roles }) => roles.includes('store'))
    .map(({ id }) => id as string);
  return {
    tables,
    pageBytes,
    nodes: writer === '' ? allStores : [writer, ...allStores],
    writer,
    pages,
    arePagesLoaded: arePagesLoaded(source, buffer),
    blockKey,
    group,
    table: chosen.table,
    stores,
    store,
    window: chooseWindow(holders, vdl, pgmrpl),
    vdl,
    pgmrpl,
    at: params.at,
    holders,
    read,
    steps: read === null ? [] : replaySteps(read, pageBytes),
    isLoaded: list?.wanted !== undefined,
    buffer: view?.buffer ?? null,
    active: buffer?.active ?? [],
  };
}
