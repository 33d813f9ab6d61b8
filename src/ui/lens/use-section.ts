// A section of a lens that comes into view when something has spoken of it (lens-part.ts), and is kept there, whatever grows above it, until
// the reader scrolls.

import { type RefObject, useContext, useEffect, useRef } from 'react';
import { isPartChosen, useIsBrought } from './lens-part.ts';
import { LensPlaceContext } from './lens-place.ts';

/** px between the lens's head and what is brought below it. */
const margin = 8;

function bring(section: HTMLElement, isAsked: boolean): void {
  const lens = section.closest<HTMLElement>('.lens');
  if (lens === null) return;
  // As high as what it holds, in a column that scrolls: only who asks for it is taken there.
  if (lens.scrollHeight <= lens.clientHeight) {
    if (isAsked) section.scrollIntoView({ block: 'nearest' });
    return;
  }
  const head = lens.querySelector<HTMLElement>('.panel-head')?.offsetHeight ?? 0;
  const [own, room] = [section.getBoundingClientRect(), lens.getBoundingClientRect()];
  const below = own.top - room.top - head;
  if (below < 0 || own.bottom > room.bottom) lens.scrollBy({ top: below - margin });
}

/** `part`: its name among the lens's sections; undefined: it is none. */
export function useSection<E extends HTMLElement>(part: string | undefined): RefObject<E | null> {
  const section = useRef<E>(null);
  const lens = useContext(LensPlaceContext)?.lens.id;
  const isBrought = useIsBrought(lens, part);
  useEffect(() => {
    const element = section.current;
    const frame = element?.closest('.lens');
    if (!isBrought || lens === undefined || element === null || !frame) return;
    bring(element, isPartChosen(lens));
    const sizes = new ResizeObserver(() => bring(element, false));
    const watch = (): void => {
      for (const child of frame.children) sizes.observe(child);
    };
    const parts = new MutationObserver(watch);
    watch();
    parts.observe(frame, { childList: true });
    return () => {
      sizes.disconnect();
      parts.disconnect();
    };
  }, [isBrought, lens]);
  return section;
}
