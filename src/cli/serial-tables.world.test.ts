// Serializable transactions over tables that are emptied, rows that others refer to and an index that comes and goes, through crashes
// of the writer: nothing that they read and wrote closes a cycle. It does where a parent is looked up as of now, where TRUNCATE
// meets no reader, and where a dropped index takes along what was read by it.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { addToHistory, makeHistory } from '../sim/checks/history.ts';
import { judgeLevels } from '../sim/sweep/judge-levels.ts';
import { runTapeText } from './tape-fixture.ts';

const tape = (seed: number, mutants: Mutants, lines: readonly string[]): string =>
  [
    'postdb-tape 1',
    'engine 0.5.0',
    'preset cynosdb',
    'profile demo',
    `seed ${seed}`,
    ...mutants.map((name) => `broken ${name}`),
    '',
    '0.000 workload d1 serial kind=serial-tables rows=1 clients=6 thinkUs=300 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    ...lines,
  ].join('\n');

async function judge(seed: number, mutants: Mutants, lines: readonly string[], untilMs: number) {
  const { monitors, trace } = await runTapeText(tape(seed, mutants, lines), untilMs);
  const history = makeHistory();
  for (const traced of trace) addToHistory(history, traced);
  const judged = judgeLevels(monitors, history, (untilMs * 1000) as Time);
  return { ...judged, violations: monitors.violations };
}

test('WAL-22 no cycle among serializable transactions over definitions, foreign keys and upserts, through crashes', async () => {
  const crashes = ['140.000 crash rw-1 for 5.000 ms', '260.000 crash rw-1 for 5.000 ms'];
  const one = await judge(4, [], crashes, 400);
  expect(one.violations).toEqual([]);
  expect(one.serializable).toBeGreaterThan(40);
  expect(one.refused).toBeGreaterThan(40);
  expect(one.emptied).toBeGreaterThan(3);
  expect(one.upserted).toBeGreaterThan(3);
  expect(one.referred).toBeGreaterThan(3);
  expect(one.redefined).toBeGreaterThan(3);
});

test.each([
  ['M188', 'engine.parents-as-of-now', 4],
  ['M189', 'engine.rewrites-unwatched', 3],
  ['M190', 'engine.forgets-readers-of-index', 1],
] as const)('%s %s closes a cycle, which is found', async (_, mutant, seed) => {
  const one = await judge(seed, [mutant], [], 400);
  expect(one.violations).toMatchObject([{ rule: 'client.isolation' }]);
});

/** A statement a line: when, who, what. */
const ANOMALIES: readonly (readonly [string, readonly string[], string])[] = [
  [
    'a parent that is younger than the snapshot is no parent',
    [
      '200.000 sql d1 setup "create table p (a int primary key)"',
      '230.000 sql d1 setup "create table c (id int primary key, a int references p)"',
      '260.000 sql d1 setup "insert into p values (1)"',
      '290.000 sql d1 A "begin isolation level serializable"',
      '310.000 sql d1 A "select count(*) from p"',
      '330.000 sql d1 B "begin isolation level serializable"',
      '350.000 sql d1 B "insert into p values (2)"',
      '370.000 sql d1 B "commit"',
      '390.000 sql d1 A "insert into c values (1, 2)"',
      '410.000 sql d1 A "commit"',
    ],
    'BEGIN; 1 row; BEGIN; INSERT 0 1; COMMIT; 23503; ROLLBACK',
  ],
  [
    'TRUNCATE meets who has read the rows that go',
    [
      '200.000 sql d1 setup "create table x (k int primary key, v int)"',
      '230.000 sql d1 setup "create table y (k int primary key, v int)"',
      '260.000 sql d1 setup "insert into x values (1, 1), (2, 2)"',
      '290.000 sql d1 setup "insert into y values (1, 1)"',
      '320.000 sql d1 A "begin isolation level serializable"',
      '340.000 sql d1 B "begin isolation level serializable"',
      '360.000 sql d1 B "select v from y where k = 1"',
      '380.000 sql d1 A "select sum(v) from x"',
      '400.000 sql d1 A "update y set v = 3 where k = 1"',
      '420.000 sql d1 A "commit"',
      '440.000 sql d1 B "truncate x"',
      '460.000 sql d1 B "commit"',
    ],
    'BEGIN; BEGIN; 1 row; 1 row; UPDATE 1; COMMIT; 40001; ROLLBACK',
  ],
];

test.each(ANOMALIES)('WAL-22 serializable on a cluster: %s', async (_, actions, expected) => {
  const header = ['postdb-tape 1', 'engine 0.5.0', 'preset cynosdb', 'profile demo', 'seed 7', ''];
  const { answers, monitors } = await runTapeText([...header, ...actions].join('\n'), 800);
  expect(monitors.violations).toEqual([]);
  const shown = [...answers.values()].slice(actions.filter((one) => one.includes(' setup ')).length);
  const words = shown.map(({ statements }) =>
    statements
      .map((one) =>
        one.kind === 'error' ? one.sqlstate : one.kind === 'rows' ? `${one.rows.length} row` : one.tag,
      )
      .join(' '),
  );
  expect(words.join('; ')).toBe(expected);
});
