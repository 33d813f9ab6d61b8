// Time travel controls, loaded once the browser is idle: undo's memory of the view, the bar of branches, and the bar about builds.

import { type ReactNode, useEffect } from 'react';
import { routeStore } from '../../state/route-store.ts';
import { selectNode } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { useLab } from '../lab-context.ts';
import { showPart } from '../lens/lens-part.ts';
import { readPlace } from '../lens/link-place.ts';
import { followLinked } from '../model/followed-page.ts';
import { mapStore } from '../model/map-store.ts';
import { showLens } from '../model/show-lens.ts';
import { watchDeeds } from '../time/undo.ts';
import { BuildBar } from './build-bar.tsx';
import { TwinBar } from './twin-bar.tsx';

/** Shows what the link names. A page that is followed is one of the run that the link opens. */
function applyLink(): void {
  const { params } = routeStore.getState();
  const { lens, tab, node, page, wording } = readPlace(params);
  if (wording !== null) setSettings({ wording });
  if (lens !== null && tab !== null) showPart(lens.id, tab);
  if (lens !== null) showLens(lens.id);
  if (node !== null) selectNode(node);
  if (page !== null) followLinked(page, params.get('preset'));
}

export function TimeHost(): ReactNode {
  const lab = useLab();
  useEffect(() => watchDeeds(lab, mapStore), [lab]);
  useEffect(applyLink, []);
  return (
    <>
      <BuildBar />
      <TwinBar />
    </>
  );
}
