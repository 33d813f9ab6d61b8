// Caption scheduler: which caption is shown now. Events alone change it, never a timer: an event that matters more
// takes the place at once, the others wait until what is there could be read, and what waits of one kind is merged.
// Pure; wall time is input.

import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { type Moment, TAKES_PLACE } from './caption-table.ts';
import { type Caption, captionOf, claimOf, hasCaption, volumeOf } from './captions.ts';
import { follow } from './follow.ts';
import { hasNoWriter, lostQuorum, newStory, type Story } from './story.ts';

export interface Flow {
  readonly story: Story;
  readonly shown: Caption | null;
  /** What `shown` says lasts no longer. */
  readonly isOver: boolean;
  /** Wall ms at which it was shown. */
  readonly shownAt: number;
  /** Moments that were not shown yet, by kind of event, oldest first. */
  readonly waiting: readonly Moment[];
  /** Kinds shown lately, the newest last: what was shown often gives way to what was not. */
  readonly lately: readonly string[];
}

/** The weight from which a caption waits for its turn. */
const WAITS = 50;
/** Moments that may wait; older ones are never shown. */
const WAITING_LIMIT = 160;
const LATELY = 6;
/** Wall ms for which even something urgent lets a caption be read, unless a person did it. */
const LEAST_READING_MS = 1500;
/** Below this weight nothing is shown while nobody can write, or commits wait for a quorum; housekeeping waits until something else was shown. */
const STALLED_FLOOR = 45;
const HOUSEKEEPING = 20;
/** What waited this long, virtual µs, is no longer what just happened. */
const STALE_US = 7000;

export const newFlow = (story: Story): Flow => ({
  story,
  shown: null,
  isOver: false,
  shownAt: Number.NEGATIVE_INFINITY,
  waiting: [],
  lately: [],
});

/** Wall ms that a text stays unless something important comes: about the time it takes to read it. */
export const readingMs = (text: string): number => {
  const isHan = /\p{Script=Han}/u.test(text);
  return Math.min(4500, Math.max(2000, 900 + [...text].length * (isHan ? 60 : 24)));
};

interface Offer {
  readonly events: readonly ListedEvent[];
  readonly jumped: boolean;
  readonly nowMs: number;
  /** Wall ms that the shown caption needs. */
  readonly needsMs: number;
  /** When time stands (a step), what happened is shown at once. */
  readonly stands: boolean;
}

export function offer(flow: Flow, offered: Offer): Flow {
  const next = choose(flow, offered);
  return next === flow ? flow : { ...next, isOver: next.shown !== null && isOver(next.shown, next.story) };
}

function choose(flow: Flow, { events, jumped, nowMs, needsMs, stands }: Offer): Flow {
  // Before the first event there is nothing to show.
  if (events.length === 0) return jumped ? newFlow(newStory(flow.story.cluster, flow.story.isRuleOff)) : flow;
  let story = jumped ? newStory(flow.story.cluster, flow.story.isRuleOff) : flow.story;
  const fresh: Moment[] = [];
  for (const listed of events) {
    // Ordinary events move the story on; the strip shows only those that have words of their own.
    if (listed.rank >= 2 || hasCaption(listed.event.kind)) fresh.push({ listed, story });
    story = follow(story, listed);
  }
  const lastAt = events.at(-1)?.at ?? 0;
  if (jumped) {
    const atThatTime = fresh.filter(({ listed }) => listed.at === lastAt);
    return show({ ...newFlow(story), lately: [] }, best(atThatTime, []), nowMs);
  }
  if (stands) return show({ ...flow, story, waiting: [] }, best(fresh, []) ?? flow.shown, nowMs);
  const waiting = [...flow.waiting, ...fresh]
    .filter(({ listed }) => lastAt - listed.at <= STALE_US)
    .slice(-WAITING_LIMIT);
  const next = { ...flow, story, waiting };
  const urgent = best(waiting, flow.lately);
  if (urgent !== null && takesPlace(flow, urgent, nowMs))
    return show({ ...next, waiting: after(waiting, urgent) }, urgent, nowMs);
  if (flow.shown !== null && nowMs - flow.shownAt < needsMs) return next;
  const chosen = best(waiting, flow.lately);
  return chosen === null || chosen.weight < floorOf(next)
    ? next
    : show({ ...next, waiting: after(waiting, chosen) }, chosen, nowMs);
}

/** A quorum that was lost is back. Every other caption is of an event, which stays so with its instant. */
function isOver(shown: Caption, story: Story): boolean {
  // Only an action on the cluster takes a quorum away.
  if (shown.kind !== 'world.action') return false;
  const claim = claimOf(shown);
  return claim.kind === 'quorumLost' && lostQuorum(story) === null;
}

function takesPlace({ shown, shownAt }: Flow, urgent: Caption, nowMs: number): boolean {
  if (urgent.weight < TAKES_PLACE) return false;
  if (shown === null || urgent.kind === 'world.action') return true;
  return urgent.weight >= shown.weight - 5 && (shown.weight < WAITS || nowMs - shownAt >= LEAST_READING_MS);
}

const floorOf = ({ story, lately }: Flow): number =>
  story.stalled || hasNoWriter(story) ? STALLED_FLOOR : lately.length < 3 ? HOUSEKEEPING : 0;

function show(flow: Flow, caption: Caption | null, nowMs: number): Flow {
  if (caption === null) return flow;
  return { ...flow, shown: caption, shownAt: nowMs, lately: [...flow.lately, caption.kind].slice(-LATELY) };
}

/** What waits once this was shown: what is younger than it and matters, so that captions keep the order of events. */
const after = (waiting: readonly Moment[], shown: Caption): readonly Moment[] =>
  waiting.filter(
    ({ listed }) => listed.index > shown.moment.listed.index && listed.event.kind !== shown.kind,
  );

/** The caption that matters most among these; of those that wait for their turn, the oldest. */
function best(moments: readonly Moment[], lately: readonly string[]): Caption | null {
  const bySubject = new Map<string, Moment[]>();
  for (const moment of moments) {
    const subject = subjectOf(moment);
    const known = bySubject.get(subject);
    if (known === undefined) bySubject.set(subject, [moment]);
    else known.push(moment);
  }
  let chosen: Caption | null = null;
  let chosenScore = 0;
  for (const group of bySubject.values()) {
    const caption = captionOf(mergeable(group));
    if (caption === null || caption.weight <= 0) continue;
    const score = caption.weight - tired(caption, lately);
    if (chosen === null || score > chosenScore) {
      chosen = caption;
      chosenScore = score;
    }
  }
  return chosen;
}

/** What may be one caption: events of a kind, of one volume. Positions of two volumes have nothing to do with each other. */
const subjectOf = (moment: Moment): string => `${moment.listed.event.kind} ${volumeOf(moment) ?? ''}`;

/** A caption that waits for its turn is shown by itself; the rest of its kind as one. */
function mergeable(moments: readonly Moment[]): readonly Moment[] {
  const waiting = moments.filter((moment) => (captionOf([moment])?.weight ?? 0) >= WAITS);
  const [heaviest] = [...waiting].sort(
    (a, b) => weightOf(b) - weightOf(a) || b.listed.index - a.listed.index,
  );
  return heaviest === undefined ? moments : mergeKinds.has(heaviest.listed.event.kind) ? moments : [heaviest];
}

/** Events that come from several replicas at about the same time, and are one thing. */
const mergeKinds = new Set<string>(['token.install', 'recovery.info', 'volume.open']);

const weightOf = (moment: Moment): number => captionOf([moment])?.weight ?? 0;

/** What was shown a moment ago is shown again later. What waits for its turn is never penalized. */
function tired(caption: Caption, lately: readonly string[]): number {
  if (caption.weight >= WAITS) return 0;
  const ago = [...lately].reverse().indexOf(caption.kind);
  return ago < 0 ? 0 : Math.max(0, 30 - ago * 6);
}
