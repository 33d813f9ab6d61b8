// The map of the strand that is held against the shown one, at the same virtual time: beside the canvas, with the signs of
// the comparison. Its numbers are in the table below it.

import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useFrame } from '../../state/frame-store.ts';
import { pairLinks } from '../../state/link-pair.ts';
import { useStrands } from '../../state/strand-store.ts';
import { MapPicture } from '../canvas/map-picture.tsx';
import { mapStore } from '../canvas/map-store.ts';
import { useWidth } from '../lens/use-width.ts';
import { markHues, markOf } from './diff.ts';

/** Narrower than this, px, the numbers of a card cannot be read. */
const SMALL_BELOW = 900;

export function OtherMap({ name }: { readonly name: string }): ReactNode {
  const frame = useStrands(({ other }) => other?.frame ?? null);
  const nodes = useStrands((state) => state.nodes);
  const here = useFrame((state) => state.nodes);
  const showsDiff = useStrands((state) => state.showsDiff);
  // Drawn anew when cards move.
  useStore(mapStore, ({ drawn }) => drawn);
  const [measure, width] = useWidth();
  if (frame === null) return null;
  const pairs = pairLinks(
    frame.links,
    frame.cluster.nodes.map(({ id }) => id),
  );
  const signOf = (id: string): { readonly text: string; readonly fill: string } | null => {
    const mark = markOf(nodes[id], here[id]);
    return showsDiff && mark !== '=' ? { text: mark, fill: markHues[mark] } : null;
  };
  return (
    <div ref={measure} role="img" aria-label={name} className="other-map">
      <MapPicture
        source={{
          nodes,
          links: Object.fromEntries(pairs.map((pair) => [pair.key, pair])),
          flights: frame.flights,
          now: frame.time,
        }}
        hasLegend={false}
        isSmall={width < SMALL_BELOW}
        signOf={signOf}
      />
    </div>
  );
}
