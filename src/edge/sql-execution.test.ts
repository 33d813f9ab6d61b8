// Executions in adversity: pages missing at any call, budgets used up, rows held or changed by other transactions.

import { beforeAll, expect, test } from 'vitest';
import type { TxId } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { makePrng, nextChance } from '../base/prng.ts';
import { Blocked } from '../core/engine/ports.ts';
import type { Access, WriteOutcome } from '../core/sql/access.ts';
import { analyse } from '../core/sql/analyse.ts';
import { runExecution, startExecution } from '../core/sql/execute.ts';
import type { Execution, ExecutionStep } from '../core/sql/statement.ts';
import { compareResults } from '../core/sql/testing/differential.ts';
import { makeGenerator, nextStatement } from '../core/sql/testing/generator.ts';
import { schemaStatements } from '../core/sql/testing/generator-schema.ts';
import {
  type MemoryDatabase,
  makeMemoryDatabase,
  memoryAccess,
  memoryCatalog,
} from '../core/sql/testing/memory-database.ts';
import { makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

beforeAll(loadSqlParser);

/** The same access with `before` called ahead of every method; it may throw. */
function guarded(access: Access, before: () => void): Access {
  const guard =
    <Args extends unknown[], Result>(method: (...args: Args) => Result) =>
    (...args: Args): Result => {
      before();
      return method(...args);
    };
  return {
    readPoint: access.readPoint,
    now: access.now,
    startedAt: access.startedAt,
    backend: access.backend,
    drawUuid: access.drawUuid,
    drawRandom: access.drawRandom,
    seedRandom: access.seedRandom,
    pagesSeen: access.pagesSeen,
    watchPages: () => null,
    findTable: guard(access.findTable),
    findIndex: guard(access.findIndex),
    findConflict: guard(access.findConflict),
    createIndex: guard(access.createIndex),
    buildIndex: guard(access.buildIndex),
    dropIndex: guard(access.dropIndex),
    createTable: guard(access.createTable),
    createView: guard(access.createView),
    createSchema: guard(access.createSchema),
    createType: guard(access.createType),
    findType: access.findType,
    usersOfType: access.usersOfType,
    relationsIn: guard(access.relationsIn),
    redefineTable: guard(access.redefineTable),
    createSequence: guard(access.createSequence),
    alterSequence: guard(access.alterSequence),
    sequenceState: guard(access.sequenceState),
    nextValue: guard(access.nextValue),
    setValue: guard(access.setValue),
    currentValue: guard(access.currentValue),
    usersOf: guard(access.usersOf),
    findRelation: guard(access.findRelation),
    latest: () => guarded(access.latest(), before),
    parents: () => guarded(access.parents(), before),
    sees: guard(access.sees),
    viewsOf: access.viewsOf,
    referrersOf: access.referrersOf,
    dropTable: guard(access.dropTable),
    truncateTable: guard(access.truncateTable),
    openScan: guard(access.openScan),
    openKeyScan: guard(access.openKeyScan),
    scanRows: guard(access.scanRows),
    insertRow: guard(access.insertRow),
    updateRow: guard(access.updateRow),
    deleteRow: guard(access.deleteRow),
    lockRow: guard(access.lockRow),
  };
}

test('missing pages at any call and steps of one row change no answer', () => {
  const prng = makePrng(5, 'blocked');
  let blocked = 0;
  const calm = makeMemorySession(makeMemoryDatabase());
  const troubled = makeMemorySession(makeMemoryDatabase(), (access) =>
    guarded(access, () => {
      if (!nextChance(prng, 1, 3)) return;
      blocked += 1;
      throw new Blocked([], 0);
    }),
  );
  troubled.budget = 1;
  const generator = makeGenerator(5);
  const differences: string[] = [];
  const statements = schemaStatements().map((sql) => ({ sql, params: [], ordered: true, kind: 'schema' }));
  for (let i = 0; i < 600; i++) {
    const next = statements[i] ?? nextStatement(generator);
    for (const statement of parseSql(next.sql)) {
      const expected = runStatement(calm, statement, next.params);
      const difference = compareResults(next, expected, runStatement(troubled, statement, next.params));
      if (difference !== null) differences.push(`${next.sql}: ${difference}`);
    }
  }
  expect(differences).toEqual([]);
  expect(blocked).toBeGreaterThan(1000);
});

function makeAccounts(): MemoryDatabase {
  const session = makeMemorySession(makeMemoryDatabase());
  for (const statement of parseSql(
    'create table accounts (id int primary key, n int not null, s text); insert into accounts values (1, 10), (2, 20), (3, 30)',
  ))
    runStatement(session, statement);
  return session.db;
}

function start(db: MemoryDatabase, sql: string): Execution {
  const [statement] = parseSql(sql);
  if (statement === undefined) throw new Error('no statement');
  const result = analyse(statement.text, statement.tree, [], memoryCatalog(db));
  if (!result.ok || result.analysed.kind !== 'plan') throw new Error('not a plan');
  return startExecution(result.analysed.plan, []);
}

const step = (execution: Execution, access: Access, budget = 1000): ExecutionStep =>
  runExecution(execution, access, { executionSteps: budget, heldRows: 1000 }).step;

const rowsOf = (db: MemoryDatabase): unknown[] =>
  [...(db.tables.get('accounts')?.rows.values() ?? [])].map((row) => row.slice(0, 2)).sort();

/** Access whose first update or delete of row `id` is answered otherwise. */
function answering(db: MemoryDatabase, id: number, outcome: () => WriteOutcome): Access {
  const access = memoryAccess(db);
  let answered = false;
  const isTarget = (tid: number): boolean => {
    const hit = !answered && db.tables.get('accounts')?.rows.get(tid)?.[0] === id;
    answered ||= hit;
    return hit;
  };
  return {
    ...access,
    updateRow: (table, tid, row) => (isTarget(tid) ? outcome() : access.updateRow(table, tid, row)),
    deleteRow: (table, tid) => (isTarget(tid) ? outcome() : access.deleteRow(table, tid)),
  };
}

test('a held row makes the statement wait for its transaction, then go on where it was', () => {
  const db = makeAccounts();
  const execution = start(db, 'update accounts set n = n + 1');
  const access = answering(db, 2, () => ({ kind: 'wait', tx: 7 as TxId }));
  expect(step(execution, access)).toEqual({ kind: 'wait', tx: 7 });
  expect(rowsOf(db)).toEqual([
    [1, 11],
    [2, 20],
    [3, 30],
  ]);
  expect(step(execution, access)).toMatchObject({ kind: 'done', result: { tag: 'UPDATE 3' } });
  expect(rowsOf(db)).toEqual([
    [1, 11],
    [2, 21],
    [3, 31],
  ]);
});

/** Another transaction's newest version of row 2. */
const CHANGES: readonly (readonly [string, number | null, string, unknown])[] = [
  [
    'update accounts set n = n + 1 where n >= 20',
    25,
    'UPDATE 2',
    [
      [1, 10],
      [2, 26],
      [3, 31],
    ],
  ],
  [
    'update accounts set n = n + 1 where n >= 20',
    5,
    'UPDATE 1',
    [
      [1, 10],
      [2, 5],
      [3, 31],
    ],
  ],
  [
    'update accounts set n = n + 1 where id = 2 and n = 20',
    21,
    'UPDATE 0',
    [
      [1, 10],
      [2, 21],
      [3, 30],
    ],
  ],
  [
    'update accounts set n = n + 1 where n >= 20',
    null,
    'UPDATE 1',
    [
      [1, 10],
      [3, 31],
    ],
  ],
  ['delete from accounts where n >= 20', 25, 'DELETE 2', [[1, 10]]],
  [
    'delete from accounts where n >= 20',
    5,
    'DELETE 1',
    [
      [1, 10],
      [2, 5],
    ],
  ],
];

test.each(CHANGES)('%s when row 2 has become %j meanwhile: %s', (sql, n, tag, rows) => {
  const db = makeAccounts();
  const access = answering(db, 2, () => {
    const found = [...(db.tables.get('accounts')?.rows ?? [])].find(([, row]) => row[0] === 2);
    if (found === undefined) throw new Error('row 2 is gone');
    const [tid] = found;
    if (n === null) {
      db.tables.get('accounts')?.rows.delete(tid);
      return { kind: 'changed', found: null };
    }
    const row = [2, n, null];
    db.tables.get('accounts')?.rows.set(tid, row);
    return { kind: 'changed', found: { tid, row } };
  });
  expect(step(start(db, sql), access)).toMatchObject({ kind: 'done', result: { tag } });
  expect(rowsOf(db)).toEqual(rows);
});

test('an error of the access methods ends the statement with its SQLSTATE', () => {
  const db = makeAccounts();
  const access = answering(db, 2, () => ({
    kind: 'error',
    sqlstate: '40001',
    message: 'could not serialize',
  }));
  expect(step(start(db, 'update accounts set n = 0'), access)).toEqual({
    kind: 'failed',
    error: { sqlstate: '40001', message: 'could not serialize', position: null },
  });
});

test('an execution is plain data: a clone taken at any step ends the same', () => {
  const sql =
    'select s, count(distinct n), max(n) from accounts where id < 3 group by s order by 2 desc limit 1';
  for (const text of [
    sql,
    'select distinct n from accounts order by n desc offset 1',
    'select * from accounts where id in (3, 1)',
    'select a.id, (select sum(b.n) from accounts b where b.n <= a.n) from accounts a left join accounts c on c.id = a.id + 1 and exists (select 1 from accounts d where d.id = c.id) order by 1',
    'select a.id, t.n from accounts a, lateral (select n from accounts b where b.id <= a.id order by n desc limit 1) t where a.n not in (select n + 1 from accounts)',
    'select id from accounts union all select n from accounts except all select n from accounts where id = 2',
  ]) {
    const db = makeAccounts();
    let execution = start(db, text);
    let last = step(execution, memoryAccess(db), 1);
    let yields = 0;
    while (last.kind === 'yield') {
      execution = clonePlain(execution);
      last = step(execution, memoryAccess(db), 1);
      yields += 1;
    }
    expect(yields).toBeGreaterThan(1);
    expect(last).toEqual(step(start(db, text), memoryAccess(db)));
  }
});

test('UPDATE and INSERT … SELECT never meet the rows that they write', () => {
  const db = makeAccounts();
  expect(step(start(db, 'update accounts set id = id + 10 where id > 0'), memoryAccess(db))).toMatchObject({
    result: { tag: 'UPDATE 3' },
  });
  expect(
    step(start(db, 'insert into accounts select id + 100, n from accounts'), memoryAccess(db), 1000),
  ).toMatchObject({ result: { tag: 'INSERT 0 3' } });
  expect(rowsOf(db)).toHaveLength(6);
});
