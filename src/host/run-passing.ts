// How virtual time passes in a run loop: a window at the wall's pace or as fast as possible, one step to the next event,
// one look towards a condition. What a person does is taped between two of these.

import type { Time } from '../base/ids.ts';
import { isNear, lookOn, makeWatch, untilLimit } from '../run-model/facts/watch.ts';
import { flights } from '../run-model/picture/flights.ts';
import { NEVER } from '../sim/types.ts';
import { known } from '../stacks/known.ts';
import { allowedUntil } from './pacing.ts';
import { type LoopCore, makeLoopPicture, retie } from './run-loop-core.ts';
import type { RunUntilRequest, StepRequest, UntilEnd } from './run-requests.ts';

/**
 * Wall ms of a frame: at most 30 pictures a second, between which the page moves messages along their schedule; and at the
 * wall's pace time goes on once in a frame, because a window costs every node in it a message and a transaction.
 */
export const FRAME_MS = 33;
/** Virtual µs within which a step must find its event; a step in a cluster that is silent for longer finds none. */
const STEP_LIMIT_US = 2_000_000;
/** Wall ms of a step between two pictures of how far it is. */
const STEP_SHOWN_MS = 5 * FRAME_MS;
/** Virtual µs in which every instant is looked at for an event; a rare one is then sought window by window. */
const UNTIL_NEAR_US = 20_000;
/** Stretches of quiet that are remembered for the timeline, and the shortest one worth a mark, µs. */
const SKIPS_KEPT = 40;
const SKIP_SHOWN_US = 500;

interface Passed {
  readonly isIdle: boolean;
  readonly rank: number;
  readonly inputs: number;
}

/** Whether time passes: it plays, a statement waits for its answer, or somebody waits for a time or an event. */
export const isGoing = ({ requests, settings }: LoopCore): boolean =>
  settings.playing ||
  settings.hurry > 0 ||
  requests.to !== null ||
  requests.step !== null ||
  requests.until !== null;

/** Whether time passes as fast as it can: windows then run ahead of the disks. */
export const isAtMaximumSpeed = ({ requests, settings }: LoopCore): boolean =>
  requests.step === null &&
  (settings.hurry > 0 ||
    requests.to !== null ||
    requests.until !== null ||
    (settings.playing && settings.pacing.speed === null));

async function oneStep(core: LoopCore, until: Time, frameUs: number | null): Promise<Passed> {
  const isAhead = isAtMaximumSpeed(core);
  const { kind, rank, inputs, replies } = await core.cluster.step({ until, frameUs, isAhead });
  if (kind !== 'idle' || rank > 0) {
    core.picture.isStale = true;
    core.picture.isDue = true;
  }
  for (const reply of replies) core.options.onReply(reply);
  return { isIdle: kind === 'idle', rank, inputs };
}

/** Puts on the tape what waits for it. */
export async function tapePendingActions(core: LoopCore): Promise<void> {
  const { requests, cluster, settings } = core;
  if (requests.tape.length === 0) return;
  const taken = requests.tape.splice(0);
  try {
    const taped = await cluster.tape(taken.flatMap(({ actions }) => actions));
    let from = 0;
    for (const { actions, resolve } of taken) {
      resolve(taped.slice(from, from + actions.length));
      from += actions.length;
    }
  } catch (error) {
    for (const { reject } of taken) reject(error);
    throw error;
  }
  core.picture.isDue = true;
  if (settings.limit !== NEVER) settings.playing = false;
  if (!isGoing(core)) await showTaped(core);
}

/** A cluster that stands shows at once what was done to it: the instant of the actions passes, and no more. */
async function showTaped(core: LoopCore): Promise<void> {
  const until = (core.cluster.fabric.now + 1) as Time;
  while (!(await oneStep(core, until, 1)).isIdle);
  retie(core);
}

/** On to the next event of the wanted size, unless the run is let go meanwhile. A long step shows intermediate pictures; its events are reported at its end, together. */
export async function stepOnce(core: LoopCore, request: StepRequest): Promise<void> {
  core.requests.step = null;
  const giveUpAt = (core.cluster.fabric.now + STEP_LIMIT_US) as Time;
  let isFound = false;
  let shownAt = performance.now();
  try {
    while (!isFound && !core.isStopped && !core.settings.playing) {
      const { isIdle, rank, inputs } = await oneStep(core, giveUpAt, 1);
      if (isIdle) break;
      isFound = request.size === 'meaningful' ? rank >= 2 : inputs > 0;
      if (isFound || performance.now() - shownAt <= STEP_SHOWN_MS) continue;
      await makeLoopPicture(core, 'intermediate');
      shownAt = core.picture.at;
    }
    await makeLoopPicture(core);
    retie(core);
  } finally {
    request.resolve(isFound);
  }
}

/** Up to where time may go now. */
function allowedNow({ settings, requests, tick, cluster: { fabric } }: LoopCore): Time {
  const { hurry, pacing } = settings;
  if (hurry > 0 || requests.to !== null || pacing.speed === null) return NEVER;
  const wall = performance.now();
  if (wall - tick.at >= FRAME_MS) {
    tick.at = wall;
    tick.until = allowedUntil(pacing, fabric.now, wall) as Time;
  }
  return Math.max(fabric.now, tick.until) as Time;
}

/** One window; answers how long to rest after it, wall ms. */
export async function passOnce(core: LoopCore): Promise<number> {
  const { settings, requests, tick } = core;
  const { speed } = settings.pacing;
  const isHurried = settings.hurry > 0 || requests.to !== null;
  const limit = requests.to?.limit ?? settings.limit;
  const until = Math.min(limit, allowedNow(core)) as Time;
  const frameUs = isHurried || speed === null ? null : Math.max(1, Math.ceil((speed * FRAME_MS) / 1000));
  const { isIdle } = await oneStep(core, until, frameUs);
  if (!isIdle) return 0;
  await core.cluster.settle();
  if (until >= limit) {
    reachLimit(core);
    return 0;
  }
  // Time itself moved on, and with it everything in flight.
  core.picture.isDue = true;
  if (settings.skipQuiet && isQuiet(core)) {
    await skipQuiet(core, limit, frameUs);
    return 0;
  }
  return Math.max(1, tick.at + FRAME_MS - performance.now());
}

function isQuiet({ cluster: { recorder, fabric }, options }: LoopCore): boolean {
  if (fabric.faults.some((fault) => fault.until === null)) return false;
  for (const record of recorder.nodes.values()) {
    if ((record.disk?.pending ?? 0) > 0) return false;
  }
  return flights(fabric, options.describe).every((flight) => flight.label.family === 'heartbeat');
}

/** The time to the next event runs at maximum speed: nothing is in flight, on a disk or broken. */
async function skipQuiet(core: LoopCore, limit: Time, frameUs: number | null): Promise<void> {
  const { fabric } = core.cluster;
  const { skips } = core.settings;
  const from = fabric.now;
  await oneStep(core, limit, frameUs);
  if (fabric.now - from >= SKIP_SHOWN_US) {
    skips.push({ from, to: fabric.now });
    if (skips.length > SKIPS_KEPT) skips.shift();
  }
  retie(core);
}

function reachLimit(core: LoopCore): void {
  const { to } = core.requests;
  retie(core);
  core.requests.to = null;
  if (to === null) core.settings.playing = false;
  else to.resolve();
  core.picture.isDue = true;
}

/** Resolves the run-until request; the run stands. */
export function endUntil(core: LoopCore, end: UntilEnd): void {
  const { until } = core.requests;
  core.requests.until = null;
  if (until === null) return;
  core.settings.playing = false;
  core.picture.isDue = true;
  retie(core);
  until.resolve(end);
}

/** One step towards the condition; the loop breathes between two. */
export async function untilOnce(core: LoopCore, request: RunUntilRequest): Promise<void> {
  const { recorder, fabric } = core.cluster;
  if (request.watch === null) {
    await core.cluster.refreshViews(core.settings.view);
    request.watch = makeWatch(known, request.condition, recorder);
    request.startedAt = fabric.now;
    if (lookOn(request.watch, [], recorder, fabric.now)) return endUntil(core, 'found');
  }
  const { watch, startedAt } = request;
  const limit = untilLimit(request.condition, startedAt, core.settings.limit) as Time;
  const before = recorder.firstIndex + recorder.listed.length;
  const isFine = isNear(watch) || fabric.now - startedAt < UNTIL_NEAR_US;
  const { isIdle } = await oneStep(core, limit, isFine ? 1 : null);
  const events = recorder.listed.slice(Math.max(0, before - recorder.firstIndex));
  if (core.requests.until !== request) return;
  if (lookOn(watch, events, recorder, fabric.now)) endUntil(core, 'found');
  else if (isIdle && fabric.now >= limit) endUntil(core, 'limit');
}
