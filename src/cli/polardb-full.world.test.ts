// A device that is full (docs/spec/polarfs.md FS-45, FS-46): statements that need room are refused before they have an effect, all others go
// on, what was acknowledged stays, and with another chunk everything goes on by itself. Across losses of power, and changes of the writer.

import { expect, test } from 'vitest';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { commitsIn, inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

const FULL = /^53100 could not extend file .*no space left on device/;
const ROWS = 8;
const STATEMENTS = 34;
const values = (i: number): string =>
  Array.from({ length: ROWS }, (_, k) => `(${i * ROWS + k}, '${'x'.repeat(1500)}')`).join(', ');
/** Large values, much more than two chunks have room for. */
const FILL = [
  sql(230, 'CREATE TABLE big (id int PRIMARY KEY, v text)', 'fill0'),
  sql(235, 'CREATE TABLE more (id int PRIMARY KEY, v text)', 'fill1'),
  ...Array.from({ length: STATEMENTS }, (_, i) =>
    sql(260 + i * 10, `INSERT INTO big VALUES ${values(i)}`, `fill${i % 3}`),
  ),
];
const GROWN = '1450.000 putConfig global deviceChunks 4';
const COMPUTE = ['rw-1', 'ro-1', 'ro-2'];
const SERVERS = ['cs-1', 'cs-2', 'cs-3'];

const said = ({ answers }: { readonly answers: ReadonlyMap<string, ClientResult> }): string[] =>
  [...answers.values()].map(shown);
const stages = (one: TapeRun): string[] => eventsIn(one, 'fs.full').map(({ what }) => what);

function expectWhole(one: Awaited<ReturnType<typeof runPolardb>>): void {
  expect(one.monitors.violations).toEqual([]);
  expect(one.monitors.exercised['pfs.room-promised']).toBeGreaterThan(0);
  expect(eventsIn(one, 'fs.done').filter(({ error }) => error === 'ENOSPC')).toEqual([]);
  expect(eventsIn(one, 'fs.checked').every(({ issues }) => issues === 0)).toBe(true);
  expect(one.fsck().flatMap(({ findings }) => findings)).toEqual([]);
}

/** Rows of statements that were answered as done. */
const inserted = (one: Parameters<typeof said>[0]): number =>
  said(one).filter((answer) => answer === `INSERT 0 ${ROWS}`).length * ROWS;

const darknesses = [
  ['and everybody loses power', [...COMPUTE, ...SERVERS]],
  ['and all who compute lose power', COMPUTE],
  ['', []],
] as const;

test.each(drawnOf<(typeof darknesses)[number]>(darknesses))(
  'FS-45 FS-46 a full device refuses what needs room, and only that %s',
  async (_, dark) => {
    const lines = inOrder([
      ...FILL,
      sql(1000, 'UPDATE accounts SET balance = balance', 'u'),
      ...dark.map((node) => `1100.000 crash ${node} for 30.000 ms`),
      sql(1290, `INSERT INTO more VALUES ${values(700)}`, 'still'),
      sql(1300, 'SELECT count(*) FROM accounts WHERE balance IS NOT NULL', 'reader'),
      sql(1310, "INSERT INTO big VALUES (6000, 'in a page that has room')", 'small'),
      sql(1320, 'DELETE FROM big WHERE id < 20', 'd'),
      GROWN,
      sql(1550, `INSERT INTO more VALUES ${values(800)}`, 'grown'),
      ...dark.map((node) => `1800.000 crash ${node} for 30.000 ms`),
      readBack(2050),
      sql(2060, 'SELECT count(*) FROM big WHERE id <> 6000', 'all'),
      sql(2100, 'SELECT count(*) FROM more', 'more'),
    ]);
    const one = await runPolardb(lines, 2300, 3, ['set deviceChunks 2'], 'sampled');
    expectWhole(one);
    const answers = said(one);
    expect(answers.filter((answer) => FULL.test(answer) && answer.includes('/base/')).length).toBeGreaterThan(
      3,
    );
    expect(stages(one)).toContain('data');
    if (dark.length === 0) expect(stages(one)).toEqual(['data', '']);
    expect(eventsIn(one, 'fs.grown').map(({ chunks }) => chunks)).toEqual([3]);
    expect(answers).toContain('DELETE 20');
    expect(answers).toContain('UPDATE 100');
    expect(answers).toContain('INSERT 0 1');
    expect(answers).toContain(WHOLE);
    // of `more` the rows of the last statement, and of the one before where it still had room: whatever was said to be inserted is there
    const counts = answers.filter((answer) => /^\d+$/.test(answer)).map(Number);
    const [more = 0, accounts, big = 0] = counts.sort((a, b) => a - b);
    expect([counts.length, accounts, more + big]).toEqual([3, 100, inserted(one) - 20]);
    expect([ROWS, 2 * ROWS]).toContain(more);
  },
);

const LOG_FULL = /^53100 could not write to the log: no space left on device/;

test.runIf(isDeep)(
  'FS-46 a log without a free segment refuses what writes, lets DROP through, and goes on with the room that it gives',
  async () => {
    // a table of LogIndex that is never full keeps all of WAL
    const changes = ['set deviceChunks 2', 'set indexSegments 600', 'set indexTables 1'];
    const rows = Array.from({ length: ROWS }, (_, k) => `(${k}, '')`).join(', ');
    const update = (at: number): string =>
      sql(at, `UPDATE hot SET v = '${String(at % 10).repeat(600)}'`, 'hot');
    const lines = inOrder([
      ...FILL,
      sql(236, 'CREATE TABLE hot (id int PRIMARY KEY, v text)', 'hot'),
      sql(237, `INSERT INTO hot VALUES ${rows}`, 'hot'),
      ...[239, 241, 243, 245, 247, 249].map(update),
      ...Array.from({ length: 84 }, (_, i) => update(901 + i * 37)),
      sql(4050, 'DROP TABLE big', 'drop'),
      update(4400),
      ...[...COMPUTE, ...SERVERS].map((node) => `4600.000 crash ${node} for 30.000 ms`),
      readBack(5000),
      sql(5050, 'SELECT count(*) FROM hot', 'hot'),
    ]);
    const one = await runPolardb(lines, 5300, 3, changes, 'sampled');
    expectWhole(one);
    const answers = said(one);
    expect(answers.filter((answer) => LOG_FULL.test(answer)).length).toBeGreaterThan(0);
    expect(stages(one)).toContain('log');
    expect(stages(one).at(-1)).toBe('');
    expect(eventsIn(one, 'fs.grown')).toEqual([]);
    expect(eventsIn(one, 'relation.removed').length).toBeGreaterThan(0);
    expect(answers).toContain('DROP TABLE');
    expect(answers).toContain(WHOLE);
    expect(answers.at(-1)).toBe(String(ROWS));
  },
);

// while the device is full, before and after another writes
const promotions = [
  ['by order', ['900.000 switchover ro-1']],
  ['because the writer is gone', ['900.000 crash rw-1 for 500.000 ms']],
] as const;
test.each(drawnOf<(typeof promotions)[number]>(promotions))(
  'FS-45 FS-46 LI-70 a reader is promoted on a full device %s: it refuses what needs room, and goes on',
  async (_, change) => {
    const lines = inOrder([
      ...FILL,
      ...change,
      ...[0, 1, 2].map((i) => sql(1200 + i * 20, `INSERT INTO more VALUES ${values(700 + i)}`, 'after')),
      sql(1300, 'DELETE FROM big WHERE id < 20', 'd'),
      GROWN,
      sql(1600, `INSERT INTO more VALUES ${values(800)}`, 'grown'),
      readBack(1650),
      sql(1670, 'SELECT count(*) FROM big', 'all'),
      sql(1690, 'SELECT count(*) FROM more', 'more'),
    ]);
    const one = await runPolardb(lines, 2100, 3, ['set deviceChunks 2'], 'sampled');
    expectWhole(one);
    expect(eventsIn(one, 'promote.step', 'ro-1').map(({ step }) => step)).toContain('P6');
    const at = (from: number): string[] =>
      [...one.answers].flatMap(([id, answer]) =>
        Number.parseInt(id.slice(1), 10) >= from * 1000 ? [shown(answer)] : [],
      );
    expect(said(one).filter((answer) => FULL.test(answer)).length).toBeGreaterThan(5);
    expect(at(1200).filter((answer) => FULL.test(answer)).length).toBeGreaterThan(1);
    expect(one.trace.some(({ node, event }) => event.kind === 'fs.full' && node === 'ro-1')).toBe(true);
    expect(at(1300)[0]).toBe('DELETE 20');
    expect(at(1600)[0]).toBe(`INSERT 0 ${ROWS}`);
    expect(said(one)).toContain(WHOLE);
    const counts = said(one)
      .filter((answer) => /^\d+$/.test(answer))
      .map(Number);
    expect(counts.reduce((a, b) => a + b)).toBe(inserted(one) - 20);
    expect(commitsIn(one, 1200)).toBeGreaterThan(10);
  },
);

test.runIf(isDeep)(
  'FS-46 without a free inode a new relation is refused, files that are there go on, and a dropped table gives its own back',
  async () => {
    // a table and its indexes are eleven files
    const columns = Array.from({ length: 9 }, (_, k) => `u${k} int UNIQUE`).join(', ');
    const table = (at: number, i: number): string =>
      sql(at, `CREATE TABLE t${i} (id int PRIMARY KEY, ${columns})`, `f${i % 2}`);
    const lines = inOrder([
      ...Array.from({ length: 16 }, (_, i) => table(230 + i * 40, i)),
      table(1250, 16),
      sql(1270, 'INSERT INTO t1 (id) VALUES (7)', 'x'),
      sql(1300, 'DROP TABLE t2', 'x'),
      sql(1950, 'CREATE SEQUENCE s', 'x'),
      sql(2000, 'SELECT count(*) FROM t1', 'x'),
      readBack(2050),
    ]);
    const one = await runPolardb(lines, 2150, 3, ['set deviceChunks 5'], 'sampled');
    expectWhole(one);
    const answers = said(one);
    const refused = answers.filter((answer) => /^53100 .*there is no free inode/.test(answer));
    expect(refused.length).toBeGreaterThan(2);
    expect(new Set(stages(one))).toEqual(new Set(['files', '']));
    expect(stages(one).at(-1)).toBe('');
    // some of its files were never made
    expect(eventsIn(one, 'relation.removed').length).toBeGreaterThan(5);
    expect(answers.filter((answer) => answer === 'CREATE TABLE').length).toBe(17 - refused.length);
    expect(answers).toContain('DROP TABLE');
    expect(answers.slice(-3)).toEqual(['CREATE SEQUENCE', '1', WHOLE]);
  },
);
