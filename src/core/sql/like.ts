// LIKE: `%` any run, `_` one character (code point), `\` takes the next character as it is.

import { fail } from './failure.ts';

/** Greedy match with one point of return: the last `%` seen. */
export function matchLike(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let starPattern = -1;
  let starText = 0;
  while (t < text.length) {
    const c = pattern[p];
    if (c === '%') {
      p += 1;
      starPattern = p;
      starText = t;
      continue;
    }
    if (c === '_') {
      t += widthAt(text, t);
      p += 1;
      continue;
    }
    if (c !== undefined) {
      let literal = c;
      let next = p + 1;
      if (c === '\\') {
        if (next >= pattern.length) fail('22025', 'LIKE pattern must not end with escape character');
        literal = pattern[next] ?? '';
        next += 1;
      }
      if (text[t] === literal) {
        t += 1;
        p = next;
        continue;
      }
    }
    if (starPattern < 0) return false;
    starText += widthAt(text, starText);
    t = starText;
    p = starPattern;
  }
  while (pattern[p] === '%') p += 1;
  return p >= pattern.length;
}

/** UTF-16 units of the character at `i`. */
function widthAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code >= 0xd800 && code < 0xdc00 && i + 1 < text.length ? 2 : 1;
}
