// Members and leader of a group in the shard map (docs/spec/pcs.md table of §5, §10): the steps of `membership.ts`, with what the
// map adds: a leader must be a voter and cannot be left out, and the quorums of every set must meet (WAL-21).

import type { NodeId } from '../../base/ids.ts';
import { checkQuorum } from '../kernel/membership.ts';
import {
  changed,
  existing,
  type MapDetail,
  type OperationOf,
  type Outcome,
  refuse,
} from './map-operation.ts';
import {
  abortJoint,
  addLearner,
  enterJoint,
  isJoint,
  leaveJoint,
  type MemberStep,
  removeLearner,
  votersOf,
} from './membership.ts';
import { ascending, install, type ShardGroup, type ShardMap } from './shard-map.ts';

/** PCS-48: one leader a term. That the term is the last granted token is the volume's rule (FENCE-16). */
export function applySetLeader(
  map: ShardMap,
  group: ShardGroup,
  { leader, term }: OperationOf<'setLeader'>,
): Outcome {
  const isSame = term === group.term && leader === group.leader;
  if (isSame) return existing({ term, leader });
  if (term <= group.term) return refuse('STALE_TERM', { term: group.term });
  if (!votersOf(group).includes(leader)) return refuse('NOT_VOTER');
  install(map, [{ ...group, leader, term }]);
  return changed({ term, leader });
}

type Tell = (group: ShardGroup) => MapDetail;
const tellEpoch: Tell = ({ memberEpoch }) => ({ memberEpoch });
const tellVoters: Tell = (group) => ({ ...tellEpoch(group), voters: ascending(votersOf(group)) });
const tellSets: Tell = (group) => ({ ...tellVoters(group), outgoing: ascending(group.sets[0] ?? []) });

function installStep(map: ShardMap, group: ShardGroup, step: MemberStep, tell: Tell): Outcome {
  if (step.error !== null) return refuse(step.error);
  const next: ShardGroup = { ...group, ...step.next };
  install(map, [next]);
  return changed(tell(next));
}

export function learnerStep(
  map: ShardMap,
  group: ShardGroup,
  { kind, node }: OperationOf<'addLearner' | 'removeLearner'>,
): Outcome {
  if (isJoint(group)) return refuse('CHANGE_IN_PROGRESS');
  const isDone = group.learners.includes(node) === (kind === 'addLearner');
  if (isDone) return existing(tellEpoch(group));
  return installStep(
    map,
    group,
    kind === 'addLearner' ? addLearner(group, node) : removeLearner(group),
    tellEpoch,
  );
}

export function enterJointStep(
  map: ShardMap,
  group: ShardGroup,
  { add, remove }: OperationOf<'enterJoint'>,
): Outcome {
  const step = enterJoint(group, add, remove);
  const isTooLarge =
    step.error === null && checkQuorum(votersOf(step.next).length, group.vw, group.vr) !== null;
  return isTooLarge ? refuse('BAD_QUORUM') : installStep(map, group, step, tellSets);
}

export function leaveJointStep(
  map: ShardMap,
  group: ShardGroup,
  { kind }: OperationOf<'leaveJoint' | 'abortJoint'>,
): Outcome {
  if (!isJoint(group)) return refuse('NOT_JOINT');
  const step = kind === 'leaveJoint' ? leaveJoint(group) : abortJoint(group);
  const keeps = (leader: NodeId): boolean => step.error !== null || votersOf(step.next).includes(leader);
  if (group.leader !== null && !keeps(group.leader)) return refuse('LEADER_LEAVING');
  return installStep(map, group, step, tellVoters);
}
