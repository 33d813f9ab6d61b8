// A node's own knowledge of the others, and how old what is no longer true is.

import { describe, expect, test } from 'vitest';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { ageOf, type Belief, makeTruthTracker } from './knowledge.ts';
import { beliefsOf, loadRoleDetails } from './role-cards.ts';

await loadRoleDetails();
const frame = makeHookFrame();
const node = (id: string): NodeFrame => {
  const found = frame.nodes.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const labels = (viewer: string, other: string): readonly string[] =>
  beliefsOf(node(viewer), node(other)).map(({ label }) => label);

describe('what a node knows', () => {
  test('a store: its writer by cached watermarks, its peers by what they reported', () => {
    expect(labels('store-3', 'rw-1')).toEqual(['VDL', 'PGCL g2', 'PGCL g1']);
    expect(labels('store-3', 'store-1')).toEqual(['NCL g2', 'NWL g2', 'NCL g1', 'NWL g1']);
    expect(labels('store-3', 'd1')).toEqual([]);
    const cached = beliefsOf(node('store-3'), node('rw-1')).find(({ label }) => label === 'PGCL g2');
    // The reference picture: store-3 has last heard 117, the group's PGCL is 121.
    expect(cached).toEqual({ label: 'PGCL g2', known: 117, truth: 121, reportedAgoUs: null });
  });

  test('the writer: what each replica acknowledged; the driver: who writes, by which map', () => {
    expect(labels('rw-1', 'store-2')).toEqual(['SCL g2', 'SCL g1']);
    expect(labels('d1', 'rw-1')).toContain('writer');
    expect(labels('d1', 'meta-1')).toEqual(['map']);
    expect(labels('meta-1', 'store-1')).toContain('node');
  });
});

describe('how old it is', () => {
  const one = (known: number, truth: number, reportedAgoUs: number | null = null): Belief => ({
    label: 'PGCL g2',
    known,
    truth,
    reportedAgoUs,
  });

  test('since it stopped being true; nothing while it is true', () => {
    const tracker = makeTruthTracker();
    tracker.record('rw-1', [one(0, 117)], 1000);
    tracker.record('rw-1', [one(0, 119)], 2000);
    tracker.record('rw-1', [one(0, 121)], 3000);
    expect(tracker.age('rw-1', one(121, 121), 5000)).toBeNull();
    expect(tracker.age('rw-1', one(119, 121), 5000)).toBe(2000);
    expect(tracker.age('rw-1', one(117, 121), 5000)).toBe(3000);
    // 118 was passed over between two pictures: true until 119 was followed by the next.
    expect(tracker.age('rw-1', one(118, 121), 5000)).toBe(2000);
  });

  test('older than what was followed: at least so old', () => {
    const tracker = makeTruthTracker();
    tracker.record('rw-1', [one(0, 117)], 1000);
    tracker.record('rw-1', [one(0, 119)], 2000);
    expect(tracker.age('rw-1', one(90, 119), 5000)).toBe(2000 - 5000 - 1);
  });

  test('as old as the telling, where nobody has looked for long enough; else nothing that says nothing', () => {
    const tracker = makeTruthTracker();
    tracker.record('store-1', [one(0, 119)], 2000);
    tracker.record('store-1', [one(0, 121)], 3000);
    expect(ageOf(tracker, 'store-1', one(121, 121), 5000)).toBeNull();
    expect(ageOf(tracker, 'store-1', one(119, 121, 2500), 5000)).toEqual({ kind: 'exact', us: 2000 });
    expect(ageOf(tracker, 'store-1', one(90, 121, 2500), 5000)).toEqual({ kind: 'exact', us: 2500 });
    expect(ageOf(tracker, 'store-1', one(90, 121), 5000)).toEqual({ kind: 'least', us: 2000 });
    expect(ageOf(tracker, 'store-1', one(90, 121), 3000)).toEqual({ kind: 'unknown' });
  });

  test('a jump back in time forgets what was followed', () => {
    const tracker = makeTruthTracker();
    tracker.record('rw-1', [one(0, 117)], 5000);
    tracker.record('rw-1', [one(0, 119)], 6000);
    tracker.record('rw-1', [one(0, 101)], 100);
    tracker.record('rw-1', [one(0, 102)], 200);
    expect(tracker.age('rw-1', one(101, 102), 300)).toBe(100);
    expect(tracker.age('rw-1', one(117, 102), 300)).toBeLessThan(0);
  });
});
