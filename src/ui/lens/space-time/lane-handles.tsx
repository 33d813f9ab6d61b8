// The names of the lanes as handles: drag one up or down, or Alt and the arrows, and its lane moves; a click selects the
// node.

import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { isByFinger } from '../../../state/pointer.ts';
import { selectNode } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { axisHeight, laneAt } from './shapes.ts';

interface HandlesProps {
  readonly lanes: readonly string[];
  /** px from lane to lane. */
  readonly pitch: number;
  readonly width: number;
  /** A lane goes to a place among those that are shown. */
  readonly onMove: (node: string, place: number) => void;
}

/** px high: a lane's name, not the whole lane; a finger has all of the narrowest. */
const handleHeight = isByFinger() ? 44 : 28;
/** px that a pointer moves before it drags. */
const dragFrom = 4;

export const LaneHandles = memo(function LaneHandles({
  lanes,
  pitch,
  width,
  onMove,
}: HandlesProps): ReactNode {
  const t = useT();
  const [said, setSaid] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly node: string; readonly y: number; moved: boolean } | null>(null);
  const wasDrag = useRef(false);
  const move = (node: string, to: number): void => {
    const place = Math.max(0, Math.min(lanes.length - 1, to));
    if (place === lanes.indexOf(node)) return;
    onMove(node, place);
    setSaid(t('spaceTime.moved', { node, place: place + 1, of: lanes.length }));
  };
  const onPointerMove = ({ clientY }: PointerEvent): void => {
    const held = drag.current;
    if (held === null || box.current === null) return;
    if (!held.moved && Math.abs(clientY - held.y) < dragFrom) return;
    held.moved = true;
    const y = clientY - box.current.getBoundingClientRect().top;
    move(held.node, Math.floor((y - axisHeight) / pitch));
  };
  const onKey = (event: KeyboardEvent, node: string): void => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(node, lanes.indexOf(node) + by);
  };
  return (
    <div ref={box} className="absolute top-0 left-0" style={{ width, height: 0 }}>
      {/* Always in one order: what has the focus is not taken out of the page when its lane moves. */}
      {lanes.toSorted().map((node) => (
        <button
          key={node}
          type="button"
          className="absolute left-0 cursor-ns-resize touch-none rounded-control"
          style={{
            top: laneAt(pitch, lanes.indexOf(node)) - handleHeight / 2,
            width,
            height: handleHeight,
          }}
          aria-label={t('spaceTime.handle', { node, place: lanes.indexOf(node) + 1, of: lanes.length })}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          title={t('spaceTime.handleHint')}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            wasDrag.current = false;
            drag.current = { node, y: event.clientY, moved: false };
          }}
          onPointerMove={onPointerMove}
          onLostPointerCapture={() => {
            wasDrag.current = drag.current?.moved === true;
            drag.current = null;
          }}
          onKeyDown={(event) => onKey(event, node)}
          onClick={() => {
            if (drag.current?.moved !== true && !wasDrag.current) selectNode(node);
            wasDrag.current = false;
          }}
        />
      ))}
      <output aria-live="polite" className="visually-hidden">
        {said}
      </output>
    </div>
  );
});
