// A focusable separator between two panels: drag, arrow keys (16 px, Shift 64), Home and End for the limits.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';

interface SplitterProps {
  readonly label: string;
  /** Which way the line runs: `vertical` parts left from right. */
  readonly orientation: 'vertical' | 'horizontal';
  /** Size in px of the panel after the line (right or below). */
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly onSize: (size: number) => void;
  /** Id of the panel it sizes. */
  readonly controls: string;
}

export function Splitter({ label, orientation, size, min, max, onSize, controls }: SplitterProps): ReactNode {
  const start = useRef<{ at: number; size: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const set = (next: number): void => onSize(Math.round(Math.min(Math.max(next, min), Math.max(min, max))));
  const position = (event: PointerEvent): number =>
    orientation === 'vertical' ? event.clientX : event.clientY;

  function handleKey(event: KeyboardEvent): void {
    const step = event.shiftKey ? 64 : 16;
    const grow = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    const shrink = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    if (event.key === grow) set(size + step);
    else if (event.key === shrink) set(size - step);
    else if (event.key === 'Home') set(max);
    else if (event.key === 'End') set(min);
    else return;
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable window splitter is a separator by the ARIA practices, <hr> is not interactive
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-controls={controls}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className="splitter"
      data-dragging={dragging}
      onKeyDown={handleKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: position(event), size };
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (start.current !== null) set(start.current.size - (position(event) - start.current.at));
      }}
      onPointerUp={() => {
        start.current = null;
        setDragging(false);
      }}
    />
  );
}
