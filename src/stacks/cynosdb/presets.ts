// The presets of `cynosdb` (docs/spec/presets.md): a writer, its metadata, its stores.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import {
  bench,
  cluster,
  demo,
  group,
  ids,
  load,
  node,
  type Preset,
  separateGroups,
  stores,
  zoneInTurn,
} from '../../presets/topology.ts';

const frontNodes = [node('d1', 'a', 'driver'), node('meta-1', 'a', 'meta'), node('rw-1', 'a', 'compute')];

const threeStores = stores(3, zoneInTurn);
const threeByTwo = (preset: string): ClusterSpec =>
  cluster(
    preset,
    [...frontNodes, ...threeStores],
    [group(0, ids(threeStores), 2, 2), group(1, ids(threeStores), 2, 2)],
  );

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

const backup: readonly NodeSpec[] = [
  node('cos-1', 'a', 'objectStore'),
  { ...node('rw-2', 'b', 'compute'), isSpare: true },
];

/** `cynosdb` with an object store that it is backed up to (wal.md §7), and a spare compute node for what is restored. */
function cynosdbBackup(): Preset {
  const { nodes, groups } = threeByTwo('cynosdb-backup');
  const spec = cluster('cynosdb-backup', [...nodes, ...backup], groups);
  return { ...demo, name: 'cynosdb-backup', cluster: spec, loads: [load({})] };
}

/** `cynosdb` with two readers, which take part of the load's reads (docs/spec/readers.md). */
function cynosdbRo(): Preset {
  const reader = (id: string, zone: string): NodeSpec => ({ ...node(id, zone, 'compute'), isReader: true });
  const { nodes, groups } = threeByTwo('cynosdb-ro');
  const spec = cluster('cynosdb-ro', [...nodes, reader('ro-1', 'b'), reader('ro-2', 'c')], groups);
  return { ...demo, name: 'cynosdb-ro', cluster: spec, loads: [load({ readPercent: 50 })] };
}

/** `cynosdb` whose metadata is on three nodes, in three zones, with two more that may be added: its loss is the subject. */
function cynosdbPcs(): Preset {
  const spec = onThreePcs('cynosdb-pcs', [...threeStores, node('store-4', 'a', 'store')]);
  return { ...demo, name: 'cynosdb-pcs', cluster: spec, loads: [load({})] };
}

/** It is backed up as `cynosdb-backup` is: restores with several nodes of the metadata. */
function cynosdbPcsBackup(): Preset {
  const spec = onThreePcs('cynosdb-pcs-backup', [...threeStores, ...backup]);
  return { ...demo, name: 'cynosdb-pcs-backup', cluster: spec, loads: [load({})], isHidden: true };
}

/** `cynosdb` with a standby and a reader, and three nodes of the metadata, which say who writes the volume (docs/spec/failover.md). */
function cynosdbHa(): Preset {
  const reader = (id: string, zone: string): NodeSpec => ({ ...node(id, zone, 'compute'), isReader: true });
  const compute: NodeSpec[] = [{ ...reader('ha-1', 'b'), haPriority: 1 }, reader('ro-1', 'c')];
  const { nodes, groups } = onThreePcs('cynosdb-ha', [...compute, ...threeStores]);
  const own = nodes
    .filter(({ isSpare }) => !isSpare)
    .map((one): NodeSpec => (one.id === 'rw-1' ? { ...one, haPriority: 1 } : one));
  const spec = cluster('cynosdb-ha', own, groups);
  return { ...demo, name: 'cynosdb-ha', cluster: spec, loads: [load({ readPercent: 50 })] };
}

function onThreePcs(preset: string, others: readonly NodeSpec[]): ClusterSpec {
  const pcs = [1, 2, 3, 4, 5].map((i): NodeSpec => {
    const one = node(`pcs-${i}`, zoneInTurn(i - 1), 'meta');
    return i > 3 ? { ...one, isSpare: true } : one;
  });
  const front = frontNodes.filter(({ roles }) => !roles.includes('meta'));
  const groups = [group(0, ids(threeStores), 2, 2), group(1, ids(threeStores), 2, 2)];
  return cluster(preset, [...front, ...pcs, ...others], groups);
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

/** P2, P5: `groups` groups of three stores each; TPC-B with a request for every statement. */
export function benchScale(name: string, groups: number, clients: number): Preset {
  const all = stores(groups * 3, zoneInTurn);
  const spec = cluster(name, [...frontNodes, ...all], separateGroups(all, 3, 2, 2));
  const tpcb = load({ kind: 'tpcb', rows: 16_000, clients, thinkUs: 0, readPercent: 0, valueBytes: 22 });
  return { ...bench, name, cluster: spec, loads: [tpcb] };
}

/** P7, as P2 with another cluster and load: 3 nodes and three stores a group; each group has a table, its index and eight clients. */
export function nodesScale(groups: number): Preset {
  const all = stores(groups * 3, zoneInTurn);
  const name = 'bench-p2';
  const spec = cluster(name, [...frontNodes, ...all], separateGroups(all, 3, 2, 2));
  const inserts = load({ kind: 'kv-tables', rows: groups, clients: 8 * groups, thinkUs: 0, valueBytes: 100 });
  return { ...bench, name, cluster: spec, loads: [inserts] };
}

export const cynosdbPresets: readonly (() => Preset)[] = [
  cynosdb,
  cynosdb4,
  cynosdb5,
  cynosdb6,
  cynosdbBackup,
  cynosdbPcs,
  cynosdbPcsBackup,
  cynosdbRo,
  cynosdbHa,
  hookHole,
  stress50,
  benchP1,
  () => benchScale('bench-p2', 2, 64),
];
