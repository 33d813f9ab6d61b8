// The agent's configuration (docs/spec/agents.md PCS-90 to PCS-92): a version is applied after the one before it and is durable before it is
// acknowledged, what came before is acknowledged again, a gap is asked for. Until a first version comes the agent sends, writes and
// waits for nothing. One write is under way at a time; what comes meanwhile comes again.

import { type Infer, struct, uint } from '../../base/codec.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import type { AgentModule, AgentPort } from '../kernel/agent-module.ts';
import type { AgentView } from '../kernel/agent-view.ts';
import { type RoleContext, send, storeWrites, trace, wakeAt } from '../kernel/context.ts';
import type { DiskError, DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { Role } from '../kernel/view.ts';
import { answerAsk } from './commands.ts';
import { numberKey } from './keys.ts';
import {
  type Configuration,
  configurationCodec,
  effectiveOf,
  noConfiguration,
  nodeScope,
  paramsWith,
  type Setting,
  sumOf,
  withSetting,
} from './settings.ts';

/** One value after the other in turn: while one is written, the one before it stays as it was acknowledged, whatever a crash leaves of the new one. */
const CONFIG_KEYS = ['node/config/a', 'node/config/b'] as const;
const VERSION = 2;
/** `order`: how often the node has stored one; a person's edit keeps the version (PCS-91). */
const storedCodec = struct({ order: uint, config: configurationCodec });
type Stored = Infer<typeof storedCodec>;
const REPORT_TIMER = 'report';
/** Heartbeats between two reports of what the agent has: agentReportMs of presets.md. */
export const REPORT_BEATS = 10;
/** Metrics of one report. */
const MAX_METRICS = 512;

type HandEdit = Pick<Setting, 'key' | 'value'>;

export interface AgentState {
  readonly nodeId: NodeId;
  readonly roles: readonly Role[];
  readonly metas: readonly NodeId[];
  readonly mutants: Mutants;
  /** Built-in values: the last precedence of PCS-92. */
  readonly base: Params;
  readonly reportUs: number;
  config: Configuration;
  /** Of what the disk holds; 0: nothing. */
  order: number;
  /** Its sum, and the values that the node opened with. */
  sum: number;
  readonly opened: Params;
  storing: { readonly id: number; readonly next: Configuration } | null;
  /** A person's edits that came meanwhile. */
  readonly edits: HandEdit[];
  /** The newest term that commanded, and who leads in it. */
  term: number;
  leader: NodeId | null;
  isDamaged: boolean;
  isDrained: boolean;
  /** The node's clock when it had booted, and reports of this life. */
  incarnation: number;
  reports: number;
}

const coverageOf = (mutants: Mutants) => (has(mutants, 'agent.sum-forgets-last') ? 'butLast' : 'whole');

export const sealConfig = (stored: Stored, mutants: Mutants): Uint8Array =>
  sealWith(storedCodec, VERSION, stored, coverageOf(mutants));
export const openConfig = (bytes: Uint8Array, mutants: Mutants) =>
  openWith(storedCodec, VERSION, bytes, coverageOf(mutants));

const keyOf = (order: number): string => CONFIG_KEYS[order % CONFIG_KEYS.length] ?? CONFIG_KEYS[0];

function openAgent({ nodeId, roles, cluster, params, mutants }: NodeConfig, disk: DiskImage): AgentState {
  const copies = CONFIG_KEYS.flatMap((key) => {
    const bytes = disk.get(key);
    return bytes ? [openConfig(bytes, mutants)] : [];
  });
  const whole = copies.flatMap((copy) => (copy.ok ? [copy.value] : [])).sort((a, b) => b.order - a.order);
  const { order, config } = whole[0] ?? { order: 0, config: noConfiguration };
  return {
    nodeId,
    roles,
    metas: cluster.nodes.filter((node) => node.roles.includes('meta')).map(({ id }) => id),
    mutants,
    base: params,
    reportUs: params.nodeHeartbeatMs * 1000 * REPORT_BEATS,
    config,
    order,
    sum: sumOf(config),
    opened: paramsWith(params, effectiveOf(config, nodeId, roles), roles),
    storing: null,
    edits: [],
    term: 0,
    leader: null,
    isDamaged: copies.length > 0 && whole.length === 0,
    isDrained: false,
    incarnation: 0,
    reports: 0,
  };
}

export const effectiveHere = ({ config, nodeId, roles }: AgentState) => effectiveOf(config, nodeId, roles);

const paramsNow = (state: AgentState): Params => paramsWith(state.base, effectiveHere(state), state.roles);

/** Keys whose value is another than the one the node opened with, which it still runs with. */
export function waitsOf(state: AgentState): string[] {
  const now = paramsNow(state);
  return Object.keys(now)
    .filter((key) => numberKey(key)?.atStart === true)
    .filter((key) => now[key as keyof Params] !== state.opened[key as keyof Params]);
}

function startAgent(state: AgentState, { ctx, bootEpoch }: AgentPort): void {
  state.incarnation = ctx.now + 1;
  if (state.config.version === 0) return;
  for (const meta of state.metas) report(state, ctx, bootEpoch, meta, false);
  armReport(state, ctx);
}

const armReport = ({ reportUs }: AgentState, ctx: RoleContext): void =>
  wakeAt(ctx, REPORT_TIMER, (ctx.now + reportUs) as Time);

function report(state: AgentState, ctx: RoleContext, boot: number, to: NodeId | null, gap: boolean): void {
  const { config, metas, sum } = state;
  const receiver = to ?? metas[0];
  if (receiver === undefined) return;
  sendState(state, ctx, receiver, { boot, version: config.version, sum, gap });
}

function sendState(
  state: AgentState,
  ctx: RoleContext,
  to: NodeId,
  what: Pick<MessageOf<'ConfigState'>, 'boot' | 'version' | 'sum' | 'gap'>,
): void {
  const { incarnation } = state;
  const order = ++state.reports;
  send(ctx, to, { kind: 'ConfigState', ...what, incarnation, order, waits: waitsOf(state) });
}

/** PCS-95: every agentReportMs, once there is a configuration. */
function reportMetrics(state: AgentState, { ctx, bootEpoch: boot, metrics }: AgentPort): void {
  const to = state.leader ?? state.metas[0];
  if (to === undefined) return;
  const { incarnation } = state;
  const order = ++state.reports;
  send(ctx, to, { kind: 'AgentMetrics', boot, incarnation, order, metrics: metrics().slice(0, MAX_METRICS) });
}

function stepAgent(state: AgentState, input: Input<Message>, port: AgentPort): void {
  const { ctx, bootEpoch } = port;
  switch (input.kind) {
    case 'message':
      onMessage(state, port, input.from, input.message);
      break;
    case 'diskDone':
      onStored(state, port, input.id, input.error);
      break;
    case 'wake':
      report(state, ctx, bootEpoch, state.leader, false);
      reportMetrics(state, port);
      armReport(state, ctx);
      break;
    case 'operatorCommand':
      if (input.command.kind === 'editConfig') editByHand(state, port, input.command);
      break;
    default:
  }
}

function onMessage(state: AgentState, port: AgentPort, from: NodeId, message: Message): void {
  if (message.kind !== 'SetConfig' && message.kind !== 'ReplaceConfig' && message.kind !== 'AskAgent') return;
  if (message.term < state.term) return; // of a leader that was deposed
  state.term = message.term;
  state.leader = from;
  if (message.kind === 'AskAgent') answerAsk(state, port, from, message);
  else if (message.kind === 'SetConfig') onSet(state, port, from, message);
  else onReplace(state, port, from, message);
}

function onSet(state: AgentState, port: AgentPort, from: NodeId, { setting }: MessageOf<'SetConfig'>): void {
  const { ctx, bootEpoch } = port;
  const { config, mutants } = state;
  const skips = has(mutants, 'agent.skips-gap');
  if (state.storing !== null) return; // it comes again
  if (setting.version <= config.version) report(state, ctx, bootEpoch, from, false);
  else if (setting.version > config.version + 1 && !skips) {
    trace(ctx, { kind: 'config.gap', version: config.version, seen: setting.version });
    report(state, ctx, bootEpoch, from, true);
  } else put(state, port, withSetting(config, setting));
}

/** Only in place of what the leader knows to be here. */
function onReplace(state: AgentState, port: AgentPort, from: NodeId, m: MessageOf<'ReplaceConfig'>): void {
  if (m.from === state.config.version && m.fromSum === state.sum)
    put(state, port, { version: m.version, settings: m.settings });
  else report(state, port.ctx, port.bootEpoch, from, false);
}

function put(state: AgentState, port: AgentPort, next: Configuration): void {
  if (state.storing !== null) return; // it comes again
  const order = state.order + 1;
  const bytes = sealConfig({ order, config: next }, state.mutants);
  const id = storeWrites(port.ctx, [{ key: keyOf(order), bytes }]);
  state.storing = { id, next };
  if (!has(state.mutants, 'agent.acks-early')) return;
  const { ctx, bootEpoch: boot } = port;
  if (state.leader !== null)
    sendState(state, ctx, state.leader, { boot, version: next.version, sum: sumOf(next), gap: false });
}

function onStored(state: AgentState, port: AgentPort, id: number, error: DiskError | null): void {
  const { storing } = state;
  if (storing?.id !== id) return;
  state.storing = null;
  if (error === null) apply(state, port, storing.next);
  else trace(port.ctx, { kind: 'disk.error', error }); // not acknowledged: it comes again
  for (const edit of state.edits.splice(0)) editByHand(state, port, edit);
}

function apply(state: AgentState, port: AgentPort, next: Configuration): void {
  const { ctx, bootEpoch, configure } = port;
  const isFirst = state.config.version === 0;
  state.config = next;
  state.order += 1;
  state.sum = sumOf(next);
  state.isDamaged = false;
  const waits = waitsOf(state);
  const { version } = state.config;
  trace(ctx, { kind: 'config.applied', version, sum: state.sum, waits: waits.length });
  configure(inForce(state));
  report(state, ctx, bootEpoch, state.leader, false);
  if (isFirst) armReport(state, ctx);
}

/** RESTART_NEEDED: a key that is read at a start keeps the value that the node opened with. */
function inForce(state: AgentState): Params {
  const now = paramsNow(state);
  const waits = waitsOf(state);
  if (waits.length === 0) return now;
  const { opened } = state;
  return { ...now, ...Object.fromEntries(waits.map((key) => [key, opened[key as keyof Params]])) };
}

/** A person changes the file on the node, past the metadata: the version stays, the contents are others. After a write that is under way. */
function editByHand(state: AgentState, port: AgentPort, { key, value }: HandEdit): void {
  if (state.storing !== null) {
    state.edits.push({ key, value });
    return;
  }
  const { config, nodeId } = state;
  const { version } = config;
  trace(port.ctx, { kind: 'agent.command', command: 'editConfig', code: version === 0 ? 'NO_FILE' : '' });
  if (version > 0) put(state, port, withSetting(config, { version, scope: nodeScope(nodeId), key, value }));
}

function agentView(state: AgentState): AgentView | null {
  const { config, sum, isDamaged, isDrained } = state;
  if (config.version === 0 && !isDamaged && !isDrained) return null;
  const values = [...effectiveHere(state)].map(([key, { value, scope }]) => ({ key, value, scope }));
  return { version: config.version, sum, values, waits: waitsOf(state), isDamaged, isDrained };
}

export const configAgent: AgentModule<AgentState> = {
  commands: ['editConfig'],
  open: openAgent,
  params: ({ opened }) => opened,
  start: startAgent,
  step: stepAgent,
  view: agentView,
};
