// Press and move on the plot marks a range; press alone chooses a replica, or a record on the log row.

import { type PointerEvent, type SVGProps, useRef, useState } from 'react';
import type { WalModel } from './model.ts';
import { labelWidth, recordsY, rowHeight, rowsY, type Scale } from './plot-scale.ts';

/** LSNs `[first, end)` of one replica, or of all. */
export interface ChosenRange {
  readonly node: string | null;
  readonly first: number;
  readonly end: number;
}

export interface PressProps {
  readonly model: WalModel;
  readonly onReplica?: (node: string) => void;
  readonly onLsn?: (lsn: number) => void;
  readonly onRange?: (range: ChosenRange) => void;
}

/** px the pointer moves before a press is a drag. */
const dragFrom = 4;

type Handlers = Pick<
  SVGProps<SVGSVGElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel'
>;

export function usePress(
  props: PressProps,
  scale: Scale,
): { readonly drawn: ChosenRange | null; readonly handlers: Handlers } {
  const press = useRef<{ x: number; node: string | null; lsn: number } | null>(null);
  const [drawn, setDrawn] = useState<ChosenRange | null>(null);
  const at = (event: PointerEvent<SVGSVGElement>): readonly [x: number, y: number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const handlers: Handlers = {
    onPointerDown: (event) => {
      const [x, y] = at(event);
      if (event.button !== 0) return;
      const node = props.model.rows[Math.floor((y - rowsY) / rowHeight)]?.node ?? null;
      press.current = { x, node: y < rowsY ? null : node, lsn: scale.lsnAt(x) };
    },
    onPointerMove: (event) => {
      const begun = press.current;
      const [x] = at(event);
      if (begun === null || begun.x < labelWidth || Math.abs(x - begun.x) < dragFrom) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const lsn = scale.lsnAt(x);
      setDrawn({ node: begun.node, first: Math.min(begun.lsn, lsn), end: Math.max(begun.lsn, lsn) + 1 });
    },
    onPointerUp: (event) => {
      const begun = press.current;
      press.current = null;
      setDrawn(null);
      if (begun === null) return;
      if (drawn !== null) props.onRange?.(drawn);
      else if (begun.node !== null) props.onReplica?.(begun.node);
      else if (at(event)[1] > recordsY - 4 && begun.x >= labelWidth) props.onLsn?.(begun.lsn);
    },
    onPointerCancel: () => {
      press.current = null;
      setDrawn(null);
    },
  };
  return { drawn, handlers };
}
