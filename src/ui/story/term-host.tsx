// Tooltip with the explanation of a name, one for the whole page: below it, above it where there is no room.

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { headOf } from '../rules/terms.ts';
import { TermFacts } from './term-facts.tsx';
import type { FoundTerm } from './term-find.ts';
import { tooltipId, watchTerms } from './term-watch.ts';

/** px between a name and its explanation, and around it in the window. */
const gap = 6;
const margin = 8;

/** Below the name, above it where there is no room, within the window. */
function placeOf(
  { left, top, bottom }: DOMRect,
  width: number,
  height: number,
): { left: number; top: number } {
  const { innerWidth, innerHeight } = window;
  const below = bottom + gap;
  return {
    left: Math.max(margin, Math.min(left, innerWidth - width - margin)),
    top: below + height + margin <= innerHeight ? below : Math.max(margin, top - gap - height),
  };
}

export function TermHost(): ReactNode {
  useT();
  const [found, setFound] = useState<FoundTerm | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => watchTerms(setFound), []);
  useLayoutEffect(() => {
    if (found === null || box.current === null) return;
    const { width, height } = box.current.getBoundingClientRect();
    const { left, top } = placeOf(found.box, width, height);
    box.current.style.left = `${left}px`;
    box.current.style.top = `${top}px`;
  }, [found]);
  if (found === null) return null;
  return (
    <div ref={box} id={tooltipId} role="tooltip" className="term-tooltip">
      <b className="block">{headOf(found.term, currentLanguage() === 'zh-CN' ? 'zh' : 'en')}</b>
      <TermFacts term={found.term} />
    </div>
  );
}
