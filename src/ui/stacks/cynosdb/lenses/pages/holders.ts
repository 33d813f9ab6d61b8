// Who holds which versions of one page, in which state, and at which read points each may answer: writer, readers and stores
// (WAL-10, 31–35; READ-10…17, 20…25).

import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { FrameView, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { StoreGroupView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import type { ReaderView } from '../../../../../core/reader/reader-view.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { computeOf, storeOf } from '../../../../model/node-facts.ts';
import { type PageContent, readPage } from '../../../../model/page-content.ts';
import { readerAttachmentAt } from '../../../../model/volumes.ts';
import { replayed, replaySteps } from './replay.ts';

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

/** Whether a holder can use its copies: it is up, frozen, or down; then they are on its disk, or were in its memory and are lost. */
export type Standing = 'up' | 'frozen' | 'onDisk' | 'lost';

export interface Holder {
  readonly node: string;
  readonly role: 'writer' | 'reader' | 'store';
  readonly standing: Standing;
  readonly copies: readonly PageCopy[];
  /** Records above the newest copy, or not yet applied. */
  readonly records: readonly number[];
  /** Of those at a reader: up to here VDL has released them (READ-10). */
  readonly releasedTo: number;
  readonly reads: ReadWindow;
  readonly content: PageContent | null;
}

export const frameState = ({ aboveVdl, dirty, loading }: FrameView): PageState => {
  if (loading) return 'evicted';
  if (aboveVdl) return 'pinned';
  return dirty ? 'dirty' : 'current';
};

/** A node that loses power loses its buffer; a frozen one keeps it. */
const standingOf = ({ status }: NodeFrame): Standing => (status === 'frozen' ? 'frozen' : 'up');

export const keepsMemory = ({ status }: NodeFrame): boolean => status === 'up' || status === 'frozen';

/** Of a reader nothing is dirty and nothing above VDL: a page is current, past or on its way. */
export const readerState = ({ loading, lsn }: FrameView, newest: number): PageState => {
  if (loading) return 'evicted';
  return lsn < newest ? 'past' : 'current';
};

export interface Chosen {
  readonly blockKey: number;
  readonly group: string;
  readonly table: TableView | null;
  readonly newest: number;
}

/** How far the volume is durable, and the last record of the group up to there; −1: not known. */
export interface Durable {
  readonly vdl: number;
  readonly groupAt: number;
}

const noReads: ReadWindow = { from: -1, to: -1, ahead: -1, points: [] };

/** READ-22, WAL-34: from PGMRPL on, up to VDL if it has the group's records up to there; nobody reads above VDL. */
function storeReads({ pgmrpl, scl, nwl }: StoreGroupView, { vdl, groupAt }: Durable): ReadWindow {
  const to = vdl < 0 || (groupAt >= 0 && scl >= groupAt) ? vdl : Math.min(scl, vdl);
  return { from: pgmrpl, to, ahead: nwl, points: [] };
}

export function storeHolder(
  source: LensSource,
  node: string,
  chosen: Chosen,
  view: StorePageView | null,
  { pageBytes, durable }: { readonly pageBytes: number; readonly durable: Durable },
): Holder {
  const frame = source.nodes[node];
  const list = storeOf(frame)?.groups.find(({ group }) => group === chosen.group);
  // What a store that is down has on its disk nobody can tell; what it said last may have been in its memory alone.
  if (frame === undefined || !keepsMemory(frame) || list === undefined)
    return { ...lostHolder(node, 'store'), standing: frame?.status === 'up' ? 'up' : 'onDisk' };
  const block = list.blocks?.blocks.find(({ blockKey }) => blockKey === chosen.blockKey);
  const newest = block?.versions.at(-1) ?? -1;
  const page = view === null || view.refused !== null ? null : replayed(replaySteps(view, pageBytes));
  return {
    node,
    role: 'store',
    standing: standingOf(frame),
    releasedTo: Number.MAX_SAFE_INTEGER,
    reads: storeReads(list, durable),
    copies: (block?.versions ?? []).map((lsn) => ({
      lsn,
      state: lsn < newest || lsn < chosen.newest ? 'past' : 'current',
    })),
    records: (block?.chain ?? []).filter((lsn) => lsn > newest),
    content: page === null ? null : readPage(page, chosen.table),
  };
}

const pointsIn = (view: AttachmentView): readonly number[] =>
  [...new Set((view.log?.sessions ?? []).map(({ readPoint }) => readPoint).filter((at) => at >= 0))].sort(
    (a, b) => a - b,
  );

/** A node that is down: nothing of what it held in memory can be read. */
export const lostHolder = (node: string, role: Holder['role']): Holder => ({
  node,
  role,
  standing: 'lost',
  copies: [],
  records: [],
  releasedTo: -1,
  reads: noReads,
  content: null,
});

export function writerHolder({ frame, view }: FoundAttachment, chosen: Chosen): Holder {
  const { id: node } = frame;
  const buffer = view.pages ?? null;
  const points = pointsIn(view);
  const held = buffer?.frames.find(({ blockKey }) => blockKey === chosen.blockKey);
  const image = buffer?.images.find(({ blockKey }) => blockKey === chosen.blockKey);
  return {
    node,
    role: 'writer',
    standing: standingOf(frame),
    releasedTo: view.vdl,
    // WAL-22: a view of the writer reads at VDL; the least of those that are open is its MRPL.
    reads: { from: Math.min(view.vdl, ...points), to: view.vdl, ahead: view.tail, points },
    copies: held === undefined ? [] : [{ lsn: held.lsn, state: frameState(held) }],
    records: [],
    content: image === undefined ? null : readPage(image.bytes, chosen.table),
  };
}

export function readerHolder({ frame: at, view, reader }: FoundReader, chosen: Chosen): Holder {
  const buffer = view.pages ?? null;
  const { blockKey, newest, table } = chosen;
  const frame = buffer?.frames.find((one) => one.blockKey === blockKey);
  const image = buffer?.images.find((one) => one.blockKey === blockKey);
  const older = (buffer?.older ?? []).filter((one) => one.blockKey === blockKey);
  const list = reader.journal?.blocks.find((one) => one.blockKey === blockKey);
  const points = pointsIn(view);
  const newestHere = frame?.loading === false ? frame.lsn : -1;
  return {
    node: at.id,
    role: 'reader',
    standing: standingOf(at),
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

interface FoundAttachment {
  readonly frame: NodeFrame;
  readonly view: AttachmentView;
}
interface FoundReader extends FoundAttachment {
  readonly reader: ReaderView;
}

/** The readers of the volume, in the cluster's order. */
export const findReaders = ({ cluster, nodes }: LensSource): readonly FoundReader[] =>
  cluster.nodes.flatMap(({ id }) => {
    const frame = nodes[id];
    const compute = computeOf(frame);
    const view = compute && readerAttachmentAt(compute, cluster.volume);
    return frame === undefined || !view?.reader ? [] : [{ frame, view, reader: view.reader }];
  });
