// Definitions across readers (docs/spec/logindex.md LI-64 to LI-66): the writer's lock is logged and waits for every reader; a statement that reads
// the table holds it off, or is cancelled, or the definition fails; files go when no view and no recovery needs them.

import { describe, expect, test } from 'vitest';
import { inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn, tapeOf as parsed, runTape } from './tape-fixture.ts';

const ROWS = Array.from({ length: 40 }, (_, k) => `(${k}, ${k})`).join(', ');
const TABLE = [
  sql(230, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'ddl'),
  sql(260, `INSERT INTO t VALUES ${ROWS}`, 'ddl'),
];
/** A reader has the table in a transaction that stays open. */
const HOLD = [
  '290.000 session d1 hold ro-1 session',
  '291.000 session d1 late ro-1 session',
  sql(300, 'BEGIN', 'hold'),
  sql(310, 'SELECT count(*) FROM t', 'hold'),
];
/** A cluster with no load but these lines. */
const tapeOf = (lines: readonly string[]): ReturnType<typeof parsed> =>
  parsed(
    [
      'postdb-tape 1',
      'engine 0.6.0',
      'preset polardb',
      'profile demo',
      'seed 7',
      'end 60000.000',
      '',
      ...lines,
    ].join('\n'),
  );
const answersOf = (one: { readonly answers: ReadonlyMap<string, Parameters<typeof shown>[0]> }): string[] =>
  [...one.answers.values()].map(shown);

describe('a definition across readers', () => {
  test('LI-64 LI-66 DROP TABLE waits for the reader that scans the table; its files go afterwards, across a change of the writer', async () => {
    const lines = [
      ...TABLE,
      ...HOLD,
      sql(330, 'DROP TABLE t', 'ddl'),
      sql(360, 'SELECT count(*) FROM t', 'late'),
      sql(420, 'SELECT sum(v) FROM t', 'hold'),
      sql(440, 'COMMIT', 'hold'),
      '620.000 crash rw-1',
      readBack(850),
    ];
    const one = await runPolardb(inOrder(lines), 1000, 3, [], 'full');
    expect(one.monitors.violations).toEqual([]);
    const granted = one.trace.filter(({ event }) => event.kind === 'ddl.granted');
    expect(granted.map(({ at }) => at > 440_000)).toEqual([true]);
    const states = eventsIn(one, 'ro.lock').map(({ state }) => state);
    const holders = one.trace.flatMap(({ node, event }) =>
      event.kind === 'ro.lock' && event.state === 'held' ? [`${node}`] : [],
    );
    expect(holders).toEqual(['ro-1']);
    expect(states.filter((state) => state === 'replayed').length).toBe(2);
    expect(states.filter((state) => state === 'released').length).toBe(2);
    expect(eventsIn(one, 'relation.removed').length).toBeGreaterThan(0);
    const answers = answersOf(one);
    expect(answers).toContain('780'); // the scan went on while the writer waited
    expect(answers).toContain('DROP TABLE');
    expect(answers.some((answer) => answer.startsWith('42P01'))).toBe(true); // who came later waited, and finds none
    expect(answers.at(-1)).toBe(WHOLE);
    // the page of locks has no header, and each of its records begins it anew (seeds 1 and 7 of the sweep)
    expect(one.fsck().flatMap(({ findings }) => findings)).toEqual([]);
    for (const rule of ['ddl.readers-first', 'ddl.no-reader-inside'] as const)
      expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  });

  test('LI-65 after ddlTimeoutMs the reader’s statement is cancelled, and applyLsn has moved on meanwhile', async () => {
    const lines = [
      ...TABLE,
      ...HOLD,
      sql(330, 'TRUNCATE t', 'ddl'),
      sql(600, 'SELECT sum(v) FROM t', 'hold'),
      readBack(700),
    ];
    const one = await runPolardb(inOrder(lines), 900, 3, ['set ddlTimeoutMs 100']);
    expect(one.monitors.violations).toEqual([]);
    const cancelled = one.trace.filter(
      ({ event }) => event.kind === 'ro.lock' && event.state === 'cancelled',
    );
    expect(cancelled.map(({ at }) => at >= 430_000)).toEqual([true]);
    const applied = one.trace.filter(
      ({ at, event }) => event.kind === 'ro.applied' && at > 340_000 && at < 420_000,
    );
    expect(applied.length).toBeGreaterThan(0);
    const answers = answersOf(one);
    expect(answers).toContain('TRUNCATE TABLE');
    expect(answers.some((answer) => answer.startsWith('25P02'))).toBe(true);
    expect(answers.at(-1)).toBe(WHOLE);
  });

  test('LI-65 where readers do not give way the definition fails with LOCK_TIMEOUT, and the table stays', async () => {
    const lines = [
      ...TABLE,
      ...HOLD,
      sql(330, 'DROP TABLE t', 'ddl'),
      sql(600, 'COMMIT', 'hold'),
      sql(640, 'SELECT sum(v) FROM t', 'ddl'),
    ];
    const one = await runPolardb(inOrder(lines), 800, 3, ['set ddlTimeoutMs 100', 'set ddlCancels 0']);
    expect(one.monitors.violations).toEqual([]);
    const answers = answersOf(one);
    expect(answers.some((answer) => answer.startsWith('55P03'))).toBe(true);
    expect(answers.at(-1)).toBe('780');
    expect(eventsIn(one, 'ddl.granted')).toEqual([]);
    expect(eventsIn(one, 'relation.removed')).toEqual([]);
  });

  test('LI-61 LI-64 a reader that is gone holds nothing up, and one that registers meanwhile replays the lock first', async () => {
    const lines = [
      ...TABLE,
      ...HOLD,
      sql(330, 'DROP TABLE t', 'ddl'),
      '350.000 crash ro-1 for 30.000 ms',
      '351.000 crash ro-2 for 30.000 ms',
      readBack(700),
    ];
    const one = await runPolardb(inOrder(lines), 900);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'ddl.granted').length).toBe(1);
    expect(answersOf(one)).toContain('DROP TABLE');
    expect(answersOf(one).at(-1)).toBe(WHOLE);
  });

  // The planner looks into a table's first pages. A reader's lookup came before its lock, so a lock of the writer that was replayed while
  // the page was on its way gave away a file that a statement was about to read.
  describe.each([
    ['TRUNCATE g', 'SELECT count(*), count(DISTINCT k), min(length(t)) FROM g x JOIN g y USING (k, t)'],
    ['DROP TABLE g', 'SELECT min(length(x.t)) FROM g x JOIN g y ON x.k = y.k'],
    ['ALTER TABLE g ADD COLUMN extra int', 'SELECT max(x.k) FROM g x JOIN g y USING (t)'],
    ['CREATE INDEX g_t ON g (t)', 'SELECT count(*) FROM g WHERE k IN (SELECT k FROM g WHERE k > 3)'],
  ])('%s', (definition, read) => {
    test('LI-65 a reader plans a statement under its lock of the table, whenever the writer’s lock comes', async () => {
      const rows = Array.from({ length: 10 }, (_, k) => `(${590 + k}, 'row ${590 + k} ${'y'.repeat(60)}')`);
      const lines = [sql(150, 'CREATE TABLE g (k int PRIMARY KEY, t text)')];
      let waited = 0;
      let inside = 0;
      for (const at of [694, 695, 696, 697, 698, 699, 700, 701]) {
        const one = await runTape(
          tapeOf(
            inOrder([
              ...lines,
              sql(667, read, 'r2'),
              sql(672, `INSERT INTO g VALUES ${rows.join(', ')}`, 'w'),
              sql(675, read, 'r'),
              sql(at, definition, 'w'),
            ]),
          ),
          900,
        );
        expect(one.monitors.violations, `${definition} at ${at} ms`).toEqual([]);
        expect([...one.answers.values()].length).toBe(5);
        waited += eventsIn(one, 'ro.lock').filter(({ state }) => state === 'held').length;
        inside += one.monitors.exercised['ddl.no-reader-inside'] ?? 0;
      }
      expect(waited).toBeGreaterThan(0); // a statement that reads the table held a lock of the writer off
      expect(inside).toBeGreaterThan(0);
    });
  });
});
