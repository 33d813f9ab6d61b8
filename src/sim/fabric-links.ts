// Directions of links: which of them a link, a set of nodes or the sides of a partition name, and a change made to each.

import type { NodeId } from '../base/ids.ts';
import type { LinkTarget } from './actions/define.ts';
import type { Fabric } from './fabric-state.ts';
import type { LinkState } from './network.ts';
import { linkOf } from './traffic.ts';

export type Direction = readonly [from: number, to: number];

/** Changes one direction; false when it changes nothing. */
export type ChangeLink = (fabric: Fabric, link: LinkState, from: number, to: number) => boolean;

/** Changes every direction, in their order; false when nothing changed. */
export function changeLinks(fabric: Fabric, directions: readonly Direction[], change: ChangeLink): boolean {
  let hadEffect = false;
  for (const [from, to] of directions) {
    if (change(fabric, linkOf(fabric.traffic, from, to), from, to)) hadEffect = true;
  }
  return hadEffect;
}

const indexes = (fabric: Fabric, ids: readonly NodeId[]): number[] =>
  ids.map((id) => fabric.indexOf.get(id)).filter((index) => index !== undefined);

function pairs(
  from: readonly number[],
  to: readonly number[],
  isMeant: (a: number, b: number) => boolean,
): Direction[] {
  return from.flatMap((a) => to.filter((b) => isMeant(a, b)).map((b) => [a, b] as const));
}

export function directionsOf(fabric: Fabric, target: LinkTarget): Direction[] {
  const from = indexes(fabric, target.from);
  const to = indexes(fabric, target.to);
  const there = pairs(from, to, (a, b) => a !== b);
  if (!target.isBothWays) return there;
  const known = new Set(there.map(([a, b]) => `${a}>${b}`));
  return [...there, ...pairs(to, from, (a, b) => a !== b && !known.has(`${a}>${b}`))];
}

const allIndexes = ({ nodes }: Fabric): number[] => nodes.map((_, i) => i);

export function everyDirection(fabric: Fabric): Direction[] {
  const all = allIndexes(fabric);
  return pairs(all, all, () => true);
}

/** Between these nodes and all others. */
export function directionsAround(fabric: Fabric, nodes: readonly NodeId[]): Direction[] {
  const all = allIndexes(fabric);
  const inside = new Set(indexes(fabric, nodes));
  return pairs(all, all, (a, b) => inside.has(a) !== inside.has(b));
}

/** Between nodes of different sides. */
export function directionsBetween(fabric: Fabric, sides: readonly (readonly NodeId[])[]): Direction[] {
  const sideOf = new Map<number, number>();
  sides.forEach((side, s) => {
    for (const index of indexes(fabric, side)) sideOf.set(index, s);
  });
  const named = [...sideOf.keys()].sort((a, b) => a - b);
  return pairs(named, named, (a, b) => sideOf.get(a) !== sideOf.get(b));
}
