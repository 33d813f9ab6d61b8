// The glossary: names that the screen uses, each explained in one line (docs/spec/terms.md has them in full).

import type { PlainKey } from '../i18n/i18n.ts';
import { stackTables } from '../stacks/tables.ts';

export interface Term {
  readonly name: string;
  readonly key: PlainKey;
}

export const terms: readonly Term[] = stackTables.flatMap((tables) => tables.terms ?? []);

const isNamed = (name: string, text: string): boolean =>
  name.startsWith('[')
    ? /\[\d+,\w+\)/.test(text)
    : /[^\x20-\x7e]/.test(name)
      ? text.includes(name)
      : new RegExp(`(^|[^A-Za-z])${name}s?(?![A-Za-z])`).test(text);

/** The terms that are short for something and stand in a text, and those that explain these. */
export function termsIn(text: string, explain: (key: PlainKey) => string): readonly Term[] {
  const found = new Set<Term>();
  const look = (where: string): void => {
    for (const term of terms) {
      // Everyday words say enough by themselves.
      if (found.has(term) || /group|replica/.test(term.name)) continue;
      if (!term.name.split(/, | \/ /).some((name) => isNamed(name, where))) continue;
      found.add(term);
      look(explain(term.key));
    }
  };
  look(text);
  return terms.filter((term) => found.has(term));
}
