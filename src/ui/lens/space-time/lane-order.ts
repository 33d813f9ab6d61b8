// The order of lanes as a person moves them, and their height in the room there is. Pure.

import { isByFinger } from '../../../state/pointer.ts';

/** px: below it numbers of merged marks meet the lane above, beyond it messages grow no clearer. */
const leastPitch = isByFinger() ? 44 : 36;
const mostPitch = 160;

/** px that lanes need at least, and use at most. */
export const lanesRoom = (lanes: number): readonly [least: number, most: number] => [
  Math.max(1, lanes) * leastPitch,
  Math.max(1, lanes) * mostPitch,
];

/** px from lane to lane, so that they share the room. */
export const lanePitch = (room: number, lanes: number): number =>
  Math.min(mostPitch, Math.max(leastPitch, Math.floor(room / Math.max(1, lanes))));

/** The order in which a lane stands at a place among those that are shown; hidden ones stay between the same neighbours. */
export function moveLane(
  lanes: readonly string[],
  hidden: readonly string[],
  node: string,
  place: number,
): readonly string[] {
  const others = lanes.filter((lane) => lane !== node);
  const shown = others.filter((lane) => !hidden.includes(lane));
  const to = Math.max(0, Math.min(shown.length, place));
  const next = shown[to];
  const at = next === undefined ? others.length : others.indexOf(next);
  return [...others.slice(0, at), node, ...others.slice(at)];
}
