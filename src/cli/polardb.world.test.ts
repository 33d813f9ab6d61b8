// `polardb` (docs/spec/logindex.md, polarfs.md): SQL on WAL and pages that are files of a shared device, whose chunks three servers keep.
// The writer dies at each of its steps and begins again from its checkpoint; chunk servers and nodes of the metadata die beside it.

import { describe, expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { drawnOf } from '../testing/depth.ts';
import {
  commitsIn,
  inOrder,
  lastAnswer,
  readBack,
  runPolardb,
  shown,
  sql,
  WHOLE,
} from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

describe('a writer on shared storage', () => {
  test('LI-3 LI-9 LI-41 FS-70 commits go through files on chunk servers, and pages are stored behind their WAL', async () => {
    const one = await runPolardb([readBack(580)], 850);
    expect(one.monitors.violations).toEqual([]);
    expect(lastAnswer(one)).toBe(WHOLE);
    expect(commitsIn(one)).toBeGreaterThan(50);
    expect(eventsIn(one, 'page.stored').length).toBeGreaterThan(40);
    expect(eventsIn(one, 'checkpoint.done').length).toBeGreaterThan(0);
    for (const rule of [
      'wal.before-data',
      'shared.ack-after-sync',
      'redo.whole',
      'chunk.majority',
      'chunk.token-order',
      'pfs.journal-atomic',
      'pfs.fsck-clean',
      'checkpoint.covers',
    ] as const)
      expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  });

  test('LI-31 LI-38 LI-46 LI-47 LI-73 FENCE-2 a writer that dies at any of its steps begins again from redo under a new token', async () => {
    // whoever writes trips over the armed step; the others are disarmed when all are up again
    const nodes = ['rw-1', 'ro-1', 'ro-2'];
    const steps = ['before walSynced', 'after pageStored', 'after walSynced', 'before checkpointed'];
    const lines = steps.flatMap((step, i) => {
      const at = 250 + i * 400;
      return [
        ...nodes.map((node) => `${at}.000 crashOn ${node} ${step}`),
        ...nodes.map((node) => `${at + 300}.000 disarm ${node}`),
        ...nodes.map((node) => `${at + 301}.000 restart ${node}`),
      ];
    });
    const one = await runPolardb([...lines, readBack(1850)], 2150);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'node.down').length).toBeGreaterThanOrEqual(5);
    const redone = eventsIn(one, 'redo.done');
    expect(redone.length).toBeGreaterThanOrEqual(5);
    expect(redone.some(({ redoLsn }) => redoLsn > 100)).toBe(true);
    expect(new Set(redone.map(({ token }) => token)).size).toBe(redone.length);
    // of pages that were stored behind the last checkpoint replay applies what is above their images, or nothing
    const stored = eventsIn(one, 'redo.page').filter(({ pageLsn }) => pageLsn >= (redone[0]?.redoLsn ?? 0));
    expect(stored.some(({ records }) => records === 0)).toBe(true);
    const redos = redone.map(({ redoLsn }) => redoLsn);
    expect(redos).toEqual([...redos].sort((a, b) => a - b));
    expect(lastAnswer(one)).toBe(WHOLE);
    expect(commitsIn(one, 1800)).toBeGreaterThan(0);
  });

  test('FS-70 FS-71 each chunk server is lost in turn, and the writer goes on', async () => {
    const lines = [1, 2, 3].flatMap((i) => [
      `${200 + i * 100}.000 crash cs-${i}`,
      `${250 + i * 100}.000 restart cs-${i}`,
    ]);
    const one = await runPolardb([...lines, readBack(650)], 950);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'chunk.leads').length).toBeGreaterThan(6);
    expect(eventsIn(one, 'mount.lost')).toEqual([]);
    expect(lastAnswer(one)).toBe(WHOLE);
  });

  test('FS-70 M86 a chunk server that says what is not on its disk yet is found by what the majority has', async () => {
    const honest = await runPolardb([], 150);
    expect(honest.monitors.violations).toEqual([]);
    expect(honest.monitors.exercised['chunk.majority']).toBeGreaterThan(10);
    const planted = await runPolardb([], 150, 3, ['broken raft.says-before-durable']);
    expect(planted.monitors.violations[0]?.rule).toBe('chunk.majority');
  });

  test('FS-72 FS-82 without a majority nothing is acknowledged, and the mount begins anew under another token', async () => {
    const one = await runPolardb(
      [
        '300.000 crash cs-1',
        '301.000 crash cs-2',
        '3600.000 restart cs-1',
        '3610.000 restart cs-2',
        readBack(3950),
      ],
      4300,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(
      one.trace.filter(({ at, event }) => event.kind === 'commit.ack' && at > 303_000 && at < 3_600_000),
    ).toEqual([]);
    expect(eventsIn(one, 'mount.lost').length).toBeGreaterThan(0);
    expect(lastAnswer(one)).toBe(WHOLE);
    expect(commitsIn(one, 3700)).toBeGreaterThan(0);
  });

  test.each(drawnOf([5, 6, 7]))('FS-66 LI-47 nodes of each kind die at random, seed %d', async (seed) => {
    const prng = makePrng(seed, 'polardb');
    const nodes = ['rw-1', 'cs-1', 'cs-2', 'cs-3', 'pcs-1', 'pcs-2', 'pcs-3'];
    const lines = Array.from({ length: 14 }, (_, i) => {
      const at = 220 + i * 100 + nextBelow(prng, 60);
      const node = i % 2 === 0 ? 'rw-1' : (nodes[nextBelow(prng, nodes.length)] ?? 'rw-1');
      return [`${at}.000 crash ${node}`, `${at + 15 + nextBelow(prng, 20)}.000 restart ${node}`];
    }).flat();
    const inserts = Array.from({ length: 40 }, (_, i) =>
      sql(215 + i * 35, `INSERT INTO accounts VALUES (${1000 + i}, 'x', 0)`, `i${i}`),
    );
    const all = [...lines, ...inserts].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
    const read = sql(2300, 'SELECT id FROM accounts WHERE id >= 1000 ORDER BY id', 'read');
    // the same node writes again, however far it lags (FENCE-22)
    const own = ['set candidateMaxLagLsns 10000'];
    const one = await runPolardb([...all, readBack(2200), read], 2700, seed, own);
    expect(one.monitors.violations).toEqual([]);
    const answers = [...one.answers.values()].map(shown);
    expect(answers.filter((answer) => answer.startsWith('100000,')).length).toBe(1);
    const rows = one.answers.get('q2300000.0');
    const found = new Set((rows === undefined ? '' : shown(rows)).split(';'));
    const answerOf = (i: number): string => {
      const answer = one.answers.get(`q${(215 + i * 35) * 1000}.0`);
      return answer === undefined ? '' : shown(answer);
    };
    const acked = inserts.flatMap((_, i) => (answerOf(i) === 'INSERT 0 1' ? [`${1000 + i}`] : []));
    expect(acked.length).toBeGreaterThan(20);
    for (const id of acked) expect(found.has(id), id).toBe(true);
    expect(eventsIn(one, 'redo.done').length).toBeGreaterThan(3);
    expect(eventsIn(one, 'node.down').length).toBeGreaterThan(10);
    expect(eventsIn(one, 'checkpoint.done').length).toBeGreaterThan(2);
  });
});

test('LI-55 a view that is open at a reader holds every frame of the writer: statements wait until it ends, and no page is stored beyond it', async () => {
  const insert = (i: number): string => {
    const rows = Array.from({ length: 5 }, (_, k) => `(${i * 5 + k}, '${'x'.repeat(160)}')`);
    return sql(330 + i * 3, `INSERT INTO wide VALUES ${rows.join(', ')}`, `wide${i % 3}`);
  };
  const lines = [
    sql(230, 'CREATE TABLE wide (id int PRIMARY KEY, v text)', 'wide'),
    '290.000 session d1 hold ro-1 session',
    sql(300, 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'hold'),
    sql(310, 'SELECT sum(balance), count(*) FROM accounts', 'hold'),
    ...Array.from({ length: 60 }, (_, i) => insert(i)),
    sql(900, 'SELECT sum(balance), count(*) FROM accounts', 'hold'),
    sql(910, 'COMMIT', 'hold'),
    sql(1400, 'SELECT count(*) FROM wide', 'wide'),
    readBack(1450),
  ];
  const one = await runPolardb(inOrder(lines), 2200, 3, ['set bufferPages 36']);
  expect(one.monitors.violations).toEqual([]);
  expect(one.monitors.exercised['page.flush-gate']).toBeGreaterThan(0);
  const stalls = eventsIn(one, 'flush.backpressure');
  expect(stalls.length).toBeGreaterThan(0);
  expect(stalls.every(({ blocked }) => blocked > 18)).toBe(true);
  expect(stalls.some(({ readers }) => readers === 'ro-1')).toBe(true);
  const between = (from: number, to: number): number =>
    one.trace.filter(({ at, event }) => event.kind === 'commit.ack' && at > from && at < to).length;
  expect(between(330_000, 400_000)).toBeGreaterThan(10);
  expect(between(600_000, 900_000)).toBe(0);
  expect(between(950_000, 1_400_000)).toBeGreaterThan(20);
  const answers = [...one.answers.values()].map(shown);
  expect(answers).toContain('300');
  expect(answers.filter((answer) => answer === WHOLE).length).toBe(3);
});

describe('readers on shared storage', () => {
  const READER_RULES = ['page.flush-gate', 'ro.never-behind', 'logidx.complete'] as const;
  const reads = (from: number, count: number, step: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      sql(from + i * step, 'SELECT sum(balance), count(*) FROM accounts', `r${i}`),
    );
  test('LI-2 LI-3 LI-34 LI-37 LI-40 readers get metadata only, read pages in shared storage, and hold flushes back', async () => {
    const one = await runPolardb(
      inOrder([...reads(300, 30, 20), '500.000 cut rw-1 | ro-1 for 15.000 ms']),
      1000,
    );
    expect(one.monitors.violations).toEqual([]);
    for (const rule of READER_RULES) expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
    expect(eventsIn(one, 'ro.ready').length).toBeGreaterThanOrEqual(2);
    const replayed = eventsIn(one, 'ro.replayed');
    expect(
      replayed.filter(({ records, source }) => records > 0 && source === 'STORAGE').length,
    ).toBeGreaterThan(0);
    expect(replayed.filter(({ records, source }) => records > 0 && source === 'POOL').length).toBeGreaterThan(
      0,
    );
    expect(eventsIn(one, 'flush.blocked').length).toBeGreaterThan(0);
    expect(eventsIn(one, 'index.saved').length).toBeGreaterThan(0);
    expect(eventsIn(one, 'ro.future')).toEqual([]);
    // LI-2
    const calls = eventsIn(one, 'fs.done').filter(({ mode }) => mode === 'ro');
    expect(new Set(calls.map(({ call }) => call))).toEqual(new Set(['pread']));
    const answers = [...one.answers.values()].map(shown).filter((answer) => answer !== '');
    expect(answers.length).toBeGreaterThan(20);
    expect(new Set(answers)).toEqual(new Set([WHOLE]));
  });

  test('LI-60 LI-61 LI-63 a reader that is silent loses its slot and serves nothing until it has another', async () => {
    const one = await runPolardb(
      inOrder([
        ...reads(300, 40, 20),
        '400.000 cut rw-1 | ro-1 for 150.000 ms',
        '700.000 freeze ro-2 for 120.000 ms',
      ]),
      1200,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'slot.dropped').map(({ reader }) => reader)).toEqual(
      expect.arrayContaining(['ro-1', 'ro-2']),
    );
    expect(eventsIn(one, 'ro.lost').length).toBeGreaterThanOrEqual(2);
    expect(eventsIn(one, 'ro.ready').length).toBeGreaterThanOrEqual(4);
    const answers = [...one.answers.values()].map(shown).filter((answer) => answer !== '');
    expect(new Set(answers)).toEqual(new Set([WHOLE]));
  });

  test.each(drawnOf([11, 12, 13]))(
    'LI-7 LI-62 LI-63 readers, their writer and chunk servers die at random, and every read is of one LSN, seed %d',
    async (seed) => {
      const prng = makePrng(seed, 'readers');
      const nodes = ['rw-1', 'ro-1', 'ro-2', 'cs-1', 'cs-2', 'cs-3'];
      const lines = Array.from({ length: 12 }, (_, i) => {
        const at = 300 + i * 110 + nextBelow(prng, 60);
        const node = nodes[nextBelow(prng, nodes.length)] ?? 'rw-1';
        return [`${at}.000 crash ${node}`, `${at + 15 + nextBelow(prng, 20)}.000 restart ${node}`];
      }).flat();
      const one = await runPolardb(inOrder([...lines, ...reads(310, 60, 25)]), 2200, seed);
      expect(one.monitors.violations).toEqual([]);
      for (const rule of READER_RULES) expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
      expect(eventsIn(one, 'node.down').length).toBeGreaterThan(8);
      expect(eventsIn(one, 'ro.ready').length).toBeGreaterThan(3);
      const answers = [...one.answers.values()].map(shown);
      const whole = answers.filter((answer) => answer === WHOLE);
      expect(whole.length).toBeGreaterThan(20);
      // what was not answered with the sum was answered with an error
      expect(answers.filter((answer) => /^\d+,\d+$/.test(answer) && answer !== WHOLE)).toEqual([]);
    },
  );
});
