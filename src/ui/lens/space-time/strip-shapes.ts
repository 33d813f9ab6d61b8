// What a strip is drawn from, as numbers: lines and circles of each look, and the numbers of merged marks, in px from the left edge
// of the first bitmap that is drawn anew. They go to the worker that draws (strip-worker.ts), or are drawn in the page.

import type { Palette } from '../../canvas/sprites.ts';
import type { SpaceTimeModel } from './model.ts';
import { drawMarks, type Geometry, type Look, numberedMarks, shadeOf } from './shapes.ts';

/** px of one bitmap: what one answer brings fills about one. */
export const slabWidth = 32;
/** px to either side in which a mark can change what is drawn: its size, its number, and whether a neighbour has one. */
export const reach = 32;
/** px to either side that a mark or the cross of a lost message takes. */
export const markReach = 10;
/** px from a lane up to the foot of a number. */
const numberRise = 9;
/** What is drawn beyond the newest time: half a mark. */
export const overhang = 4;

export interface LookShapes {
  readonly look: Look;
  /** Four numbers a line: from x, y to x, y. */
  readonly lines: Float32Array;
  /** Three a circle: x, y, radius. */
  readonly circles: Float32Array;
}

export interface StripColours {
  readonly font: string;
  /** Share of a colour in a tint. */
  readonly soft: number;
  readonly ground: string;
  readonly muted: string;
  /** Of every look that is drawn. */
  readonly strokes: Readonly<Record<string, string>>;
}

export interface StripPicture {
  /** CSS px of the whole strip, and device px of one. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** px of one µs. */
  readonly scale: number;
  /** First and last bitmap of what is shown, and the first that is not as in the picture before. */
  readonly first: number;
  readonly last: number;
  readonly changed: number;
  /** Where time 0 would be on the screen, and where the newest time is from there, px. */
  readonly origin: number;
  readonly end: number;
  readonly colours: StripColours;
  readonly shapes: readonly LookShapes[];
  /** Three a number: x, y of its foot, and what it says. */
  readonly numbers: Float32Array;
}

/** Lines and circles of what can be seen from the bitmap `changed` on. */
export function stripShapes(
  model: SpaceTimeModel,
  { scale, y }: Pick<Geometry, 'scale' | 'y'>,
  changed: number,
): Pick<StripPicture, 'shapes' | 'numbers'> {
  const left = changed * slabWidth;
  const x = (at: number): number => at * scale - left;
  const isSeen = (until: number, room: number): boolean => x(until) >= -room;
  const near = model.marks.filter(({ at }) => isSeen(at, 2 * reach));
  const parts = {
    marks: near.filter(({ at }) => isSeen(at, markReach)),
    through: model.through.filter(({ last }) => isSeen(last.arrivesAt, markReach)),
    messages: model.messages.filter(({ message }) => isSeen(message.arrivesAt, markReach)),
  };
  const drafts: { readonly look: Look; readonly lines: number[]; readonly circles: number[] }[] = [];
  drawMarks(parts, shadeOf(model), { x, y }, (look) => {
    const lines: number[] = [];
    const circles: number[] = [];
    drafts.push({ look, lines, circles });
    return {
      line: (x1, y1, x2, y2) => void lines.push(x1, y1, x2, y2),
      circle: (cx, cy, radius) => void circles.push(cx, cy, radius),
    };
  });
  const numbers = numberedMarks(near, x).flatMap(({ at, lane, events }) => [
    x(at),
    y(lane) - numberRise,
    events.length,
  ]);
  return {
    shapes: drafts.map(({ look, lines, circles }) => ({
      look,
      lines: Float32Array.from(lines),
      circles: Float32Array.from(circles),
    })),
    numbers: Float32Array.from(numbers),
  };
}

/** The colours of these looks, resolved: a worker has no page to ask. */
export const stripColours = (palette: Palette, shapes: readonly LookShapes[]): StripColours => ({
  font: palette.font,
  soft: Number.parseFloat(palette.colour('soft')) / 100,
  ground: palette.colour('bg-1'),
  muted: palette.colour('text-muted'),
  strokes: Object.fromEntries(shapes.map(({ look: { stroke } }) => [stroke, palette.colour(stroke)])),
});
