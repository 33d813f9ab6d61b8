// Subscription of an open lens to the nodes' views, and the picture that comes back.

import { useEffect, useMemo } from 'react';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import type { ViewNeed } from '../../state/view-needs.ts';
import { useViewNeeds } from '../lab-context.ts';
import { clusterOf } from '../model/volumes.ts';
import { useLensPlace } from './lens-place.ts';

/** What lenses are projected from. */
export interface LensSource {
  readonly cluster: ClusterSpec;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
}

/** Says what the lens shows, and takes it back when the lens goes. The same need again tells nobody. */
export function useLensNeed(need: ViewNeed): void {
  const { place, lens } = useLensPlace();
  useNeed(`${lens.id}-${place}`, need);
}

/** Of somebody who looks, by whose name it is kept. */
export function useNeed(owner: string, need: ViewNeed): void {
  const needs = useViewNeeds();
  const text = JSON.stringify(need);
  useEffect(() => {
    needs.set(owner, JSON.parse(text) as ViewNeed);
    return () => needs.set(owner, null);
  }, [needs, owner, text]);
}

export function useLensSource(): LensSource | null {
  const cluster = useFrame((state) => state.cluster);
  const nodes = useFrame((state) => state.nodes);
  const volume = useSelection((state) => state.volume);
  const scoped = useMemo(
    () => (cluster === null ? null : clusterOf(cluster, nodes, volume)),
    [cluster, nodes, volume],
  );
  return scoped === null ? null : { cluster: scoped, nodes };
}
