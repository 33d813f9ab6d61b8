// WAL-43, WAL-44: worked vector 15 of wal.md, and the edges of what it leaves open.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type Term } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { gapsOf } from './archive-fixture.ts';
import {
  checkRestorable,
  type GroupSource,
  restorableAt,
  restorableRanges,
  volumeRanges,
} from './restorable.ts';

type Archived = ReturnType<typeof group>;
type Ranges = readonly (readonly [number, number])[];

const group = (id: number, bases: readonly number[], logs: Ranges) => ({
  group: groupId(`g${id}`),
  bases: bases.map((base) => ({ base: base as Lsn, pages: 0, parts: [] })),
  logs: logs.map(([first, end]) => ({
    first: first as Lsn,
    end: end as Lsn,
    token: 1 as Term,
    name: `${first}`,
    bytes: 1,
    records: 1,
  })),
});

const cpl = (lsn: number, time: number, commit: boolean) => ({ lsn: lsn as Lsn, time, commit });

const vector15 = {
  groups: [
    group(
      1,
      [0, 40],
      [
        [1, 30],
        [30, 61],
      ],
    ),
    group(
      2,
      [0, 50],
      [
        [41, 55],
        [56, 61],
      ],
    ),
  ],
  cpls: [cpl(45, 450, true), cpl(52, 520, false), cpl(54, 545, true), cpl(58, 580, true)],
};

describe('WAL-43 vector 15', () => {
  test('L 45: group 2 lacks its log from base 0', () => {
    expect(checkRestorable(vector15, 45)).toEqual({
      error: 'E_NOT_RESTORABLE',
      lsn: 45,
      group: 'g2',
      missing: [1, 41],
    });
  });

  test('L 54: bases 40 and 50, and the segments that reach it', () => {
    const found = checkRestorable(vector15, 54);
    expect(
      found.error === null &&
        found.groups.map(({ base, logs }) => [base.base, logs.map(({ first }) => first)]),
    ).toEqual([
      [40, [30]],
      [50, [41]],
    ]);
  });

  test('L 58: 55 is missing', () => {
    expect(checkRestorable(vector15, 58)).toEqual({
      error: 'E_NOT_RESTORABLE',
      lsn: 58,
      group: 'g2',
      missing: [55, 56],
    });
  });

  test('L 53: no consistency point', () => {
    expect(checkRestorable(vector15, 53)).toEqual({ error: 'E_NOT_A_CPL', lsn: 53 });
  });

  test('WAL-44 time 600 gives 54, time 540 nothing', () => {
    expect(restorableAt(vector15, 600)).toMatchObject({ error: null, lsn: 54 });
    expect(restorableAt(vector15, 540)).toMatchObject({ error: 'E_NOT_RESTORABLE', lsn: 45, group: 'g2' });
    expect(restorableAt(vector15, 449)).toMatchObject({ error: 'E_NOT_RESTORABLE', lsn: -1, group: null });
  });

  test('ranges and gaps of its groups', () => {
    const [one, two] = vector15.groups;
    expect(one && restorableRanges(one)).toEqual([[0, 61]]);
    expect(two && restorableRanges(two)).toEqual([
      [0, 1],
      [50, 55],
    ]);
    expect(two && gapsOf(two)).toEqual([
      [1, 41],
      [55, 56],
    ]);
    expect(volumeRanges(vector15)).toEqual([
      [0, 1],
      [50, 55],
    ]);
  });
});

describe('WAL-43 edges', () => {
  const cpls = [cpl(0, 0, true), cpl(5, 50, true), cpl(9, 90, false)];

  test('a base needs no log at its own LSN', () => {
    expect(checkRestorable({ groups: [group(1, [5], [])], cpls }, 5)).toMatchObject({ error: null });
  });

  test('no base at or below L: nothing is missing from the log, the base is', () => {
    const backup = { groups: [group(1, [9], [[0, 12]])], cpls };
    expect(checkRestorable(backup, 5)).toMatchObject({ error: 'E_NOT_RESTORABLE', missing: null });
  });

  test('the image of nothing is a base: the whole log replays onto it', () => {
    const backup = { groups: [group(1, [-1], [[0, 12]])], cpls };
    expect(checkRestorable(backup, 0)).toMatchObject({ error: null });
    expect(checkRestorable(backup, 9)).toMatchObject({ error: null });
  });

  test('an older base serves where the newest has a gap behind it', () => {
    const backup = {
      groups: [
        group(
          1,
          [0, 4],
          [
            [1, 4],
            [4, 6],
          ],
        ),
      ],
      cpls,
    };
    const found = checkRestorable(backup, 5);
    expect(found.error === null && found.groups[0]?.base.base).toBe(4);
    const without = checkRestorable(
      {
        groups: [
          group(
            1,
            [0, 4],
            [
              [1, 5],
              [6, 12],
            ],
          ),
        ],
        cpls,
      },
      5,
    );
    expect(without).toMatchObject({ error: 'E_NOT_RESTORABLE', missing: [5, 6] });
  });

  test('a backup without groups or points restores nothing', () => {
    expect(checkRestorable({ groups: [], cpls: [] }, 0)).toMatchObject({ error: 'E_NOT_A_CPL' });
    expect(restorableAt({ groups: [], cpls: [] }, 10)).toMatchObject({ error: 'E_NOT_RESTORABLE' });
  });
});

/** The newest base that serves, and of the log exactly the segments that hold something of `[base + 1, L + 1)`: all of it, by each LSN. */
function expectSource(
  { group: id, base, logs }: GroupSource,
  groups: readonly Archived[],
  lsn: number,
): void {
  const archived = groups.find(({ group }) => group === id);
  const holds =
    (at: number) =>
    ({ first, end }: { readonly first: number; readonly end: number }): boolean =>
      first <= at && at < end;
  const needed = (from: number): number[] => Array.from({ length: lsn - from }, (_, i) => from + 1 + i);
  const serves = (from: number): boolean =>
    from <= lsn && needed(from).every((at) => archived?.logs.some(holds(at)) === true);
  expect(base.base).toBe(Math.max(...(archived?.bases ?? []).map((one) => one.base).filter(serves)));
  expect(logs).toEqual(archived?.logs.filter((log) => needed(base.base).some((at) => holds(at)(log))));
}

describe('WAL-43 a point on, before and after the boundary of each piece', () => {
  // two segments and a base whose ends and beginnings meet, in each order; the log has every LSN of [1, 21)
  const archived = group(
    1,
    [0, 9, 10, 11],
    [
      [1, 10],
      [10, 11],
      [11, 20],
      [20, 21],
    ],
  );
  test.each([
    [1, 0, [1]],
    [8, 0, [1]],
    [9, 9, []],
    [10, 10, []],
    [11, 11, []],
    [12, 11, [11]],
    [19, 11, [11]],
    [20, 11, [11, 20]],
  ] as const)('L %i: base %i and the segments that begin at %j', (lsn, base, firsts) => {
    const found = checkRestorable({ groups: [archived], cpls: [cpl(lsn, 0, true)] }, lsn);
    const [source] = found.error === null ? found.groups : [];
    expect([source?.base.base, source?.logs.map(({ first }) => first)]).toEqual([base, firsts]);
  });

  test('one LSN beyond the last segment is lacking, by its number', () => {
    expect(checkRestorable({ groups: [archived], cpls: [cpl(21, 0, true)] }, 21)).toMatchObject({
      error: 'E_NOT_RESTORABLE',
      missing: [21, 22],
    });
  });

  test.each([9, 10, 11])('without the bases, L %i needs each segment up to its own', (lsn) => {
    const whole = { ...archived, bases: archived.bases.slice(0, 1) };
    const found = checkRestorable({ groups: [whole], cpls: [cpl(lsn, 0, true)] }, lsn);
    const [source] = found.error === null ? found.groups : [];
    if (source) expectSource(source, [whole], lsn);
    expect(source?.logs.map(({ first }) => first)).toEqual([1, 10, 11].filter((first) => first <= lsn));
  });
});

test('WAL-43 the ranges say the same as asking for each point', () => {
  const prng = makePrng(15, 'restorable');
  let restorable = 0;
  let refused = 0;
  for (let run = 0; run < 100; run++) {
    const groups = [1, 2].map((id) => {
      const logs: [number, number][] = [];
      for (let at = 0; at < 40; ) {
        const first = at + (nextBelow(prng, 6) === 0 ? 1 + nextBelow(prng, 3) : 0);
        const end = first + 1 + nextBelow(prng, 8);
        logs.push([first, end]);
        at = end;
      }
      return group(
        id,
        [-1, 10 + nextBelow(prng, 10), 25 + nextBelow(prng, 8)].slice(nextBelow(prng, 3)),
        logs,
      );
    });
    const cpls = Array.from({ length: 40 }, (_, lsn) => cpl(lsn, lsn * 10, lsn % 2 === 0));
    const ranges = volumeRanges({ groups });
    let newest = -1;
    for (let lsn = 0; lsn < 40; lsn++) {
      const isIn = ranges.some(([first, end]) => first <= lsn && lsn < end);
      const found = checkRestorable({ groups, cpls }, lsn);
      expect(found.error === null, JSON.stringify({ groups, lsn })).toBe(isIn);
      if (isIn) restorable++;
      else refused++;
      if (found.error === null) for (const source of found.groups) expectSource(source, groups, lsn);
      if (isIn && lsn % 2 === 0) newest = lsn;
      const at = restorableAt({ groups, cpls }, lsn * 10);
      expect(at.error === null ? at.lsn : -1).toBe(newest);
    }
  }
  expect(restorable).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(1000);
});
