// Statements that take longer than a driver waits for somebody who is silent (docs/spec/failover.md FENCE-47): they are answered, on
// every architecture. A read has no outcome that could be unknown.

import { expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { isDeep } from '../testing/depth.ts';
import { type AnsweredRun, eventsIn, lastAnswers, runTapeText } from './tape-fixture.ts';

/** Rows whose keys come in random order, so that neighbours lie on pages apart. */
function insertRows(rows: number, below: readonly number[]): string[] {
  const prng = makePrng(7, 'keys');
  const keys = Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = nextBelow(prng, i + 1);
    [keys[i], keys[j]] = [keys[j] ?? 0, keys[i] ?? 0];
  }
  const batches = Array.from({ length: Math.ceil(rows / 250) }, (_, i) => keys.slice(i * 250, (i + 1) * 250));
  return batches.flatMap((batch, i) => {
    const parts = [0, ...below].map((first, part) =>
      batch.filter((k) => k >= first && k < (below[part] ?? rows)),
    );
    return parts
      .filter((part) => part.length > 0)
      .map(
        (part, at) =>
          `${240 + i * 40 + at}.000 sql d1 w${i}-${at} "INSERT INTO h VALUES ${part.map((k) => `(${k},0)`).join(',')}"`,
      );
  });
}

function run(
  preset: string,
  untilMs: number,
  lines: readonly string[],
  header: readonly string[] = [],
): Promise<AnsweredRun> {
  const head = ['postdb-tape 1', 'engine 0.5.0', `preset ${preset}`, 'profile demo', 'seed 7', ...header, ''];
  return runTapeText([...head, ...lines].join('\n'), untilMs);
}

const CREATE = '200.000 sql d1 w "CREATE TABLE h (k int PRIMARY KEY, v int)"';
const CUT = CREATE.replace('v int)', "v int) WITH (split_at = '3000')");
const ORDERED = 'SELECT count(*), sum(v) FROM (SELECT k, v FROM h WHERE k >= 0 ORDER BY k) s';

test.runIf(isDeep)(
  'FENCE-47 a scan of seconds on a healthy cluster is answered (slow-select-cynosdb)',
  async () => {
    const lines = [
      CREATE,
      ...insertRows(6000, []),
      '1500.000 sql d1 console "SELECT count(*) FROM h WHERE k < 3000"',
    ];
    const one = await run('cynosdb', 4000, lines);
    expect(one.monitors.violations).toEqual([]);
    expect(lastAnswers(one)).toMatchObject({ console: '3000' });
    expect(eventsIn(one, 'driver.heard').length).toBeGreaterThan(20);
  },
);

test('FENCE-47 PCS-97 a gathered read stays with the node that works on it (gathered-count-random-order-6000)', async () => {
  const lines = [CUT, ...insertRows(6000, [3000]), '1500.000 sql d1 console "SELECT count(*) FROM h"'];
  const one = await run('postdb-v4', 3500, lines);
  expect(one.monitors.violations).toEqual([]);
  expect(lastAnswers(one)).toMatchObject({ console: '6000' });
  expect(eventsIn(one, 'gather.begin')).toHaveLength(1);
  expect(eventsIn(one, 'driver.heard').length).toBeGreaterThan(5);
});

/** So short that rows of a third of a second outlast it. */
const IMPATIENT = ['set maxRetryMs 200'];

test.each([
  ['cynosdb', CREATE, []],
  ['cynosdb-ro', CREATE, []],
  ['cynosdb-ha', CREATE, []],
  ['polardb', CREATE, []],
  ['postdb-v4', CUT.replace('3000', '1000'), [1000]],
] as const)(
  'FENCE-47 %s: reads and batches of rows that outlast the limit are answered',
  async (preset, create, below) => {
    const lines = [
      create,
      ...insertRows(2000, below),
      '900.000 sql d1 console "SELECT count(*) FROM h WHERE k >= 0"',
      `905.000 sql d1 other "${ORDERED}"`,
      // behind a row that another session has locked
      '2600.000 sql d1 holder "BEGIN"',
      '2605.000 sql d1 holder "UPDATE h SET v = v + 1 WHERE k = 5"',
      '2640.000 sql d1 waiter "UPDATE h SET v = v + 1 WHERE k = 5"',
      '3200.000 sql d1 holder "COMMIT"',
      '3400.000 sql d1 reader "SELECT v FROM h WHERE k = 5"',
    ];
    const one = await run(preset, 3600, lines, IMPATIENT);
    expect(one.monitors.violations).toEqual([]);
    const answers = lastAnswers(one);
    expect(answers).toMatchObject({ console: '2000', other: '2000,0', waiter: 'UPDATE 1', reader: '2' });
    const writes = Object.entries(answers).filter(([session]) => /^w\d/.test(session));
    expect(writes.length).toBeGreaterThanOrEqual(8);
    for (const [session, answer] of writes) expect(`${session} ${answer}`).toMatch(/ INSERT 0 \d+$/);
    expect(eventsIn(one, 'driver.heard').length).toBeGreaterThan(10);
    expect(eventsIn(one, 'driver.gaveUp')).toEqual([]);
    // a reader that works on a read is not left for another
    expect(eventsIn(one, 'driver.reader').filter(({ why }) => why === 'timeout')).toEqual([]);
  },
);

test('FENCE-47 where nobody answers any more a read was not done, and of a write nobody can tell', async () => {
  const lines = [
    CREATE,
    '240.000 sql d1 w1 "INSERT INTO h VALUES (1, 1)"',
    '300.000 partition d1 | rw-1',
    '310.000 sql d1 read "SELECT v FROM h"',
    '310.000 sql d1 lock "SELECT v FROM h FOR UPDATE"',
    '310.000 sql d1 write "UPDATE h SET v = 2"',
    '310.000 sql d1 draw "WITH d AS (DELETE FROM h RETURNING k) SELECT k FROM d"',
    '310.000 sql d1 cancelled "SELECT v FROM h"',
    '400.000 cancel d1 cancelled',
  ];
  const one = await run('cynosdb', 800, lines, IMPATIENT);
  expect(one.monitors.violations).toEqual([]);
  expect(lastAnswers(one)).toMatchObject({
    read: 'error 08001',
    lock: 'error 08001',
    write: 'unknown 08007',
    draw: 'unknown 08007',
    cancelled: 'error 57014',
  });
  expect(eventsIn(one, 'driver.gaveUp')).toHaveLength(4);
});

test('FENCE-47 who waits for storage that is gone is not at work: the driver does not wait for ever', async () => {
  const lines = [
    CREATE,
    '240.000 sql d1 w1 "INSERT INTO h VALUES (1, 1)"',
    '300.000 partition rw-1 | store-1 store-2 store-3',
    '310.000 sql d1 write "UPDATE h SET v = 2"',
    '320.000 sql d1 blocked "UPDATE h SET v = 3"',
  ];
  const one = await run('cynosdb', 800, lines, IMPATIENT);
  expect(one.monitors.violations).toEqual([]);
  const { write, blocked } = lastAnswers(one);
  expect(write).toBe('unknown 08007');
  // it waits for the row, and its session for as long
  expect(blocked).toBeUndefined();
});

test.each([
  ['cynosdb-ro', CREATE, []],
  ['polardb', CREATE, []],
  ['postdb-v4', CUT.replace('3000', '1000'), [1000]],
] as const)(
  'FENCE-47 READ-46 %s: statement_timeout ends a read wherever it is carried out',
  async (preset, create, below) => {
    const whole = 'SELECT count(*), sum(v) FROM (SELECT k, v FROM h WHERE k >= 0 ORDER BY k) s';
    const lines = [
      create,
      ...insertRows(2000, below),
      `900.000 sql d1 hurried "SET statement_timeout = '3ms'"`,
      `1000.000 sql d1 hurried "${whole}"`,
      `1001.000 sql d1 patient "${whole}"`,
    ];
    const one = await run(preset, 3000, lines);
    expect(one.monitors.violations).toEqual([]);
    expect(lastAnswers(one)).toMatchObject({ hurried: 'error 57014', patient: '2000,0' });
    // elsewhere than at the writer, which ends its own statements
    if (preset === 'postdb-v4') expect(eventsIn(one, 'gather.begin').length).toBeGreaterThan(1);
    else expect(eventsIn(one, 'ro.pageRead').length).toBeGreaterThan(0);
  },
);

test.each(['cynosdb-ro', 'polardb', 'postdb-v4'])(
  'FENCE-47 %s: statement_timeout ends a write that waits, at whichever node it waits',
  async (preset) => {
    const one = await run(preset, 2200, [
      '300.000 sql d1 other "CREATE TABLE a (k int PRIMARY KEY)"',
      '400.000 sql d1 other "INSERT INTO a VALUES (1)"',
      '500.000 sql d1 holder "CREATE TABLE h (k int PRIMARY KEY)"',
      // where tables are cut, another primary may be told of the setting than the one that has the table
      `600.000 sql d1 hurried "SET statement_timeout = '20ms'"`,
      '700.000 sql d1 holder "BEGIN"',
      '710.000 sql d1 holder "INSERT INTO h VALUES (1)"',
      '800.000 sql d1 hurried "INSERT INTO h VALUES (2), (1)"',
      '810.000 sql d1 patient "INSERT INTO h VALUES (1)"',
      '1000.000 sql d1 holder "COMMIT"',
      '1100.000 sql d1 seen "SELECT count(*), sum(k) FROM h"',
    ]);
    expect(one.monitors.violations).toEqual([]);
    expect(lastAnswers(one)).toMatchObject({
      hurried: 'error 57014',
      patient: 'error 23505',
      holder: 'COMMIT',
      // nothing of the statement that was ended
      seen: '1,1',
    });
  },
);

test.each([
  ['cynosdb-ro', ['780.000 crash rw-1 for 100.000 ms']],
  ['polardb', ['780.000 crash rw-1 for 100.000 ms']],
  ['postdb-v4', ['n1', 'n2', 'n3'].map((node) => `780.000 crash ${node} for 100.000 ms`)],
] as const)(
  'FENCE-47 %s: a transaction that was lost with its writer has failed until its end, and COMMIT is a ROLLBACK',
  async (preset, crashes) => {
    const one = await run(preset, 2600, [
      '500.000 sql d1 one "CREATE TABLE h (k int PRIMARY KEY)"',
      '600.000 sql d1 one "BEGIN"',
      '700.000 sql d1 one "INSERT INTO h VALUES (1)"',
      ...crashes,
      '1400.000 sql d1 one "INSERT INTO h VALUES (2)"',
      '1700.000 sql d1 one "INSERT INTO h VALUES (3)"',
      '1900.000 sql d1 one "COMMIT"',
      '2100.000 sql d1 two "SELECT count(*) FROM h"',
    ]);
    expect(one.monitors.violations).toEqual([]);
    const said = [...one.answers.values()].map(({ statements: [first] }) =>
      first?.kind === 'error' ? first.sqlstate : first?.kind === 'rows' ? first.rows[0]?.[0] : first?.tag,
    );
    expect(said.slice(1)).toEqual(['BEGIN', 'INSERT 0 1', '40001', '25P02', 'ROLLBACK', '0']);
  },
);
