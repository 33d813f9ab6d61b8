// Who writes a volume next while nobody recovers it yet (docs/spec/failover.md §3): where the metadata chooses writers, a standby or the
// replicas' election takes over without an operator. Pure.

import type { NodeId } from '../../../../../base/ids.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import type { MetaView } from '../../../../../core/pcs/pcs-view.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import { metaOf } from '../../../../model/node-facts.ts';

/** `afterUs`: a writer that is silent for so long is given up. */
export type Successor =
  | { readonly kind: 'standby'; readonly node: NodeId; readonly afterUs: number }
  | { readonly kind: 'election'; readonly afterUs: number };

type Nodes = Readonly<Record<string, NodeFrame>>;

/** Null: none takes over by itself; a compute node has to start. */
export function successorOf(nodes: Nodes, { volume, groups }: ClusterSpec): Successor | null {
  const isUp = (node: NodeId): boolean => nodes[node]?.status === 'up';
  const meta = newestMetadata(nodes);
  const own = meta?.computeGroups?.find((one) => one.volume === volume);
  if (meta === null || own === undefined || !isMajority(meta.voters, isUp)) return null;
  const hasQuorums = groups.every(({ id, replicas, vw }) => {
    const known = meta.groups.find(({ group }) => group === id)?.members;
    const sets = known?.sets ?? [replicas];
    return sets.every((set) => set.filter(isUp).length >= (known?.vw ?? vw));
  });
  if (!hasQuorums) return null;
  const afterUs = own.failoverAfterUs;
  // Where tables are cut the replicas elect by their logs (PCS-49), not by priority.
  if (meta.sharding !== undefined) return { kind: 'election', afterUs };
  const next = own.members.find(({ node }) => node !== meta.holder && isUp(node));
  return next === undefined ? null : { kind: 'standby', node: next.node, afterUs };
}

/** The view of a leader that is up; else the one that has applied most. */
function newestMetadata(nodes: Nodes): MetaView | null {
  const rank = (node: NodeFrame, { member, term, applied }: MetaView): readonly [number, number] =>
    node.status === 'up' && member === 'leader' ? [1, term] : [0, applied];
  let best: MetaView | null = null;
  let highest: readonly [number, number] = [-1, -1];
  for (const node of Object.values(nodes)) {
    const view = metaOf(node);
    if (view === null) continue;
    const own = rank(node, view);
    if (own[0] < highest[0] || (own[0] === highest[0] && own[1] <= highest[1])) continue;
    best = view;
    highest = own;
  }
  return best;
}

const isMajority = (voters: readonly NodeId[], isUp: (node: NodeId) => boolean): boolean =>
  voters.filter(isUp).length * 2 > voters.length;
