// Catalogs that are larger than a buffer, in whole clusters: the writer defines, a reader finds and lists, and a writer that has lost its
// memory goes on.

import { expect, test } from 'vitest';
import { offeredPresets } from '../stacks/preset-names.ts';
import { drawn, isDeep } from '../testing/depth.ts';
import { runTapeText } from './tape-fixture.ts';

const TABLES = drawn(60, 160);
/** Virtual ms from one statement to the next: each pass over the catalog reads all its pages again. */
const APART_MS = drawn(30, 200);
const BEGIN_MS = 300;

// A shared disk of the demo profile has room for some forty tables' files (53100).
const presets = isDeep ? offeredPresets.filter((name) => !name.startsWith('polardb')) : ['cynosdb-ro'];

test.each(presets)('WAL-10 READ-19 %s: more tables than the buffer has pages', async (preset) => {
  const reader = preset === 'cynosdb-ro' ? 'r' : 'a';
  const isCut = preset.startsWith('postdb-v4');
  const sql = (text: string, session = 'a'): string => `sql d1 ${session} "${text}"`;
  const define = (i: number): string =>
    sql(`CREATE TABLE k${i} (id int PRIMARY KEY, name varchar(20) ${isCut ? '' : 'UNIQUE'} DEFAULT 'none')`);
  const lines = [
    ...(reader === 'r' ? ['session d1 r ro-1 session'] : []),
    ...Array.from({ length: TABLES }, (_, i) => define(i)),
    ...(isCut ? [] : ['crash rw-1 for 10.000 ms']),
    define(TABLES),
    sql(`INSERT INTO k${TABLES} (id) VALUES (7)`),
    sql(`SELECT id FROM k${TABLES}`, reader),
    ...(isCut ? [] : [sql("SELECT count(*) FROM pg_class WHERE relkind = 'r'", reader)]),
  ];
  const end = BEGIN_MS + (lines.length + 10) * APART_MS;
  const tape = [
    'postdb-tape 1',
    'engine 0.5.0',
    `preset ${preset}`,
    'profile demo',
    'set bufferPages 36',
    'seed 5',
    `end ${end.toFixed(3)}`,
    '',
    ...lines.map((line, i) => `${(BEGIN_MS + i * APART_MS).toFixed(3)} ${line}`),
  ].join('\n');
  const { monitors, answers, trace } = await runTapeText(tape, end - 1);
  expect(monitors.violations).toEqual([]);
  const shown = [...answers.values()].flatMap(({ statements }) =>
    statements.map((one) =>
      one.kind === 'rows'
        ? one.rows.join()
        : one.kind === 'done'
          ? one.tag
          : `${one.sqlstate} ${one.message}`,
    ),
  );
  expect(shown.slice(0, TABLES + 1)).toEqual(Array.from({ length: TABLES + 1 }, () => 'CREATE TABLE'));
  expect(shown.slice(TABLES + 1)).toEqual(['INSERT 0 1', '7', ...(isCut ? [] : [`${TABLES + 1}`])]);
  // not vacuous: pages of the catalog left the buffer and came again
  const evicted = trace.filter(({ event }) => event.kind === 'page.evict').length;
  expect(isCut || evicted > 2 * TABLES).toBe(true);
});
