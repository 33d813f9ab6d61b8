// The trace of a statement or of background work (PCS-94, GetTrace of PCS-99): simulates the run again from before it began and follows what every node
// does for it, so a trace can be opened of any time of a run, complete, and at no cost to the run itself. In slices, as a search is.

import type { Time } from '../base/ids.ts';
import { workBegunBy, workName } from '../run-model/spans/background-work.ts';
import { makeSpanCollector, type SpanCollector } from '../run-model/spans/collect-spans.ts';
import { makeWorkCollector, type WorkCollector } from '../run-model/spans/collect-work.ts';
import { makeStatementFinder } from '../run-model/spans/find-statement.ts';
import { findWork, remember } from '../run-model/spans/find-work.ts';
import type { SpanTarget, SpanTrace, TraceQuery } from '../run-model/spans/span.ts';
import type { StepNote } from '../sim/step-notes.ts';
import { programOf } from '../stacks/programs.ts';
import { traceRank } from '../stacks/trace.ts';
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

/** Finds a statement or background work and follows it, from what nodes note in one pass. */
export interface TraceFollower extends Followed {
  /** Null while it has not begun. */
  readonly endedAt: () => number | null;
  readonly hasBegun: () => boolean;
  readonly isSettled: () => boolean;
  readonly finish: (until: number) => SpanTrace | null;
  /** What was asked for is this one's: of an event that a statement led to, that statement. */
  readonly instead?: () => SpanTarget | null;
}

/** Virtual µs for which work is followed that no event ends. */
const WORK_US = 500_000;

/** One call of a follower, kept until it is known whose work it is. */
type Heard = (collector: WorkCollector) => void;

function followWork(player: Player, target: Extract<SpanTarget, { kind: 'work' }>): TraceFollower {
  const program = programOf(player.setup.program);
  const notes = new Map<string, StepNote>();
  let heard: { readonly from: number; readonly call: Heard }[] = [];
  let instead: SpanTarget | null = null;
  let collector: WorkCollector | null = null;
  let root: StepNote | null = null;
  const take = (from: number, call: Heard): void => {
    if (collector === null) heard.push({ from, call });
    else call(collector);
  };
  const begin = (note: StepNote, isBeginning: boolean): void => {
    root = note;
    const act = note.acts.find((one) => one.kind === 'event' && one.event.kind === target.event);
    const event = isBeginning && act?.kind === 'event' ? act.event : null;
    collector = makeWorkCollector({
      root: note,
      name: workName(target.event),
      work: isBeginning ? workBegunBy(target.event) : null,
      event,
      labelOf: (message) => program.describeMessage(message),
      indexOf: (node) => player.fabric().indexOf.get(node),
      rankOf: traceRank,
    });
    for (const { from, call } of heard) if (from >= note.at) call(collector);
    heard = [];
  };
  return {
    onNotes(fresh, sentBefore) {
      take(fresh.at(-1)?.at ?? 0, (one) => one.onNotes(fresh, sentBefore));
      if (collector !== null || instead !== null) return;
      remember(notes, fresh);
      const found = findWork(notes, target);
      if (found?.kind === 'root') begin(found.note, found.isBeginning);
      else if (found?.kind === 'statement') instead = { kind: 'trace', traceId: found.traceId };
    },
    onCrash: (node, at) => take(at, (one) => one.onCrash(node, at)),
    onLogged: (logged) => take(player.now(), (one) => one.onLogged(logged)),
    hasBegun: () => collector !== null,
    instead: () => instead,
    isSettled: () => collector?.isSettled() ?? false,
    endedAt: () => {
      if (collector === null || root === null) return null;
      const isOpen = workBegunBy(target.event)?.ends.length ?? 0;
      return collector.endedAt() ?? (isOpen > 0 ? null : root.at + WORK_US);
    },
    finish: (until) => collector?.finish(until, player.isHeld) ?? null,
  };
}

export function followTrace(player: Player, target: SpanTarget): TraceFollower {
  if (target.kind === 'work') return followWork(player, target);
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
        rankOf: traceRank,
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

export function searchTrace(player: Player, { target: asked, at, until }: TraceQuery): TraceSearch {
  let target = asked;
  // what led to an event lies before it
  let back = target.kind === 'work' ? EARLIER_US : 1;
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
    // of work that no event ends it is the latest at which it is looked at
    const hasEnded = target.kind === 'work' || scratch.now() > ended;
    return scratch.now() >= ended + TAIL_US || (hasEnded && follower.isSettled());
  };
  return {
    next(sliceMs) {
      const stopAt = performance.now() + sliceMs;
      for (;;) {
        const isAtEnd = scratch.now() >= until;
        const instead = follower.instead?.() ?? null;
        if (instead !== null) {
          target = instead;
          back = EARLIER_US;
          begin(at - back);
        } else if (follower.hasBegun()) {
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
