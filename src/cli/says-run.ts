// Plays a tape and judges what is said of it: what its captions claim, each at the end of the window of its newest event, of every event by
// itself and of what the caption line would show while the run plays (story/caption-flow.ts); and what stands on the screen, every few ms.

import type { NodeId, Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { LinkFrame, ListedEvent } from '../run-model/picture/frame.ts';
import { linkFrames } from '../run-model/picture/picture.ts';
import { watchRun } from '../run-model/picture/watched-run.ts';
import type { Claim } from '../run-model/says/claims.ts';
import {
  judgeClaim,
  learn,
  makeLedger,
  type Verdict,
  type WorldState,
} from '../run-model/says/judge-claims.ts';
import { type InstantState, judgeStanding } from '../run-model/says/judge-standings.ts';
import { learnStanding, makeStandingLedger } from '../run-model/says/standing-ledger.ts';
import type { Standing } from '../run-model/says/standings.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { noDiskFaults } from '../sim/types.ts';
import { runWorld, type World } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { traceRank } from '../stacks/trace.ts';
import { lensStandings, lookedBack } from '../ui/stacks/said.ts';
import { newFlow, offer } from '../ui/story/caption-flow.ts';
import { captionOf, claimOf, hasCaption } from '../ui/story/captions.ts';
import { follow } from '../ui/story/follow.ts';
import { standingsOf } from '../ui/story/standings-of.ts';
import { newStory } from '../ui/story/story.ts';
import { lies, type Said } from './lying-captions.ts';

/** What is counted under one slot: the kind of a claim, the sentence of an event, the figure of a card. */
export interface SaysCount {
  said: number;
  judged: number;
  wrong: number;
}

export interface Wrong {
  readonly at: Time;
  readonly claim: Said;
}

export interface SaysRun {
  readonly counts: ReadonlyMap<string, SaysCount>;
  readonly wrong: readonly Wrong[];
  /** By the id of a lying caption: how often it was shown, and how often caught. */
  readonly lies: ReadonlyMap<string, { readonly shown: number; readonly caught: number }>;
}

/** Pictures of a run at this pace: virtual µs between two, and wall ms. */
const PICTURE_US = 200;
const PICTURE_MS = 50;
/** Between two looks at what stands on the screen, virtual µs. */
const STANDING_US = 5000;
/** Lenses are looked at every so many of these. */
const LENS_LOOKS = 4;
/** Wall ms for which a caption is read. */
const READ_MS = 2000;

/** A claim of a caption rests on events; what stands on the screen does not. */
const isStanding = (said: Said): said is Standing => !('grounds' in said);

function slotOf(claim: Said): string {
  if (claim.kind === 'happened') return `happened ${claim.key}`;
  if (claim.kind === 'recovered') return claim.handedOver === null ? 'recovered' : 'recovered, handed over';
  return claim.kind === 'figure' ? `figure ${claim.role} ${claim.term}` : claim.kind;
}

/** Looked up when a claim asks: most do not. */
function stateOf({ fabric, runners }: World<unknown, unknown>): WorldState & InstantState {
  let links: ReadonlyMap<string, LinkFrame> | null = null;
  const linkOf = (from: string, to: string): LinkFrame | undefined => {
    links ??= new Map(linkFrames(known.roleLinks, fabric).map((link) => [`${link.from} ${link.to}`, link]));
    return links.get(`${from} ${to}`);
  };
  const nodeOf = (node: string) => fabric.nodes.find(({ spec, isGone }) => spec.id === node && !isGone);
  const status = (node: string): ReturnType<InstantState['status']> => {
    const found = nodeOf(node);
    if (found === undefined) return null;
    if (found.status === 'down') return 'down';
    return found.isFrozen ? 'frozen' : 'up';
  };
  return {
    now: fabric.now,
    status,
    isUp: (node) => status(node) === 'up',
    isCut: (from, to) => linkOf(from, to)?.cut === true,
    isHeld: (from, to) => linkOf(from, to)?.held === true,
    diskFaults(node) {
      const faults = runners.get(node as NodeId)?.disk.faults ?? noDiskFaults;
      return [
        ...(faults.stall ? ['diskStall'] : []),
        ...(faults.full ? ['diskFull'] : []),
        ...(faults.failSync ? ['diskFailSync'] : []),
        ...(faults.failRead ? ['diskFailRead'] : []),
        ...(faults.slowPercent > 100 ? ['slowDisk'] : []),
      ];
    },
  };
}

const view: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };

/** `quota`: of each kind so many claims are judged at most; 0 for all. */
export function runSays(tape: Tape, until: number, edge: Edge, quota = 0): SaysRun {
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec } = made.setup;
  const ledger = makeLedger(spec.cluster);
  const standing = makeStandingLedger(spec.cluster);
  const counts = new Map<string, SaysCount>();
  const wrong: Wrong[] = [];
  const lieCounts = new Map(lies.map(({ id }) => [id, { shown: 0, caught: 0 }]));
  let before: Said[] = [];
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  let standingAt = 0;
  let looks = 0;
  let story = newStory(spec.cluster, spec.mutants.length > 0);
  let flow = newFlow(story);
  let index = 0;
  let pictureAt = 0;
  let batch: ListedEvent[] = [];
  let past: ListedEvent[] = [];
  let pending: Claim[] = [];

  const {
    world,
    host,
    picture: pictureNow,
  } = watchRun(known, made.setup, edge, {
    preset: spec.cluster.preset,
    onTrace(events) {
      for (const traced of events) hear({ ...traced, index: index++, rank: traceRank(traced.event.kind) });
    },
  });
  /** Counts it; where it is true, each lie that can be made of it is held against the run as well. */
  const judged = (said: Said, judge: (said: Said) => Verdict): void => {
    const slot = slotOf(said);
    const of = counts.get(slot) ?? { said: 0, judged: 0, wrong: 0 };
    counts.set(slot, of);
    if (quota > 0 && of.said >= quota) return;
    const verdict = judge(said);
    of.said++;
    if (verdict !== 'unjudged') of.judged++;
    if (verdict === 'false') {
      of.wrong++;
      wrong.push({ at: world.fabric.now, claim: said });
    }
    if (verdict !== 'true') return;
    for (const { id, bend } of lies) {
      const bent = bend(said, before);
      const lie = lieCounts.get(id);
      if (bent === null || lie === undefined) continue;
      lie.shown++;
      if (judge(bent) === 'false') lie.caught++;
    }
    before.push(said);
    if (before.length > 200) before.shift();
  };
  function hear(listed: ListedEvent): void {
    learn(ledger, listed);
    learnStanding(standing, listed);
    observe(known.monitors, monitors, listed);
    for (const { rule, at } of monitors.violations) standing.broken.add(`${rule} ${at}`);
    batch.push(listed);
    if (lookedBack.kinds.has(listed.event.kind)) past.push(listed);
    if (listed.rank >= 2 || hasCaption(listed.event.kind)) {
      const caption = captionOf([{ listed, story }]);
      if (caption !== null && caption.weight > 0) pending.push(claimOf(caption));
    }
    story = follow(story, listed);
  }
  /** What stands on the screen: cards, status line, waits, recovery times. */
  const look = (): void => {
    before = before.filter((said) => !isStanding(said));
    const now = stateOf(world);
    const judge = (said: Said): Verdict =>
      isStanding(said) ? judgeStanding(standing, said, now) : 'unjudged';
    for (const standing of standingsOf(pictureNow(view))) judged(standing, judge);
    const shown = flow.shown === null ? null : claimOf(flow.shown);
    if (shown?.kind === 'quorumLost') {
      const { writer, group } = shown;
      judged({ kind: 'stands', writer, group, isOver: flow.isOver }, judge);
    }
    if (looks++ % LENS_LOOKS > 0) return;
    const round = Math.floor(looks / LENS_LOOKS);
    past = past.filter(({ at }) => at >= world.fabric.now - lookedBack.spanUs);
    for (const standing of lensStandings(pictureNow, world.fabric.cluster, round, past))
      judged(standing, judge);
  };
  /** What the caption line shows at the next picture. */
  const picture = (): void => {
    const nowMs = (pictureAt / PICTURE_US) * PICTURE_MS;
    const next = offer(flow, { events: batch, jumped: false, nowMs, needsMs: READ_MS, stands: false });
    if (next.shown !== null && next.shown !== flow.shown && next.shown.moments.length > 1)
      pending.push(claimOf(next.shown));
    flow = next;
    batch = [];
  };
  const judge = (): void => {
    const { fabric } = world;
    if (fabric.now >= pictureAt + PICTURE_US) {
      pictureAt = fabric.now;
      picture();
    }
    if (fabric.now >= standingAt + STANDING_US) {
      standingAt = fabric.now;
      look();
    }
    if (pending.length === 0) return;
    const now = stateOf(world);
    const judgeOne = (said: Said): Verdict => (isStanding(said) ? 'unjudged' : judgeClaim(ledger, said, now));
    for (const claim of pending) judged(claim, judgeOne);
    pending = [];
  };
  runWorld(world, host, {
    until: until as Time,
    stop: () => {
      judge();
      return false;
    },
  });
  judge();
  return { counts, wrong, lies: lieCounts };
}

/** @throws Error where the tape cannot be read: whoever asks has read it before */
export function saysOfTape(text: string, until: number, edge: Edge, quota: number): SaysRun {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  return runSays(parsed.tape, until, edge, quota);
}
