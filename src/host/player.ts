// Plays a tape in one process with memory disks: the review of the live cluster's past, an opened tape, a twin. It can
// seek anywhere: from the nearest keyframe it simulates again. Keyframes are clones of the world that share its bytes.

import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import type { ClusterSpec, ViewParams } from '../core/door.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { WorldFrame } from '../sim/frame.ts';
import { makeMessageLog } from '../sim/message-log.ts';
import { type PastPicture, type PastQuery, pastPicture } from '../sim/past.ts';
import { makePicture } from '../sim/picture.ts';
import { type AnyProgram, programs } from '../sim/programs.ts';
import { listedTotal, makeRecorder, type Recorder, recordCommand, recordEvents } from '../sim/recorder.ts';
import type { RunCondition } from '../sim/run-condition.ts';
import type { RunSetup } from '../sim/run-setup.ts';
import { lookOn, makeWatch, type Watch } from '../sim/run-until.ts';
import { NEVER } from '../sim/types.ts';
import {
  cloneWorld,
  makeWorld,
  stepWorld,
  type World,
  type WorldHost,
  worldDigests,
  worldHash,
  worldViews,
} from '../sim/world.ts';

/** Inputs between two keyframes when new. */
const KEYFRAME_INPUTS = 30_000;
/** Keyframes kept; beyond it every second one is dropped, the newest stay dense. */
const MAX_KEYFRAMES = 24;
/** Steps between two looks at the wall clock. */
const SLICE_STEPS = 200;
/** Watermarks are all that a watch reads of the views. */
const defaultView: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };

interface Keyframe {
  readonly world: World<unknown, unknown>;
  readonly recorder: Recorder;
}

export interface Player {
  now(): Time;
  /** End of the tape, or `NEVER` when it has none. */
  readonly end: Time;
  /** Runs until a limit or until `pauseAfterMs` of wall time are used up; true when the limit was reached. */
  run(limit: Time, pauseAfterMs: number): boolean;
  /** Goes back (or on) to the state before everything at `time`; runs in slices like `run`. */
  rewindTo(time: Time): void;
  /** One instant further, to the next with an event of this rank or higher; false when there is none before the end. */
  stepForward(minRank: number): boolean;
  /** Time of the newest event of this rank or higher before now, or null. */
  lastEventBefore(minRank: number): Time | null;
  watch(condition: RunCondition): Watch;
  /** On to the first instant at which it holds, or to the end; null when the slice of wall time is used up before. */
  runUntil(watch: Watch, limit: Time, pauseAfterMs: number): 'found' | 'limit' | null;
  readonly cluster: ClusterSpec;
  frame(view: ViewParams, time: Time): WorldFrame;
  recorder(): Recorder;
  past(query: PastQuery): PastPicture;
  hash(): string;
  digests(): ReturnType<typeof worldDigests>;
}

export function makePlayer(setup: RunSetup, edge: Edge): Player {
  const program: AnyProgram = programs[setup.program];
  const { spec, tape } = setup;
  let world: World<unknown, unknown> = makeWorld(spec);
  world.fabric.traffic.log = makeMessageLog();
  let recorder = makeRecorder(spec.cluster, spec.params.lal);
  let rank = 0;
  const keyframes: Keyframe[] = [];
  const host: WorldHost<unknown, unknown> = {
    program,
    edge,
    onTrace: (events) => {
      const before = listedTotal(recorder);
      recordEvents(recorder, events);
      for (let i = before - recorder.firstIndex; i < recorder.listed.length; i++)
        rank = Math.max(rank, recorder.listed[i]?.rank ?? 0);
    },
    onCommands: (node: NodeId, commands) => {
      for (const { at, command } of commands) recordCommand(recorder, node, command, at);
    },
  };
  const end = tape.header.end?.at ?? NEVER;

  const remember = (): void => {
    const last = keyframes[keyframes.length - 1];
    if (last !== undefined && world.events - last.world.events < KEYFRAME_INPUTS) return;
    keyframes.push({ world: cloneWorld(world, program), recorder: clonePlain(recorder) });
    if (keyframes.length > MAX_KEYFRAMES) {
      for (let i = keyframes.length - 3; i > 0; i -= 2) keyframes.splice(i, 1);
    }
  };

  const step = (until: Time, frameUs: number | null): boolean => {
    const went = stepWorld(world, host, { until, frameUs, view: null });
    recorder.inputs = world.events;
    if (went) remember();
    return went;
  };

  const refreshViews = (view: ViewParams): void => {
    for (const [node, shown] of worldViews(world, program, view)) {
      const record = recorder.nodes.get(node);
      if (record !== undefined) record.view = shown;
    }
  };

  remember();
  return {
    now: () => world.fabric.now,
    end,
    run(limit, pauseAfterMs) {
      const stopAt = performance.now() + pauseAfterMs;
      for (;;) {
        for (let i = 0; i < SLICE_STEPS; i++) if (!step(Math.min(limit, end) as Time, null)) return true;
        if (performance.now() >= stopAt) return false;
      }
    },
    rewindTo(time) {
      let nearest: Keyframe | undefined;
      for (const keyframe of keyframes) if (keyframe.world.fabric.now <= time) nearest = keyframe;
      const isBehind = world.fabric.now > time;
      const helps = nearest !== undefined && nearest.world.fabric.now > world.fabric.now;
      if (nearest === undefined || (!isBehind && !helps)) return;
      world = cloneWorld(nearest.world, program);
      recorder = clonePlain(nearest.recorder);
    },
    stepForward(minRank) {
      for (;;) {
        rank = -1;
        const before = world.events;
        if (!step(end, 1)) return false;
        if (rank >= minRank || (minRank === 0 && world.events > before)) return true;
      }
    },
    cluster: spec.cluster,
    watch(condition) {
      refreshViews(defaultView);
      return makeWatch(condition, recorder);
    },
    runUntil(watch, limit, pauseAfterMs) {
      const stopAt = performance.now() + pauseAfterMs;
      if (lookOn(watch, [], recorder, world.fabric.now)) return 'found';
      for (let steps = 0; ; steps++) {
        const before = listedTotal(recorder);
        const went = step(limit, 1);
        const events = recorder.listed.slice(Math.max(0, before - recorder.firstIndex));
        if (lookOn(watch, events, recorder, world.fabric.now)) return 'found';
        if (!went) return 'limit';
        if (steps % SLICE_STEPS === 0 && performance.now() >= stopAt) return null;
      }
    },
    lastEventBefore(minRank) {
      for (let i = recorder.listed.length - 1; i >= 0; i--) {
        const event = recorder.listed[i];
        if (event !== undefined && event.rank >= minRank && event.at < world.fabric.now) return event.at;
      }
      return null;
    },
    frame(view, time) {
      refreshViews(view);
      return makePicture(world.fabric, recorder, {
        preset: tape.header.preset,
        time,
        failed: new Map(),
        describe: setup.describe,
      });
    },
    recorder: () => recorder,
    past: (query) => pastPicture(world.fabric, recorder, query, setup.describe),
    hash: () => worldHash(world),
    digests: () => worldDigests(world),
  };
}
