// Rows larger than a page on every architecture: readers read them at their own read point, tablets give them away with their keys,
// and the corpus's file goes through crashes of the nodes that write.

import { expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { eventsIn, runTape, tapeOf } from './tape-fixture.ts';
import { answersOf, expectSplitsEnded, run, sql } from './v4-fixture.ts';

const tape = (preset: string, lines: readonly string[]) =>
  tapeOf(
    ['postdb-tape 1', 'engine 0.5.0', `preset ${preset}`, 'profile demo', 'seed 5', '', ...lines].join('\n'),
  );

const WRONG = "SELECT count(*), sum(length(v)) FROM big WHERE v = repeat(mark || '-', n)";
const on = (at: number, node: string, session: string, text: string): string =>
  `${at.toFixed(3)} session d1 ${session} ${node} session\n${(at + 1).toFixed(3)} sql d1 ${session} "${text}"`;

test.runIf(isDeep).each(['cynosdb-ro', 'polardb'])(
  'READ-21 a reader of %s reads large values at its own point',
  async (preset) => {
    const one = await runTape(
      tape(preset, [
        sql(100, 'CREATE TABLE big (k int PRIMARY KEY, mark text, n int, v text)'),
        sql(150, "INSERT INTO big SELECT 1, 'aa', 3000, repeat('aa-', 3000)"),
        sql(250, "INSERT INTO big SELECT 2, 'bb', 2000, repeat('bb-', 2000)"),
        on(500, 'ro-1', 'reader', `BEGIN ISOLATION LEVEL REPEATABLE READ; ${WRONG}`),
        sql(600, "UPDATE big SET mark = 'cc', v = repeat('cc-', n)"),
        sql(700, 'DELETE FROM big WHERE k = 2'),
        sql(750, 'VACUUM big'),
        on(900, 'ro-1', 'reader', `${WRONG}; COMMIT`),
        on(1000, 'ro-1', 'reader', WRONG),
      ]),
      1400,
    );
    expect(one.monitors.violations).toEqual([]);
    // The statements of one session in order; those of two answer as they can.
    const expected = [
      ['CREATE TABLE'],
      ['INSERT 0 1'],
      ['INSERT 0 1'],
      ['BEGIN', '2,15000'],
      ['UPDATE 2'],
      ['DELETE 1'],
      ['VACUUM'],
      ['2,15000', 'COMMIT'],
      ['1,9000'],
    ];
    const inOrder = (answers: readonly (readonly string[])[]): string[] =>
      answers.map((one) => one.join('; ')).sort();
    expect(inOrder(answersOf(one))).toEqual(inOrder(expected));
  },
);

test.runIf(isDeep)('PCS-113 a split takes large values along', async () => {
  const one = await run(
    [
      sql(200, 'CREATE TABLE big (k int PRIMARY KEY, mark text, n int, v text)'),
      ...Array.from({ length: 8 }, (_, k) =>
        sql(
          250 + 20 * k,
          `INSERT INTO big VALUES (${k}, 'm${k}', ${2000 + 500 * k}, repeat('m${k}-', ${2000 + 500 * k}))`,
          `s${k}`,
        ),
      ),
      sql(480, 'UPDATE big SET n = n WHERE k = 6', 'u'),
      '500.000 splitGroup g5 "4"',
      sql(900, "SELECT k, length(v), v = repeat(mark || '-', n) FROM big ORDER BY k"),
      sql(950, "UPDATE big SET v = v || 'x' WHERE k = 6 RETURNING length(v)", 'u'),
      sql(1000, 'DELETE FROM big WHERE k = 1 RETURNING length(v)', 'u'),
    ],
    1200,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(expectSplitsEnded(one)).toBe('cut');
  expect(eventsIn(one, 'split.attachment').map(({ state }) => state)).toContain('trimmed');
  expect(answersOf(one).slice(-3)).toEqual([
    [Array.from({ length: 8 }, (_, k) => `${k},${3 * (2000 + 500 * k)},t`).join(';')],
    ['15001'],
    ['7500'],
  ]);
});
