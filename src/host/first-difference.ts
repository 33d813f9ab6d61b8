// The first event at which two runs with a common past differ. Both are simulated again from before their tapes part,
// side by side, as far as has been asked for; while the tapes agree there is nothing to find.

import type { Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import { NEVER } from '../sim/types.ts';
import type { Player } from './player.ts';
import { samePast } from './tape-past.ts';

/** Virtual µs that both sides run between two comparisons. */
const STRETCH_US = 1_000;

/** Where the runs part: the event of each, null for the side on which nothing comes any more. */
export interface Difference {
  readonly at: Time;
  readonly here: ListedEvent | null;
  readonly there: ListedEvent | null;
}

export interface DifferenceSearch {
  /** Looks on up to a time, for at most so long; null while it has not come so far, `none` when there is no difference. */
  lookTo(time: Time, sliceMs: number): Difference | 'none' | null;
}

interface Side {
  readonly player: Player;
  readonly waiting: ListedEvent[];
}

export function searchDifference(here: Player, there: Player): DifferenceSearch {
  const partAt = samePast(
    { header: here.setup.tape.header, actions: here.actions() },
    { header: there.setup.tape.header, actions: there.actions() },
  );
  let sides: readonly [Side, Side] | null = null;
  let found: Difference | null = null;

  const begin = (at: Time): readonly [Side, Side] => {
    const sideOf = (player: Player): Side => {
      const waiting: ListedEvent[] = [];
      const scratch = player.scratch(at);
      while (!scratch.run(at, Number.POSITIVE_INFINITY));
      scratch.onEvents = (events) => waiting.push(...events);
      return { player: scratch, waiting };
    };
    return [sideOf(here), sideOf(there)];
  };

  const compare = ([a, b]: readonly [Side, Side]): void => {
    const count = Math.min(a.waiting.length, b.waiting.length);
    let i = 0;
    while (i < count && textOf(a.waiting[i]) === textOf(b.waiting[i])) i++;
    // Both have come equally far: what only one of them has, the other will never have before it.
    if (i < Math.max(a.waiting.length, b.waiting.length)) {
      const [mine, other] = [a.waiting[i] ?? null, b.waiting[i] ?? null];
      const at = Math.min(mine?.at ?? NEVER, other?.at ?? NEVER) as Time;
      found = { at, here: mine, there: other };
    }
    a.waiting.length = 0;
    b.waiting.length = 0;
  };

  return {
    lookTo(time, sliceMs) {
      if (found !== null) return found.at < time ? found : 'none';
      // A power cut that only one has reaches back before it: there is no common past to start from.
      if (partAt === null || partAt >= time) return 'none';
      sides ??= begin(partAt);
      const stopAt = performance.now() + sliceMs;
      while (found === null && sides[0].player.now() < time) {
        const until = Math.min(time, sides[0].player.now() + STRETCH_US) as Time;
        for (const { player } of sides) while (!player.run(until, Number.POSITIVE_INFINITY));
        compare(sides);
        if (found === null && performance.now() >= stopAt) return null;
      }
      return found ?? 'none';
    },
  };
}

const textOf = (event: ListedEvent | undefined): string =>
  event === undefined ? '' : `${event.at} ${event.node} ${event.ordinal} ${JSON.stringify(event.event)}`;
