// The leader of the metadata brings every agent to the newest configuration (docs/spec/agents.md PCS-91): an entry is pushed once it is
// applied, an agent that lacks some is given them in order, one whose contents are others is given all. An agent that reports
// less than it had acknowledged, or other contents, drifts: a disk that returns older contents, or a person's hand on the node.
// Nothing is sent and no timer is set before the first entry.

import type { NodeId, Time } from '../../base/ids.ts';
import { REPORT_BEATS } from '../agent/agent.ts';
import { type Setting, sumOf } from '../agent/settings.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { KnownAgent } from './agents-driver.ts';
import { driveAsks } from './ask-driver.ts';
import { standingNodes } from './joined-nodes.ts';
import type { MetaState } from './meta-state.ts';
import { isUp } from './meta-view.ts';

export const AGENTS_TIMER = 'agents';

/** Reports that may be missing before the agent is asked by a push of the newest version. */
const MISSED_REPORTS = 3;

export function pushConfig(state: MetaState, ctx: RoleContext, setting: Setting): void {
  for (const { id: node } of standingNodes(state.content, state.config.cluster)) {
    const known = state.agents.known.get(node);
    // one that lacks those before is given them one after the other
    if (known === undefined || known.version + 1 >= setting.version) sendSetting(state, ctx, node, setting);
  }
  armAgents(state, ctx);
}

const sendSetting = ({ leads: term }: MetaState, ctx: RoleContext, node: NodeId, setting: Setting): void =>
  send(ctx, node, { kind: 'SetConfig', term, setting });

export function armAgents(state: MetaState, ctx: RoleContext): void {
  if (state.agents.isArmed) return;
  state.agents.isArmed = true;
  wakeAt(ctx, AGENTS_TIMER, (ctx.now + state.beatUs) as Time);
}

/** A leadership begins: what the one before it pushed may have been lost with it. */
export function leadAgents(state: MetaState, ctx: RoleContext): void {
  if (state.content.configuration.version > 0) onAgentsTimer(state, ctx);
}

export function onAgentsTimer(state: MetaState, ctx: RoleContext): void {
  state.agents.isArmed = false;
  const { version } = state.content.configuration;
  if (version > 0)
    for (const { id: node } of standingNodes(state.content, state.config.cluster))
      if (isReachable(state, node, ctx.now) && !isCurrent(state, node, ctx.now)) bringOn(state, ctx, node);
  const isAsking = driveAsks(state, ctx);
  if (version > 0 || isAsking) armAgents(state, ctx);
}

/** A node without an identity in the metadata's log says that it is there. */
const isReachable = (state: MetaState, node: NodeId, now: Time): boolean =>
  state.idle.has(node) || isUp(state, node, now);

/** Boot epoch that the node's heartbeats have; a node of the metadata sends none: only its reports name its life. */
const bootOf = ({ beats }: MetaState, node: NodeId): number => beats.get(node)?.boot ?? 0;

/** It has reported, not long ago and in this life, exactly the newest configuration. */
function isCurrent(state: MetaState, node: NodeId, now: Time): boolean {
  const known = state.agents.known.get(node);
  const { configuration } = state.content;
  return (
    known !== undefined &&
    known.version === configuration.version &&
    known.sum === sumOf(configuration) &&
    known.boot >= bootOf(state, node) &&
    now - known.at <= MISSED_REPORTS * REPORT_BEATS * state.beatUs
  );
}

function bringOn(state: MetaState, ctx: RoleContext, node: NodeId): void {
  const { configuration, puts } = state.content;
  const { version, settings } = configuration;
  const known = state.agents.known.get(node);
  const newest = puts[puts.length - 1];
  const isOld = known === undefined || known.boot < bootOf(state, node);
  const next =
    isOld || known.version === version ? newest : puts.find((put) => put.version === known.version + 1);
  const isOther = !isOld && known.drift !== '' && known.drift !== 'behind';
  if (next !== undefined && !isOther) sendSetting(state, ctx, node, next);
  else if (known !== undefined)
    send(ctx, node, {
      kind: 'ReplaceConfig',
      term: state.leads,
      from: known.version,
      fromSum: known.sum,
      version,
      settings,
    });
}

export function onConfigState(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { boot, incarnation, order, version, sum, gap, waits }: MessageOf<'ConfigState'>,
): void {
  const before = state.agents.known.get(from);
  if (boot < bootOf(state, from)) return; // of an earlier life
  if (before !== undefined && isLate(before, boot, incarnation, order)) return;
  const { configuration } = state.content;
  const drift = driftOf(state, before, version, sum);
  const { node, wanted } = { node: from, wanted: configuration.version };
  if (drift !== '' && before?.drift !== drift)
    trace(ctx, { kind: 'config.drift', node, why: drift, version, wanted });
  state.agents.known.set(from, {
    boot,
    incarnation,
    order,
    version,
    sum,
    waits,
    at: ctx.now,
    drift,
    drifted: drift || (before?.drifted ?? ''),
  });
  if (drift === '' && before !== undefined && before.drift !== '')
    trace(ctx, { kind: 'config.healed', node, version });
  if (gap || !isCurrent(state, from, ctx.now)) bringOn(state, ctx, from);
}

/** PCS-95. */
export function onAgentMetrics(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { boot, incarnation, order, metrics }: MessageOf<'AgentMetrics'>,
): void {
  const before = state.agents.metrics.get(from);
  if (boot < bootOf(state, from) || (before !== undefined && isLate(before, boot, incarnation, order)))
    return;
  state.agents.metrics.set(from, { boot, incarnation, order, at: ctx.now, metrics });
}

/** Sent before what is known: reports may overtake each other. */
const isLate = (
  before: Pick<KnownAgent, 'boot' | 'incarnation' | 'order'>,
  boot: number,
  incarnation: number,
  order: number,
): boolean =>
  incarnation === before.incarnation
    ? order <= before.order
    : incarnation < before.incarnation && boot <= before.boot;

/** One that is behind stays so until it is at the newest version. */
function driftOf(
  { content: { configuration } }: MetaState,
  before: KnownAgent | undefined,
  version: number,
  sum: number,
): KnownAgent['drift'] {
  if (version > configuration.version) return 'ahead';
  if (version === configuration.version) return sum === sumOf(configuration) ? '' : 'different';
  const hasFallen = before !== undefined && version < before.version;
  return hasFallen || before?.drift === 'behind' ? 'behind' : '';
}
