// The map of the branch that is held against the shown one, at the same virtual time: the same canvas once more, beside
// the first, with a view of its own and what is selected or pointed at lit on both. It is there to look at: menus and
// fault keys act on the branch that is shown, so they are not taken here.

import { type ReactNode, useState } from 'react';
import { BranchContext, ScreenPartContext } from '../../state/frame-store.ts';
import { ReactFlowProvider } from '../canvas/adapter.ts';
import { MapCanvas } from '../canvas/cluster-map.tsx';
import { lookOnly } from '../canvas/look-only.ts';
import { ZoomButtons } from '../canvas/map-controls.tsx';
import { useT } from '../i18n/i18n.ts';
import '../../words/time.en.json';

export function OtherMap({ name }: { readonly name: string }): ReactNode {
  const t = useT();
  const [fits, setFits] = useState(0);
  return (
    <BranchContext value="other">
      <ScreenPartContext value="map">
        <div className="other-map" {...lookOnly}>
          <ReactFlowProvider>
            <MapCanvas key={fits} name={name} />
            <div className="absolute bottom-2 left-2 z-[5] flex items-center gap-1 rounded-control bg-page p-0.5">
              <ZoomButtons onFit={() => setFits(fits + 1)} />
            </div>
          </ReactFlowProvider>
        </div>
        <p className="px-4 pt-2 text-[12px] text-muted">{t('diff.lookOnly')}</p>
      </ScreenPartContext>
    </BranchContext>
  );
}
