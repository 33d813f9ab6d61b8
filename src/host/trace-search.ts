// The trace of a statement (PCS-94, GetTrace of PCS-99): simulates the run again from before it began and follows what every node
// does for it, so a trace can be opened of any time of a run, complete, and at no cost to the run itself. In slices, as a search is.

import type { Time } from '../base/ids.ts';
import { programOf } from '../sim/programs.ts';
import { makeSpanCollector, type SpanCollector } from '../sim/spans/collect-spans.ts';
import { makeStatementFinder } from '../sim/spans/find-statement.ts';
import type { SpanTarget, SpanTrace, TraceQuery } from '../sim/spans/span.ts';
import type { Followed, Player } from './player.ts';

/** How far before `at` the beginning is looked for when it is not there: further each time, back to the start of the run. */
const EARLIER_US = 200_000;
/** Followed for after the statement has ended: replicas that a quorum did not wait for answer then. */
const TAIL_US = 100_000;
/** Virtual µs between two looks at whether it is there. */
const STRETCH_US = 2_000;

export interface TraceSearch {
  /** Called until it answers; `trace` null: the run has no such statement up to then. */
  next(sliceMs: number): { readonly trace: SpanTrace | null } | null;
  progress(): { readonly done: number; readonly of: number };
}

/** Finds a statement and follows it, from what nodes note in one pass. */
export interface TraceFollower extends Followed {
  /** Null while it has not begun. */
  readonly endedAt: () => number | null;
  readonly hasBegun: () => boolean;
  readonly isSettled: () => boolean;
  readonly finish: (until: number) => SpanTrace | null;
}

export function followTrace(player: Player, target: SpanTarget): TraceFollower {
  const program = programOf(player.setup.program);
  const finder = makeStatementFinder(target);
  let collector: SpanCollector | null = null;
  return {
    onNotes(notes, sentBefore) {
      finder.onNotes(notes);
      const { found } = finder;
      if (found === null) return;
      collector ??= makeSpanCollector({
        found,
        isOperation: target.kind === 'operation',
        labelOf: (message) => program.describeMessage(message),
        indexOf: (node) => player.fabric().indexOf.get(node),
      });
      collector.onNotes(notes, sentBefore);
    },
    onCrash: (node, at) => collector?.onCrash(node, at),
    onLogged: (logged) => collector?.onLogged(logged),
    hasBegun: () => finder.found !== null,
    endedAt: () => finder.found?.endedAt ?? null,
    isSettled: () => collector?.isSettled() ?? false,
    finish: (until) => collector?.finish(until, player.isHeld) ?? null,
  };
}

export function searchTrace(player: Player, { target, at, until }: TraceQuery): TraceSearch {
  let back = 1;
  let start = 0;
  let scratch: Player;
  let follower: TraceFollower;
  const begin = (time: number): void => {
    start = Math.max(0, time);
    scratch = player.scratch(start as Time);
    follower = followTrace(scratch, target);
    scratch.followed = follower;
  };
  begin(at - back);

  const isOver = (): boolean => {
    const ended = follower.endedAt();
    if (ended === null) return false;
    return scratch.now() >= ended + TAIL_US || (scratch.now() > ended && follower.isSettled());
  };
  return {
    next(sliceMs) {
      const stopAt = performance.now() + sliceMs;
      for (;;) {
        const isAtEnd = scratch.now() >= until;
        if (follower.hasBegun()) {
          if (isAtEnd || isOver()) return { trace: follower.finish(scratch.now()) };
        } else if (isAtEnd || scratch.now() >= at + EARLIER_US) {
          if (start === 0) {
            if (isAtEnd) return { trace: null };
          } else {
            back = Math.max(EARLIER_US, back * 4);
            begin(at - back);
          }
        }
        scratch.run(Math.min(until, scratch.now() + STRETCH_US) as Time, sliceMs);
        if (performance.now() >= stopAt) return null;
      }
    },
    progress: () => ({ done: scratch.now() - start, of: Math.max(1, until - start) }),
  };
}
