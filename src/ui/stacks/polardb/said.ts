// What *Pages: past and future* and *Shared disk* say of a state: the head, each page's image at each holder, the flush list against what readers have
// reported, a promotion, LogIndex with the records of a page, the readers' heads of the journal.

import type { ViewParams } from '../../../core/kernel/view-params.ts';
import type { Standing } from '../../../run-model/says/standings.ts';
import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { findPlace } from './lenses/disk/file-place.ts';
import { type DiskModel, lsnsIn, projectDisk } from './lenses/disk/project.ts';
import {
  flushList,
  headPlaces,
  projectShared,
  readerMarks,
  type SharedModel,
  type SharedSource,
} from './lenses/shared/project.ts';

export const saidByPages: SaidByLens = (picture, cluster) => {
  if (cluster.chunks === undefined) return [];
  // The stored images are bytes of the device: where they lie the mounts say first.
  const first = { cluster, nodes: nodesById(picture({ ...lensNeed, files: [] })) };
  const { pages = [], pageBytes = 0, blockKey: chosen = -1 } = projectShared(first, null) ?? {};
  const keys = pages.map(({ blockKey }) => blockKey);
  const need: ViewParams = {
    ...lensNeed,
    files: headPlaces(first, keys, pageBytes),
    ...(chosen >= 0 && { wanted: [{ blockKey: chosen, at: null }] }),
  };
  const source = { cluster, nodes: nodesById(picture(need)) };
  const model = projectShared(source, null);
  if (model === null || model.view === null || source.nodes[model.writer]?.status !== 'up') return [];
  const { durableLsn, oldestApplyLsn, phase } = model.view;
  const isOpen = phase === 'open';
  return [
    ...(isOpen || phase === 'ready'
      ? [{ kind: 'pagesHead', writer: model.writer, durable: durableLsn, gate: oldestApplyLsn } as const]
      : []),
    ...model.pages.flatMap(({ blockKey, cells }): readonly Standing[] =>
      [...cells].flatMap(([holder, { lsn, state, by }]): readonly Standing[] =>
        lsn < 0 || state === 'evicted' ? [] : [{ kind: 'image', holder, page: blockKey, lsn, is: state, by }],
      ),
    ),
    ...(isOpen ? saidByFlush(model) : []),
    ...saidByPromotion(model),
    ...saidByDisk(source, chosen),
  ];
};

function saidByFlush(model: SharedModel): readonly Standing[] {
  let order = -1;
  const rows = flushList(model).flatMap(({ blockKey, writer }): readonly Standing[] => {
    if (writer === null || writer.oldestLsn < 0) return [];
    const { oldestLsn: oldest, latestLsn: latest, by } = writer;
    const row = {
      kind: 'dirtyPage',
      writer: model.writer,
      page: blockKey,
      order,
      oldest,
      latest,
      by,
    } as const;
    order = oldest;
    return [row];
  });
  const marks = readerMarks(model).map(
    ({ reader, reported }) => ({ kind: 'reported', reader, lsn: reported }) as const,
  );
  return [...rows, ...marks];
}

function saidByPromotion({ view, writer }: SharedModel): readonly Standing[] {
  if (view?.promotion === undefined) return [];
  const { token, redoStart, endLsn, bgReplayedLsn: bgReplayed, isOver, ...counts } = view.promotion;
  const pages = counts.opening + counts.onDemand + counts.inBackground;
  return [{ kind: 'promotion', node: writer, token, redoStart, endLsn, bgReplayed, pages, isOver }];
}

function saidByDisk(source: SharedSource, page: number): readonly Standing[] {
  const disk = projectDisk(source, null);
  if (disk === null) return [];
  const { index, node, heads } = disk;
  return [
    ...(index?.tables ?? []).map(
      ({ id: table, state }): Standing => ({
        kind: 'indexTable',
        node,
        table,
        isSaved: state === 'FLUSHED',
        page,
        lsns: index === null ? [] : lsnsIn(index, table, page),
      }),
    ),
    ...saidByPath(disk),
    ...heads.flatMap(({ node: of, headTx, isWriter }): readonly Standing[] =>
      isWriter ? [] : [{ kind: 'journalHead', node: of, headTx }],
    ),
  ];
}

/** The last byte of each file, as *Path* shows the way to it. */
const saidByPath = (disk: DiskModel): readonly Standing[] =>
  disk.tree.flatMap(({ path, inode }): readonly Standing[] => {
    const found = findPlace(disk, path, inode.size - 1);
    if (found.kind !== 'place') return [];
    const { chunk, offset } = found.place;
    const servers = chunk.servers.map(({ id }) => id);
    return [
      { kind: 'filePlace', node: disk.node, path, offset, group: chunk.group, chunk: chunk.index, servers },
    ];
  });
