// A node of the cluster: the roles of its configuration behind the one door (docs/architecture.md). It boots (the boot
// epoch is durable before the first message), hands each input to the role it belongs to, and lets its agent beat.
// Until the boot is durable messages are silently dropped; what a person asked waits (at most MAX_EARLY).

import { assert, present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { type IdCounter, keptByName, type RoleContext, roleTagOfId, storeWrites, trace } from './context.ts';
import {
  BOOT_TIMER,
  type DiskError,
  type DiskImage,
  type Effect,
  type Input,
  type NodeConfig,
  type NodeProgram,
  type Role,
  type ViewParams,
} from './door.ts';
import { checkQuorum } from './membership.ts';
import { type FrameCodec, makeFrameCodec } from './message-frame.ts';
import { type MessageTable, receiverOf } from './message-table.ts';
import type { Message } from './messages.ts';
import {
  type AgentState,
  BEAT_TIMER,
  beginBeat,
  type HeartbeatSource,
  onBeatOk,
  onNotLeader,
  onRaised,
  openAgent,
  sendBeat,
  sendToLeader,
} from './node-agent.ts';
import { bootWrites, readBootEpoch } from './node-boot.ts';
import type { AnyRole, RoleModule } from './role.ts';
import type { NodeView } from './view.ts';

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
  readonly agent: AgentState | null;
  /** State of each role that the node hosts. */
  readonly parts: Readonly<Partial<Record<Role, unknown>>>;
}

/** What a kind of cluster is made of. Roles open and start in this order. */
export interface Composition {
  readonly roles: readonly AnyRole[];
  readonly messages: MessageTable;
}

/** The state of a role that the node may host. */
export const partOf = <S>(state: NodeState, role: RoleModule<S>): S | null =>
  (state.parts[role.name] as S | undefined) ?? null;

interface Program extends Composition {
  readonly byName: ReadonlyMap<string, AnyRole>;
  readonly byTag: readonly (AnyRole | undefined)[];
  readonly byCommand: ReadonlyMap<string, AnyRole>;
}

function compose({ roles, messages }: Composition): Program {
  const byTag: (AnyRole | undefined)[] = [];
  for (const role of roles) {
    assert(byTag[role.tag] === undefined, `tag ${role.tag} of ${role.name} is free`);
    byTag[role.tag] = role;
  }
  const byCommand = new Map(roles.flatMap((role) => role.commands.map((kind) => [kind, role] as const)));
  return { roles, messages, byName: new Map(roles.map((role) => [role.name, role])), byTag, byCommand };
}

function openNode({ roles }: Program, config: NodeConfig, disk: DiskImage): NodeState {
  for (const { id, replicas, vw, vr } of config.cluster.groups)
    assert(checkQuorum(replicas.length, vw, vr) === null, `E_BAD_QUORUM: ${id}`);
  const bootEpoch = readBootEpoch(disk, config.broken) + 1;
  const hosted = roles.filter(({ name }) => config.roles.includes(name));
  return {
    config,
    ids: { next: 1 },
    bootEpoch,
    bootStore: -1,
    isBooted: false,
    bootedAt: 0 as Time,
    now: 0 as Time,
    early: [],
    agent: openAgent(config),
    parts: Object.fromEntries(hosted.map(({ name, open }) => [name, open(config, disk, bootEpoch)])),
  };
}

function step(program: Program, state: NodeState, input: Input<Message>): Effect<Message>[] {
  const effects: Effect<Message>[] = [];
  state.now = input.now;
  if (state.isBooted) dispatch(program, state, input, effects);
  else stepBooting(program, state, input, effects);
  if (state.agent !== null) sendToLeader(state.agent, effects);
  return effects;
}

const contextOf = (
  state: NodeState,
  { name, tag }: AnyRole,
  effects: Effect<Message>[],
  traceId = 0,
): RoleContext => ({ now: state.now, role: name, tag, scope: '', ids: state.ids, effects, traceId });

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
    state.bootStore = storeWrites(nodeContext(program, state, effects), bootWrites(state.bootEpoch));
  else if (input.kind === 'diskDone' && input.id === state.bootStore)
    onBootStored(program, state, effects, input.error);
  else if (input.kind === 'clientRequest' || input.kind === 'agentCommand') {
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
  const { bootEpoch, agent } = state;
  const boot = { bootEpoch, beats: agent !== null };
  trace(nodeContext(program, state, effects), { kind: 'node.boot', bootEpoch });
  for (const role of program.roles) {
    const part = state.parts[role.name] as never;
    if (part !== undefined) role.start(part, contextOf(state, role, effects), boot);
  }
  beat(program, state, effects);
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

function heartbeatSource(
  { roles }: Program,
  state: NodeState,
  effects: Effect<Message>[],
): HeartbeatSource | null {
  const role = roles.find(
    ({ name, heartbeat }) => heartbeat !== undefined && state.parts[name] !== undefined,
  );
  if (role?.heartbeat === undefined) return null;
  return {
    part: role.heartbeat,
    state: state.parts[role.name] as never,
    ctx: contextOf(state, role, effects),
  };
}

function beat(program: Program, state: NodeState, effects: Effect<Message>[]): void {
  const { agent } = state;
  if (agent === null) return;
  beginBeat(agent);
  sendOneBeat(program, state, agent, effects);
  effects.push({ kind: 'wakeAt', timer: BEAT_TIMER, at: (state.now + agent.beatUs) as Time });
}

function sendOneBeat(
  program: Program,
  state: NodeState,
  agent: AgentState,
  effects: Effect<Message>[],
): void {
  const source = heartbeatSource(program, state, effects);
  sendBeat(agent, nodeContext(program, state, effects), state, source);
}

function dispatch(
  program: Program,
  state: NodeState,
  input: Input<Message>,
  effects: Effect<Message>[],
): void {
  const { agent } = state;
  switch (input.kind) {
    case 'message': {
      const { message } = input;
      if (message.kind === 'NodeBeatOk' && agent !== null) {
        const source = heartbeatSource(program, state, effects);
        onBeatOk(agent, nodeContext(program, state, effects), state, source, input.from, message);
      } else if (message.kind === 'NotLeader' && agent !== null) {
        const isNamed = onNotLeader(agent, input.from, message);
        if (isNamed) sendOneBeat(program, state, agent, effects);
      }
      stepRole(
        state,
        program.byName.get(receiverOf(program.messages, message)),
        input,
        effects,
        input.traceId,
      );
      break;
    }
    case 'diskDone':
      if (agent?.raise && input.id === agent.raise.store) {
        const source = heartbeatSource(program, state, effects);
        onRaised(agent, nodeContext(program, state, effects), state, source, input.error);
      } else stepRole(state, program.byTag[roleTagOfId(input.id)], input, effects);
      break;
    case 'readDone':
      stepRole(state, program.byTag[roleTagOfId(input.id)], input, effects);
      break;
    case 'wake':
      if (input.timer === BEAT_TIMER) beat(program, state, effects);
      else wakeRole(program, state, input, effects);
      break;
    case 'clientRequest': {
      const role = program.roles.find(
        ({ name, takesStatements }) => takesStatements && state.parts[name] !== undefined,
      );
      if (role) stepRole(state, role, input, effects);
      else refuse(effects, input.requestId, 'this node takes no statements');
      break;
    }
    case 'agentCommand':
      stepRole(state, program.byCommand.get(input.command.kind), input, effects);
      break;
    case 'stop':
      for (const role of program.roles) if (role.savesAtStop) stepRole(state, role, input, effects);
  }
}

/** Timers are named `<role>:<name>` (context.ts). */
const splitTimer = keptByName((timer) => {
  const colon = timer.indexOf(':');
  return { role: timer.slice(0, colon), name: timer.slice(colon + 1) };
});

function wakeRole(
  { byName }: Program,
  state: NodeState,
  { kind, now, timer }: Extract<Input<Message>, { kind: 'wake' }>,
  effects: Effect<Message>[],
): void {
  const { role, name } = splitTimer(timer);
  stepRole(state, byName.get(role), { kind, now, timer: name }, effects);
}

/** Without effect where the node does not host the role. */
function stepRole(
  state: NodeState,
  role: AnyRole | undefined,
  input: Input<Message>,
  effects: Effect<Message>[],
  traceId = 0,
): void {
  const part = role && (state.parts[role.name] as undefined);
  if (role && part !== undefined) role.step(part, input, contextOf(state, role, effects, traceId));
}

const nodeView = ({ byName }: Program, state: NodeState, params: ViewParams): NodeView => ({
  node: state.config.nodeId,
  roles: state.config.roles.flatMap((name) => {
    const role = byName.get(name);
    return role ? [role.view(state.parts[name] as never, params, state.now)] : [];
  }),
});

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
