// Random statements of one session against a model, with tiny pages and a tiny buffer, so that splits, chains over
// pages, pruning, vacuum, misses, evictions and crashes all happen.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePrng, nextBelow, type Prng } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { checkPage } from '../page/redo.ts';
import { opName } from '../page/redo-ops.ts';
import { findPage } from './buffer-pool.ts';
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

const ALL = 'select * from t order by a, b';
const BEGIN_OLD = `begin isolation level repeatable read; ${ALL}`;

/** A snapshot that stays open over many changes, so that rows leave their pages, and must not change. */
function oldSnapshot(f: Fixture, held: string | null): string | null {
  if (held === null) return run(f, BEGIN_OLD, [], 'old').replace('BEGIN; ', '');
  expect(run(f, ALL, [], 'old')).toBe(held);
  expect(run(f, 'commit', [], 'old')).toBe('COMMIT');
  return null;
}

interface Model {
  rows: Map<string, string>;
}

/** `wide`: many rows under long keys. `narrow`: few rows, replaced all the time by versions of changing size. */
const shapes = {
  wide: { firsts: 12, letters: 8, repeats: 12, padding: 60, vacuumEvery: 40, weights: [0, 1, 2, 3, 4, 5] },
  narrow: {
    firsts: 3,
    letters: 3,
    repeats: 1,
    padding: 160,
    vacuumEvery: 9,
    weights: [0, 2, 2, 2, 2, 2, 3, 4, 5, 5],
  },
};
type Shape = (typeof shapes)['wide'];

const keyOf = (prng: Prng, shape: Shape): [number, string] => [
  nextBelow(prng, shape.firsts),
  'abcdefgh'.charAt(nextBelow(prng, shape.letters)).repeat(1 + nextBelow(prng, shape.repeats)),
];
const order = (a: string, b: string): number => {
  const [x, y] = [a.split('/'), b.split('/')];
  return Number(x[0]) - Number(y[0]) || ((x[1] ?? '') < (y[1] ?? '') ? -1 : x[1] === y[1] ? 0 : 1);
};

function expected(model: Model, keep: (a: number) => boolean, descending: boolean): string {
  const keys = [...model.rows.keys()].filter((key) => keep(Number(key.split('/')[0]))).sort(order);
  if (descending) keys.reverse();
  return keys.map((key) => `${key.replace('/', ',')},${model.rows.get(key)}`).join(' | ') || 'no rows';
}

function change(f: Fixture, model: Model, prng: Prng, shape: Shape): void {
  const [a, b] = keyOf(prng, shape);
  const key = `${a}/${b}`;
  const value = `v${nextBelow(prng, 1_000_000)}`.padEnd(4 + nextBelow(prng, shape.padding), '.');
  const had = model.rows.has(key);
  switch (shape.weights[nextBelow(prng, shape.weights.length)]) {
    case 0:
    case 1: {
      const reply = run(f, 'insert into t values ($1,$2,$3)', [String(a), b, value]);
      if (had) expect(reply).toMatch(/^23505/);
      else expect(reply).toBe('INSERT 0 1');
      if (!had) model.rows.set(key, value);
      return;
    }
    case 2:
      expect(run(f, 'update t set v=$3 where a=$1 and b=$2', [String(a), b, value])).toBe(
        `UPDATE ${had ? 1 : 0}`,
      );
      if (had) model.rows.set(key, value);
      return;
    case 3:
      expect(run(f, 'delete from t where a=$1 and b=$2', [String(a), b])).toBe(`DELETE ${had ? 1 : 0}`);
      model.rows.delete(key);
      return;
    case 4: {
      const moved = [...model.rows.keys()].filter((k) => k.startsWith(`${a}/`));
      const to = a + 100;
      if (moved.some((k) => model.rows.has(k.replace(`${a}/`, `${to}/`)))) return;
      expect(run(f, 'update t set a=a+100 where a=$1', [String(a)])).toBe(`UPDATE ${moved.length}`);
      for (const k of moved) {
        model.rows.set(k.replace(`${a}/`, `${to}/`), model.rows.get(k) ?? '');
        model.rows.delete(k);
      }
      return;
    }
    default:
      expect(
        run(
          f,
          "begin; update t set v='x' where a=$1; delete from t where a=$1; insert into t values (77,$2,'y'); rollback",
          [String(a), b],
        ),
      ).toMatch(/ROLLBACK|23505/);
      run(f, 'rollback');
  }
}

function compare(f: Fixture, model: Model, prng: Prng): void {
  const a = nextBelow(prng, 12);
  expect(run(f, 'select * from t where a >= $1 order by a, b', [String(a)])).toBe(
    expected(model, (x) => x >= a, false),
  );
  expect(run(f, 'select * from t where a < $1 order by a desc, b desc', [String(a)])).toBe(
    expected(model, (x) => x < a, true),
  );
  expect(run(f, 'select * from t where a = $1 order by b', [String(a)])).toBe(
    expected(model, (x) => x === a, false),
  );
  expect(run(f, 'select count(*) from t')).toBe(String(model.rows.size));
}

/** Every page in the buffer is byte for byte what redo builds from the log, and sound. */
function checkBuffer(f: Fixture): void {
  for (const frame of f.engine.pool.frames) {
    if (frame.blockKey < 0 || frame.page === null) continue;
    const page = findPage(f.engine.pool, frame.blockKey) ?? new Uint8Array(0);
    expect(page).toEqual(pageAtVdl(f, frame.blockKey));
    checkPage(page, frame.blockKey, f.options.pageBytes);
  }
  expect(f.engine.tickets).toBe(0);
  expect(f.engine.pool.frames.every((frame) => frame.pins === 0)).toBe(true);
}

describe('engine against a model', () => {
  it.each([
    ['wide', 'one page a record', false],
    ['narrow', 'one page a record', false],
    ['wide', 'records of several pages', true],
  ] as const)(
    'WAL-6 WAL-10 WAL-60 WAL-78 random statements, tiny pages and buffer, crashes: %s, %s',
    (name, _, joinsPages) => {
      const shape = shapes[name];
      const ops = new Map<string, number>();
      let evictions = 0;
      fc.assert(
        fc.property(fc.nat(1_000_000), (seed) => {
          const prng = makePrng(seed, 'model');
          const f = makeFixture({
            pageBytes: 512,
            bufferPages: 16,
            lal: 32,
            groups: 1 + nextBelow(prng, 3),
            joinsPages,
          });
          const model: Model = { rows: new Map() };
          expect(run(f, 'create table t (a int, b text, v text, primary key (a, b))')).toBe('CREATE TABLE');
          let held: string | null = null;
          for (let i = 0; i < 200; i++) {
            if (i % 25 === 3 || i % 25 === 21) held = oldSnapshot(f, held);
            change(f, model, prng, shape);
            if (i % 40 === 7) compare(f, model, prng);
            if (i % shape.vacuumEvery === 5) expect(run(f, 'vacuum t')).toBe('VACUUM');
            if (i % 40 === 27) checkBuffer(f);
            if (i % 70 === 33) {
              if (held !== null) held = oldSnapshot(f, held);
              crash(f);
            }
          }
          compare(f, model, prng);
          checkBuffer(f);
          for (const record of f.log) ops.set(opName(record.op), (ops.get(opName(record.op)) ?? 0) + 1);
          evictions += f.traces.filter((event) => event.kind === 'page.evict').length;
        }),
        { numRuns: 10 },
      );
      const wanted = ['heapPrune', 'btreeDelete', 'commit', 'clientSet', joinsPages ? 'pages' : 'heapLink'];
      if (name === 'wide') {
        if (!joinsPages) wanted.push('btreeKeep');
        expect(evictions).toBeGreaterThan(300);
      }
      for (const op of wanted) expect([op, (ops.get(op) ?? 0) > 5]).toEqual([op, true]);
    },
  );
});
