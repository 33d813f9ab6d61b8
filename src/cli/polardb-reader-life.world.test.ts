// Readers of shared storage that come and go under load (docs/spec/placement.md PCS-100, logindex.md LI-60 to LI-63): a new one copies nothing and reads,
// one that leaves holds nothing back, and a promotion does not choose what the metadata was not laid out with.

import { expect, test } from 'vitest';
import { relationOf } from '../core/page/page-key.ts';
import { inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn, runTapeText } from './tape-fixture.ts';

test('PCS-100 LI-60 LI-61 a reader is added under load, serves, and is removed; its slot goes, and the gate goes on', async () => {
  const lines = [
    '320.000 addNode ro-3 reader b',
    '380.000 crash ro-3 for 10.000 ms',
    '480.000 removeNode ro-3',
    '600.000 crash rw-1 for 200.000 ms',
    '601.000 addNode ro-4 reader c',
    readBack(850),
  ];
  const one = await runPolardb(inOrder(lines), 1000);
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'ro.ready', 'ro-3').length).toBeGreaterThanOrEqual(2);
  expect(eventsIn(one, 'ro.replayed', 'ro-3').length).toBeGreaterThan(5);
  expect(eventsIn(one, 'ro.ready', 'ro-4').length).toBeGreaterThan(0);
  expect(eventsIn(one, 'page.stored', 'ro-3')).toEqual([]);
  const removed = one.trace.find(({ event }) => event.kind === 'slot.dropped' && event.reader === 'ro-3');
  expect(removed).toBeDefined();
  const stored = one.trace.filter(({ at, event }) => event.kind === 'page.stored' && at > 520_000);
  expect(stored.length).toBeGreaterThan(5);
  const writers = one.trace.flatMap(({ node, event }) =>
    event.kind === 'attachment.mode' && event.mode === 'rw' ? [node] : [],
  );
  expect(writers).not.toContain('ro-3');
  expect(writers).not.toContain('ro-4');
  expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
});

// found by lesson D03: the metadata of the last records was lost, and nothing was written after it
test('LI-34 a reader that missed the newest records of a quiet log registers again; it holds the gate no longer than that', async () => {
  const one = await runTapeText(
    [
      ...['postdb-tape 1', 'engine 0.7.0', 'preset polardb', 'profile demo', 'seed 7', 'end 60000.000', ''],
      sql(230, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'w'),
      sql(260, 'INSERT INTO t VALUES (1, 1)', 'w'),
      '430.000 cut rw-1 > ro-1 for 15.000 ms',
      sql(431, 'UPDATE t SET v = 2', 'w'),
    ].join('\n'),
    600,
  );
  expect(one.monitors.violations).toEqual([]);
  const durable = Math.max(...eventsIn(one, 'wal.synced').map(({ last }) => last));
  expect(eventsIn(one, 'ro.applied', 'ro-1').at(-1)?.applyLsn).toBe(durable);
  const late = one.trace.filter(({ at, event }) => event.kind === 'page.stored' && at > 445_000);
  expect(late.length).toBeGreaterThan(0);
});

// sweep polardb seed 7: the page was asked for again when the reader had joined, and the file was gone
test('READ-28 LI-63 LI-66 a statement that waits for a page when the slot is lost lets go of it: it is not asked for when the reader has joined again', async () => {
  const lines = [
    '400.000 session d1 scan ro-1 session',
    sql(401, 'CREATE TABLE t (k int PRIMARY KEY, v int)', 'ddl'),
    sql(430, 'INSERT INTO t VALUES (1, 1)', 'ddl'),
    // catalog and index are here from now on, the rows are not
    sql(460, 'SELECT v FROM t WHERE k = 7', 'scan'),
    // its reads of the device do not come back
    '519.000 cut ro-1 > cs-1 cs-2 cs-3 for 400.000 ms',
    sql(520, 'SELECT sum(v) FROM t', 'scan'),
    '522.000 cut ro-1 > rw-1 for 400.000 ms',
    sql(800, 'DROP TABLE t', 'ddl'),
    sql(1300, 'SELECT sum(balance), count(*) FROM accounts', 'scan'),
  ];
  const one = await runPolardb(inOrder(lines), 2000);
  expect(one.monitors.violations).toEqual([]);
  const ofTable = eventsIn(one, 'ro.replayed', 'ro-1').filter(
    ({ blockKey }) => relationOf(blockKey) === eventsIn(one, 'ddl.locked')[0]?.relation,
  );
  expect(ofTable).toEqual([]);
  expect(eventsIn(one, 'ro.lost', 'ro-1')).toHaveLength(1);
  expect(eventsIn(one, 'relation.removed', 'rw-1').length).toBeGreaterThan(0);
  expect([...one.answers.values()].map(shown).slice(-2)).toEqual([
    expect.stringContaining('08001 no node that serves it'),
    WHOLE,
  ]);
});
