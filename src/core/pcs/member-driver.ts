// Changes of who holds the metadata's log (docs/spec/raft.md PCS-105 to PCS-107): the leader brings the open change on, step by step,
// from what is committed: a new identity for this life of the node, learner, joint consensus, done. A node that runs under no
// identity (it was never a member, was removed, or its disk is not the one that made its promises) says so until it is given one.

import type { NodeId } from '../../base/ids.ts';
import { type Members, withLearner, without, withVoter } from '../consensus/configuration.ts';
import { askIdentity } from '../consensus/group-member.ts';
import { membersAt, nodeOfMember } from '../consensus/identities.ts';
import { drive, startAs } from '../consensus/node-log.ts';
import { hasCaughtUp, settledConfig } from '../consensus/raft-state.ts';
import type { AmnesiaReason } from '../consensus/raft-types.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { initialContent } from './apply-meta.ts';
import { identityOf, isGone } from './members.ts';
import { type PcsEntry, proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { IDENTITY_TIMER, isLeading, metaPort } from './pcs-raft.ts';
import { traceFacts } from './raft-trace.ts';

/** Why the node runs under no identity; null: it has one, or is about to. */
export const withoutIdentity = ({ log, isSpare }: MetaState): AmnesiaReason | 'spare' | null =>
  isSpare ? 'spare' : (log.raft?.amnesia ?? null);

export const isWithoutIdentity = (state: MetaState): boolean => withoutIdentity(state) !== null;

/** Every node that may know of this one: a disk that is lost leaves the nodes of the layout, and who writes to this one. */
const nodesKnown = ({ pcs, strangers, pcsNodes, nodeId }: MetaState): NodeId[] =>
  [...new Set([...pcs, ...strangers.values(), ...pcsNodes])].filter((node) => node !== nodeId);

/** Begins, or goes on, to ask for an identity, of whoever there is: a node that was added may know one only, which is alone in the log. */
export function seekIdentity(state: MetaState, ctx: RoleContext, isNew: boolean): void {
  const why = withoutIdentity(state);
  const known = nodesKnown(state);
  if (why === null || known.length === 0) return;
  if (isNew) trace(ctx, { kind: 'pcs.idle', why });
  askIdentity(state, metaPort(state, ctx), known);
}

type JoinAs = MessageOf<'JoinAs'>;

/** A node that was added has not read of its own place yet. */
const isForThisLife = ({ pcs, nodeId, incarnation }: MetaState, message: JoinAs): boolean =>
  message.incarnation === incarnation && (nodeOfMember(pcs, message.member) ?? nodeId) === nodeId;

/** PCS-107: this life was given a newer identity. The one that it runs under was removed, which it has not heard. */
export const isReplaced = (state: MetaState, message: JoinAs): boolean =>
  !isWithoutIdentity(state) && isForThisLife(state, message) && message.member > state.log.config.self;

/** PCS-105: taken once, by the life of the node that it was given to. */
export function onJoinAs(state: MetaState, ctx: RoleContext, message: JoinAs): void {
  const { member } = message;
  const { log, nodeId, pcs, strangers, place } = state;
  if (!isWithoutIdentity(state) || !isForThisLife(state, message)) return;
  if (!startAs(log, metaPort(state, ctx), member, place)) return; // it comes again
  if (nodeOfMember(pcs, member) === null) strangers.set(member, nodeId);
  state.isSpare = false;
  state.isCorrupt = false;
  state.journal = null;
  state.startupProbe = null;
  state.content = initialContent(state.config.cluster);
  wakeAt(ctx, IDENTITY_TIMER, null);
}

/** The leader brings the open change on, if the step before is over. */
export function driveMembers(state: MetaState, ctx: RoleContext): void {
  const { content, log, pcs } = state;
  const { change } = content;
  const { raft } = log;
  const config = isLeading(state) ? settledConfig(raft) : null;
  if (change === null || raft === null || config === null) return;
  const { node } = change;
  const own = membersAt(config, pcs, node);
  if (change.want === 'out') {
    if (own.length === 0) end(state, ctx, node);
    else changeTo(state, ctx, without(config, own));
    return;
  }
  const { member } = change;
  if (member !== null && config.voters.includes(member)) {
    end(state, ctx, node);
    return;
  }
  const incarnation = state.idle.get(node);
  const given = content.members.find((one) => one.node === node);
  if (member === null || (incarnation !== undefined && incarnation !== given?.incarnation)) {
    if (incarnation !== undefined) wantOwn(state, ctx, { kind: 'admitPcs', node, incarnation });
    else tellGone(state, ctx, node);
    return;
  }
  if (!config.learners.includes(member)) changeTo(state, ctx, withLearner(config, own, member));
  else if (hasCaughtUp(raft, member)) changeTo(state, ctx, withVoter(config, own, member));
  if (given !== undefined && incarnation === given.incarnation)
    send(ctx, node, { kind: 'JoinAs', incarnation: given.incarnation, member });
}

/** Whether the node has said that it runs without an identity, and was given none for this life of it since: it says so no more then. */
export const lacksIdentity = (
  { idle, content }: Pick<MetaState, 'idle' | 'content'>,
  node: NodeId,
): boolean => {
  const incarnation = idle.get(node);
  return (
    incarnation !== undefined && content.members.find((one) => one.node === node)?.incarnation !== incarnation
  );
};

/** A node that does not know that it was removed would not ask for an identity. */
function tellGone({ content }: MetaState, ctx: RoleContext, node: NodeId): void {
  const last = identityOf(content, node);
  if (last !== null && isGone(content, last)) send(ctx, node, { kind: 'MemberGone', member: last });
}

function changeTo(state: MetaState, ctx: RoleContext, target: Members): void {
  traceFacts(state, ctx, drive(state.log, metaPort(state, ctx), { kind: 'changeMembers', target }));
}

const end = (state: MetaState, ctx: RoleContext, node: NodeId): void =>
  wantOwn(state, ctx, { kind: 'endPcsChange', node });

/** At most one of a kind at a time. */
export function wantOwn(state: MetaState, ctx: RoleContext, entry: PcsEntry): void {
  if (!state.pending.some(({ operation }) => operation.kind === entry.kind)) proposeOwn(state, ctx, entry);
}
