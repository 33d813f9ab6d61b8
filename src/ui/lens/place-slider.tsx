// A lens's drawing as one choice of places in their order: arrow keys go to the one before or after, Home and End to the
// ends. What stands at a place is said in its text.

import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';

interface PlaceSliderProps {
  readonly label: string;
  /** What stands at the chosen place. */
  readonly text: string;
  /** Chosen place; null: none, and a key chooses the first. */
  readonly at: number | null;
  readonly first: number;
  /** Below `first`: there is nothing to choose. */
  readonly last: number;
  /** The places lie below each other. */
  readonly isVertical?: boolean;
  /** Key of what the pointer's marks hover with the drawing (`hoverKey`). */
  readonly hover?: string | undefined;
  readonly className?: string;
  readonly onChoose: (to: number) => void;
  readonly onEnter?: () => void;
  readonly onClick?: (event: MouseEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

/** Where a key leads from a place; null: it leads nowhere. */
export function placeOfKey(key: string, at: number | null, first: number, last: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(first, (at ?? first) - 1);
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(last, at === null ? first : at + 1);
    case 'Home':
      return first;
    case 'End':
      return last;
    default:
      return null;
  }
}

export function PlaceSlider(props: PlaceSliderProps): ReactNode {
  const { label, text, at, first, last, isVertical = false, hover, className, onChoose, onEnter } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (last < first) return;
    const to = placeOfKey(event.key, at, first, last);
    if (to !== null) onChoose(to);
    else if (event.key === 'Enter' && onEnter !== undefined) onEnter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      {...(isVertical && { 'aria-orientation': 'vertical' })}
      aria-valuemin={first}
      aria-valuemax={Math.max(first, last)}
      aria-valuenow={at ?? first}
      aria-valuetext={text}
      data-hover={hover}
      className={className}
      onKeyDown={onKeyDown}
      onClick={props.onClick}
    >
      {props.children}
    </div>
  );
}
