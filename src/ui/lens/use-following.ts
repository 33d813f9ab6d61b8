// What the page that a person follows needs of nodes' views, and what of it goes to the cards.

import { useEffect } from 'react';
import type { ViewNeed } from '../../state/view-needs.ts';
import { type FollowedPage, followedPage } from '../model/followed-page.ts';
import { useNeed } from './lens-need.ts';

export function useFollowing(need: ViewNeed, page: FollowedPage | null): void {
  useNeed('followed page', need);
  useEffect(() => followedPage.setState({ page }), [page]);
}
