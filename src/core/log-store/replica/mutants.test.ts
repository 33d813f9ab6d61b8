// Planted bugs of the storage node, each against the honest run of the same transcript.

import { expect, test } from 'vitest';
import type { Lsn, Term } from '../../../base/ids.ts';
import type { MutantName } from '../../kernel/mutants.ts';
import { B, batch, chainOf, entries, GROUP, installToken, readPage, record } from './message-fixture.ts';
import {
  advance,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  lastSent,
  type Rig,
  reopenUnder,
  takeSent,
} from './store-fixture.ts';

const both = (name: MutantName): [Rig, Rig] => [createdRig(), createdRig({ mutants: [name] })];

test('store.ack-before-durable: the SCL of an ack that no disk holds (WAL-28)', () => {
  const acked = both('store.ack-before-durable').map((rig) => {
    deliver(rig, batch(chainOf([1, 2])));
    const acknowledged = takeSent(rig, 'WriteAck').map(({ scl }) => scl);
    return [acknowledged, groupOf(crash(rig)).scl];
  });
  expect(acked).toEqual([
    [[], 0],
    [[2], 0],
  ]);
});

test('store.token-in-memory-only: a restart forgets the promise, and tells it when it opens (FENCE-4)', () => {
  const opened = both('store.token-in-memory-only').map((rig) => {
    deliverAndSettle(rig, installToken(5));
    expect(lastSent(rig, 'InstallAck').maxToken).toBe(5);
    const again = crash(rig);
    return eventsOf(again, 'store.open').map(({ maxToken }) => maxToken);
  });
  expect(opened).toEqual([[5], [1]]);
});

test('store.no-truncate: annulled records stay and are read (HOLE-43, WAL-56)', () => {
  const read = both('store.no-truncate').map((rig) => {
    deliverAndSettle(rig, batch(chainOf([1, 2, 3, 4])));
    reopenUnder(rig, 2, entries([1, 0, -1], [2, 103, 2]), 2, 2);
    deliverAndSettle(
      rig,
      batch([record(103, { prevGroup: 2, prevBlock: -1, term: 2 })], { token: 2, vdl: 103 }),
    );
    const { removed } = eventsOf(rig, 'recovery.history')[0] ?? { removed: [] };
    rig.sent = [];
    deliver(rig, readPage(4, 4));
    return [removed, lastSent(rig, 'PageReply').pageLsn];
  });
  expect(read).toEqual([
    [[3, 4], 2],
    [[], 4],
  ]);
});

test('hole.sent-lost-on-split: one position asked for twice at once (HOLE-13, HOLE-24)', () => {
  const asked = both('hole.sent-lost-on-split').map((rig) => {
    const ncl = 9 as Lsn;
    const status = { ncl, nwl: ncl, pgcl: ncl, volumeEpoch: 1 as Term, bootEpoch: 1 };
    deliver(rig, { kind: 'StatusReply', group: GROUP, volumeEpoch: 1 as Term, status, refused: null }, B);
    deliverAndSettle(rig, batch([record(9)], { pgcl: 9 }));
    deliverAndSettle(rig, batch([record(5, { prevGroup: 4 })], { pgcl: 9 }));
    advance(rig, 2_500); // one discovery later, long before the request times out
    return eventsOf(rig, 'hole.sent').map(({ first, end }) => [first, end]);
  });
  expect(asked).toEqual([
    [[1, 9]],
    [
      [1, 9],
      [1, 5],
      [6, 9],
    ],
  ]);
});
