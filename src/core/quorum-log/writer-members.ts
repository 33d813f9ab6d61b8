// Membership at the writer (docs/spec/wal.md WAL-11, WAL-15, WAL-63, WAL-65): it works with the newest members it knows,
// fetches newer ones when a replica refuses its memberEpoch or the metadata's map is newer, and tells replicas that are
// behind. SCLs reported under another memberEpoch count in no PGCL; what PGCL has reached stays (WAL-18).
// It also says when a set has fewer members that answer than a write needs.

import type { NodeId } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Descriptor, Refusal } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { valueAtQuorum } from '../quorum/quorum.ts';
import { forgetScl, restartCount, sclOf } from './writer-progress.ts';
import { findFull } from './writer-room.ts';
import { beginResend, sendHeartbeats } from './writer-send.ts';
import {
  findGroup,
  findReplica,
  isWithin,
  lastSent,
  makeReplica,
  setsOf,
  type WriterGroup,
  type WriterReplica,
  type WriterState,
} from './writer-state.ts';

/** Heartbeats without an acknowledgement after which a replica counts as silent. */
const SILENT_BEATS = 6;

/** Asks the metadata for the newest members, at most once per recoveryRetryMs. */
function askMembers(w: WriterState, ctx: RoleContext): void {
  if (w.meta === null || isWithin(w.membersAskedAt, w.limits.bringUs, ctx.now)) return;
  w.membersAskedAt = ctx.now;
  send(ctx, w.meta, { kind: 'GetMeta', volume: w.volume });
}

/** A heartbeat's answer: the map may have changed. */
export function recordMapVersion(w: WriterState, ctx: RoleContext, mapVersion: number): void {
  if (mapVersion > w.mapVersion && w.fencedBy === null) askMembers(w, ctx);
}

/**
 * WAL-46 lines 3 and 4 for members: a replica ahead means that newer members exist, one behind is instructed. True when the
 * refusal was about that.
 */
export function onMemberRefusal(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  { code, which, current }: Refusal,
): boolean {
  if (which !== 'member') return false;
  if (code === 'STALE_EPOCH' && current <= group.descriptor.memberEpoch) {
    resendStale(w, ctx, group, replica);
  } else if (code === 'STALE_EPOCH') {
    replica.isAhead = true;
    askMembers(w, ctx);
  } else if (code === 'EPOCH_AHEAD' && !isWithin(replica.broughtAt, w.limits.bringUs, ctx.now)) {
    replica.broughtAt = ctx.now;
    const { descriptor } = group;
    send(ctx, replica.node, { kind: 'InstallMembers', volume: w.volume, descriptor, origin: 'writer' });
  }
  return true;
}

/** The refused batch left before the present members were known here, and so did all up to `staleTo`: once is enough. */
function resendStale(w: WriterState, ctx: RoleContext, group: WriterGroup, replica: WriterReplica): void {
  const { staleTo } = replica;
  replica.staleTo = NONE;
  if (staleTo > sclOf(replica)) beginResend(w, ctx, group, replica, staleTo);
}

/** The replica has installed the members it received: what it refused comes again. */
export function onMembersAck(
  w: WriterState,
  ctx: RoleContext,
  from: NodeId,
  ack: MessageOf<'MembersAck'>,
): void {
  const group = findGroup(w, ack.group);
  const replica = group && findReplica(group, from);
  if (!group || !replica || w.fencedBy !== null) return;
  if (ack.memberEpoch > group.descriptor.memberEpoch) askMembers(w, ctx);
  else if (!ack.refused && ack.memberEpoch === group.descriptor.memberEpoch) {
    replica.broughtAt = -1;
    retry(w, ctx, group, replica);
  }
}

/** What was sent and the replica lacks goes out again; its answer counts under the present members. */
function retry(w: WriterState, ctx: RoleContext, group: WriterGroup, replica: WriterReplica): void {
  beginResend(w, ctx, group, replica, lastSent(group));
  sendHeartbeats(w, ctx, group, [replica]);
}

/** The metadata's groups; older members than those in use are late. */
export function adoptMembers(w: WriterState, ctx: RoleContext, meta: MessageOf<'MetaState'>): void {
  if (w.fencedBy !== null) return;
  w.mapVersion = Math.max(w.mapVersion, meta.mapVersion);
  for (const descriptor of meta.groups) adoptNewer(w, ctx, descriptor);
}

function adoptNewer(w: WriterState, ctx: RoleContext, descriptor: Descriptor): void {
  const group = findGroup(w, descriptor.group);
  if (group && descriptor.memberEpoch > group.descriptor.memberEpoch) adopt(w, ctx, group, descriptor);
}

/** PCS-109: one group's members. The map is known up to this change only if it was up to the one before. */
export function adoptChange(w: WriterState, ctx: RoleContext, change: MessageOf<'GroupChanged'>): void {
  if (w.fencedBy !== null) return;
  adoptNewer(w, ctx, change.descriptor);
  if (change.mapVersion === w.mapVersion + 1) w.mapVersion = change.mapVersion;
  else recordMapVersion(w, ctx, change.mapVersion);
}

function adopt(w: WriterState, ctx: RoleContext, group: WriterGroup, descriptor: Descriptor): void {
  const isNext = descriptor.memberEpoch === group.descriptor.memberEpoch + 1;
  const nodes = [...new Set([...descriptor.sets.flat(), ...descriptor.learners])];
  const ahead: WriterReplica[] = [];
  group.replicas = nodes.map((node) => {
    const known = findReplica(group, node);
    if (!known) return makeReplica(node, null, true, ctx.now);
    if (known.isAhead) ahead.push(known);
    known.staleTo = known.isAhead ? NONE : lastSent(group);
    known.isAhead = false;
    restartCount(known);
    if (!isNext) forgetScl(known); // it may have been removed and made anew in between
    return known;
  });
  w.membersAskedAt = -1; // the next step may be asked for at once
  group.descriptor = descriptor;
  group.sets = setsOf(descriptor, nodes);
  for (const read of w.reads.values()) if (read.group === group.index) read.asked = -1;
  traceAdopted(ctx, descriptor, w.term);
  findFull(w, ctx);
  for (const replica of ahead) beginResend(w, ctx, group, replica, lastSent(group));
  sendHeartbeats(w, ctx, group, group.replicas);
}

export function traceAdopted(ctx: RoleContext, descriptor: Descriptor, term: number): void {
  const { group, memberEpoch, sets, learners } = descriptor;
  trace(ctx, {
    kind: 'member.adopt',
    group,
    memberEpoch,
    sets: sets.map((set) => set.join(',')).join('|'),
    learners: learners.join(','),
    term,
  });
}

/** Whether it has acknowledged lately; heartbeats see to it that a healthy one always has. */
export const isLive = (w: WriterState, replica: WriterReplica, now: number): boolean =>
  now < replica.lastReportAt + SILENT_BEATS * w.limits.heartbeatUs;

/** FENCE-57: when a write quorum of every set of every group had last answered, the one that answered longest ago. */
export const quorumHeardAt = ({ groups }: WriterState): number =>
  Math.min(
    ...groups.map(({ sets, replicas, descriptor: { vw } }) =>
      valueAtQuorum(sets, vw, (member) => replicas[member]?.lastReportAt ?? 0, 0),
    ),
  );

/** F29: traced when it begins and when it ends. */
export function watchQuorums(w: WriterState, ctx: RoleContext): void {
  for (const group of w.groups) {
    const { vw } = group.descriptor;
    let live = group.replicas.length;
    for (const members of group.sets) {
      const answering = members.filter((member) => {
        const replica = group.replicas[member];
        return replica !== undefined && isLive(w, replica, ctx.now);
      });
      live = Math.min(live, answering.length);
    }
    const isBelow = live < vw;
    if (isBelow === group.belowQuorum) continue;
    group.belowQuorum = isBelow;
    const state = isBelow ? 'BELOW_WRITE_QUORUM' : 'OK';
    trace(ctx, { kind: 'group.quorum', group: group.descriptor.group, state, live, vw });
  }
}
