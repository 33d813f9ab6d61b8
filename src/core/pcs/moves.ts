// Changes of a group's members as the metadata's log has them (docs/spec/wal.md §10, placement.md §4): which change is open,
// at which phase, and what each entry does to it. Pure, so that every member of a later Raft group reaches the same state.
// A replica moves from one node to another: learner, DUAL, new set. One whose disk was lost cannot stay a member (WAL-71):
// it is removed through DUAL first, then added again as a learner, on the same node.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { isOfTablets } from '../page/page-key.ts';
import {
  abortJoint,
  addLearner,
  enterJoint,
  isJoint,
  leaveJoint,
  type MemberError,
  type MemberStep,
  removeLearner,
  switchSets,
  votersOf,
} from '../placement/membership.ts';
import type { MetaContent, MetaOperation, Move, VolumeContent } from './meta-content.ts';
import { offlineNodes } from './offline-nodes.ts';
import type { GroupPlace } from './volumes.ts';

export type MoveResult =
  | { readonly kind: 'moveBegun'; readonly move: Move }
  | { readonly kind: 'memberStep'; readonly move: Move; readonly descriptor: Descriptor }
  | { readonly kind: 'moveDone'; readonly move: Move; readonly outcome: 'done' | 'rolledBack' }
  | { readonly kind: 'memberRefused'; readonly error: MoveError };
type MoveError = MemberError | 'NODE_TOMBSTONED' | 'NODE_OFFLINE';

type Begin = Extract<MetaOperation, { kind: 'beginMove' }>;
type Step = Extract<MetaOperation, { kind: 'memberStep' }>;

export const moveOf = (volume: VolumeContent, group: GroupId): Move | null =>
  volume.moves.find((move) => move.group === group) ?? null;

const refuse = (error: MoveError): MoveResult => ({ kind: 'memberRefused', error });

/**
 * WAL-69: membership changes begin while the volume is OPEN only, one per group. Who leaves is a voter: a set that grew
 * would have quorums that do not meet (WAL-21). No replica comes to a node that was removed, or is to be drained (PCS-72, PCS-79).
 */
export function beginMove(
  content: Pick<MetaContent, 'removed' | 'sharding' | 'storage'>,
  place: GroupPlace | null,
  { group, source: from, to, isLost, at, deadline }: Begin,
): MoveResult {
  if (!place) return refuse('NO_GROUP');
  // what is lost on a node that is drained may be made anew there, while no other node may take it (PCS-80)
  if (content.removed.includes(to)) return refuse('NODE_TOMBSTONED');
  if (from !== to && offlineNodes(content).includes(to)) return refuse('NODE_OFFLINE');
  const { volume, descriptor } = place;
  const open = moveOf(volume, group);
  if (open !== null && isAwaited(open) && from === open.to && from !== to) return moveTarget(place, open, to);
  if (volume.state !== 'OPEN' || open) return refuse('CHANGE_IN_PROGRESS');
  const voters = votersOf(descriptor);
  if (!voters.includes(from)) return refuse('NOT_VOTER');
  if (from !== to && voters.includes(to)) return refuse('ALREADY_VOTER');
  if (from === to && voters.length <= descriptor.vw) return refuse('INSUFFICIENT_NODES');
  const phase = from === to ? 'removing' : 'learner';
  const step = phase === 'removing' ? enterJoint(descriptor, null, from) : addLearner(descriptor, to);
  if (step.error !== null) return refuse(step.error);
  const { token } = volume;
  const move: Move = { group, from, to, phase, before: descriptor.sets, isLost, token, since: at, deadline };
  volume.moves = [...volume.moves, move];
  install(place, step.next);
  return { kind: 'moveBegun', move };
}

/** PCS-76: removed to be made anew on its own node, which is no member for good yet: another node may be. */
export const isAwaited = ({ from, to, phase }: Move): boolean =>
  from === to && (phase === 'removed' || phase === 'learner' || phase === 'joint');

/** The node that is waited for may never return. What it had is gone already, so the change is as if it had been another's from the start. */
function moveTarget(place: GroupPlace, open: Move, to: NodeId): MoveResult {
  const { volume, descriptor } = place;
  if (volume.state !== 'OPEN') return refuse('CHANGE_IN_PROGRESS');
  if (votersOf(descriptor).includes(to)) return refuse('ALREADY_VOTER');
  const undone = rollback(descriptor, open.phase, true);
  const step = undone?.result ?? addLearner(descriptor, to);
  if (step.error !== null) return refuse(step.error);
  if (isLeft(volume, step.next)) return refuse('LEADER_LEAVING');
  const phase = undone?.phase ?? 'learner';
  const next: Move = { ...open, from: to, to, phase, before: descriptor.sets, token: volume.token };
  volume.moves = volume.moves.map((one) => (one === open ? next : one));
  install(place, step.next);
  return { kind: 'memberStep', move: next, descriptor: step.next };
}

function install({ volume, at }: GroupPlace, next: Descriptor): void {
  volume.groups[at] = next;
  volume.mapVersion++;
}

/** One step of the open change; `memberEpoch` is what its proposer saw. Only a rollback is done while the volume is closed. */
export function stepMove(
  place: GroupPlace | null,
  { group, step, memberEpoch }: Step,
  mutants: Mutants = [],
): MoveResult {
  if (!place) return refuse('NO_GROUP');
  const { volume, descriptor } = place;
  const move = moveOf(volume, group);
  if (memberEpoch !== descriptor.memberEpoch) return refuse('WRONG_EPOCH');
  if (!move || (volume.state !== 'OPEN' && step !== 'abort' && step !== 'finish'))
    return refuse('CHANGE_IN_PROGRESS');
  if (step === 'finish') return finish(volume, descriptor, move);
  const done = transition(descriptor, move, step);
  if (!done) return refuse('CHANGE_IN_PROGRESS');
  if (done.result.error !== null) return refuse(done.result.error);
  if (isLeft(volume, done.result.next) && !has(mutants, 'pcs.leaves-leader-out'))
    return refuse('LEADER_LEAVING');
  const next: Move = { ...move, phase: done.phase, before: descriptor.sets, token: volume.token };
  volume.moves = volume.moves.map((one) => (one === move ? next : one));
  install(place, done.result.next);
  return { kind: 'memberStep', move: next, descriptor: done.result.next };
}

/**
 * Where members of a group lead it, its leader is one of those that stay (PCS-41); another leads before it leaves. Whose token was taken
 * leads no more.
 */
const isLeft = ({ holder }: VolumeContent, next: Descriptor): boolean =>
  holder !== null && isOfTablets(next) && !next.sets.some((set) => set.includes(holder));

interface Transition {
  readonly phase: Move['phase'];
  readonly result: MemberStep;
}

/** What a step does in the phase the change is in; null when it has no place there. */
function transition(
  descriptor: Descriptor,
  move: Move,
  step: Exclude<Step['step'], 'finish'>,
): Transition | null {
  const { phase, from, to } = move;
  const remove = votersOf(descriptor).includes(from) ? from : null;
  switch (step) {
    case 'abort':
      return rollback(descriptor, phase, from === to);
    case 'leaveJoint':
      if (phase === 'removing') return { phase: 'removed', result: leaveJoint(descriptor) };
      return phase === 'joint' ? { phase: 'leaving', result: leaveJoint(descriptor) } : null;
    case 'addLearner':
      return phase === 'removed' ? { phase: 'learner', result: addLearner(descriptor, to) } : null;
    case 'enterJoint':
      return phase === 'learner' ? { phase: 'joint', result: enterJoint(descriptor, to, remove) } : null;
    case 'switch':
      return phase === 'learner' ? { phase: 'leaving', result: switchSets(descriptor, to, remove) } : null;
  }
}

/** Rollback needs nothing and is allowed until the commit (WAL-64); a replica already removed is only made again. */
function rollback(descriptor: Descriptor, phase: Move['phase'], isRemoved: boolean): Transition | null {
  switch (phase) {
    case 'removing':
      return { phase: 'aborting', result: abortJoint(descriptor) };
    case 'learner':
      return { phase: isRemoved ? 'removed' : 'aborting', result: removeLearner(descriptor) };
    case 'joint':
      return { phase: isRemoved ? 'removed' : 'aborting', result: abortJoint(descriptor) };
    default:
      return null;
  }
}

function finish(volume: VolumeContent, descriptor: Descriptor, move: Move): MoveResult {
  if (isJoint(descriptor) || (move.phase !== 'leaving' && move.phase !== 'aborting'))
    return refuse('CHANGE_IN_PROGRESS');
  volume.moves = volume.moves.filter((one) => one !== move);
  return { kind: 'moveDone', move, outcome: move.phase === 'leaving' ? 'done' : 'rolledBack' };
}
