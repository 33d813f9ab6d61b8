// Which neighbouring tablets become one (docs/spec/placement.md PCS-122): those that a person names, if both together are small; and by the
// planner those that a split by load has parted and that have been small and cold together for long.

import { type RoleContext, trace } from '../kernel/context.ts';
import { defaultPlacement } from '../placement/placement-state.ts';
import { SIZE_STEP } from './group-figures.ts';
import { neighbours } from './merges.ts';
import type { MetaOperation } from './meta-content.ts';
import { proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { volumeOfTablet } from './sharding.ts';
import { leaderOfChild } from './split-driver.ts';
import { placeOf } from './volumes.ts';

/**
 * PCS-122: bytes of both together, pages and kept log: what is copied while neither takes writes, 16 of shardTargetBytes. Nothing is split
 * for its size, so no merge within it leads to a split.
 */
export const MERGE_BYTES_MAX = 16 * SIZE_STEP;
/** Together fewer requests in a window than a half of what may make one group hot: merged it is split again only at twice its load. */
export const COLD_LOAD = defaultPlacement.hotMinLoad >> 1;
/** Heartbeats in which they have been small and cold; counted anew by each leader of the metadata and after each split or merge. */
export const COLD_BEATS = 250;

type Begin = Extract<MetaOperation, { kind: 'beginMerge' }>;
type Pair = Pick<Begin, 'group' | 'other'>;

/** Of both as their leaders report them; null: one has not been heard of yet. */
function together({ placement }: MetaState, { group, other }: Pair): { size: number; load: number } | null {
  const { reported } = placement.figures;
  const [one, two] = [reported.get(group), reported.get(other)];
  return one && two ? { size: one.size + two.size, load: one.load + two.load } : null;
}

/** They are neighbours, and nobody knows how large. */
export const isUnheard = (state: MetaState, pair: Pair): boolean =>
  state.content.sharding !== undefined &&
  typeof neighbours(state.content, pair) !== 'string' &&
  together(state, pair) === null;

export function mergeOf(
  state: MetaState,
  { now }: Pick<RoleContext, 'now'>,
  { group, other }: Pair,
  why: Begin['why'],
): Omit<Begin, 'from' | 'boot' | 'reqId'> {
  const found = neighbours(state.content, { group, other });
  const leader = typeof found === 'string' ? null : leaderOfChild(state, found.left);
  const { size } = together(state, { group, other }) ?? { size: 0 };
  const code = size > MERGE_BYTES_MAX ? 'TOO_LARGE' : '';
  return { kind: 'beginMerge', group, other, leader, deadline: now + state.moves.moveTimeoutUs, why, code };
}

/** Pairs of neighbours whose cut a split by load has made: what a definition or a person has cut stays cut. */
function pairsOf({ content }: MetaState): Pair[] {
  const { tables = [], byLoad = [] } = content.sharding ?? {};
  return tables.flatMap(({ state, tablets }) =>
    tablets.flatMap(({ relation }, i): Pair[] => {
      const before = tablets[i - 1];
      if (state !== 'active' || before === undefined || !byLoad.includes(relation)) return [];
      const group = volumeOfTablet(content, before.relation)?.groups[0]?.group;
      const other = volumeOfTablet(content, relation)?.groups[0]?.group;
      return group && other ? [{ group, other }] : [];
    }),
  );
}

/** Once in a heartbeat's time; one split or merge at a time. */
export function driveCold(state: MetaState, ctx: RoleContext): void {
  const { content, placement } = state;
  const { cold } = placement;
  const isBusy = !content.sharding || content.sharding.splits.length > 0 || content.sharding.open !== null;
  if (
    isBusy ||
    state.pending.some(({ operation: { kind } }) => kind === 'beginSplit' || kind === 'beginMerge')
  ) {
    cold.clear();
    return;
  }
  const pairs = pairsOf(state).filter((pair) => isCold(state, pair));
  for (const name of [...cold.keys()]) if (!pairs.some((pair) => nameOf(pair) === name)) cold.delete(name);
  for (const pair of pairs) {
    const beats = (cold.get(nameOf(pair)) ?? 0) + 1;
    cold.set(nameOf(pair), beats);
    if (beats < COLD_BEATS) continue;
    cold.clear();
    const { size, load } = together(state, pair) ?? { size: 0, load: 0 };
    trace(ctx, { kind: 'plan.cold', ...pair, size, load });
    proposeOwn(state, ctx, mergeOf(state, ctx, pair, 'cold'));
    return;
  }
}

const nameOf = ({ group, other }: Pair): string => `${group} ${other}`;

function isCold(state: MetaState, pair: Pair): boolean {
  const found = together(state, pair);
  const isAtRest = [pair.group, pair.other].every((group) => {
    const volume = placeOf(state.content, group)?.volume;
    return volume?.state === 'OPEN' && volume.moves.length === 0;
  });
  return isAtRest && found !== null && found.size <= MERGE_BYTES_MAX && found.load < COLD_LOAD;
}
