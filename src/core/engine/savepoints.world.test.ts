// Savepoints at random against a model: a session sees what its levels left it, another sees what was committed, and after a
// crash there is all of a transaction or nothing. The planted bugs of subtransactions are found by the same.

import { beforeAll, expect, it } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../../base/prng.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import type { Mutants } from '../kernel/mutants.ts';
import {
  advance,
  begin,
  crash,
  type Fixture,
  makeFixture,
  replyOf,
  settle,
  showReply,
} from './engine-fixture.ts';

beforeAll(loadSqlParser);

type Rows = Map<number, number>;
const show = (rows: Rows): string =>
  [...rows]
    .sort(([a], [b]) => a - b)
    .map((row) => row.join())
    .join(' | ') || 'no rows';

/** The answer, VDL moved on where it is waited for. */
function ask(f: Fixture, session: string, text: string): string {
  const sequence = begin(f, session, parseSql(text));
  for (let i = 0; i < 50 && !replyOf(f, session, sequence); i++) {
    settle(f);
    advance(f);
  }
  return showReply(replyOf(f, session, sequence));
}

/** Begins the request, lets VDL come a part of the way, and cuts the power. */
function askAndCrash(f: Fixture, text: string, steps: number): boolean {
  settle(f);
  advance(f);
  const sequence = begin(f, 'a', parseSql(text));
  for (let i = 0; i < steps; i++) {
    settle(f);
    const next = f.log.find(({ lsn, cpl }) => cpl && lsn > f.vdl);
    if (next) advance(f, next.lsn);
  }
  const isAnswered = replyOf(f, 'a', sequence) !== null;
  crash(f);
  f.incarnation += 1;
  f.open.clear();
  f.sequences.clear();
  f.replies.length = 0;
  settle(f);
  advance(f);
  return isAnswered;
}

interface Counts {
  undone: number;
  released: number;
  failed: number;
  commits: number;
  lost: number;
  kept: number;
}

function play(seed: number, mutants: Mutants, counts: Counts): void {
  const prng = makePrng(seed, 'savepoints');
  const f = makeFixture({ mutants, pageBytes: 512, bufferPages: 16 });
  ask(f, 's', 'create table t (k int primary key, v int)');
  let committed: Rows = new Map();
  for (let round = 0; round < 12; round++) {
    let now: Rows = new Map(committed);
    const levels: { readonly name: string; readonly rows: Rows }[] = [];
    const isRepeatable = nextChance(prng, 1, 2);
    expect(ask(f, 'a', isRepeatable ? 'begin isolation level repeatable read' : 'begin')).toBe('BEGIN');
    for (let i = 0; i < 14; i++) {
      const k = 1 + nextBelow(prng, 6);
      const v = nextBelow(prng, 100);
      const name = `s${nextBelow(prng, 2)}`;
      const at = levels.findLastIndex((level) => level.name === name);
      const level = levels[at];
      switch (nextBelow(prng, 7)) {
        case 0:
        case 1:
          if (now.has(k)) {
            if (levels.length === 0) break;
            expect(ask(f, 'a', `insert into t values (${k}, ${v})`)).toMatch(/^23505/);
            const last = levels[levels.length - 1];
            expect(ask(f, 'a', `rollback to ${last?.name}`)).toBe('ROLLBACK');
            now = new Map(last?.rows);
            counts.failed += 1;
          } else {
            expect(ask(f, 'a', `insert into t values (${k}, ${v})`)).toBe('INSERT 0 1');
            now.set(k, v);
          }
          break;
        case 2:
          expect(ask(f, 'a', `update t set v = ${v} where k = ${k}`)).toBe(`UPDATE ${now.has(k) ? 1 : 0}`);
          if (now.has(k)) now.set(k, v);
          break;
        case 3:
          expect(ask(f, 'a', `delete from t where k = ${k}`)).toBe(`DELETE ${now.has(k) ? 1 : 0}`);
          now.delete(k);
          break;
        case 4:
          expect(ask(f, 'a', `savepoint ${name}`)).toBe('SAVEPOINT');
          levels.push({ name, rows: new Map(now) });
          break;
        case 5:
          if (!level) break;
          expect(ask(f, 'a', `rollback to ${name}`)).toBe('ROLLBACK');
          now = new Map(level.rows);
          levels.length = at + 1;
          counts.undone += 1;
          break;
        default:
          if (!level) break;
          expect(ask(f, 'a', `release ${name}`)).toBe('RELEASE');
          levels.length = at;
          counts.released += 1;
      }
      expect(ask(f, 'a', 'select * from t order by k'), `seed ${seed}: own rows`).toBe(show(now));
      expect(ask(f, 'b', 'select * from t order by k'), `seed ${seed}: rows of others`).toBe(show(committed));
    }
    if (nextChance(prng, 1, 3)) {
      const isAnswered = askAndCrash(f, 'commit', nextBelow(prng, 4));
      const rows = ask(f, 'b', 'select * from t order by k');
      if (isAnswered) expect(rows, `seed ${seed}: rows after a crash`).toBe(show(now));
      else expect([show(now), show(committed)], `seed ${seed}: rows after a crash`).toContain(rows);
      if (rows === show(now)) committed = now;
      counts[rows === show(now) ? 'kept' : 'lost'] += 1;
    } else if (nextChance(prng, 1, 4)) expect(ask(f, 'a', 'rollback')).toBe('ROLLBACK');
    else {
      expect(ask(f, 'a', 'commit')).toBe('COMMIT');
      committed = now;
      counts.commits += 1;
    }
    expect(ask(f, 'b', 'select * from t order by k'), `seed ${seed}: committed rows`).toBe(show(committed));
    if (nextChance(prng, 1, 4)) ask(f, 'b', 'vacuum');
  }
}

const noCounts = (): Counts => ({ undone: 0, released: 0, failed: 0, commits: 0, lost: 0, kept: 0 });

it('a session sees what its levels left, others what was committed, a crash leaves all of it or nothing', () => {
  const counts = noCounts();
  for (let seed = 1; seed <= 8; seed++) play(seed, [], counts);
  expect(counts.undone).toBeGreaterThan(50);
  expect(counts.released).toBeGreaterThan(50);
  expect(counts.failed).toBeGreaterThan(20);
  expect(counts.commits).toBeGreaterThan(30);
  expect(counts.lost).toBeGreaterThan(10);
  expect(counts.kept).toBeGreaterThan(5);
});

it.each([
  ['M108', 'engine.subs-committed-early', 'rows after a crash'],
  ['M109', 'engine.undo-keeps-level', 'own rows'],
  ['M110', 'engine.release-forgets', 'committed rows'],
] as const)('%s %s is found by the %s', (_id, mutant, _by) => {
  const plays = (): void => {
    for (let seed = 1; seed <= 8; seed++) play(seed, [mutant], noCounts());
  };
  expect(plays).toThrow(/rows/);
});
