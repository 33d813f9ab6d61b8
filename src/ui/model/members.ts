// Who the members of a group are, as the newest of those who know says: metadata, writer, replicas (wal.md §10). Two sets
// while a change is open, learners beside them. Pure.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MemberState, MembershipView } from '../../core/kernel/membership.ts';
import type { MoveView } from '../../core/pcs/pcs-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { computeOf, metaOf, storeOf } from './node-facts.ts';

interface MemberSource {
  readonly cluster: ClusterSpec;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
}

export function membersOf({ cluster, nodes }: MemberSource, group: string): MembershipView {
  const spec = cluster.groups.find(({ id }) => id === group);
  let newest: MembershipView = {
    memberEpoch: -1,
    sets: [spec?.replicas ?? []],
    learners: [],
    vw: spec?.vw ?? 0,
    vr: spec?.vr ?? 0,
  };
  for (const node of Object.values(nodes))
    for (const known of [metaOf(node), computeOf(node), storeOf(node)])
      for (const view of known?.groups ?? [])
        if (view.group === group && view.members.memberEpoch > newest.memberEpoch) newest = view.members;
  return newest;
}

/** Every node of every set, then the learners; each once. */
export const memberNodes = ({ sets, learners }: MembershipView): readonly string[] => [
  ...new Set<string>([...sets.flat(), ...learners]),
];

export function memberStateOf({ sets, learners }: MembershipView, node: string): MemberState {
  if (sets.at(-1)?.some((id) => id === node) === true) return 'voter';
  if (sets.some((set) => set.some((id) => id === node))) return 'outgoing';
  return learners.some((id) => id === node) ? 'learner' : 'none';
}

/** The change that is open in the group, as the metadata has it. */
export function moveOf({ nodes }: MemberSource, group: string): MoveView | null {
  for (const node of Object.values(nodes)) {
    const found = metaOf(node)?.groups.find((view) => view.group === group);
    if (found !== undefined && found.move !== null) return found.move;
  }
  return null;
}
