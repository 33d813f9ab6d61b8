// What a card below full size has room for: lines, and marks beside its name.

import { fitSides } from '../kit/card-room.ts';
import { wordsWidth } from '../kit/words-width.ts';
import type { ZoomLevel } from './adapter.ts';

export interface CardProps {
  readonly id: string;
  readonly level: ZoomLevel;
  /** What it has on the screen below full size, px. */
  readonly width: number;
  readonly height: number;
}

/** A line, the head above the lines, and what stands round both: px, as in theme/map.css. */
export const fitLine = 18;
const fitHead = 22;
const fitEdge = 10;

/** Lines of each of so many roles: what they cannot share evenly the leading ones have. */
export function linesOf(height: number, roles: number): readonly number[] {
  const lines = Math.max(0, Math.floor((height - fitHead - fitEdge) / fitLine));
  const each = Math.floor(lines / Math.max(1, roles));
  const rest = lines - each * roles;
  return Array.from({ length: roles }, (_, i) => each + (i < rest ? 1 : 0));
}

/** Of a plain card: its head, a line of type of 14 px, a strip, and what stands round them, px. */
const plainHead = 26;
const plainLine = 20;
const plainStrip = 20;
const plainEdge = 6;
const plainLetter = 7.2;
const wideLetter = 9.5;

/** Widest words before a figure, with the figure: "has all up to 12 345". */
const widestFigure = 158;

/** px of a plain card in which its words and its figure take two lines at most. */
const plainWidth = 124;

/** What a plain card of this size has of the room that it needs at this zoom: for its figure on one line or two, and a strip for each role. */
export function plainShare(width: number, height: number, zoom: number, roles: number): number {
  const lines = width * zoom - fitSides >= widestFigure ? 1 : 2;
  const needed = plainHead + plainLine * lines + plainStrip * roles + plainEdge;
  return Math.min(1, (height * zoom) / needed) * Math.min(1, (width * zoom) / plainWidth);
}

/** Lines on which a plain card says its figure after its words in this room; 0: there is none for the words. */
export function figureLines(room: number, height: number, words: string): 0 | 1 | 2 {
  if (wordsWidth(words, plainLetter) <= room) return 1;
  // On two lines it is the longest word that has to fit, in whatever letters; Chinese breaks anywhere.
  if ((words.match(/[a-z]+/gi) ?? []).some((word) => word.length * wideLetter > room)) return 0;
  return height >= plainHead + 2 * plainLine + plainEdge ? 2 : 0;
}

/** Strips that have room below a figure of so many lines. */
export const stripsBelow = (height: number, lines: number): number =>
  Math.max(0, Math.floor((height - plainHead - lines * plainLine - plainEdge) / plainStrip));

/** Lines of further figures that have room below them. */
export const marksBelow = (height: number, lines: number, strips: number): number =>
  Math.max(
    0,
    Math.floor((height - plainHead - lines * plainLine - plainEdge - strips * plainStrip) / fitLine),
  );

/** px of an icon with its gap, and of a letter of the name, in a small card's head. */
const glyphWidth = 21;
const letterWidth = 8;

/** px of a letter of a chip, and of what stands round its words. */
const chipLetter = 6.6;
const chipEdge = 20;

/** Whether a chip with these words stands beside the name: a name is never cut. */
export const chipFits = (room: number, name: string, words: string): boolean =>
  room - glyphWidth - name.length * letterWidth >= wordsWidth(words, chipLetter) + chipEdge;

/**
 * Marks beside a node's name in so much room: a name is never cut, so where there is none for both, a node that is well has that
 * of its role, another one that of its state; where there is none for one, a node that is well has none.
 */
export function headMarks(room: number, name: string, isWell: boolean): readonly ('role' | 'state')[] {
  if (room - 2 * glyphWidth >= name.length * letterWidth) return ['role', 'state'];
  if (!isWell) return ['state'];
  return room - glyphWidth >= name.length * letterWidth ? ['role'] : [];
}
