// The path of a link between two nodes of the map, by their boxes and roles.

import type { NodeFrame } from '../../sim/frame.ts';
import type { Box } from '../model/map-store.ts';
import { leadOf } from '../model/role-cards.ts';
import { type LinkPath, linkPath } from './link-path.ts';

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
  return linkPath(shown(a), shown(b), { blocked: isBlocked(a, b, boxes), arcs });
}

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
