// Which primary the leader of the metadata says that it has chosen (docs/spec/placement.md PCS-48, PCS-49, PCS-111; failover.md FENCE-21).

import { expect, test } from 'vitest';
import { groupId, type Lsn, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { driveFailover } from './failover-driver.ts';
import { driveElection, onReplicaFenced } from './leader-driver.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import { proposeOwn } from './meta-propose.ts';
import { volumeNamed } from './volumes.ts';

const [n1, n2, n3] = ['n1', 'n2', 'n3'].map(nodeId) as [NodeId, NodeId, NodeId];

/** A leader of the metadata whose volume v1 n1 has opened under token 1. */
function makeOpened() {
  const bench = makeLeaderBench([n1, n2, n3]);
  const { state, work } = bench;
  bench.start();
  bench.sync();
  bench.cutTable();
  bench.placeTablet(0, true);
  const volume = volumeNamed(state.content, 'v1');
  if (volume === null) throw new Error('no volume');
  return {
    ...bench,
    volume,
    /** Entries of the leader itself, until the log is to take no more. */
    fill: () => {
      Object.assign(state, { limits: { ...state.limits, metaPending: 1 } });
      for (let i = 0; i < 2; i++)
        work((ctx) => void proposeOwn(state, ctx, { kind: 'endPcsChange', node: n3 }));
    },
  };
}

/** The same when it has nobody under token 2; n1 and n2 hold the same. */
function makeBench() {
  const { state, events, volume, work, sync, apply, beat, fill } = makeOpened();
  apply({ kind: 'fenceVolume', volume: 'v1', expect: 1 as Term, target: null });
  const held = { group: groupId('g1'), maxToken: 2 as Term, tailTerm: 1 as Term, ncl: 17 as Lsn };
  for (const node of [n1, n2])
    work((ctx) => onReplicaFenced(state, ctx, node, { kind: 'ReplicaFenced', ...held, refused: null }));
  return {
    up: (node: NodeId) => beat([node]),
    fill,
    drive: () => work((ctx) => driveElection(state, ctx, volume)),
    sync,
    traced: () =>
      events.flatMap((event) =>
        event.kind === 'leader.passed'
          ? [`${event.replica} is passed over`]
          : event.kind === 'token.grant' && event.token === 2
            ? [`${event.holder} is to write`]
            : [],
      ),
  };
}

test('PCS-49 FENCE-21 of those that hold most one that is not up is passed over, which is traced with the choice', () => {
  const { up, drive, sync, traced } = makeBench();
  up(n2);
  drive();
  up(n1);
  sync();
  expect(traced()).toEqual(['n1 is passed over', 'n2 is to write']);
});

test('PCS-48 PCS-111 that a primary is lost is traced once, with the entry for another that the log takes', () => {
  const { state, events, work, sync, beat, fill } = makeOpened();
  const lost = (): number => events.filter(({ kind }) => kind === 'leader.lost').length;
  const drive = (): void => work((ctx) => driveFailover(state, ctx));
  fill();
  beat([n1], 2);
  drive();
  drive();
  expect(lost()).toBe(0);
  sync();
  drive();
  drive();
  expect(lost()).toBe(1);
});

test('PCS-49 PCS-111 an appointment that the log does not take passes nobody over: the next one is of those that are up then', () => {
  const { up, fill, drive, sync, traced } = makeBench();
  fill();
  up(n2);
  drive();
  expect(traced()).toEqual([]);
  up(n1);
  sync();
  drive();
  sync();
  expect(traced()).toEqual(['n1 is to write']);
});
