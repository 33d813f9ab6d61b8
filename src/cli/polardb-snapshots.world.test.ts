// Snapshots of pages (docs/spec/logindex.md LI-50 to LI-53): a view that is open at a reader holds no page back for ever; what it needs of a page
// that was stored beyond it is in WAL.

import { expect, test } from 'vitest';
import { inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

const SMALL = [
  'set snapshotOldLsns 20',
  'set snapshotReplayLsns 5',
  'set copySlots 1',
  'set copyLag 20',
] as const;
/** A view is open from 435 on while its table changes, and reads it for the first time at 720. */
const HELD = [
  sql(230, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'w'),
  sql(260, 'INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)', 'w'),
  '400.000 session d1 hold ro-1 session',
  sql(430, 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'hold'),
  sql(435, 'SELECT count(*) FROM accounts WHERE id = 1', 'hold'),
  ...Array.from({ length: 50 }, (_, i) =>
    sql(445 + 5 * i, `UPDATE t SET v = v + 1 WHERE k = ${1 + (i % 3)}`, `w${i % 2}`),
  ),
  '440.000 workloadStop d1 main',
  sql(720, 'SELECT sum(v), count(*) FROM t', 'hold'),
  sql(1000, 'COMMIT', 'hold'),
  sql(1050, 'SELECT sum(v), count(*) FROM t', 'hold'),
];
const answersOf = (one: { readonly answers: ReadonlyMap<string, Parameters<typeof shown>[0]> }): string[] =>
  [...one.answers.values()].map(shown);

test('LI-50 LI-51 LI-52 LI-53 an old page is stored behind a snapshot, and an open view reads it as of its own point', async () => {
  const one = await runPolardb(inOrder([...HELD, readBack(1200)]), 1500, 3, SMALL, 'full');
  expect(one.monitors.violations).toEqual([]);
  const logged = eventsIn(one, 'snapshot.logged');
  expect(logged.length).toBeGreaterThan(5);
  expect(logged.some(({ imageLsn }) => imageLsn > 0)).toBe(true);
  const stored = eventsIn(one, 'page.stored').filter(({ how }) => how === 'snapshot');
  expect(stored.some(({ pageLsn, gate }) => gate >= 0 && pageLsn > gate)).toBe(true);
  expect(one.monitors.exercised['snapshot.first']).toBeGreaterThan(5);
  const read = eventsIn(one, 'ro.replayed').filter(({ source }) => source === 'SNAPSHOT');
  expect(read.length).toBeGreaterThan(0);
  expect(read.every(({ from, applyLsn }) => from <= applyLsn)).toBe(true);
  for (const rule of ['ro.never-ahead', 'ro.never-behind', 'logidx.complete'] as const)
    expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  const answers = answersOf(one);
  expect(answers).toContain('0,3'); // as of the view
  expect(answers).toContain('50,3');
  expect(answers.at(-1)).toBe(WHOLE);
});

test('LI-50 without snapshots such a page waits for the view', async () => {
  const off = SMALL.map((line) => line.replace(/snapshotOldLsns .*/, 'snapshotOldLsns 0'));
  const one = await runPolardb(inOrder(HELD), 1100, 3, off);
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'snapshot.logged')).toEqual([]);
  const stored = eventsIn(one, 'page.stored');
  expect(stored.every(({ pageLsn, gate }) => gate < 0 || pageLsn <= gate)).toBe(true);
  expect(answersOf(one)).toContain('0,3');
});

test('LI-51 LI-72 the writer dies between a snapshot and its page, and another goes on', async () => {
  const lines = [...HELD, '560.000 crash rw-1', '700.000 restart rw-1', '900.000 crash ro-1 for 40.000 ms'];
  const one = await runPolardb(inOrder([...lines, readBack(1200)]), 1500, 3, SMALL, 'full');
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'snapshot.logged').length).toBeGreaterThan(5);
  expect(eventsIn(one, 'promote.step').filter(({ step }) => step === 'P6').length).toBeGreaterThan(0);
  expect(answersOf(one).at(-1)).toBe(WHOLE);
});
