// SIMILAR TO: a regular expression of SQL as an advanced one, as similar_escape_internal of PostgreSQL writes it.

import { fail } from './failure.ts';

/** What stands for the separators `escape "`: of three parts the first takes the least and the second the most. */
const SEPARATORS = ['){1,1}?(', '){1,1}(?:'];
const AS_THEY_ARE = new Set(['\\', '.', '^', '$']);

/** `escapeBy` empty: there is none. */
export function similarPattern(pattern: string, escapeBy: string): string {
  if ([...escapeBy].length > 1) fail('22025', 'invalid escape string');
  let out = '^(?:';
  let isEscaped = false;
  let separators = 0;
  /** Brackets that are open, and how far into them: 1 behind `[`, 2 behind `[^`. */
  let brackets = 0;
  let place = 0;
  for (const character of pattern) {
    if (isEscaped) {
      isEscaped = false;
      if (character === '"' && brackets < 1) {
        const separator = SEPARATORS[separators];
        if (separator === undefined)
          fail(
            '2200C',
            'SQL regular expression may not contain more than two escape-double-quote separators',
          );
        out += separator;
        separators += 1;
      } else {
        out += `\\${character}`;
        place = 3;
      }
    } else if (character === escapeBy) isEscaped = true;
    else if (brackets > 0) {
      out += character === '\\' ? '\\\\' : character;
      if (character === ']' && place > 2) brackets -= 1;
      else if (character === '^') place += 1;
      else {
        if (character === '[') brackets += 1;
        place = 3;
      }
    } else if (character === '[') {
      out += character;
      brackets = 1;
      place = 1;
    } else if (character === '%') out += '.*';
    else if (character === '_') out += '.';
    else if (character === '(') out += '(?:';
    else out += AS_THEY_ARE.has(character) ? `\\${character}` : character;
  }
  return `${out})$`;
}
