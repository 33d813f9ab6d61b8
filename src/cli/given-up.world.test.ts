// A statement that its driver gives up fails its transaction, on every architecture (docs/spec/failover.md FENCE-47): whatever a node has
// done of it, COMMIT is a ROLLBACK, and everything before it is refused.

import { expect, test } from 'vitest';
import { eventsIn, lastAnswers, runTapeText } from './tape-fixture.ts';

const presets = ['cynosdb', 'cynosdb-ro', 'polardb', 'postdb-v4'] as const;
const ways = [
  // it never comes, or its answer gets lost
  ['is cancelled before it comes', ['280.000 partition d1 | {all} for 60.000 ms', '300.000 cancel d1 one']],
  ['is given up', ['280.000 partition d1 | {all} for 400.000 ms']],
  ['is cancelled when it is done', ['285.600 cancel d1 one']],
] as const;
const nodesOf = {
  cynosdb: 'rw-1',
  'cynosdb-ro': 'rw-1 ro-1 ro-2',
  polardb: 'rw-1',
  'postdb-v4': 'n1 n2 n3',
} as const;

test.each(presets.flatMap((preset) => ways.map(([way, faults]) => [preset, way, faults] as const)))(
  'FENCE-47 A3 %s: a statement of a transaction that %s is not committed with it',
  async (preset, _, faults) => {
    const lines = [
      '200.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int)"',
      '230.000 sql d1 one "INSERT INTO s VALUES (1, 0)"',
      '250.000 sql d1 one "BEGIN"',
      '260.000 sql d1 one "UPDATE s SET v = 1 WHERE k = 1"',
      ...faults.map((line) => line.replace('{all}', nodesOf[preset])),
      '285.000 sql d1 one "UPDATE s SET v = v + 2 WHERE k = 1"',
      '750.000 sql d1 one "UPDATE s SET v = v + 4 WHERE k = 1"',
      '800.000 sql d1 one "COMMIT"',
      '850.000 sql d1 check "SELECT v FROM s WHERE k = 1"',
      '900.000 sql d1 free "UPDATE s SET v = v + 8 WHERE k = 1"',
    ].toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
    const head = [
      'postdb-tape 1',
      'engine 0.5.0',
      `preset ${preset}`,
      'profile demo',
      'set maxRetryMs 200',
      'seed 7',
      '',
    ];
    const run = await runTapeText([...head, ...lines].join('\n'), 1000);
    expect(run.monitors.violations).toEqual([]);
    expect(eventsIn(run, 'block.failed')).toHaveLength(1);
    expect(lastAnswers(run)).toMatchObject({ one: 'ROLLBACK', check: '0', free: 'UPDATE 1' });
    const codes = [...run.answers.values()].flatMap(({ statements }) =>
      statements.flatMap((one) => (one.kind === 'error' ? [one.sqlstate] : [])),
    );
    expect(codes).toEqual([expect.stringMatching(/^57014$|^08001$/), '25P02']);
    expect([...run.answers.values()].some(({ outcome }) => outcome === 'unknown')).toBe(false);
  },
);
