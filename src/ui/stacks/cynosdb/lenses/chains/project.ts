// Lens 4.8, storage chains: per page the versions that a store holds and the records on top of them, what it builds, what
// garbage collection may drop and who holds it back. Pure: node frames in, a model out (WAL-25,
// 31–38, 71). What the archive holds is archive.ts's.

import { MAX, type Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { BaseImageView, BlockView, StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import { findWriter } from '../wal/project.ts';
import { projectPool, type ReadPool } from './pool.ts';

export interface ChainsParams {
  /** Null: the last group, the first replica. */
  readonly group: string | null;
  readonly store: string | null;
}

/** A read point in force, and who holds it. */
export interface ReadPin {
  /** Of the session, or of the node. */
  readonly session: string;
  readonly readPoint: number;
  /** The writer itself reads at VDL; a reader's pin is the MRPL that it reported last (READ-24). */
  readonly holder: 'session' | 'reader' | 'writer';
}

/** A version that the store builds now: the base it starts from (−1: none), the records it takes, where it ends. */
export interface BuildJob {
  readonly blockKey: number;
  readonly from: number;
  readonly takes: readonly number[];
  readonly to: number;
}

/** Who keeps garbage collection from going further. */
export type HeldBy =
  | { readonly kind: 'readPoint'; readonly session: string; readonly lsn: number }
  | { readonly kind: 'replica'; readonly replica: string; readonly lsn: number }
  | { readonly kind: 'archive'; readonly lsn: number }
  /** The store has started, and nobody has said yet up to where the log may go: whether there is an archive at all. */
  | { readonly kind: 'unheard' }
  | { readonly kind: 'image'; readonly peer: string; readonly lsn: number }
  | { readonly kind: 'nobody' };

export interface ChainsModel {
  readonly groups: readonly string[];
  readonly group: string;
  readonly stores: readonly string[];
  readonly store: string;
  readonly writer: string;
  /** What it writes; empty: the cluster's own volume. */
  readonly volume: string;
  readonly window: Range;
  readonly rows: readonly BlockView[];
  /** Pages of the group on this store, listed or not. */
  readonly total: number;
  readonly vdl: number;
  readonly scl: number;
  readonly pgmrpl: number;
  readonly logFloor: number;
  readonly holdTo: number;
  /** Null: nothing is archived, so nothing waits for it. */
  readonly archivedTo: number | null;
  readonly phase: 'idle' | 'marks' | 'reading' | 'writing' | null;
  readonly nextRunUs: number | null;
  /** The store has reported its pages: until then nothing is known of them. */
  readonly isLoaded: boolean;
  readonly records: number;
  readonly versions: number;
  readonly logBytes: number;
  readonly jobs: readonly BuildJob[];
  /** Pages with records that no version may contain yet, and up to where one may (WAL-32). */
  readonly waiting: number;
  readonly buildLimit: number;
  /** Base images that the store gives to others, and takes (WAL-71). */
  readonly giving: readonly BaseImageView[];
  readonly taking: readonly BaseImageView[];
  readonly pins: readonly ReadPin[];
  /** Read points node by node; null: nobody writes. */
  readonly pool: ReadPool | null;
  readonly heldBy: HeldBy;
  /** Bytes on the writer's own disk, and how many pages could be in them at most: it writes none (WAL-10). */
  readonly writerDisk: { readonly bytes: number; readonly pages: number } | null;
}

/** LSNs shown at least, and before the oldest bound. */
const leastSpan = 24;
const before = 4;

function pinsOf(writer: AttachmentView | null, node: string): readonly ReadPin[] {
  if (writer === null) return [];
  const sessions = (writer.log?.sessions ?? [])
    .filter(({ readPoint }) => readPoint >= 0)
    .map(({ session, readPoint }): ReadPin => ({ session, readPoint, holder: 'session' }));
  const readers = (writer.readers ?? []).map(
    ({ reader, mrpl }): ReadPin => ({ session: reader, readPoint: mrpl, holder: 'reader' }),
  );
  const own: ReadPin = { session: node, readPoint: writer.vdl, holder: 'writer' };
  return [...sessions, ...readers, own].sort((a, b) => a.readPoint - b.readPoint);
}

function findHeld(
  pins: readonly ReadPin[],
  writer: AttachmentView | null,
  list: StoreGroupView | null,
): HeldBy {
  const group = writer?.groups.find((view) => view.group === list?.group);
  const holdTo = list?.blocks?.holdTo ?? MAX;
  const slowest = [...(group?.replicas ?? [])].sort((a, b) => a.scl - b.scl)[0];
  const pin = pins.find(({ holder }) => holder !== 'writer');
  const vdl = writer?.vdl ?? -1;
  if (pin !== undefined && pin.readPoint < vdl && pin.readPoint <= holdTo)
    return { kind: 'readPoint', session: pin.session, lsn: pin.readPoint };
  if (slowest !== undefined && group !== undefined && slowest.scl < group.pgcl)
    return { kind: 'replica', replica: slowest.replica, lsn: slowest.scl };
  const image = list?.exporting[0];
  if (image !== undefined) return { kind: 'image', peer: image.peer, lsn: image.base };
  const archivedTo = list?.blocks?.archivedTo ?? MAX;
  if (archivedTo < (list?.pgmrpl ?? -1))
    return archivedTo < 0 ? { kind: 'unheard' } : { kind: 'archive', lsn: archivedTo };
  return { kind: 'nobody' };
}

function jobsOf(rows: readonly BlockView[]): readonly BuildJob[] {
  return rows.flatMap(({ blockKey, versions, chain, building: to }) => {
    if (to === null) return [];
    const from = versions.findLast((lsn) => lsn < to) ?? -1;
    return [{ blockKey, from, takes: chain.filter((lsn) => lsn > from && lsn <= to), to }];
  });
}

/** From a little below the oldest bound to the newest LSN; what is older stands at the left edge. */
function chooseWindow(list: StoreGroupView | null, vdl: number): Range {
  const newest = Math.max(vdl, list?.nwl ?? 0, 0) + 2;
  const bounds = [list?.pgmrpl ?? newest, list?.logFloor ?? newest];
  const chains = list?.blocks?.blocks.flatMap(({ chain }) => chain.slice(0, 1)) ?? [];
  const oldest = Math.min(...bounds, ...chains);
  return [Math.max(0, Math.min(oldest - before, newest - leastSpan)), newest];
}

export function projectChains(source: LensSource, params: ChainsParams): ChainsModel {
  const { cluster, nodes } = source;
  const groups = cluster.groups.map(({ id }) => id as string);
  const group = params.group !== null && groups.includes(params.group) ? params.group : (groups.at(-1) ?? '');
  const stores = cluster.groups.find(({ id }) => id === group)?.replicas.map(String) ?? [];
  const store = params.store !== null && stores.includes(params.store) ? params.store : (stores[0] ?? '');
  const list = storeOf(nodes[store])?.groups.find((view) => view.group === group) ?? null;
  const found = findWriter(source);
  const writer = found?.view ?? null;
  const writerNode = found?.frame.id ?? '';
  const vdl = writer?.vdl ?? list?.knownVdl ?? -1;
  const pins = pinsOf(writer, writerNode);
  const rows = list?.blocks?.blocks ?? [];
  const buildLimit = list === null ? -1 : Math.min(list.scl, list.knownVdl);
  const disk = found?.frame.disk ?? null;
  const pageBytes = writer?.pages?.pageBytes ?? 0;
  return {
    groups,
    group,
    stores,
    store,
    writer: writerNode,
    volume: writer === null || writer.volume === cluster.volume ? '' : writer.volume,
    window: chooseWindow(list, vdl),
    rows,
    total: list?.blocks?.total ?? 0,
    vdl,
    scl: list?.scl ?? -1,
    pgmrpl: list?.pgmrpl ?? -1,
    logFloor: list?.logFloor ?? -1,
    holdTo: list?.blocks?.holdTo ?? -1,
    archivedTo: list?.blocks === undefined || list.blocks.archivedTo >= MAX ? null : list.blocks.archivedTo,
    phase: list?.blocks?.phase ?? null,
    nextRunUs: list?.blocks?.nextRunUs ?? null,
    isLoaded: list?.blocks !== undefined,
    records: list?.chainRecords ?? 0,
    versions: list?.versions ?? 0,
    logBytes: list?.blocks?.logBytes ?? 0,
    jobs: jobsOf(rows),
    waiting: rows.filter(({ chain }) => (chain.at(-1) ?? -1) > buildLimit).length,
    buildLimit,
    giving: list?.exporting ?? [],
    taking: (storeOf(nodes[store])?.importing ?? []).filter((image) => image.group === group),
    pins,
    pool: projectPool(
      source,
      found === null ? null : { node: writerNode, isUp: found.frame.status === 'up', view: found.view },
      list?.pgmrpl ?? -1,
    ),
    heldBy: findHeld(pins, writer, list),
    writerDisk:
      disk === null || pageBytes === 0
        ? null
        : { bytes: disk.bytes, pages: Math.floor(disk.bytes / pageBytes) },
  };
}

/** A page's chain as people write it: `base@10 → 15 → 20`. */
export function chainText({ versions, chain, chainLength }: BlockView): string {
  const base = versions.at(-1) ?? -1;
  const older = versions.slice(0, -1).map((lsn) => `@${lsn}`);
  const inBase = chain.filter((lsn) => lsn <= base);
  const after = chain.filter((lsn) => lsn > base);
  const left = chainLength > chain.length ? ['…'] : [];
  const start = base < 0 ? '∅' : `base@${base}`;
  return [...older, ...left, ...inBase.map((lsn) => `(${lsn})`), start, ...after.map(String)].join(' → ');
}
