// EXPLAIN: the operator tree as text, what the planner expected of a join, and why it is done so.

import { beforeAll, expect, test } from 'vitest';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { makeGenerator, nextStatement } from '../core/sql/testing/generator.ts';
import { schemaStatements } from '../core/sql/testing/generator-schema.ts';
import { makeMemoryDatabase } from '../core/sql/testing/memory-database.ts';
import { type MemorySession, makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

let session: MemorySession;

function run(sql: string): StatementResult {
  let result: StatementResult = { kind: 'done', tag: 'nothing' };
  for (const statement of parseSql(sql)) result = runStatement(session, statement);
  return result;
}

const explain = (sql: string): string => {
  const result = run(`explain ${sql}`);
  return result.kind === 'rows' ? result.rows.map(([line]) => line).join('\n') : JSON.stringify(result);
};

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `(${row(i)})`).join(', ');

beforeAll(async () => {
  await loadSqlParser();
  makeTables();
});

function makeTables(): void {
  session = makeMemorySession(makeMemoryDatabase());
  run(
    'create table a (id int primary key, x int, s text); create table b (id int primary key, aid int, y bigint)',
  );
  run(`insert into a values ${rows(500, (i) => `${i}, ${i % 7}, 's'`)}`);
  run(`insert into b values ${rows(30, (i) => `${i}, ${i * 3}, ${i}`)}`);
}

const PLANS: readonly (readonly [sql: string, tree: string])[] = [
  [
    'select * from a where exists (select 1 from b where b.aid = a.id)',
    `Hash Semi Join
  Hash Cond: (a.id = b.aid)
  Why: 500 rows beside 30, about 250 expected; the right side is held by its keys once, not looked for by each left row
  ->  Seq Scan on a
  ->  Seq Scan on b`,
  ],
  [
    'select * from a where not exists (select 1 from b where b.id = a.id and b.y < a.x)',
    `Hash Anti Join
  Hash Cond: (a.id = b.id)
  Join Filter: (b.y < (a.x)::bigint)
  Why: 500 rows beside 30, about 250 expected; the right side is held by its keys once, not looked for by each left row
  ->  Seq Scan on a
  ->  Seq Scan on b`,
  ],
  [
    'select * from a join b on a.id = b.id where a.id = 2',
    `Hash Join
  Hash Cond: (a.id = b.id)
  Why: 1 rows beside 1, about 1 expected; the right side is held by its keys
  ->  Index Scan using a_pkey on a
        Index Cond: (id = 2)
  ->  Index Scan using b_pkey on b
        Index Cond: (id = 2)`,
  ],
  [
    'select * from a left join b on a.id = b.id where 2 = a.id',
    `Hash Left Join
  Hash Cond: (a.id = b.id)
  Why: 1 rows beside 1, about 1 expected; the right side is held by its keys
  ->  Index Scan using a_pkey on a
        Index Cond: (id = 2)
  ->  Index Scan using b_pkey on b
        Index Cond: (id = 2)`,
  ],
  [
    'select * from a where id = 1 and x > 2',
    `Index Scan using a_pkey on a
  Index Cond: (id = 1)
  Filter: (a.x > 2)`,
  ],
  [
    'select s, count(*) from a where x is not null group by s order by 2 desc, s limit 3',
    `Limit
  ->  Sort
        Sort Key: count(*) DESC, a.s
        ->  HashAggregate
              Group Key: a.s
              ->  Seq Scan on a
                    Filter: (a.x IS NOT NULL)`,
  ],
  [
    'select a.x, b.y from a join b on a.id = b.aid where b.y > 10',
    `Nested Loop
  Why: 9 rows beside 500, about 9 expected; the right side is looked up by key, which reads less than all of it
  ->  Seq Scan on b
        Filter: (b.y > 10)
  ->  Index Scan using a_pkey on a
        Index Cond: (id = b.aid)`,
  ],
  [
    'select * from a join b on a.x = b.aid',
    `Hash Join
  Hash Cond: (a.x = b.aid)
  Why: 500 rows beside 30, about 30 expected; the right side is held by its keys
  ->  Seq Scan on a
  ->  Seq Scan on b`,
  ],
  [
    'select * from a t1, a t2 where t1.id < t2.x',
    `Nested Loop
  Join Filter: (t1.id < t2.x)
  Why: 500 rows beside 500, about 75000 expected; no equality: the right side is held whole
  ->  Seq Scan on a t1
  ->  Seq Scan on a t2`,
  ],
  [
    'select * from a left join b on b.aid = a.id and b.y > a.x where b.y > 3',
    `Nested Loop
  Why: 9 rows beside 500, about 3 expected; the right side is looked up by key, which reads less than all of it
  ->  Seq Scan on b
        Filter: (b.y > 3)
  ->  Index Scan using a_pkey on a
        Index Cond: (id = b.aid)
        Filter: (b.y > (a.x)::bigint)`,
  ],
  [
    'select id, (select max(y) from b where b.aid = a.id) from a where x in (select y from b)',
    `Seq Scan on a
  Filter: (ANY ((a.x)::bigint = its column) of SubPlan 2)
  InitPlan 2
    ->  Seq Scan on b
  SubPlan 1
    ->  Aggregate
          ->  Seq Scan on b
                Filter: (b.aid = a.id)`,
  ],
  [
    'with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t where n > 2',
    `Filter
  Filter: (t.n > 2)
  ->  CTE Scan on t
        CTE t
          ->  Result
          ->  Filter
                Filter: (t.n < 5)
                ->  WorkTable Scan on t`,
  ],
  [
    'update a set x = (select max(y) from b) where id = 5',
    `Update on a
  ->  Index Scan using a_pkey on a
        Index Cond: (id = 5)
  InitPlan 1
    ->  Aggregate
          ->  Seq Scan on b`,
  ],
];

test.each(PLANS)('%s', (sql, tree) => {
  expect(explain(sql)).toBe(tree);
});

test('another order and another way once a table has grown', () => {
  run('create table small (id int primary key, aid int)');
  run(`insert into small values ${rows(3, (i) => `${i}, ${i}`)}`);
  const sql = 'select * from small join a on a.id = small.aid';
  expect(explain(sql)).toContain('Index Scan using a_pkey on a');
  run(`insert into small values ${rows(900, (i) => `${i + 10}, ${i}`)}`);
  expect(explain(sql)).toContain('Hash Join');
});

test('whatever has a plan can be explained, and is not run', () => {
  session = makeMemorySession(makeMemoryDatabase());
  for (const sql of schemaStatements()) run(sql);
  const generator = makeGenerator(91);
  let explained = 0;
  for (let i = 0; i < 300; i++) {
    const { sql, params } = nextStatement(generator);
    if (params.length > 0 || !/^(?:select|with|insert|update|delete)/.test(sql)) continue;
    const result = run(`explain ${sql}`);
    if (result.kind !== 'rows') continue;
    expect(result.rows.length).toBeGreaterThan(0);
    expect(result.rows.flat().join(' ')).not.toMatch(/undefined|\[object|outer value/);
    explained += 1;
  }
  expect(explained).toBeGreaterThan(150);
  expect(run('select count(*) from items')).toMatchObject({ rows: [['0']] });
});

const analyzed = (sql: string): readonly string[] => explainLines(run(`explain analyze ${sql}`));

const explainLines = (result: StatementResult): readonly string[] =>
  result.kind === 'rows' ? result.rows.map(([line]) => line ?? '') : [JSON.stringify(result)];

test('EXPLAIN ANALYZE runs the statement and says what each node gave, how often it was run, and that its time is virtual', () => {
  makeTables();
  expect(
    analyzed('select a.x, b.y from a join b on a.id = b.aid where b.y > 10 order by b.y limit 5'),
  ).toEqual([
    'Limit (actual time=0.000..0.000 rows=5 loops=1)',
    '  ->  Sort (actual time=0.000..0.000 rows=5 loops=1)',
    '        Sort Key: b.y',
    '        ->  Nested Loop (actual time=0.000..0.000 rows=19 loops=1)',
    '              Why: 9 rows beside 500, about 9 expected; the right side is looked up by key, which reads less than all of it',
    '              ->  Seq Scan on b (actual time=0.000..0.000 rows=19 loops=1)',
    '                    Filter: (b.y > 10)',
    '              ->  Index Scan using a_pkey on a (actual time=0.000..0.000 rows=1 loops=19)',
    '                    Index Cond: (id = b.aid)',
    'Execution Time: 0.000 ms (virtual time)',
  ]);
  const before = run('select count(*) from b where y = 0');
  expect(analyzed('update b set y = 0 from a where a.id = b.aid and b.id < 3').slice(0, 1)).toEqual([
    'Update on b (rows written=3)',
  ]);
  expect(run('select count(*) from b where y = 0')).not.toEqual(before);
  expect(analyzed('update b set y = 1 where y = 0').slice(0, 2)).toEqual([
    'Update on b (rows written=3)',
    '  ->  Seq Scan on b (actual time=0.000..0.000 rows=3 loops=1)',
  ]);
  expect(
    analyzed('select 1 where exists (select 1 from a where x = 99 and id > (select max(id) from b))').at(-1),
  ).toBe('Execution Time: 0.000 ms (virtual time)');
  expect(run('explain (analyze false, costs off) delete from b')).toMatchObject({
    kind: 'rows',
    rows: [['Delete on b'], ['  ->  Seq Scan on b']],
  });
  expect(run('explain (analyze 1) insert into b values (1, 1, 1)')).toMatchObject({ sqlstate: '23505' });
  expect(run('explain (analyze, buffers) select 1')).toMatchObject({ sqlstate: '0A000' });
});

test('the rows that EXPLAIN ANALYZE counts at the top are those that the query gives', () => {
  const measured = makeMemorySession(makeMemoryDatabase());
  measured.budget = 9;
  const runOn = (sql: string): StatementResult => {
    let result: StatementResult = { kind: 'done', tag: '' };
    for (const statement of parseSql(sql)) result = runStatement(measured, statement);
    return result;
  };
  for (const sql of schemaStatements()) runOn(sql);
  const generator = makeGenerator(41);
  let counted = 0;
  for (let i = 0; i < 700; i++) {
    const { sql, params } = nextStatement(generator);
    if (params.length > 0 || /^(?:begin|start|commit|rollback|vacuum|explain)/.test(sql)) continue;
    const result = runOn(sql);
    if (result.kind !== 'rows' || !/^(?:select|with|values)/.test(sql)) continue;
    const [top = ''] = explainLines(runOn(`explain analyze ${sql}`));
    expect([sql, / rows=(\d+) loops=1\)/.exec(top)?.[1]]).toEqual([sql, String(result.rows.length)]);
    counted += 1;
  }
  expect(counted).toBeGreaterThan(200);
});

test('a join whose smaller side is too large to hold reads both sides by an index of the key', () => {
  const tables = [
    'create table a (id int primary key, x int); create table b (id int primary key, aid int, y int)',
    'create index on b (aid); create index on a (x)',
    `insert into a values ${rows(200, (i) => `${i}, ${i % 5 === 0 ? 'null' : i % 40}`)}`,
    `insert into b values ${rows(300, (i) => `${i}, ${i % 7 === 0 ? 'null' : (i * 3) % 90}, ${i % 11}`)}`,
  ];
  const queries = [
    'select a.id, b.id from a join b on b.aid = a.id',
    'select a.id, b.id from a join b on b.aid = a.x',
    'select a.id, b.id from b join a on b.aid = a.x and a.id > b.id and b.y > 3',
    'select a.id, b.id from a join b on b.aid = a.id where a.id >= 30 and a.id < 60',
    'select count(*) from a join b on b.aid = a.x join b c on c.id = b.id',
    'select a.x, count(*) from a where exists (select 1 from b join a d on b.aid = d.x where d.x = a.x) group by a.x',
  ];
  const answers = [1, 10_000].map((factor) => {
    session = makeMemorySession(makeMemoryDatabase(factor));
    // Not everything in one step: the join is left and taken up again.
    session.budget = 7;
    for (const text of tables) run(text);
    const sorted = (sql: string) => {
      const result = run(sql);
      return result.kind === 'rows' ? result.rows.map((row) => row.join(' ')).sort() : result;
    };
    return { plans: queries.map(explain), rows: queries.map(sorted) };
  });
  makeTables();
  const [held, merged] = answers;
  expect(held?.plans.filter((plan) => plan.includes('Merge Join'))).toEqual([]);
  expect(merged?.plans.filter((plan) => plan.includes('Merge Join')).length).toBeGreaterThan(3);
  expect(merged?.plans[1]).toBe(
    `Merge Join
  Merge Cond: (b.aid = a.x)
  Why: 3000000 rows beside 2000000, about 2000000 expected; too many to hold: both sides are read in the order of the key
  ->  Index Scan using b_aid_idx on b
  ->  Index Scan using a_x_idx on a`,
  );
  expect(merged?.rows).toEqual(held?.rows);
  expect(merged?.rows.every((one) => Array.isArray(one) && one.length > 0)).toBe(true);
});

test('EXPLAIN (DESCRIBE) tells parameters and columns, and runs nothing', () => {
  const described = (sql: string) => {
    const result = run(`explain (describe) ${sql}`);
    return result.kind === 'rows' ? result.rows.map((row) => row.join(' ')) : result;
  };
  expect(described('select id, s as name, x + $2 from a where id = $1::int8')).toEqual([
    'parameter $1 int8',
    'parameter $2 int4',
    'column id integer',
    'column name text',
    'column ?column? integer',
  ]);
  expect(described('insert into b values ($1, 1, 2) returning y')).toEqual([
    'parameter $1 int4',
    'column y bigint',
  ]);
  expect(described('delete from b')).toEqual([]);
  expect(run('select count(*) from b')).toMatchObject({ rows: [['30']] });
  expect(described('select nope from a')).toMatchObject({ kind: 'error', sqlstate: '42703' });
});
