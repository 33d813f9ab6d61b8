// Lens 4.4, page versions: who holds which version of a page, in which state, what each says of a row, and at which read
// points each may answer. Writer, readers and stores side by side. Pure: node frames in, a model out.

import type { Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import type { WantedPage } from '../../../../../core/kernel/view-params.ts';
import type { StoreGroupView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import { tableOf } from '../../../../model/page-content.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { findWriter } from '../wal/project.ts';
import {
  type Chosen,
  type Durable,
  findReaders,
  type Holder,
  keepsMemory,
  lostHolder,
  readerHolder,
  storeHolder,
  writerHolder,
} from './holders.ts';
import { arePagesLoaded, choosePage, listPages, type PageRow } from './page-list.ts';
import { type ReplayStep, replaySteps } from './replay.ts';

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

/**
 * What the chosen store has said of a read: how it makes it, that it refuses it, nothing yet, or that it has no such page; or why nobody
 * asks: it does not run, or the read point lies above VDL.
 */
export type Reading = 'made' | 'refused' | 'loading' | 'none' | 'down' | 'aboveVdl';

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
  /** As the writer knows it; −1: it does not, or nobody writes. */
  readonly vdl: number;
  /** The same, or without an open writer the last VDL that a node knows: nobody reads above it. */
  readonly knownVdl: number;
  readonly pgmrpl: number;
  readonly at: number | null;
  /** What is asked of the stores: the chosen read point, else VDL, or the last that a store knows; and the group's last record up to there. */
  readonly asked: Omit<WantedPage, 'blockKey'>;
  readonly holders: readonly Holder[];
  readonly read: StorePageView | null;
  /** Of a read that is refused, or that nobody could make, there are none. */
  readonly steps: readonly ReplayStep[];
  readonly reading: Reading;
  readonly buffer: AttachmentView['buffer'] | null;
  readonly active: readonly number[];
  /** Nodes that read the volume only. */
  readonly readers: readonly string[];
}

function readOf(
  source: LensSource,
  node: string,
  { blockKey, group }: Chosen,
  asked: number | null,
  at: number | null,
): StorePageView | null {
  const views = listOf(source, node, group)?.wanted?.filter((view) => view.blockKey === blockKey) ?? [];
  return views.find((view) => view.at === at) ?? (asked === null ? views[0] : null) ?? null;
}

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

const listOf = ({ nodes }: LensSource, node: string, group: string): StoreGroupView | undefined =>
  storeOf(nodes[node])?.groups.find((view) => view.group === group);

/** As the writer knows it; without one that is open, the last VDL that a store or reader knows, and as much of the group as a store has up to there. */
function durableOf(
  vdl: number,
  pgcl: number,
  lists: readonly StoreGroupView[],
  applied: readonly number[],
): Durable {
  if (vdl >= 0) return { vdl, groupAt: pgcl };
  const known = Math.max(-1, ...lists.map(({ knownVdl }) => knownVdl), ...applied);
  return { vdl: known, groupAt: Math.min(known, Math.max(-1, ...lists.map(({ scl }) => scl))) };
}

function readingOf(
  frame: NodeFrame | undefined,
  read: StorePageView | null,
  { isAhead, isLoaded }: { readonly isAhead: boolean; readonly isLoaded: boolean },
): Reading {
  if (isAhead) return 'aboveVdl';
  if (frame?.status !== 'up') return 'down';
  if (read === null) return isLoaded ? 'none' : 'loading';
  return read.refused === null ? 'made' : 'refused';
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
    readers.flatMap(({ frame, view: attachment }) =>
      attachment.pages && keepsMemory(frame) ? [{ node: frame.id, buffer: attachment.pages }] : [],
    ),
  );
  const blockKey = choosePage(params.blockKey, pages, tables);
  const spec = groupOfPage(source.cluster, blockKey);
  const group = spec?.id ?? '';
  const stores = spec?.replicas.map(String) ?? [];
  const isUp = (node: string): boolean => source.nodes[node]?.status === 'up';
  const store =
    params.store !== null && stores.includes(params.store)
      ? params.store
      : (stores.find(isUp) ?? stores[0] ?? '');
  const newest = pages.find((page) => page.blockKey === blockKey)?.newest ?? -1;
  const chosen: Chosen = { blockKey, group, table: tableOf(blockKey, tables), newest };
  const lists = stores.filter(isUp).flatMap((node) => listOf(source, node, group) ?? []);
  const list = listOf(source, store, group);
  const vdl = found === null || !keepsMemory(found.frame) ? -1 : found.view.vdl;
  const pgcl = view?.groups.find((one) => one.group === group)?.pgcl ?? -1;
  const applied = readers.flatMap(({ frame, reader }) => (keepsMemory(frame) ? [reader.applyLsn] : []));
  const durable = durableOf(vdl, pgcl, lists, applied);
  const readAt = params.at ?? (durable.vdl < 0 ? null : durable.vdl);
  const knowsLast =
    readAt !== null && durable.groupAt >= 0 && durable.groupAt <= readAt && readAt <= durable.vdl;
  const readOfStore = (node: string): StorePageView | null => readOf(source, node, chosen, params.at, readAt);
  const holders = [
    ...(found === null
      ? []
      : [keepsMemory(found.frame) ? writerHolder(found, chosen) : lostHolder(writer, 'writer')]),
    ...readers.map((reader) =>
      keepsMemory(reader.frame) ? readerHolder(reader, chosen) : lostHolder(reader.frame.id, 'reader'),
    ),
    ...stores.map((node) => storeHolder(source, node, chosen, readOfStore(node), { pageBytes, durable })),
  ];
  const read = readOfStore(store);
  const reading = readingOf(source.nodes[store], read, {
    isAhead: durable.vdl >= 0 && params.at !== null && params.at > durable.vdl,
    isLoaded: list?.wanted !== undefined,
  });
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
    window: chooseWindow(holders, durable.vdl, pgmrpl),
    vdl,
    knownVdl: durable.vdl,
    pgmrpl,
    at: params.at,
    asked: { at: readAt, ...(knowsLast && { groupAt: durable.groupAt }) },
    holders,
    read,
    steps: read === null || reading !== 'made' ? [] : replaySteps(read, pageBytes),
    reading,
    buffer: buffer === null ? null : (view?.buffer ?? null),
    active: buffer?.active ?? [],
  };
}
