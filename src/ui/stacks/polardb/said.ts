// What *Pages: past and future* says of a state: its head, and each page's image at each holder.

import type { Standing } from '../../../sim/says/standings.ts';
import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { headPlaces, projectShared } from './lenses/shared/project.ts';

export const saidByPages: SaidByLens = (picture, cluster) => {
  if (cluster.chunks === undefined) return [];
  // The stored images are bytes of the device: where they lie the mounts say first.
  const first = { cluster, nodes: nodesById(picture({ ...lensNeed, files: [] })) };
  const { pages = [], pageBytes = 0 } = projectShared(first, null) ?? {};
  const keys = pages.map(({ blockKey }) => blockKey);
  const nodes = nodesById(picture({ ...lensNeed, files: headPlaces(first, keys, pageBytes) }));
  const model = projectShared({ cluster, nodes }, null);
  if (model === null || model.view === null || nodes[model.writer]?.status !== 'up') return [];
  const { durableLsn, oldestApplyLsn, phase } = model.view;
  return [
    ...(phase === 'open' || phase === 'ready'
      ? [{ kind: 'pagesHead', writer: model.writer, durable: durableLsn, gate: oldestApplyLsn } as const]
      : []),
    ...model.pages.flatMap(({ blockKey, cells }): readonly Standing[] =>
      [...cells].flatMap(([holder, { lsn, state, by }]): readonly Standing[] =>
        lsn < 0 || state === 'evicted' ? [] : [{ kind: 'image', holder, page: blockKey, lsn, is: state, by }],
      ),
    ),
  ];
};
