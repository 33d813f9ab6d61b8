// The engine's buffer: what is read, what waits for a frame, what may leave it.

import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { advance, begin, type Fixture, makeFixture, replyOf, settle, showReply } from './engine-fixture.ts';
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

  it('WAL-10 broken variant compute.evict-above-vdl lets them go', () => {
    const f = makeFixture({
      pageBytes: 512,
      bufferPages: 12,
      autoVdl: false,
      broken: ['compute.evict-above-vdl'],
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
    const f = makeFixture({ pageBytes: 512, bufferPages: 12, autoVdl: false });
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
