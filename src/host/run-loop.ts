// The loop that lets virtual time pass: at the wall's pace, as fast as possible, to a limit, or one event at a time.
// It never runs two steps at once, and what a person does is taped between two windows. When a step fails the loop ends
// for good: whoever waits is answered, whoever comes later is refused, nobody waits for ever.

import type { Time } from '../base/ids.ts';
import { errorOf } from '../base/thrown.ts';
import type { Predicate } from '../run-model/facts/fact.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { RUN_ENDED } from './fabric-messages.ts';
import type { LiveCluster, TapedAction } from './live-cluster.ts';
import {
  type LoopCore,
  type LoopOptions,
  type LoopSettings,
  makeLoopCore,
  makeLoopPicture,
  retie,
} from './run-loop-core.ts';
import {
  endUntil,
  FRAME_MS,
  isAtMaximumSpeed,
  isGoing,
  passOnce,
  stepOnce,
  tapePendingActions,
  untilOnce,
} from './run-passing.ts';
import { settleRequests, type UntilEnd } from './run-requests.ts';
import { yieldToMessages } from './yield-to-messages.ts';

/** How much sooner a picture may come than a frame after the last, and how long a due one waits to be asked for again. */
const FRAME_SLACK_MS = 6;
const PICTURE_WAIT_MS = 8;
/** At maximum speed a picture shows where time has come to, not how; and each asks every node for its view. */
const FAST_FRAME_MS = 50;
/** Wall ms the loop may hold the worker before it lets messages in, when no window waits for a node's worker. */
const YIELD_MS = 12;
/** Wall ms of rest where nothing is asked of a loop that stands. */
const IDLE_MS = 1000;

export interface RunLoop extends LoopSettings {
  /** Why the loop ended, or null while it runs. */
  ended(): Error | null;
  tape(actions: readonly TapeAction[]): Promise<readonly TapedAction[]>;
  /** Does some work on the cluster between two windows. */
  between<T>(work: () => Promise<T>): Promise<T>;
  setSpeed(speed: number | null): void;
  play(): void;
  pause(): void;
  /** False when nothing happened, or another step took its place. */
  step(size: 'meaningful' | 'every'): Promise<boolean>;
  /** Runs at maximum speed to the limit. */
  runTo(limit: Time): Promise<void>;
  /** Runs at maximum speed until a condition holds, and stands there; `pause` cancels. */
  runUntil(condition: Predicate): Promise<UntilEnd>;
  /** Lets the screen have a picture soon, whether or not time passes. */
  touch(): void;
  stop(): Promise<void>;
  /** Ends after the work that is being done; what waits is refused. */
  halt(): void;
}

export function makeRunLoop(cluster: LiveCluster, options: LoopOptions): RunLoop {
  const core = makeLoopCore(cluster, options);
  const finished = run(core).then(
    () => finish(core, new Error(RUN_ENDED)),
    async (error: unknown) => {
      // What led to a failure is shown where the disks have it.
      await cluster.settle().catch(() => undefined);
      finish(core, errorOf(error));
      options.onError(error);
    },
  );
  return Object.assign(core.settings, commandsOf(core, finished));
}

async function run(core: LoopCore): Promise<void> {
  let breathedAt = performance.now();
  while (!core.isStopped) {
    await turn(core);
    if (performance.now() - breathedAt > YIELD_MS) {
      await yieldToMessages();
      breathedAt = performance.now();
    }
  }
  await core.cluster.settle();
}

async function turn(core: LoopCore): Promise<void> {
  const { requests, settings, sleep, picture, options } = core;
  sleep.begin();
  // What a person does, and whoever works on the cluster, finds all that has happened on the disks.
  const isAsked = requests.tape.length > 0 || requests.tasks.length > 0;
  if ((isAsked || !isAtMaximumSpeed(core)) && core.cluster.pending() !== null) await core.cluster.settle();
  await tapePendingActions(core);
  for (const task of requests.tasks.splice(0)) await task.run();
  let restMs = 0;
  if (requests.step !== null) await stepOnce(core, requests.step);
  else if (requests.until !== null) await untilOnce(core, requests.until);
  else if (isGoing(core)) restMs = await passOnce(core);
  else if (!picture.isDue) await sleep.wait(IDLE_MS);
  const isFast = requests.until !== null || (settings.playing && settings.pacing.speed === null);
  const frameMs = isFast ? FAST_FRAME_MS : FRAME_MS - FRAME_SLACK_MS;
  if (picture.isDue && performance.now() - picture.at >= frameMs && options.needsPicture(isFast))
    await makeLoopPicture(core);
  if (restMs > 0) await sleep.wait(picture.isDue ? Math.min(restMs, PICTURE_WAIT_MS) : restMs);
  else if (picture.isDue && !settings.playing && settings.hurry === 0 && requests.to === null)
    await sleep.wait(FRAME_MS);
}

function finish(core: LoopCore, reason: Error): void {
  core.end = reason;
  core.isStopped = true;
  core.settings.playing = false;
  settleRequests(core.requests, reason);
}

function commandsOf(core: LoopCore, finished: Promise<void>): Omit<RunLoop, keyof LoopSettings> {
  const { requests, settings, picture, sleep } = core;
  /** Something was asked for: the loop sees to it now, or has ended and refuses it. */
  const interrupt = (): void => {
    if (core.end !== null) settleRequests(requests, core.end);
    sleep.interrupt();
  };
  /** Another way to go on takes the place of looking for a condition. */
  const leaveUntil = (): void => {
    if (requests.until !== null) endUntil(core, 'cancelled');
  };
  const halt = (): void => {
    core.isStopped = true;
    settleRequests(requests, new Error(RUN_ENDED));
    interrupt();
  };
  return {
    ended: () => core.end,
    tape: (actions) =>
      new Promise((resolve, reject) => {
        requests.tape.push({ actions, resolve, reject });
        interrupt();
      }),
    between: (work) =>
      new Promise((resolve, reject) => {
        requests.tasks.push({ run: () => work().then(resolve, reject), reject });
        interrupt();
      }),
    setSpeed(speed) {
      settings.pacing.speed = speed;
      retie(core);
      interrupt();
    },
    play() {
      leaveUntil();
      settings.playing = core.end === null;
      retie(core);
      interrupt();
    },
    pause() {
      leaveUntil();
      settings.playing = false;
      picture.isDue = true;
      interrupt();
    },
    step: (size) =>
      new Promise((resolve) => {
        leaveUntil();
        settings.playing = false;
        requests.step?.resolve(false);
        requests.step = { size, resolve };
        interrupt();
      }),
    runTo: (limit) =>
      new Promise((resolve) => {
        requests.to?.resolve();
        requests.to = { limit, resolve };
        interrupt();
      }),
    runUntil: (condition) =>
      new Promise((resolve) => {
        leaveUntil();
        requests.until = { condition, resolve, watch: null, startedAt: 0 };
        settings.playing = core.end === null;
        interrupt();
      }),
    touch() {
      picture.isStale = true;
      picture.isDue = true;
      interrupt();
    },
    async stop() {
      halt();
      await finished;
    },
    halt,
  };
}
