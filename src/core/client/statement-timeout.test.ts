// statement_timeout as the driver follows it (docs/spec/failover.md FENCE-47, read.md READ-46).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { afterAnswer, afterLoss, type SessionTimeout, timeoutMs } from './statement-timeout.ts';

beforeAll(loadSqlParser);

/** Requests of one session in order, each with whether a transaction is open after it, `!`: COMMIT was answered ROLLBACK, `lost`: nobody answered. */
function msAfter(requests: readonly string[]): number {
  let timeout: SessionTimeout | undefined;
  let isOpen = false;
  for (const sql of requests) {
    if (sql === 'lost') {
      isOpen = false;
      afterLoss(timeout);
      continue;
    }
    if (/begin/i.test(sql)) isOpen = true;
    if (/commit|rollback(?! to)/i.test(sql)) isOpen = false;
    const results = sql
      .split(';')
      .map((one) => ({ kind: 'done', tag: one.endsWith('!') ? 'ROLLBACK' : 'DONE' }) as const);
    timeout = afterAnswer(timeout, parseSql(sql.replaceAll('!', '')), results, isOpen);
  }
  return timeoutMs(timeout);
}

test.each<[readonly string[], number]>([
  [['SELECT 1'], 0],
  [["SET statement_timeout = '20ms'"], 20],
  [['set STATEMENT_TIMEOUT to 1500'], 1500],
  [["SET statement_timeout = '2s'", 'RESET statement_timeout'], 0],
  [["SET statement_timeout = '2s'", 'RESET ALL'], 0],
  [["SET statement_timeout = '2s'", 'SET lock_timeout = 5'], 2000],
  [['SET LOCAL statement_timeout = 7'], 0],
  [['BEGIN', 'SET LOCAL statement_timeout = 7'], 7],
  [['SET statement_timeout = 9', 'BEGIN', 'SET LOCAL statement_timeout = 7', 'COMMIT'], 9],
  [['BEGIN', 'SET statement_timeout = 7', 'COMMIT'], 7],
  [['BEGIN', 'SET statement_timeout = 7', 'COMMIT!'], 0],
  [['SET statement_timeout = 9', 'BEGIN', 'SET statement_timeout = 7', 'ROLLBACK'], 9],
  [['SET statement_timeout = 9', 'BEGIN', 'SET statement_timeout = 7', 'lost'], 9],
  [['BEGIN', 'SET statement_timeout = 7', 'SAVEPOINT a', 'SET statement_timeout = 8', 'ROLLBACK TO a'], 7],
  [
    ['BEGIN', 'SET statement_timeout = 7', 'SAVEPOINT a', 'SET statement_timeout = 8', 'RELEASE a', 'COMMIT'],
    8,
  ],
  [['BEGIN; SET statement_timeout = 7; COMMIT; SELECT 1'], 7],
  [['BEGIN; SET statement_timeout = 7; COMMIT; BEGIN; SELECT 1; ROLLBACK!'], 7],
])('FENCE-47 after %j a statement may take %d ms', (requests, ms) => {
  expect(msAfter(requests)).toBe(ms);
});
