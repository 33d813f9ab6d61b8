// What a film of a stretch of virtual time is made of: its instants, how fast they pass, and how large its pictures are. Pure.

import type { Time } from '../../base/ids.ts';
import type { PictureShape } from '../export/picture-shape.ts';

/** `frames`: a PNG for each instant, in one ZIP. */
export const filmKinds = ['webm', 'gif', 'frames'] as const;
export type FilmKind = (typeof filmKinds)[number];

interface KindFacts {
  readonly perSecond: number;
  /** A GIF is encoded as a whole, so all of its pictures are in memory at a time. */
  readonly mostPictures: number;
  /** px of the longer side. */
  readonly longestPx: number;
}

export const factsOf: Readonly<Record<FilmKind, KindFacts>> = {
  webm: { perSecond: 25, mostPictures: 1500, longestPx: 1920 },
  gif: { perSecond: 10, mostPictures: 150, longestPx: 960 },
  frames: { perSecond: 25, mostPictures: 1500, longestPx: 1920 },
};

/** Virtual ms that pass in a second of the film. */
export const filmSpeeds = [0.1, 0.5, 1, 2, 5, 10, 50] as const;

export interface Stretch {
  /** Virtual µs, both of them shown. */
  readonly from: number;
  readonly to: number;
}

export interface FilmPlan {
  readonly kind: FilmKind;
  readonly shape: PictureShape;
  readonly perSecond: number;
  readonly instants: readonly Time[];
}

export type Planned =
  | { readonly ok: true; readonly plan: FilmPlan }
  /** `outside`: of `most`; `tooLong`: so many pictures, and at most as many. */
  | { readonly ok: false; readonly fault: 'order' | 'outside' }
  | { readonly ok: false; readonly fault: 'tooLong'; readonly pictures: number; readonly most: number };

export interface FilmWish {
  readonly kind: FilmKind;
  readonly shape: PictureShape;
  readonly speed: number;
  readonly stretch: Stretch;
  /** All that the run has. */
  readonly most: Stretch;
}

export function planFilm({ kind, shape, speed, stretch: { from, to }, most }: FilmWish): Planned {
  const { perSecond, mostPictures } = factsOf[kind];
  if (!(from < to)) return { ok: false, fault: 'order' };
  if (from < most.from || to > most.to) return { ok: false, fault: 'outside' };
  const step = (speed * 1000) / perSecond;
  const pictures = Math.ceil((to - from) / step) + 1;
  if (pictures > mostPictures) return { ok: false, fault: 'tooLong', pictures, most: mostPictures };
  const instants = Array.from(
    { length: pictures },
    (_, i) => Math.round(Math.min(to, from + i * step)) as Time,
  );
  return { ok: true, plan: { kind, shape, perSecond, instants } };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const even = (px: number): number => Math.max(2, 2 * Math.round(px / 2));

/** px of a film whose first picture is so large: a slide fills a screen, any other has its own size where that is not too large. */
export function filmSize({ width, height }: Size, { kind, shape }: Pick<FilmPlan, 'kind' | 'shape'>): Size {
  const share = factsOf[kind].longestPx / Math.max(width, height);
  const scale = shape === 'slide' ? share : Math.min(1, share);
  // Encoders of films take even numbers only.
  return { width: even(width * scale), height: even(height * scale) };
}

/**
 * Where a picture stands in a film, px: as large as the largest so far allows, so that what one picture has more than the others
 * moves nothing to and fro. A slide has its drawing in the middle, any other begins at the top left.
 */
export function placeIn(film: Size, largest: Size, picture: Size, shape: PictureShape) {
  if (shape === 'slide') {
    const share = Math.min(1, picture.width / largest.width);
    const [width, height] = [film.width * share, film.height * share];
    return { x: (film.width - width) / 2, y: (film.height - height) / 2, width, height };
  }
  const scale = Math.min(film.width / largest.width, film.height / largest.height);
  return { x: 0, y: 0, width: picture.width * scale, height: picture.height * scale };
}

export const largerOf = (one: Size, other: Size): Size => ({
  width: Math.max(one.width, other.width),
  height: Math.max(one.height, other.height),
});
