// Load that moves along the keys of a table (docs/spec/placement.md PCS-68, PCS-74): no split helps it, and no leader is handed on and on for it.

import { expect, test } from 'vitest';
import { drawnOf } from '../testing/depth.ts';
import { eventsIn, lastAnswers } from './tape-fixture.ts';
import { run, sql } from './v4-fixture.ts';

const insertsOf = (keyOf: (i: number) => number): string[] =>
  Array.from({ length: 900 }, (_, i) =>
    sql(240 + i * 0.8, `INSERT INTO h VALUES (${keyOf(i)}, 0)`, `i${i % 12}`),
  );

type Load = readonly [string, string, (i: number) => number];
const loads: readonly [Load, ...Load[]] = [
  ['ascending keys', '', (i: number) => i],
  ['descending keys', '', (i: number) => 100_000 - i],
  ['ascending keys in two places', '', (i: number) => (i % 8 === 0 ? i : 100_000 + i)],
  ['ascending keys that go from tablet to tablet', " WITH (split_at = '225,450,675')", (i: number) => i],
];

test.each(drawnOf(loads))(
  'PCS-68 PCS-74 %s: no split that cannot halve the load to come, and leaders stay (sequential-inserts-hot-long)',
  async (_, cut, keyOf) => {
    const create = sql(200, `CREATE TABLE h (k int PRIMARY KEY, v int)${cut}`);
    const one = await run([create, ...insertsOf(keyOf), sql(1000, 'SELECT count(*) FROM h', 'count')], 1100);
    expect(one.monitors.violations).toEqual([]);
    expect(lastAnswers(one)).toMatchObject({ count: '900' });
    // a tablet that has the load all the time is looked at, and isolated
    if (cut === '') expect(eventsIn(one, 'plan.hot').length).toBeGreaterThan(0);
    expect(eventsIn(one, 'split.begin')).toEqual([]);
    const moved = new Map<string, number>();
    for (const { group } of eventsIn(one, 'plan.begin')) moved.set(group, (moved.get(group) ?? 0) + 1);
    // a rest of 200 ms, and twice as long the next time
    expect(Math.max(...moved.values())).toBeLessThanOrEqual(3);
    expect([...moved.values()].reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(
      cut === '' ? 5 : 10,
    );
  },
);
