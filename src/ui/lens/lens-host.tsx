// The lens of one place of the right column.

import { type ReactNode, useMemo } from 'react';
import { ScreenPartContext } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Late } from '../kit/late.tsx';
import { type LensPlace, LensPlaceContext, useLensAt } from './lens-place.ts';
import { lensAt, useLenses } from './registry.ts';

export function LensHost({ place }: { readonly place: LensPlace }): ReactNode {
  const t = useT();
  const id = useLensAt(place);
  const lenses = useLenses();
  const lens = id === null && place === 'second' ? undefined : lensAt(lenses, id ?? '');
  const placed = useMemo(() => (lens === undefined ? null : { place, lens, lenses }), [place, lens, lenses]);
  if (placed === null) return null;
  const { View } = placed.lens;
  return (
    <LensPlaceContext.Provider value={placed}>
      <ScreenPartContext value="lens">
        <Late fallback={<p className="p-4 text-muted">{t('loading')}</p>}>
          <View />
        </Late>
      </ScreenPartContext>
    </LensPlaceContext.Provider>
  );
}
