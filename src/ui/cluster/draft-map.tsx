// The map of the cluster that is built: the map of the lab, with nodes that have not begun. It is there to look at.

import { type ReactNode, useEffect, useMemo } from 'react';
import { makeParams } from '../../presets/parameters.ts';
import type { Preset } from '../../presets/preset.ts';
import { BranchContext, ScreenPartContext, takeFrameBeside } from '../../state/frame-store.ts';
import { setMapView } from '../../state/map-view.ts';
import { ReactFlowProvider } from '../canvas/adapter.ts';
import { MapCanvas, useDrawing } from '../canvas/cluster-map.tsx';
import { lookOnly } from '../canvas/look-only.ts';
import { layOut } from '../canvas/map-layout.ts';
import { useT } from '../i18n/i18n.ts';
import { mapStore } from '../model/map-store.ts';
import { draftFrame } from './draft-frame.ts';

function Drawn(): ReactNode {
  const t = useT();
  useDrawing();
  return <MapCanvas name={t('cluster.map')} />;
}

export function DraftMap({ preset }: { readonly preset: Preset }): ReactNode {
  const frame = useMemo(() => {
    const made = makeParams(preset.profile, preset.changes, preset.cluster);
    const plain = makeParams(preset.profile);
    const params = made.ok ? made.params : plain.ok ? plain.params : null;
    return params === null ? null : draftFrame(preset, params);
  }, [preset]);
  useEffect(() => {
    setMapView({ folded: [], alone: null, pov: null });
    takeFrameBeside('draft', frame);
    if (frame !== null) layOut(frame.cluster);
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
          <ReactFlowProvider>
            <Drawn />
          </ReactFlowProvider>
        </div>
      </ScreenPartContext>
    </BranchContext>
  );
}
