// Follows a page that a person chose, with no lens open: asks for what nodes and files have of it, and says it to the cards.

import { useMemo } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { useFollowing } from '../../../../lens/use-following.ts';
import type { FollowedPage, PinnedPage } from '../../../../model/followed-page.ts';
import { pageName } from '../../../../model/page-name.ts';
import { headPlaces, projectShared, type SharedModel } from './project.ts';

/** `group`: the chunk that has its stored image. */
export function followedOf(
  { blockKey, holders, tables }: SharedModel,
  group: string | null,
  t: Translate,
): FollowedPage | null {
  if (blockKey < 0) return null;
  const cells = new Map(holders.flatMap(({ id, cell }) => (cell === null ? [] : [[id, cell]])));
  return { name: pageName(blockKey, tables, t), group, cells };
}

export function FollowPage({ pinned: { blockKey } }: { readonly pinned: PinnedPage }): null {
  const t = useT();
  const cluster = useFrame((state) => state.cluster);
  const nodes = useFrame((state) => state.nodes);
  const model = useMemo(
    () => (cluster === null ? null : projectShared({ cluster, nodes }, blockKey)),
    [cluster, nodes, blockKey],
  );
  const places =
    cluster === null || model === null ? [] : headPlaces({ cluster, nodes }, [blockKey], model.pageBytes);
  const group = places[0]?.group ?? null;
  const page = useMemo(() => (model === null ? null : followedOf(model, group, t)), [model, group, t]);
  useFollowing({ pages: true, files: places, wanted: [{ blockKey, at: null }] }, page);
  return null;
}
