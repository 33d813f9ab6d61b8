// A small cluster around the counting engine, and a client outside it: what tests of the node start from.

import { present } from '../../../base/assert.ts';
import { groupId, type Lsn, nodeId } from '../../../base/ids.ts';
import { driverRole } from '../../client/driver-role.ts';
import { messageTable } from '../../cluster/messages.ts';
import type { Attachment } from '../../compute/attachment-state.ts';
import { computeRole } from '../../compute/compute-role.ts';
import type { ClusterSpec, GroupSpec } from '../../kernel/cluster-spec.ts';
import type { Message } from '../../kernel/messages.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { makeNodeProgram, type NodeState, partOf } from '../../kernel/node.ts';
import type { Params } from '../../kernel/params.ts';
import { demoParams } from '../../kernel/params-fixture.ts';
import {
  deliver,
  type MiniCluster,
  makeMiniCluster,
  miniTraces,
  stateOf,
} from '../../kernel/testing/mini-cluster.ts';
import { storeRole } from '../../log-store/store-role.ts';
import { objectStoreRole } from '../../object-store/object-store-role.ts';
import { groupKeyFirst } from '../../page/page-key.ts';
import { metaRole } from '../../pcs/meta-role.ts';
import { nodeMember } from '../../pcs/node-member.ts';
import { type Counter, countingEngine } from './counting-engine.ts';

export const stores = ['store-1', 'store-2', 'store-3'];
const group = (name: string, index: number): GroupSpec => ({
  id: groupId(name),
  replicas: stores.map(nodeId),
  keyFirst: groupKeyFirst(index),
  keyEnd: groupKeyFirst(index + 1),
  vw: 2,
  vr: 2,
});

function specWith(writers: readonly string[]): ClusterSpec {
  const node = (id: string, role: 'meta' | 'compute' | 'store') => ({
    id: nodeId(id),
    zone: 'a',
    roles: [role],
  });
  return {
    preset: 'cynosdb',
    volume: 'v1',
    nodes: [
      node('meta-1', 'meta'),
      ...writers.map((id) => node(id, 'compute')),
      ...stores.map((id) => node(id, 'store')),
    ],
    groups: [group('g1', 0), group('g2', 1)],
  };
}

export type Cluster = MiniCluster<NodeState, Message>;
const compute = computeRole(countingEngine);
export const program = makeNodeProgram({
  member: nodeMember,
  roles: [metaRole, storeRole, compute, driverRole, objectStoreRole],
  messages: messageTable,
});

export const makeCluster = (
  params: Partial<Params> = {},
  writers = ['rw-1'],
  mutants: Mutants = [],
): Cluster => makeMiniCluster(program, specWith(writers), { ...demoParams, ...params }, mutants);

export const computeOf = (cluster: Cluster, id = 'rw-1'): Attachment<Counter> =>
  present(partOf(stateOf(cluster, id), compute)?.attachments[0], 'an attachment');

export const isOpen = (cluster: Cluster, id = 'rw-1'): boolean => computeOf(cluster, id).status === 'open';

export interface Client {
  readonly acked: Map<number, Lsn>;
  readonly codes: string[];
  sequence: number;
}

/** A client outside the cluster: what is sent to `driver` is taken here. */
export function addClient(cluster: Cluster): Client {
  const client: Client = { acked: new Map(), codes: [], sequence: 0 };
  const before = cluster.loses;
  cluster.loses = (from, to, message) => {
    if (to !== nodeId('driver')) return before(from, to, message);
    if (message.kind !== 'SqlReply') return true;
    if (message.code === '') client.acked.set(message.sequence, message.scn);
    else client.codes.push(message.code);
    return true;
  };
  return client;
}

export function put(cluster: Cluster, client: Client, keys: number[], to = 'rw-1'): void {
  const sequence = client.sequence++;
  deliver(cluster, 'driver', to, {
    kind: 'SqlRequest',
    volume: 'v1',
    session: 's',
    incarnation: 1,
    sequence,
    attempt: 1,
    inTransaction: false,
    statements: [{ id: 0, text: `put ${keys.join(' ')}`, tree: new Uint8Array(0) }],
    params: [],
  });
}

export const stepNames = (cluster: Cluster): string[] =>
  miniTraces(cluster, 'recovery.step').map(({ step }) => step);
