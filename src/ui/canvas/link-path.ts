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

/** How far along its edge a link leaves a card towards another that stands this far aside, as a share of the edge from its middle. */
const spread = 0.38;
/** Beyond this distance aside all links leave at the end of the edge, map units. */
const widest = 900;

/** Straight, out of the lower edge into the upper one: between two rows no card is in the way, and ends are spread by where they lead. */
function columnPath(upper: Box, lower: Box): LinkPath {
  const aside = Math.max(-1, Math.min(1, (centreX(lower) - centreX(upper)) / widest)) * spread;
  return {
    from: [centreX(upper) + aside * upper.width, upper.y + upper.height],
    to: [centreX(lower) - aside * lower.width, lower.y],
    control: null,
  };
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
