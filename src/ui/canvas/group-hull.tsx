// Outline of a shard group: while it is selected, a line around its replicas wherever they stand. Loaded with the map's
// extras.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import { storeOf } from '../model/node-facts.ts';
import { selectZoom, useFlowStore } from './adapter.ts';
import { hullAround } from './hull.ts';
import { useDrawn } from './map-layout.ts';
import { bookZoom, pathBook } from './path-book.ts';

/** px between a card and the line. */
const pad = 10;

export function GroupHull(): ReactNode {
  const group = useSelection(({ subject }) => (subject?.kind === 'group' ? subject.id : null));
  return group === null ? null : <Hull group={group} />;
}

function Hull({ group }: { readonly group: string }): ReactNode {
  const drawn = useDrawn((drawn) => drawn);
  const transform = useFlowStore((state) => state.transform.join());
  const zoomOfBook = useFlowStore((state) => bookZoom(selectZoom(state)));
  // Who has the group says so; a store that cannot say is where the cluster put it.
  const replicas = useFrame(({ cluster, nodes }) => {
    const placed = cluster?.groups.find(({ id }) => id === group)?.replicas ?? [];
    return Object.values(nodes)
      .filter((node) => {
        const store = storeOf(node);
        return store === null ? placed.includes(node.id) : store.groups.some((one) => one.group === group);
      })
      .map(({ id }) => id)
      .join('|');
  });
  const [x = 0, y = 0, zoom = 1] = transform.split(',').map(Number);
  const book = pathBook(zoomOfBook);
  const shown = [...new Set(replicas.split('|').map((id) => drawn.visible(id)))];
  const boxes = shown.flatMap((id) => {
    const box = drawn.boxes[id];
    return box === undefined ? [] : [book.shown(box)];
  });
  const points = hullAround(boxes, pad / zoom);
  const top = points.reduce((best, point) => (point[1] < best[1] ? point : best), points[0] ?? [0, 0]);
  if (points.length === 0) return null;
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 z-[3] h-full w-full">
      <g transform={`translate(${x} ${y}) scale(${zoom})`}>
        <polygon
          points={points.map((point) => point.join(',')).join(' ')}
          fill="var(--accent)"
          fillOpacity={0.07}
          stroke="var(--accent)"
          strokeWidth={1.5 / zoom}
          strokeDasharray={`${6 / zoom} ${4 / zoom}`}
          strokeLinejoin="round"
        />
        <text
          x={top[0] + 4 / zoom}
          y={top[1] - 6 / zoom}
          fontSize={13 / zoom}
          fontWeight={700}
          fill="var(--accent)"
        >
          {group}
        </text>
      </g>
    </svg>
  );
}
