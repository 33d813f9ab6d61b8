// Values that are stored out of line (core/engine/large-values.ts): read back by every path, undone, kept by updates that leave
// them alone, freed when nobody can see their row any more; damage is an error, never another value; and planted bugs.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Lsn } from '../../base/ids.ts';
import {
  appendRecords,
  begin,
  crash,
  type Fixture,
  makeFixture,
  pageAtVdl,
  replyOf,
  settleDurable,
  showReply,
} from '../../core/engine/engine-fixture.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { btreeNext } from '../../core/page/btree-page.ts';
import { slotOffset, slotType, slotTypes } from '../../core/page/heap-page.ts';
import { pageCount, pageLsn } from '../../core/page/page.ts';
import { blockKeyOf, forkOf, forkRelation, type PageKey } from '../../core/page/page-key.ts';
import {
  btreeInitPayload,
  btreeKeepPayload,
  OP_BTREE_INIT,
  OP_BTREE_KEEP,
} from '../../core/page/redo-ops.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { findingLine, fsck } from './fsck.ts';
import { volumePagesOf } from './pages-fixture.ts';

beforeAll(loadSqlParser);

const PAGE_BYTES = 512;

const BIG = 'abcdefghij'.repeat(1200);
/** Of 439 bytes; the stored form begins with its length. */
const PARTS = Math.ceil(12_002 / 439);
const OTHER = 'klmnopqrst'.repeat(1200);

function run(f: Fixture, text: string, params: readonly string[] = [], session = 's'): string {
  const sequence = begin(f, session, parseSql(text), params);
  settleDurable(f);
  return showReply(replyOf(f, session, sequence))
    .replaceAll(BIG, 'BIG')
    .replaceAll(OTHER, 'OTHER');
}

function check(
  f: Fixture,
  source = volumePagesOf(f),
): { readonly findings: readonly string[]; readonly large: number } {
  const report = fsck(source);
  return { findings: report.findings.map(findingLine), large: report.large };
}

const clean = (large: number) => ({ findings: [], large });

/** Parts that are on pages, ended or not. */
function partsLeft(f: Fixture, table = 't'): number {
  const relation = forkRelation(f.engine.tables.get(table)?.relation ?? 0, 2);
  let parts = 0;
  for (let block = 1; ; block++) {
    const page = pageAtVdl(f, blockKeyOf(relation, block));
    if (page === null) return parts;
    for (let slot = 0; slot < pageCount(page); slot++)
      parts += slotType(page, slot) === slotTypes.tuple ? 1 : 0;
  }
}

function made(mutants: Mutants = []): Fixture {
  const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 24, mutants });
  run(f, 'CREATE TABLE t (k int PRIMARY KEY, v text, w bytea, n int)');
  return f;
}

describe('a value of more pages than the buffer has', () => {
  test('is read by every path, and after a crash', () => {
    const f = made();
    expect(run(f, 'INSERT INTO t VALUES (1, $1, decode($2, $3), 7)', [BIG, '00ff'.repeat(900), 'hex'])).toBe(
      'INSERT 0 1',
    );
    expect(run(f, 'SELECT length(v), length(w), n FROM t WHERE k = 1')).toBe('12000,1800,7');
    expect(run(f, 'SELECT n FROM t WHERE v = $1', [BIG])).toBe('7');
    crash(f);
    expect(run(f, 'SELECT v FROM t')).toBe('BIG');
    expect(run(f, 'SELECT b.n FROM t a JOIN t b ON a.v = b.v ORDER BY b.v, b.w')).toBe('7');
    expect(run(f, 'INSERT INTO t SELECT 2, v || v, w, 8 FROM t RETURNING length(v)')).toBe('24000');
    expect(run(f, 'SELECT count(*), length(v) FROM t GROUP BY v ORDER BY 2')).toBe('1,12000 | 1,24000');
    expect(check(f)).toEqual(clean(4));
  });

  test('numeric, char and varchar go out of line as text does; a null among them stays one', () => {
    const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 24 });
    run(f, 'CREATE TABLE m (a numeric, b varchar(3000), c char(900), d text)');
    const digits = `1${'23456789'.repeat(200)}`;
    run(f, 'INSERT INTO m VALUES (CAST($1 AS numeric), $2, $3, NULL)', [digits, 'b'.repeat(2500), 'c']);
    expect(run(f, 'SELECT a, b, length(c), d FROM m')).toBe(`${digits},${'b'.repeat(2500)},1,null`);
    expect(check(f)).toEqual(clean(3));
  });

  test('many values of middling length go out until the row fits', () => {
    const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 24 });
    const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
    run(f, `CREATE TABLE wide (${names.map((name) => `${name} text`).join(', ')})`);
    run(f, `INSERT INTO wide VALUES (${names.map((_, i) => `'${`${i}`.repeat(60)}'`).join(', ')})`);
    expect(run(f, 'SELECT * FROM wide')).toBe(names.map((_, i) => `${i}`.repeat(60)).join(','));
    expect(check(f).findings).toEqual([]);
  });
});

describe('undone', () => {
  test('by ROLLBACK, by a savepoint and by a statement that fails behind it', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    run(f, 'BEGIN; UPDATE t SET v = $1', [OTHER]);
    expect(run(f, 'SELECT v FROM t')).toBe('OTHER');
    expect(run(f, 'SELECT v FROM t', [], 'other')).toBe('BIG');
    run(f, 'ROLLBACK');
    expect(run(f, 'SELECT v FROM t')).toBe('BIG');
    run(f, 'BEGIN; SAVEPOINT a; DELETE FROM t; ROLLBACK TO a; UPDATE t SET n = 1; COMMIT');
    expect(run(f, 'SELECT v, n FROM t')).toBe('BIG,1');
    expect(run(f, 'INSERT INTO t VALUES (2, $1, NULL, 0), (1, $1, NULL, 0)', [OTHER])).toContain('23505');
    expect(check(f)).toEqual(clean(1));
    run(f, 'VACUUM t');
    expect(partsLeft(f)).toBe(PARTS);
    expect(check(f)).toEqual(clean(1));
  });

  test('by a crash between two statements of a transaction, and in the middle of one', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    const whole = f.vdl;
    run(f, 'BEGIN; UPDATE t SET v = $1', [OTHER]);
    const cuts = f.log.filter(({ lsn, cpl }) => lsn > whole && cpl).map(({ lsn }) => lsn);
    expect(cuts.length).toBeGreaterThan(24);
    for (const [i, cut] of cuts.reverse().entries()) {
      if (i % 15 !== 0) continue;
      f.built.clear();
      crash(f, cut);
      expect(check(f)).toEqual(clean(1));
    }
    expect(run(f, 'SELECT v FROM t', [], 'next')).toBe('BIG');
    run(f, 'VACUUM t', [], 'next');
    expect(partsLeft(f)).toBe(PARTS);
  });
});

describe('an update', () => {
  test('that leaves the value alone neither reads nor writes it; one that sets the same value does not write it', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    crash(f);
    const before = f.log.length;
    expect(run(f, 'UPDATE t SET n = n + 1 WHERE k = 1')).toBe('UPDATE 1');
    const asked = [...f.engine.pool.index.keys()].filter((key) => forkOf(key) > 1);
    expect(asked).toEqual([]);
    expect(run(f, 'UPDATE t SET v = v, n = n + 1')).toBe('UPDATE 1');
    expect(run(f, "INSERT INTO t VALUES (1, '', NULL, 0) ON CONFLICT (k) DO UPDATE SET n = t.n + 1")).toBe(
      'INSERT 0 1',
    );
    expect(f.log.slice(before).filter(({ blockKey }) => forkOf(blockKey) > 1)).toEqual([]);
    expect(run(f, 'SELECT v, n FROM t')).toBe('BIG,3');
    expect(check(f)).toEqual(clean(1));
  });

  test('to a short value brings the row back into its page, and vacuum frees the parts', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    expect(run(f, "UPDATE t SET v = 'short'")).toBe('UPDATE 1');
    expect(check(f)).toEqual(clean(0));
    expect(partsLeft(f)).toBeGreaterThan(24);
    run(f, 'VACUUM t');
    expect(partsLeft(f)).toBe(0);
    const blocks: number[] = [];
    for (let round = 0; round < 8; round++) {
      run(f, 'UPDATE t SET v = $1', [round % 2 === 0 ? OTHER : BIG]);
      run(f, 'VACUUM t');
      blocks.push(f.chains.size);
    }
    expect(blocks.at(-1), 'pages that were freed are used again').toBeLessThan((blocks[2] ?? 0) + 4);
    expect(check(f)).toEqual(clean(1));
  });

  test('or delete keeps the value for snapshots that see it', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    run(f, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT n FROM t', [], 'old');
    run(f, 'DELETE FROM t');
    run(f, 'VACUUM t');
    expect(run(f, 'SELECT v FROM t', [], 'old')).toBe('BIG');
    run(f, 'COMMIT', [], 'old');
    run(f, 'VACUUM t');
    expect(partsLeft(f)).toBe(0);
    expect(check(f)).toEqual(clean(0));
  });
});

test('a column that nobody uses is not read', () => {
  const f = made();
  for (let k = 0; k < 4; k++) run(f, 'INSERT INTO t VALUES ($1, $2, NULL, 0)', [`${k}`, BIG]);
  crash(f);
  expect(run(f, 'SELECT k, n FROM t ORDER BY n, k')).toBe('0,0 | 1,0 | 2,0 | 3,0');
  expect(run(f, 'DELETE FROM t WHERE k = 3 RETURNING n')).toBe('0');
  const pages = (text: string): number => {
    const plan = run(f, `EXPLAIN ANALYZE ${text}`);
    const [, buffered, read] = /Pages: (\d+) in the buffer(?:, read (\d+))?/.exec(plan) ?? [];
    return Number(buffered) + Number(read ?? 0);
  };
  expect(pages('SELECT n FROM t')).toBeLessThan(16);
  expect(pages('SELECT length(v) FROM t')).toBeGreaterThan(3 * PARTS);
});

describe('definitions', () => {
  test('an index, columns that come, go and change, TRUNCATE and DROP TABLE beside large values', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 3)', [BIG]);
    expect(run(f, 'CREATE INDEX t_n ON t (n)')).toBe('CREATE INDEX');
    expect(run(f, 'CREATE INDEX t_v ON t (v)')).toContain('54000');
    expect(run(f, "ALTER TABLE t ADD COLUMN x text DEFAULT 'x'")).toBe('ALTER TABLE');
    expect(run(f, 'ALTER TABLE t RENAME COLUMN v TO value')).toBe('ALTER TABLE');
    expect(run(f, 'ALTER TABLE t ALTER COLUMN value TYPE varchar')).toBe('ALTER TABLE');
    expect(run(f, 'UPDATE t SET x = $1', [OTHER])).toBe('UPDATE 1');
    expect(run(f, 'SELECT value, x FROM t WHERE n = 3')).toBe('BIG,OTHER');
    expect(check(f)).toEqual(clean(2));
    expect(run(f, 'TRUNCATE t')).toBe('TRUNCATE TABLE');
    expect(run(f, 'SELECT count(*) FROM t')).toBe('0');
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 3)', [OTHER]);
    expect(check(f)).toEqual(clean(1));
    expect(run(f, 'DROP TABLE t')).toBe('DROP TABLE');
    expect(check(f)).toEqual(clean(0));
  });

  test('a value that is in an index stays with its row until the row is gone from the index', () => {
    const f = makeFixture({ pageBytes: PAGE_BYTES, bufferPages: 24 });
    const names = Array.from({ length: 10 }, (_, i) => `c${i}`);
    run(f, `CREATE TABLE i (${names.map((name) => `${name} text`).join(', ')})`);
    const row = (n: number): string => names.map((_, i) => `'${`${(i + n) % 10}`.repeat(60)}'`).join(', ');
    for (let n = 0; n < 6; n++) run(f, `INSERT INTO i VALUES (${row(n)})`);
    for (const name of names.slice(0, 8)) expect(run(f, `CREATE INDEX ON i (${name})`)).toBe('CREATE INDEX');
    expect(run(f, `SELECT c1 FROM i WHERE c0 = '${'2'.repeat(60)}'`)).toBe('3'.repeat(60));
    run(f, `DELETE FROM i WHERE c0 <> '${'2'.repeat(60)}'`);
    run(f, 'VACUUM i');
    expect(check(f).findings).toEqual([]);
    expect(run(f, `SELECT count(*) FROM i WHERE c5 > '0'`)).toBe('1');
  });
});

test('a value above the limit is refused by name', () => {
  const f = made();
  expect(run(f, "INSERT INTO t VALUES (1, repeat('é', 600000), NULL, 0)")).toContain(
    '54000 value of column "v" is too big: size 1200003, maximum size 1048576',
  );
  expect(check(f)).toEqual(clean(0));
});

describe('damage', () => {
  const partsOf = (f: Fixture): PageKey =>
    blockKeyOf(forkRelation(f.engine.tables.get('t')?.relation ?? 0, 2), 7);

  test('of a part is XX001 for who reads it, and nothing to others; fsck names it', () => {
    const f = made();
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 5)', [BIG]);
    const key = partsOf(f);
    const source = volumePagesOf(f);
    const page = source.pages.get(key);
    if (page === undefined) throw new Error('no page of parts');
    page.fill(0x41, slotOffset(page, 0) + 60, slotOffset(page, 0) + 64);
    expect(check(f, source).findings.join()).toContain(
      'large value of a row is not there, or not what was written',
    );
    crash(f);
    const chain = f.built.get(key);
    if (chain === undefined) throw new Error('no built page');
    f.built.set(key, { ...chain, page });
    expect(run(f, 'SELECT n FROM t')).toBe('5');
    expect(run(f, 'SELECT v FROM t')).toMatch(/^XX001 .*its checksum is wrong/);
  });
});

describe('a planted bug', () => {
  test('M161 engine.vacuum-frees-unended: a structure check finds the row whose value is gone', () => {
    const f = made(['engine.vacuum-frees-unended']);
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    run(f, 'BEGIN; DELETE FROM t; ROLLBACK');
    expect(check(f)).toEqual(clean(1));
    run(f, 'VACUUM t');
    expect(check(f).findings.join()).toContain('large value of a row is not there');
    expect(run(f, 'SELECT v FROM t')).toMatch(/^XX001 .*part 0 of 28 is missing/);
  });

  test('M162 engine.update-frees-kept: a structure check finds the row whose value has ended', () => {
    const f = made(['engine.update-frees-kept']);
    run(f, 'INSERT INTO t VALUES (1, $1, NULL, 0)', [BIG]);
    run(f, 'UPDATE t SET n = 1');
    expect(check(f).findings.join()).toContain('large value of a row is not there');
  });
});

test('a value is read across a leaf of its parts’ index that vacuum has emptied (cynosdb-ha seed 120)', () => {
  const f = made();
  run(f, 'INSERT INTO t VALUES (1, $1, NULL, 7)', [BIG]);
  const relation = forkRelation(f.engine.tables.get('t')?.relation ?? 0, 3);
  const keyAt = (block: number): PageKey => blockKeyOf(relation, block);
  let blocks = 1;
  while (pageAtVdl(f, keyAt(blocks)) !== null) blocks++;
  const left = Array.from({ length: blocks - 1 }, (_, i) => i + 1).find(
    (block) => btreeNext(pageAtVdl(f, keyAt(block)) as Uint8Array) !== 0,
  );
  if (left === undefined) throw new Error('the parts are in one leaf');
  // between two leaves of the value comes one without entries
  const page = pageAtVdl(f, keyAt(left)) as Uint8Array;
  const empty = btreeInitPayload(0, btreeNext(page), []);
  const keep = btreeKeepPayload(pageCount(page), blocks);
  appendRecords(f, [
    { blockKey: keyAt(blocks), op: OP_BTREE_INIT, init: true, payload: empty, prevBlock: -1 as Lsn },
    { blockKey: keyAt(left), op: OP_BTREE_KEEP, init: false, payload: keep, prevBlock: pageLsn(page) },
  ]);
  crash(f);
  expect(btreeNext(pageAtVdl(f, keyAt(left)) as Uint8Array)).toBe(blocks);
  expect(pageCount(pageAtVdl(f, keyAt(blocks)) as Uint8Array)).toBe(0);
  expect(run(f, 'SELECT v FROM t')).toBe('BIG');
});
