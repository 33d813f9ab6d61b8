// Lens 4.4, page versions: who holds which version of a page, in which state, what each says of a row, and at which read
// points each may answer. Writer, readers and stores side by side. Pure: node frames in, a model out (WAL-10, 31–35;
// READ-10…17, 20…25).

import type { Range } from '../../../../../base/ids.ts';
import type { SeatView } from '../../../../../core/compute/compute-view.ts';
import type { BufferView, FrameView, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { WantedPage } from '../../../../../core/kernel/door.ts';
import type { BlockView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import { forkOf, pageKey, relationOf } from '../../../../../core/page/page-key.ts';
import type { ReaderView } from '../../../../../core/reader/reader-view.ts';
import type { NodeFrame } from '../../../../../sim/frame.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { computeOf, storeOf } from '../../../../model/node-facts.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { readerSeatAt } from '../../../../model/volumes.ts';
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
  /** Tables by an earlier picture of the run: for while no node that is up has read the catalogue. */
  readonly known?: readonly TableView[];
}

/** One copy of a page. */
export interface PageCopy {
  readonly lsn: number;
  readonly state: PageState;
  /** At a reader, of an older version: it is the newest at every read point up to here (READ-17). */
  readonly upTo?: number;
  /** What this copy says, where it is not the newest. */
  readonly content?: PageContent;
}

/** Read points at which a node may answer now, both ends included; what lies in `(to, ahead]` is here and not visible. */
export interface ReadWindow {
  /** MRPL of a compute node, PGMRPL of a store; −1: not known. */
  readonly from: number;
  /** VDL of the writer, applyLsn of a reader; of a store VDL, if it has all of the group up to there, else its SCL. */
  readonly to: number;
  /** The writer's tail, what a reader has received, what a store has above a hole. */
  readonly ahead: number;
  /** Read points of open views, ascending. */
  readonly points: readonly number[];
}

export interface Holder {
  readonly node: string;
  readonly role: 'writer' | 'reader' | 'store';
  /** False: the node is down or frozen, this is what it last said. */
  readonly isUp: boolean;
  /** Its copies were in memory and it is down: it has none any more. */
  readonly isLost: boolean;
  readonly copies: readonly PageCopy[];
  /** Records above the newest copy, or not yet applied. */
  readonly records: readonly number[];
  /** Of those at a reader: up to here VDL has released them (READ-10). */
  readonly releasedTo: number;
  readonly reads: ReadWindow;
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
  /** What is asked of the stores: the chosen read point, else VDL where it is known, and the group's last record up to there. */
  readonly asked: Omit<WantedPage, 'blockKey'>;
  readonly holders: readonly Holder[];
  readonly read: StorePageView | null;
  readonly steps: readonly ReplayStep[];
  /** The store has reported how it reads what was asked of it: until then nothing is known. */
  readonly isLoaded: boolean;
  readonly buffer: SeatView['buffer'] | null;
  readonly active: readonly number[];
  /** Nodes that read the volume only. */
  readonly readers: readonly string[];
}

/** Heap first, then key; system pages belong to none. */
export const tableOf = (blockKey: number, tables: readonly TableView[]): TableView | null =>
  tables.find(({ relation }) => relation === relationOf(blockKey) && forkOf(blockKey) === 0) ?? null;

const frameState = ({ aboveVdl, dirty, loading }: FrameView): PageState => {
  if (loading) return 'evicted';
  if (aboveVdl) return 'pinned';
  return dirty ? 'dirty' : 'current';
};

const newestOf = ({ chain, versions }: BlockView): number =>
  Math.max(chain.at(-1) ?? -1, versions.at(-1) ?? -1);

/** A node that loses power loses its buffer; a frozen one keeps it. */
const keepsMemory = ({ status }: NodeFrame): boolean => status === 'up' || status === 'frozen';

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

/** A buffer of a compute node. */
interface Pool {
  readonly node: string;
  readonly buffer: BufferView;
}

/** Of a reader nothing is dirty and nothing above VDL: a page is current, past or on its way. */
const readerState = ({ loading, lsn }: FrameView, newest: number): PageState => {
  if (loading) return 'evicted';
  return lsn < newest ? 'past' : 'current';
};

function listPages(source: LensSource, writer: Pool | null, readers: readonly Pool[]): readonly PageRow[] {
  const newest = new Map<number, number>();
  const raise = (key: number, lsn: number): void =>
    void newest.set(key, Math.max(newest.get(key) ?? -1, lsn));
  const stored = storedBlocks(source);
  for (const { block } of stored) raise(block.blockKey, newestOf(block));
  for (const { blockKey, lsn } of writer?.buffer.frames ?? []) raise(blockKey, lsn);
  for (const { buffer } of readers) for (const { blockKey, lsn } of buffer.frames) raise(blockKey, lsn);
  const cells = new Map<number, Map<string, PageCopy>>();
  for (const key of newest.keys()) cells.set(key, new Map());
  for (const { node, block } of stored) {
    const copy = storeCopy(block, newest.get(block.blockKey) ?? -1);
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
  asked: number | null,
  at: number | null,
): StorePageView | null {
  const list = storeOf(nodes[node])?.groups.find((view) => view.group === group);
  const views = list?.wanted?.filter((view) => view.blockKey === blockKey) ?? [];
  return views.find((view) => view.at === at) ?? (asked === null ? views[0] : null) ?? null;
}

/** How far the volume is durable, and the group: as the writer knows it. */
interface Durable {
  readonly vdl: number;
  readonly pgcl: number;
}

function storeHolder(
  source: LensSource,
  node: string,
  chosen: Chosen,
  view: StorePageView | null,
  { pageBytes, durable: { vdl, pgcl } }: { readonly pageBytes: number; readonly durable: Durable },
): Holder {
  const list = storeOf(source.nodes[node])?.groups.find((view) => view.group === chosen.group);
  const block = list?.blocks?.blocks.find(({ blockKey }) => blockKey === chosen.blockKey);
  const newest = block?.versions.at(-1) ?? -1;
  const page = view === null ? null : replayed(replaySteps(view, pageBytes));
  const readableTo = (scl: number): number =>
    vdl < 0 ? scl : pgcl >= 0 && scl >= pgcl ? vdl : Math.min(scl, vdl);
  return {
    node,
    role: 'store',
    isUp: source.nodes[node]?.status === 'up',
    isLost: false,
    releasedTo: Number.MAX_SAFE_INTEGER,
    // READ-22, WAL-34: from PGMRPL on, as far as it has the group's records; nobody reads above VDL.
    reads: { from: list?.pgmrpl ?? -1, to: readableTo(list?.scl ?? -1), ahead: list?.nwl ?? -1, points: [] },
    copies: (block?.versions ?? []).map((lsn) => ({
      lsn,
      state: lsn < newest || lsn < chosen.newest ? 'past' : 'current',
    })),
    records: (block?.chain ?? []).filter((lsn) => lsn > newest),
    content: page === null ? null : readPage(page, chosen.table),
  };
}

const pointsIn = (view: SeatView): readonly number[] =>
  [...new Set((view.log?.sessions ?? []).map(({ readPoint }) => readPoint).filter((at) => at >= 0))].sort(
    (a, b) => a - b,
  );

/** A compute node that is down: nothing of what it held can be read. */
const lostHolder = (node: string, role: 'writer' | 'reader'): Holder => ({
  node,
  role,
  isUp: false,
  isLost: true,
  copies: [],
  records: [],
  releasedTo: -1,
  reads: { from: -1, to: -1, ahead: -1, points: [] },
  content: null,
});

function writerHolder({ frame: { id: node, status }, view }: FoundSeat, chosen: Chosen): Holder {
  const buffer = view.pages ?? null;
  const points = pointsIn(view);
  const frame = buffer?.frames.find(({ blockKey }) => blockKey === chosen.blockKey);
  const image = buffer?.images.find(({ blockKey }) => blockKey === chosen.blockKey);
  return {
    node,
    role: 'writer',
    isUp: status === 'up',
    isLost: false,
    releasedTo: view.vdl,
    // WAL-22: a view of the writer reads at VDL; the least of those that are open is its MRPL.
    reads: { from: Math.min(view.vdl, ...points), to: view.vdl, ahead: view.tail, points },
    copies: frame === undefined ? [] : [{ lsn: frame.lsn, state: frameState(frame) }],
    records: [],
    content: image === undefined ? null : readPage(image.bytes, chosen.table),
  };
}

function readerHolder({ frame: { id: node, status }, view, reader }: FoundReader, chosen: Chosen): Holder {
  const buffer = view.pages ?? null;
  const { blockKey, newest, table } = chosen;
  const frame = buffer?.frames.find((one) => one.blockKey === blockKey);
  const image = buffer?.images.find((one) => one.blockKey === blockKey);
  const older = (buffer?.older ?? []).filter((one) => one.blockKey === blockKey);
  const list = reader.journal?.blocks.find((one) => one.blockKey === blockKey);
  const points = pointsIn(view);
  const newestHere = frame?.loading === false ? frame.lsn : -1;
  return {
    node,
    role: 'reader',
    isUp: status === 'up',
    isLost: false,
    releasedTo: list?.releasedTo ?? -1,
    // READ-20, READ-24: from its MRPL to its applyLsn.
    reads: {
      from: Math.min(reader.applyLsn, ...points),
      to: reader.applyLsn,
      ahead: reader.receivedTo,
      points,
    },
    copies: [
      ...older.map(
        ({ lsn, upTo, bytes }): PageCopy => ({ lsn, upTo, state: 'past', content: readPage(bytes, table) }),
      ),
      ...(frame === undefined ? [] : [{ lsn: frame.lsn, state: readerState(frame, newest) }]),
    ],
    records: (list?.lsns ?? []).filter((lsn) => lsn > newestHere),
    content: image === undefined ? null : readPage(image.bytes, table),
  };
}

interface FoundSeat {
  readonly frame: NodeFrame;
  readonly view: SeatView;
}
interface FoundReader extends FoundSeat {
  readonly reader: ReaderView;
}

/** The readers of the volume, in the cluster's order. */
export const findReaders = ({ cluster, nodes }: LensSource): readonly FoundReader[] =>
  cluster.nodes.flatMap(({ id }) => {
    const frame = nodes[id];
    const compute = computeOf(frame);
    const view = compute && readerSeatAt(compute, cluster.volume);
    return frame === undefined || !view?.reader ? [] : [{ frame, view, reader: view.reader }];
  });

/** LSNs shown at least. */
const leastSpan = 24;

function chooseWindow(holders: readonly Holder[], vdl: number, pgmrpl: number): Range {
  const lsns = holders.flatMap(({ copies, records, role, reads: { from, ahead, points } }) => [
    ...copies.map(({ lsn }) => lsn),
    ...records,
    ...(role === 'reader' ? [from, ahead] : []),
    ...points,
  ]);
  const known = lsns.filter((lsn) => lsn >= 0);
  const newest = Math.max(vdl, ...known, 0) + 2;
  const bounds = pgmrpl < 0 ? known : [...known.filter((lsn) => lsn >= pgmrpl), pgmrpl];
  return [Math.max(0, Math.min(newest - leastSpan, ...bounds.map((lsn) => lsn - 3))), newest];
}

/** The tables that the first of these has read from the catalogue; a writer that has just begun has read few. */
function firstTables(
  lists: readonly (readonly TableView[] | undefined)[],
  known: readonly TableView[],
): readonly TableView[] {
  const own = lists.find((tables) => tables !== undefined && tables.length > 0) ?? [];
  const missing = known.filter(({ relation }) => own.every((table) => table.relation !== relation));
  return missing.length === 0 ? own : [...own, ...missing];
}

export function projectPages(source: LensSource, params: PagesParams): PagesModel {
  const found = findWriter(source);
  const writer = found?.frame.id ?? '';
  const view = found?.view ?? null;
  const buffer = found === null || !keepsMemory(found.frame) ? null : (found.view.pages ?? null);
  const readers = findReaders(source);
  const tables = firstTables(
    [view?.pages?.tables, ...readers.map((reader) => reader.view.pages?.tables)],
    params.known ?? [],
  );
  const pageBytes = view?.pages?.pageBytes ?? 0;
  const pages = listPages(
    source,
    buffer === null ? null : { node: writer, buffer },
    readers.flatMap(({ frame, view: seat }) =>
      seat.pages && keepsMemory(frame) ? [{ node: frame.id, buffer: seat.pages }] : [],
    ),
  );
  const blockKey = choosePage(params.blockKey, pages, tables);
  const spec = groupOfPage(source.cluster, blockKey);
  const group = spec?.id ?? '';
  const stores = spec?.replicas.map(String) ?? [];
  const store = params.store !== null && stores.includes(params.store) ? params.store : (stores[0] ?? '');
  const newest = pages.find((page) => page.blockKey === blockKey)?.newest ?? -1;
  const chosen: Chosen = { blockKey, group, table: tableOf(blockKey, tables), newest };
  const pgcl = view?.groups.find((one) => one.group === group)?.pgcl ?? -1;
  const list = storeOf(source.nodes[store])?.groups.find((one) => one.group === group);
  const vdl = view?.vdl ?? list?.knownVdl ?? -1;
  const readAt = params.at ?? (view === null || pgcl < 0 ? null : vdl);
  const knowsLast = readAt !== null && pgcl >= 0 && pgcl <= readAt && readAt <= vdl;
  const readOfStore = (node: string): StorePageView | null => readOf(source, node, chosen, params.at, readAt);
  const holders = [
    ...(found === null
      ? []
      : [keepsMemory(found.frame) ? writerHolder(found, chosen) : lostHolder(writer, 'writer')]),
    ...readers.map((reader) =>
      keepsMemory(reader.frame) ? readerHolder(reader, chosen) : lostHolder(reader.frame.id, 'reader'),
    ),
    ...stores.map((node) =>
      storeHolder(source, node, chosen, readOfStore(node), { pageBytes, durable: { vdl, pgcl } }),
    ),
  ];
  const read = readOfStore(store);
  const pgmrpl = list?.pgmrpl ?? -1;
  const allStores = source.cluster.nodes
    .filter(({ roles }) => roles.includes('store'))
    .map(({ id }) => id as string);
  return {
    tables,
    pageBytes,
    nodes: [...(writer === '' ? [] : [writer]), ...readers.map(({ frame }) => frame.id), ...allStores],
    readers: readers.map(({ frame }) => frame.id),
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
    asked: { at: readAt, ...(knowsLast && { groupAt: pgcl }) },
    holders,
    read,
    steps: read === null ? [] : replaySteps(read, pageBytes),
    isLoaded: list?.wanted !== undefined,
    buffer: buffer === null ? null : (view?.buffer ?? null),
    active: buffer?.active ?? [],
  };
}
