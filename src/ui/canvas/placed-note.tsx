// A suggestion beside the link that it is about, and words of a link that has no room for them, at the size of the link's own words.

import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { ChipId } from '../../state/coach-store.ts';
import { useT } from '../i18n/i18n.ts';
import { CoachChip } from '../story/coach-chip.tsx';
import type { LinkPath } from './link-path.ts';
import { useDrawn } from './map-layout.ts';
import { type NoteSize, notePlace } from './note-place.ts';
import type { PathBook } from './path-book.ts';

/** px between it and its link, and around it; a frame's title. */
const gap = 19;
const margin = 4;
const title = { width: 96, height: 26 };

interface PlaceProps {
  readonly path: LinkPath;
  readonly book: PathBook;
  /** Map units of a px. */
  readonly scale: number;
}

interface PlacedProps extends PlaceProps {
  /** Names the element: messages pass behind it. */
  readonly mark: 'data-suggestion' | 'data-link-words';
  readonly takesPresses: boolean;
  readonly children: ReactNode;
}

function Placed({ path, book, scale, mark, takesPresses, children }: PlacedProps): ReactNode {
  useT();
  const drawn = useDrawn((state) => state);
  const ref = useRef<HTMLSpanElement>(null);
  const [size, setSize] = useState<NoteSize | null>(null);
  useLayoutEffect(() => {
    const { offsetWidth: width = 0, offsetHeight: height = 0 } = ref.current ?? {};
    if (width !== size?.width || height !== size.height) setSize({ width, height });
  });
  const wide = margin * scale;
  const taken = [
    ...Object.values(drawn.boxes).map(book.shown),
    ...drawn.open.map(({ box: { x, y } }) => ({
      x,
      y,
      width: title.width * scale,
      height: title.height * scale,
    })),
  ].map(({ x, y, width, height }) => ({
    x: x - wide,
    y: y - wide,
    width: width + 2 * wide,
    height: height + 2 * wide,
  }));
  const [left, top] = notePlace(
    path,
    { width: (size?.width ?? 0) * scale, height: (size?.height ?? 0) * scale },
    gap * scale,
    taken,
  );
  return (
    <span
      ref={ref}
      {...{ [mark]: '' }}
      className="nodrag nopan absolute z-10"
      style={{
        left,
        top,
        transform: `scale(${scale})`,
        transformOrigin: '0 0',
        pointerEvents: takesPresses ? 'all' : 'none',
        visibility: size === null ? 'hidden' : undefined,
      }}
    >
      {children}
    </span>
  );
}

export function PlacedNote({ chip, ...place }: PlaceProps & { readonly chip: ChipId }): ReactNode {
  return (
    <Placed {...place} mark="data-suggestion" takesPresses>
      <CoachChip chip={chip} />
    </Placed>
  );
}

/** What a fault did to a link that is too short for its words. */
export function PlacedWords({ words, ...place }: PlaceProps & { readonly words: string }): ReactNode {
  return (
    <Placed {...place} mark="data-link-words" takesPresses={false}>
      <span className="chip chip-hue" style={{ ['--hue' as string]: 'var(--hole)' }}>
        {words}
      </span>
    </Placed>
  );
}
