// Where a suggestion stands beside its link: clear of cards and of the titles of frames. Pure, in the map's own coordinates.

import type { Box } from '../model/map-store.ts';
import { breakAt, type LinkPath, type Point, pointAt } from './link-path.ts';

export interface NoteSize {
  readonly width: number;
  readonly height: number;
}

/** Along the link: where a cut shows first, then further and further from there. */
const alongs = [breakAt, 0.52, 0.36, 0.6, 0.28, 0.68, 0.2, 0.76];
/** How much of it stands left of the link: at the right the open legend hangs beside the longest link. */
const leftShares = [0.7, 1, 0.5, 0];
/** Where all places at the link are taken, further from it: in heights of its own. */
const lifts = [0, 0.75, 1.5, 2.25];

const common = (a0: number, a1: number, b0: number, b1: number): number =>
  Math.max(0, Math.min(a1, b1) - Math.max(a0, b0));

const overlapOf = (a: Box, b: Box): number =>
  common(a.x, a.x + a.width, b.x, b.x + b.width) * common(a.y, a.y + a.height, b.y, b.y + b.height);

/** Every place that it may have, the best first. */
function placesAlong(path: LinkPath, { width, height }: NoteSize, gap: number): Point[] {
  return lifts.flatMap((lift) =>
    alongs.flatMap((along) => {
      const [x, y] = pointAt(path, along);
      const away = gap + lift * height;
      return [y - away - height, y + away].flatMap((top) =>
        leftShares.map((share): Point => [x - width * share, top]),
      );
    }),
  );
}

/** Its upper left corner; where nothing is free, what covers least. `gap`: between it and the link. */
export function notePlace(path: LinkPath, size: NoteSize, gap: number, taken: readonly Box[]): Point {
  let best: Point = [0, 0];
  let least = Number.POSITIVE_INFINITY;
  for (const at of placesAlong(path, size, gap)) {
    const box = { x: at[0], y: at[1], ...size };
    const covered = taken.reduce((sum, one) => sum + overlapOf(box, one), 0);
    if (covered === 0) return at;
    if (covered < least) [best, least] = [at, covered];
  }
  return best;
}
