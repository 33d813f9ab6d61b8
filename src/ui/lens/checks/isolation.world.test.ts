// Isolation as a real run records it: clean under faults, and not when the protocol is broken.

import { describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import { recordedTransactions } from '../../../run-model/recorder/past-transactions.ts';
import { judgeIsolation } from '../../../sim/checks/isolation.ts';
import { shootWorld, type WorldShot } from '../../testing/world-frame.ts';
import { findConflict } from './conflict.ts';
import { historyNeed } from './history-need.ts';
import { refusalsIn, xidText } from './refusals.ts';

const clients =
  '0.000 workload d1 kind=register rows=3 clients=4 thinkUs=500 ratePerSecond=0 readPercent=50 hotPercent=80 valueBytes=8 load=true';

const pastOf = (shot: WorldShot, fromMs = 0) =>
  shot.past({
    from: fromMs * 1000,
    to: 1_000_000,
    minRank: 0,
    kinds: ['op.invoke', 'op.return', 'node.open'],
    withMessages: false,
    known: null,
    limit: 20_000,
  });

describe('C02 what a run records', () => {
  test('four clients on three keys: dependencies of every kind, no cycle', async () => {
    const shot = shootWorld({
      edge: await loadSqlEdge(),
      lines: [clients, '50.000 crash store-2 for 20.000 ms'],
      atMs: 120,
      view: {},
    });
    const { transactions, withoutValues, isWhole } = recordedTransactions(pastOf(shot));
    expect(isWhole).toBe(true);
    expect(withoutValues).toBe(0);
    const judged = judgeIsolation(transactions, isWhole);
    expect(judged.anomaly).toBeNull();
    for (const kind of ['ww', 'wr', 'rw', 'rt'] as const) expect(judged.counts[kind]).toBeGreaterThan(5);
    expect(recordedTransactions(pastOf(shot, 50)).isWhole).toBe(false);
  });

  const meeting = (kind: string): string =>
    `0.000 workload d1 kind=${kind} rows=2 clients=3 thinkUs=300 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=8 load=true`;

  test.each([
    ['write-skew', 'G2', ['rw', 'rw']],
    ['lost-update', 'lostUpdate', ['rw', 'ww']],
  ])(
    '%s: what the isolation level permits shows as a cycle of two, without any fault',
    async (kind, name, edges) => {
      const shot = shootWorld({ edge: await loadSqlEdge(), lines: [meeting(kind)], atMs: 120, view: {} });
      const { transactions, withoutValues, isSingle, isWhole } = recordedTransactions(pastOf(shot));
      expect([withoutValues, isSingle, isWhole]).toEqual([0, false, true]);
      const done = transactions.filter(({ outcome }) => outcome === 'ok');
      expect(done.length).toBeGreaterThan(20);
      for (const { reads, writes, ownReads, scn } of done) {
        expect(ownReads).toHaveLength(kind === 'write-skew' ? 0 : 1);
        expect(reads).toHaveLength(2);
        expect(writes).toHaveLength(1);
        expect(scn).not.toBeNull();
      }
      const { anomaly } = judgeIsolation(transactions, isWhole);
      expect(anomaly).toMatchObject({ name, needsTime: false });
      expect(anomaly?.edges.map((edge) => edge.kind).sort()).toEqual(edges);
      expect(shot.frame.violations).toEqual([]);
      // Repeatable read refuses whoever would write over what came after its snapshot; read committed refuses nobody.
      const refused = pastOf(shot).events.filter(
        ({ event }) => event.kind === 'op.return' && event.value === '40001',
      );
      expect(refused.length > 0).toBe(kind === 'write-skew');
    },
  );

  test('acknowledged before the sync, then a power cut: a read that misses an acknowledged write closes a cycle', async () => {
    const stores = ['store-1', 'store-2', 'store-3'];
    const shot = shootWorld({
      edge: await loadSqlEdge(),
      mutants: ['store.ack-before-durable'],
      lines: [
        clients,
        ...stores.map((id) => `60.000 diskSlow ${id} 3000 %`),
        '68.000 crash rw-1',
        ...stores.map((id) => `68.000 crash ${id} loseAll`),
        ...stores.map((id) => `75.000 diskOk ${id}`),
        ...[...stores, 'rw-1'].map((id) => `76.000 restart ${id}`),
      ],
      atMs: 130,
      view: {},
    });
    const lost = shot.frame.violations.find(({ rule }) => rule === 'wal.acked-survives');
    if (lost === undefined) throw new Error('the promise was kept');
    const { offence, against } = findConflict(lost, shot.events);
    expect(offence?.listed.event.kind).toBe('recovery.computed');
    expect(against?.listed.event.kind).toBe('commit.ack');
    expect(against?.lsn).toBeGreaterThan(offence?.lsn ?? Number.POSITIVE_INFINITY);
    const { transactions, isWhole } = recordedTransactions(pastOf(shot));
    const { anomaly } = judgeIsolation(transactions, isWhole);
    expect(anomaly?.needsTime).toBe(true);
    expect(anomaly?.edges.map(({ kind }) => kind)).toContain('rw');
  });

  test('a serializable transaction that is refused is listed with its pivot and PostgreSQL’s reason', async () => {
    const both = (ms: number, a: string, b = a): readonly string[] => [
      `${ms}.000 sql d1 a "${a}"`,
      `${ms + 5}.000 sql d1 b "${b}"`,
    ];
    const shot = shootWorld({
      edge: await loadSqlEdge(),
      lines: [
        '6.000 sql d1 "create table duty (id int primary key, free int)"',
        '14.000 sql d1 "insert into duty values (1, 0), (2, 0)"',
        ...both(30, 'begin isolation level serializable'),
        ...both(40, 'select sum(free) from duty'),
        ...both(50, 'update duty set free = 1 where id = 1', 'update duty set free = 1 where id = 2'),
        ...both(60, 'commit'),
      ],
      atMs: 100,
      view: {},
    });
    const refusals = refusalsIn(
      shot.past({ ...historyNeed, from: 0, to: 100_000, known: null, limit: 1000 }),
    );
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatchObject({ node: 'rw-1', event: { reason: expect.stringContaining('pivot') } });
    expect(refusals[0]?.event.tx).toBeGreaterThan(0);
    expect(xidText(0)).toBe('–');
  });
});
