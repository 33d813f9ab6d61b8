// The engine's buffer: what is read, what waits for a frame, what may leave it.

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { blockKeyOf } from '../page/page-key.ts';
import { explainedText } from '../sql/explained.ts';
import {
  advance,
  begin,
  type Fixture,
  makeFixture,
  order,
  replyOf,
  settle,
  settleDurable,
  showReply,
} from './engine-fixture.ts';
import { engineView } from './engine-view.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { run } = makeTranscripts(parseSql);

describe('buffer', () => {
  const churn = (f: Fixture, rows: number): void => {
    for (let i = 0; i < rows; i++) run(f, 's', 'insert into t values ($1, $2)', [String(i), 'x'.repeat(200)]);
  };

  it('WAL-10 no page leaves the buffer before its newest record is durable', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
    run(f, 's', 'create table t (id int primary key, v text)');
    churn(f, 40);
    const evictions = f.traces.filter((event) => event.kind === 'page.evict');
    expect(evictions.length).toBeGreaterThan(20);
    for (const evicted of evictions) expect(evicted.pageLsn).toBeLessThanOrEqual(evicted.vdl);
    expect(run(f, 's', 'select count(*), min(length(v)) from t')).toBe('40,200');
  });

  it('WAL-6 a page that is on its way is changed once it is here: two draw from a sequence whose page has left', () => {
    const f = makeFixture();
    run(f, 's', 'create sequence q; create table t (id int default nextval($$q$$))');
    // up to where the next value is one that the log has yet to cover
    while (run(f, 's', "select nextval('q')") !== '33');
    const [storage = 0] = f.engine.sequences?.keys() ?? [];
    order(f, 'evictPage', blockKeyOf(storage, 1));
    const asked = ['a', 'b'].map((session) => {
      const sequence = begin(f, session, parseSql('insert into t values (default) returning id'));
      return () => showReply(replyOf(f, session, sequence));
    });
    expect(f.asked).toContain(blockKeyOf(storage, 1));
    settleDurable(f);
    expect(asked.map((answer) => answer()).toSorted()).toEqual(['34', '35']);
  });

  it('EXPLAIN ANALYZE says which pages were here and which came from where, at which read point, and how long that took', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
    run(f, 's', 'create table t (id int primary key, v text)');
    churn(f, 40);
    const vdl = f.vdl;
    const cold = run(f, 's', 'explain analyze select count(*) from t').split(' | ');
    expect(cold[0]).toMatch(/^Aggregate \(actual time=\d+\.\d{3}\.\.\d+\.\d{3} rows=1 loops=1\)$/);
    expect(cold[2]).toMatch(/Seq Scan on t \(actual time=.* rows=40 loops=1\)$/);
    const pages = /Pages: (\d+) in the buffer, read (\d+) from store at read point (\d+)/.exec(cold[3] ?? '');
    expect(Number(pages?.[2])).toBeGreaterThan(5);
    expect(Number(pages?.[3])).toBe(vdl);
    // Above it stands what is below it.
    expect(cold[1]?.trim()).toBe(cold[3]?.trim());
    expect(cold.at(-1)).toMatch(/^Execution Time: \d+\.\d{3} ms \(virtual time\)$/);
    run(f, 's', 'select v from t where id = 7');
    const warm = run(f, 's', 'explain analyze select v from t where id = 7');
    expect(warm).toMatch(/Index Scan using t_pkey on t \(actual time=0\.000\.\.0\.000 rows=1 loops=1\)/);
    expect(warm).not.toContain('read');
    expect(run(f, 's', 'explain analyze delete from t where id < 3')).toContain(
      'Delete on t (rows written=3)',
    );
    expect(run(f, 's', 'select count(*) from t')).toBe('37');
  });

  it('the plan of an explained statement can be looked at: the tree that was printed, and each page with where it came from', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
    run(f, 's', 'create table t (id int primary key, v text)');
    churn(f, 40);
    const vdl = f.vdl;
    const shown = run(f, 's', 'explain analyze select count(*) from t').split(' | ');
    run(f, 's', 'explain analyze select v from t where id = 0 and 1 / id > 0');
    const asked = { group: null, lsnWindow: null, span: 8, detail: false };
    expect(engineView(f.engine, f.now as never, asked).plans).toBeUndefined();
    const plans = engineView(f.engine, f.now as never, { ...asked, plans: true }).plans ?? [];
    expect(plans.map(({ text, failure }) => [text, failure])).toEqual([
      ['explain analyze select count(*) from t', null],
      ['explain analyze select v from t where id = 0 and 1 / id > 0', '22012'],
    ]);
    const [counted] = plans;
    expect(counted && explainedText(counted.root)).toEqual(shown.slice(0, -1));
    const scan = counted?.root.below[0]?.nodes[0];
    expect(scan?.scan).toMatchObject({ table: 't', index: null });
    const came = scan?.measure?.looks.filter(({ from }) => from !== null) ?? [];
    expect(came.length).toBe(scan?.measure?.reads.reduce((sum, { pages }) => sum + pages, 0));
    expect(came.every(({ from, readPoint }) => from === 'store' && readPoint === vdl)).toBe(true);
    expect(new Set(scan?.measure?.looks.map(({ blockKey }) => blockKey)).size).toBe(
      scan?.measure?.looks.length,
    );
  });

  it('WAL-10 planted bug compute.evict-above-vdl lets them go', () => {
    const f = makeFixture({
      pageBytes: 512,
      bufferPages: 12,
      mutants: ['compute.evict-above-vdl'],
    });
    begin(f, 's', parseSql('create table t (id int primary key, v text)'));
    advance(f);
    for (let i = 0; i < 30; i++)
      begin(f, `s${i}`, parseSql('insert into t values ($1, $2)'), [String(i), 'x'.repeat(200)]);
    const evictions = f.traces.filter((event) => event.kind === 'page.evict');
    expect(evictions.some((evicted) => evicted.pageLsn > evicted.vdl)).toBe(true);
  });

  it('a scan that went on after a miss does not make the next one skip rows', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 12, lal: 1000 });
    run(f, 's', 'create table t (id int primary key, v text)');
    const rows = Array.from({ length: 40 }, (_, i) => `(${i}, repeat('x', 200))`).join(',');
    expect(run(f, 'a', `begin; insert into t values ${rows}`)).toBe('BEGIN; INSERT 0 40');
    const before = f.pagesRead;
    expect(run(f, 'b', 'select count(*) from t')).toBe('0');
    expect(f.pagesRead - before).toBeGreaterThan(10);
    expect(run(f, 'a', 'commit')).toBe('COMMIT');
    expect(run(f, 'b', 'select count(*) from t')).toBe('40');
    expect(run(f, 'b', 'select count(*) from t where id >= 0')).toBe('40');
  });

  it('writers that find no frame wait for VDL and then go on', () => {
    const f = makeFixture({ pageBytes: 512, bufferPages: 12 });
    begin(f, 's', parseSql('create table t (id int primary key, v text)'));
    advance(f);
    const asked = Array.from({ length: 12 }, (_, i) =>
      begin(f, `s${i}`, parseSql('insert into t values ($1, $2)'), [String(i), 'x'.repeat(300)]),
    );
    expect(
      engineView(f.engine, f.now as never, { group: null, lsnWindow: null, span: 1, detail: false }).buffer
        .used,
    ).toBe(12);
    for (let i = 0; i < 60; i++) {
      settle(f);
      advance(f);
    }
    expect(asked.map((sequence, i) => showReply(replyOf(f, `s${i}`, sequence)))).toEqual(
      asked.map(() => 'INSERT 0 1'),
    );
  });
});
