// The path of a link between two nodes of the map, by their boxes and roles.

import type { NodeFrame } from '../../run-model/picture/frame.ts';
import type { Box } from '../model/map-store.ts';
import { leadOf } from '../model/role-cards.ts';
import { type LinkPath, linkPath, type Point, pointAt } from './link-path.ts';

/** Whether the two share more than half of the lower one's height. */
const isBeside = (a: Box, b: Box): boolean =>
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > Math.min(a.height, b.height) / 2;

/** True when another card stands between the two in their row. */
function isBlocked(a: Box, b: Box, others: readonly Box[]): boolean {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  return others.some(
    (box) =>
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
  /** Storage stands to the right of compute: rows are columns. */
  readonly across: boolean;
}

/** The same with rows for columns. */
const turned = ({ x, y, width, height }: Box): Box => ({ x: y, y: x, width: height, height: width });
const turnedPoint = ([x, y]: Point): Point => [y, x];
const turnedPath = ({ from, to, control }: LinkPath): LinkPath => ({
  from: turnedPoint(from),
  to: turnedPoint(to),
  control: control === null ? null : turnedPoint(control),
});
const asIs = (box: Box): Box => box;

export function pathBetween({ from, to, boxes, shown, roles, across }: LinkEnds): LinkPath | null {
  const a = boxes[from];
  const b = boxes[to];
  if (a === undefined || b === undefined) return null;
  const hasArcs = (id: string): boolean => leadOf({ roles: roles(id) })?.hasArcs === true;
  const arcs = hasArcs(from) && hasArcs(to);
  const others = Object.values(boxes).filter((box) => box !== a && box !== b);
  const turn = across ? turned : asIs;
  const found = linkPath(turn(shown(a)), turn(shown(b)), {
    blocked: isBlocked(turn(a), turn(b), others.map(turn)),
    arcs,
  });
  const path = across ? turnedPath(found) : found;
  return others.length > clearedMost ? path : clearOf(path, [shown(a), shown(b)], others.map(shown));
}

/** Cards beside which a link is led around; of more the map shows dots, which lines may touch. */
const clearedMost = 14;
const samples = 60;
/** How far to either side of the straight line its middle is moved, map units, the nearest first. */
const bends = [60, -60, 120, -120, 200, -200, 300, -300, 420, -420, 560, -560, 740, -740, 960, -960];

/** Map units that a line keeps off a card. */
const margin = 4;

const passes = (path: LinkPath, { x, y, width, height }: Box): boolean =>
  Array.from({ length: samples }, (_, i) => pointAt(path, (i + 0.5) / samples)).some(
    ([px, py]) => px > x - margin && px < x + width + margin && py > y - margin && py < y + height + margin,
  );

/** Points of the four edges at this share of each. */
const onEdges =
  (share: number) =>
  ({ x, y, width, height }: Box): readonly Point[] => [
    [x + width * share, y],
    [x + width, y + height * share],
    [x + width * share, y + height],
    [x, y + height * share],
  ];
const middles = onEdges(1 / 2);
const outer = (box: Box): readonly Point[] => [...onEdges(1 / 5)(box), ...onEdges(4 / 5)(box)];

/** Bent to a side by so much at its middle. */
function bent(from: Point, to: Point, by: number): LinkPath {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return { from, to, control: [x - (dy / length) * 2 * by, y + (dx / length) * 2 * by] };
}

/** The path, or where it would go through another card a bent one that goes through none: from the same ends, else from the middles of edges, else from near their ends. */
function clearOf(path: LinkPath, [a, b]: readonly [Box, Box], others: readonly Box[]): LinkPath {
  const isClear = (way: LinkPath): boolean => !others.some((box) => passes(way, box));
  if (isClear(path)) return path;
  const between = (of: (box: Box) => readonly Point[]) =>
    of(a).flatMap((from) => of(b).map((to) => [from, to] as const));
  for (const ends of [[[path.from, path.to] as const, ...between(middles)], between(outer)])
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
  { boxes, roles, across }: Pick<LinkEnds, 'boxes' | 'roles' | 'across'>,
): boolean {
  const a = boxes[from];
  const b = boxes[to];
  if (a === undefined || b === undefined) return true;
  const leads = [leadOf({ roles: roles(from) }), leadOf({ roles: roles(to) })];
  const isControl = leads.some((lead) => lead?.place === 'sideBottom');
  if (!isControl || leads.filter((lead) => lead?.layer === 'storage').length !== 1) return false;
  const turn = across ? turned : asIs;
  const others = Object.values(boxes).filter((box) => box !== a && box !== b);
  return isBlocked(turn(a), turn(b), others.map(turn));
}
