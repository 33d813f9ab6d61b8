// Orders of operators to the metadata (docs/spec/agents.md PCS-99, pcs.md PCS-108). Each of its nodes that is up is given an order and holds
// it: the one that leads makes entries of it, the others send it on to the leader, until its request ids stand in the dedup table.
// So an order that comes while nobody leads waits, and one whose leader dies is taken up by the next one, once.

import { type NodeId, nodeId, type Time } from '../../base/ids.ts';
import { levelKey } from '../agent/keys.ts';
import { checkSetting, nodeScope } from '../agent/settings.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import { drive } from '../consensus/node-log.ts';
import { readersOf } from '../kernel/attachments.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { votersOf } from '../placement/membership.ts';
import { orderOffline } from '../placement/node-lifecycle.ts';
import { archivedGroups } from './archivers.ts';
import { carryOutAsk } from './ask-driver.ts';
import { chunkServersOf } from './chunk-moves.ts';
import { placedServers, replicasOf } from './chunk-placement.ts';
import { armAgents } from './config-driver.ts';
import { standingNodes } from './joined-nodes.ts';
import { isVoterNeeded } from './leaving-voters.ts';
import { isWithoutIdentity, lacksIdentity } from './member-driver.ts';
import { isUnheard, mergeOf } from './merge-cold.ts';
import type { MetaOperation } from './meta-content.ts';
import { propose } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { moveOf } from './moves.ts';
import { type OperatorOrder, sumOfOrder } from './operator-order.ts';
import { isLeading, isReplicated, metaPort, nodeThatLeads } from './pcs-raft.ts';
import { placedNodes, replicationOf } from './placement-driver.ts';
import { traceFacts } from './raft-trace.ts';
import { resultOf } from './requests.ts';
import { hostsOf } from './sharding.ts';
import { leaderOfChild } from './split-driver.ts';
import { placeOf } from './volumes.ts';

export const ORDER_TIMER = 'order';

/** Orders that a node holds; beyond it the oldest is let go, which other nodes hold as well. */
const MAX_HELD = 64;
/** Entries that one order may become: one for each group. */
const MAX_PARTS = 256;
/** Refusals kept, for whoever looks. */
const MAX_REFUSED = 16;

export interface HeldOrder {
  readonly at: number;
  readonly order: OperatorOrder;
}

type AskOrder = Extract<OperatorOrder, { kind: 'ask' }>;
type TransferOrder = Extract<OperatorOrder, { kind: 'transferPcs' }>;
type Part = Distribute<MetaOperation, 'from' | 'boot' | 'reqId'>;
type PutPart = Extract<Part, { kind: 'putConfig' }>;
type Distribute<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const keyOf = ({ at, order }: HeldOrder): string => `${at}/${sumOfOrder(order)}`;
const OPERATOR = 'operator@';
const clientAt = (at: number): string => `${OPERATOR}${at}`;

export const isOrder = (
  command: OperatorCommand,
): command is Extract<OperatorCommand, { readonly kind: OperatorOrder['kind'] }> =>
  command.kind === 'moveReplica' ||
  command.kind === 'rollbackMove' ||
  command.kind === 'nameArchiver' ||
  command.kind === 'changePcs' ||
  command.kind === 'putConfig' ||
  command.kind === 'ask' ||
  command.kind === 'switchover' ||
  command.kind === 'moveToHa' ||
  command.kind === 'removeNode' ||
  command.kind === 'setOffline' ||
  command.kind === 'splitGroup' ||
  command.kind === 'mergeGroups' ||
  command.kind === 'transferGroup' ||
  command.kind === 'transferPcs';

/** An operator's order to this node, or one that another node sends on. */
export function takeOrder(state: MetaState, ctx: RoleContext, held: HeldOrder): void {
  if (isWithoutIdentity(state)) return; // the members hold it, too
  const key = keyOf(held);
  if (state.held.has(key) || state.vain.has(key)) return;
  const [oldest] = state.held.keys();
  if (oldest !== undefined && state.held.size >= MAX_HELD) state.held.delete(oldest);
  state.held.set(key, held);
  driveOrders(state, ctx);
}

/** At a beat, at an election, and whenever an entry was applied. */
export function driveOrders(state: MetaState, ctx: RoleContext): void {
  if (state.held.size === 0) return;
  const leader = isLeading(state) ? null : nodeThatLeads(state);
  for (const [key, held] of state.held) {
    if (isLeading(state)) {
      if (carryOut(state, ctx, held)) state.held.delete(key);
    } else if (isAnswered(state, held)) state.held.delete(key);
    else if (leader !== null) send(ctx, leader, { kind: 'OperatorOrder', ...held });
  }
  if (state.held.size > 0) wakeAt(ctx, ORDER_TIMER, (ctx.now + state.beatUs) as Time);
}

/** One that another node holds, too: it hears when it is answered. */
export function onOrderSent(
  state: MetaState,
  ctx: RoleContext,
  from: MetaState['nodeId'],
  { at, order }: HeldOrder,
): void {
  if (!isLeading(state)) return;
  const held = { at, order };
  takeOrder(state, ctx, held);
  if (!state.held.has(keyOf(held))) send(ctx, from, { kind: 'OrderAnswered', ...held });
}

export const onOrderAnswered = (state: MetaState, { at, order }: HeldOrder): void =>
  void state.held.delete(keyOf({ at, order }));

const isAnswered = ({ content }: MetaState, { at, order }: HeldOrder): boolean =>
  content.requests.some(
    ({ client, results }) =>
      client === clientAt(at) &&
      results.some(({ reqId }) => Math.floor(reqId / MAX_PARTS) === sumOfOrder(order)),
  );

/** True once every entry that it becomes is applied, or there is nothing for it to do. */
function carryOut(state: MetaState, ctx: RoleContext, held: HeldOrder): boolean {
  const { at, order } = held;
  // PCS-122: who has just begun to lead hears with the next heartbeats how large the two are
  if (order.kind === 'mergeGroups' && isUnheard(state, order)) return false;
  if (order.kind === 'transferPcs') return transferPcs(state, ctx, held, order);
  const parts = partsOf(state, ctx, order);
  if (parts.some(([, part]) => part.kind === 'putConfig' && isRefused(state, ctx, held, part))) return true;
  if (order.kind === 'ask' && parts.length === 0) return askAgents(state, ctx, held, order);
  if (parts.length === 0) {
    if (!isAnswered(state, held)) answerInVain(state, ctx, held);
    return true;
  }
  const from = nodeId(clientAt(at));
  const base = sumOfOrder(order) * MAX_PARTS;
  let isDone = true;
  for (const [i, part] of parts) {
    const id = { from, boot: 0, reqId: base + i };
    if (resultOf(state.content, from, id) !== null) continue;
    isDone = false;
    // each node that is to go is judged by those that are already to go (PCS-80)
    const isUnderWay = state.pending.some(
      ({ operation }) =>
        ('group' in operation && 'group' in part && operation.group === part.group) ||
        (operation.kind === 'setOffline' && part.kind === 'setOffline'),
    );
    if (!isUnderWay) propose(state, ctx, { ...part, ...id });
  }
  return order.kind === 'ask' ? isDone && askAgents(state, ctx, held, order) : isDone;
}

/** PCS-92: it never enters the log; and no other node that holds the order tries again. */
function isRefused(state: MetaState, ctx: RoleContext, held: HeldOrder, put: PutPart): boolean {
  const { scope, key, value } = put;
  const isUnchecked = has(state.config.mutants, 'pcs.config-unchecked');
  const refusal = isUnchecked ? null : checkSetting(standingNodes(state.content, state.config.cluster), put);
  if (refusal === null) return false;
  const refused = { scope, key, value, ...refusal };
  state.agents.refused = [...state.agents.refused, { at: held.at, ...refused }].slice(-MAX_REFUSED);
  recordVain(state, held);
  trace(ctx, { kind: 'config.refused', key, value, ...refusal });
  return true;
}

/** PCS-27: nothing of it enters the log. The node that leads afterwards holds the order, too, and finds itself leading. */
function transferPcs(state: MetaState, ctx: RoleContext, held: HeldOrder, { node }: TransferOrder): true {
  const { content, log, nodeId, pcs } = state;
  recordVain(state, held);
  const target = content.config.voters.find((member) => nodeOfMember(pcs, member) === node);
  if (node === nodeId || target === undefined) return true;
  traceFacts(state, ctx, drive(log, metaPort(state, ctx), { kind: 'transfer', to: target }));
  return true;
}

function askAgents(state: MetaState, ctx: RoleContext, held: HeldOrder, order: AskOrder): boolean {
  const { at } = held;
  const isOver = carryOutAsk(state, ctx, keyOf(held), { at, id: sumOfOrder(order), order });
  if (isOver) recordVain(state, held);
  else armAgents(state, ctx);
  return isOver;
}

/** An entry that an order became is applied: what it came to. */
export function answerOrder(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  code: string,
): void {
  if (operation.from.startsWith(OPERATOR) && isReplicated(state))
    trace(ctx, { kind: 'pcs.order', what: operation.kind, code });
}

/** Other nodes hold the order, too. */
function recordVain(state: MetaState, held: HeldOrder): void {
  const [oldest] = state.vain;
  if (oldest !== undefined && state.vain.size >= MAX_HELD) state.vain.delete(oldest);
  state.vain.add(keyOf(held));
}

function answerInVain(state: MetaState, ctx: RoleContext, held: HeldOrder): void {
  if (!isReplicated(state)) return;
  recordVain(state, held);
  trace(ctx, { kind: 'pcs.order', what: held.order.kind, code: 'NOTHING_TO_DO' });
}

/** SetLogLevel is a setting of each node (PCS-90, PCS-93). */
const levelParts = (
  nodes: readonly string[],
  { module, level }: { readonly module: string; readonly level: string },
): (readonly [number, Part])[] =>
  nodes.map((node, i) => [
    i,
    { kind: 'putConfig', scope: nodeScope(node), key: levelKey(module), value: level, expect: null },
  ]);

/** The entries that the order asks for now, each with its place among all that it could ask for. */
function partsOf(state: MetaState, ctx: RoleContext, order: OperatorOrder): (readonly [number, Part])[] {
  const { content } = state;
  switch (order.kind) {
    case 'changePcs': {
      const { node, want } = order;
      return [[0, { kind: 'changePcs', node, want, isIdle: lacksIdentity(state, node), at: ctx.now }]];
    }
    case 'putConfig':
      return [[0, order]];
    case 'switchover':
    case 'moveToHa':
      return [[0, order]];
    case 'splitGroup': {
      const { group, key } = order;
      const place = placeOf(content, group);
      const deadline = ctx.now + state.moves.moveTimeoutUs;
      const leader = place && leaderOfChild(state, place);
      return content.sharding
        ? [[0, { kind: 'beginSplit', group, key, leader, deadline, why: 'order' }]]
        : [];
    }
    case 'transferGroup': {
      const { group, to } = order;
      const place = content.sharding && placeOf(content, group);
      if (!place) return [];
      const { volume, descriptor } = place;
      const isAtRest = volume.state === 'OPEN' && volume.moves.length === 0;
      if (!isAtRest || volume.holder === to || !votersOf(descriptor).includes(to)) return [];
      return [[0, { kind: 'fenceVolume', volume: volume.name, expect: volume.token, target: to }]];
    }
    case 'mergeGroups':
      return content.sharding ? [[0, mergeOf(state, ctx, order, 'order')]] : [];
    case 'setOffline':
      return [[0, offlinePart(state, ctx, order)]];
    case 'removeNode': {
      const { node } = order;
      const { cluster } = state.config;
      const holders = [...hostsOf(content, cluster), ...chunkServersOf(content, cluster)];
      if (content.sharding || holders.some(({ id }) => id === node))
        return [[0, offlinePart(state, ctx, { node, isOffline: true })]];
      const listed = readersOf(cluster);
      return [[0, { kind: 'removeNode', node: order.node, volume: cluster.volume, listed }]];
    }
    case 'transferPcs':
      return [];
    case 'ask':
      return order.command.kind === 'setLogLevel' ? levelParts(order.nodes, order.command) : [];
    case 'nameArchiver':
      return archivedGroups(state.archivers, content).flatMap((group, i): (readonly [number, Part])[] =>
        order.group === null || order.group === group
          ? [[i, { kind: 'nameArchiver', group, to: order.to, isLast: false, why: 'asked' }]]
          : [],
      );
    default:
      return content.volumes
        .flatMap((volume) => volume.groups.map((descriptor) => ({ volume, descriptor })))
        .flatMap(({ volume, descriptor }, i): (readonly [number, Part])[] => {
          const { group, memberEpoch } = descriptor;
          if (order.group !== null && order.group !== group) return [];
          if (order.kind === 'rollbackMove')
            return moveOf(volume, group)
              ? [[i, { kind: 'memberStep', group, step: 'abort', memberEpoch }]]
              : [];
          const { from: source, to } = order;
          const isAwaitedThere = moveOf(volume, group)?.to === source;
          if (order.group === null && !votersOf(descriptor).includes(source) && !isAwaitedThere) return [];
          const deadline = ctx.now + state.moves.moveTimeoutUs;
          return [[i, { kind: 'beginMove', group, source, to, isLost: false, at: ctx.now, deadline }]];
        });
  }
}

/** PCS-79, PCS-80: where replicas stand on nodes that go, they leave first, and so does its vote on the metadata. */
function offlinePart(
  state: MetaState,
  ctx: RoleContext,
  { node, isOffline }: { readonly node: NodeId; readonly isOffline: boolean },
): Extract<Part, { kind: 'setOffline' }> {
  const { config } = state;
  const isOfChunks = config.cluster.chunks !== undefined;
  const nodes = isOfChunks ? placedServers(state, ctx.now) : placedNodes(state, ctx);
  const known = nodes.find(({ id }) => id === node);
  const up = nodes.filter(({ state: is }) => is === 'up').map(({ id }) => id);
  const vw = isOfChunks ? replicasOf(config.cluster) : replicationOf(config.cluster).vw;
  const code =
    known === undefined
      ? 'NOT_MEMBER'
      : !isOffline
        ? ''
        : isVoterNeeded(state, node, up)
          ? 'PCS_VOTER'
          : orderOffline(nodes, known, vw).error === null
            ? ''
            : 'INSUFFICIENT_NODES';
  return { kind: 'setOffline', node, isOffline, code };
}
