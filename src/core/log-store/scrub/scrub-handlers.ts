// What the scrub takes part in, by kind (WAL-39): a peer's copy of a page, disk completions, its timer.

import type { GroupId } from '../../../base/ids.ts';
import { wakeAt } from '../../kernel/context.ts';
import type { Concern, StoreContext } from '../replica/hooks.ts';
import { versionKey } from '../replica/keys.ts';
import type { StoreState } from '../replica/state.ts';
import { onScrubRead, onScrubTimer } from './scrub.ts';
import { onFetchedDurable, onPageCopy } from './scrub-repair.ts';

export const scrub = {
  groupMessages: { PageCopy: onPageCopy },
  groupWrites: {
    fetched: (state, group, ctx, { built }, { error }) => onFetchedDurable(state, group, ctx, built, error),
  },
  reads: {
    scrub: (state, group, ctx, { item }, { values, error }) =>
      onScrubRead(state, group, ctx, item, values[0] ?? null, error),
  },
  groupTimers: { scrub: onScrubTimer },
} satisfies Concern;

/** Keys of the pages that are being written after a peer gave them. */
export function fetchedKeys(state: StoreState, group: GroupId): string[] {
  const keys: string[] = [];
  for (const write of state.writes.values())
    if (write.kind === 'fetched' && write.group === group)
      keys.push(versionKey(group, write.built.blockKey, write.built.lsn));
  return keys;
}

export function forgetScrub(state: StoreState, group: GroupId, ctx: StoreContext): void {
  state.scrubs.delete(group);
  wakeAt(ctx, `scrub/${group}`, null);
}
