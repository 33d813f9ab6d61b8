// What the replay worker does for the page: shows a branch at a time, plays it, compares it with another, forks twins
// and acts on them, searches, and hands worlds over to the live cluster. Here each request finds its part.

import type { Time } from '../base/ids.ts';
import { checkRunPages, collectRun } from './collect.ts';
import { runCompared } from './compared-run.ts';
import { packPast } from './message-wire.ts';
import { FRAME_MS, makeReplayCore, pause, type ReplayCore, SLICE_MS, shownPlayer } from './replay-core.ts';
import type { ReplayEvent, ReplayRequest } from './replay-messages.ts';
import { search, seekEvent, stepBack, stepOn } from './replay-moves.ts';
import { runUntil, startPlay } from './replay-play.ts';
import { compare, show, tell } from './replay-screen.ts';
import { handOver, load, prepare } from './replay-tapes.ts';
import { readTrace } from './replay-traces.ts';
import { seek, seekPlayer } from './replay-work.ts';
import { actOnTwin, sqlOnTwin } from './twin-calls.ts';
import { yieldToMessages } from './yield-to-messages.ts';

type Queued = Exclude<ReplayRequest, { kind: 'drawn' } | { kind: 'cancel' }>;
type OnBranches = Extract<Queued, { kind: 'fork' | 'show' | 'drop' | 'against' | 'act' | 'sql' | 'undo' }>;

export interface ReplayHost {
  /** Takes what must not wait for the work under way; true when that was all. */
  interrupt(request: ReplayRequest): request is Exclude<ReplayRequest, Queued>;
  handle(request: Queued): Promise<unknown>;
}

/** They say how the page looks: whatever is under way goes on. */
const passive: ReadonlySet<ReplayRequest['kind']> = new Set(['drawn', 'view', 'pick']);

export function makeReplayHost(post: (event: ReplayEvent) => void): ReplayHost {
  const core = makeReplayCore(post);
  return {
    interrupt(request): request is Exclude<ReplayRequest, Queued> {
      if (!passive.has(request.kind)) core.requests++;
      if (request.kind === 'pause') core.playing = false;
      if (request.kind === 'cancel') core.cancelled = true;
      if (request.kind === 'drawn') core.gate.onDrawn();
      return request.kind === 'drawn' || request.kind === 'cancel';
    },
    handle: (request) => handle(core, request),
  };
}

async function handle(core: ReplayCore, request: Queued): Promise<unknown> {
  const { branches } = core;
  switch (request.kind) {
    case 'load':
      return load(core, request);
    case 'prepare':
      return prepare(core, request);
    case 'collect':
      return collectRun(request.text, request.what, tellCollected(core));
    case 'checkPages':
      return checkRunPages(request.text, request.at as Time, tellCollected(core));
    case 'compare':
      return runCompared(request.choice, request.column, tellCollected(core));
    case 'trace':
      return readTrace(core, request.text, request.query);
    case 'seek': {
      core.plays++; // it would go on to where the wall says it should be
      const done = await seek(core, request.time as Time);
      await show(core);
      if (core.playing) startPlay(core);
      return done;
    }
    case 'seekEvent':
      core.playing = false;
      return seekEvent(core, request.index);
    case 'step':
      core.playing = false;
      return stepOn(core, request.minRank);
    case 'back':
      core.playing = false;
      return stepBack(core, request.minRank);
    case 'until':
      return runUntil(core, request.condition);
    case 'play':
      core.playing = true;
      core.pacing.speed = request.speed;
      startPlay(core);
      return tell(core);
    case 'speed':
      core.pacing.speed = request.speed;
      if (core.playing) startPlay(core);
      return;
    case 'pause':
      return tell(core);
    case 'view':
      core.view = request.params;
      return isLookedAt(core) ? show(core) : undefined;
    case 'pick':
      core.pick = { minRank: request.minRank, limit: request.limit };
      return isLookedAt(core) ? show(core) : undefined;
    case 'past':
      return packPast(shownPlayer(core).past(request.query));
    case 'digest':
      return digest(core);
    case 'density':
      return shownPlayer(core).density();
    case 'search':
      return search(core, request.query);
    case 'tape':
      return branches.tapeText(true);
    case 'handOver':
      return handOver(core, request);
    default:
      return onBranches(core, request);
  }
}

const isLookedAt = ({ branches, isAhead }: ReplayCore): boolean => branches.states().length > 0 && !isAhead;

const tellCollected = (core: ReplayCore) => (done: number, of: number) =>
  core.post({ kind: 'progress', bar: { what: 'export', done, of } });

function digest(core: ReplayCore) {
  const player = shownPlayer(core);
  return {
    hash: player.hash(),
    nodes: player.digests(),
    events: player.recorder().inputs,
    time: player.now(),
  };
}

async function onBranches(core: ReplayCore, request: OnBranches): Promise<unknown> {
  const { branches } = core;
  switch (request.kind) {
    case 'fork': {
      core.playing = false;
      const id = branches.fork();
      await show(core);
      return id;
    }
    case 'show':
      core.playing = false;
      core.newEventsFeed.restart();
      branches.show(request.branch);
      return show(core);
    case 'drop':
      core.playing = false;
      branches.drop(request.branch);
      return show(core);
    case 'against':
      branches.setAgainst(request.branch);
      tell(core);
      return compare(core);
    case 'act': {
      const result = actOnTwin(branches, request.line);
      // A branch that stands shows at once what was done to it.
      if (result.ok && !core.playing) {
        const player = shownPlayer(core);
        await seekPlayer(core, player, (player.now() + 1) as Time);
        await show(core);
      }
      return result;
    }
    case 'sql':
      return sqlOnTwin(branches, request, () => letPass(core, request.runToReply));
    case 'undo': {
      core.playing = false;
      const line = branches.undo();
      await show(core);
      return line;
    }
  }
}

/** Some time passes while a statement waits for its answer: virtual, where it is to be run to its reply. */
async function letPass(core: ReplayCore, isHurried: boolean): Promise<void> {
  if (core.playing || !isHurried) return pause(FRAME_MS);
  const player = shownPlayer(core);
  player.run((player.now() + 1000) as Time, SLICE_MS);
  if (core.gate.isOpen(false)) await show(core);
  await yieldToMessages();
}
