// Places for the labels of messages in a picture of the map: beside the glyph, below or above it, where no card, glyph or earlier
// label stands. A label that has no room is left out: its glyph still has the letter of its family. Pure.

import { wordsWidth } from '../kit/words-width.ts';

export interface Room {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelPlace {
  /** From the glyph's middle. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** px of a letter of 12 px mono, and of the line's height above and below its base. */
const letterPx = 7.3;
const rise = 11;
const fall = 4;
const glyphReach = 13;

const places: readonly LabelPlace[] = [
  { dx: 18, dy: 4, anchor: 'start' },
  { dx: -18, dy: 4, anchor: 'end' },
  { dx: 0, dy: 27, anchor: 'middle' },
  { dx: 0, dy: -18, anchor: 'middle' },
];

export const meet = (a: Room, b: Room): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The room of words at a place. */
export function labelRoom(
  [x, y]: readonly [number, number],
  { dx, dy, anchor }: LabelPlace,
  words: string,
): Room {
  const width = wordsWidth(words, letterPx);
  const left = anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2;
  return { x: x + dx - left, y: y + dy - rise, width, height: rise + fall };
}

export const glyphRoom = ([x, y]: readonly [number, number]): Room => ({
  x: x - glyphReach,
  y: y - glyphReach,
  width: 2 * glyphReach,
  height: 2 * glyphReach,
});

export interface Labelled {
  readonly at: readonly [number, number];
  readonly words: string;
}

/** By label, in order; null: there is no room. `taken`: cards and other words. */
export function placeLabels(
  labels: readonly Labelled[],
  taken: readonly Room[],
): readonly (LabelPlace | null)[] {
  const glyphs = labels.map(({ at }) => glyphRoom(at));
  const rooms: Room[] = [...taken, ...glyphs];
  return labels.map(({ at, words }) => {
    const place = places.find((each) => {
      const room = labelRoom(at, each, words);
      return !rooms.some((other) => meet(room, other));
    });
    if (place === undefined) return null;
    rooms.push(labelRoom(at, place, words));
    return place;
  });
}
