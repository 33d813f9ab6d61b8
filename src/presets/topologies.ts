// The presets (docs/spec/presets.md): who takes part, in which zones and groups, under which profile and load. Data
// only; where a card stands on the canvas is the screen's business.

import { type GroupId, groupId, type NodeId, nodeId } from '../base/ids.ts';
import type { ClusterSpec, GroupSpec, NodeSpec, Role, WorkloadSpec } from '../core/kernel/door.ts';
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
}

const node = (id: string, zone: string, ...roles: Role[]): NodeSpec => ({ id: nodeId(id), zone, roles });

const stores = (count: number, zoneOf: (index: number) => string): NodeSpec[] =>
  Array.from({ length: count }, (_, i) => node(`store-${i + 1}`, zoneOf(i), 'store'));

const zoneInTurn = (index: number): string => 'abc'[index % 3] as string;

/** Group `g<index + 1>` with the key range of its place (page-key.ts). */
function group(index: number, replicas: readonly NodeId[], vw: number, vr: number): GroupSpec {
  const id: GroupId = groupId(`g${index + 1}`);
  return { id, replicas, keyFirst: groupKeyFirst(index), keyEnd: groupKeyFirst(index + 1), vw, vr };
}

const ids = (nodes: readonly NodeSpec[]): NodeId[] => nodes.map(({ id }) => id);

const frontNodes = [node('d1', 'a', 'driver'), node('meta-1', 'a', 'meta'), node('rw-1', 'a', 'compute')];

/** `count` groups, each on `replicas` stores of its own, quorum `vw`/`vr`. */
function separateGroups(all: readonly NodeSpec[], replicas: number, vw: number, vr: number): GroupSpec[] {
  const count = Math.floor(all.length / replicas);
  return Array.from({ length: count }, (_, g) =>
    group(g, ids(all.slice(g * replicas, (g + 1) * replicas)), vw, vr),
  );
}

function cluster(preset: string, nodes: readonly NodeSpec[], groups: readonly GroupSpec[]): ClusterSpec {
  return { preset, volume: 'v1', nodes, groups };
}

const threeStores = stores(3, zoneInTurn);
const threeByTwo = (preset: string): ClusterSpec =>
  cluster(
    preset,
    [...frontNodes, ...threeStores],
    [group(0, ids(threeStores), 2, 2), group(1, ids(threeStores), 2, 2)],
  );

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

const load = (changes: Partial<WorkloadSpec>): PresetLoad => ({
  node: nodeId('d1'),
  name: 'main',
  spec: { ...noLoad, ...changes },
});

const demo = { profile: 'demo', changes: [], bootUntilMs: 40, slowdown: 1000, seed: 7 } as const;
const bench = { profile: 'bench', changes: [], bootUntilMs: 0, slowdown: 0, seed: 7 } as const;

function cynosdb(): Preset {
  return { ...demo, name: 'cynosdb', cluster: threeByTwo('cynosdb'), loads: [load({})] };
}

function cynosdb6(): Preset {
  const six = stores(6, (i) => 'abc'[i >> 1] as string);
  const groups = [group(0, ids(six), 4, 3), group(1, ids(six), 4, 3)];
  const spec = cluster('cynosdb-6', [...frontNodes, ...six], groups);
  return { ...demo, name: 'cynosdb-6', cluster: spec, loads: [load({})] };
}

/** A fourth store that hosts nothing at first: somewhere for replicas to move to. */
function cynosdb4(): Preset {
  const four = stores(4, zoneInTurn);
  const three = ids(four.slice(0, 3));
  const spec = cluster('cynosdb-4', [...frontNodes, ...four], [group(0, three, 2, 2), group(1, three, 2, 2)]);
  return { ...demo, name: 'cynosdb-4', cluster: spec, loads: [load({})] };
}

/** Five replicas of each group, 5/3/3: enough peers that it matters whom a replica asks for what it lacks. */
function cynosdb5(): Preset {
  const five = stores(5, zoneInTurn);
  const groups = [group(0, ids(five), 3, 3), group(1, ids(five), 3, 3)];
  const spec = cluster('cynosdb-5', [...frontNodes, ...five], groups);
  return { ...demo, name: 'cynosdb-5', cluster: spec, loads: [load({})] };
}

/** `cynosdb` with an object store that it is backed up to (wal.md §7), and a spare compute node for what is restored. */
function cynosdbBackup(): Preset {
  const { nodes, groups } = threeByTwo('cynosdb-backup');
  const spare: NodeSpec = { ...node('rw-2', 'b', 'compute'), isSpare: true };
  const spec = cluster('cynosdb-backup', [...nodes, node('cos-1', 'a', 'objectStore'), spare], groups);
  return { ...demo, name: 'cynosdb-backup', cluster: spec, loads: [load({})] };
}

/** The first minute: transfers only, close enough together that a cut of 6 ms always loses a record. */
function hookHole(): Preset {
  const loads = [load({ thinkUs: 3000, readPercent: 0 })];
  return { ...demo, name: 'hook-hole', cluster: threeByTwo('hook-hole'), loads };
}

/** 50 nodes, as it is before there are readers: 45 stores in 15 groups. */
function stress50(): Preset {
  const all = stores(45, zoneInTurn);
  const nodes = [...frontNodes, node('d2', 'b', 'driver'), node('d3', 'c', 'driver'), ...all];
  const inserts = load({
    kind: 'kv-insert',
    rows: 0,
    clients: 200,
    thinkUs: 0,
    ratePerSecond: 150_000,
    valueBytes: 100,
  });
  return {
    ...demo,
    name: 'stress-50',
    changes: [['lal', 100_000]],
    cluster: cluster('stress-50', nodes, separateGroups(all, 3, 2, 2)),
    loads: [inserts],
  };
}

/** P1: one group of three; inserts of 200-byte rows, each a commit. */
function benchP1(): Preset {
  const spec = cluster('bench-p1', [...frontNodes, ...threeStores], [group(0, ids(threeStores), 2, 2)]);
  const loads = [
    load({ kind: 'kv-insert', rows: 0, clients: 64, thinkUs: 0, readPercent: 0, valueBytes: 200 }),
  ];
  return { ...bench, name: 'bench-p1', cluster: spec, loads };
}

/** P2, P5, P7: `groups` groups of three stores each; TPC-B with a request for every statement. */
export function benchScale(name: string, groups: number, clients: number): Preset {
  const all = stores(groups * 3, zoneInTurn);
  const spec = cluster(name, [...frontNodes, ...all], separateGroups(all, 3, 2, 2));
  const tpcb = load({ kind: 'tpcb', rows: 16_000, clients, thinkUs: 0, readPercent: 0, valueBytes: 22 });
  return { ...bench, name, cluster: spec, loads: [tpcb] };
}

function toy(): Preset {
  const nodes = [node('c1', 'a', 'toy'), ...[0, 1, 2].map((i) => node(`t${i + 1}`, zoneInTurn(i), 'toy'))];
  return { ...demo, name: 'toy', cluster: cluster('toy', nodes, []), loads: [], bootUntilMs: 0 };
}

const makers: Readonly<Record<string, () => Preset>> = {
  cynosdb,
  'cynosdb-4': cynosdb4,
  'cynosdb-5': cynosdb5,
  'cynosdb-6': cynosdb6,
  'cynosdb-backup': cynosdbBackup,
  'hook-hole': hookHole,
  'stress-50': stress50,
  'bench-p1': benchP1,
  'bench-p2': () => benchScale('bench-p2', 2, 64),
  toy,
};

export const presetNames: readonly string[] = Object.keys(makers);

const made = new Map<string, Preset>();

/** The preset of this name, or null. */
export function findPreset(name: string): Preset | null {
  const known = made.get(name);
  if (known !== undefined) return known;
  if (!presetNames.includes(name)) return null;
  const preset = makers[name]?.() ?? null;
  if (preset !== null) made.set(name, preset);
  return preset;
}
