// Which primary the leader of the metadata says that it has chosen (docs/spec/pcs.md PCS-48, PCS-49, PCS-111; failover.md FENCE-21).

import { expect, test } from 'vitest';
import { groupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { Effect, NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { tabletRelation } from '../page/page-key.ts';
import { applyMeta } from './apply-meta.ts';
import { driveFailover } from './failover-driver.ts';
import { driveElection, onReplicaFenced } from './leader-driver.ts';
import { startMeta, stepMeta } from './meta.ts';
import type { MetaOperation } from './meta-content.ts';
import { proposeOwn } from './meta-propose.ts';
import { openMeta } from './meta-state.ts';
import { volumeNamed } from './volumes.ts';

const [n1, n2, n3] = ['n1', 'n2', 'n3'].map(nodeId) as [NodeId, NodeId, NodeId];
const meta = nodeId('meta-1');
const config: NodeConfig = {
  nodeId: meta,
  roles: ['meta'],
  cluster: {
    preset: 'test',
    volume: 'v0',
    nodes: [
      { id: meta, zone: 'a', roles: ['meta'] },
      ...[n1, n2, n3].map((id) => ({ id, zone: 'a', roles: ['store', 'compute'] as const })),
    ],
    groups: [],
    placement: { n: 3, vw: 2, vr: 2 },
  },
  params: demoParams,
  prng: makePrng(1, 'meta-1'),
  broken: [],
};

type Body<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId'> : never;

/** A leader of the metadata whose volume v1 n1 has opened under token 1. */
function makeOpened() {
  const state = openMeta(config, new Map(), 1);
  const events: TraceEvent[] = [];
  const ids = { next: 1 };
  const stores: number[] = [];
  const work = (act: (ctx: RoleContext) => void): void => {
    const effects: Effect<Message>[] = [];
    act({ now: 0 as Time, role: 'meta', tag: 0, scope: '', ids, effects, traceId: 0 });
    for (const effect of effects)
      if (effect.kind === 'trace') events.push(effect.event);
      else if (effect.kind === 'store') stores.push(effect.id);
  };
  const sync = (): void => {
    for (let id = stores.shift(); id !== undefined; id = stores.shift()) {
      const done = { kind: 'diskDone', now: 0 as Time, id, error: null } as const;
      work((ctx) => stepMeta(state, done, ctx));
    }
  };
  work((ctx) => startMeta(state, ctx));
  sync();
  let reqId = 0;
  const apply = (from: NodeId, one: Body<MetaOperation>) =>
    applyMeta(state.content, { ...one, from, boot: 1, reqId: ++reqId } as MetaOperation);
  apply(n1, { kind: 'prepareTable', what: 'create', name: 't', definition: '[]', bounds: [] });
  apply(n1, { kind: 'activateTable', version: 1 });
  const place = { relation: tabletRelation(0), voters: [n1, n2, n3], leader: n1, vw: 2, vr: 2 };
  apply(n1, { kind: 'makeGroup', ...place });
  apply(n1, { kind: 'promote', volume: 'v1', holder: n1, holderBoot: 1, expect: 0 as Term });
  for (const is of ['RECOVERING', 'OPEN'] as const)
    apply(n1, { kind: 'setWriter', volume: 'v1', term: 1 as Term, state: is });
  const volume = volumeNamed(state.content, 'v1');
  if (volume === null) throw new Error('no volume');
  return {
    state,
    events,
    volume,
    work,
    sync,
    apply,
    up: (node: NodeId, boot = 1) => void state.beats.set(node, { boot, at: 0 as Time }),
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
  const { state, events, volume, work, sync, apply, up, fill } = makeOpened();
  apply(meta, { kind: 'fenceVolume', volume: 'v1', expect: 1 as Term, target: null });
  const held = { group: groupId('g1'), maxToken: 2 as Term, tailTerm: 1 as Term, ncl: 17 as Lsn };
  for (const node of [n1, n2])
    work((ctx) => onReplicaFenced(state, ctx, node, { kind: 'ReplicaFenced', ...held, refused: null }));
  return {
    up,
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
  const { state, events, work, sync, up, fill } = makeOpened();
  const lost = (): number => events.filter(({ kind }) => kind === 'leader.lost').length;
  const drive = (): void => work((ctx) => driveFailover(state, ctx));
  fill();
  up(n1, 2);
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
