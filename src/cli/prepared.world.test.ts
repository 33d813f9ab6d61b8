// Prepared transactions under a crash of the writer, before and after each durable step (docs/spec/transactions.md): what was
// answered is so, a transaction is whole or not there, and its rows are held while it is in doubt. On tablets it is refused.

import { expect, test } from 'vitest';
import { drawnOf } from '../testing/depth.ts';
import { type AnsweredRun, eventsIn, lastAnswers, runTapeText } from './tape-fixture.ts';

const run = (preset: string, untilMs: number, lines: readonly string[]): Promise<AnsweredRun> =>
  runTapeText(
    ['postdb-tape 1', 'engine 0.5.0', `preset ${preset}`, 'profile demo', 'seed 9', '', ...lines].join('\n'),
    untilMs,
  );

const MADE = [
  '200.000 sql d1 setup "CREATE TABLE t (k int PRIMARY KEY, v int)"',
  '260.000 sql d1 setup "INSERT INTO t VALUES (1, 10), (2, 20)"',
];
const PREPARES = `500.000 sql d1 a "BEGIN; UPDATE t SET v = v + 1; PREPARE TRANSACTION 'x'"`;
const crashAt = (ms: number): string => `${ms.toFixed(3)} crash rw-1 for 30.000 ms`;
const DECIDES = `1500.000 sql d1 b "COMMIT PREPARED 'x'"`;
const ASKED = [
  '1400.000 sql d1 held "SELECT k FROM t WHERE k = 1 FOR UPDATE NOWAIT"',
  '1450.000 sql d1 before "SELECT sum(v) FROM t"',
  DECIDES,
];

const READ = [
  '2500.000 sql d1 after "SELECT sum(v) FROM t"',
  '2600.000 sql d1 free "SELECT k FROM t WHERE k = 1 FOR UPDATE NOWAIT"',
];

const MOMENTS = [0.2, 0.8, 1.5, 2.2, 3, 4.5, 8];

test.each(drawnOf(['cynosdb', 'cynosdb-ha', 'polardb']))(
  'TXN-2 TXN-3 on %s what was prepared outlives its writer, whole and with its rows, wherever that dies',
  async (preset) => {
    const found = { prepared: 0, not: 0 };
    for (const ms of MOMENTS) {
      const one = await run(preset, 2900, [...MADE, PREPARES, crashAt(500 + ms), ...ASKED, ...READ]);
      expect([ms, one.monitors.violations]).toEqual([ms, []]);
      const told = lastAnswers(one);
      const isPrepared = told.b === 'COMMIT PREPARED';
      if (/^(?:PREPARE TRANSACTION|REPLAYED)$/.test(told.a ?? ''))
        expect([ms, isPrepared]).toEqual([ms, true]);
      expect([ms, told.b, told.held, told.before, told.after, told.free]).toEqual(
        isPrepared
          ? [ms, 'COMMIT PREPARED', 'error 55P03', '30', '32', '1']
          : [ms, 'error 42704', '1', '30', '30', '1'],
      );
      found[isPrepared ? 'prepared' : 'not']++;
      for (const report of one.fsck()) expect(report.findings).toEqual([]);
    }
    expect(found.prepared).toBeGreaterThan(0);
  },
);

test.each(drawnOf(['cynosdb', 'cynosdb-ha', 'polardb']))(
  'TXN-4 on %s a decision is carried out once, wherever the writer dies',
  async (preset) => {
    for (const ms of MOMENTS) {
      const one = await run(preset, 2900, [...MADE, PREPARES, DECIDES, crashAt(1500 + ms), ...READ]);
      expect([ms, one.monitors.violations]).toEqual([ms, []]);
      const told = lastAnswers(one);
      expect([ms, told.b]).toEqual([ms, expect.stringMatching(/^(?:COMMIT PREPARED|REPLAYED)$/)]);
      expect([ms, told.after, told.free]).toEqual([ms, '32', '1']);
      expect([ms, eventsIn(one, 'tx.prepared').length]).toEqual([ms, 1]);
      for (const report of one.fsck()) expect(report.findings).toEqual([]);
    }
  },
);

test('on tablets preparing is refused by name', async () => {
  const one = await run('postdb-v4', 900, [
    '200.000 sql d1 setup "CREATE TABLE t (k int PRIMARY KEY, v int)"',
    '400.000 sql d1 a "BEGIN"',
    '450.000 sql d1 a "INSERT INTO t VALUES (1, 10)"',
    `600.000 sql d1 a "PREPARE TRANSACTION 'x'"`,
    `650.000 sql d1 b "COMMIT PREPARED 'x'"`,
    '700.000 sql d1 c "SELECT count(*) FROM t"',
  ]);
  expect(one.monitors.violations).toEqual([]);
  expect(lastAnswers(one)).toMatchObject({ a: 'error 0A000', b: 'error 0A000', c: '0' });
});
