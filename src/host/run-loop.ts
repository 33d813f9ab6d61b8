// The loop that lets virtual time pass: at the wall's pace, as fast as possible, to a limit, or one event at a time.
// It never runs two steps at once, and what a person does is taped between two windows. When a step fails the loop ends
// for good: whoever waits is told, whoever comes later is refused, nobody waits for ever.

import type { Time } from '../base/ids.ts';
import { errorOf } from '../base/thrown.ts';
import type { MessageLabel, ViewParams } from '../core/door.ts';
import { flights } from '../sim/flights.ts';
import type { RunCondition } from '../sim/run-condition.ts';
import { isNear, lookOn, makeWatch, untilLimit, type Watch } from '../sim/run-until.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { NEVER, type OutReply } from '../sim/types.ts';
import { RUN_ENDED } from './fabric-messages.ts';
import type { LiveCluster, TapedAction } from './live-cluster.ts';
import { allowedUntil, makePacing, type Pacing, tie } from './pacing.ts';

/**
 * Wall ms of a frame: at most 30 pictures a second, between which the page moves messages along their schedule; and at the
 * wall's pace time goes on once in a frame, because a window costs every node in it a message and a transaction.
 */
const FRAME_MS = 33;
/** How much sooner a picture may come than a frame after the last, and how long a due one waits to be asked for again. */
const FRAME_SLACK_MS = 6;
const PICTURE_WAIT_MS = 8;
/** At maximum speed a picture shows where time has come to, not how; and each asks every node for its view. */
const FAST_FRAME_MS = 50;
/** Wall ms the loop may hold the worker before it lets messages in, when no window waits for a node's worker. */
const YIELD_MS = 12;
/** Virtual µs within which a step must find its event; a cluster that is silent for longer is told so. */
const STEP_LIMIT_US = 60_000_000;
/** Virtual µs in which every instant is looked at for an event; a rare one is then sought window by window. */
const UNTIL_NEAR_US = 20_000;
/** Stretches of quiet that are remembered for the timeline, and the shortest one worth a mark, µs. */
const SKIPS_KEPT = 40;
const SKIP_SHOWN_US = 500;

export interface LoopOptions {
  readonly describe: (bytes: Uint8Array) => MessageLabel;
  readonly onReply: (reply: OutReply) => void;
  /** A picture is being made: the nodes are about to be asked for their views. */
  readonly onPictureBegun: () => void;
  /** Called at most once per frame time, after views were refreshed. */
  readonly onPicture: (shownTime: Time) => void;
  /** False while the page has not drawn the last picture, and while it rests from it. */
  readonly wantsPicture: (isHurried: boolean) => boolean;
  readonly onError: (error: unknown) => void;
}

/** A stretch of virtual time in which nothing happened and that was not shown at its length. */
export interface Skip {
  readonly from: Time;
  readonly to: Time;
}

interface Task {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** How a run-until ended. */
export type UntilEnd = 'found' | 'cancelled' | 'limit';

export type UntilResult =
  | { readonly ok: true; readonly end: UntilEnd; readonly at: Time }
  | { readonly ok: false; readonly position: number; readonly error: string };

interface UntilOrder {
  readonly condition: RunCondition;
  readonly resolve: (end: UntilEnd) => void;
  watch: Watch | null;
  startedAt: number;
}

interface TapeOrder {
  readonly actions: readonly TapeAction[];
  readonly resolve: (taped: readonly TapedAction[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface RunLoop {
  readonly pacing: Pacing;
  playing: boolean;
  skipQuiet: boolean;
  /** Exclusive: a lesson's next beat. It was found for the tape as it is: who puts something on the tape pauses the run. */
  limit: Time;
  /** While positive, time runs as fast as possible: statements that a person wants answered now. */
  hurry: number;
  view: ViewParams;
  /** Why the loop ended, or null while it runs. */
  ended(): Error | null;
  tape(actions: readonly TapeAction[]): Promise<readonly TapedAction[]>;
  /** Does some work on the cluster between two windows. */
  between<T>(work: () => Promise<T>): Promise<T>;
  setSpeed(speed: number | null): void;
  play(): void;
  pause(): void;
  step(size: 'meaningful' | 'every'): Promise<boolean>;
  /** Runs at maximum speed to the limit. */
  runTo(limit: Time): Promise<void>;
  /** Runs at maximum speed until a condition holds, and stands there; `pause` cancels. */
  runUntil(condition: RunCondition): Promise<UntilEnd>;
  /** Quiet times that were passed over, the newest last. */
  readonly skips: readonly Skip[];
  /** Lets the screen have a picture soon, whether or not time passes. */
  touch(): void;
  stop(): Promise<void>;
  /** Ends after the work that is being done; what waits is refused. */
  halt(): void;
}

export function makeRunLoop(cluster: LiveCluster, options: LoopOptions): RunLoop {
  const pacing = makePacing();
  const orders: TapeOrder[] = [];
  const tasks: Task[] = [];
  let stopped = false;
  let end: Error | null = null;
  let wake: (() => void) | null = null;
  /** Something was asked for since this turn began: there is no rest after it. */
  let isRoused = false;
  let stepWanted: {
    readonly size: 'meaningful' | 'every';
    readonly resolve: (found: boolean) => void;
  } | null = null;
  let runWanted: { readonly limit: Time; readonly resolve: () => void } | null = null;
  let untilWanted: UntilOrder | null = null;
  const skips: Skip[] = [];
  /** The frame that time passes in: when it began, and up to where it goes. */
  let tick = { at: Number.NEGATIVE_INFINITY, until: 0 as Time };
  let pictureAt = 0;
  let pictureDue = true;
  let viewsStale = true;
  const { fabric } = cluster;

  const rouse = (): void => {
    isRoused = true;
    const current = wake;
    wake = null;
    current?.();
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isRoused) return resolve();
      const timer = setTimeout(() => {
        wake = null;
        resolve();
      }, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Lets queued messages of this worker be handled. */
  const breathe = (): Promise<void> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });

  const takeOrders = async (): Promise<void> => {
    if (orders.length === 0) return;
    const taken = orders.splice(0);
    try {
      const taped = await cluster.tape(taken.flatMap((order) => order.actions));
      let from = 0;
      for (const order of taken) {
        order.resolve(taped.slice(from, from + order.actions.length));
        from += order.actions.length;
      }
    } catch (error) {
      for (const order of taken) order.reject(error);
      throw error;
    }
    pictureDue = true;
    if (loop.limit !== NEVER) loop.playing = false;
    if (!isRunning()) await applyOrders();
  };

  const isRunning = (): boolean =>
    loop.playing || loop.hurry > 0 || runWanted !== null || stepWanted !== null || untilWanted !== null;

  /** A cluster that stands shows at once what was done to it: the instant of the actions passes, and no more. */
  const applyOrders = async (): Promise<void> => {
    const until = (fabric.now + 1) as Time;
    while (!(await oneStep(until, 1)).idle);
    retie();
  };

  const picture = async (): Promise<void> => {
    // Before the views are asked for: whoever wants others meanwhile gets the next picture.
    pictureDue = false;
    options.onPictureBegun();
    if (viewsStale) {
      viewsStale = false;
      await cluster.refreshViews(loop.view);
    }
    pictureAt = performance.now();
    options.onPicture(fabric.now);
  };

  const isQuiet = (): boolean => {
    if (cluster.recorder.faults.some((fault) => fault.until === null)) return false;
    for (const record of cluster.recorder.nodes.values()) {
      if ((record.disk?.pending ?? 0) > 0) return false;
    }
    return flights(fabric, options.describe).every((flight) => flight.label.family === 'heartbeat');
  };

  const oneStep = async (
    until: Time,
    frameUs: number | null,
  ): Promise<{ readonly idle: boolean; readonly rank: number; readonly inputs: number }> => {
    const done = await cluster.step({ until, frameUs });
    if (done.kind !== 'idle' || done.rank > 0) {
      viewsStale = true;
      pictureDue = true;
    }
    for (const reply of done.replies) options.onReply(reply);
    return { idle: done.kind === 'idle', rank: done.rank, inputs: done.inputs };
  };

  const doStep = async (): Promise<void> => {
    const wanted = stepWanted;
    stepWanted = null;
    if (wanted === null) return;
    const giveUpAt = (fabric.now + STEP_LIMIT_US) as Time;
    let found = false;
    try {
      while (!found && !stopped) {
        const { idle, rank, inputs } = await oneStep(giveUpAt, 1);
        if (idle) break;
        found = wanted.size === 'meaningful' ? rank >= 2 : inputs > 0;
        if (performance.now() - pictureAt > 5 * FRAME_MS) await picture();
      }
      await picture();
      retie();
    } finally {
      wanted.resolve(found);
    }
  };

  /** Up to where time may go now. */
  const allowedNow = (): Time => {
    if (loop.hurry > 0 || runWanted !== null || pacing.speed === null) return NEVER;
    const wall = performance.now();
    if (wall - tick.at >= FRAME_MS)
      tick = { at: wall, until: allowedUntil(pacing, fabric.now, wall) as Time };
    return Math.max(fabric.now, tick.until) as Time;
  };

  const retie = (): void => {
    tick.at = Number.NEGATIVE_INFINITY;
    tie(pacing, fabric.now, performance.now());
  };

  /** One window; answers how long to rest after it, wall ms. */
  const playOnce = async (): Promise<number> => {
    const hurried = loop.hurry > 0 || runWanted !== null;
    const limit = runWanted?.limit ?? loop.limit;
    const until = Math.min(limit, allowedNow()) as Time;
    const frameUs =
      hurried || pacing.speed === null ? null : Math.max(1, Math.ceil((pacing.speed * FRAME_MS) / 1000));
    const { idle } = await oneStep(until, frameUs);
    if (!idle) return 0;
    if (until >= limit) {
      reachLimit();
      return 0;
    }
    // Time itself moved on, and with it everything in flight.
    pictureDue = true;
    if (loop.skipQuiet && isQuiet()) {
      // The time to the next event runs at maximum speed: nothing is in flight, on a disk or broken.
      const from = fabric.now;
      await oneStep(limit, frameUs);
      if (fabric.now - from >= SKIP_SHOWN_US) {
        skips.push({ from, to: fabric.now });
        if (skips.length > SKIPS_KEPT) skips.shift();
      }
      retie();
      return 0;
    }
    return Math.max(1, tick.at + FRAME_MS - performance.now());
  };

  const reachLimit = (): void => {
    retie();
    if (runWanted !== null) {
      const { resolve } = runWanted;
      runWanted = null;
      resolve();
    } else {
      loop.playing = false;
    }
    pictureDue = true;
  };

  const endUntil = (end: UntilEnd): void => {
    const wanted = untilWanted;
    untilWanted = null;
    if (wanted === null) return;
    loop.playing = false;
    pictureDue = true;
    retie();
    wanted.resolve(end);
  };

  /** One step towards the condition; the loop breathes between two. */
  const untilOnce = async (wanted: UntilOrder): Promise<void> => {
    const { recorder } = cluster;
    if (wanted.watch === null) {
      await cluster.refreshViews(loop.view);
      wanted.watch = makeWatch(wanted.condition, recorder);
      wanted.startedAt = fabric.now;
      if (lookOn(wanted.watch, [], recorder, fabric.now)) return endUntil('found');
    }
    const { watch, startedAt } = wanted;
    const limit = untilLimit(wanted.condition, startedAt, loop.limit) as Time;
    const before = recorder.firstIndex + recorder.listed.length;
    const fine = isNear(watch) || fabric.now - startedAt < UNTIL_NEAR_US;
    const { idle } = await oneStep(limit, fine ? 1 : null);
    const events = recorder.listed.slice(Math.max(0, before - recorder.firstIndex));
    if (untilWanted !== wanted) return;
    if (lookOn(watch, events, recorder, fabric.now)) endUntil('found');
    else if (idle && fabric.now >= limit) endUntil('limit');
  };

  const turn = async (): Promise<void> => {
    isRoused = false;
    await takeOrders();
    for (const task of tasks.splice(0)) await task.run();
    let restMs = 0;
    if (stepWanted !== null) await doStep();
    else if (untilWanted !== null) await untilOnce(untilWanted);
    else if (isRunning()) restMs = await playOnce();
    else if (!pictureDue) await sleep(1000);
    const isFast = untilWanted !== null || (loop.playing && pacing.speed === null);
    const frameMs = isFast ? FAST_FRAME_MS : FRAME_MS - FRAME_SLACK_MS;
    if (pictureDue && performance.now() - pictureAt >= frameMs && options.wantsPicture(isFast))
      await picture();
    if (restMs > 0) await sleep(pictureDue ? Math.min(restMs, PICTURE_WAIT_MS) : restMs);
    else if (pictureDue && !loop.playing && loop.hurry === 0 && runWanted === null) await sleep(FRAME_MS);
  };

  /** Nobody waits for a loop that has ended. */
  const settleAll = (reason: Error): void => {
    for (const one of [...orders.splice(0), ...tasks.splice(0)]) one.reject(reason);
    stepWanted?.resolve(false);
    runWanted?.resolve();
    untilWanted?.resolve('cancelled');
    untilWanted = null;
    stepWanted = null;
    runWanted = null;
  };

  const run = async (): Promise<void> => {
    let breathedAt = performance.now();
    while (!stopped) {
      await turn();
      if (performance.now() - breathedAt > YIELD_MS) {
        await breathe();
        breathedAt = performance.now();
      }
    }
  };

  const loop: RunLoop = {
    pacing,
    playing: false,
    skipQuiet: true,
    limit: NEVER,
    hurry: 0,
    view: { group: null, lsnWindow: null, span: 32, detail: false },
    ended: () => end,
    tape: (actions) =>
      new Promise((resolve, reject) => {
        orders.push({ actions, resolve, reject });
        if (end !== null) settleAll(end);
        rouse();
      }),
    between: (work) =>
      new Promise((resolve, reject) => {
        tasks.push({ run: () => work().then(resolve, reject), reject });
        if (end !== null) settleAll(end);
        rouse();
      }),
    setSpeed(speed) {
      pacing.speed = speed;
      retie();
      rouse();
    },
    play() {
      if (untilWanted !== null) endUntil('cancelled');
      loop.playing = end === null;
      retie();
      rouse();
    },
    pause() {
      if (untilWanted !== null) endUntil('cancelled');
      loop.playing = false;
      pictureDue = true;
      rouse();
    },
    step: (size) =>
      new Promise((resolve) => {
        if (untilWanted !== null) endUntil('cancelled');
        loop.playing = false;
        stepWanted?.resolve(false);
        stepWanted = { size, resolve };
        if (end !== null) settleAll(end);
        rouse();
      }),
    runTo: (limit) =>
      new Promise((resolve) => {
        runWanted?.resolve();
        runWanted = { limit, resolve };
        if (end !== null) settleAll(end);
        rouse();
      }),
    runUntil: (condition) =>
      new Promise((resolve) => {
        if (untilWanted !== null) endUntil('cancelled');
        untilWanted = { condition, resolve, watch: null, startedAt: 0 };
        loop.playing = end === null;
        if (end !== null) settleAll(end);
        rouse();
      }),
    skips,
    touch() {
      viewsStale = true;
      pictureDue = true;
      rouse();
    },
    async stop() {
      loop.halt();
      await finished;
    },
    halt() {
      stopped = true;
      settleAll(new Error(RUN_ENDED));
      rouse();
    },
  };
  const finish = (reason: Error): void => {
    end = reason;
    stopped = true;
    loop.playing = false;
    settleAll(reason);
  };
  const finished = run().then(
    () => finish(new Error(RUN_ENDED)),
    (error: unknown) => {
      finish(errorOf(error));
      options.onError(error);
    },
  );
  return loop;
}
