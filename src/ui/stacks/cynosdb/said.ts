// What *WAL & holes* says of a state: its head, and a row for each replica of a group; what *Storage chains* says of
// read points; what *Journal to readers* says of a page.

import { MAX } from '../../../base/ids.ts';
import type { Standing } from '../../../run-model/says/standings.ts';
import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { leastOf } from './lenses/chains/pool.ts';
import { projectChains } from './lenses/chains/project.ts';
import { journalPages, pageJournal } from './lenses/journal/page-journal.ts';
import type { WalModel } from './lenses/wal/model.ts';
import { projectWal } from './lenses/wal/project.ts';
import { statusItems } from './lenses/wal/status-items.ts';

/** The limit of holes, of a writer that runs. */
function fillTo({ writer, volume, group, limit, recovery }: WalModel): readonly Standing[] {
  if (writer?.health !== 'up' || limit.kind === 'unknown') return [];
  const { node, token } = writer;
  const of = { kind: 'fillTo', node, volume, group } as const;
  if (limit.kind === 'recovery')
    return recovery === null
      ? []
      : [{ ...of, token: recovery.token, from: limit.minStart, to: limit.maxNwl }];
  return writer.state === 'open' && limit.sgcl >= 0 ? [{ ...of, token, from: null, to: limit.sgcl }] : [];
}

/** Whom a writer that runs reaches. */
function reached({ writer, group, members, reach }: WalModel): readonly Standing[] {
  if (writer?.health !== 'up') return [];
  const all = [...new Set<string>(members.sets.flat())];
  return [
    {
      kind: 'reaches',
      writer: writer.node,
      group,
      nodes: all.filter((node) => reach(node) === 'reached'),
      cut: all.filter((node) => reach(node) === 'cut'),
    },
  ];
}

export const saidByWal: SaidByLens = (picture, cluster, group) => {
  // The volume of a cluster with a shared disk has its log in files.
  if (group === null || cluster.chunks !== undefined) return [];
  const frame = picture({ ...lensNeed, group });
  const nodes = nodesById(frame);
  const model = projectWal(
    { cluster, nodes, links: frame.links },
    { group, span: null, end: null, replica: null },
  );
  const { writer, volume, vdl, vcl, pgcl, tail } = model;
  return [
    ...fillTo(model),
    ...reached(model),
    ...(writer?.state === 'open' && writer.health === 'up'
      ? [{ kind: 'logHead', node: writer.node, volume, group, vdl, vcl, pgcl, tail } as const]
      : []),
    // A row of a node that is down keeps what it said last, and says that it is down.
    ...model.rows.flatMap(({ node, health, list, scl, ncl, nwl }): readonly Standing[] =>
      list === null || health !== 'up'
        ? []
        : [
            // What a list says of gaps that lie below its window is not known.
            ...((list.runs[0]?.first ?? 0) > scl + 1
              ? []
              : [
                  {
                    kind: 'copy',
                    node,
                    group,
                    scl,
                    ncl,
                    nwl,
                    holes: list.runs
                      .filter(
                        ({ type, first, end, sent }) =>
                          type === 'hole' && end < MAX && (sent || first <= nwl),
                      )
                      .map(({ first, end }) => [first, end] as const),
                  } as const,
                ]),
            {
              kind: 'listed',
              node,
              group,
              items: statusItems(list).map(({ lsn, type, sent, next }) => ({ lsn, type, sent, next })),
            },
          ],
    ),
  ];
};

export const saidByChains: SaidByLens = (picture, cluster, group) => {
  if (group === null || cluster.chunks !== undefined) return [];
  const nodes = nodesById(picture({ ...lensNeed, group, log: true }));
  const { pool } = projectChains({ cluster, nodes }, { group, store: null });
  if (pool === null) return [];
  const { volume } = cluster;
  const least = leastOf(pool);
  const [own] = pool.rows;
  // A writer that is down or opens its volume knows of no read.
  if (least === null || own?.isUp !== true || own.newest < 0 || pool.pgmrpl < 0) return [];
  return [
    { kind: 'readFloor', node: pool.writer, volume, pgmrpl: pool.pgmrpl, least: least.mrpl },
    ...pool.rows
      .filter(({ isUp, mrpl, newest }) => isUp && mrpl >= 0 && newest >= 0)
      .map(({ node, role, points, mrpl, newest }): Standing => {
        const lsns = points.map(({ lsn }) => lsn);
        return { kind: 'readPoints', node, volume, role, points: lsns, mrpl, newest };
      }),
  ];
};

export const saidByJournal: SaidByLens = (picture, cluster) => {
  if (cluster.chunks !== undefined) return [];
  const source = { cluster, nodes: nodesById(picture({ ...lensNeed, log: true })) };
  // The page with most records, as the lens has it where none is chosen.
  const [page] = journalPages(source);
  if (page === undefined) return [];
  return pageJournal(source, page)
    .filter(({ role, isUp, records }) => role === 'reader' && isUp && records.length > 0)
    .map(({ node, image, records }) => {
      const lsns = records.map(({ lsn }) => lsn);
      return { kind: 'pageJournal', node, page, image, lsns };
    });
};
