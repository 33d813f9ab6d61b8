// The overview: the whole map small, each node in its health, and the part that is in view. It stands in the corner while
// something is outside the view; a press goes there.

import type { PointerEvent, ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useFlowStore, useReactFlow } from './adapter.ts';
import { useMap } from './map-store.ts';
import { healthOf } from './node-facts.ts';
import './tool-texts.ts';

const size = { width: 176, height: 112 } as const;

export function Overview(): ReactNode {
  const t = useT();
  const { setCenter, getZoom } = useReactFlow();
  const drawn = useMap((map) => map.drawn);
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
  const [x = 0, y = 0, zoom = 1] = transform.split(',').map(Number);
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const isWhole =
    view.x <= 1 &&
    view.y <= 1 &&
    view.x + view.width >= mapWidth - 1 &&
    view.y + view.height >= mapHeight - 1;
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
        <rect
          x={view.x * scale}
          y={view.y * scale}
          width={view.width * scale}
          height={view.height * scale}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={1.5}
        />
      </svg>
    </div>
  );
}
