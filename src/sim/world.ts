// The in-process world: the fabric and every node's runner in one, at full speed. It serves simulation, replay, twins,
// sweeps and browsers that refuse workers. A world is plain data: clone it and both run on alike.

import { present } from '../base/assert.ts';
import { hashHex, hashText, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain, digestPlain } from '../base/plain.ts';
import type { NodeProgram } from '../core/kernel/door.ts';
import type { NodeView } from '../core/kernel/view.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { digestImage } from './digests.ts';
import { wholeImage } from './disk-snapshot.ts';
import { completeWindow, type Injected, inject, nextStep, type StepLimits, takeEvents } from './fabric.ts';
import { type Fabric, type FabricHost, makeFabric, nodeOf, type RunSpec } from './fabric-state.ts';
import { cloneRunner, crashRunner, openRunner, runWindow } from './node-runner.ts';
import type { NodeRunner, TracedProgram } from './runner-state.ts';
import type { StepNote } from './step-notes.ts';
import type { TapeAction } from './tape-actions.ts';
import type { FamilyOf } from './traffic.ts';
import {
  type Lifecycle,
  NEVER,
  type OutReply,
  type TimedCommand,
  type TracedEvent,
  type WindowAnswer,
} from './types.ts';

type Image = Map<string, Uint8Array>;

export interface World<State, Message> {
  readonly fabric: Fabric;
  /** Nodes that are up. */
  readonly runners: Map<NodeId, NodeRunner<State, Message>>;
  /** Disks of nodes that are down. */
  readonly images: Map<NodeId, Image>;
  /** Durable images that a coming power cut returns to. */
  readonly marks: Map<NodeId, Image>;
  /** Inputs worked off so far. */
  events: number;
  windows: number;
}

/** What never changes while a world runs, and is not part of it. */
export interface WorldHost<State, Message> extends FabricHost {
  readonly program: TracedProgram<State, Message>;
  /** Called with every trace event, window by window, in the order of nodes; monitors listen here. */
  readonly onTrace?: (events: readonly TracedEvent[]) => void;
  readonly onReply?: (reply: OutReply) => void;
  /** Called with what the tape does to a node in a window, before the window. */
  readonly onCommands?: (node: NodeId, commands: readonly TimedCommand[]) => void;
  /**
   * Called with what each node did in a window, and the number of messages that it had ever sent before, before they are on
   * their way. Nodes note nothing without it.
   */
  readonly onNotes?: ((notes: readonly StepNote[], sentBefore: number) => void) | undefined;
  /** Called before a node's life begins or ends: the last moment at which a node that crashes can be asked. */
  readonly onLifecycle?: (op: Lifecycle) => void;
}

export interface RunLimits {
  readonly until?: Time;
  /** Stops after the window in which this many inputs were worked off. */
  readonly events?: number;
  /** Longest window, µs: for tests and slow motion; never changes what happens. */
  readonly frameUs?: number;
  /** Asked after every window; true stops. */
  readonly stop?: () => boolean;
}

export function makeWorld<State, Message>(spec: RunSpec): World<State, Message> {
  return {
    fabric: makeFabric(spec),
    runners: new Map(),
    images: new Map(),
    marks: new Map(),
    events: 0,
    windows: 0,
  };
}

/** What the fabric asks of a node's power and disk, done to this world. */
export function perform<State, Message>(
  world: World<State, Message>,
  host: WorldHost<State, Message>,
  op: Lifecycle,
): void {
  const { runners, images, marks } = world;
  switch (op.kind) {
    case 'open': {
      const image = images.get(op.node) ?? new Map<string, Uint8Array>();
      images.delete(op.node);
      runners.set(op.node, openRunner(host.program, op.config, image, op.at, op.life));
      break;
    }
    case 'crash': {
      const runner = present(runners.get(op.node), 'the runner of a node that is up');
      crashRunner(host.program, runner, op.at, op.mode);
      images.set(op.node, wholeImage(runner.disk));
      runners.delete(op.node);
      break;
    }
    case 'mark': {
      const image = diskOf(world, op.node);
      const found = digestImage(image);
      if (found !== op.disk) {
        world.fabric.divergences.push(
          `${op.node}: disk ${found} at ${op.at} µs, its power cut stamped ${op.disk}`,
        );
      }
      marks.set(op.node, new Map(image));
      break;
    }
    case 'restore':
      images.set(op.node, marks.get(op.node) ?? new Map<string, Uint8Array>());
      marks.delete(op.node);
      break;
  }
}

/** Runs on until a limit; answers why it stopped. */
export function runWorld<State, Message>(
  world: World<State, Message>,
  host: WorldHost<State, Message>,
  limits: RunLimits,
): 'until' | 'events' | 'stopped' {
  const step: StepLimits = {
    until: limits.until ?? NEVER,
    frameUs: limits.frameUs ?? null,
    view: null,
  };
  const lastEvent = world.events + (limits.events ?? NEVER);
  for (;;) {
    if (!stepWorld(world, host, step)) return 'until';
    if (world.events >= lastEvent) return 'events';
    if (limits.stop?.()) return 'stopped';
  }
}

/** One fabric step; false when there is nothing to do before the limit. */
export function stepWorld<State, Message>(
  world: World<State, Message>,
  host: WorldHost<State, Message>,
  limits: StepLimits,
): boolean {
  const { fabric } = world;
  const next = nextStep(fabric, host, limits);
  const events = takeEvents(fabric);
  if (events.length > 0) host.onTrace?.(events);
  if (next.kind === 'idle') return false;
  if (next.kind === 'lifecycle') {
    for (const op of next.ops) {
      host.onLifecycle?.(op);
      perform(world, host, op);
    }
    return true;
  }
  const answers = new Map<NodeId, WindowAnswer>();
  for (const [node, request] of next.requests) {
    if (request.commands.length > 0) host.onCommands?.(node, request.commands);
    const runner = present(world.runners.get(node), 'the runner of a node that is up');
    const notes: StepNote[] | null = host.onNotes === undefined ? null : [];
    const answer = runWindow(host.program, runner, request, notes);
    if (notes !== null && notes.length > 0) host.onNotes?.(notes, sentBy(fabric, node));
    answers.set(node, answer);
    world.events += answer.events;
  }
  completeWindow(fabric, answers, familyWith(host.program));
  world.windows++;
  if (host.onTrace !== undefined) {
    const trace = mergeTraces(answers);
    if (trace.length > 0) host.onTrace(trace);
  }
  if (host.onReply !== undefined) {
    for (const reply of mergeByTime(answers, (answer) => answer.replies)) host.onReply(reply);
  }
  return true;
}

const sentBy = ({ indexOf, traffic }: Fabric, node: NodeId): number =>
  traffic.sentBy[indexOf.get(node) ?? -1] ?? 0;

/** Family of a frame in flight, for what the tape does to the next messages of one. */
export const familyWith =
  <State, Message>(program: NodeProgram<State, Message>): FamilyOf =>
  (bytes) =>
    program.familyOfFrame(bytes);

/** What a window's nodes answered, in the order (virtual time, node): the same however windows were cut. */
export function mergeByTime<T extends { readonly at: Time }>(
  answers: ReadonlyMap<NodeId, WindowAnswer>,
  itemsOf: (answer: WindowAnswer) => readonly T[],
): readonly T[] {
  const lists: (readonly T[])[] = [];
  for (const answer of answers.values()) {
    const items = itemsOf(answer);
    if (items.length > 0) lists.push(items);
  }
  if (lists.length < 2) return lists[0] ?? [];
  return mergeLists(lists);
}

/** Merges lists that are in order of time; at one time the earlier list comes first. */
function mergeLists<T extends { readonly at: Time }>(lists: readonly (readonly T[])[]): readonly T[] {
  const merged: T[] = [];
  const next = lists.map(() => 0);
  const nextAt = lists.map((list) => (list[0] as T).at as number);
  for (;;) {
    let first = 0;
    let limit: number = NEVER;
    for (let i = 1; i < lists.length; i++) {
      const at = nextAt[i] as number;
      if (at < (nextAt[first] as number)) {
        limit = nextAt[first] as number;
        first = i;
      } else if (at < limit) limit = at;
    }
    if (nextAt[first] === NEVER) return merged;
    const list = lists[first] as readonly T[];
    // All of this list up to where another begins: most inputs tell several events at one time.
    let at = next[first] as number;
    const start = (list[at] as T).at;
    do merged.push(list[at++] as T);
    while (at < list.length && ((list[at] as T).at === start || (list[at] as T).at < limit));
    next[first] = at;
    nextAt[first] = at < list.length ? (list[at] as T).at : NEVER;
  }
}

/** The trace of a window, all nodes together. */
export const mergeTraces = (answers: ReadonlyMap<NodeId, WindowAnswer>): readonly TracedEvent[] =>
  mergeByTime(answers, (answer) => answer.trace);

/** Adds an action at the next time not yet released. */
export const injectAction = (world: World<unknown, unknown>, action: TapeAction): Injected =>
  inject(world.fabric, action);

/** A twin that shares bytes and nothing else. */
export function cloneWorld<State, Message>(
  world: World<State, Message>,
  program: NodeProgram<State, Message>,
): World<State, Message> {
  const runners = new Map<NodeId, NodeRunner<State, Message>>();
  for (const [node, runner] of world.runners) runners.set(node, cloneRunner(program, runner));
  return {
    fabric: clonePlain(world.fabric),
    runners,
    images: clonePlain(world.images),
    marks: clonePlain(world.marks),
    events: world.events,
    windows: world.windows,
  };
}

/** The node's durable image, up or down. */
export function diskOf(world: World<unknown, unknown>, node: NodeId): ReadonlyMap<string, Uint8Array> {
  const runner = world.runners.get(node);
  return runner ? wholeImage(runner.disk) : (world.images.get(node) ?? new Map());
}

export interface NodeDigest {
  readonly node: NodeId;
  readonly life: number;
  readonly isUp: boolean;
  /** Running hash of this life. */
  readonly hash: string;
  /** Hash over the lives before. */
  readonly past: string;
  readonly state: string;
  readonly disk: string;
}

export function worldDigests(world: World<unknown, unknown>): NodeDigest[] {
  return world.fabric.nodes.map(({ spec, life, status, stamp, past }) => {
    const runner = world.runners.get(spec.id);
    return {
      node: spec.id,
      life,
      isUp: status === 'up',
      hash: stamp?.hash ?? '',
      past: hashHex(past),
      state: runner === undefined ? '' : digestPlain(runner.state),
      disk: digestImage(diskOf(world, spec.id)),
    };
  });
}

/** One number for everything that happened: nodes' hashes, states and disks. */
export function worldHash(world: World<unknown, unknown>): string {
  return hashDigests(worldDigests(world));
}

export function hashDigests(digests: readonly NodeDigest[]): string {
  const h = makeHash();
  for (const d of digests) {
    hashText(h, `${d.node} ${d.life} ${d.isUp} ${d.hash} ${d.past} ${d.state} ${d.disk}`);
  }
  return hashHex(h);
}

/** Every node's view at the world's time. */
export function worldViews<State, Message>(
  world: World<State, Message>,
  program: NodeProgram<State, Message>,
  params: ViewParams,
): Map<NodeId, NodeView> {
  const views = new Map<NodeId, NodeView>();
  for (const [node, runner] of world.runners) views.set(node, program.nodeView(runner.state, params));
  return views;
}

export const isUp = (world: World<unknown, unknown>, node: NodeId): boolean =>
  nodeOf(world.fabric, node).status === 'up';
