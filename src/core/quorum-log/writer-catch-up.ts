// Catch-up: a replica that was away receives what it missed before it counts (docs/spec/wal.md WAL-46, WAL-59; FENCE-8):
// InstallToken, InstallHistory, OpenVolume, then the retained records it lacks. Every refused request starts or repeats it,
// so no timer is needed: the next heartbeat is refused as well.
// OpenVolume carries VDL′ and never a later VDL: with it the replica takes maxNWL as its group tail (WAL-57), which is
// the tail at VDL′ only.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { onMemberRefusal } from './writer-members.ts';
import { beginResend } from './writer-send.ts';
import {
  findGroup,
  findReplica,
  isWithin,
  type WriterGroup,
  type WriterReplica,
  type WriterState,
} from './writer-state.ts';
import { countScl, fenceWriter } from './writer-watermarks.ts';

type Missing = 'token' | 'history' | 'open';

/** Sends what the replica refused for want of; at most one such message per recoveryRetryMs comes from refusals. */
export function bringReplica(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  missing: Missing,
): void {
  replica.isOpen = false;
  if (isWithin(replica.broughtAt, w.limits.bringUs, ctx.now)) return;
  tell(w, ctx, group, replica, missing);
}

function tell(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  missing: Missing,
): void {
  const { descriptor, maxNwl } = group;
  const head = {
    group: descriptor.group,
    token: w.term,
    memberEpoch: descriptor.memberEpoch,
    geoEpoch: descriptor.geoEpoch,
  };
  replica.broughtAt = ctx.now;
  if (missing === 'token')
    send(ctx, replica.node, { kind: 'InstallToken', volume: w.volume, token: w.term, descriptor });
  else if (missing === 'history')
    send(ctx, replica.node, { kind: 'InstallHistory', ...head, history: [...w.history], maxNwl, peers: [] });
  else send(ctx, replica.node, { kind: 'OpenVolume', ...head, vdl: w.vdlPrime, startLsn: w.startLsn });
}

type BringReply = MessageOf<'InstallAck' | 'HistoryAck' | 'OpenAck'>;

/** The answers of a replica that is being brought, and late ones of the recovery. */
export function onBringReply(w: WriterState, ctx: RoleContext, from: NodeId, reply: BringReply): void {
  const group = findGroup(w, reply.group);
  const replica = group && findReplica(group, from);
  if (!group || !replica || w.fencedBy !== null) return;
  const token = reply.kind === 'InstallAck' ? reply.maxToken : reply.token;
  if (token > w.term) fenceWriter(w, ctx, token);
  else if (reply.refused && onMemberRefusal(w, ctx, group, replica, reply.refused)) return;
  else if (token < w.term || replica.isOpen) return;
  else if (reply.refused) bringReplica(w, ctx, group, replica, 'token');
  else if (reply.kind === 'OpenAck') onOpened(w, ctx, group, replica, reply);
  else if (reply.volumeEpoch === w.term) tell(w, ctx, group, replica, 'open');
  else if (reply.kind === 'InstallAck') tell(w, ctx, group, replica, 'history');
}

function onOpened(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  ack: MessageOf<'OpenAck'>,
): void {
  replica.isOpen = true;
  replica.broughtAt = -1;
  countScl(w, ctx, group, replica, ack.scl);
  beginResend(w, ctx, group, replica, group.tail);
}
