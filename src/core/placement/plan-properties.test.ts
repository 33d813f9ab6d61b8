// What holds of every plan (docs/spec/placement.md §3), over random clusters with nodes in every state, zones, weights, and disks
// nearly full. Each step is applied and judged by sums computed anew.

import { afterAll, describe, expect, test } from 'vitest';
import { groupId } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { PlacedGroup, PlacementState, PlanOp } from './placement-state.ts';
import { planPlacement } from './plan-placement.ts';
import { upNode } from './testing/notation.ts';
import {
  applyOp,
  costIn,
  isAccepted,
  nodeIn,
  pick,
  potential,
  randomPlacement,
  reorder,
  sumOn,
  toleranceIn,
  usedOn,
  zonesOf,
} from './testing/random-placement.ts';

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

const seen = new Map<string, number>();
const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

const groupIn = ({ groups }: PlacementState, id: string): PlacedGroup => {
  const group = groups.find((one) => one.id === id);
  if (!group) throw new Error(`no group ${id}`);
  return group;
};

const aliveIn = (state: PlacementState, { replicas }: PlacedGroup): number =>
  replicas.filter((id) => ['up', 'offline'].includes(nodeIn(state, id).state)).length;

const isBadIn = (state: PlacementState, group: PlacedGroup): boolean =>
  group.replicas.some((id) => ['down', 'offline'].includes(nodeIn(state, id).state));

/** Everything that one step must keep, whatever its kind. */
function checkStep(before: PlacementState, op: PlanOp, after: PlacementState): void {
  const { n, vw } = before.config;
  const [old, now] = [groupIn(before, op.group), groupIn(after, op.group)];
  if ('to' in op) {
    expect(nodeIn(after, op.to).state).toBe('up');
    if (op.kind !== 'transfer') {
      expect(old.replicas).not.toContain(op.to);
      expect(usedOn(after, op.to)).toBeLessThanOrEqual(nodeIn(after, op.to).capacity);
    }
  }
  if ('from' in op && op.kind !== 'transfer') expect(old.replicas).toContain(op.from);
  if (op.kind === 'remove') expect(old.replicas.length).toBeGreaterThan(n);
  else expect(now.replicas.length).toBeGreaterThanOrEqual(old.replicas.length);
  if (op.kind !== 'blocked') expect(aliveIn(after, now)).toBeGreaterThanOrEqual(vw);
  expect(now.leader === null || now.replicas.includes(now.leader) || now.leader === old.leader).toBe(true);
  checkKind(before, op, after);
}

function checkKind(before: PlacementState, op: PlanOp, after: PlacementState): void {
  const [old, now] = [groupIn(before, op.group), groupIn(after, op.group)];
  const zones = [zonesOf(before, old.replicas), zonesOf(after, now.replicas)] as const;
  switch (op.kind) {
    case 'move':
      if (op.reason === 'ZONE') expect(zones[1]).toBe(zones[0] + 1);
      else {
        expect(zones[1]).toBeGreaterThanOrEqual(zones[0]);
        expect(potential(after, 'replicas')).toBeLessThan(potential(before, 'replicas'));
      }
      return;
    case 'transfer':
      expect(old.leader).toBe(op.from);
      expect(old.replicas).toContain(op.to);
      expect(potential(after, 'leaders')).toBeLessThan(potential(before, 'leaders'));
      return;
    case 'blocked':
      checkBlocked(before, old, op.reason);
      return;
    default:
      expect(isBadIn(before, old) || old.replicas.length !== before.config.n).toBe(true);
  }
}

function checkBlocked(state: PlacementState, group: PlacedGroup, reason: 'NO_QUORUM' | 'NO_TARGET'): void {
  if (reason === 'NO_QUORUM') {
    expect(aliveIn(state, group)).toBeLessThan(state.config.vw);
    return;
  }
  const targets = state.nodes.filter(
    ({ id, state: is, capacity }) =>
      is === 'up' && !group.replicas.includes(id) && usedOn(state, id) + group.size <= capacity,
  );
  expect(targets).toEqual([]);
}

/** PCS-64, 65, 67: the bound on what is left uneven, by trying every move. */
function checkSpread(state: PlacementState, blocked: ReadonlySet<string>): void {
  const up = state.nodes.filter((node) => node.state === 'up');
  const isUp = (id: string): boolean => up.some((node) => node.id === id);
  for (const group of state.groups) {
    const isWhole = group.replicas.length === state.config.n && !isBadIn(state, group);
    if (!blocked.has(group.id)) expect(isWhole).toBe(true);
    if (!isWhole || !group.replicas.every(isUp)) continue;
    for (const from of up.filter(({ id }) => group.replicas.includes(id)))
      for (const to of up) {
        if (group.replicas.includes(to.id) || usedOn(state, to.id) + group.size > to.capacity) continue;
        const after = group.replicas.map((id) => (id === from.id ? to.id : id));
        const zones = zonesOf(state, after) - zonesOf(state, group.replicas);
        expect(zones > 0 || (zones === 0 && isAccepted(state, 'replicas', group, from, to))).toBe(false);
      }
  }
  for (const group of state.groups.filter((one) => aliveIn(state, one) >= state.config.vw))
    for (const to of up)
      if (
        group.leader !== null &&
        group.leader !== to.id &&
        isUp(group.leader) &&
        group.replicas.includes(to.id)
      )
        expect(isAccepted(state, 'leaders', group, nodeIn(state, group.leader), to)).toBe(false);
}

/** PCS-70: balance moves are at most Φ divided by the least that each takes away. */
function checkLength(state: PlacementState, ops: readonly PlanOp[]): void {
  const mutants = state.groups.reduce((sum, group) => {
    const bad = group.replicas.filter((id) => ['down', 'offline'].includes(nodeIn(state, id).state)).length;
    return sum + bad + Math.abs(group.replicas.length - state.config.n) + 1;
  }, 0);
  const repairs = ops.filter(({ kind }) => kind !== 'move' && kind !== 'transfer').length;
  expect(repairs).toBeLessThanOrEqual(mutants);
  const moves = ops.filter(({ kind }) => kind === 'move').length;
  const replicas = state.groups.length * state.config.n;
  expect(moves).toBeLessThanOrEqual(2 * replicas);
}

describe('PCS-66…73 every step of a plan keeps the invariants, and at the end nothing is left to do', () => {
  test.each(SEEDS)('seed %i', (seed) => {
    let state = randomPlacement(seed);
    const plan = planPlacement(state);
    checkLength(state, plan.ops);
    const blocked = new Set<string>();
    for (const op of plan.ops) {
      const after = applyOp(state, op);
      checkStep(state, op, after);
      if (op.kind === 'blocked') blocked.add(op.group);
      note(op.kind === 'move' || op.kind === 'blocked' ? `${op.kind} ${op.reason}` : op.kind);
      if ('newLeader' in op) note('new leader');
      state = after;
    }
    checkSpread(state, blocked);
    for (const { id, replicas, leader } of plan.groups) {
      const group = groupIn(state, id);
      expect([...replicas].sort()).toEqual([...group.replicas].sort());
      expect(leader).toBe(group.leader);
    }
    for (const { id } of state.nodes) {
      expect(plan.replicaLoad.get(id)).toBe(sumOn(state, 'replicas', id));
      expect(plan.leaderLoad.get(id)).toBe(sumOn(state, 'leaders', id));
    }
    for (const id of plan.tombstone) note(`tombstone ${nodeIn(state, id).state}`);
    expect(planPlacement(state).ops.filter(({ kind }) => kind !== 'blocked')).toEqual([]);
  });

  afterAll(() => {
    const least = ['move BALANCE', 'move ZONE', 'replace', 'add', 'remove', 'transfer', 'new leader'];
    for (const what of least) expect(seen.get(what) ?? 0, what).toBeGreaterThan(50);
    for (const what of ['blocked NO_QUORUM', 'blocked NO_TARGET', 'tombstone offline'])
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(20);
  });
});

test('PCS-63 the same plan, in whatever order nodes, groups and replicas are listed', () => {
  for (const seed of SEEDS.slice(0, 100)) {
    const state = randomPlacement(seed);
    expect(planPlacement(reorder(state, seed))).toEqual(planPlacement(state));
  }
});

test('PCS-65 planners whose figures differ by less than the tolerance never swing: each move lowers the true Φ', () => {
  let moves = 0;
  let quiet = 0;
  for (const seed of SEEDS.slice(0, 100)) {
    const prng = makePrng(seed, 'noise');
    let truth = randomPlacement(seed);
    truth = { ...truth, config: { ...truth.config, sizeWeight: 1, loadWeight: 0, tolerancePct: 50 } };
    truth = { ...truth, groups: truth.groups.map((group) => ({ ...group, size: group.size + 500 })) };
    for (const op of planPlacement(truth).ops) truth = applyOp(truth, op);
    // and now a node comes, or goes to another weight, so that there is something to do
    const [changed] = truth.nodes;
    truth = {
      ...truth,
      nodes: [...truth.nodes, upNode(99)].map((one) => (one === changed ? { ...one, weight: 1 } : one)),
    };
    for (let round = 0; round < 12; round++) {
      const noise = Math.floor(toleranceIn(truth, 'replicas') / 4) - 1;
      const odd = truth.groups.length > 0 && noise > 0 ? pick(prng, truth.groups).id : null;
      const heard = {
        ...truth,
        groups: truth.groups.map((group) =>
          group.id === odd ? { ...group, size: group.size + nextBetween(prng, -noise, noise) } : group,
        ),
      };
      const { ops } = planPlacement(heard);
      const first = ops.findIndex((op) => op.kind === 'move' && op.reason === 'BALANCE');
      const step = ops[first];
      if (step === undefined) {
        quiet++;
        continue;
      }
      for (const op of ops.slice(0, first)) truth = applyOp(truth, op);
      const after = applyOp(truth, step);
      expect(potential(after, 'replicas')).toBeLessThan(potential(truth, 'replicas'));
      truth = after;
      moves++;
    }
  }
  expect(moves).toBeGreaterThan(100);
  expect(quiet).toBeGreaterThan(100);
});

describe('PCS-78, 79 from 3 nodes to 9 and back', () => {
  test.each([1, 2, 3, 4, 5])('seed %i: even at the end, and little more is copied than differs', (seed) => {
    const prng = makePrng(seed, 'scale');
    const start: PlacementState = {
      config: { ...randomPlacement(1).config, n: 3, vw: 2, sizeWeight: 1, loadWeight: 1, tolerancePct: 50 },
      nodes: [1, 2, 3].map((id) => ({ ...upNode(id), zone: `z${id % 3}` })),
      groups: Array.from({ length: 40 }, (_, i) => ({
        id: groupId(`g${i + 1}`),
        size: nextBetween(prng, 500, 2000),
        load: nextBelow(prng, 50),
        replicas: [1, 2, 3].map((id) => upNode(id).id),
        leader: upNode(1).id,
      })),
    };
    const run = (from: PlacementState): PlacementState => {
      const { ops } = planPlacement(from);
      let state = from;
      let copied = 0;
      for (const op of ops) {
        if (op.kind !== 'transfer' && 'to' in op) copied += costIn(state, groupIn(state, op.group));
        state = applyOp(state, op);
      }
      const differing = state.groups.reduce((sum, group) => {
        const old = groupIn(from, group.id).replicas;
        return sum + group.replicas.filter((id) => !old.includes(id)).length * costIn(state, group);
      }, 0);
      expect(copied).toBeGreaterThan(0);
      expect(copied * 10).toBeLessThanOrEqual(differing * 13);
      return state;
    };
    const more = [4, 5, 6, 7, 8, 9].map((id) => ({ ...upNode(id), zone: `z${id % 3}` }));
    const nine = run({ ...start, nodes: [...start.nodes, ...more] });
    const sums = nine.nodes.map(({ id }) => sumOn(nine, 'replicas', id));
    const dearest = Math.max(...nine.groups.map((group) => costIn(nine, group)));
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(
      dearest + toleranceIn(nine, 'replicas'),
    );
    const leaving = nine.nodes.map((node) =>
      Number(node.id) > 3 ? { ...node, state: 'offline' as const } : node,
    );
    const three = run({ ...nine, nodes: leaving });
    for (const { replicas } of three.groups) expect([...replicas].sort()).toEqual(['1', '2', '3']);
    expect(planPlacement({ ...nine, nodes: leaving }).tombstone).toHaveLength(6);
  });
});
