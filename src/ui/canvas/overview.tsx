// Minimap: the whole cluster small, each node in its health, the links that are not as they were set, and the part in
// view. It stands in the corner while something is outside the view; a press goes there.

import type { PointerEvent, ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { useT } from '../i18n/i18n.ts';
import type { Box } from '../model/map-store.ts';
import { useMap } from '../model/map-store.ts';
import { healthOf } from '../model/node-facts.ts';
import { useFlowStore, useReactFlow } from './adapter.ts';
import { useDrawn } from './map-layout.ts';
import '../../words/canvas/tool.en.json';

const middleX = (box: Box): number => box.x + box.width / 2;
const middleY = (box: Box): number => box.y + box.height / 2;

const size = { width: 176, height: 112 } as const;

export function Overview(): ReactNode {
  const t = useT();
  const { setCenter, getZoom } = useReactFlow();
  const drawn = useDrawn((drawn) => drawn);
  const mapWidth = useMap((map) => map.width);
  const mapHeight = useMap((map) => map.height);
  const width = useFlowStore((state) => state.width);
  const height = useFlowStore((state) => state.height);
  const transform = useFlowStore((state) => state.transform.join());
  const ill = useFrame(({ nodes }) =>
    Object.values(nodes)
      .filter((node) => healthOf(node) !== 'up')
      .map(({ id }) => id)
      .join('|'),
  );
  const links = useFrame((state) => state.links);
  const impaired = Object.values(links).filter((pair) => linkShape(pair) !== 'normal');
  const [x = 0, y = 0, zoom = 1] = transform.split(',').map(Number);
  // What of the map is in view; beside it there is nothing to see.
  const view = {
    left: Math.max(0, -x / zoom),
    top: Math.max(0, -y / zoom),
    right: Math.min(mapWidth, (width - x) / zoom),
    bottom: Math.min(mapHeight, (height - y) / zoom),
  };
  const isWhole =
    view.left <= 1 && view.top <= 1 && view.right >= mapWidth - 1 && view.bottom >= mapHeight - 1;
  if (isWhole || width === 0) return null;
  const scale = Math.min(size.width / mapWidth, size.height / mapHeight);
  const sick = new Set(ill.split('|'));
  const go = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    void setCenter((event.clientX - box.left) / scale, (event.clientY - box.top) / scale, {
      zoom: getZoom(),
      duration: 0,
    });
  };
  return (
    <div className="overview">
      <svg
        width={mapWidth * scale}
        height={mapHeight * scale}
        role="img"
        aria-label={t('map.overview')}
        onPointerDown={go}
        onPointerMove={go}
      >
        {drawn.open.map(({ id, box }) => (
          <rect
            key={id}
            x={box.x * scale}
            y={box.y * scale}
            width={box.width * scale}
            height={box.height * scale}
            rx={2}
            fill="none"
            stroke="var(--line)"
          />
        ))}
        {Object.entries(drawn.boxes).map(([id, box]) => (
          <rect
            key={id}
            x={box.x * scale}
            y={box.y * scale}
            width={Math.max(3, box.width * scale)}
            height={Math.max(2, box.height * scale)}
            rx={1}
            fill={sick.has(id) ? 'var(--fence)' : 'var(--border-control)'}
          />
        ))}
        {impaired.map(({ key, a, b }) => {
          const [from, to] = [drawn.boxes[drawn.visible(a)], drawn.boxes[drawn.visible(b)]];
          if (from === undefined || to === undefined || from === to) return null;
          return (
            <path
              key={key}
              d={`M${middleX(from) * scale} ${middleY(from) * scale}L${middleX(to) * scale} ${middleY(to) * scale}`}
              stroke="var(--hole)"
              strokeDasharray="3 2"
            />
          );
        })}
        <rect
          x={view.left * scale}
          y={view.top * scale}
          width={Math.max(0, view.right - view.left) * scale}
          height={Math.max(0, view.bottom - view.top) * scale}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={1.5}
        />
      </svg>
    </div>
  );
}
