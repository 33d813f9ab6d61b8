// Text width estimate of plot labels, in px, before they are drawn: a Chinese character takes a whole em, a Latin letter a
// little more than half of one.

/** From here on characters are as wide as they are high. */
const firstWide = '\u2e80';
/** Of a letter's width. */
const wideLetters = 1.75;

export const wordsWidth = (words: string, letterPx: number): number =>
  letterPx * [...words].reduce((sum, letter) => sum + (letter >= firstWide ? wideLetters : 1), 0);

/** The words, or as much of their beginning as fits into `room` px, with an ellipsis; empty when not even one letter does. */
export function fitWords(words: string, room: number, letterPx: number): string {
  if (wordsWidth(words, letterPx) <= room) return words;
  const letters = [...words];
  while (letters.length > 0 && wordsWidth(`${letters.join('')}…`, letterPx) > room) letters.pop();
  return letters.length === 0 ? '' : `${letters.join('').trimEnd()}…`;
}

/** Where words can begin, from here on, that none of `covers` lies over: what is drawn above them, in order. */
export const uncovered = (
  from: number,
  width: number,
  covers: readonly (readonly [first: number, end: number])[],
): number => covers.reduce((at, [first, end]) => (first < at + width && end > at ? end : at), from);
