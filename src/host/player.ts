// Plays a tape in one process with memory disks: the review of the live cluster's past, an opened tape, a what-if twin.
// It can go anywhere: from the nearest keyframe it simulates again. Keyframes of the whole run are packed within a limit
// of memory (keyframe-cache); beside where it stands lie a few ready clones, so that one step back is quick.

import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { Predicate } from '../run-model/facts/fact.ts';
import { lookOn, makeWatch, type Watch } from '../run-model/facts/watch.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import { makePicture } from '../run-model/picture/picture.ts';
import { type Density, makeDensity } from '../run-model/recorder/density.ts';
import { type PastPicture, type PastQuery, pastPicture } from '../run-model/recorder/past.ts';
import {
  cloneRecorder,
  listedTotal,
  makeRecorder,
  type Recorder,
  recordCommand,
  recordEvents,
  takeListed,
} from '../run-model/recorder/recorder.ts';
import { inject } from '../sim/fabric.ts';
import type { Edge, Fabric } from '../sim/fabric-state.ts';
import type { VolumePages } from '../sim/fsck/volume-pages.ts';
import { type LoggedMessage, logBefore, loggedSince, makeMessageLog } from '../sim/message-log.ts';
import type { RunSetup } from '../sim/run-setup.ts';
import type { AnyProgram } from '../sim/runner-state.ts';
import type { StepNote } from '../sim/step-notes.ts';
import type { Tape } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { NEVER, type OutReply } from '../sim/types.ts';
import { makeWorld, stepWorld, type WorldHost, worldDigests, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf, runtimeOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { type KeyframeCache, makeKeyframeCache } from './keyframe-cache.ts';
import type { StoredWorld } from './stored-keyframe.ts';
import { samePast } from './tape-past.ts';
import {
  keyframeOf,
  type Lived,
  revive,
  snapshotOf,
  takeViews,
  type WorldSnapshot,
} from './world-snapshot.ts';

/** Inputs between two keyframes when new. */
const KEYFRAME_INPUTS = 7_000;
/** Inputs between two ready clones, and how many of them lie behind where the player stands: each costs a seek its time. */
const NEAR_INPUTS = 3_000;
const MAX_NEAR = 2;
/** Steps between two looks at the wall clock. */
const SLICE_STEPS = 100;
/** Virtual µs within which a step must find its event. */
const STEP_LIMIT_US = 60_000_000;

/** Memory that packed keyframes may take: within the 64 MB of P6. */
const CACHE_BYTES = 62_000_000;

/** Watermarks are all that a watch reads of the views. */
const defaultView: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };

interface Near {
  readonly time: Time;
  readonly inputs: number;
  readonly snapshot: WorldSnapshot;
}

export interface Player {
  readonly setup: RunSetup;
  readonly keyframes: KeyframeCache;
  now(): Time;
  /** End of the tape, or `NEVER` when it has none. */
  end(): Time;
  actions(): readonly TapeAction[];
  /**
   * Runs until a limit or until `pauseAfterMs` of wall time are used up; true when the limit was reached, or after a step that was the last one wanted.
   */
  run(limit: Time, pauseAfterMs: number, isDone?: () => boolean): boolean;
  /** What this run is at another time, come by otherwise: it goes on from there where that is nearer. */
  offer(world: StoredWorld): void;
  /** Goes back (or on) to the newest keyframe not after `time`. */
  rewindTo(time: Time): void;
  /** One instant further, to the next with an event of this rank or higher; false when there is none before the end. */
  stepForward(minRank: number): boolean;
  /** Time of the newest event of this rank or higher before now, or null when none is known. */
  lastEventBefore(minRank: number): Time | null;
  watch(condition: Predicate): Watch;
  /** On to the first instant at which it holds, or to the end; null when the slice of wall time is used up before. */
  runUntil(watch: Watch, limit: Time, pauseAfterMs: number): 'found' | 'limit' | null;
  /** Where it stands: its time, its nodes. */
  fabric(): Fabric;
  /** `failed`: nodes whose engine stopped, with the reason. */
  frame(view: ViewParams, failed?: ReadonlyMap<NodeId, string>): WorldFrame;
  recorder(): Recorder;
  /** Of the whole run as far as it was ever simulated, also when it was gone back in. */
  density(): Density;
  past(query: PastQuery): PastPicture;
  hash(): string;
  digests(): ReturnType<typeof worldDigests>;
  /** Of each volume that can be read as a whole where it stands. */
  pages(): readonly VolumePages[];
  /** Takes another tape with the same past; what lies after the first difference is forgotten. False: another run. */
  follow(tape: Tape): boolean;
  /** A person's action now: what the tape had from here on is dropped, the past stays. */
  act(action: TapeAction): { readonly action: TapeAction; readonly requestId: string };
  /** Called for every reply; a listener removes itself after its own. */
  readonly replyListeners: Set<(reply: OutReply) => void>;
  onEvents: ((events: readonly ListedEvent[]) => void) | null;
  /** Who follows traces is given what every node does; null: nobody does, and nodes note nothing. */
  followed: Followed | null;
  /** Where it stands, shared with nobody. */
  lived(): Lived;
  /** A player of its own that stands where this one stands, with the tape up to here and no end. */
  fork(cacheBytes: number): Player;
  /** Whether a hold keeps back this message, by the index of its sender. */
  isHeld(from: number, sequence: number): boolean;
  /** A player for looking through this run, at the newest keyframe not after `time`; it keeps no keyframes. */
  scratch(time: Time): Player;
  /** Takes back the actions from this place of the tape on, and stands before them. */
  takeBack(position: number): void;
}

/** What a trace is followed by. */
export interface Followed {
  onNotes(notes: readonly StepNote[], sentBefore: number): void;
  onCrash(node: NodeId, at: number): void;
  /** After each step. */
  onLogged(logged: readonly LoggedMessage[]): void;
}

export interface PlayerOptions {
  /** Memory for keyframes; 0 keeps none. */
  readonly cacheBytes?: number;
  /** Where it begins, when not at the start of its tape. */
  readonly from?: Lived;
}

const spanOf = ({ bucketUs, counts }: Density): number => bucketUs * counts.length;

const cloneOf = ({ recorder, ...rest }: WorldSnapshot): WorldSnapshot => ({
  ...clonePlain(rest),
  recorder: cloneRecorder(recorder),
});

/** A snapshot of its own, with all the events that the recorder lists. */
const cloneSnapshot = ({ world, recorder }: Lived): WorldSnapshot => cloneOf(snapshotOf(world, recorder));

export function makePlayer(setup: RunSetup, edge: Edge, options: PlayerOptions = {}): Player {
  const program: AnyProgram = programOf(setup.program);
  const { spec } = setup;
  const cacheBytes = options.cacheBytes ?? CACHE_BYTES;
  const keyframes = makeKeyframeCache(cacheBytes);
  let { header } = setup.tape;
  let near: Near[] = [];
  /** Where it has jumped to, or may, over a stretch of which it has no keyframes. */
  let offeredAt: Time | null = null;
  let { world, recorder } = options.from ?? {
    world: makeWorld<unknown, unknown>(spec),
    recorder: makeRecorder(known, spec.cluster, spec.params.lal),
  };
  let actions = world.fabric.tape;
  let rank = 0;
  let furthest: Density = makeDensity();
  /** A twin has no keyframe before its fork, and cannot go there. */
  const start = clonePlain(keyframeOf({ world, recorder }));

  const host: WorldHost<unknown, unknown> = {
    program,
    edge,
    tape: tapes,
    onTrace: (events) => {
      const before = listedTotal(recorder);
      recordEvents(known, recorder, events);
      const fresh = recorder.listed.slice(before - recorder.firstIndex);
      for (const event of fresh) if (event.rank > rank) rank = event.rank;
      player.onEvents?.(fresh);
    },
    onReply: (reply) => {
      for (const onReply of player.replyListeners) onReply(reply);
    },
    onCommands: (node: NodeId, commands) => {
      for (const { at, command } of commands) recordCommand(recorder, node, command, at);
    },
    get onNotes() {
      return player.followed?.onNotes;
    },
    onLifecycle: (op) => {
      if (op.kind === 'crash') player.followed?.onCrash(op.node, op.at);
      // What a node knew when it lost its power stays on its card.
      const runner = op.kind === 'crash' ? world.runners.get(op.node) : undefined;
      const record = recorder.nodes.get(op.node);
      if (runner !== undefined && record !== undefined)
        record.view = program.nodeView(runner.state, lastView);
    },
  };
  let lastView: ViewParams = { group: null, lsnWindow: null, span: 32, detail: true };

  const end = (): Time => header.end?.at ?? NEVER;

  world.fabric.traffic.log ??= makeMessageLog(world.fabric.now);

  /** Stands at a keyframe. Messages and events that are remembered from before it still hold. */
  const reviveHere = (snapshot: WorldSnapshot): void => {
    const before = recorder;
    furthest = player.density();
    const { log } = world.fabric.traffic;
    ({ world, recorder } = revive(snapshot, spec, actions, program));
    takeListed(recorder, before);
    world.fabric.traffic.log = logBefore(log, world.fabric.now);
  };

  const remember = (): void => {
    const last = keyframes.last();
    if (cacheBytes === 0 || world.events - (last?.inputs ?? start.events) < KEYFRAME_INPUTS) return;
    keyframes.add({ time: world.fabric.now, inputs: world.events }, keyframeOf({ world, recorder }));
  };

  /** Ready clones are made on the last stretch before where a run is to end only: from this many inputs on. */
  const nearFrom = (limit: number): number =>
    keyframes.inputsAt(limit, { time: world.fabric.now, inputs: world.events }) - NEAR_INPUTS * MAX_NEAR;

  const rememberNear = (from: number): void => {
    const last = near.at(-1);
    if (cacheBytes === 0 || world.events < from) return;
    if (last !== undefined && world.events - last.inputs < NEAR_INPUTS) return;
    const snapshot = cloneSnapshot({ world, recorder });
    near.push({ time: world.fabric.now, inputs: world.events, snapshot });
    if (near.length > MAX_NEAR) near.shift();
  };

  const step = (until: Time, frameUs: number | null): boolean => {
    const before = world.fabric.traffic.log?.next ?? 0;
    const went = stepWorld(world, host, { until, frameUs, view: null });
    const { log } = world.fabric.traffic;
    if (player.followed !== null && log !== null) player.followed.onLogged(loggedSince(log, before));
    recorder.inputs = world.events;
    if (went) remember();
    return went;
  };

  const rewindTo = (time: Time): void => {
    if (offeredAt !== null && time < offeredAt) {
      // Keyframes that it made from there on would keep it from making those on the way there.
      keyframes.dropAfter(offeredAt - 1);
      offeredAt = null;
    }
    near = near.filter((one) => one.time <= time);
    const ready = near.at(-1);
    const kept = keyframes.find(time);
    const isBehind = world.fabric.now > time;
    const best = Math.max(ready?.time ?? -1, kept?.time ?? -1);
    if (!isBehind && best <= world.fabric.now) return;
    if (ready !== undefined && ready.time >= best) reviveHere(cloneOf(ready.snapshot));
    else {
      near = [];
      reviveHere(kept === null ? clonePlain(start) : (keyframes.open(kept) as WorldSnapshot));
    }
  };

  const forgetAfter = (time: number): void => {
    keyframes.dropAfter(time);
    near = near.filter((one) => one.time <= time);
  };

  const player: Player = {
    /** With the header of the tape that is followed now: its marks and its end. */
    get setup() {
      return { ...setup, tape: { ...setup.tape, header } };
    },
    keyframes,
    replyListeners: new Set(),
    onEvents: null,
    followed: null,
    now: () => world.fabric.now,
    end,
    actions: () => actions,
    run(limit, pauseAfterMs, isDone = () => false) {
      const stopAt = performance.now() + pauseAfterMs;
      const from = nearFrom(limit);
      for (;;) {
        for (let i = 0; i < SLICE_STEPS; i++) {
          rememberNear(from);
          if (!step(limit, null) || isDone()) return true;
        }
        if (performance.now() >= stopAt) return false;
      }
    },
    offer(given) {
      const { now: time } = given.fabric;
      const { inputs } = given.recorder;
      if (world.events >= inputs) return;
      near = near.filter((one) => one.time < time).slice(1 - MAX_NEAR);
      near.push({ time, inputs, snapshot: { ...given, marks: new Map(), events: inputs, windows: 0 } });
      offeredAt = time;
    },
    rewindTo,
    stepForward(minRank) {
      const giveUpAt = Math.min(end(), world.fabric.now + STEP_LIMIT_US) as Time;
      rememberNear(world.events);
      for (;;) {
        rank = -1;
        const before = world.events;
        if (!step(giveUpAt, 1)) return false;
        if (rank >= minRank || (minRank === 0 && world.events > before)) return true;
      }
    },
    lastEventBefore(minRank) {
      for (let i = recorder.listed.length - 1; i >= 0; i--) {
        const event = recorder.listed[i];
        if (event !== undefined && event.rank >= minRank && event.at < world.fabric.now) return event.at;
      }
      return null;
    },
    fabric: () => world.fabric,
    watch(condition) {
      takeViews({ world, recorder }, program, defaultView);
      return makeWatch(known, condition, recorder);
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
    frame(view, failed = new Map()) {
      lastView = view;
      takeViews({ world, recorder }, program, view);
      return makePicture(known, world.fabric, recorder, {
        preset: header.preset,
        time: world.fabric.now,
        failed,
        describe: setup.describe,
      });
    },
    recorder: () => recorder,
    density: () => (spanOf(recorder.density) >= spanOf(furthest) ? recorder.density : furthest),
    past: (query) => pastPicture(world.fabric, recorder, query, setup.describe),
    hash: () => worldHash(world),
    digests: () => worldDigests(world),
    pages: () => runtimeOf(spec.cluster).pagesOf?.(world) ?? [],
    follow(tape) {
      const until = samePast({ header, actions }, tape);
      if (until === null) return false;
      header = tape.header;
      actions = [...tape.actions];
      forgetAfter(until - 1);
      if (world.fabric.now > until) {
        rewindTo(until);
      } else world.fabric.tape = actions;
      return true;
    },
    act(action) {
      forgetAfter(world.fabric.now);
      actions.splice(world.fabric.position);
      world.fabric.tape = actions;
      return inject(world.fabric, action);
    },
    lived: () =>
      revive(cloneSnapshot({ world, recorder }), spec, actions.slice(0, world.fabric.position), program),
    fork(cacheBytes) {
      const from = player.lived();
      const tape = { header: { ...header, end: null }, actions: from.world.fabric.tape };
      return makePlayer({ ...setup, tape }, edge, { cacheBytes, from });
    },
    scratch(time) {
      const kept = keyframes.find(time);
      const snapshot = kept === null ? clonePlain(start) : (keyframes.open(kept) as WorldSnapshot);
      const from = revive(snapshot, spec, [...actions], program);
      return makePlayer({ ...setup, tape: { header, actions } }, edge, { cacheBytes: 0, from });
    },
    isHeld: (from, sequence) =>
      world.fabric.traffic.held.some((flight) => flight.from === from && flight.sequence === sequence),
    takeBack(position) {
      const at = actions[position]?.at;
      if (at === undefined) return;
      actions.splice(position);
      forgetAfter(at - 1);
      if (world.fabric.now <= at && world.fabric.position <= position) return;
      rewindTo((at - 1) as Time);
      while (!player.run(at, Number.POSITIVE_INFINITY));
    },
  };
  return player;
}
