// Redo of a `polardb` writer that starts after a crash (docs/spec/logindex.md LI-47): the pages that WAL names are read ahead.

import { expect, test } from 'vitest';
import { inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';

const PAGES = 60;
/** Of a row, so that a page has one. */
const FILL = 'x'.repeat(560);
const LOADED_MS = 1500;
const CHANGED_MS = 3600;
const CRASH_MS = 3700;
const ASKED_MS = 7000;
const END_MS = 9500;
const ONE_WAY_MS = 40;
/** A leader of a chunk asks its group before it answers a read. */
const READ_MS = 4 * ONE_WAY_MS;
/** With these the groups of chunks keep their leaders over such links. */
const CHANGES = [
  'set raftHeartbeatMs 100',
  'set electionMinMs 500',
  'set electionMaxMs 1000',
  'set bufferPages 256',
];

const rowsFrom = (first: number): string =>
  Array.from({ length: 10 }, (_, i) => `(${first + i}, 0, '${FILL}')`).join(', ');

test('LI-47 redo over chunk servers 40 ms apart waits for a window of pages, not for each page', async () => {
  const ends = ['rw-1', 'cs-1', 'cs-2', 'cs-3'];
  const lines = [
    `${LOADED_MS}.000 workloadStop d1 main`,
    sql(LOADED_MS, 'CREATE TABLE wide (k int PRIMARY KEY, v int, fill text)', 'made'),
    ...Array.from({ length: PAGES / 10 }, (_, i) =>
      sql(LOADED_MS + 50 + 50 * i, `INSERT INTO wide VALUES ${rowsFrom(10 * i)}`, `filled${i}`),
    ),
    // all are stored; they change, and the power goes before they are stored again
    sql(CHANGED_MS, 'UPDATE wide SET v = 1', 'changed'),
    `${CRASH_MS}.000 crash rw-1 for 20.000 ms`,
    ...['ro-1', 'ro-2'].map((node) => `${CRASH_MS}.000 crash ${node}`),
    ...ends.flatMap((from) =>
      ends
        .filter((to) => to !== from)
        .map((to) => `${CRASH_MS}.000 latency ${from} > ${to} : ${ONE_WAY_MS}.000 ms`),
    ),
    sql(ASKED_MS, `SELECT v FROM wide WHERE k = ${PAGES - 1}`, 'seen'),
    readBack(ASKED_MS),
  ];
  const one = await runPolardb(inOrder(lines), END_MS, 3, CHANGES);
  const redone = one.trace.flatMap(({ at, event }) =>
    event.kind === 'redo.page' && at > CRASH_MS * 1000 && event.pageLsn >= 0 ? [at / 1000] : [],
  );
  expect(redone.length).toBeGreaterThan(PAGES);
  const [first = 0] = redone;
  expect((redone.at(-1) ?? 0) - first).toBeLessThan(5 * READ_MS);
  expect(one.monitors.violations).toEqual([]);
  expect([...one.answers.values()].map(shown)).toEqual(expect.arrayContaining(['UPDATE 60', '1', WHOLE]));
});
