// What a preset is (docs/spec/presets.md) and what presets are built from: nodes, zones, groups, loads. Data only; where a
// card stands on the canvas is the screen's business.

import { type GroupId, groupId, type NodeId, nodeId } from '../base/ids.ts';
import type { ClusterSpec, GroupSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { Role } from '../core/kernel/view.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import { groupKeyFirst } from '../core/page/page-key.ts';
import type { Profile } from './parameters.ts';

/** The load a preset starts with by itself. */
export interface PresetLoad {
  readonly node: NodeId;
  readonly name: string;
  readonly spec: WorkloadSpec;
}

export interface Preset {
  readonly name: string;
  readonly cluster: ClusterSpec;
  readonly profile: Profile;
  /** Parameters that differ from the profile's. */
  readonly changes: readonly (readonly [name: string, value: number])[];
  readonly loads: readonly PresetLoad[];
  /** Boots at maximum speed to this virtual time (PRE-4). */
  readonly bootUntilMs: number;
  /** Virtual time goes this many times slower than wall time; 0 is as fast as it can. */
  readonly slowdown: number;
  readonly seed: number;
  /** No list offers it: it opens by a tape only. */
  readonly isHidden?: true;
  /** Its nodes share a worker and have disks in memory: a browser carries neither so many workers nor so many databases. */
  readonly isInMemory?: true;
}

export const node = (id: string, zone: string, ...roles: Role[]): NodeSpec => ({
  id: nodeId(id),
  zone,
  roles,
});

export const stores = (count: number, zoneOf: (index: number) => string): NodeSpec[] =>
  Array.from({ length: count }, (_, i) => node(`store-${i + 1}`, zoneOf(i), 'store'));

export const zoneInTurn = (index: number): string => 'abc'[index % 3] as string;

/** Group `g<index + 1>` with the key range of its place (page-key.ts). */
export function group(index: number, replicas: readonly NodeId[], vw: number, vr: number): GroupSpec {
  const id: GroupId = groupId(`g${index + 1}`);
  return { id, replicas, keyFirst: groupKeyFirst(index), keyEnd: groupKeyFirst(index + 1), vw, vr };
}

export const ids = (nodes: readonly NodeSpec[]): NodeId[] => nodes.map(({ id }) => id);

/** `count` groups, each on `replicas` stores of its own, quorum `vw`/`vr`. */
export function separateGroups(
  all: readonly NodeSpec[],
  replicas: number,
  vw: number,
  vr: number,
): GroupSpec[] {
  const count = Math.floor(all.length / replicas);
  return Array.from({ length: count }, (_, g) =>
    group(g, ids(all.slice(g * replicas, (g + 1) * replicas)), vw, vr),
  );
}

export function cluster(
  preset: string,
  nodes: readonly NodeSpec[],
  groups: readonly GroupSpec[],
): ClusterSpec {
  return { preset, volume: 'v1', nodes, groups };
}

const noLoad: WorkloadSpec = {
  kind: 'transfer',
  rows: 100,
  clients: 2,
  thinkUs: 4000,
  ratePerSecond: 0,
  readPercent: 25,
  hotPercent: 0,
  valueBytes: 0,
  load: true,
};

export const load = (changes: Partial<WorkloadSpec>): PresetLoad => ({
  node: nodeId('d1'),
  name: 'main',
  spec: { ...noLoad, ...changes },
});

export const demo = { profile: 'demo', changes: [], bootUntilMs: 40, slowdown: 1000, seed: 7 } as const;

export const bench = {
  profile: 'bench',
  changes: [],
  bootUntilMs: 0,
  slowdown: 0,
  seed: 7,
  isHidden: true,
} as const;
