// What a member of the metadata's log shows of itself: whether it leads, its term, how far its log is committed and applied, who the
// members are and which change of them is open.

import type { NodeId, Time } from '../../base/ids.ts';
import { type Configuration, isJoint, type MemberId, noMembers } from '../consensus/configuration.ts';
import { memberName, nodeOfMember } from '../consensus/identities.ts';
import { currentConfig, lastIndex } from '../consensus/raft-log.ts';
import { withoutIdentity } from './member-driver.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading, nodeAt } from './pcs-raft.ts';
import type { MemberView } from './pcs-view.ts';

export function memberView(state: MetaState, now: Time): MemberView {
  const { log, leads, content } = state;
  const { raft } = log;
  const lost = withoutIdentity(state);
  const config = raft === null ? content.config : lost === null ? currentConfig(raft.log) : noMembers;
  const nodes = (members: readonly MemberId[]): NodeId[] =>
    members.flatMap((member) => nodeAt(state, member) ?? []);
  const { term, commit, role } = raft ?? { term: 0, commit: content.applied, role: 'starting' as const };
  const isElect = role === 'leader' && !isLeading({ leads, log });
  return {
    term,
    commit,
    member: lost ?? (isElect || role === 'amnesiac' ? 'starting' : role),
    as: lost === null ? memberName(state.nodeId, log.config.self) : '',
    leader: raft?.leader == null ? null : nodeAt(state, raft.leader),
    votedFor: raft?.votedFor == null ? null : nodeAt(state, raft.votedFor),
    voters: nodes(config.voters),
    outgoing: nodes(config.outgoing),
    learners: nodes(config.learners),
    change: changeView(state, config, now),
    last: raft === null ? 0 : lastIndex(raft.log),
    durable: raft?.log.durable ?? 0,
  };
}

function changeView({ content }: MetaState, config: Configuration, now: Time): MemberView['change'] {
  const { change } = content;
  if (change === null) return null;
  const { node, want, member, since } = change;
  const isIn = member !== null && config.learners.includes(member);
  const step = isJoint(config) ? 'joint' : want === 'out' ? 'leaving' : isIn ? 'learner' : 'identity';
  return { node, want, step, sinceUs: Math.max(0, now - since) };
}

/** Whether the other member was heard in the last election timeout, by the leader that counts its answers. */
export const isHeard = ({ log, pcs, nodeId }: MetaState, node: NodeId, now: Time): boolean =>
  node === nodeId ||
  [...(log.raft?.leadership?.progress ?? [])].some(
    ([member, { answeredAt }]) =>
      nodeOfMember(pcs, member) === node && now - answeredAt < log.config.timing.electionMaxUs,
  );
