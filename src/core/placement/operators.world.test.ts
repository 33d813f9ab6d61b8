// Plans carried out on the shard map while nodes come, go, die and return (docs/spec/pcs.md PCS-75…81, §10): after every entry the
// map is sound, no change takes a write quorum away, disks hold what they get, and once all is quiet nothing is left to do.

import { afterAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { type GroupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import { applyMap, type MapContent, makeMapContent } from './apply-map.ts';
import { hasNode, votersOf } from './membership.ts';
import { cancelOffline, drainList, isDrained, orderOffline, stateByBeat } from './node-lifecycle.ts';
import {
  type Cluster,
  type Figures,
  nextOperatorStep,
  type Operator,
  operatorsToBegin,
  phaseOf,
} from './operators.ts';
import { defaultPlacement, type NodeState, type PlacedNode } from './placement-state.ts';
import type { ShardGroup } from './shard-map.ts';
import { checkMap } from './testing/check-map.ts';
import { upNode } from './testing/notation.ts';
import { pick } from './testing/random-placement.ts';

const config = { ...defaultPlacement, loadWeight: 0 };
const always = (): boolean => true;
const time = (value: number): Time => value as Time;

const seen = new Map<string, number>();
const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

interface World {
  readonly prng: Prng;
  readonly map: MapContent;
  readonly figures: Map<GroupId, Figures>;
  nodes: PlacedNode[];
  operators: Operator[];
  made: number;
  copied: number;
  now: number;
}

function makeWorld(seed: number): World {
  const prng = makePrng(seed, 'operators');
  const map = makeMapContent();
  const figures = new Map<GroupId, Figures>();
  const nodes = [1, 2, 3, 4].map((id) => ({ ...upNode(id), zone: `z${id % 3}`, capacity: 20_000 }));
  for (let i = 0; i < 12; i++) {
    const voters = [1, 2, 3].map((id) => nodeId(String(id)));
    const keys = { volume: `v${i}`, keyFirst: i, keyEnd: i + 1 };
    const leader = pick(prng, voters);
    const made = { kind: 'createGroup' as const, ...keys, voters, leader, baseLsn: 0 as Lsn, vw: 2, vr: 2 };
    const { group } = applyMap(map, made, always);
    figures.set(present(group, 'group'), {
      size: nextBetween(prng, 300, 900),
      load: nextBelow(prng, 50),
      buckets: [],
    });
  }
  return { prng, map, figures, nodes, operators: [], made: 0, copied: 0, now: 0 };
}

const stateIn = ({ nodes }: World, id: NodeId): NodeState =>
  present(
    nodes.find((node) => node.id === id),
    'node',
    id,
  ).state;

const isServing = (world: World, id: NodeId): boolean => ['up', 'offline'].includes(stateIn(world, id));

const isWritable = (world: World, { sets, vw }: ShardGroup): boolean =>
  sets.every((set) => set.filter((id) => isServing(world, id)).length >= vw);

const clusterOf = ({ map, nodes, figures, operators }: World): Cluster => ({
  ...{ config, nodes, map, figures, operators },
  maxMovesInFlight: 2,
  held: new Set(),
  closed: new Set(),
  isSettling: false,
});

const groupOf = ({ map }: World, { op }: Operator): ShardGroup => present(map.groups.get(op.group), 'group');

function begin(world: World): void {
  const begun = operatorsToBegin(clusterOf(world));
  const timeout = nextChance(world.prng, 9, 10) ? 100 : 2;
  for (const op of begun) {
    const deadline = time(world.now + timeout);
    world.operators.push({ id: ++world.made, op, deadline, isCancelled: false });
    note(op.kind);
  }
  const moves = world.operators.filter(({ op }) => op.kind !== 'transfer');
  expect(moves.length).toBeLessThanOrEqual(2);
  const groups = world.operators.map(({ op }) => op.group);
  expect(new Set(groups).size).toBe(groups.length);
  const ends = (end: 'from' | 'to') => moves.flatMap(({ op }) => (end in op ? [Reflect.get(op, end)] : []));
  for (const end of ['from', 'to'] as const) expect(new Set(ends(end)).size).toBe(ends(end).length);
}

/** One step of one operator, as far as luck lets it come. */
function advance(world: World, operator: Operator, isLucky: boolean): void {
  const group = groupOf(world, operator);
  const lucky = (): boolean => isLucky || nextChance(world.prng, 1, 2);
  const stateOf = (id: NodeId): NodeState => stateIn(world, id);
  const progress = { now: time(world.now), isNear: lucky(), isComplete: lucky(), isClean: lucky(), stateOf };
  note(`phase ${phaseOf(operator, group, progress.isComplete)}`);
  const step = nextOperatorStep(operator, group, progress);
  if (step.kind === 'wait') return;
  if (step.kind === 'end') {
    world.operators = world.operators.filter((one) => one !== operator);
    note(step.outcome);
    return;
  }
  const before = new Map(world.map.groups);
  const wasWritable = isWritable(world, group);
  const operation = step.kind === 'propose' ? step.operation : appointment(world, operator, group);
  if (operation === null) return;
  const { error } = applyMap(world.map, operation, always);
  expect(`${operation.kind} ${error}`).toBe(`${operation.kind} null`);
  note(operation.kind);
  expect(checkMap(before, world.map)).toEqual([]);
  const after = groupOf(world, operator);
  if (wasWritable) expect(isWritable(world, after)).toBe(true);
  if (operation.kind === 'addLearner') checkCapacity(world, operation.node, group);
}

function checkCapacity(world: World, node: NodeId, { group }: ShardGroup): void {
  const bytes = drainList(world.map, node).reduce(
    (sum, one) => sum + (world.figures.get(one.group)?.size ?? 0),
    0,
  );
  expect(bytes).toBeLessThanOrEqual(
    present(
      world.nodes.find(({ id }) => id === node),
      'node',
    ).capacity,
  );
  world.copied += world.figures.get(group)?.size ?? 0;
}

/** What the metadata does for a new leader: a token, then setLeader of an up member of the new set. */
function appointment(world: World, { op }: Operator, group: ShardGroup) {
  const up = votersOf(group).filter((id) => stateIn(world, id) === 'up');
  const wanted = op.kind === 'transfer' ? op.to : 'newLeader' in op ? op.newLeader : null;
  const leader = up.find((id) => id === wanted) ?? up[0];
  if (leader === undefined) return null;
  return { kind: 'setLeader' as const, group: group.group, leader, term: (group.term + 1) as Term };
}

const setState = (world: World, id: NodeId, state: NodeState): void => {
  world.nodes = world.nodes.map((node) => (node.id === id ? { ...node, state } : node));
};

/** Something happens to a node, or to what is under way. */
function disturb(world: World): void {
  const { prng, nodes } = world;
  const node = pick(prng, nodes);
  switch (nextBelow(prng, 7)) {
    case 0:
      if (nodes.length < 9) {
        const id = nodes.length + 1;
        world.nodes = [...nodes, { ...upNode(id), zone: `z${id % 3}`, capacity: 20_000 }];
        note('node added');
      }
      return;
    case 1:
    case 2:
      if (node.state === 'up' && nodes.filter(({ state }) => state === 'up').length > 3) {
        setState(world, node.id, nextChance(prng, 1, 2) ? 'down' : 'disconnected');
        note('node lost');
      }
      return;
    case 3:
    case 4:
      if (node.state === 'down' || node.state === 'disconnected') setState(world, node.id, 'up');
      return;
    case 5: {
      const result = node.state === 'up' ? orderOffline(nodes, node, 3) : cancelOffline(node);
      if (result.error === null) setState(world, node.id, result.state);
      note(`offline ${result.error}`);
      return;
    }
    default:
      world.operators = world.operators.map((one) =>
        nextChance(prng, 1, 3) ? { ...one, isCancelled: true } : one,
      );
  }
}

function round(world: World, isLucky: boolean): void {
  begin(world);
  for (const operator of [...world.operators]) advance(world, operator, isLucky);
  for (const node of world.nodes) if (isDrained(world.map, node)) setState(world, node.id, 'tombstone');
  world.now++;
}

/** Until nothing is under way and nothing is left to begin. */
function settle(world: World): void {
  for (let rounds = 0; rounds < 2000; rounds++) {
    round(world, true);
    if (world.operators.length === 0 && operatorsToBegin(clusterOf(world)).length === 0) return;
  }
  throw new Error('plans go on for ever');
}

describe('PCS-75…81 operators under faults', () => {
  test.each(Array.from({ length: 24 }, (_, i) => i + 1))('seed %i', (seed) => {
    const world = makeWorld(seed);
    for (let i = 0; i < 120; i++) {
      if (nextChance(world.prng, 1, 6)) disturb(world);
      round(world, false);
    }
    for (const { id, state } of world.nodes)
      if (state === 'down' || state === 'disconnected') setState(world, id, 'up');
    settle(world);
    for (const group of world.map.groups.values()) {
      expect(group.sets).toHaveLength(1);
      expect(group.learners).toEqual([]);
      expect(votersOf(group)).toHaveLength(3);
      expect(votersOf(group).map((id) => stateIn(world, id))).toEqual(['up', 'up', 'up']);
      expect(group.leader !== null && votersOf(group).includes(group.leader)).toBe(true);
    }
    for (const { id, state } of world.nodes) {
      expect(['up', 'tombstone']).toContain(state);
      if (state === 'tombstone') note('tombstone');
      if (state === 'tombstone') expect(drainList(world.map, id)).toEqual([]);
    }
    expect(operatorsToBegin(clusterOf(world))).toEqual([]);
  });

  afterAll(() => {
    const often = ['move', 'replace', 'transfer', 'done', 'failed', 'addLearner', 'enterJoint', 'leaveJoint'];
    const phases = ['BEGIN', 'LEARNER', 'JOINT', 'LEADER', 'REMOVE', 'CLEAN'].map(
      (phase) => `phase ${phase}`,
    );
    for (const what of [
      ...often,
      ...phases,
      'removeLearner',
      'abortJoint',
      'setLeader',
      'node lost',
      'node added',
    ])
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(10);
    for (const what of ['tombstone', 'offline null', 'offline INSUFFICIENT_NODES'])
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(3);
  });
});

test('PCS-78, 79 from 3 nodes to 9 and back: what is copied is little more than what differs', () => {
  const world = makeWorld(7);
  world.nodes = world.nodes.slice(0, 3);
  const bytesOfChanges = (before: ReadonlyMap<GroupId, ShardGroup>): number =>
    [...world.map.groups.values()].reduce((sum, group) => {
      const old = votersOf(present(before.get(group.group), 'group'));
      const arrived = votersOf(group).filter((id) => !old.includes(id)).length;
      return sum + arrived * present(world.figures.get(group.group), 'figures').size;
    }, 0);
  const scale = (change: () => void): void => {
    const before = new Map(world.map.groups);
    world.copied = 0;
    change();
    settle(world);
    expect(world.copied).toBeGreaterThan(0);
    expect(world.copied * 10).toBeLessThanOrEqual(bytesOfChanges(before) * 13);
  };
  scale(() => {
    for (let id = 4; id <= 9; id++) world.nodes.push({ ...upNode(id), zone: `z${id % 3}` });
  });
  const hosts = new Set([...world.map.groups.values()].flatMap((group) => votersOf(group)));
  expect(hosts.size).toBe(9);
  scale(() => {
    for (let id = 4; id <= 9; id++) setState(world, nodeId(String(id)), 'offline');
  });
  expect(world.nodes.map(({ state }) => state)).toEqual([
    ...Array.from({ length: 3 }, () => 'up'),
    ...Array.from({ length: 6 }, () => 'tombstone'),
  ]);
});

test('PCS-75 while nodes come and go only what was lost is replaced; then all of it is done', () => {
  const seen = { held: 0, replaced: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const world = makeWorld(seed);
    for (let id = 5; id <= 7; id++) world.nodes.push({ ...upNode(id), zone: `z${id % 3}` });
    setState(world, nodeId('1'), 'offline');
    const settling = (): Cluster => ({ ...clusterOf(world), isSettling: true });
    expect(operatorsToBegin(settling())).toEqual([]);
    seen.held += operatorsToBegin(clusterOf(world)).length;
    setState(world, nodeId('2'), 'down');
    const begun = operatorsToBegin(settling());
    expect(begun.every((op) => op.kind === 'replace' && op.from === '2')).toBe(true);
    seen.replaced += begun.length;
    settle(world);
    expect([...world.map.groups.values()].some((group) => hasNode(group, nodeId('1')))).toBe(false);
  }
  expect(seen.held).toBeGreaterThan(0);
  expect(seen.replaced).toBeGreaterThan(0);
});

test('PCS-75 the order in which groups, nodes and figures came does not matter', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = makeWorld(seed);
    setState(world, nodeId('2'), 'down');
    const cluster = clusterOf(world);
    const turned = {
      ...cluster,
      nodes: cluster.nodes.toReversed(),
      map: { groups: new Map([...world.map.groups].reverse()) },
      figures: new Map([...world.figures].reverse()),
    };
    expect(operatorsToBegin(turned)).toEqual(operatorsToBegin(cluster));
    expect(operatorsToBegin(cluster)).not.toEqual([]);
  }
});

describe('the states of a node', () => {
  const limits = { disconnectedAfterUs: 1_000_000, downAfterUs: 30_000_000 };
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
  test('PCS-80 scale-in leaves a write quorum; PCS-79 it is taken back until the tombstone', () => {
    expect(orderOffline(nodes, first, 2)).toEqual({ error: null, state: 'offline' });
    expect(orderOffline(nodes.slice(0, 2), first, 2)).toEqual({ error: 'INSUFFICIENT_NODES' });
    expect(cancelOffline({ ...first, state: 'offline' })).toEqual({ error: null, state: 'up' });
    expect(cancelOffline({ ...first, state: 'down' })).toEqual({ error: null, state: 'down' });
    expect(cancelOffline({ ...first, state: 'tombstone' })).toEqual({ error: 'NODE_TOMBSTONED' });
    expect(orderOffline(nodes, { ...first, state: 'tombstone' }, 2)).toEqual({ error: 'NODE_TOMBSTONED' });
  });

  test('PCS-72, 79 what is left on a node: groups with their shards, as member or learner', () => {
    const { map } = makeWorld(1);
    const group = present([...map.groups.keys()][0], 'group');
    applyMap(map, { kind: 'createShard', group, lsn: 0 as Lsn }, always);
    const leaving = { ...upNode(4), state: 'offline' as const };
    expect(isDrained(map, leaving)).toBe(true);
    applyMap(map, { kind: 'addLearner', group, node: leaving.id }, always);
    expect(drainList(map, leaving.id)).toMatchObject([{ group, shards: [{ first: 0 }] }]);
    expect(isDrained(map, leaving)).toBe(false);
    expect(isDrained(map, { ...leaving, state: 'up' })).toBe(false);
  });
});
