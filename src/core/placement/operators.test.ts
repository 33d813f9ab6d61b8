// What is begun of a plan (docs/spec/placement.md PCS-75, PCS-78 to PCS-80), and the states of a node (PCS-82). That plans are carried out while nodes
// come, go, die and return is shown by pcs/moves.test.ts, pcs/stuck-operators.test.ts and the worlds of each architecture.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import {
  type GroupId,
  groupId,
  type Lsn,
  type NodeId,
  nodeId,
  type Term,
  type Time,
} from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import { orderOffline, stateByBeat } from './node-lifecycle.ts';
import { type Cluster, type Figures, operatorsToBegin } from './operators.ts';
import { defaultPlacement, type NodeState, type PlacedNode } from './placement-state.ts';
import type { ShardGroup } from './shard-map.ts';
import { upNode } from './testing/notation.ts';
import { pick } from './testing/random-placement.ts';

const hosts = [1, 2, 3].map((id) => nodeId(String(id)));

/** Twelve groups on nodes 1 to 3, of which a fourth node has nothing. */
function makeCluster(seed: number): Cluster {
  const prng = makePrng(seed, 'operators');
  const groups = new Map<GroupId, ShardGroup>();
  const figures = new Map<GroupId, Figures>();
  for (let i = 1; i <= 12; i++) {
    const group = groupId(`g${i}`);
    groups.set(group, {
      ...{ group, volume: `v${i}`, keyFirst: i, keyEnd: i + 1, baseLsn: 0 as Lsn, vw: 2, vr: 2, shards: [] },
      ...{
        sets: [hosts],
        learners: [],
        memberEpoch: 1,
        geoEpoch: 1,
        term: 1 as Term,
        leader: pick(prng, hosts),
      },
    });
    figures.set(group, { size: nextBetween(prng, 300, 900), load: nextBelow(prng, 50), buckets: [] });
  }
  const nodes = [1, 2, 3, 4].map((id) => ({ ...upNode(id), zone: `z${id % 3}`, capacity: 20_000 }));
  const rest = { operators: [], maxMovesInFlight: 2, held: new Set<GroupId>(), closed: new Set<GroupId>() };
  return {
    ...rest,
    config: { ...defaultPlacement, loadWeight: 0 },
    nodes,
    groups,
    figures,
    isSettling: false,
  };
}

const withState = (nodes: readonly PlacedNode[], id: string, state: NodeState): PlacedNode[] =>
  nodes.map((node) => (node.id === id ? { ...node, state } : node));

/** Each begun operator done at once, until nothing is left to begin; bytes that were copied. */
function settle(cluster: Cluster): { readonly cluster: Cluster; readonly copied: number } {
  const groups = new Map(cluster.groups);
  let copied = 0;
  for (let rounds = 0; rounds < 500; rounds++) {
    const begun = operatorsToBegin({ ...cluster, groups });
    if (begun.length === 0) return { cluster: { ...cluster, groups }, copied };
    const moves = begun.filter(({ kind }) => kind !== 'transfer');
    expect(moves.length).toBeLessThanOrEqual(cluster.maxMovesInFlight);
    expect(new Set(begun.map(({ group }) => group)).size).toBe(begun.length);
    for (const end of ['from', 'to'] as const) {
      const ends = moves.flatMap((op) => (end in op ? [Reflect.get(op, end)] : []));
      expect(new Set(ends).size).toBe(ends.length);
    }
    for (const op of begun) {
      const group = present(groups.get(op.group), 'group');
      const [voters = []] = group.sets;
      if (op.kind === 'transfer') {
        groups.set(op.group, { ...group, leader: op.to });
        continue;
      }
      const kept = 'from' in op ? voters.filter((id) => id !== op.from) : voters;
      const sets = [['to' in op ? [...kept, op.to] : kept].flat()];
      groups.set(op.group, {
        ...group,
        sets,
        leader: op.newLeader === undefined ? group.leader : op.newLeader,
      });
      if ('to' in op) copied += present(cluster.figures.get(op.group), 'figures').size;
    }
  }
  throw new Error('plans go on for ever');
}

const hasNode = ({ groups }: Cluster, node: NodeId): boolean =>
  [...groups.values()].some(({ sets }) => sets.flat().includes(node));

test('PCS-78, 79 from 3 nodes to 9 and back: what is copied is little more than what differs', () => {
  const start = makeCluster(7);
  const changed = (a: Cluster, b: Cluster): number =>
    [...b.groups.values()].reduce((sum, { group, sets }) => {
      const old = a.groups.get(group)?.sets.flat() ?? [];
      const arrived = sets.flat().filter((id) => !old.includes(id)).length;
      return sum + arrived * present(b.figures.get(group), 'figures').size;
    }, 0);
  const scale = (before: Cluster): Cluster => {
    const { cluster, copied } = settle(before);
    expect(copied).toBeGreaterThan(0);
    expect(copied * 10).toBeLessThanOrEqual(changed(before, cluster) * 13);
    return cluster;
  };
  const nodes = Array.from({ length: 9 }, (_, i) => ({ ...upNode(i + 1), zone: `z${(i + 1) % 3}` }));
  const grown = scale({ ...start, nodes });
  expect(nodes.every(({ id }) => hasNode(grown, id))).toBe(true);
  const leaving = nodes.map((node, i) => (i < 3 ? node : { ...node, state: 'offline' as const }));
  const shrunk = scale({ ...grown, nodes: leaving });
  expect(nodes.map(({ id }) => hasNode(shrunk, id))).toEqual(nodes.map((_, i) => i < 3));
});

test('PCS-75 while nodes come and go only what was lost is replaced; then all of it is done', () => {
  const seen = { held: 0, replaced: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const cluster = makeCluster(seed);
    const more = [5, 6, 7].map((id) => ({ ...upNode(id), zone: `z${id % 3}` }));
    const nodes = withState([...cluster.nodes, ...more], '1', 'offline');
    expect(operatorsToBegin({ ...cluster, nodes, isSettling: true })).toEqual([]);
    seen.held += operatorsToBegin({ ...cluster, nodes }).length;
    const lost = withState(nodes, '2', 'down');
    const begun = operatorsToBegin({ ...cluster, nodes: lost, isSettling: true });
    expect(begun.every((op) => op.kind === 'replace' && op.from === '2')).toBe(true);
    seen.replaced += begun.length;
    const { cluster: settled } = settle({ ...cluster, nodes: lost });
    expect([hasNode(settled, nodeId('1')), hasNode(settled, nodeId('2'))]).toEqual([false, false]);
  }
  expect(seen.held).toBeGreaterThan(0);
  expect(seen.replaced).toBeGreaterThan(0);
});

test('PCS-75 the order in which groups, nodes and figures came does not matter', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const made = makeCluster(seed);
    const cluster = { ...made, nodes: withState(made.nodes, '2', 'down') };
    const turned = {
      ...cluster,
      nodes: cluster.nodes.toReversed(),
      groups: new Map([...cluster.groups].reverse()),
      figures: new Map([...cluster.figures].reverse()),
    };
    expect(operatorsToBegin(turned)).toEqual(operatorsToBegin(cluster));
    expect(operatorsToBegin(cluster)).not.toEqual([]);
  }
});

describe('the states of a node', () => {
  const limits = { disconnectedAfterUs: 1_000_000, downAfterUs: 30_000_000 };
  const time = (value: number): Time => value as Time;
  test.each<readonly [NodeState, number | null, number, NodeState]>([
    ['joining', null, 5, 'joining'],
    ['joining', 4, 5, 'up'],
    ['up', 0, 999_999, 'up'],
    ['up', 0, 1_000_000, 'disconnected'],
    ['disconnected', 0, 29_999_999, 'disconnected'],
    ['disconnected', 0, 30_000_000, 'down'],
    ['down', 29_999_999, 30_000_000, 'up'],
    ['offline', 0, 99_000_000, 'offline'],
    ['tombstone', 5, 5, 'tombstone'],
  ])('PCS-82 %s, heard at %s, now %i: %s', (state, lastSeen, now, expected) => {
    expect(stateByBeat(state, lastSeen === null ? null : time(lastSeen), time(now), limits)).toBe(expected);
  });

  const nodes = [1, 2, 3].map(upNode);
  const first = present(nodes[0], 'node');
  test('PCS-80 scale-in leaves a write quorum', () => {
    expect(orderOffline(nodes, first, 2)).toEqual({ error: null, state: 'offline' });
    expect(orderOffline(nodes.slice(0, 2), first, 2)).toEqual({ error: 'INSUFFICIENT_NODES' });
    expect(orderOffline(nodes, { ...first, state: 'tombstone' }, 2)).toEqual({ error: 'NODE_TOMBSTONED' });
  });
});
