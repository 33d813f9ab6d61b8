// Where a person goes in what the replay worker shows: back and on by events, to an event, and what is found on the way.

import type { Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import { listedTotal } from '../run-model/recorder/recorder.ts';
import type { SearchQuery, SearchResult } from './event-search.ts';
import type { Player } from './player.ts';
import { horizon, type ReplayCore, shownPlayer } from './replay-core.ts';
import { show } from './replay-screen.ts';
import { playToEvent, runSearch, seek } from './replay-work.ts';

/** To the newest earlier event of this rank. */
export async function stepBack(core: ReplayCore, minRank: number): Promise<boolean> {
  const player = shownPlayer(core);
  let at = player.lastEventBefore(minRank);
  if (at === null) {
    // None is remembered here: what came before this place is simulated again.
    const from = { index: listedTotal(player.recorder()), time: player.now() };
    const query = { pattern: '', from, direction: 'previous', limit: 1000 } as const;
    const found = await runSearch(core, player, player.now(), query);
    at = found.events.findLast((event) => event.rank >= minRank && event.at < from.time)?.at ?? null;
  }
  if (at === null) return false;
  await seek(core, at);
  await show(core);
  return true;
}

export async function stepOn(core: ReplayCore, minRank: number): Promise<boolean> {
  const found = shownPlayer(core).stepForward(minRank);
  await show(core);
  return found;
}

/** To just after an event: its instant has passed. */
export async function seekEvent(core: ReplayCore, index: number): Promise<boolean> {
  const player = shownPlayer(core);
  const found = await eventOf(core, player, index);
  if (found === undefined) return false;
  const done = await seek(core, (found.at + 1) as Time);
  await show(core);
  return done;
}

/** One that is ahead is played to, so that the way there is played once. */
async function eventOf(core: ReplayCore, player: Player, index: number): Promise<ListedEvent | undefined> {
  const known = player.recorder().listed.find((event) => event.index === index);
  if (known !== undefined) return known;
  if (index >= listedTotal(player.recorder())) return (await playToEvent(core, player, index)) ?? undefined;
  const query = { pattern: '', from: { index: index - 1, time: 0 }, direction: 'next', limit: 1 } as const;
  return (await runSearch(core, player, player.end(), query)).events[0];
}

/** What came before a twin's fork is found in the branch that it left. */
export async function search(core: ReplayCore, query: SearchQuery): Promise<SearchResult> {
  const own = await runSearch(core, shownPlayer(core), horizon(core), query);
  const parent = core.branches.parent();
  const left = query.limit - own.events.length;
  if (query.direction === 'next' || parent === null || !own.isEnd || left === 0) return own;
  const from = { index: query.from.index, time: Math.min(query.from.time, parent.at) };
  const earlier = await runSearch(core, parent.player, parent.at, { ...query, from, limit: left });
  return { events: [...earlier.events, ...own.events], isEnd: earlier.isEnd };
}
