// What clients saw, held against isolation and linearizability: histories written out, and node-postgres at clusters with planted bugs.

import { Client } from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClientResult, StatementResult } from '../../core/kernel/client-calls.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { checkHistory } from './check-history.ts';
import { type ClientHistory, makeClientHistory, noteCall } from './client-history.ts';
import type { HistoryReport, TestCluster } from './test-api.ts';
import { startCluster } from './testing.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

type Report = Omit<HistoryReport, 'violations'>;

/** Says what a call was answered. `null`: nothing ever came. */
type Answers = (result: Partial<ClientResult> & { readonly rows?: readonly (readonly string[])[] }) => void;

class Story {
  readonly history: ClientHistory = makeClientHistory();
  scn = 0;
  constructor() {
    this.call('a', 'create table t (id int primary key, x int, y text)')({});
  }
  call(session: string, text: string, params: readonly string[] = []): Answers {
    const tell = noteCall(this.history, { session, driver: 'd1', text, params }, this.history.order * 1000);
    return ({ rows, ...result }) => {
      const verb = text.split(' ')[0] ?? '';
      const done: StatementResult =
        rows === undefined
          ? {
              kind: 'done',
              tag: /insert|update|delete/.test(verb) ? `${verb.toUpperCase()} 1` : verb.toUpperCase(),
            }
          : { kind: 'rows', tag: `SELECT ${rows.length}`, columns: [], rows, origin: null };
      const wrote = /^(insert|update|delete|commit)/.test(text);
      tell(
        { outcome: 'ok', statements: [done], scn: wrote ? ++this.scn : -1, ...result },
        this.history.order * 1000,
      );
    };
  }
  /** Calls and answers at once. */
  do(session: string, text: string, rows?: readonly (readonly string[])[]): void {
    this.call(session, text)(rows === undefined ? {} : { rows });
  }
  check = (): Report => checkHistory(this.history, edge.parse);
}

const unknown = {
  outcome: 'unknown',
  statements: [{ kind: 'error', sqlstate: '08007', message: '', position: null }],
  scn: -1,
} as const;

describe('histories', () => {
  test('each of a write, a read of it, and a row that is not there has one order', () => {
    const story = new Story();
    story.do('a', 'select x from t where id = 1', []);
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('b', 'select * from t where id = 1', [['1', '10', 'p']]);
    story.do('a', 'update t set x = 11 where id = 1');
    story.do('b', 'select x from t where id = 1', [['11']]);
    const report = story.check();
    expect(report).toMatchObject({ linearizability: [], isolation: [], anomaly: null, notJudged: [] });
    expect(report.judged).toEqual({ transactions: 5, registers: 3, reads: 5 });
  });

  test('tables of one name in two schemas are two, wherever the search path leads', () => {
    const story = new Story();
    story.do('a', 'create schema s');
    story.do('a', 'create table s.t (id int primary key, x int, y text)');
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('a', "/*search_path=s, public*/insert into t values (1, 20, 'q')");
    story.do('b', 'select x from t where id = 1', [['10']]);
    story.do('b', '/*search_path=s*/select x from t where id = 1', [['20']]);
    story.do('b', 'select x from s.t where id = 1', [['20']]);
    const report = story.check();
    expect(report).toMatchObject({ linearizability: [], isolation: [], anomaly: null, notJudged: [] });
    expect(report.judged).toMatchObject({ reads: 3 });
  });

  test('a read that goes back behind what was answered before', () => {
    const story = new Story();
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('a', 'update t set x = 11 where id = 1');
    story.do('b', 'select x from t where id = 1', [['10']]);
    const { linearizability, isolation } = story.check();
    expect(linearizability).toEqual([expect.stringMatching(/^t\.x\[1\]: \w+: .*read 10/)]);
    expect(isolation).toEqual([expect.stringMatching(/^G-single: .*rw t\.x\[1\]/)]);
  });

  test('a value that nobody wrote; one whose write was refused', () => {
    const story = new Story();
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('b', 'select x from t where id = 1', [['99']]);
    expect(story.check().linearizability).toEqual([expect.stringMatching(/readOfNothing/)]);
    const other = new Story();
    other.do('a', "insert into t values (1, 10, 'p')");
    other.call('a', 'update t set x = 12 where id = 1')({ ...unknown, outcome: 'error' });
    other.do('b', 'select x from t where id = 1', [['12']]);
    expect(other.check()).toMatchObject({
      linearizability: [expect.stringMatching(/readOfFailed/)],
      isolation: [expect.stringMatching(/^G1a/)],
    });
  });

  test('a write without an answer may have happened, or not', () => {
    for (const seen of ['10', '12']) {
      const story = new Story();
      story.do('a', "insert into t values (1, 10, 'p')");
      story.call('a', 'update t set x = 12 where id = 1')(unknown);
      story.call('a', 'update t set x = 13 where id = 1');
      story.do('b', 'select x from t where id = 1', [[seen]]);
      expect(story.check()).toMatchObject({ linearizability: [], isolation: [], notJudged: [] });
    }
  });

  test('a lost update: two blocks that read the same and both write', () => {
    const lost = (level: string): Report => {
      const story = new Story();
      story.do('a', "insert into t values (1, 10, 'p')");
      for (const session of ['b', 'c']) story.do(session, `begin isolation level ${level}`);
      for (const session of ['b', 'c']) story.do(session, 'select x from t where id = 1', [['10']]);
      for (const [i, session] of ['b', 'c'].entries()) {
        story.do(session, `update t set x = ${20 + i} where id = 1`);
        story.do(session, 'commit');
      }
      return story.check();
    };
    expect(lost('read committed')).toMatchObject({
      isolation: [],
      anomaly: expect.stringMatching(/^lostUpdate/),
    });
    expect(lost('repeatable read').isolation).toEqual([expect.stringMatching(/^lostUpdate/)]);
  });

  test('a read of what a block takes back, and of what it had not finished', () => {
    const story = new Story();
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('b', 'begin');
    story.do('b', 'update t set x = 20 where id = 1');
    story.do('c', 'select x from t where id = 1', [['20']]);
    story.do('b', 'rollback');
    expect(story.check().isolation).toEqual([expect.stringMatching(/^G1a/)]);
  });

  test('what a statement does not say is not judged, and named', () => {
    const story = new Story();
    story.do('a', "insert into t values (1, 10, 'p')");
    story.do('a', 'update t set x = x + 1 where id = 1');
    story.do('b', 'select x, y from t where id = 1', [['4711', 'p']]);
    expect(story.check()).toMatchObject({ linearizability: [], isolation: [], notJudged: ['t.x[1]'] });
    story.do('a', "update t set y = 'q' where x > 5");
    expect(story.check().notJudged).toEqual(['t.x[1]', 't.y']);
    story.do('a', 'delete from t');
    expect(story.check().notJudged).toContain('t.*');
    story.do('a', 'alter table t add z int');
    expect(story.check().notJudged).toContain('*');
  });

  test('what RETURNING shows is what was written; parameters; a row that was deleted', () => {
    const story = new Story();
    story.call('a', 'insert into t values ($1::int4, $2::int4, $3)', ['1', '10', 'p'])({});
    story.do('a', 'update t set x = x + 1 where id = 1 returning x', [['11']]);
    story.do('b', 'select x from t where id = 1', [['11']]);
    story.do('b', 'select x from t where id = 1', [['10']]);
    expect(story.check().linearizability).toHaveLength(1);
    story.do('a', 'delete from t where id = 1');
    story.do('b', 'select x from t where id = 1', []);
    expect(story.check()).toMatchObject({ linearizability: [], isolation: [expect.any(String)] });
  });
});

describe('clusters', () => {
  /** Two clients that read a row, think, and write what they have computed, at a level. */
  async function twoWriters(
    level: string,
    broken: string[] = [],
  ): Promise<{ cluster: TestCluster; codes: unknown[] }> {
    const cluster = await startCluster({ cluster: { preset: 'cynosdb', broken }, seed: 3 });
    const clients = [new Client(cluster.connectionString), new Client(cluster.connectionString)];
    for (const client of clients) await client.connect();
    const [one] = clients;
    await one?.query('create table t (id int primary key, x int)');
    await one?.query('insert into t values (1, 10)');
    const codes: unknown[] = [];
    for (const client of clients) await client.query(`begin isolation level ${level}`);
    for (const client of clients) await client.query('select x from t where id = $1', [1]);
    for (const [i, client] of clients.entries()) {
      const done = client
        .query('update t set x = $1 where id = $2', [20 + i, 1])
        .then(() => client.query('commit'));
      codes.push(
        await done.then(
          ({ command }) => command,
          (error: { code: string }) => error.code,
        ),
      );
    }
    for (const client of clients) await client.query('rollback');
    await one?.query('select x from t where id = 1');
    for (const client of clients) await client.end();
    await cluster.stop();
    return { cluster, codes };
  }

  test('read committed lets an update be lost; repeatable read refuses it', async () => {
    const weak = await twoWriters('read committed');
    expect(weak.codes).toEqual(['COMMIT', 'COMMIT']);
    expect(weak.cluster.check()).toMatchObject({
      violations: [],
      isolation: [],
      linearizability: [],
      anomaly: expect.stringMatching(/^lostUpdate/),
    });
    const strong = await twoWriters('repeatable read');
    expect(strong.codes).toEqual(['COMMIT', '40001']);
    expect(strong.cluster.check()).toMatchObject({
      isolation: [],
      linearizability: [],
      anomaly: null,
      notJudged: [],
    });
  });

  test('a writer that replaces what another has replaced meanwhile is found by what the clients saw', async () => {
    const { cluster, codes } = await twoWriters('repeatable read', ['engine.skips-first-updater']);
    expect(codes).toEqual(['COMMIT', 'COMMIT']);
    expect(cluster.check().isolation).toEqual([expect.stringMatching(/^lostUpdate/)]);
  });

  test('what a reader serves may lag: no fault by itself', async () => {
    const cluster = await startCluster({ preset: 'cynosdb-ro', seed: 2 });
    const writer = new Client(cluster.connectionString);
    const reader = new Client(cluster.connectionStringOf('ro'));
    for (const client of [writer, reader]) await client.connect();
    await writer.query('create table t (id int primary key, x int)');
    await writer.query('insert into t values (1, 0)');
    cluster.act('latency rw-1 | ro-1 ro-2 : 5.000 ms');
    const stale: boolean[] = [];
    for (let x = 1; x < 20; x++) {
      await writer.query('update t set x = $1 where id = 1', [x]);
      const { rows } = await reader.query('select x from t where id = 1');
      stale.push(rows[0]?.x !== x);
    }
    expect(stale).toContain(true);
    for (const client of [writer, reader]) await client.end();
    expect(cluster.check()).toMatchObject({ violations: [], isolation: [], linearizability: [] });
    await cluster.stop();
  });
});
