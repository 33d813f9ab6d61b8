// Finds what is explained at a place of the page: a name marked as a term, a label of a few words, or a name within a
// text, by the character under the pointer.

import type { Term } from '../rules/term.ts';
import { namesIn, termOf, termOfLabel } from '../rules/terms.ts';

export interface FoundTerm {
  readonly term: Term;
  readonly element: Element;
  readonly box: DOMRect;
}

/** No label is longer. */
const labelLength = 32;
/** px around a name that still mean it. */
const slack = 3;

/** Where what is written is a person's own, or explains itself. */
const elsewhere = 'input, textarea, select, [role="tooltip"], [contenteditable="true"], .term-facts';

export function termOfElement(element: Element): Term | null {
  const text = element.textContent ?? '';
  return (
    termOf(element.getAttribute('data-term') ?? '') ?? termOfLabel(text) ?? namesIn(text)[0]?.term ?? null
  );
}

export function findTerm(target: Element, x: number, y: number): FoundTerm | null {
  if (target.closest(elsewhere) !== null) return null;
  const marked = target.closest('[data-term]');
  const markedTerm = marked === null ? null : termOfElement(marked);
  if (marked !== null && markedTerm !== null)
    return { term: markedTerm, element: marked, box: marked.getBoundingClientRect() };
  const text = target.textContent ?? '';
  const label = text.length <= labelLength ? termOfLabel(text) : undefined;
  if (label !== undefined) return { term: label, element: target, box: target.getBoundingClientRect() };
  return nameAt(target, x, y);
}

const isAt = ({ left, right, top, bottom }: DOMRect, x: number, y: number): boolean =>
  x >= left - slack && x <= right + slack && y >= top - slack && y <= bottom + slack;

/** The name in the element's own text that the point lies on. */
function nameAt(target: Element, x: number, y: number): FoundTerm | null {
  for (const node of target.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    for (const { term, first, last } of namesIn(node.textContent ?? '')) {
      const range = document.createRange();
      range.setStart(node, first);
      range.setEnd(node, last);
      for (const box of range.getClientRects()) if (isAt(box, x, y)) return { term, element: target, box };
    }
  }
  return null;
}
