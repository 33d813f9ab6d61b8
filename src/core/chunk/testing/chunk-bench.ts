// A cluster of chunk servers and hosts of mounts for tests, and on it the bench of the file system's contract suite.

import type { Time } from '../../../base/ids.ts';
import { groupId, nodeId } from '../../../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../../kernel/cluster-spec.ts';
import type { OperatorCommand } from '../../kernel/commands.ts';
import type { Message } from '../../kernel/messages.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { makeNodeProgram, type NodeState } from '../../kernel/node.ts';
import { demoParams } from '../../kernel/params-fixture.ts';
import {
  inject,
  type MiniCluster,
  makeMiniCluster,
  runMini,
  runUntil,
  stateOf,
} from '../../kernel/testing/mini-cluster.ts';
import type { Role } from '../../kernel/view.ts';
import { fsck } from '../../pfs/fsck.ts';
import { geometries } from '../../pfs/geometry.ts';
import type { Mount, Outcome } from '../../pfs/mount-state.ts';
import type { FsBench } from '../../pfs/testing/bench.ts';
import { chunkRole } from '../chunk-role.ts';
import { chunkMessages } from '../messages.ts';
import { type FsState, fsRole } from './fs-host.ts';

export const chunkProgram = makeNodeProgram({ roles: [chunkRole, fsRole], messages: chunkMessages });

export type ChunkCluster = MiniCluster<NodeState, Message>;

export const SERVERS = ['c1', 'c2', 'c3'] as const;

const nodeOf = (id: string, role: Role): NodeSpec => ({ id: nodeId(id), zone: 'a', roles: [role] });

function specOf(chunks: number, hosts: number): ClusterSpec {
  const replicas = SERVERS.map((id) => nodeId(id));
  return {
    preset: 'polardb-mini',
    volume: 'v1',
    nodes: [
      ...SERVERS.map((id) => nodeOf(id, 'chunk')),
      ...Array.from({ length: hosts }, (_, i) => nodeOf(`f${i + 1}`, 'fs')),
    ],
    groups: [],
    chunks: Array.from({ length: chunks }, (_, i) => ({ id: groupId(`k${i}`), replicas })),
  };
}

export function makeChunkCluster(chunks: number, hosts: number, mutants: Mutants = []): ChunkCluster {
  return makeMiniCluster(chunkProgram, specOf(chunks, hosts), demoParams, mutants);
}

/** The state of a role, as the node has it. */
export function roleState<S>(cluster: ChunkCluster, node: string): S {
  const state = Object.values(stateOf(cluster, node).parts)[0];
  return state as S;
}

/** Gives a host an order and runs until it has ended. */
export function order(cluster: ChunkCluster, host: string, command: OperatorCommand): Outcome {
  const state = (): FsState => roleState<FsState>(cluster, host);
  if (cluster.now === 0) runUntil(cluster, 1_000_000, () => cluster.now > 10_000);
  const before = state().done;
  inject(cluster, host, { kind: 'operatorCommand', now: cluster.now as Time, command });
  runUntil(cluster, 20_000_000, () => state().done > before);
  return state().outcome as Outcome;
}

/** The contract suite's bench: each mount has a host of its own. */
export function chunkBench(chunks: number): FsBench {
  const cluster = makeChunkCluster(Math.max(chunks, 3), 40);
  let hosts = 0;
  let token = 0;
  const hostOf = new Map<Mount, string>();
  const shown = { chunks };
  const nextHost = (): string => {
    const host = `f${++hosts}`;
    order(cluster, host, { kind: 'fsCall', call: { kind: 'statfs' } });
    inject(cluster, host, {
      kind: 'operatorCommand',
      now: cluster.now as Time,
      command: { kind: 'fsExtend', chunks: shown.chunks },
    });
    return host;
  };
  const mount: FsBench['mount'] = (mode) => {
    const host = nextHost();
    const outcome = order(cluster, host, { kind: 'fsMount', mode, token: mode === 'rw' ? ++token : 0 });
    const made = roleState<FsState>(cluster, host).mount as Mount;
    hostOf.set(made, host);
    return { mount: made, outcome };
  };
  return {
    geometry: geometries.mini,
    mkfs: () => order(cluster, nextHost(), { kind: 'fsMkfs', chunks, isForced: false, token: ++token }),
    mount,
    call: (one, call, nowMs) => {
      if (nowMs !== undefined) runMini(cluster, Math.max(cluster.now, nowMs * 1000));
      return order(cluster, hostOf.get(one) as string, { kind: 'fsCall', call });
    },
    fsck: () => fsck(mount('fsck').mount),
    extend: (more) => {
      shown.chunks = more;
      for (const host of hostOf.values())
        inject(cluster, host, {
          kind: 'operatorCommand',
          now: cluster.now as Time,
          command: { kind: 'fsExtend', chunks: more },
        });
    },
  };
}
