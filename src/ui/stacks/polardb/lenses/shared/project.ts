// The lens "Pages: past and future" as data (docs/spec/logindex.md §3, §5, §6): which image of a page is in shared storage, in the writer's
// buffer and in each reader's, which of them is past or future for whom, which pages the writer may not store and by whom, and
// what happened to the chosen page in the order T1 to T5. Pure: views of nodes and events in, a model out.

import type { Range } from '../../../../../base/ids.ts';
import type { SessionAct, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import { PAGE_HEADER_BYTES, pageLsn } from '../../../../../core/page/page.ts';
import { type PageKey, pageKey } from '../../../../../core/page/page-key.ts';
import type {
  LockView,
  SharedPageView,
  SharedView,
  SlotView,
} from '../../../../../core/shared-storage/shared-view.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import type { TileState } from '../../../../glyphs/page-tile.tsx';
import { storageId } from '../../../../model/followed-page.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { tablesSeen } from '../../../../model/tables-seen.ts';
import { bytesAt, devicePlace, mountIn, type Nodes, storedPlace } from '../../device.ts';
import { knownLsns } from '../../known-lsns.ts';

export interface SharedSource {
  readonly cluster: ClusterSpec;
  readonly nodes: Nodes;
}

/** What a holder has of a page; LSNs that it does not have are −1. */
export interface Cell {
  readonly lsn: number;
  readonly state: TileState;
  readonly oldestLsn: number;
  readonly latestLsn: number;
  readonly changes: number;
  /** Of the image in the copy buffer. */
  readonly copyLsn: number;
  /** By whom it may not be stored. */
  readonly by: readonly string[];
  /** On the flush list, although storage has this very image: a redo lists again what it finds stored. */
  readonly isStored: boolean;
}

/** Of the whole device, `storage`; else a node's. */
export interface Holder {
  readonly id: string;
  readonly role: 'storage' | 'writer' | 'reader';
  readonly status: NodeFrame['status'];
  /** How far it has applied, −1: it is none that applies. */
  readonly applyLsn: number;
  /** Of a reader inside an MTR: how far it has parsed; null: it has the end of each. */
  readonly parsedLsn: number | null;
  readonly cell: Cell | null;
}

export interface PageRow {
  readonly blockKey: number;
  /** By holder. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly writer: Cell | null;
}

/** A definition of the writer, and a reader that it waits for (LI-64, LI-65). */
export interface LockRow {
  readonly key: string;
  readonly lock: LockView;
  readonly reader: string;
  /** Whose statements and transactions hold it up there. */
  readonly users: readonly SessionAct[];
  /** End of its lease as the writer counts it, µs; −1: it has none. */
  readonly leaseEnd: number;
}

export interface SharedModel {
  readonly writer: string;
  readonly holders: readonly Holder[];
  readonly pages: readonly PageRow[];
  readonly blockKey: number;
  /** Of the chosen page, as LogIndex in memory has them. */
  readonly records: readonly number[];
  readonly window: Range;
  readonly view: SharedView | null;
  readonly slots: readonly SlotView[];
  readonly locks: readonly LockRow[];
  readonly tables: readonly TableView[];
  readonly pageBytes: number;
  /** Nodes have said which pages they have. */
  readonly isLoaded: boolean;
}

const noCell = { oldestLsn: -1, latestLsn: -1, changes: 0, copyLsn: -1, by: [], isStored: false } as const;

/** Pages of which stored images are looked at. */
export const pagesShown = 64;

/** Where the heads of the stored images of these pages lie, as far as the mount knows. */
export function headPlaces({ cluster, nodes }: SharedSource, keys: readonly number[], pageBytes: number) {
  const mount = mountOfAny({ cluster, nodes });
  if (mount === null) return [];
  return keys.flatMap((key) => {
    const place = storedPlace(mount, key, pageBytes, PAGE_HEADER_BYTES);
    return (place && devicePlace(cluster, place)) ?? [];
  });
}

export const computes = ({ cluster, nodes }: SharedSource): readonly NodeFrame[] =>
  cluster.nodes.flatMap(({ id }) => (computeOf(nodes[id])?.shared === undefined ? [] : (nodes[id] ?? [])));

/** The writer, by the greatest token, that is up; else whoever was. */
export function writerIn(source: SharedSource): NodeFrame | null {
  const writers = computes(source).filter((node) => computeOf(node)?.mode === 'rw');
  const rank = (node: NodeFrame): number => (node.status === 'up' ? 1e9 : 0) + (computeOf(node)?.token ?? 0);
  return writers.toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** The writer's own, else that of a reader. */
const mountOfAny = ({ cluster, nodes }: SharedSource) => {
  const writer = writerIn({ cluster, nodes });
  const all = [...(writer === null ? [] : [writer]), ...computes({ cluster, nodes })];
  for (const node of all) {
    const mount = mountIn(cluster, node);
    if (mount !== null && mount.state === 'open') return mount;
  }
  return null;
};

function writerState({ state, copyLsn }: SharedPageView): TileState {
  if (state === 'loading') return 'evicted';
  if (copyLsn >= 0) return 'copied';
  if (state === 'blocked') return 'blocked';
  return state === 'dirty' || state === 'writing' ? 'dirty' : 'current';
}

function readerState({ state }: SharedPageView): TileState {
  if (state === 'loading') return 'evicted';
  return state === 'outdated' || state === 'replaying' ? 'outdated' : 'current';
}

const cellOf = (page: SharedPageView, isWriter: boolean): Cell => ({
  lsn: page.lsn,
  state: isWriter ? writerState(page) : readerState(page),
  oldestLsn: page.oldestLsn,
  latestLsn: page.latestLsn,
  changes: page.changes,
  copyLsn: page.copyLsn,
  by: page.by,
  isStored: false,
});

/** The writer's image beside the stored one; −1: that is not known. */
const besideStored = (cell: Cell, stored: number): Cell =>
  cell.state === 'dirty' && stored >= 0 && cell.latestLsn <= stored
    ? { ...cell, state: 'current', isStored: true }
    : cell;

/** A node may not know yet, or for long, that the page has changed since. */
const besideNewest = (cell: Cell, newest: number): Cell =>
  cell.state === 'current' && cell.lsn < newest ? { ...cell, state: 'past' } : cell;

/** An image in storage: future for a reader that has not applied its changes, past while somebody has a newer one. */
function storedCell(lsn: number, newest: number, applied: readonly { id: string; applyLsn: number }[]): Cell {
  const by = applied.filter(({ applyLsn }) => applyLsn >= 0 && applyLsn < lsn).map(({ id }) => id);
  const state: TileState = by.length > 0 ? 'future' : lsn < newest ? 'past' : 'current';
  return { ...noCell, lsn, state, by };
}

export function projectShared(source: SharedSource, chosen: number | null): SharedModel | null {
  const { cluster, nodes } = source;
  if (cluster.chunks === undefined) return null;
  const writer = writerIn(source);
  const compute = computeOf(writer ?? undefined);
  const view = compute?.shared === undefined ? null : knownLsns(compute.shared);
  const pageBytes = computeOf(writer ?? undefined)?.pages?.pageBytes ?? 0;
  const holders = computes(source).toSorted(
    (a, b) => Number(computeOf(a)?.mode === 'ro') - Number(computeOf(b)?.mode === 'ro'),
  );
  const framesOf = (node: NodeFrame) => computeOf(node)?.shared?.frames ?? [];
  // With a node's power its buffer is gone; the pages that it had are still asked for in storage.
  const pagesOf = new Map(
    holders.map((node) => [
      node.id as string,
      new Map(node.status === 'down' ? [] : framesOf(node).map((page) => [page.blockKey, page])),
    ]),
  );
  const applied = holders.map((node) => ({ id: node.id as string, applyLsn: appliedOf(node) }));
  const keys = [...new Set(holders.flatMap(framesOf).map(({ blockKey }) => blockKey))].sort((a, b) => a - b);
  const mount = mountOfAny(source);
  const storedOf = (key: number): number => {
    const place =
      mount === null || pageBytes === 0 ? null : storedPlace(mount, key, pageBytes, PAGE_HEADER_BYTES);
    const wanted = place && devicePlace(cluster, place);
    const bytes = wanted === null ? null : bytesAt(nodes, wanted);
    if (bytes === null || bytes === undefined || bytes.every((byte) => byte === 0)) return -1;
    return pageLsn(bytes);
  };
  const rowOf = (blockKey: number): PageRow => {
    const cells = new Map<string, Cell>();
    const stored = storedOf(blockKey);
    let own: Cell | null = null;
    let newest = -1;
    for (const node of holders) {
      const page = pagesOf.get(node.id)?.get(blockKey);
      if (page === undefined) continue;
      const cell = besideStored(cellOf(page, computeOf(node)?.mode === 'rw'), stored);
      if (node === writer) own = cell;
      newest = Math.max(newest, cell.lsn);
      cells.set(node.id, cell);
    }
    newest = Math.max(newest, stored);
    for (const [id, cell] of cells) cells.set(id, besideNewest(cell, newest));
    if (stored >= 0) cells.set(storageId, storedCell(stored, newest, applied));
    return { blockKey, cells, writer: own };
  };
  const pages = keys.map(rowOf);
  const first = chosen ?? defaultPage(pages);
  const row = pages.find(({ blockKey }) => blockKey === first) ?? null;
  const records = recordsOf(holders, first);
  const durable = view?.durableLsn ?? -1;
  return {
    writer: writer?.id ?? '',
    holders: [
      {
        id: storageId,
        role: 'storage',
        status: 'up',
        applyLsn: -1,
        parsedLsn: null,
        cell: row?.cells.get(storageId) ?? null,
      },
      ...holders.map(
        (node): Holder => ({
          id: node.id,
          role: computeOf(node)?.mode === 'ro' ? 'reader' : 'writer',
          status: node.status,
          applyLsn: appliedOf(node),
          parsedLsn: computeOf(node)?.shared?.parsedLsn ?? null,
          cell: row?.cells.get(node.id) ?? null,
        }),
      ),
    ],
    pages,
    blockKey: first,
    records,
    window: windowOf(
      row,
      records,
      view,
      applied.map(({ applyLsn }) => applyLsn),
    ),
    view,
    slots: view?.slots ?? [],
    locks: lockRows(view, nodes),
    tables: tablesSeen(nodes, cluster.volume, compute?.pages?.tables ?? []),
    pageBytes,
    isLoaded: view?.frames !== undefined && durable >= 0,
  };
}

function lockRows(view: SharedView | null, nodes: Nodes): LockRow[] {
  return (view?.locks ?? []).flatMap((lock) =>
    lock.waitsFor.map((reader): LockRow => {
      const held = computeOf(nodes[reader])?.shared?.heldLocks ?? [];
      return {
        key: `${lock.lockLsn} ${reader}`,
        lock,
        reader,
        users: held.find(({ lockLsn }) => lockLsn === lock.lockLsn)?.users ?? [],
        leaseEnd: view?.slots.find((slot) => slot.reader === reader)?.leaseEnd ?? -1,
      };
    }),
  );
}

function appliedOf(node: NodeFrame): number {
  const compute = computeOf(node);
  return compute?.mode === 'ro' && compute.shared?.phase === 'ready' ? compute.shared.applyLsn : -1;
}

/** The one that waits longest to be stored, else the first of a table. */
function defaultPage(pages: readonly PageRow[]): number {
  const waiting = pages
    .filter(({ writer }) => (writer?.by.length ?? 0) > 0)
    .toSorted((a, b) => (a.writer?.oldestLsn ?? 0) - (b.writer?.oldestLsn ?? 0));
  const firstOfTable = pages.find(({ blockKey }) => blockKey >= firstTable);
  return (waiting[0] ?? firstOfTable ?? pages[0])?.blockKey ?? -1;
}

/** Relations below it are the system's own. */
const firstTable: PageKey = pageKey(8, 0, 0);

function recordsOf(holders: readonly NodeFrame[], key: number): readonly number[] {
  const lsns = holders.flatMap((node) =>
    (computeOf(node)?.shared?.index?.entries ?? []).flatMap((entry) =>
      entry.blockKey === key ? entry.lsns : [],
    ),
  );
  return [...new Set(lsns)].sort((a, b) => a - b);
}

/** LSNs from the oldest image or gate that counts to the newest record. */
function windowOf(
  row: PageRow | null,
  records: readonly number[],
  view: SharedView | null,
  applied: readonly number[],
): Range {
  const cells = [...(row?.cells.values() ?? [])];
  const marks = [
    ...cells.flatMap(({ lsn, latestLsn }) => [lsn, latestLsn]),
    view?.consistentLsn ?? -1,
    view?.oldestApplyLsn ?? -1,
    view?.durableLsn ?? -1,
    ...applied,
  ].filter((lsn) => lsn > 0);
  if (marks.length === 0) return [0, 100];
  const to = Math.max(...marks, records.at(-1) ?? 0) + 8;
  const from = Math.max(0, Math.min(...marks) - 8);
  return [Math.max(from, to - widest), Math.max(to, from + 40)];
}
const widest = 600;

/** Pages whose newest change is not in storage: one that has a copy, too, counts once. */
export const unstored = (model: SharedModel): readonly PageRow[] =>
  flushList(model).filter(({ writer }) => writer?.isStored !== true);

/** Dirty pages by oldestLsn: the order in which the writer tries them (LI-42, LI-48). */
export const flushList = ({ pages }: SharedModel): readonly PageRow[] =>
  pages
    .filter(({ writer }) => (writer?.oldestLsn ?? -1) >= 0 || (writer?.copyLsn ?? -1) >= 0)
    .toSorted((a, b) => (a.writer?.oldestLsn ?? 0) - (b.writer?.oldestLsn ?? 0));

/** What LI-40 would do with the page now. */
export type FlushNow = 'FLUSHED' | 'FLUSHED_COPY' | 'COPIED' | 'WAL' | 'BLOCKED';

export function flushNow(cell: Cell, view: SharedView): FlushNow {
  const gate = view.oldestApplyLsn < 0 ? Number.POSITIVE_INFINITY : view.oldestApplyLsn;
  if (cell.latestLsn > view.durableLsn) return 'WAL';
  if (cell.latestLsn <= gate) return 'FLUSHED';
  if (cell.copyLsn >= 0) return cell.copyLsn <= gate ? 'FLUSHED_COPY' : 'BLOCKED';
  return 'BLOCKED';
}

/** What a reader has applied, as it has reported it to the writer, and as it is there; −1: that is not known. */
export interface ReaderMark {
  readonly reader: string;
  readonly reported: number;
  readonly applied: number;
}

/** Of the readers that have a slot, the one that holds back most first. */
export const readerMarks = ({
  slots,
  holders,
}: Pick<SharedModel, 'slots' | 'holders'>): readonly ReaderMark[] =>
  slots
    .map(({ reader, applyLsn }) => ({
      reader: reader as string,
      reported: applyLsn,
      applied: holders.find(({ id }) => id === reader)?.applyLsn ?? -1,
    }))
    .toSorted((a, b) => a.reported - b.reported);

/** LSNs of the flush list: from the oldest change that is not stored, or the gate, to the newest. */
export function flushWindow({ view, slots }: SharedModel, rows: readonly PageRow[]): Range {
  const marks = [
    ...rows.flatMap(({ writer }) => [writer?.oldestLsn ?? -1, writer?.latestLsn ?? -1]),
    ...slots.map(({ applyLsn }) => applyLsn),
    view?.consistentLsn ?? -1,
    view?.durableLsn ?? -1,
  ].filter((lsn) => lsn > 0);
  if (marks.length === 0) return [0, 100];
  const to = Math.max(...marks) + 4;
  const from = Math.max(0, Math.min(...marks) - 4);
  return [Math.max(from, to - widest), Math.max(to, from + 40)];
}
