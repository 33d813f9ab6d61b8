// The path of a link between two nodes of the map, by their boxes and roles.

import type { NodeFrame } from '../../sim/frame.ts';
import type { Box } from '../model/map-store.ts';
import { leadOf } from '../model/role-cards.ts';
import { type LinkPath, linkPath, type Point, pointAt } from './link-path.ts';

/** Whether the two share more than half of the lower one's height. */
const isBeside = (a: Box, b: Box): boolean =>
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > Math.min(a.height, b.height) / 2;

/** True when another card stands between the two in their row. */
function isBlocked(a: Box, b: Box, boxes: Readonly<Record<string, Box>>): boolean {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  return Object.values(boxes).some(
    (box) =>
      box !== a &&
      box !== b &&
      isBeside(a, box) &&
      box.x > left.x &&
      box.x + box.width < right.x + right.width &&
      box.x >= left.x + left.width / 2,
  );
}

export interface LinkEnds {
  readonly from: string;
  readonly to: string;
  readonly boxes: Readonly<Record<string, Box>>;
  readonly shown: (box: Box) => Box;
  readonly roles: (id: string) => NodeFrame['roles'];
}

export function pathBetween({ from, to, boxes, shown, roles }: LinkEnds): LinkPath | null {
  const a = boxes[from];
  const b = boxes[to];
  if (a === undefined || b === undefined) return null;
  const hasArcs = (id: string): boolean => leadOf({ roles: roles(id) })?.hasArcs === true;
  const arcs = hasArcs(from) && hasArcs(to);
  const path = linkPath(shown(a), shown(b), { blocked: isBlocked(a, b, boxes), arcs });
  const others = Object.values(boxes).filter((box) => box !== a && box !== b);
  return others.length > clearedMost ? path : clearOf(path, [shown(a), shown(b)], others.map(shown));
}

/** Cards beside which a link is led around; of more the map shows dots, which lines may touch. */
const clearedMost = 14;
const samples = 60;
/** How far to either side of the straight line its middle is moved, map units, the nearest first. */
const bends = [60, -60, 120, -120, 200, -200, 300, -300, 420, -420, 560, -560];

/** Map units that a line keeps off a card. */
const margin = 4;

const passes = (path: LinkPath, { x, y, width, height }: Box): boolean =>
  Array.from({ length: samples }, (_, i) => pointAt(path, (i + 0.5) / samples)).some(
    ([px, py]) => px > x - margin && px < x + width + margin && py > y - margin && py < y + height + margin,
  );

const middles = ({ x, y, width, height }: Box): readonly Point[] => [
  [x + width / 2, y],
  [x + width, y + height / 2],
  [x + width / 2, y + height],
  [x, y + height / 2],
];

/** Bent to a side by so much at its middle. */
function bent(from: Point, to: Point, by: number): LinkPath {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return { from, to, control: [x - (dy / length) * 2 * by, y + (dx / length) * 2 * by] };
}

/** The path, or where it would go through another card a bent one that goes through none: from the same ends, else from the middles of edges. */
function clearOf(path: LinkPath, [a, b]: readonly [Box, Box], others: readonly Box[]): LinkPath {
  const isClear = (way: LinkPath): boolean => !others.some((box) => passes(way, box));
  if (isClear(path)) return path;
  const ends = [
    [path.from, path.to] as const,
    ...middles(a).flatMap((from) => middles(b).map((to) => [from, to] as const)),
  ];
  for (const by of [0, ...bends])
    for (const [from, to] of ends) {
      const way = bent(from, to, by);
      // out of its own cards, not over them
      if (isClear(way) && !passes(way, inner(a)) && !passes(way, inner(b))) return way;
    }
  return path;
}

const inner = ({ x, y, width, height }: Box): Box => ({
  x: x + 2 * margin,
  y: y + 2 * margin,
  width: width - 4 * margin,
  height: height - 4 * margin,
});

/** Control traffic over a far link would only add lines that nothing but heartbeats uses. */
export function isQuiet(
  from: string,
  to: string,
  { boxes, roles }: Pick<LinkEnds, 'boxes' | 'roles'>,
): boolean {
  const a = boxes[from];
  const b = boxes[to];
  if (a === undefined || b === undefined) return true;
  const leads = [leadOf({ roles: roles(from) }), leadOf({ roles: roles(to) })];
  const isControl = leads.some((lead) => lead?.place === 'sideBottom');
  return (
    isControl && leads.filter((lead) => lead?.layer === 'storage').length === 1 && isBlocked(a, b, boxes)
  );
}
