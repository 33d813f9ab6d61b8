// What entries do to the nodes and members of a cluster whose tables are cut (docs/spec/placement.md PCS-41, PCS-72, PCS-79, PCS-120).

import { expect, test } from 'vitest';
import { type GroupId, groupId, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { memberId } from '../consensus/configuration.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { pageKey, tabletRelation } from '../page/page-key.ts';
import { cutTable } from '../sql/cut-table-fixture.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { hostsOf } from './sharding.ts';
import { mayMake, volumeNamed } from './volumes.ts';

const [n1, n2, n3, n4] = ['n1', 'n2', 'n3', 'n4'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId];
const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v0',
  nodes: [n1, n2, n3].map((id) => ({ id, zone: 'a', roles: ['meta', 'store', 'compute'] as const })),
  groups: [],
  placement: { n: 3, vw: 2, vr: 2 },
};
const g1: GroupId = groupId('g1');

type Body<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId'> : never;

/** Entries one after another, each a request of its own. */
function makeBench() {
  const content: MetaContent = initialContent(cluster);
  let reqId = 0;
  const apply = (one: Body<MetaOperation>, from = n1) =>
    applyMeta(content, { ...one, from, boot: 1, reqId: ++reqId } as MetaOperation);
  return { content, apply };
}

function opened() {
  const bench = makeBench();
  const { apply } = bench;
  apply({ kind: 'prepareTable', what: 'create', name: 't', definition: cutTable('').definition, bounds: [] });
  apply({ kind: 'activateTable', version: 1 });
  apply({ kind: 'makeGroup', relation: tabletRelation(0), voters: [n1, n2, n3], leader: n1, vw: 2, vr: 2 });
  apply({ kind: 'promote', volume: 'v1', holder: n1, holderBoot: 1, expect: 0 as Term });
  return bench;
}

const open = (apply: ReturnType<typeof makeBench>['apply'], from: NodeId, term: number): void => {
  for (const state of ['RECOVERING', 'OPEN'] as const)
    apply({ kind: 'setWriter', volume: 'v1', term: term as Term, state }, from);
};

test('PCS-120 a replica may be made from nothing by a member until the volume was opened once', () => {
  const { content, apply } = opened();
  expect(content.volumes[0]?.groups[0]?.keyFirst).toBe(pageKey(tabletRelation(0), 0, 0));
  expect([n1, n3, n4].map((node) => mayMake(content, g1, node))).toEqual([true, true, false]);
  open(apply, n1, 1);
  expect([n1, n3].map((node) => mayMake(content, g1, node))).toEqual([false, false]);
  expect(mayMake(content, groupId('g9'), n1)).toBe(false);
});

test('PCS-41 PCS-69 a change is not committed while it takes the leader away, and its members may lead', () => {
  const { content, apply } = opened();
  open(apply, n1, 1);
  const step = (name: 'enterJoint' | 'leaveJoint' | 'abort' | 'finish', memberEpoch: number) =>
    apply({ kind: 'memberStep', group: g1, step: name, memberEpoch });
  apply({
    kind: 'joinNode',
    node: n4,
    volume: 'v0',
    zone: 'b',
    roles: ['store', 'compute'],
    isReader: false,
    listed: [],
  });
  apply({ kind: 'beginMove', group: g1, source: n1, to: n4, isLost: false, at: 0, deadline: 9 });
  step('enterJoint', 2);
  expect(step('leaveJoint', 3)).toMatchObject({ kind: 'memberRefused', error: 'LEADER_LEAVING' });
  expect(content.computeGroups[0]?.members.map(({ node }) => node)).toEqual([n4, n2, n3]);
  apply({ kind: 'fenceVolume', volume: 'v1', expect: 1 as Term, target: n4 });
  expect(content.computeGroups[0]?.target).toBe(n4);
  apply({ kind: 'setLeader', volume: 'v1', leader: n4, leaderBoot: 1, term: 2 as Term });
  // nobody goes back to a set that the leader is not in
  expect(step('abort', 3)).toMatchObject({ kind: 'memberRefused', error: 'LEADER_LEAVING' });
  open(apply, n4, 2);
  expect(step('leaveJoint', 3)).toMatchObject({ kind: 'memberStep' });
  expect(volumeNamed(content, 'v1')?.writers).toEqual([n4, n2, n3]);
  // PCS-79: a quorum of the set that it has left is still waited for (postdb-v4, sweep seed 13)
  apply({ kind: 'setOffline', node: n1, isOffline: true, code: '' });
  const remove = { kind: 'removeNode' as const, node: n1, volume: 'v0', listed: [] };
  expect(apply(remove)).toMatchObject({ kind: 'nodeRefused', code: 'NOT_DRAINED' });
  expect(step('finish', 4)).toMatchObject({ kind: 'moveDone', outcome: 'done' });
  expect(apply(remove)).toMatchObject({ kind: 'nodeRefused', code: 'PCS_VOTER' });
});

test('PCS-72 PCS-79 PCS-80 a node is drained before it is taken away, and its name is used up', () => {
  const { content, apply } = opened();
  apply({ kind: 'setOffline', node: n3, isOffline: true, code: '' });
  expect(content.sharding?.offline).toEqual([n3]);
  const remove = { kind: 'removeNode' as const, node: n3, volume: 'v0', listed: [] };
  expect(apply(remove)).toMatchObject({ kind: 'nodeRefused', code: 'NOT_DRAINED' });
  apply({ kind: 'setOffline', node: n3, isOffline: false, code: '' });
  expect(content.sharding?.offline).toEqual([]);
  expect(apply({ kind: 'setOffline', node: n2, isOffline: true, code: 'INSUFFICIENT_NODES' })).toMatchObject({
    kind: 'nodeRefused',
    code: 'INSUFFICIENT_NODES',
  });
  const other = makeBench();
  other.apply({ kind: 'setOffline', node: n3, isOffline: true, code: '' });
  expect(other.apply(remove)).toMatchObject({ kind: 'nodeRefused', code: 'PCS_VOTER' });
  const { config } = other.content;
  other.content.config = { ...config, voters: config.voters.filter((member) => member !== memberId(3)) };
  expect(other.apply(remove)).toMatchObject({ kind: 'nodeRemoved', node: n3 });
  const back = { kind: 'changePcs' as const, node: n3, want: 'in' as const, isIdle: true, at: 1 };
  expect(other.apply(back)).toMatchObject({ kind: 'pcsRefused', code: 'NOT_MEMBER' });
  expect(hostsOf(other.content, cluster).map(({ id }) => id)).toEqual([n1, n2]);
  expect(other.apply({ kind: 'setOffline', node: n3, isOffline: false, code: '' })).toMatchObject({
    code: 'NODE_TOMBSTONED',
  });
});
