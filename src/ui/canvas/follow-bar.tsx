// The page that a person chose to follow: its name over the map with a way to end it, and what asks the nodes for it.

import { type ReactNode, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useLenses } from '../lens/registry.ts';
import { endFollowing, followedPage, followIn, mayBeOf } from '../model/followed-page.ts';
import { pageText } from '../model/known-names.ts';
import '../../words/canvas/tool.en.json';

export function FollowBar(): ReactNode {
  const t = useT();
  const pinned = useStore(followedPage, (state) => state.pinned);
  const name = useStore(followedPage, ({ page }) => page?.name ?? null);
  const preset = useFrame(({ frame }) => frame?.preset ?? '');
  const Follow = useLenses().find((lens) => lens.FollowPage !== undefined)?.FollowPage;
  const isReplay = useRun((run) => run?.mode === 'REPLAY');
  const isOfOther = pinned !== null && pinned.preset !== preset;
  const isKnown = pinned !== null && mayBeOf(pinned, preset, isReplay);
  useEffect(() => {
    if (isOfOther && isKnown) followIn(preset);
  }, [isOfOther, isKnown, preset]);
  if (pinned === null || isOfOther || Follow === undefined) return null;
  return (
    <div className="map-bar">
      <Suspense fallback={null}>
        <Follow key={pinned.blockKey} pinned={pinned} />
      </Suspense>
      <b>{t('map.following', { page: name ?? pageText(pinned.blockKey) })}</b>
      <button type="button" className="field field-small" onClick={endFollowing}>
        {t('follow.end')}
      </button>
    </div>
  );
}
