// What a member of the metadata's log shows of itself: whether it leads, its term, how far its log is committed and applied.

import type { NodeId } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import { currentConfig, lastIndex } from '../consensus/raft-log.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading, nodeOfMember } from './pcs-raft.ts';
import type { MemberView } from './pcs-view.ts';

export function memberView({ log, pcs, leads, content }: MetaState): MemberView {
  const { raft } = log;
  if (raft === null)
    return {
      term: 0,
      commit: content.applied,
      member: 'starting',
      leader: null,
      votedFor: null,
      voters: pcs,
      last: 0,
      durable: 0,
    };
  const named = (members: readonly MemberId[]): NodeId[] =>
    members.flatMap((member) => nodeOfMember(pcs, member) ?? []);
  const { term, commit, role, amnesia } = raft;
  return {
    term,
    commit,
    member: amnesia ?? (role === 'leader' && !isLeading({ leads, log }) ? 'starting' : role),
    leader: raft.leader === null ? null : nodeOfMember(pcs, raft.leader),
    votedFor: raft.votedFor === null ? null : nodeOfMember(pcs, raft.votedFor),
    voters: amnesia === null ? named(currentConfig(raft.log).voters) : [],
    last: lastIndex(raft.log),
    durable: raft.log.durable,
  };
}

/** Whether the other member was heard in the last election timeout, by the leader that counts its answers. */
export const isHeard = ({ log, pcs, nodeId }: MetaState, node: NodeId): boolean => {
  if (node === nodeId) return true;
  const member = pcs.indexOf(node) + 1;
  return [...(log.raft?.leadership?.progress ?? [])].some(([id, { isActive }]) => id === member && isActive);
};
