// The names that stand in the drawings of a lens: explained under the pointer there, and listed for the keyboard in the panel
// that says what the marks mean, because parts of a drawing take no focus.

import type { Term } from '../rules/term.ts';
import { namesIn, termOfLabel, terms } from '../rules/terms.ts';

/** Of these texts, each once, in the order of the glossary. */
export function termsOfLabels(labels: readonly string[]): readonly Term[] {
  const found = new Set<Term>();
  for (const label of labels) {
    const whole = termOfLabel(label);
    if (whole !== undefined) found.add(whole);
    else for (const { term } of namesIn(label)) found.add(term);
  }
  return terms.filter((term) => found.has(term));
}

export const drawnTerms = (section: Element): readonly Term[] =>
  termsOfLabels([...section.querySelectorAll('svg text')].map(({ textContent }) => textContent ?? ''));
