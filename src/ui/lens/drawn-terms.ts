// The names that stand in the drawings of a lens and in the heads of its tables: explained under the pointer there, a stop of the
// keyboard beside its tools (drawn-names.tsx), and listed in the panel that says what the marks mean.

import type { Term } from '../rules/term.ts';
import { namesIn, termOf, termOfLabel, terms } from '../rules/terms.ts';

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
  termsOfLabels(
    [...section.querySelectorAll('svg text, th')].map(
      (one) => termOf(one.getAttribute('data-term') ?? '')?.names[0] ?? one.textContent ?? '',
    ),
  );
