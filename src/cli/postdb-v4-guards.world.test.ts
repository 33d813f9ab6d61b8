// What a node of `postdb-v4` may not do because it has forgotten, or does not know (docs/spec/pcs.md PCS-57, placement.md PCS-120): make a replica
// from nothing once its volume was opened, and answer a read after another has become primary.

import { describe, expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import { OVERTAKEN, STALE_ORDER, WITHOUT_LEASE } from '../stacks/postdb-v4/mutants.ts';
import { commitsBetween, pcsTape } from './pcs-fixture.ts';
import { eventsIn, runTape, tapeOf } from './tape-fixture.ts';
import { answersOf, sql } from './v4-fixture.ts';

const run = (lines: readonly string[], untilMs: number, changes: readonly string[] = []) =>
  runTape(tapeOf(pcsTape(lines, { preset: 'postdb-v4', changes })), untilMs);

describe('a replica is made from nothing once', () => {
  test('PCS-120 WAL-71 an old order finds a node without its disk: it refuses, and comes back as a learner', async () => {
    const one = await run(
      [
        ...STALE_ORDER,
        ...[360, 420, 480].map((at) => `${at}.000 addPcs n3`),
        '900.000 crash n1 for 150.000 ms',
        sql(1400, 'SELECT sum(balance), count(*) FROM accounts', 'sum'),
        sql(1410, 'SELECT v FROM s WHERE k = 1', 'row'),
      ],
      1600,
    );
    expect(one.monitors.violations).toEqual([]);
    const refused = eventsIn(one, 'create.refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ from }) => from))).toEqual(new Set(['n2']));
    const learners = one.trace.flatMap(({ node, event }) =>
      node === 'n3' && event.kind === 'base.installed' ? [event.group] : [],
    );
    expect(new Set(learners)).toEqual(new Set(['g1', 'g2']));
    expect(answersOf(one).slice(-2)).toEqual([['100000,100'], ['0']]);
    expect(commitsBetween(one, 1150, 1600)).toBeGreaterThan(10);
  });
});

describe('a group whose member dies before it has its replica', () => {
  test('PCS-120 PCS-71 the tablet is written all the same, and another node takes the place (drawn postdb-v4 seed 8)', async () => {
    const one = await run(
      [
        sql(200, 'CREATE TABLE late (k int PRIMARY KEY, v int)', 'maker'),
        '250.000 crash n3',
        sql(251, 'INSERT INTO late VALUES (1, 1)', 'maker'),
        '400.000 addNode n4 node c',
        sql(1900, 'SELECT v FROM late WHERE k = 1', 'reader'),
      ],
      2000,
    );
    expect(one.monitors.violations).toEqual([]);
    const made = present(eventsIn(one, 'group.made').at(-1), 'the group of the table');
    expect(made.voters.split(',')).toContain('n3');
    expect(answersOf(one)).toEqual([['CREATE TABLE'], ['INSERT 0 1'], ['1']]);
    const moved = eventsIn(one, 'group.move.begin').filter(({ group }) => group === made.group);
    expect(moved).toMatchObject([{ from: 'n3', to: 'n4' }]);
  });
});

describe('a read of a primary that was overtaken', () => {
  test('PCS-57 FENCE-13 it is kept back until somebody else can answer it', async () => {
    const one = await run(OVERTAKEN, 600, [WITHOUT_LEASE]);
    expect(one.monitors.violations).toEqual([]);
    expect(one.monitors.exercised['read.latest']).toBeGreaterThan(20);
    const made = one.trace.filter(({ node, at, event }) => {
      const isCut = at > 260_000 && at < 380_000;
      return node === 'n1' && isCut && event.kind === 'read.made' && event.volume === 'v1';
    });
    const answered = one.trace.filter(({ node, at, event }) => {
      const isCut = at > 260_000 && at < 380_000;
      return node === 'n1' && isCut && event.kind === 'read.answered' && event.volume === 'v1';
    });
    expect([made.length > 0, answered.length]).toEqual([true, 0]);
    expect(answersOf(one).map((rows) => rows.length)).toEqual([1, 1, 1]);
  });
});
