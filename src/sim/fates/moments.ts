// The moments of a run at which power is to go off, one for each sync of a node: right before it ends, when most waits for it.
// Of moments that are alike (the same activities and kinds of keys, in the same order) a few are taken, spread over the run.

import type { NodeId, Time } from '../../base/ids.ts';
import type { FateTable } from '../stack-runtime.ts';
import { NEVER } from '../types.ts';
import type { World } from '../world.ts';
import type { UnsyncedWrite } from './fates.ts';

/** Until then a driver that loses power forgets what it was ordered to do, and nobody was promised anything. */
const ORDERED_US = 10_000;

export interface Moment {
  /** Windows that the run has been through. */
  readonly window: number;
  readonly at: Time;
  readonly node: NodeId;
  readonly writes: readonly UnsyncedWrite[];
}

/** Writes of a node that no sync has covered, in their order. */
export function unsyncedOf(
  world: World<unknown, unknown>,
  node: NodeId,
  { activityOf, kindOf }: FateTable,
): UnsyncedWrite[] {
  const runner = world.runners.get(node);
  if (runner === undefined) return [];
  return runner.disk.batches.flatMap(({ tag, writes }) => {
    const activity = activityOf(
      runner.state,
      tag.id,
      writes.map(({ key }) => key),
    );
    return writes.map(({ key, bytes }): UnsyncedWrite => {
      const kind = kindOf(key);
      return { key, activity, kind: bytes === null ? `${kind} deletion` : kind };
    });
  });
}

/** After a window: the nodes whose sync ends within the next one. `seen`: syncs that have had their moment. */
export function momentsNow(world: World<unknown, unknown>, table: FateTable, seen: Set<string>): Moment[] {
  const { now, lookaheadUs } = world.fabric;
  const { orders } = table;
  const moments: Moment[] = [];
  for (const [node, { life, disk }] of world.runners) {
    const name = `${node} ${life} ${disk.syncDoneAt}`;
    if (disk.syncDoneAt === NEVER || disk.syncDoneAt > now + lookaheadUs || seen.has(name)) continue;
    seen.add(name);
    const writes = unsyncedOf(world, node, table);
    const isOrdered = writes.some(({ kind }) => kind === orders) && now < ORDERED_US;
    if (writes.length > 0 && !isOrdered) moments.push({ window: world.windows, at: now, node, writes });
  }
  return moments;
}

/** Moments are alike that have the same parts in the same order, however many writes each part has. */
function shapeOf({ writes }: Moment): string {
  const parts = writes.map(partOf);
  return parts.filter((part, i) => part !== parts[i - 1]).join(', ');
}

export const partOf = ({ activity, kind }: UnsyncedWrite): string => `${activity}: ${kind}`;

/** For each of these parts the moment in the middle of those that have it. */
export function momentsWith(moments: readonly Moment[], parts: readonly string[]): Moment[] {
  const chosen = new Set<Moment | undefined>();
  for (const part of parts) {
    const having = moments.filter(({ writes }) => writes.some((write) => partOf(write) === part));
    chosen.add(having[Math.trunc(having.length / 2)]);
  }
  return moments.filter((moment) => chosen.has(moment));
}

/** At most `quota` of each shape, evenly from all of them; in the order of the run. */
export function chooseMoments(moments: readonly Moment[], quota: number): Moment[] {
  const byShape = new Map<string, Moment[]>();
  for (const moment of moments) {
    const shape = shapeOf(moment);
    const alike = byShape.get(shape) ?? [];
    alike.push(moment);
    byShape.set(shape, alike);
  }
  const chosen = new Set<Moment>();
  for (const alike of byShape.values())
    for (let i = 0; i < Math.min(quota, alike.length); i++) {
      const one = alike[Math.trunc((i * alike.length) / Math.min(quota, alike.length))];
      if (one !== undefined) chosen.add(one);
    }
  return moments.filter((moment) => chosen.has(moment));
}
