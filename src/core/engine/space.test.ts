// Trees and heaps at their limits: deep trees of long keys, and space that comes back.
import { beforeAll, describe, expect, it } from 'vitest';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { btreeLevel } from '../page/btree-page.ts';
import { pageKey } from '../page/page-key.ts';
import { OP_BTREE_DELETE } from '../page/redo-ops.ts';
import { relationBlocks } from '../page/system-page.ts';
import {
  begin,
  crash,
  type Fixture,
  makeFixture,
  pageAtVdl,
  replyOf,
  settleDurable,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

function run(f: Fixture, text: string, params: readonly (string | null)[] = [], session = 's'): string {
  const sequence = begin(f, session, parseSql(text), params);
  settleDurable(f);
  return showReply(replyOf(f, session, sequence));
}

const page = (f: Fixture, relation: number, block: number): Uint8Array =>
  pageAtVdl(f, pageKey(relation, 0, block)) ?? new Uint8Array(0);

const keysOf: Record<string, (i: number) => number> = {
  ascending: (i) => i,
  descending: (i) => 1000 - i,
  scattered: (i) => (i * 7919) % 1009,
};

describe('B+tree', () => {
  it.each(Object.keys(keysOf))('holds %s long keys over several levels, scanned both ways', (name) => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 36 });
    run(f, 'create table t (k text primary key, n int)');
    const prng = makePrng(7, name);
    const keys: string[] = [];
    for (let i = 0; i < 250; i++) {
      const number = (keysOf[name] as (i: number) => number)(i);
      const key = `${String(number).padStart(5, '0')}${'k'.repeat(nextBelow(prng, 58))}`;
      keys.push(key);
      expect(run(f, 'insert into t values ($1, $2)', [key, String(number)])).toBe('INSERT 0 1');
    }
    keys.sort();
    const table = f.engine.tables.get('t');
    expect(btreeLevel(page(f, table?.keyRelation ?? 0, 1))).toBeGreaterThanOrEqual(2);
    expect(run(f, 'select k from t order by k limit 1000')).toBe(keys.join(' | '));
    expect(run(f, 'select k from t order by k desc limit 1000')).toBe([...keys].reverse().join(' | '));
    for (let i = 0; i < 20; i++) {
      const [a, b] = [keys[nextBelow(prng, 250)] ?? '', keys[nextBelow(prng, 250)] ?? ''];
      const within = keys.filter((key) => key > a && key <= b);
      expect(run(f, 'select k from t where k > $1 and k <= $2 order by k', [a, b])).toBe(
        within.join(' | ') || 'no rows',
      );
      expect(run(f, 'select k from t where k > $1 and k <= $2 order by k desc', [a, b])).toBe(
        within.reverse().join(' | ') || 'no rows',
      );
      expect(run(f, 'select count(*) from t where k = $1', [a])).toBe('1');
    }
  });
});

describe('space', () => {
  it('rows that come and go do not let the table grow: light vacuum takes row and key away', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 36 });
    run(f, 'create table t (id int primary key, v text)');
    const size = (): number[] => {
      const table = f.engine.tables.get('t');
      return [table?.relation, table?.keyRelation].map((relation) =>
        relationBlocks(page(f, relation ?? 0, 0)),
      );
    };
    const churn = (rounds: number): void => {
      for (let i = 0; i < rounds; i++) {
        for (let k = 0; k < 8; k++) run(f, 'insert into t values ($1, $2)', [String(k), 'x'.repeat(60)]);
        run(f, 'delete from t');
      }
    };
    churn(30);
    const before = size();
    churn(60);
    expect(size()).toEqual(before);
    expect(before[0]).toBeLessThan(40);
    expect(f.log.some((record) => record.op === OP_BTREE_DELETE)).toBe(true);
    expect(run(f, 'select count(*) from t')).toBe('0');
  });

  it('a row updated for ever stays on its page, and an old snapshot still sees its version', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 36 });
    run(f, 'create table t (id int primary key, v text)');
    run(f, "insert into t values (1, 'first'), (2, 'other')");
    expect(run(f, 'begin isolation level repeatable read; select v from t where id = 1', [], 'old')).toBe(
      'BEGIN; first',
    );
    const update = (i: number): string =>
      run(f, 'update t set v = $1 where id = 1', [`${i}${'y'.repeat(100)}`]);
    for (let i = 0; i < 40; i++) expect(update(i)).toBe('UPDATE 1');
    expect(run(f, 'select v from t where id = 1', [], 'old')).toBe('first');
    expect(run(f, 'commit', [], 'old')).toBe('COMMIT');
    const blocks = (): number => relationBlocks(page(f, f.engine.tables.get('t')?.relation ?? 0, 0));
    run(f, 'vacuum t');
    const grown = blocks();
    expect(grown).toBeGreaterThan(5);
    for (let i = 0; i < 200; i++) expect(update(i)).toBe('UPDATE 1');
    expect(blocks()).toBe(grown);
    expect(run(f, 'select length(v) from t where id = 1')).toBe('103');
    const index = f.log.filter(
      (record) => Math.floor(record.blockKey / 0x400_0000) === f.engine.tables.get('t')?.keyRelation,
    );
    expect(index.length).toBe(4);
  });

  it('chains that left their page and came back to it are pruned, whatever vacuum made of their roots', () => {
    const f = makeFixture({ pageBytes: 1024, bufferPages: 64 });
    run(f, 'create table t (id int primary key, n int, v text)');
    const prng = makePrng(11, 'prune');
    const rows = 24;
    const counts: number[] = [];
    for (let k = 0; k < rows; k++) {
      run(f, 'insert into t values ($1, 0, $2)', [String(k), 'x'.repeat(30)]);
      counts.push(0);
    }
    for (let round = 0; round < 60; round++) {
      // While the old snapshot lives nothing can be pruned, so versions go from page to page.
      run(f, 'begin isolation level repeatable read; select count(*) from t', [], 'old');
      for (let i = 0; i < 12; i++) update();
      run(f, 'commit', [], 'old');
      for (let i = nextBelow(prng, 12); i > 0; i--) update();
      if (nextBelow(prng, 2) === 0) run(f, 'vacuum t');
    }
    expect(run(f, 'select n from t order by id')).toBe(counts.join(' | '));

    function update(): void {
      const k = nextBelow(prng, rows);
      counts[k] = (counts[k] ?? 0) + 1;
      expect(run(f, 'update t set n = n + 1 where id = $1', [String(k)])).toBe('UPDATE 1');
    }
  });

  /** Rows updated at random, `updates` of them under one snapshot in each round; heap pages after every round. */
  function churn(f: Fixture, rounds: number, updates: number, each: (round: number) => void): number[] {
    const prng = makePrng(5, 'churn');
    const sizes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      run(f, 'begin isolation level repeatable read; select count(*) from t', [], 'old');
      for (let i = 0; i < updates; i++)
        expect(run(f, 'update t set n = n + 1 where id = $1', [String(nextBelow(prng, 40))])).toBe(
          'UPDATE 1',
        );
      run(f, 'commit', [], 'old');
      sizes.push(relationBlocks(page(f, f.engine.tables.get('t')?.relation ?? 0, 0)));
      each(round);
    }
    return sizes;
  }

  function fortyRows(): Fixture {
    const f = makeFixture({ pageBytes: 512, bufferPages: 64 });
    run(f, 'create table t (id int primary key, n int, v text)');
    for (let k = 0; k < 40; k++) run(f, 'insert into t values ($1, 0, $2)', [String(k), 'x'.repeat(12)]);
    return f;
  }

  const totalOf = (f: Fixture): string => run(f, 'select sum(n) from t');

  it.each([
    ['short', 20, 150],
    ['long', 200, 30],
  ])(
    'under %s snapshots the room of dead versions is found again: the heap stops growing',
    (_, updates, rounds) => {
      const f = fortyRows();
      const sizes = churn(f, rounds, updates, () => {});
      const third = sizes[Math.floor(rounds / 3)] ?? 0;
      expect(third).toBeGreaterThan(sizes[0] ?? 0);
      expect(sizes.at(-1)).toBeLessThanOrEqual(third * 1.2);
      expect(totalOf(f)).toBe(String(updates * rounds));
    },
  );

  it('a writer that starts again learns where the room is from the pages: restarts do not make the heap grow', () => {
    const f = fortyRows();
    churn(f, 60, 20, () => {});
    const [before = 0] = churn(f, 1, 20, () => {});
    const sizes = churn(f, 100, 20, (round) => {
      if (round % 5 !== 4) return;
      crash(f);
      expect(f.engine.space.size).toBe(0);
    });
    expect(sizes.at(-1)).toBeLessThanOrEqual(before * 1.2);
    expect(totalOf(f)).toBe(String(161 * 20));
  });
});
