// A node of the cluster: the roles of its configuration behind the one door (docs/architecture.md). It boots (the boot
// epoch is durable before the first message) and hands each input to the role it belongs to, to its agent or to its membership.
// Until the boot is durable messages are silently dropped; what a person asked waits (at most MAX_EARLY).
// What a step makes goes out at its end, but for what the node sends to itself: that is the next input of the same step.

import { assert, present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { checkQuorum } from '../quorum/quorum.ts';
import { AGENT, AGENT_TAG, type AgentPort, type AnyAgent } from './agent-module.ts';
import {
  firstRequest,
  type IdCounter,
  isOfOneLife,
  keptByName,
  type RoleContext,
  roleTagOfId,
  storeInto,
  trace,
} from './context.ts';
import {
  BOOT_TIMER,
  type DiskError,
  type DiskImage,
  type Effect,
  type Input,
  type NodeConfig,
  type NodeProgram,
} from './door.ts';
import { type AnyMember, type HeartbeatSource, MEMBER, type MemberPort } from './member-module.ts';
import { type FrameCodec, makeFrameCodec } from './message-frame.ts';
import { answeredBy, type MessageTable, receiverOf } from './message-table.ts';
import type { Message } from './messages.ts';
import { metricsOf } from './metrics.ts';
import { has, type Mutants } from './mutants.ts';
import { bootWrites, readBootEpoch } from './node-boot.ts';
import type { AnyRole, RoleModule } from './role.ts';
import type { NodeView, Role, RoleView } from './view.ts';
import type { ViewParams } from './view-params.ts';

/** Requests of people kept while the node boots; more are refused. */
const MAX_EARLY = 256;
/** A boot epoch that could not be made durable (disk full, failing) is tried again after this long. */
const BOOT_RETRY_US = 10_000;

export interface NodeState {
  readonly config: NodeConfig;
  readonly ids: IdCounter;
  /** Raised once if the metadata knows a higher one: the disk that had it is lost (F24, PCS-2). */
  bootEpoch: number;
  /** Store of the boot epoch, or −1. */
  bootStore: number;
  isBooted: boolean;
  /** The node's clock when it had booted. */
  bootedAt: Time;
  now: Time;
  early: Input<Message>[];
  /** State of the membership (member-module.ts); null at a node without one. */
  readonly member: unknown;
  /** State of the agent (agent-module.ts); null where the composition has none. */
  readonly settings: unknown;
  /** State of each role that the node hosts. */
  readonly parts: Readonly<Partial<Record<Role, unknown>>>;
  /** What the node sends to itself behind a store, by the store's id. */
  readonly own: Map<number, readonly Send[]>;
}

type Send = Extract<Effect<Message>, { readonly kind: 'send' }>;

/** What a kind of cluster is made of. Roles open and start in this order. */
export interface Composition {
  readonly roles: readonly AnyRole[];
  readonly messages: MessageTable;
  /** Keeps the configuration of the cluster on each node. */
  readonly agent?: AnyAgent;
  /** Absent: its nodes are members of nothing, and whoever is started takes part. */
  readonly member?: AnyMember;
}

/** The state of a role that the node may host. */
export const partOf = <S>(state: NodeState, role: RoleModule<S>): S | null =>
  (state.parts[role.name] as S | undefined) ?? null;

interface Program extends Composition {
  readonly byName: ReadonlyMap<string, AnyRole>;
  readonly byTag: readonly (AnyRole | undefined)[];
  readonly byCommand: ReadonlyMap<string, AnyRole>;
}

function compose(composition: Composition): Program {
  const { roles } = composition;
  const byTag: (AnyRole | undefined)[] = [];
  for (const role of roles) {
    assert(byTag[role.tag] === undefined, `tag ${role.tag} of ${role.name} is free`);
    byTag[role.tag] = role;
  }
  const byCommand = new Map(roles.flatMap((role) => role.commands.map((kind) => [kind, role] as const)));
  const byName = new Map(roles.map((role) => [role.name, role]));
  return { ...composition, byName, byTag, byCommand };
}

function openNode({ roles, agent, member }: Program, given: NodeConfig, disk: DiskImage): NodeState {
  const settings = agent?.open(given, disk) ?? null;
  const params = agent === undefined ? given.params : agent.params(settings as never);
  const config = params === given.params ? given : { ...given, params };
  for (const { id, replicas, vw, vr } of config.cluster.groups)
    assert(checkQuorum(replicas.length, vw, vr) === null, `E_BAD_QUORUM: ${id}`);
  const bootEpoch = readBootEpoch(disk, config.mutants) + 1;
  const hosted = roles.filter(({ name }) => config.roles.includes(name));
  return {
    config,
    ids: { next: 1, requests: firstRequest(numbersFrom(config.mutants, bootEpoch)) },
    bootEpoch,
    bootStore: -1,
    isBooted: false,
    bootedAt: 0 as Time,
    now: 0 as Time,
    early: [],
    member: member?.open(config, disk) ?? null,
    settings,
    parts: Object.fromEntries(hosted.map(({ name, open }) => [name, open(config, disk, bootEpoch)])),
    own: new Map(),
  };
}

function step(program: Program, state: NodeState, input: Input<Message>): Effect<Message>[] {
  const effects: Effect<Message>[] = [];
  state.now = input.now;
  if (state.isBooted) dispatch(program, state, input, effects);
  else stepBooting(program, state, input, effects);
  if (input.kind === 'diskDone') takeBehind(state, input, effects);
  return state.isBooted ? deliverOwn(program, state, effects) : effects;
}

const contextOf = (
  state: NodeState,
  { name, tag }: AnyRole,
  effects: Effect<Message>[],
  traceId = 0,
): RoleContext => ({ now: state.now, role: name, tag, scope: '', ids: state.ids, effects, traceId });

const isOwn = (state: NodeState, effect: Effect<Message>): effect is Send =>
  effect.kind === 'send' && effect.to === state.config.nodeId;

/**
 * What a node sends to itself does not leave it, and no fault of the network meets it: it is dispatched after what was made before it,
 * and makes more. All else goes out. Behind a store it waits for the store like every promise, and is lost with it.
 */
function deliverOwn(program: Program, state: NodeState, made: Effect<Message>[]): Effect<Message>[] {
  const from = state.config.nodeId;
  const out: Effect<Message>[] = [];
  for (const effect of made)
    if (isOwn(state, effect)) {
      const { message, traceId } = effect;
      dispatch(program, state, { kind: 'message', now: state.now, from, message, traceId }, made);
    } else out.push(effect.kind === 'store' ? keepBehind(state, effect) : effect);
  return out;
}

type Store = Extract<Effect<Message>, { readonly kind: 'store' }>;

function keepBehind(state: NodeState, store: Store): Store {
  const behind = store.then.filter((effect) => isOwn(state, effect));
  if (behind.length === 0) return store;
  state.own.set(store.id, behind as Send[]);
  const then = store.then.filter((effect) => !isOwn(state, effect));
  return { ...store, then };
}

/** The store is over: what the node sent to itself behind it, if it has succeeded. */
function takeBehind(
  { own }: NodeState,
  { id, error }: Extract<Input<Message>, { kind: 'diskDone' }>,
  effects: Effect<Message>[],
): void {
  const behind = own.get(id);
  if (behind === undefined) return;
  own.delete(id);
  if (error === null) effects.push(...behind);
}

function agentPort(program: Program, state: NodeState, effects: Effect<Message>[]): AgentPort {
  const parts = program.roles.filter(({ name }) => state.parts[name] !== undefined);
  const partOfRole = ({ name }: AnyRole) => state.parts[name] as never;
  return {
    ctx: { now: state.now, role: AGENT, tag: AGENT_TAG, scope: '', ids: state.ids, effects, traceId: 0 },
    bootEpoch: state.bootEpoch,
    configure: (params) => {
      for (const role of parts) role.configure?.(partOfRole(role), params);
    },
    dump: () => parts.flatMap((role) => statsOf(role.view(partOfRole(role), DUMPED, state.now))),
    metrics: () => parts.flatMap((role) => metricsOf(role.view(partOfRole(role), DUMPED, state.now))),
    drain: () => {
      const left = parts.flatMap(
        (role) => role.drain?.(partOfRole(role), contextOf(state, role, effects)) ?? [],
      );
      return left.length === 0 ? null : left.reduce((sum, one) => sum + one, 0);
    },
  };
}

/** What a dump shows of a role: its view without lists. */
const DUMPED: ViewParams = { group: null, lsnWindow: null, span: 0, detail: false };
const statsOf = (view: RoleView): (readonly [string, string])[] =>
  Object.entries(view).flatMap(([name, value]: [string, unknown]) =>
    name === 'role' || (typeof value === 'object' && value !== null)
      ? []
      : [[`${view.role}.${name}`, String(value)] as const],
  );

function stepAgent(
  program: Program,
  state: NodeState,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  const begin = effects.length;
  program.agent?.step(state.settings as never, input, agentPort(program, state, effects));
  routeFrom(program, state, effects, begin);
}

function stepMember(
  program: Program,
  state: NodeState,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  if (state.member === null) return;
  const begin = effects.length;
  program.member?.step(state.member as never, input, memberPort(program, state, effects));
  routeFrom(program, state, effects, begin);
}

/** Messages that were sent from `begin` on go where the membership says. */
function routeFrom(
  { member, messages }: Program,
  state: NodeState,
  effects: Effect<Message>[],
  begin: number,
): void {
  if (member === undefined || state.member === null) return;
  for (let i = begin; i < effects.length; i++) {
    const effect = effects[i] as Effect<Message>;
    if (effect.kind !== 'send') continue;
    const to = member.route(state.member as never, effect.to, effect.message, messages);
    if (to !== effect.to) effects[i] = { ...effect, to };
  }
}

/** What belongs to the node and to none of its roles goes under the first. */
const nodeContext = ({ byName }: Program, state: NodeState, effects: Effect<Message>[]): RoleContext =>
  contextOf(state, present(byName.get(state.config.roles[0] ?? ''), 'a role'), effects);

function stepBooting(
  program: Program,
  state: NodeState,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  if (input.kind === 'wake' && input.timer === BOOT_TIMER)
    state.bootStore = storeInto(
      nodeContext(program, state, effects),
      'recovery',
      bootWrites(state.bootEpoch, state.config.mutants),
    );
  else if (input.kind === 'diskDone' && input.id === state.bootStore)
    onBootStored(program, state, effects, input.error);
  else if (input.kind === 'clientRequest' || input.kind === 'operatorCommand') {
    if (state.early.length < MAX_EARLY) state.early.push(input);
    else if (input.kind === 'clientRequest') refuse(effects, input.requestId, 'the node is starting');
  }
}

function onBootStored(
  program: Program,
  state: NodeState,
  effects: Effect<Message>[],
  error: DiskError | null,
): void {
  state.bootStore = -1;
  if (error !== null) {
    effects.push({ kind: 'trace', event: { kind: 'disk.error', error } });
    effects.push({ kind: 'wakeAt', timer: BOOT_TIMER, at: (state.now + BOOT_RETRY_US) as Time });
    return;
  }
  state.isBooted = true;
  state.bootedAt = state.now;
  const { bootEpoch, member } = state;
  const boot = { bootEpoch, beats: member !== null };
  trace(nodeContext(program, state, effects), { kind: 'node.boot', bootEpoch });
  for (const role of program.roles) {
    const part = state.parts[role.name] as never;
    const begin = effects.length;
    if (part !== undefined) role.start(part, contextOf(state, role, effects), boot);
    if (!role.namesNodes) routeFrom(program, state, effects, begin);
  }
  const begin = effects.length;
  program.agent?.start(state.settings as never, agentPort(program, state, effects));
  if (member !== null) program.member?.start(member as never, memberPort(program, state, effects));
  routeFrom(program, state, effects, begin);
  for (const input of state.early.splice(0)) dispatch(program, state, { ...input, now: state.now }, effects);
}

function refuse(effects: Effect<Message>[], requestId: string, message: string): void {
  effects.push({
    kind: 'reply',
    requestId,
    result: {
      outcome: 'error',
      statements: [{ kind: 'error', sqlstate: '57P03', message, position: null }],
      scn: -1,
    },
  });
}

const memberPort = (program: Program, state: NodeState, effects: Effect<Message>[]): MemberPort => ({
  ctx: nodeContext(program, state, effects),
  node: state,
  sources: () => heartbeatSources(program, state, effects),
});

/** Of the roles that take part in heartbeats. */
const heartbeatSources = (
  { roles }: Program,
  state: NodeState,
  effects: Effect<Message>[],
): HeartbeatSource[] =>
  roles.flatMap((role) => {
    const part = state.parts[role.name];
    if (role.heartbeat === undefined || part === undefined) return [];
    return [{ part: role.heartbeat, state: part as never, ctx: contextOf(state, role, effects) }];
  });

const numbersFrom = (mutants: Mutants, bootEpoch: number): number =>
  has(mutants, 'node.numbers-begin-anew') ? 1 : bootEpoch;

/** FENCE-59: the answer to a request of an earlier life of this node. */
function isOfEarlierLife({ messages }: Program, { ids }: NodeState, message: Message): boolean {
  const number = answeredBy(messages, message);
  return number !== null && !isOfOneLife(number, ids.requests);
}

function dispatch(
  program: Program,
  state: NodeState,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  switch (input.kind) {
    case 'message': {
      const { message } = input;
      if (isOfEarlierLife(program, state, message)) {
        trace(nodeContext(program, state, effects), {
          kind: 'answer.late',
          answer: message.kind,
          from: input.from,
        });
        break;
      }
      if (program.member?.hears.includes(message.kind)) stepMember(program, state, input, effects);
      const receiver = receiverOf(program.messages, message);
      if (receiver === AGENT) stepAgent(program, state, input, effects);
      else stepRole(program, state, program.byName.get(receiver), input, effects, input.traceId);
      break;
    }
    case 'diskDone':
      if (state.member !== null && program.member?.owns(state.member as never, input.id))
        stepMember(program, state, input, effects);
      else if (roleTagOfId(input.id) === AGENT_TAG) stepAgent(program, state, input, effects);
      else stepRole(program, state, program.byTag[roleTagOfId(input.id)], input, effects);
      break;
    case 'readDone':
      stepRole(program, state, program.byTag[roleTagOfId(input.id)], input, effects);
      break;
    case 'wake':
      wakeRole(program, state, input, effects);
      break;
    case 'clientRequest': {
      const role = program.roles.find(
        ({ name, takesStatements }) => takesStatements && state.parts[name] !== undefined,
      );
      if (role) stepRole(program, state, role, input, effects);
      else refuse(effects, input.requestId, 'this node takes no statements');
      break;
    }
    case 'operatorCommand':
      if (program.agent?.commands.includes(input.command.kind)) stepAgent(program, state, input, effects);
      else stepRole(program, state, program.byCommand.get(input.command.kind), input, effects);
      break;
    case 'stop':
      for (const role of program.roles) if (role.savesAtStop) stepRole(program, state, role, input, effects);
  }
}

/** Timers are named `<role>:<name>` (context.ts). */
const splitTimer = keptByName((timer) => {
  const colon = timer.indexOf(':');
  return { role: timer.slice(0, colon), name: timer.slice(colon + 1) };
});

function wakeRole(
  program: Program,
  state: NodeState,
  { kind, now, timer }: Extract<Input<Message>, { kind: 'wake' }>,
  effects: Effect<Message>[],
): void {
  const { role, name } = splitTimer(timer);
  const woken = { kind, now, timer: name };
  if (role === MEMBER) stepMember(program, state, woken, effects);
  else if (role === AGENT) stepAgent(program, state, woken, effects);
  else stepRole(program, state, program.byName.get(role), woken, effects);
}

/** Without effect where the node does not host the role. */
function stepRole(
  program: Program,
  state: NodeState,
  role: AnyRole | undefined,
  input: Input<Message>,
  effects: Effect<Message>[],
  traceId = 0,
): void {
  const part = role && (state.parts[role.name] as undefined);
  if (!role || part === undefined) return;
  const begin = effects.length;
  role.step(part, input, contextOf(state, role, effects, traceId));
  if (!role.namesNodes) routeFrom(program, state, effects, begin);
}

const nodeView = ({ byName, agent }: Program, state: NodeState, params: ViewParams): NodeView => ({
  node: state.config.nodeId,
  now: state.now,
  ...(params.metadata !== undefined && agentPart(agent, state)),
  roles: state.config.roles.flatMap((name) => {
    const role = byName.get(name);
    return role ? [role.view(state.parts[name] as never, params, state.now)] : [];
  }),
});

function agentPart(agent: AnyAgent | undefined, state: NodeState): Pick<NodeView, 'agent'> {
  const view = agent?.view(state.settings as never) ?? null;
  return view === null ? {} : { agent: view };
}

/** The program of the nodes of a kind of cluster. */
export function makeNodeProgram(composition: Composition): NodeProgram<NodeState, Message> {
  const program = compose(composition);
  return {
    openNode: (config, disk) => openNode(program, config, disk),
    step: (state, input) => step(program, state, input),
    adopt: (state) => state,
    nodeView: (state, params) => nodeView(program, state, params),
    // A node is only ever sent messages of its own table.
    ...(makeFrameCodec(composition.messages) as unknown as FrameCodec<Message>),
  };
}
