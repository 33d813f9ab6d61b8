// What *WAL & holes* says of a state: its head, and a row for each replica of a group.

import { MAX } from '../../../base/ids.ts';
import type { Standing } from '../../../sim/says/standings.ts';
import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { projectWal } from './lenses/wal/project.ts';

export const saidByWal: SaidByLens = (picture, cluster, group) => {
  // The volume of a cluster with a shared disk has its log in files.
  if (group === null || cluster.chunks !== undefined) return [];
  const nodes = nodesById(picture({ ...lensNeed, group }));
  const model = projectWal({ cluster, nodes }, { group, span: null, end: null, replica: null });
  const { writer, volume, vdl, vcl, pgcl, tail } = model;
  return [
    ...(writer?.state === 'open' && writer.health === 'up'
      ? [{ kind: 'logHead', node: writer.node, volume, group, vdl, vcl, pgcl, tail } as const]
      : []),
    // A row of a node that is down keeps what it said last, and says that it is down.
    ...model.rows.flatMap(({ node, health, list, scl, ncl, nwl }): readonly Standing[] =>
      list === null || health !== 'up'
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
                  ({ type, first, last, sent }) => type === 'hole' && last < MAX && (sent || first <= nwl),
                )
                .map(({ first, last }) => [first, last] as const),
            },
          ],
    ),
  ];
};
