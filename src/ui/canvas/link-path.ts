// Link geometry: the path between two cards, straight or quadratic. Edges, the message overlay, hover and the scissors of a
// cut all use it, so that a message never leaves its line.

import type { Box } from '../model/map-store.ts';

export type Point = readonly [x: number, y: number];

/** From card a to card b; `control` null is a straight line. */
export interface LinkPath {
  readonly from: Point;
  readonly to: Point;
  readonly control: Point | null;
}

/** Where on the way a cut shows. */
export const breakAt = 0.44;
/** Messages keep this far to the right of the line, seen in their direction of travel. */
export const laneOffset = 10;
/** Depth of the arcs between neighbours of one row, below it. */
const arcDepth = 72;

const centreX = (box: Box): number => box.x + box.width / 2;
const centreY = (box: Box): number => box.y + box.height / 2;
const overlap = (a0: number, a1: number, b0: number, b1: number): readonly [number, number] => [
  Math.max(a0, b0),
  Math.min(a1, b1),
];
const isSameRow = (a: Box, b: Box): boolean => Math.abs(centreY(a) - centreY(b)) < (a.height + b.height) / 4;

/** Neighbours without a card between them are joined by a straight line, others of the same row by an arc below. */
function rowPath(a: Box, b: Box, blocked: boolean, arcs: boolean): LinkPath {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  if (!arcs && !blocked) {
    const [y0, y1] = overlap(a.y, a.y + a.height, b.y, b.y + b.height);
    const y = (y0 + y1) / 2;
    const path: LinkPath = { from: [left.x + left.width, y], to: [right.x, y], control: null };
    return left === a ? path : reversed(path);
  }
  // The further apart, the nearer to the cards' outer edges and the deeper: nested arcs do not cross.
  const from: Point = [left.x + left.width * (blocked ? 0.63 : 0.83), left.y + left.height];
  const to: Point = [right.x + right.width * (blocked ? 0.38 : 0.17), right.y + right.height];
  const depth = blocked ? arcDepth * 1.36 : arcDepth * 0.53;
  const middle = (from[0] + to[0]) / 2;
  const path: LinkPath = { from, to, control: [middle, from[1] + depth] };
  return left === a ? path : reversed(path);
}

export const reversed = (path: LinkPath): LinkPath => ({
  from: path.to,
  to: path.from,
  control: path.control,
});

function columnPath(upper: Box, lower: Box): LinkPath {
  const [x0, x1] = overlap(upper.x, upper.x + upper.width, lower.x, lower.x + lower.width);
  const bottom = upper.y + upper.height;
  if (x1 - x0 > 24) return { from: [(x0 + x1) / 2, bottom], to: [(x0 + x1) / 2, lower.y], control: null };
  const goesRight = centreX(lower) > centreX(upper);
  if (!goesRight) {
    // Down and to the left: out of the lower corner into the side of the other card, bowed to stay clear of cards.
    const from: Point = [upper.x + upper.width * 0.1, bottom];
    const to: Point = [lower.x + lower.width, lower.y + lower.height * 0.19];
    return { from, to, control: [from[0] - 20, (from[1] + to[1]) / 2 - 10] };
  }
  // Down and to the right: out of the side, over the frames, into the other card's top.
  const reach = centreX(lower) - (upper.x + upper.width);
  const from: Point = [upper.x + upper.width, upper.y + upper.height * 0.45];
  const to: Point = [centreX(lower) + (reach < 320 ? -44 : 0), lower.y];
  return { from, to, control: [to[0] - (reach < 320 ? 10 : 30), from[1] + (reach < 320 ? 40 : 0)] };
}

/** Path from card `a` to card `b`. `blocked`: another card stands between them in their row; `arcs`: peers' row. */
export function linkPath(
  a: Box,
  b: Box,
  options: { readonly blocked: boolean; readonly arcs: boolean },
): LinkPath {
  if (isSameRow(a, b)) return rowPath(a, b, options.blocked, options.arcs);
  return centreY(a) < centreY(b) ? columnPath(a, b) : reversed(columnPath(b, a));
}

export function pointAt({ from, to, control }: LinkPath, share: number): Point {
  const rest = 1 - share;
  if (control === null) return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  const mix = (i: 0 | 1): number =>
    rest * rest * from[i] + 2 * share * rest * control[i] + share * share * to[i];
  return [mix(0), mix(1)];
}

/** Direction of travel at a point of the path, radians. */
export function angleAt(path: LinkPath, share: number): number {
  const before = pointAt(path, share - 0.01);
  const after = pointAt(path, share + 0.01);
  return Math.atan2(after[1] - before[1], after[0] - before[0]);
}

/** Where a message is that has gone `share` of the way, beside the line on its right, and which way it goes. */
export function lanePlace(path: LinkPath, share: number): { readonly at: Point; readonly angle: number } {
  const { from, to, control } = path;
  // The way's direction here: twice its ends' distances from the control point, mixed.
  const dx =
    control === null ? to[0] - from[0] : (1 - share) * (control[0] - from[0]) + share * (to[0] - control[0]);
  const dy =
    control === null ? to[1] - from[1] : (1 - share) * (control[1] - from[1]) + share * (to[1] - control[1]);
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = pointAt(path, share);
  return {
    at: [x - (dy / length) * laneOffset, y + (dx / length) * laneOffset],
    angle: Math.atan2(dy, dx),
  };
}

export function svgPath({ from, to, control }: LinkPath): string {
  const start = `M${from[0]} ${from[1]}`;
  return control === null
    ? `${start}L${to[0]} ${to[1]}`
    : `${start}Q${control[0]} ${control[1]} ${to[0]} ${to[1]}`;
}

/** The piece of a path between two shares, as a polyline: what a cut leaves. */
export function svgPiece(path: LinkPath, first: number, last: number): string {
  const steps = path.control === null ? 1 : 24;
  const points: string[] = [];
  for (let i = 0; i <= steps; i++) {
    const [x, y] = pointAt(path, first + ((last - first) * i) / steps);
    points.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
  }
  return `M${points.join('L')}`;
}
