// Nodes that come and go as the leader of the metadata drives them (docs/spec/pcs.md PCS-3, placement.md PCS-79, PCS-100): a join becomes an entry once, a
// node that is removed hears it with each of its heartbeats until it has ended, and who must know the readers of a volume hears it
// when they change and, because a message may be lost, with each heartbeat.

import type { NodeId } from '../../base/ids.ts';
import { readersOf } from '../kernel/attachments.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { MetaResult } from './apply-meta.ts';
import { followDrain } from './failover-driver.ts';
import { hasChanged, isFull, isJoined, isRemoved, receiversOf } from './joined-nodes.ts';
import type { MetaOperation } from './meta-content.ts';
import { propose } from './meta-propose.ts';
import { routeOf } from './meta-route.ts';
import type { MetaState } from './meta-state.ts';

/** Asked with every heartbeat of a node that was added, until it is answered. */
export function onJoin(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { boot, volume, zone, roles, isReader }: MessageOf<'Join'>,
): void {
  const { content, config } = state;
  const listed = readersOf(config.cluster);
  if (isRemoved(content, from)) sendRemoved(ctx, from);
  else if (isJoined(content, from)) send(ctx, from, { kind: 'Joined', boot, code: '' });
  // it asks again with each heartbeat: entries that refuse it would leave no room for others (metaPending)
  else if (isReader && isFull(content, volume, listed))
    send(ctx, from, { kind: 'Joined', boot, code: 'TOO_MANY_READERS' });
  else {
    const isUnderWay = state.pending.some(
      ({ operation }) => operation.kind === 'joinNode' && operation.node === from,
    );
    if (isUnderWay) return;
    const id = { from, boot, reqId: ctx.now };
    propose(state, ctx, { kind: 'joinNode', ...id, node: from, volume, zone, roles, isReader, listed });
  }
}

const sendRemoved = (ctx: RoleContext, node: NodeId): void => send(ctx, node, { kind: 'NodeRemoved', node });

/** True: the node that sent the heartbeat is removed, and counts for nothing. */
export function refuseRemoved(state: MetaState, ctx: RoleContext, from: NodeId): boolean {
  if (!isRemoved(state.content, from)) return false;
  sendRemoved(ctx, from);
  return true;
}

/** With a heartbeat: what its node may have missed of the readers. */
export function remindOfReaders(state: MetaState, ctx: RoleContext, from: NodeId): void {
  const { content, config } = state;
  const [volume] = content.volumes;
  // of the cluster's own volume, which there is not where tables are cut
  if (!hasChanged(content) || content.sharding || volume === undefined) return;
  if (volume.holder === from) sendReaders(state, ctx, from);
  else if (config.cluster.nodes.some(({ id, roles }) => id === from && roles.includes('driver')))
    send(ctx, from, routeOf(content, config.cluster, volume.name));
}

function sendReaders({ content, config }: MetaState, ctx: RoleContext, to: NodeId): void {
  const volume = content.volumes[0]?.name ?? config.cluster.volume;
  const receivers = receiversOf(content, volume, config.cluster);
  if (receivers !== null) send(ctx, to, { kind: 'ReadersAre', volume, receivers });
}

/** What an entry brings about at the leader that proposed it. */
export function followNodes(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  const { content, config } = state;
  const { holder = null, name: volume = config.cluster.volume } = content.volumes[0] ?? {};
  if (operation.kind === 'joinNode' && result.kind === 'nodeJoined') {
    const { node, boot, isReader } = operation;
    trace(ctx, { kind: 'node.joined', node, volume });
    send(ctx, node, { kind: 'Joined', boot, code: '' });
    if (isReader && holder !== null) sendReaders(state, ctx, holder);
  } else if (operation.kind === 'joinNode' && result.kind === 'nodeRefused') {
    if (result.code === 'TOO_MANY_READERS')
      send(ctx, operation.node, { kind: 'Joined', boot: operation.boot, code: result.code });
    else sendRemoved(ctx, operation.node);
  } else if (result.kind === 'nodeDrain') followDrain(state, ctx);
  else if (operation.kind === 'removeNode' && result.kind === 'nodeRemoved') {
    trace(ctx, { kind: 'node.removed', node: operation.node, volume });
    if (result.wasReader && holder !== null) sendReaders(state, ctx, holder);
    sendRemoved(ctx, operation.node);
  }
}
