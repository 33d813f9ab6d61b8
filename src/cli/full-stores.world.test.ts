// Stores whose disks are full (docs/spec/wal.md WAL-77): where a write quorum has no room, statements that would write are refused in words, and
// what was acknowledged stays; when there is room again, writes go on by themselves.

import { describe, expect, test } from 'vitest';
import { eventsIn, runTapeText } from './tape-fixture.ts';

const cases = [
  { preset: 'cynosdb', stores: ['store-1', 'store-2', 'store-3'] },
  { preset: 'cynosdb-ha', stores: ['store-1', 'store-2', 'store-3'] },
  { preset: 'postdb-v4', stores: ['n1', 'n2', 'n3'] },
] as const;

const shown = (one: Awaited<ReturnType<typeof runTapeText>>): string[] =>
  [...one.answers.values()].map(({ statements: [first] }) =>
    first === undefined
      ? ''
      : first.kind === 'error'
        ? `${first.sqlstate} ${first.message}`
        : first.kind === 'rows'
          ? first.rows.map((row) => row.join(',')).join(';')
          : first.tag,
  );

const sql = (at: number, text: string, session = `s${at}`): string =>
  `${at.toFixed(3)} sql d1 ${session} "${text}"`;
const tape = (preset: string, lines: readonly string[]): string =>
  [
    ...['postdb-tape 1', 'engine 0.12.0', `preset ${preset}`, 'profile demo', 'seed 5', 'end 60000.000', ''],
    sql(250, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'a'),
    sql(300, 'INSERT INTO t VALUES (1, 1)', 'a'),
    ...lines,
  ].join('\n');

describe.each(cases)('$preset', ({ preset, stores: [one, two, three] }) => {
  test('WAL-77 two full stores of three: writes are refused with 53100 and say where, reads go on, and writes do when there is room', async () => {
    const full = [one, two].map((store) => `400.000 diskFull ${store} for 300.000 ms`);
    const run = await runTapeText(
      tape(preset, [
        ...full,
        // it is on its way when the stores say that they are full, so it waits for room: nobody can say that it was not done
        sql(401, 'INSERT INTO t VALUES (2, 2)', 'b'),
        ...[500, 540, 580].map((at) => sql(at, `INSERT INTO t VALUES (${at}, 0)`)),
        sql(600, 'SELECT count(*) FROM t WHERE k = 1', 'c'),
        sql(900, 'INSERT INTO t VALUES (3, 3)', 'd'),
        sql(1000, 'SELECT count(*) FROM t WHERE k < 10', 'e'),
      ]),
      1400,
    );
    expect(run.monitors.violations).toEqual([]);
    const refused = /^53100 could not write to the log: no space left on the stores of g\d+ \(/;
    const answers = shown(run);
    expect(answers.filter((answer) => refused.test(answer))).toHaveLength(3);
    expect(answers.filter((answer) => answer === 'INSERT 0 1')).toHaveLength(3);
    expect(answers.slice(-1)).toEqual(['3']);
    const said = eventsIn(run, 'wal.full');
    expect(said[0]?.stores.split(',').sort()).toEqual([one, two]);
    expect(said.at(-1)).toMatchObject({ group: '', stores: '' });
  });

  test('WAL-77 one full store of three refuses nobody', async () => {
    const run = await runTapeText(
      tape(preset, [
        `400.000 diskFull ${three} for 300.000 ms`,
        sql(500, 'INSERT INTO t VALUES (2, 2)', 'b'),
      ]),
      900,
    );
    expect(run.monitors.violations).toEqual([]);
    expect(shown(run).slice(-1)).toEqual(['INSERT 0 1']);
    expect(eventsIn(run, 'wal.full')).toEqual([]);
    expect(eventsIn(run, 'store.suspended').length).toBeGreaterThan(0);
  });
});
