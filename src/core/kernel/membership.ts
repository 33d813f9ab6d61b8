// Members of a protection group as views show them (docs/spec/wal.md §10), and what a node is among them.

import type { NodeId } from '../../base/ids.ts';
import type { Descriptor } from './fields.ts';

/** A group's members as someone knows them (wal.md §10): two sets while a change is open. */
export interface MembershipView {
  readonly memberEpoch: number;
  readonly sets: readonly (readonly NodeId[])[];
  readonly learners: readonly NodeId[];
  readonly vw: number;
  readonly vr: number;
}

/** `outgoing`: in the old set of an open change only. */
export type MemberState = 'voter' | 'outgoing' | 'learner' | 'none';

/** What a node is in a group with these members. */
export function memberStateIn({ sets, learners }: Descriptor, node: NodeId): MemberState {
  if (sets[sets.length - 1]?.includes(node)) return 'voter';
  if (sets.some((set) => set.includes(node))) return 'outgoing';
  return learners.includes(node) ? 'learner' : 'none';
}
