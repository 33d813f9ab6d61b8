// What the front end answers to single statements: constructs that it refuses by name and position, session
// statements, access paths, parameters, limits. What PostgreSQL answers too is in the differential test.

import { beforeAll, expect, test } from 'vitest';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { analyse } from '../core/sql/analyse.ts';
import { runExecution, startExecution } from '../core/sql/execute.ts';
import type { AccessPath, RowsPlan } from '../core/sql/plan-types.ts';
import type { Analysed } from '../core/sql/statement.ts';
import { makeMemoryDatabase, memoryAccess, memoryCatalog } from '../core/sql/testing/memory-database.ts';
import { type MemorySession, makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

let session: MemorySession;

const run = (sql: string, params: readonly (string | null)[] = []): StatementResult => {
  let result: StatementResult = { kind: 'done', tag: 'nothing' };
  for (const statement of parseSql(sql)) result = runStatement(session, statement, params);
  return result;
};

beforeAll(async () => {
  await loadSqlParser();
  session = makeMemorySession(makeMemoryDatabase());
  run('create table t (a int primary key, b text, c bigint, d double precision, e boolean)');
  run('create sequence counter');
  run('create table pair (k text, n int, v bigint, primary key (k, n))');
  run('create view seen as select a from t');
  run(
    "insert into t values (1, 'x', 10, 1.5, true), (2, null, null, null, null), (3, 'é', 30, 'NaN', false)",
  );
});

const analysed = (sql: string, params: readonly string[] = []): Analysed => {
  const [statement] = parseSql(sql);
  if (statement === undefined) throw new Error(`no statement in ${sql}`);
  const result = analyse(statement.text, statement.tree, params, memoryCatalog(session.db));
  if (!result.ok) throw new Error(result.error.message);
  return result.analysed;
};

/** The caret stands under the position that is to be reported. */
const REFUSED: readonly (readonly [sql: string, caret: string, construct: string])[] = [
  ['with x as (delete from t) select 1 from t', '^', 'reading "t" beside a WITH query that writes it'],
  [
    'with x as (delete from t), y as (update t set a = 1) select 1',
    '                           ^',
    'reading "t" beside a WITH query that writes it',
  ],
  [
    'explain with x as (delete from t returning a) select * from x',
    '^',
    'EXPLAIN of a data-modifying statement in WITH',
  ],
  [
    'copy (with x as (delete from t returning a) select * from x) to stdout',
    '^',
    'a data-modifying statement in WITH here',
  ],
  [
    'with recursive x as (select * from y), y as (select 1) select 1',
    '                                   ^',
    'a reference to a later WITH query',
  ],
  ['select * from rows from (abs(1))', '                         ^', 'ROWS FROM'],
  ["select 'é', row(1, 2)", '            ^', 'a row constructor'],
  ['select timeofday()', '       ^', 'function timeofday'],
  ['select gamma(2)', '       ^', 'function gamma'],
  ['select current_time', '       ^', 'a time or user value function'],
  ["select '10:00'::timetz", '                ^', 'type timetz'],
  ['select 2 !~~~ 3', '         ^', 'operator !~~~'],
  ["select b ^@ 'x' from t", '         ^', 'operator ^@'],
  ['select a from t group by rollup (a)', '                         ^', 'GROUPING SETS, CUBE or ROLLUP'],
  ['select t from t', '       ^', 'a whole-row reference'],
  ['select b collate "de" from t', '         ^', 'COLLATE'],
  [
    'insert into t values (9) on conflict (a) do update set b = (select k from pair)',
    '                         ^',
    'a subquery in ON CONFLICT DO UPDATE',
  ],
  ['create table u (a int unique nulls not distinct)', '                      ^', 'NULLS NOT DISTINCT'],
  ['create table u (a int check (a > 0) no inherit)', '                      ^', 'NO INHERIT'],
  ['create table u (a int references t match full)', '                      ^', 'MATCH FULL or PARTIAL'],
  ['create table u (a int references t deferrable)', '                                   ^', 'DEFERRABLE'],
  ['create table u (a timetz)', '                  ^', 'type timetz'],
  ['create temp table u (a int)', '                  ^', 'a temporary table'],
  ['create index on t using hash (b)', '                ^', 'an index of access method hash'],
  ['vacuum full t', '       ^', 'VACUUM FULL'],
  [
    'create view q as select a from t where exists (select from pair) with check option',
    '',
    'WITH CHECK OPTION of a condition with a subquery',
  ],
  ['create temp view q as select 1', '                 ^', 'a temporary view'],
  ['create view q as select from t', '            ^', 'a view without columns'],
  ['select from t union all select from t', '', 'UNION of empty target lists'],
  ["copy t to '/tmp/t'", '^', 'COPY with a file of the server (STDIN and STDOUT are)'],
  ["copy t from program 'ls'", '^', 'COPY with a program'],
  ['copy t to stdout (format binary)', '                  ^', 'COPY in binary format'],
  ['copy t from stdin (on_error ignore)', '                   ^', 'COPY with ON_ERROR'],
  ['create temp sequence s', '                     ^', 'a temporary table'],
  ['select nextval($1)', '       ^', 'nextval of a sequence that no constant names'],
  ["select 1 where nextval('counter') > 1", '               ^', 'nextval in WHERE'],
  [
    "select * from (select nextval('counter')) q",
    '                      ^',
    'nextval in a query within another',
  ],
  ["create view q as select nextval('counter')", '                        ^', 'nextval in a view'],
  ["select nextval('counter'), a from t order by a", '', 'nextval beside ORDER BY'],
  [
    "create table u (a text default 'n' || nextval('counter'))",
    '                               ^',
    'a sequence within a computed DEFAULT',
  ],
  [
    'create table u (a int generated always as (b + 1) stored, b int)',
    '                      ^',
    'GENERATED',
  ],
  ['alter table t add n serial', '                  ^', 'ADD COLUMN that draws from a sequence'],
  ['alter table t alter a set statistics 5', '^', 'ALTER TABLE … SET STATISTICS'],
  ['create table u (a xml)', '                  ^', 'type xml'],
];

test.each(REFUSED)('0A000 names and places the construct in: %s', (sql, caret, construct) => {
  const result = run(sql, ['1']);
  expect(result).toMatchObject({
    kind: 'error',
    sqlstate: '0A000',
    message: `${construct} is not supported`,
  });
  expect(result).toMatchObject({ position: caret === '' ? expect.any(Number) : caret.length });
});

test('0A000 where a view would have to know of what ALTER TABLE does', () => {
  const message = 'ALTER TABLE … ADD COLUMN where a view reads the table is not supported';
  expect(run('alter table t add column z int')).toMatchObject({ sqlstate: '0A000', message });
});

test('positions count from the beginning of what the client sent', () => {
  expect(run("select 'é😀';  select nope from t")).toMatchObject({ sqlstate: '42703', position: 22 });
  expect(run('select 1; selec 2')).toMatchObject({ sqlstate: '42601', position: 11 });
});

const SESSION: readonly (readonly [string, Analysed])[] = [
  ['begin', { kind: 'begin', tag: 'BEGIN', isolation: null, isReadOnly: null, isDeferrable: null }],
  [
    'start transaction isolation level repeatable read',
    {
      kind: 'begin',
      tag: 'START TRANSACTION',
      isolation: 'repeatable read',
      isReadOnly: null,
      isDeferrable: null,
    },
  ],
  [
    'begin isolation level read committed read write',
    { kind: 'begin', tag: 'BEGIN', isolation: 'read committed', isReadOnly: false, isDeferrable: null },
  ],
  [
    'begin isolation level read uncommitted',
    { kind: 'begin', tag: 'BEGIN', isolation: 'read committed', isReadOnly: null, isDeferrable: null },
  ],
  ['commit', { kind: 'commit' }],
  ['end work', { kind: 'commit' }],
  ['rollback', { kind: 'rollback' }],
  ['abort', { kind: 'rollback' }],
  ['vacuum', { kind: 'vacuum', tables: [] }],
  ['vacuum t, pair', { kind: 'vacuum', tables: ['t', 'pair'] }],
  ['analyze t (id)', { kind: 'nothing', tag: 'ANALYZE', alone: null }],
];

test.each(SESSION)('%s goes to the session', (sql, expected) => {
  expect(analysed(sql)).toEqual(expected);
});

/** The access path of a statement, written short. */
function pathOf(sql: string): string {
  const statement = analysed(sql, ['1', '2']);
  if (statement.kind !== 'plan') return statement.kind;
  const { plan } = statement;
  if (plan.kind === 'update' || plan.kind === 'delete') return describeRows(plan.input);
  return plan.kind === 'select' ? describeRows(plan.input) : plan.kind;
}

function describeRows(plan: RowsPlan): string {
  if (plan.kind === 'scan') return describePath(plan.path, plan.filter !== null);
  if (plan.kind === 'sort') return `${describeRows(plan.input)}, sort`;
  return 'input' in plan ? describeRows(plan.input) : plan.kind;
}

function describePath(path: AccessPath, filter: boolean): string {
  const rest = filter ? ', filter' : '';
  if (path.kind !== 'key') return `${path.kind}${rest}`;
  const ends = `${path.low === null ? '' : ', low'}${path.high === null ? '' : ', high'}`;
  const list = path.list === null ? '' : `, list of ${path.list.length}`;
  return `key ${path.prefix.length}${list}${ends}${path.descending ? ', descending' : ''}${rest}`;
}

const PATHS: readonly (readonly [string, string])[] = [
  ['select * from t', 'sequential'],
  ['select * from t where a = 1', 'key 1'],
  ['select * from t where $1 = a', 'key 1'],
  ['select * from t where a = 3000000000', 'key 1'],
  ['select * from t where a = 1 + 1 and b is null', 'key 1, filter'],
  ['select * from t where a = 1.5', 'sequential, filter'],
  ['select * from t where a <> 1', 'sequential, filter'],
  ['select * from t where a = c', 'sequential, filter'],
  ['select * from t where a = 1 or a = 2', 'sequential, filter'],
  ['select * from t where a in (1, $2, 3)', 'key 0, list of 3'],
  ['select * from t where a not in (1, 2)', 'sequential, filter'],
  ['select * from t where a between 1 and 5', 'key 0, low, high'],
  ['select * from t where a > 1 and a > 2', 'key 0, low, filter'],
  ['select * from t where 5 >= a', 'key 0, high'],
  ['select * from t where false', 'nothing'],
  ['select * from t where null', 'nothing'],
  ['select * from t where true', 'sequential'],
  ["select * from pair where k = 'x'", 'key 1'],
  ["select * from pair where k = 'x' and n = 1", 'key 2'],
  ["select * from pair where n = 1 and k in ('x', 'y')", 'key 0, list of 2, filter'],
  ["select * from pair where k = 'x' and n in (1, 2)", 'key 1, list of 2'],
  ["select * from pair where k = 'x' and n > 1 and v = 2", 'key 1, low, filter'],
  ["select * from pair where k > 'x' and n > 1", 'key 0, low, filter'],
  ['select * from pair where n = 1', 'sequential, filter'],
  ['select * from t order by a', 'sequential, sort'],
  ['select * from t order by a limit 3', 'key 0'],
  ['select * from t order by a desc limit 3', 'key 0, descending'],
  ['select * from t where a > 5 order by a desc', 'key 0, low, descending'],
  ['select * from t order by b limit 3', 'sequential, sort'],
  ["select * from pair where k = 'x' order by n", 'key 1'],
  ["select * from pair where k = 'x' order by k desc, n", 'key 1'],
  ['select * from pair order by k, n desc limit 1', 'sequential, sort'],
  ['update t set b = null where a = 1', 'key 1'],
  ['delete from t where a < 1 and b is null', 'key 0, high, filter'],
  ['delete from t where false', 'nothing'],
  ['select count(*) from t where null', 'nothing'],
];

test.each(PATHS)('%s is read by: %s', (sql, expected) => {
  expect(pathOf(sql)).toBe(expected);
});

const PARAMS: readonly (readonly [string, readonly (string | null)[], unknown])[] = [
  ['select a from t where a = $1', ['2'], [['2']]],
  ['select $1 || b from t where a = $2', ['q', '1'], [['qx']]],
  ['select $1::bool, $2, $3 + 1', ['yes', 'text', '41'], [['t', 'text', '42']]],
  ['select coalesce($1, 5), $2 is null', [null, null], [['5', 't']]],
  // A request's parameters are shared by its statements: one may leave some out.
  ['select $2', ['a', 'b'], [['b']]],
  ['select a from t where c = $1 limit $2', ['30', '1'], [['3']]],
];

test.each(PARAMS)('%s with %j', (sql, params, rows) => {
  expect(run(sql, params)).toMatchObject({ kind: 'rows', rows });
});

const PARAM_ERRORS: readonly (readonly [string, readonly string[], string])[] = [
  ['select $1', [], '42P02'],
  ['select a from t where a = $1', ['x'], '22P02'],
  ['select a from t where a = $1', ['3000000000'], '22003'],
  ['select $1, $1 + 1', ['1'], '42P08'],
  ['select $1', ['a\0'], '22021'],
  ['select $1', ['\ud800'], '22021'],
  ['select $4000000', ['1'], '42P02'],
];

test.each(PARAM_ERRORS)('%s with %j is %s', (sql, params, sqlstate) => {
  expect(run(sql, params)).toMatchObject({ kind: 'error', sqlstate });
});

const FORMATS: readonly (readonly [string, string])[] = [
  ['1e14::float8', '100000000000000'],
  ['1e15::float8', '1e+15'],
  ['1e-5::float8', '1e-05'],
  ['0.0001::float8', '0.0001'],
  ['round(2.675, 2)', '2.68'],
  ['round(-1234.5, -2)', '-1200'],
  ['trunc(1.999, 2)', '1.99'],
  ['avg(a)', '2.0000000000000000'],
  ['upper(b)', 'é'],
];

test.each(FORMATS)('%s is %s', (expression, expected) => {
  const from = expression.includes('(b)')
    ? ' from t where a = 3'
    : expression.includes('(a)')
      ? ' from t'
      : '';
  expect(run(`select ${expression}${from}`)).toMatchObject({ kind: 'rows', rows: [[expected]] });
});

const LIMITS: readonly (readonly [string, string])[] = [
  [`select ${'- '.repeat(80)}a from t`, '54001'],
  [`select ${Array.from({ length: 201 }, () => '1').join(', ')}`, '54011'],
  [`create table u (${Array.from({ length: 101 }, (_, i) => `c${i} int`).join(', ')})`, '54011'],
  ["select repeat('x', 2000000000)", '54000'],
  ["select replace(repeat('x', 1000000), 'x', repeat('y', 1000))", '54000'],
  ["select lpad('x', 2000000000)", '54000'],
  [`select ${'9'.repeat(131_073)}`, '22003'],
  ['select 1e200000', '22003'],
];

test.each(LIMITS)('a limit: %.40s … is %s', (sql, sqlstate) => {
  expect(run(sql)).toMatchObject({ kind: 'error', sqlstate });
});

const HELD: readonly (readonly [sql: string, what: string])[] = [
  ['select x.n from held x order by 1', 'a sort'],
  ['select count(*) from held x join held y on x.m = y.m', 'a join'],
  ['select count(*) from held x, held y', 'a join'],
  ['select n from held where n > all (select m from held)', 'a subquery'],
  ['select n from held union select m from held', 'DISTINCT'],
  ['select n from held intersect select m from held', 'INTERSECT'],
  ['select n, count(*) from held group by n', 'GROUP BY'],
  ['select distinct on (n) m from held order by n', 'a sort'],
  ['select sum(n) over (order by m) from held', 'a window function'],
  ['update held set m = o.n from (values (1), (2)) o(n)', 'a statement that writes what it reads'],
  [
    'with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r',
    'the WITH query "r"',
  ],
  ['insert into held select n + 100, m from held', 'a statement that writes what it reads'],
];

test.each(HELD)('53200 beyond the rows that an operator may hold: %s', (sql, what) => {
  const small = makeMemorySession(makeMemoryDatabase());
  small.heldRows = 10;
  const rows = Array.from({ length: 11 }, (_, i) => `(${i}, ${i})`).join(', ');
  const results = parseSql(
    `create table held (n int primary key, m int); insert into held values ${rows}; ${sql}`,
  ).map((statement) => runStatement(small, statement));
  expect(results.at(-1)).toMatchObject({
    kind: 'error',
    sqlstate: '53200',
    message: `out of memory: ${what} can hold at most 10 rows`,
  });
});

test('a result of more than 10000 rows is refused, LIMIT stops early', () => {
  run('create table big (n int primary key)');
  for (let i = 0; i < 11; i++) {
    const rows = Array.from({ length: 1000 }, (_, k) => `(${i * 1000 + k})`);
    run(`insert into big values ${rows.join(', ')}`);
  }
  expect(run('select * from big')).toMatchObject({ kind: 'error', sqlstate: '53400' });
  expect(run('select count(*), sum(n) from big')).toMatchObject({ rows: [['11000', '60494500']] });
  const statement = analysed('select n from big limit 5');
  if (statement.kind !== 'plan') throw new Error('not a plan');
  const { step } = runExecution(startExecution(statement.plan, []), memoryAccess(session.db), {
    executionSteps: 6,
    heldRows: 10,
  });
  expect(step).toMatchObject({ kind: 'done', result: { tag: 'SELECT 5' } });
});
