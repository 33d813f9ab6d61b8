// Hole management of three replicas under loss, crashes and recoveries, from seeds (hole-world-fixture.ts): HOLE-24 after
// every millisecond, equal lists in the end (HOLE-40).

import { describe, expect, test } from 'vitest';
import { show } from './hole-fixture.ts';
import { makeHoleList, mergeRange } from './hole-list.ts';
import { wrapList } from './testing/hole-interface.ts';
import { faults, heal, runUntil } from './testing/hole-world-fixture.ts';
import { makeWorld, NAMES, type World } from './testing/hole-world-state.ts';

/** The list of a replica that lacks nothing. */
function completeList(w: World): string {
  const list = makeHoleList(0);
  mergeRange(list, 0, (w.truth.at(-1)?.record.lsn ?? 0) + 1);
  return show(wrapList(list));
}

describe('world', () => {
  let splits = 0;
  let stale = 0;

  test.each([11, 12, 13, 14, 15, 16, 17, 35])(
    'HOLE-24 HOLE-40 seed %i: requests match flags throughout, lists are equal in the end',
    (seed) => {
      const w = makeWorld(seed);
      runUntil(w, 10_000, () => faults(w));
      const lists = (): string[] => w.replicas.map((r) => show(wrapList(r.state.list)));
      const isWhole = (): boolean => w.open && lists().every((text) => text === completeList(w));
      while (!isWhole() && w.now < 40_000) runUntil(w, w.now + 100, () => heal(w));
      expect(lists()).toEqual(NAMES.map(() => completeList(w)));
      for (const r of w.replicas) expect(r.disk.log.size).toBe(w.truth.length);
      expect(w.truth.length).toBeGreaterThan(100);
      for (const [name, least] of [
        ['fills', 30],
        ['timeouts', 20],
        ['ignored', 10],
        ['crashes', 3],
        ['recoveries', 2],
        ['removed', 1],
        ['rebuiltHoles', 1],
      ] as const)
        expect(w.seen[name], `${name} in ${JSON.stringify(w.seen)}`).toBeGreaterThanOrEqual(least);
      splits += w.seen.splits;
      stale += w.seen.stale;
    },
  );

  test('HOLE-24 a split hole that forgets its request is found out', () => {
    const w = makeWorld(1, ['hole.sent-lost-on-split']);
    expect(() => runUntil(w, 10_000, () => faults(w))).toThrow('live request');
  });

  test('the seeds together split sent holes and truncated under a fill', () => {
    expect(splits).toBeGreaterThan(10);
    expect(stale).toBeGreaterThan(0);
  });
});
