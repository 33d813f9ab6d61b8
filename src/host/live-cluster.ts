// The live cluster: drives the fabric and the nodes' ports window by window, exactly as the in-process world does.
//   1. new tape actions are durable before their window is released
//   2. a window's inputs go to each node that has work, all at once
//   3. each node commits what became durable, with its stamp, before it answers
//   4. only when all have answered are their messages passed on and client replies shown; those are stamped first
// At maximum speed windows run ahead of the disks, and 3 and the stamp of 4 are the durable cut's (durable-cut.ts).

import { assert, present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { isSame } from '../base/same-plain.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { type Recorder, recordCommand, recordEvents } from '../run-model/recorder/recorder.ts';
import { completeWindow, type FabricStep, inject, nextStep, takeEvents } from '../sim/fabric.ts';
import type { Edge, Fabric } from '../sim/fabric-state.ts';
import { makeMessageLog } from '../sim/message-log.ts';
import type { TapeAction, TapeTables } from '../sim/tape-actions.ts';
import { printLine } from '../sim/tape-print.ts';
import type { Lifecycle, OutReply, WindowAnswer, WindowRequest } from '../sim/types.ts';
import { familyWith, mergeByTime } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import type { Loss } from './databases.ts';
import { makeDurableCut } from './durable-cut.ts';
import type { LabStore } from './lab-store.ts';
import type { Kept, LiveKeyframes } from './live-keyframes.ts';
import { blame, codeFor, type NodeHost, type NodePort, visit } from './node-ports.ts';
import { randomId } from './random-id.ts';
import { isUndoable } from './undoable.ts';
import type { DiskPlace, Failpoint, Image, WorkerCode } from './worker-messages.ts';

export interface LiveParts {
  readonly fabric: Fabric;
  readonly recorder: Recorder;
  readonly program: string;
  readonly edge: Edge;
  readonly tape: TapeTables;
  readonly store: LabStore;
  readonly host: NodeHost;
  readonly placeOf: (node: NodeId) => DiskPlace;
  readonly failpoint: Failpoint | null;
  readonly onFenced: (why: Loss) => void;
  readonly keyframes: LiveKeyframes;
  /** Every disk has staged this cut: durable as the lab's when it resolves. */
  readonly decideCut: (turn: string, at: number) => Promise<void>;
}

/** What one step did. `idle`: nothing to do before the limit. */
export interface StepDone {
  readonly kind: FabricStep['kind'];
  /** Highest rank among the events it made, and the inputs worked off. */
  readonly rank: number;
  readonly inputs: number;
  readonly replies: readonly OutReply[];
}

export interface LiveCluster {
  readonly fabric: Fabric;
  readonly recorder: Recorder;
  /** Windows released, for measurements. */
  windows(): number;
  /** Puts actions on the tape, durably, at the next time not yet released. */
  tape(actions: readonly TapeAction[]): Promise<readonly TapedAction[]>;
  /** `isAhead`: the window need not be durable when it is over. */
  step(limits: {
    readonly until: Time;
    readonly frameUs: number | null;
    readonly isAhead: boolean;
  }): Promise<StepDone>;
  /** Null: all that has happened is durable. It rejects when that cannot be written. */
  pending(): Promise<void> | null;
  /** Between two windows: all that has happened is durable when it resolves. */
  settle(): Promise<void>;
  /** Asks the nodes that are up for their views, between windows: those that have done something since their last view. */
  refreshViews(params: ViewParams): Promise<void>;
  digests(): Promise<ReadonlyMap<NodeId, { readonly state: string; readonly disk: string }>>;
  /** Its nodes as a keyframe needs them, between windows. */
  kept(): Kept;
  /** Its nodes' ports go to another cluster. */
  release(): void;
  /** Nodes that are up already, and the disks of those that are down: of a run that takes another's place. */
  join(nodes: {
    readonly ports: ReadonlyMap<NodeId, NodePort>;
    readonly images: ReadonlyMap<NodeId, Image>;
  }): void;
  /**
   * Its run is over and its loop has ended. Resolves when each node that stood still has let go of its disk, so that its worker may be
   * another's; `gone` when no node has its disk open any more.
   */
  leave(): Promise<{ readonly gone: Promise<unknown> }>;
  /** Ends its workers, whatever they are at. Resolves when no node has its disk open any more. */
  dispose(): Promise<void>;
}

export interface TapedAction {
  readonly action: TapeAction;
  readonly requestId: string | null;
}

/** A cut writes every node's disk: with fifty of them the screen would wait a second for its picture. */
const AHEAD_NODES = 16;

const idleStep: StepDone = { kind: 'idle', rank: 0, inputs: 0, replies: [] };

export function makeLiveCluster(parts: LiveParts): LiveCluster {
  const { fabric, recorder, store, host } = parts;
  const ports = new Map<NodeId, NodePort>();
  const marks = new Map<NodeId, Image>();
  /** Disks of the nodes that are down. */
  const images = new Map<NodeId, Image>();
  const kept = (): Kept => ({ fabric, recorder, ports, images });
  fabric.traffic.log ??= makeMessageLog(fabric.now);
  let windows = 0;
  /** Nodes whose recorded view is of their newest state (a view depends on nothing else), and what was asked of them. */
  const current = new Set<NodeId>();
  let viewsAskedFor: ViewParams | null = null;
  const familyOf = familyWith(programOf(parts.program));
  /** Its nodes are another cluster's, or nobody's: no cut of its own is whole any more. */
  let isLeft = false;
  const cut = makeDurableCut(
    async (turn) => {
      assert(!isLeft, 'the nodes are this cluster’s');
      await Promise.all([...ports].map(([node, port]) => port.cut(turn).catch(blame(node))));
    },
    parts.decideCut,
    () => fabric.now,
    randomId(1),
  );

  const codeOf = (node: NodeId): WorkerCode =>
    codeFor(present(fabric.nodes.find(({ spec }) => spec.id === node)?.spec.roles, node));

  const perform = async (op: Lifecycle): Promise<void> => {
    current.delete(op.node);
    switch (op.kind) {
      case 'open': {
        const port = host.makePort(codeFor(op.config.roles), parts.onFenced);
        ports.set(op.node, port);
        images.delete(op.node);
        const { config, at, life } = op;
        await port.call<'open'>({
          kind: 'open',
          program: parts.program,
          config,
          place: parts.placeOf(op.node),
          at,
          life,
          failpoint: parts.failpoint,
        });
        return;
      }
      case 'crash': {
        const port = portOf(op.node);
        const left = await port.call<'crash'>({ kind: 'crash', at: op.at, mode: op.mode });
        images.set(op.node, left.image);
        parts.keyframes.takeIn(op.node, left.kept);
        ports.delete(op.node);
        await port.end();
        return;
      }
      case 'mark': {
        const port = ports.get(op.node);
        const image = port === undefined ? null : (await port.call<'image'>({ kind: 'image' })).image;
        if (image !== null) marks.set(op.node, image);
        return;
      }
      case 'restore': {
        const [place, image] = [parts.placeOf(op.node), marks.get(op.node) ?? []];
        await visit(host, codeOf(op.node), parts.onFenced, (port) =>
          port.call<'restore'>({ kind: 'restore', place, image, stamp: null }),
        );
        images.set(op.node, image);
        marks.delete(op.node);
        return;
      }
    }
  };

  const portOf = (node: NodeId): NodePort => present(ports.get(node), `port of ${node}`);

  /** Operations on one node stay in order; those on different nodes run side by side. */
  const performAll = async (ops: readonly Lifecycle[]): Promise<void> => {
    const lines = new Map<NodeId, Promise<void>>();
    for (const op of ops)
      lines.set(
        op.node,
        (lines.get(op.node) ?? Promise.resolve()).then(() => perform(op).catch(blame(op.node))),
      );
    await Promise.all(lines.values());
  };

  const runWindow = async (
    requests: ReadonlyMap<NodeId, WindowRequest>,
    isAhead: boolean,
  ): Promise<Map<NodeId, WindowAnswer>> => {
    const answers = new Map<NodeId, WindowAnswer>();
    await Promise.all(
      [...requests].map(async ([node, request]) => {
        const reply = await portOf(node)
          .call<'window'>({ kind: 'window', request, isAhead })
          .catch(blame(node));
        answers.set(node, reply.answer);
      }),
    );
    return answers;
  };

  const recordAnswer = (node: NodeId, answer: WindowAnswer): void => {
    const record = recorder.nodes.get(node);
    if (record === undefined) return;
    record.disk = { ...answer.disk, unsynced: answer.disk.unsynced ?? record.disk?.unsynced ?? [] };
    if (answer.view !== null) record.view = answer.view;
  };

  const refreshViews = async (params: ViewParams): Promise<void> => {
    assert(!fabric.isReleased, 'views are taken between windows');
    const request: WindowRequest = { until: fabric.now, deliveries: [], commands: [], view: params };
    if (!isSame(viewsAskedFor, params)) current.clear();
    viewsAskedFor = params;
    const silent = [...ports.keys()].filter((node) => !current.has(node));
    // Nothing becomes durable in it.
    const answers = await runWindow(new Map(silent.map((node) => [node, request])), true);
    for (const [node, answer] of answers) {
      recordAnswer(node, answer);
      current.add(node);
    }
  };

  const takePorts = (): readonly NodePort[] => {
    const all = [...ports.values()];
    isLeft = true;
    ports.clear();
    return all;
  };

  return {
    fabric,
    recorder,
    windows: () => windows,
    kept,
    release() {
      takePorts();
    },
    join(nodes) {
      for (const [node, port] of nodes.ports) ports.set(node, port);
      for (const [node, image] of nodes.images) images.set(node, image);
    },
    async tape(actions) {
      if (actions.some(isUndoable) && parts.keyframes.isDue()) {
        // So that the picture of it needs no node.
        if (viewsAskedFor !== null) await refreshViews(viewsAskedFor);
        await parts.keyframes.take(kept());
      }
      const taped = actions.map((action) => inject(fabric, action));
      await store.appendLines(taped.map(({ action }) => printLine(parts.tape, action)));
      return taped;
    },
    pending: cut.pending,
    settle: cut.settle,
    async step({ until, frameUs, isAhead: mayRunAhead }) {
      const isAhead = mayRunAhead && !host.memoryOnly && ports.size <= AHEAD_NODES;
      if (!isAhead) await cut.settle();
      const next = nextStep(fabric, parts, { until, frameUs, view: null });
      const ownEvents = takeEvents(fabric);
      recordEvents(known, recorder, ownEvents);
      const ownRank = ownEvents.length > 0 ? 3 : 0;
      if (next.kind === 'idle') return ownRank > 0 ? { ...idleStep, rank: ownRank } : idleStep;
      if (next.kind === 'lifecycle') {
        await cut.settle();
        await performAll(next.ops);
        return { kind: 'lifecycle', rank: ownRank, inputs: 0, replies: [] };
      }
      windows++;
      for (const [node, request] of next.requests) {
        current.delete(node);
        for (const { command, at } of request.commands) recordCommand(recorder, node, command, at);
      }
      const raw = await runWindow(next.requests, isAhead);
      // In the order of the nodes, not of their answers.
      const answers = new Map<NodeId, WindowAnswer>();
      for (const node of next.requests.keys()) answers.set(node, present(raw.get(node), `answer of ${node}`));
      const replies = mergeByTime(answers, (answer) => answer.replies);
      if (replies.length > 0 && !isAhead) await store.markShown(next.until);
      completeWindow(fabric, answers, familyOf);
      const events = mergeByTime(answers, (answer) => answer.trace);
      const before = recorder.firstIndex + recorder.listed.length;
      recordEvents(known, recorder, events);
      let inputs = 0;
      for (const [node, answer] of answers) {
        inputs += answer.events;
        recordAnswer(node, answer);
      }
      recorder.inputs += inputs;
      const fresh = recorder.listed.slice(Math.max(0, before - recorder.firstIndex));
      const rank = fresh.reduce((highest, event) => Math.max(highest, event.rank), ownRank);
      if (isAhead) cut.onWindow();
      return { kind: 'window', rank, inputs, replies };
    },
    refreshViews,
    async digests() {
      const found = new Map<NodeId, { readonly state: string; readonly disk: string }>();
      await Promise.all(
        fabric.nodes.map(async ({ spec: { id } }) => {
          const port = ports.get(id);
          if (port !== undefined) {
            found.set(id, await port.call<'digest'>({ kind: 'digest' }));
            return;
          }
          const { digest } = await visit(host, codeOf(id), parts.onFenced, (visitor) =>
            visitor.call<'inspect'>({ kind: 'inspect', place: parts.placeOf(id) }),
          );
          found.set(id, { state: '', disk: digest });
        }),
      );
      return found;
    },
    async leave() {
      const all = takePorts();
      await Promise.all(all.map((port) => port.leave()));
      return { gone: Promise.all(all.map((port) => port.end())) };
    },
    async dispose() {
      await Promise.all(takePorts().map((port) => port.end()));
    },
  };
}
