// The cluster of the reference picture: six nodes, two groups of three replicas (hook-frame.ts).

import { type GroupId, groupId, type NodeId, nodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MembershipView } from '../../core/kernel/membership.ts';

export const g1: GroupId = groupId('g1');
export const g2: GroupId = groupId('g2');
export const stores: readonly NodeId[] = ['store-1', 'store-2', 'store-3'].map(nodeId);
export const membership: MembershipView = { memberEpoch: 1, sets: [stores], learners: [], vw: 2, vr: 2 };

export const hookCluster: ClusterSpec = {
  preset: 'hook-hole',
  volume: 'v1',
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
    { id: nodeId('rw-1'), zone: 'a', roles: ['compute'] },
    { id: nodeId('store-1'), zone: 'a', roles: ['store'] },
    { id: nodeId('store-2'), zone: 'b', roles: ['store'] },
    { id: nodeId('store-3'), zone: 'c', roles: ['store'] },
  ],
  groups: [
    { id: g1, replicas: stores, keyFirst: 0, keyEnd: 1 << 20, vw: 2, vr: 2 },
    { id: g2, replicas: stores, keyFirst: 1 << 20, keyEnd: 1 << 21, vw: 2, vr: 2 },
  ],
};
