// Which transactions are said to be left open, and in which words.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { t } from '../i18n/i18n.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { openTransactions, openTransactionText } from './open-transactions.ts';

const edge = await loadSqlEdge();

test('WAL-22 a transaction that a session of the console or a client has left open is said, and a load’s is not', () => {
  const { frame } = shootWorld({
    edge,
    preset: 'cynosdb',
    seed: 3,
    lines: [
      '0.000 workload d1 main kind=transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
      '40.000 sql d1 A "begin; select 1"',
      '41.000 sql d1 pg2_k3 "begin; select nonsense"',
      '42.000 sql d1 other "begin; select 1"',
    ],
    atMs: 60,
    view: { detail: true },
  });
  expect(openTransactions(frame.nodes).map((one) => openTransactionText(one, t))).toEqual([
    expect.stringMatching(/^Session A of d1 has had a transaction open on rw-1 for [\d.]+ ms$/),
    'Client 2 of d1: a statement failed on rw-1, only a rollback ends its transaction',
  ]);
});
