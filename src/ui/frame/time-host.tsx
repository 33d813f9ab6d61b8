// Time travel controls, loaded once the browser is idle: undo's memory of the view, the bar of branches, and the bar about builds.

import { type ReactNode, useEffect } from 'react';
import { routeStore } from '../../state/route-store.ts';
import { selectNode } from '../../state/selection-store.ts';
import { useLab } from '../lab-context.ts';
import { showTab } from '../lens/lens-tab.ts';
import { lensesNow } from '../lens/registry.ts';
import { mapStore } from '../model/map-store.ts';
import { showLens } from '../model/show-lens.ts';
import { watchDeeds } from '../time/undo.ts';
import { BuildBar } from './build-bar.tsx';
import { TwinBar } from './twin-bar.tsx';

/** Shows what the link names; names that nothing has are passed over. */
function applyLink(): void {
  const { params } = routeStore.getState();
  const lens = lensesNow().find(({ id }) => id === params.get('lens'));
  const tab = params.get('tab') ?? '';
  if (lens !== undefined && /^\w{1,20}$/.test(tab)) showTab(lens.id, tab);
  if (lens !== undefined) showLens(lens.id);
  const sel = params.get('sel');
  if (sel !== undefined && /^[\w-]{1,40}$/.test(sel)) selectNode(sel);
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
