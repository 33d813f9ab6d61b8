// What the engine writes to the log, when it answers, and what is left after a crash or damage.

import { beforeAll, describe, expect, it } from 'vitest';
import { crc32c } from '../../base/crc32c.ts';
import type { Lsn } from '../../base/ids.ts';
import { clonePlain, digestPlain } from '../../base/plain.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import { pageKey, relationOf } from '../page/page-key.ts';
import { applyRecords } from '../page/redo.ts';
import { OP_BTREE_INSERT, opName } from '../page/redo-ops.ts';
import { findPage, findPageLsn } from './buffer-pool.ts';
import { onFenced } from './engine.ts';
import {
  advance,
  begin,
  crash,
  deliver,
  deliverPage,
  makeFixture,
  post,
  replyOf,
  settle,
  settleDurable,
  showReply,
} from './engine-fixture.ts';
import { engineMinReadPoint } from './engine-view.ts';
import { makeTranscripts } from './transcript-fixture.ts';

beforeAll(loadSqlParser);
const { check, run } = makeTranscripts(parseSql);

describe('log and durability', () => {
  it('WAL-5 WAL-19 a commit is a record of its own, acknowledged in SCN order when VDL reaches it, and seen only then', () => {
    const f = check('a: select 1 -> 1');
    const g = makeFixture();
    expect(g.engine.phase).toBe('open');
    const create = begin(g, 'a', parseSql('create table t (id int primary key)'));
    advance(g);
    expect(showReply(replyOf(g, 'a', create))).toBe('CREATE TABLE');
    const first = begin(g, 'a', parseSql('insert into t values (1)'));
    const second = begin(g, 'b', parseSql('insert into t values (2)'));
    const commits = g.log.filter((record) => record.commit).slice(-2);
    expect(commits.every((record) => record.cpl)).toBe(true);
    expect(run(g, 'c', 'select count(*) from t')).toBe('0');
    advance(g, commits[0]?.lsn ?? 0);
    expect([replyOf(g, 'a', first)?.scn, replyOf(g, 'b', second)]).toEqual([commits[0]?.lsn, null]);
    expect(run(g, 'c', 'select count(*) from t')).toBe('1');
    advance(g);
    expect(replyOf(g, 'b', second)?.scn).toBe(commits[1]?.lsn);
    expect(f.traces.some((event) => event.kind === 'commit.ack')).toBe(true);
  });

  it('FENCE-28 WAL-60 what was not committed ≤ VDL′ is gone after a crash, without undo', () => {
    const f = check(`
      a: begin; update t set v = 99 where id = 1; insert into t values (7, 7) -> BEGIN; UPDATE 1; INSERT 0 1`);
    advance(f);
    const records = f.log.length;
    const usedXids = f.engine.nextXid;
    crash(f);
    expect(f.log.length - records).toBe(1); // the term start
    expect(run(f, 'b', 'select * from t order by id')).toBe('1,10 | 2,20');
    expect(f.engine.nextXid).toBeGreaterThanOrEqual(usedXids);
    expect(run(f, 'b', 'insert into t values (7, 8)')).toBe('INSERT 0 1');
    expect(run(f, 'a', 'commit')).toBe('TXN_ABORTED_FAILOVER');
  });

  it('FENCE-32 opening reads one page, however long the log is', () => {
    const f = check('a: update t set v = v + 1 -> UPDATE 2');
    for (let i = 0; i < 100; i++) run(f, 'a', 'update t set v = v + 1 where id = 1');
    const before = f.pagesRead;
    crash(f);
    expect([f.engine.phase, f.pagesRead - before]).toEqual(['open', 1]);
  });

  it('FENCE-44 a repeated request is answered, not done again, here and by the next writer', () => {
    const f = check('a: update t set v = v + 1 where id = 1 -> UPDATE 1');
    const statements = parseSql('update t set v = v + 1 where id = 1');
    const sequence = f.sequences.get('a') ?? 0;
    f.replies.length = 0;
    post(f, 'a', sequence, statements);
    expect(showReply(replyOf(f, 'a', sequence))).toBe('UPDATE 1');
    crash(f);
    f.replies.length = 0;
    post(f, 'a', sequence, statements);
    settle(f);
    expect(showReply(replyOf(f, 'a', sequence))).toBe('REPLAYED');
    expect(run(f, 'b', 'select v from t where id = 1')).toBe('11');
    expect(run(f, 'a', 'update t set v = v + 1 where id = 1')).toBe('UPDATE 1');
    expect(run(f, 'b', 'select v from t where id = 1')).toBe('12');
  });

  it('FENCE-14 WAL-13 fenced: open commits are unknown, everything else did not happen', () => {
    const f = makeFixture();
    begin(f, 'a', parseSql('create table t (id int)'));
    const effects: Parameters<typeof onFenced>[1]['effects'] = [];
    onFenced(f.engine, {
      now: f.now as never,
      role: 'compute',
      tag: 1,
      scope: '',
      ids: makeIds(),
      effects,
      traceId: 0,
    });
    const codes = effects.map((effect) =>
      effect.kind === 'send' && effect.message.kind === 'SqlReply' ? effect.message.code : effect.kind,
    );
    expect(codes).toEqual(['COMMIT_UNKNOWN']);
    const late = begin(f, 'b', parseSql('select 1'));
    expect(showReply(replyOf(f, 'b', late))).toBe('FENCED');
  });

  it('WAL-7 WAL-8 without room in the log writers wait in line until VDL moves', () => {
    const f = makeFixture({ lal: 32 });
    begin(f, 'a', parseSql('create table t (id int primary key)'));
    advance(f);
    const asked = Array.from({ length: 30 }, (_, i) => {
      const session = `s${i}`;
      return [session, begin(f, session, parseSql(`insert into t values (${i})`))] as const;
    });
    expect(f.log.length).toBeLessThanOrEqual(f.vdl + 1 + 32);
    expect(f.engine.logWaiters.length).toBeGreaterThan(10);
    const order: string[] = [];
    for (let i = 0; i < 40; i++) {
      advance(f);
      for (const [session, sequence] of asked)
        if (replyOf(f, session, sequence) && !order.includes(session)) order.push(session);
    }
    expect(order).toEqual(asked.map(([session]) => session));
  });

  it('WAL-9 every page in the buffer is at each moment what the log says of it, also while writers wait for room', () => {
    const f = makeFixture({ lal: 32, pageBytes: 1024 });
    let looked = 0;
    const look = (): void => {
      for (const { blockKey, page: held } of f.engine.pool.frames) {
        if (blockKey < 0 || held === null) continue;
        const chain = f.chains.get(blockKey) ?? [];
        expect(findPageLsn(f.engine.pool, blockKey)).toBe(chain.at(-1)?.lsn);
        const page = findPage(f.engine.pool, blockKey) ?? new Uint8Array(0);
        expect(crc32c(page)).toBe(crc32c(applyRecords(null, chain, f.options.pageBytes)));
        looked++;
      }
    };
    begin(f, 'a', parseSql('create table t (id int primary key, n int)'));
    advance(f);
    for (let i = 0; i < 40; i++) {
      begin(f, `s${i}`, parseSql(`insert into t values (${i}, 0); update t set n = n + 1 where id < 9`));
      look();
    }
    expect(f.engine.logWaiters.length).toBeGreaterThan(10);
    for (let i = 0; i < 40; i++) {
      advance(f);
      look();
    }
    expect(looked).toBeGreaterThan(500);
  });

  it('WAL-8 a long writer goes to the back of the line after each MTR', () => {
    const f = makeFixture({ lal: 32 });
    begin(f, 'a', parseSql('create table t (id int primary key)'));
    advance(f);
    const rows = Array.from({ length: 200 }, (_, i) => `(${i})`).join(',');
    const long = begin(f, 'a', parseSql(`insert into t values ${rows}`));
    const short = begin(f, 'b', parseSql('insert into t values (1000)'));
    for (let i = 0; i < 5; i++) advance(f);
    expect([replyOf(f, 'a', long), showReply(replyOf(f, 'b', short))]).toEqual([null, 'INSERT 0 1']);
    for (let i = 0; i < 40; i++) advance(f);
    expect(showReply(replyOf(f, 'a', long))).toBe('INSERT 0 200');
  });

  it('presets: the first table lies in g2, its key in g1, and updating no key column leaves the index alone', () => {
    const f = check('a: update t set v = v + 1 -> UPDATE 2');
    const table = f.engine.tables.get('t');
    expect([
      relationOf((table?.relation ?? 0) * 0x400_0000) >= 0x1_0000,
      (table?.keyRelation ?? 0) < 0x1_0000,
    ]).toEqual([true, true]);
    const index = f.log.filter((record) => relationOf(record.blockKey) === table?.keyRelation);
    expect(index.map((record) => opName(record.op))).toEqual([
      'relationInit',
      'btreeInit',
      'btreeInsert',
      'btreeInsert',
    ]);
    expect(index.filter((record) => record.op === OP_BTREE_INSERT).length).toBe(2);
  });

  it('WAL-22 a view on the writer reads at VDL as of its start, plus what its own transaction changes', () => {
    const f = check('a: begin isolation level repeatable read; select count(*) from t -> BEGIN; 2');
    run(f, 'b', 'insert into t values (3, 3)');
    const own = 'select count(*) from t; insert into t values (4, 4); select count(*) from t; commit';
    expect(run(f, 'a', own)).toBe('2; INSERT 0 1; 3; COMMIT');
  });

  it('WAL-25 the least read point is that of the oldest open snapshot', () => {
    const f = check('a: begin isolation level repeatable read; select count(*) from t -> BEGIN; 2');
    const readPoint = f.vdl;
    expect(run(f, 'b', 'insert into t values (3, 3)')).toBe('INSERT 0 1');
    const pages = { readPoint: f.vdl as Lsn };
    expect(engineMinReadPoint(f.engine, { pages })).toBe(readPoint);
    expect(run(f, 'a', 'commit')).toBe('COMMIT');
    expect(engineMinReadPoint(f.engine, { pages })).toBe(f.vdl);
  });
});

describe('client table', () => {
  it('FENCE-44 FENCE-45 where entries were displaced what writes is unknown to the next writer, what only reads is answered', () => {
    const f = makeFixture({ clientBlocks: 1 });
    run(f, 'setup', 'create table t (id int primary key)');
    const insert = (session: string, id: number): string => run(f, session, `insert into t values (${id})`);
    let done = 0;
    while (insert(`s${done}`, done) === 'INSERT 0 1') done++;
    expect(done).toBeGreaterThan(10);
    crash(f);
    expect(run(f, 'reader', 'select count(*) from t')).toBe(String(done));
    expect(run(f, 'begins', 'begin; insert into t values (98)')).toBe('BEGIN; INSERT 0 1');
    expect(run(f, 'begins', 'rollback')).toBe('ROLLBACK');
    expect(insert('writer', 99)).toBe('COMMIT_UNKNOWN');
    expect(insert('writer', 99)).toBe('INSERT 0 1');
  });
});

describe('damage', () => {
  it('XX001 a page that storage has lost or garbled fails the statement, not the engine', () => {
    const f = check('a: select count(*) from t -> 2');
    const heap = pageKey(f.engine.tables.get('t')?.relation ?? 0, 0, 1);
    crash(f);
    for (const page of [null, new Uint8Array(1024), new Uint8Array(3)]) {
      const sequence = begin(f, 'b', parseSql('select * from t'));
      while (f.asked[0] !== heap) deliverPage(f);
      f.asked.shift();
      deliver(f, heap, page);
      settle(f);
      expect(showReply(replyOf(f, 'b', sequence))).toBe(`XX001 page ${heap} is lost or damaged`);
    }
    expect(run(f, 'b', 'select * from t order by id')).toBe('1,10 | 2,20');
    expect(f.engine.tickets).toBe(0);
  });
});

describe('state', () => {
  it('is plain data: a clone in the middle of everything goes on identically', () => {
    const f = check(`
      a: begin; update t set v = 1 where id = 1 -> BEGIN; UPDATE 1
      b: update t set v = 2 where id = 1 -> pending`);
    const twin = { ...f, ...clonePlain(f), options: f.options };
    expect(digestPlain(twin.engine)).toBe(digestPlain(f.engine));
    for (const world of [f, twin]) {
      expect(run(world, 'a', 'commit')).toBe('COMMIT');
      settleDurable(world);
      expect(run(world, 'b', 'select v from t where id = 1')).toBe('2');
    }
    expect(digestPlain(twin.engine)).toBe(digestPlain(f.engine));
  });

  it('a driver that begins a new life frees the locks of its last one', () => {
    const f = check('a: begin; update t set v = 1 where id = 1 -> BEGIN; UPDATE 1');
    f.incarnation++;
    f.open.clear();
    expect(run(f, 'b', 'update t set v = 2 where id = 1')).toBe('UPDATE 1');
    expect(f.traces.some((event) => event.kind === 'tx.abort' && event.sqlstate === '08006')).toBe(true);
  });

  it('keeps few big replies: an older one that is asked for again is unknown', () => {
    const f = makeFixture({ lal: 1000 });
    run(f, 'setup', 'create table t (id int primary key)');
    const rows = Array.from({ length: 300 }, (_, i) => `(${i})`).join(',');
    expect(run(f, 'setup', `insert into t values ${rows}`)).toBe('INSERT 0 300');
    for (let i = 0; i < 17; i++) run(f, `s${i}`, 'select id from t');
    for (const [session, code] of [
      ['s0', 'COMMIT_UNKNOWN'],
      ['s1', ''],
    ] as const) {
      f.replies.length = 0;
      post(f, session, 1, parseSql('select id from t'));
      expect(replyOf(f, session, 1)?.code).toBe(code);
    }
  });

  it('25P03 a transaction whose client is silent for a minute is rolled back', () => {
    const f = check('a: begin; update t set v = 1 where id = 1 -> BEGIN; UPDATE 1');
    settle(f, 61_000_000);
    expect(run(f, 'b', 'update t set v = 2 where id = 1')).toBe('UPDATE 1');
    expect(run(f, 'a', 'commit')).toBe('TXN_ABORTED_FAILOVER');
  });
});
