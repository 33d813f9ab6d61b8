// A cluster of the tests below the world: nodes, links of one latency with a filter, disks whose writes take one sync
// time and are lost whole at a crash. Messages travel as bytes. The real world is src/sim; this one only knows the door.

import { assert, present } from '../../../base/assert.ts';
import { type NodeId, nodeId, type Time } from '../../../base/ids.ts';
import { popQueue, pushQueue } from '../../../base/priority-queue.ts';
import { makePrng } from '../../../base/prng.ts';
import type { ClientResult } from '../client-calls.ts';
import type { ClusterSpec, NodeSpec } from '../cluster-spec.ts';
import { BOOT_TIMER, type Effect, type Input, type NodeProgram, type Write } from '../door.ts';
import type { Mutants } from '../mutants.ts';
import type { Params } from '../params.ts';
import { eventOfKind, type TraceEvent, type TraceKind, type TraceOf } from '../trace.ts';

const LINK_US = 300;
const SYNC_US = 200;
const READ_US = 100;
/** Inputs of one `run`; beyond it something never ends. */
const INPUT_LIMIT = 2_000_000;

type Body<Message> =
  | { readonly kind: 'deliver'; readonly from: NodeId; readonly bytes: Uint8Array }
  | {
      readonly kind: 'synced';
      readonly id: number;
      readonly writes: readonly Write[];
      readonly then: readonly Effect<Message>[];
    }
  | { readonly kind: 'read'; readonly id: number; readonly keys: readonly string[] }
  | { readonly kind: 'wake'; readonly timer: string };

interface Event<Message> {
  readonly at: number;
  readonly order: number;
  readonly node: NodeId;
  /** Life of the node that it is for; −1: any (messages). */
  readonly incarnation: number;
  readonly body: Body<Message>;
}

interface MiniNode<State> {
  readonly spec: NodeSpec;
  incarnation: number;
  state: State | null;
  readonly disk: Map<string, Uint8Array>;
  readonly timers: Map<string, number>;
  diskFreeAt: number;
}

export interface TracedAt {
  readonly at: number;
  readonly node: NodeId;
  readonly event: TraceEvent;
}

export interface MiniCluster<State, Message> {
  readonly program: NodeProgram<State, Message>;
  readonly spec: ClusterSpec;
  readonly params: Params;
  readonly mutants: Mutants;
  now: number;
  order: number;
  readonly nodes: Map<NodeId, MiniNode<State>>;
  readonly events: Event<Message>[];
  readonly trace: TracedAt[];
  readonly replies: Map<string, ClientResult>;
  /** Says which messages are lost. */
  loses: (from: NodeId, to: NodeId, message: Message) => boolean;
  /** Says which nodes' disks fail now: of a write that fails nothing is kept. */
  fails: (node: NodeId) => boolean;
}

export function makeMiniCluster<State, Message>(
  program: NodeProgram<State, Message>,
  spec: ClusterSpec,
  params: Params,
  mutants: Mutants = [],
): MiniCluster<State, Message> {
  const cluster: MiniCluster<State, Message> = {
    program,
    spec,
    params,
    mutants,
    now: 0,
    order: 0,
    nodes: new Map(),
    events: [],
    trace: [],
    replies: new Map(),
    loses: () => false,
    fails: () => false,
  };
  for (const one of spec.nodes) {
    const node = {
      spec: one,
      incarnation: 0,
      state: null,
      disk: new Map(),
      timers: new Map(),
      diskFreeAt: 0,
    };
    cluster.nodes.set(one.id, node);
    startMini(cluster, one.id);
  }
  return cluster;
}

const nodeOf = <State, Message>(cluster: MiniCluster<State, Message>, id: string): MiniNode<State> =>
  present(cluster.nodes.get(nodeId(id)), `node ${id}`);

export function startMini<State, Message>(cluster: MiniCluster<State, Message>, id: string): void {
  const node = nodeOf(cluster, id);
  assert(node.state === null, `${id} is running`);
  node.incarnation++;
  const { spec: own, disk } = node;
  const config = {
    nodeId: own.id,
    roles: own.roles,
    cluster: cluster.spec,
    params: cluster.params,
    prng: makePrng(1, own.id, node.incarnation),
    mutants: cluster.mutants,
  };
  node.state = cluster.program.openNode(config, new Map(disk));
  setTimer(cluster, node, BOOT_TIMER, cluster.now);
}

/** Everything not yet synced is gone, and so are timers. */
export function crashMini<State, Message>(cluster: MiniCluster<State, Message>, id: string): void {
  const node = nodeOf(cluster, id);
  node.state = null;
  node.incarnation++;
  node.timers.clear();
  node.diskFreeAt = cluster.now;
}

export function stateOf<State, Message>(cluster: MiniCluster<State, Message>, id: string): State {
  return present(nodeOf(cluster, id).state, `state of ${id}`);
}

/** Lets a node take an input from outside, now. */
export function inject<State, Message>(
  cluster: MiniCluster<State, Message>,
  id: string,
  input: Input<Message>,
): void {
  takeInput(cluster, nodeOf(cluster, id), input, []);
}

/** Hands a message to a node as if `from` had sent it. */
export function deliver<State, Message>(
  cluster: MiniCluster<State, Message>,
  from: string,
  to: string,
  message: Message,
): void {
  inject(cluster, to, { kind: 'message', now: cluster.now as Time, from: nodeId(from), message, traceId: 0 });
}

const byTime = (a: { at: number; order: number }, b: { at: number; order: number }): number =>
  a.at - b.at || a.order - b.order;

export function runMini<State, Message>(cluster: MiniCluster<State, Message>, untilUs: number): void {
  for (let inputs = 0; (cluster.events[0]?.at ?? untilUs) < untilUs; inputs++) {
    assert(inputs < INPUT_LIMIT, 'the run never ends');
    const event = present(popQueue(cluster.events, byTime), 'event');
    cluster.now = event.at;
    work(cluster, event);
  }
  cluster.now = untilUs;
}

/** Runs in small steps until the condition holds; the limit is a failure. */
export function runUntil<State, Message>(
  cluster: MiniCluster<State, Message>,
  limitUs: number,
  holds: () => boolean,
): void {
  const end = cluster.now + limitUs;
  while (!holds()) {
    assert(cluster.now < end, `not reached within ${limitUs} µs`);
    runMini(cluster, cluster.now + 100);
  }
}

function post<State, Message>(
  cluster: MiniCluster<State, Message>,
  at: number,
  node: MiniNode<State>,
  body: Body<Message>,
): void {
  const incarnation = body.kind === 'deliver' ? -1 : node.incarnation;
  pushQueue(cluster.events, { at, order: cluster.order++, node: node.spec.id, incarnation, body }, byTime);
}

function setTimer<State, Message>(
  cluster: MiniCluster<State, Message>,
  node: MiniNode<State>,
  timer: string,
  at: number | null,
): void {
  if (at === null) node.timers.delete(timer);
  else {
    node.timers.set(timer, at);
    post(cluster, at, node, { kind: 'wake', timer });
  }
}

function work<State, Message>(cluster: MiniCluster<State, Message>, event: Event<Message>): void {
  const node = nodeOf(cluster, event.node);
  if (node.state === null || (event.incarnation >= 0 && event.incarnation !== node.incarnation)) return;
  const now = cluster.now as Time;
  const { body } = event;
  switch (body.kind) {
    case 'deliver': {
      const decoded = cluster.program.decodeMessage(body.bytes);
      assert(!('error' in decoded), 'a message did not decode');
      const { message, traceId } = decoded;
      takeInput(cluster, node, { kind: 'message', now, from: body.from, message, traceId }, []);
      return;
    }
    case 'synced':
      if (cluster.fails(node.spec.id)) {
        takeInput(cluster, node, { kind: 'diskDone', now, id: body.id, error: 'EIO' }, []);
        return;
      }
      for (const { key, bytes } of body.writes)
        if (bytes) node.disk.set(key, bytes);
        else node.disk.delete(key);
      takeInput(cluster, node, { kind: 'diskDone', now, id: body.id, error: null }, body.then);
      return;
    case 'read': {
      const values = body.keys.map((key) => node.disk.get(key) ?? null);
      takeInput(cluster, node, { kind: 'readDone', now, id: body.id, values, error: null }, []);
      return;
    }
    case 'wake':
      if (node.timers.get(body.timer) !== event.at) return;
      node.timers.delete(body.timer);
      takeInput(cluster, node, { kind: 'wake', now, timer: body.timer }, []);
  }
}

function takeInput<State, Message>(
  cluster: MiniCluster<State, Message>,
  node: MiniNode<State>,
  input: Input<Message>,
  then: readonly Effect<Message>[],
): void {
  const effects = cluster.program.step(present(node.state, 'a running node'), input);
  for (const effect of [...effects, ...then]) carryOut(cluster, node, effect);
}

function carryOut<State, Message>(
  cluster: MiniCluster<State, Message>,
  node: MiniNode<State>,
  effect: Effect<Message>,
): void {
  const { id } = node.spec;
  switch (effect.kind) {
    case 'send': {
      if (cluster.loses(id, effect.to, effect.message)) return;
      const bytes = cluster.program.encodeMessage(effect.message, effect.traceId);
      post(cluster, cluster.now + LINK_US, nodeOf(cluster, effect.to), { kind: 'deliver', from: id, bytes });
      return;
    }
    case 'store':
      node.diskFreeAt = Math.max(node.diskFreeAt, cluster.now) + SYNC_US;
      post(cluster, node.diskFreeAt, node, { ...effect, kind: 'synced' });
      return;
    case 'read':
      post(cluster, cluster.now + READ_US, node, effect);
      return;
    case 'wakeAt':
      setTimer(cluster, node, effect.timer, effect.at === null ? null : Math.max(effect.at, cluster.now));
      return;
    case 'reply':
      cluster.replies.set(effect.requestId, effect.result);
      return;
    case 'trace':
      cluster.trace.push({ at: cluster.now, node: id, event: effect.event });
  }
}

export function miniTraces<K extends TraceKind>(
  cluster: { readonly trace: readonly TracedAt[] },
  kind: K,
): TraceOf<K>[] {
  return cluster.trace.flatMap(({ event }) => eventOfKind(event, kind) ?? []);
}
