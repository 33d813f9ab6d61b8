// An operator's `Ask` (docs/spec/agents.md PCS-99): one command for the agent of each of some nodes. It is repeated at every beat to those that
// have not answered; after disconnectedAfterMs those that still have not are named as missing. Answers are one list, ordered by
// (t, node, order at the node). It is no entry of the log: a leader that follows asks again, as every command may come twice.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { AskAnswer, AskState } from './agents-driver.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';
import type { OperatorOrder } from './operator-order.ts';

/** Asks whose answers are kept, for whoever looks. */
const MAX_KEPT = 8;
/** An ask that is taken up this much later, in silences of disconnectedAfterMs, is not begun any more: nobody waits for it. */
const LATE = 50;

type Ask = Extract<OperatorOrder, { kind: 'ask' }>;

/** True once it is over. */
export function carryOutAsk(
  state: MetaState,
  ctx: RoleContext,
  key: string,
  { at, id, order }: { readonly at: number; readonly id: number; readonly order: Ask },
): boolean {
  const known = state.agents.asks.get(key);
  if (known !== undefined) return known.missing !== null;
  const { nodes, command } = order;
  const version = command.kind === 'setLogLevel' ? state.content.configuration.version : 0;
  const ask: AskState = { at, id, nodes, command, version, since: ctx.now, answers: [], missing: null };
  const [oldest] = state.agents.asks.keys();
  if (oldest !== undefined && state.agents.asks.size >= MAX_KEPT) state.agents.asks.delete(oldest);
  state.agents.asks.set(key, ask);
  if (ctx.now - at > LATE * silenceUs(state)) end(ctx, ask);
  else askAll(state, ctx, ask);
  return ask.missing !== null;
}

/** disconnectedAfterMs of presets.md. */
const silenceUs = ({ beatUs }: MetaState): number => MISSED_BEATS * beatUs;

const silentOf = ({ nodes, answers }: AskState): NodeId[] =>
  nodes.filter((node) => !answers.some((answer) => answer.node === node));

function askAll({ leads: term }: MetaState, ctx: RoleContext, ask: AskState): void {
  const { at, id, version, command } = ask;
  for (const node of silentOf(ask)) send(ctx, node, { kind: 'AskAgent', term, at, id, version, command });
}

/** True while one is under way. */
export function driveAsks(state: MetaState, ctx: RoleContext): boolean {
  let isAsking = false;
  for (const ask of state.agents.asks.values()) {
    if (ask.missing !== null) continue;
    if (ctx.now - ask.since >= silenceUs(state)) end(ctx, ask);
    else {
      askAll(state, ctx, ask);
      isAsking = true;
    }
  }
  return isAsking;
}

export function onAgentAnswer(
  state: MetaState,
  ctx: RoleContext,
  node: NodeId,
  { at, id, t, code, rows }: MessageOf<'AgentAnswer'>,
): void {
  const ask = [...state.agents.asks.values()].find((one) => one.at === at && one.id === id);
  if (ask === undefined || ask.missing !== null || !silentOf(ask).includes(node)) return;
  ask.answers = [...ask.answers, { node, t, code, rows }].sort(byTime);
  if (silentOf(ask).length === 0) end(ctx, ask);
}

const byTime = (a: AskAnswer, b: AskAnswer): number =>
  a.t - b.t || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0);

function end(ctx: RoleContext, ask: AskState): void {
  const { command, answers } = ask;
  ask.missing = silentOf(ask);
  const missing = ask.missing.join(',');
  trace(ctx, { kind: 'agent.asked', command: command.kind, answers: answers.length, missing });
}
