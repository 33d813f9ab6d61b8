// Follows a page that a person chose, with no lens open: asks for what nodes have of it, and says it to the cards.

import { useMemo } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { useFollowing } from '../../../../lens/use-following.ts';
import type { FollowedPage, PinnedPage } from '../../../../model/followed-page.ts';
import { useKnownTables } from '../../../../model/known-names.ts';
import { pageName } from '../../../../model/page-name.ts';
import { clusterOf } from '../../../../model/volumes.ts';
import { type PagesModel, projectPages } from './project.ts';

/** Of each holder its newest copy; of a store that is down the one that it spoke of last. */
export function followedOf(model: PagesModel, t: Translate): FollowedPage | null {
  if (model.blockKey < 0) return null;
  const row = model.pages.find(({ blockKey }) => blockKey === model.blockKey);
  const cells = new Map(
    model.holders.flatMap(({ node, role, standing, copies }) => {
      const isDownStore = role === 'store' && standing === 'onDisk';
      const newest = isDownStore ? row?.cells.get(node) : copies.at(-1);
      return newest === undefined ? [] : [[node, { lsn: newest.lsn, state: newest.state }] as const];
    }),
  );
  return { name: pageName(model.blockKey, model.tables, t), group: model.group, cells };
}

export function FollowPage({ pinned: { blockKey, volume } }: { readonly pinned: PinnedPage }): null {
  const t = useT();
  const cluster = useFrame((state) => state.cluster);
  const nodes = useFrame((state) => state.nodes);
  const known = useKnownTables('names of the followed page', [blockKey]);
  const page = useMemo(() => {
    if (cluster === null) return null;
    const of = { cluster: clusterOf(cluster, nodes, volume), nodes };
    return followedOf(projectPages(of, { blockKey, at: null, store: null, known }), t);
  }, [cluster, nodes, volume, blockKey, known, t]);
  useFollowing({ pages: true, log: true, wanted: [{ blockKey, at: null }] }, page);
  return null;
}
