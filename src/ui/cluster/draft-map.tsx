// The map of the cluster that is built: the map of the lab, with nodes that have not begun. It is there to look at.

import { BookOpen } from 'lucide-react';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { Preset } from '../../presets/preset.ts';
import { kindOf } from '../../sim/node-kinds.ts';
import { BranchContext, ScreenPartContext, takeFrameBeside } from '../../state/frame-store.ts';
import { setMapView } from '../../state/map-view.ts';
import { ReactFlowProvider } from '../canvas/adapter.ts';
import { MapCanvas, useDrawing } from '../canvas/cluster-map.tsx';
import { lookOnly } from '../canvas/look-only.ts';
import { layOut } from '../canvas/map-layout.ts';
import { LaidOut } from '../canvas/node-card.tsx';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { mapStore } from '../model/map-store.ts';
import { kindsOf, paramsOf } from './draft.ts';
import { draftFrame } from './draft-frame.ts';

/** A reader is known by its layout; before it reports nothing else says so. */
const laidOut = (preset: Preset) => (id: string) => {
  const spec = preset.cluster.nodes.find((one) => one.id === id);
  const kind = spec === undefined ? null : kindOf(kindsOf(preset), spec);
  return {
    words: kind === null ? '' : translateLoose(`cluster.one.${kind}`, {}),
    Icon: spec?.isReader === true ? BookOpen : null,
  };
};

function Drawn(): ReactNode {
  const t = useT();
  useDrawing();
  return <MapCanvas name={t('cluster.map')} />;
}

export function DraftMap({ preset }: { readonly preset: Preset }): ReactNode {
  const frame = useMemo(() => draftFrame(preset, paramsOf(preset)), [preset]);
  useEffect(() => {
    setMapView({ folded: [], alone: null, pov: null });
    takeFrameBeside('draft', frame);
    layOut(frame.cluster);
  }, [frame]);
  // the lab lays out its own cluster again
  useEffect(
    () => () => {
      mapStore.setState({ preset: '' });
      takeFrameBeside('draft', null);
    },
    [],
  );
  return (
    <BranchContext value="draft">
      <ScreenPartContext value="map">
        <div className="build-map" {...lookOnly}>
          <LaidOut value={laidOut(preset)}>
            <ReactFlowProvider>
              <Drawn />
            </ReactFlowProvider>
          </LaidOut>
        </div>
      </ScreenPartContext>
    </BranchContext>
  );
}
