// Templates of to_char, to_date and to_timestamp: words, and what stands for itself.

import { fail } from './failure.ts';

/** A word of the template, or a character that stands for itself. */
export interface TemplatePart {
  readonly word: string | null;
  readonly text: string;
}

/** A template in its parts; `words` in the order in which they are looked for. */
export function partsOfTemplate(template: string, words: readonly string[]): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  const literal = (text: string): number => parts.push({ word: null, text });
  for (let i = 0; i < template.length; ) {
    const word = words.find((one) => template.startsWith(one, i));
    if (word !== undefined) {
      parts.push({ word, text: word });
      i += word.length;
    } else if (template[i] === '"') {
      for (i += 1; i < template.length && template[i] !== '"'; ) {
        if (template[i] === '\\' && i + 1 < template.length) i += 1;
        const character = String.fromCodePoint(template.codePointAt(i) ?? 0);
        literal(character);
        i += character.length;
      }
      i += 1;
    } else {
      if (template[i] === '\\' && template[i + 1] === '"') i += 1;
      const character = String.fromCodePoint(template.codePointAt(i) ?? 0);
      literal(character);
      i += character.length;
    }
  }
  return parts;
}

/** `st`, `nd`, `rd` or `th`. */
export function ordinalOf(digits: string): string {
  if (!/\d$/.test(digits)) fail('22P02', `"${digits}" is not a number`);
  if (digits.length > 1 && digits.at(-2) === '1') return 'th';
  return { 1: 'st', 2: 'nd', 3: 'rd' }[digits.at(-1) ?? ''] ?? 'th';
}
