// Membership steps of a group as pure functions of its descriptor (docs/spec/pcs.md §3 table, wal.md §10, WAL-62…70).
// One change per group at a time; each step raises memberEpoch by one and changes nothing when it is refused (WAL-69).
// `sets` is [voters], or [old, new] while a change is open (DUAL).

import { present } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';

export type MemberError =
  | 'NO_GROUP'
  | 'WRONG_EPOCH'
  | 'CHANGE_IN_PROGRESS'
  | 'ALREADY_VOTER'
  | 'NOT_LEARNER'
  | 'NOT_VOTER'
  | 'NOT_JOINT'
  | 'LEADER_LEAVING'
  | 'INSUFFICIENT_NODES';

export type MemberStep =
  | { readonly error: MemberError }
  | { readonly error: null; readonly next: Descriptor };

const refuse = (error: MemberError): MemberStep => ({ error });

const changed = (d: Descriptor, sets: NodeId[][], learners: NodeId[]): MemberStep => ({
  error: null,
  next: { ...d, sets, learners, memberEpoch: d.memberEpoch + 1 },
});

export const isJoint = (d: Descriptor): boolean => d.sets.length > 1;

/** The newest set: the voters when no change is open. */
export const votersOf = (d: Descriptor): readonly NodeId[] =>
  present(d.sets[d.sets.length - 1], 'a set of the group');

/** Every node that has or had a part in this state: sets, then learners. */
export const nodesOf = (d: Descriptor): NodeId[] => [...new Set([...d.sets.flat(), ...d.learners])];

/** Whether the node is among them. */
export const hasNode = ({ sets, learners }: Descriptor, node: NodeId): boolean =>
  learners.includes(node) || sets.some((set) => set.includes(node));

export function addLearner(d: Descriptor, node: NodeId): MemberStep {
  if (isJoint(d)) return refuse('CHANGE_IN_PROGRESS');
  if (votersOf(d).includes(node)) return refuse('ALREADY_VOTER');
  if (d.learners.length > 0) return refuse('CHANGE_IN_PROGRESS');
  return changed(d, d.sets, [node]);
}

export function removeLearner(d: Descriptor): MemberStep {
  if (isJoint(d)) return refuse('CHANGE_IN_PROGRESS');
  return d.learners.length === 0 ? refuse('NOT_LEARNER') : changed(d, d.sets, []);
}

/** DUAL (WAL-62): `add` takes the place of `remove`; either may be null, not both. */
export function enterJoint(d: Descriptor, add: NodeId | null, remove: NodeId | null): MemberStep {
  if (isJoint(d)) return refuse('CHANGE_IN_PROGRESS');
  const voters = [...votersOf(d)];
  if (add !== null && !d.learners.includes(add)) return refuse('NOT_LEARNER');
  if (remove !== null && !voters.includes(remove)) return refuse('NOT_VOTER');
  const next = voters.flatMap((node) => (node !== remove ? [node] : add === null ? [] : [add]));
  if (remove === null && add !== null) next.push(add);
  if (next.length < d.vw) return refuse('INSUFFICIENT_NODES');
  return changed(d, [voters, next], []);
}

/** Commits the open change: the new set alone. */
export const leaveJoint = (d: Descriptor): MemberStep =>
  isJoint(d) ? changed(d, [[...votersOf(d)]], []) : refuse('NOT_JOINT');

/** Rolls it back: the old set alone, at any point before the commit (WAL-64). */
export const abortJoint = (d: Descriptor): MemberStep =>
  isJoint(d) ? changed(d, [[...present(d.sets[0], 'old set')]], []) : refuse('NOT_JOINT');

/** Of `meta.no-dual`: the sets change at once, with no dual quorum. */
export function switchSets(d: Descriptor, add: NodeId, remove: NodeId | null): MemberStep {
  const joint = enterJoint(d, add, remove);
  return joint.error === null ? changed(d, [[...votersOf(joint.next)]], []) : joint;
}

/** Sets as one text for traces: members with a comma between, sets with a bar between. */
export const setsText = (sets: readonly (readonly NodeId[])[]): string =>
  sets.map((set) => set.join(',')).join('|');
