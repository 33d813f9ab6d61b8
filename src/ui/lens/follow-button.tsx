// *Follow on the map*: of a page, beside where it is chosen.

import { Pin, PinOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { endFollowing, followedPage, followPage } from '../model/followed-page.ts';

export function FollowButton({ blockKey }: { readonly blockKey: number }): ReactNode {
  const t = useT();
  const isFollowed = useStore(followedPage, ({ pinned }) => pinned?.blockKey === blockKey);
  if (blockKey < 0) return null;
  return (
    <Button
      small
      look="line"
      icon={isFollowed ? PinOff : Pin}
      aria-pressed={isFollowed}
      onClick={() => (isFollowed ? endFollowing() : followPage(blockKey))}
    >
      {t(isFollowed ? 'follow.end' : 'follow.page')}
    </Button>
  );
}
