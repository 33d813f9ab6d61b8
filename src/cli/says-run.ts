// Plays a tape and judges what its captions claim, each at the end of the window of its newest event: of every event by itself,
// and of what the caption line would show while the run plays (story/caption-flow.ts).

import type { Time } from '../base/ids.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { ListedEvent } from '../sim/frame.ts';
import { linkFrames } from '../sim/picture.ts';
import { programOf } from '../sim/programs.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { Claim } from '../sim/says/claims.ts';
import { judgeClaim, learn, makeLedger, type Verdict, type WorldFacts } from '../sim/says/judge-claims.ts';
import type { Tape } from '../sim/tape.ts';
import { traceRank } from '../sim/trace-codec.ts';
import { makeWorld, runWorld, type World } from '../sim/world.ts';
import { newFlow, offer } from '../ui/story/caption-flow.ts';
import { captionOf, claimOf, hasCaption } from '../ui/story/captions.ts';
import { follow } from '../ui/story/follow.ts';
import { newStory } from '../ui/story/story.ts';
import { lies } from './lying-captions.ts';

/** What a claim is counted under: its kind, or the sentence of an event. */
export interface Said {
  readonly at: Time;
  readonly slot: string;
  readonly claim: Claim;
  readonly verdict: Verdict;
}

export interface SaysRun {
  readonly said: readonly Said[];
  /** By the id of a lying caption: how often it was shown, and how often caught. */
  readonly lies: ReadonlyMap<string, { readonly shown: number; readonly caught: number }>;
}

/** Pictures of a run at this pace: virtual µs between two, and wall ms. */
const PICTURE_US = 200;
const PICTURE_MS = 50;
/** Wall ms for which a caption is read. */
const READ_MS = 2000;

const slotOf = (claim: Claim): string => (claim.kind === 'happened' ? `happened ${claim.key}` : claim.kind);

/** Looked up when a claim asks: most do not. */
function factsOf({ fabric }: World<unknown, unknown>): WorldFacts {
  let cut: ReadonlySet<string> | null = null;
  return {
    isUp: (node) =>
      fabric.nodes.some(
        ({ spec: { id }, status, isFrozen }) => id === node && status !== 'down' && !isFrozen,
      ),
    isCut(from, to) {
      cut ??= new Set(linkFrames(fabric).flatMap((link) => (link.cut ? [`${link.from} ${link.to}`] : [])));
      return cut.has(`${from} ${to}`);
    },
  };
}

export function runSays(tape: Tape, until: number, edge: Edge): SaysRun {
  const made = setupRun(tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const ledger = makeLedger(spec.cluster);
  const said: Said[] = [];
  const counts = new Map(lies.map(({ id }) => [id, { shown: 0, caught: 0 }]));
  const before: Claim[] = [];
  let story = newStory(spec.cluster);
  let flow = newFlow(story);
  let index = 0;
  let pictureAt = 0;
  let batch: ListedEvent[] = [];
  let pending: Claim[] = [];

  const hear = (listed: ListedEvent): void => {
    learn(ledger, listed);
    batch.push(listed);
    if (listed.rank >= 2 || hasCaption(listed.event.kind)) {
      const caption = captionOf([{ listed, story }]);
      if (caption !== null && caption.weight > 0) pending.push(claimOf(caption));
    }
    story = follow(story, listed);
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
    if (pending.length === 0) return;
    const facts = factsOf(world);
    for (const claim of pending) {
      const verdict = judgeClaim(ledger, claim, facts);
      said.push({ at: fabric.now, slot: slotOf(claim), claim, verdict });
      // A lie is shown where the truth can be told from it.
      for (const { id, bend } of verdict === 'true' ? lies : []) {
        const bent = bend(claim, before);
        const count = counts.get(id);
        if (bent === null || count === undefined) continue;
        count.shown++;
        if (judgeClaim(ledger, bent, facts) === 'false') count.caught++;
      }
      before.push(claim);
      if (before.length > 100) before.shift();
    }
    pending = [];
  };
  runWorld(
    world,
    {
      program: programOf(program),
      edge,
      onTrace: (events) => {
        for (const traced of events) hear({ ...traced, index: index++, rank: traceRank(traced.event.kind) });
      },
    },
    {
      until: until as Time,
      stop: () => {
        judge();
        return false;
      },
    },
  );
  judge();
  return { said, lies: counts };
}
