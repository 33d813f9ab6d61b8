// Definitions that wait for readers, by pictures of a real run (docs/spec/logindex.md LI-63 to LI-65): what is said of whom, and what ends it.

import { expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { t } from '../../../../i18n/i18n.ts';
import { waitSentence, waysOut } from '../../../../story/wait-words.ts';
import { shootWorld } from '../../../../testing/world-frame.ts';
import { holdText, lateText } from './describe.ts';
import { type LockRow, projectShared } from './project.ts';

const edge = await loadSqlEdge();
const MADE = [
  '230.000 sql d1 ddl "CREATE TABLE t (k int PRIMARY KEY, v int)"',
  '260.000 sql d1 ddl "INSERT INTO t VALUES (1, 1), (2, 2)"',
  '290.000 session d1 hold ro-1 session',
];
const OPEN = '380.000 sql d1 hold "BEGIN; SELECT count(*) FROM t"';
const DROP = '440.000 sql d1 ddl "DROP TABLE t"';

interface Said {
  readonly rows: readonly LockRow[];
  readonly sentences: readonly string[];
  readonly ways: readonly string[];
  readonly blocked: readonly boolean[];
}

function said(lines: readonly string[], atMs: number): Said {
  const { frame, nodes } = shootWorld({
    edge,
    preset: 'polardb',
    seed: 3,
    lines: [...MADE, ...lines],
    atMs,
    view: {},
  });
  const { locks } = present(projectShared({ cluster: frame.cluster, nodes }, null) ?? undefined, 'a model');
  const waits = frame.waits.filter(({ kind }) => kind === 'ddl');
  return {
    rows: locks,
    sentences: waits.map((wait) => waitSentence(wait, t)),
    ways: waysOut(waits),
    blocked: waits.map(({ isBlocked }) => isBlocked),
  };
}

test('LI-64 LI-65 an open transaction of a reader is named, with its end as the way out and the time at which it is cancelled', () => {
  const { rows, sentences, ways, blocked } = said([OPEN, DROP], 480);
  expect(sentences).toEqual([
    'DROP TABLE t at rw-1 waits until every reader has replayed its lock, 1 of 2 have: session hold has used the table at ro-1, and its transaction is open',
  ]);
  expect([ways, blocked]).toEqual([['sql d1 hold "ROLLBACK"'], [true]]);
  expect(rows.map(({ reader, lock }) => [reader, lock.table])).toEqual([['ro-1', 't']]);
  const row = present(rows[0], 'a lock');
  expect(holdText(row, t)).toBe('session hold has used it, and its transaction is open');
  expect(lateText(row, t)).toMatch(
    /^at 104\d\.\d{3} ms they are cancelled \(40001\); if it stays silent, its lease ends at 5\d\d\.\d{3} ms$/,
  );
});

test('LI-65 a statement that runs ends the wait by itself, and can be cancelled', () => {
  const rowsFrom = (first: number): string =>
    `sql d1 ddl "INSERT INTO t VALUES ${Array.from({ length: 400 }, (_, i) => `(${first + i}, ${i})`).join(', ')}"`;
  const many = [`300.000 ${rowsFrom(10)}`, `310.000 ${rowsFrom(410)}`];
  const scan = '440.000 sql d1 hold "SELECT count(*) FROM t a, t b WHERE a.v < b.v"';
  const { rows, sentences, ways, blocked } = said([...many, scan, '465.000 sql d1 ddl "DROP TABLE t"'], 490);
  expect([sentences.length, rows.length]).toEqual([1, 1]);
  expect([ways, blocked]).toEqual([['cancel d1 hold'], [false]]);
  expect(sentences[0]).toContain('session hold runs a statement on the table at ro-1');
});

test('LI-63 a reader that is cut off is waited for until its lease ends', () => {
  const { rows, sentences, ways, blocked } = said([OPEN, '439.000 cut rw-1 | ro-1', DROP], 460);
  expect(sentences[0]).toMatch(
    /1 of 2 have: the link (rw-1–ro-1|ro-1–rw-1) is cut and ro-1 does not answer; it is waited for until its lease ends$/,
  );
  expect(ways).toHaveLength(1);
  expect(blocked).toEqual([false]);
  const row = present(rows[0], 'a lock');
  expect(row.leaseEnd).toBeGreaterThan(460_000);
  expect(said([OPEN, '439.000 cut rw-1 | ro-1', DROP], 900).sentences).toEqual([]);
});
