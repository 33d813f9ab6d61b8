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

/** Widest words before a figure, with the figure: "has all up to 12 345". */
const widestFigure = 158;

/** px that a plain card of this width needs: its figure stands beside its words, or below them; then a strip for each role. */
export const plainRoom = (width: number, roles: number): number =>
  plainHead + plainLine * (width - fitSides >= widestFigure ? 1 : 2) + plainStrip * roles + plainEdge;

/** How a plain card says its figure in this room: beside its words, below them, or alone. */
export function figurePlace(room: number, height: number, words: string): 'beside' | 'below' | 'alone' {
  if (wordsWidth(words, plainLetter) <= room) return 'beside';
  return height >= plainHead + 2 * plainLine + plainEdge ? 'below' : 'alone';
}

/** Strips that have room below a figure of so many lines. */
export const stripsBelow = (height: number, lines: number): number =>
  Math.max(0, Math.floor((height - plainHead - lines * plainLine - plainEdge) / plainStrip));

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
 * of its role, another one that of its state.
 */
export function headMarks(room: number, name: string, isWell: boolean): readonly ('role' | 'state')[] {
  if (room - 2 * glyphWidth >= name.length * letterWidth) return ['role', 'state'];
  return [isWell ? 'role' : 'state'];
}
