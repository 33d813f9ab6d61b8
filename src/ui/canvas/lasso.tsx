// Partition lasso: a line drawn round nodes puts them on side B. Cards are shaded by their side and the links that would be
// cut are shown, whether they were chosen here or in the panel. Nothing happens before Enter.

import { type PointerEvent, type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { useCluster } from '../../state/frame-store.ts';
import { isInside, plannedCuts, sideOf, splitOff, usePlan } from '../dialogs/partition-plan.ts';
import { useT } from '../i18n/i18n.ts';
import { useFlowStore, useReactFlow } from './adapter.ts';
import { pointAt, svgPath } from './link-path.ts';
import { useDrawn } from './map-layout.ts';
import { pathBook } from './path-book.ts';
import '../../words/canvas/tool.en.json';

type Point = readonly [x: number, y: number];

/** Closer points add nothing to the line. */
const leastMove = 4;

const hues = { A: 'var(--border-control)', B: 'var(--hole)', C: 'var(--reader)' } as const;

export function Lasso(): ReactNode {
  const t = useT();
  const cluster = useCluster();
  const drawn = useDrawn((drawn) => drawn);
  const plan = usePlan((state) => state);
  const transform = useFlowStore((state) => state.transform.join());
  const { screenToFlowPosition } = useReactFlow();
  const [line, setLine] = useState<readonly Point[]>([]);
  const [x = 0, y = 0, zoom = 1] = transform.split(',').map(Number);
  if (cluster === null) return null;
  const book = pathBook(zoom);
  const at = (event: PointerEvent): Point => {
    const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    return [point.x, point.y];
  };
  const finish = (): void => {
    if (line.length > 2) {
      const inside = Object.entries(drawn.boxes).filter(([, box]) =>
        isInside([box.x + box.width / 2, box.y + box.height / 2], line),
      );
      const ids = inside.flatMap(([id]) => drawn.folded.find((frame) => frame.id === id)?.members ?? [id]);
      // At once, so that the button is there to be focused.
      flushSync(() => splitOff(ids));
      // Enter confirms: the panel's own button has the focus from here.
      document.querySelector<HTMLElement>('[data-partition-do]')?.focus();
    }
    setLine([]);
  };
  return (
    <svg
      role="img"
      aria-label={t('lasso.title')}
      className="absolute inset-0 z-[4] h-full w-full cursor-crosshair touch-none"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setLine([at(event)]);
      }}
      onPointerMove={(event) => {
        const last = line.at(-1);
        if (last === undefined) return;
        const point = at(event);
        if (Math.hypot(point[0] - last[0], point[1] - last[1]) * zoom >= leastMove) setLine([...line, point]);
      }}
      onPointerUp={finish}
      onPointerCancel={() => setLine([])}
    >
      <g transform={`translate(${x} ${y}) scale(${zoom})`}>
        {plannedCuts(plan, cluster).map(({ a, b, text }) => {
          const path = book.path(a, b);
          if (path === null) return null;
          const [cx, cy] = pointAt(path, 0.44);
          return (
            <g key={text} fill="none" stroke="var(--hole)">
              <path d={svgPath(path)} strokeWidth={3 / zoom} strokeDasharray={`${8 / zoom} ${6 / zoom}`} />
              <path
                d={`M${cx - 7 / zoom} ${cy - 7 / zoom}l${14 / zoom} ${14 / zoom}m0 ${-14 / zoom}l${-14 / zoom} ${14 / zoom}`}
                strokeWidth={2.5 / zoom}
              />
            </g>
          );
        })}
        {drawn.nodes.map((id) => {
          const box = drawn.boxes[id];
          const side = sideOf(plan, cluster, id);
          if (box === undefined || side === null) return null;
          const shown = book.shown(box);
          return (
            <g key={id}>
              <rect
                x={shown.x - 6 / zoom}
                y={shown.y - 6 / zoom}
                width={shown.width + 12 / zoom}
                height={shown.height + 12 / zoom}
                rx={10 / zoom}
                fill={hues[side]}
                fillOpacity={side === 'A' ? 0.08 : 0.2}
                stroke={hues[side]}
                strokeWidth={(side === 'A' ? 1 : 2) / zoom}
              />
              <g transform={`translate(${shown.x + shown.width} ${shown.y}) scale(${1 / zoom})`}>
                <circle r={12} fill="var(--bg-1)" stroke={hues[side]} strokeWidth={2} />
                <text y={5} fontSize={14} fontWeight={700} textAnchor="middle" fill="var(--text)">
                  {side}
                </text>
              </g>
            </g>
          );
        })}
        {line.length > 1 && (
          <path
            d={`M${line.map((point) => point.join(' ')).join('L')}Z`}
            fill="var(--accent)"
            fillOpacity={0.12}
            stroke="var(--accent)"
            strokeWidth={2 / zoom}
            strokeDasharray={`${6 / zoom} ${4 / zoom}`}
          />
        )}
      </g>
    </svg>
  );
}
