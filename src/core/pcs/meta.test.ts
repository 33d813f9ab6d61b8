// The metadata role: FENCE-1, FENCE-2, FENCE-16, WAL-4, PCS-5, PCS-33; every answer behind durability.

import { describe, expect, test } from 'vitest';
import { groupId, type NodeId, nodeId, requestNumber, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { JOURNAL_TIMER } from '../consensus/node-log.ts';
import { MAX_READERS } from '../kernel/attachments.ts';
import type { IdCounter, RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig, Write } from '../kernel/door.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { messageOfKind } from '../kernel/testing/sent.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { startMeta, stepMeta } from './meta.ts';
import { proposeOwn } from './meta-propose.ts';
import { BEHIND_TIMER } from './meta-queries.ts';
import { type MetaState, openMeta } from './meta-state.ts';
import { metaView } from './meta-view.ts';

const [rw1, rw2, driver] = ['rw-1', 'rw-2', 'd1'].map(nodeId) as [NodeId, NodeId, NodeId];
const stores = ['A', 'B', 'C'].map(nodeId);
const config: NodeConfig = {
  nodeId: nodeId('meta-1'),
  roles: ['meta'],
  cluster: {
    preset: 'cynosdb',
    volume: 'v1',
    nodes: [
      { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
      { id: rw1, zone: 'a', roles: ['compute'] },
      { id: rw2, zone: 'a', roles: ['compute'] },
      { id: driver, zone: 'a', roles: ['driver'] },
    ],
    groups: [{ id: groupId('g1'), replicas: stores, keyFirst: 0, keyEnd: 1000, vw: 2, vr: 2 }],
  },
  params: demoParams,
  prng: makePrng(1, 'meta-1'),
  mutants: [],
};

/** A metadata node with its disk; writes become durable when the test says so. */
interface Bench {
  state: MetaState;
  readonly disk: Map<string, Uint8Array>;
  readonly stores: { id: number; writes: readonly Write[] }[];
  readonly out: { to: NodeId; message: Message }[];
  readonly traced: string[];
  readonly ids: IdCounter;
  now: Time;
}

const contextOf = (bench: Bench, effects: Effect<Message>[]): RoleContext => ({
  now: bench.now,
  role: 'meta',
  tag: 0,
  scope: '',
  ids: bench.ids,
  effects,
  traceId: 0,
});

function drain(bench: Bench, effects: Effect<Message>[]): void {
  for (const effect of effects) {
    if (effect.kind === 'store') bench.stores.push({ id: effect.id, writes: effect.writes });
    else if (effect.kind === 'send') bench.out.push({ to: effect.to, message: effect.message });
    else if (effect.kind === 'trace') bench.traced.push(effect.event.kind);
  }
}

function open(disk = new Map<string, Uint8Array>()): Bench {
  const bench: Bench = {
    state: openMeta(config, disk, 1),
    disk,
    stores: [],
    out: [],
    traced: [],
    ids: makeIds(),
    now: 0 as Time,
  };
  const effects: Effect<Message>[] = [];
  startMeta(bench.state, contextOf(bench, effects));
  drain(bench, effects);
  return bench;
}

function take(bench: Bench, from: NodeId, message: Message): void {
  const effects: Effect<Message>[] = [];
  stepMeta(
    bench.state,
    { kind: 'message', now: bench.now, from, message, traceId: 0 },
    contextOf(bench, effects),
  );
  drain(bench, effects);
}

/** Makes the oldest waiting write durable, or fail. */
function sync(bench: Bench, error: 'EIO' | null = null): void {
  const [write] = bench.stores.splice(0, 1);
  if (!write) throw new Error('nothing to sync');
  if (error === null)
    for (const { key, bytes } of write.writes)
      if (bytes) bench.disk.set(key, bytes);
      else bench.disk.delete(key);
  const effects: Effect<Message>[] = [];
  stepMeta(bench.state, { kind: 'diskDone', now: bench.now, id: write.id, error }, contextOf(bench, effects));
  drain(bench, effects);
}

function wake(bench: Bench, timer: string): void {
  const effects: Effect<Message>[] = [];
  stepMeta(bench.state, { kind: 'wake', now: bench.now, timer }, contextOf(bench, effects));
  drain(bench, effects);
}

function syncAll(bench: Bench): void {
  while (bench.stores.length > 0) sync(bench);
}

function taken<K extends MessageKind>(bench: Bench, kind: K): MessageOf<K>[] {
  return bench.out.splice(0).flatMap(({ message }) => messageOfKind(message, kind) ?? []);
}

const grant = (reqId: number, boot = 1, expect: number | null = null): MessageOf<'GrantToken'> => ({
  kind: 'GrantToken',
  reqId,
  boot,
  volume: 'v1',
  expect: expect as Term | null,
});
const setWriter = (term: number, state: 'RECOVERING' | 'OPEN', reqId = 2): MessageOf<'SetWriter'> => ({
  kind: 'SetWriter',
  reqId,
  boot: 1,
  volume: 'v1',
  term: term as Term,
  state,
});

function ready(): Bench {
  const bench = open();
  syncAll(bench);
  return bench;
}

function granted(bench: Bench, from: NodeId, message: MessageOf<'GrantToken'>): MessageOf<'TokenGranted'> {
  take(bench, from, message);
  syncAll(bench);
  const [reply] = taken(bench, 'TokenGranted');
  if (!reply) throw new Error('no grant');
  return reply;
}

describe('tokens', () => {
  test('FENCE-1, FENCE-2 tokens rise by one; token 1 goes to the first; the map comes with the grant', () => {
    const bench = ready();
    const first = granted(bench, rw1, grant(1));
    expect([first.token, first.created, first.error]).toEqual([1, false, '']);
    expect(first.groups).toMatchObject([
      { group: 'g1', sets: [stores], memberEpoch: 1, geoEpoch: 1, baseLsn: 0 },
    ]);
    expect(granted(bench, rw1, grant(1, 2)).token).toBe(2);
    expect(granted(bench, rw2, grant(1)).token).toBe(3);
  });

  test('FENCE-1 the same request returns the same token, across a restart as well', () => {
    const bench = ready();
    expect(granted(bench, rw1, grant(1)).token).toBe(1);
    expect(granted(bench, rw2, grant(1)).token).toBe(2);
    expect(granted(bench, rw1, grant(1)).token).toBe(1);
    const again = open(bench.disk);
    expect(granted(again, rw1, grant(1)).token).toBe(1);
    expect(granted(again, rw1, grant(1, 2)).token).toBe(3);
  });

  test('FENCE-1 `expect` other than the old token: TOKEN_RACE, nothing granted', () => {
    const bench = ready();
    granted(bench, rw1, grant(1));
    expect(granted(bench, rw2, grant(1, 1, 0))).toMatchObject({ token: 1, error: 'TOKEN_RACE' });
    expect(granted(bench, rw2, grant(2, 1, 1))).toMatchObject({ token: 2, error: '' });
  });

  test('FENCE-2 a late request of an earlier life gets no token', () => {
    const bench = ready();
    granted(bench, rw1, grant(1, 2));
    expect(granted(bench, rw1, grant(1, 1)).error).toBe('TOKEN_RACE');
    expect(metaView(bench.state, bench.now).token).toBe(1);
  });

  test('FENCE-1 nothing is answered before it is durable, and a repeat while under way is one entry', () => {
    const bench = ready();
    take(bench, rw1, grant(1));
    take(bench, rw1, grant(1));
    expect(bench.stores.length).toBe(1);
    expect(bench.out).toEqual([]);
    sync(bench);
    expect(taken(bench, 'TokenGranted').length).toBe(1);
  });

  test('FENCE-1 a failed write grants nothing; it is tried again, and grants once', () => {
    const bench = ready();
    take(bench, rw1, grant(1));
    sync(bench, 'EIO');
    expect(bench.out).toEqual([]);
    expect(metaView(bench.state, bench.now).token).toBe(0);
    take(bench, rw1, grant(1));
    wake(bench, JOURNAL_TIMER);
    syncAll(bench);
    expect(taken(bench, 'TokenGranted').map(({ token }) => token)).toEqual([1]);
    expect(open(bench.disk).state.content.volumes[0]?.token).toBe(1);
  });
});

test('PCS-61 a question for more than this node has applied waits for the entries, at most electionMaxMs, and is never answered with less', () => {
  const bench = ready();
  const { applied } = bench.state.content;
  const question = (reqId: number, atLeast: number): Message => ({
    kind: 'GetViews',
    reqId: requestNumber(reqId),
    volume: 'v1',
    stale: true,
    atLeast,
    views: ['pcs_volumes'],
  });
  take(bench, rw1, question(1, applied));
  expect(taken(bench, 'Views')).toMatchObject([{ reqId: 1, code: '', applied }]);
  // an entry comes
  for (let i = 0; i < 2; i++) take(bench, rw1, question(2, applied + 1));
  expect(bench.out).toEqual([]);
  take(bench, rw2, grant(1));
  syncAll(bench);
  expect(taken(bench, 'Views')).toMatchObject([{ reqId: 2, code: '', applied: applied + 1 }]);
  // none comes
  take(bench, rw1, question(3, applied + 9));
  bench.now = (bench.now + demoParams.electionMaxMs * 1000 - 1) as Time;
  wake(bench, BEHIND_TIMER);
  expect(bench.out).toEqual([]);
  bench.now = (bench.now + 1) as Time;
  wake(bench, BEHIND_TIMER);
  expect(taken(bench, 'Views')).toEqual([
    { kind: 'Views', reqId: 3, volume: 'v1', code: 'PCS_LOADING', applied: applied + 1, tables: [] },
  ]);
  // as many as may wait; one more is answered at once
  for (let i = 0; i < 65; i++) take(bench, rw1, question(100 + i, applied + 9));
  expect(taken(bench, 'Views')).toMatchObject([{ reqId: 164, code: 'PCS_LOADING' }]);
});

describe('writer and map', () => {
  test('FENCE-16 only the last granted token may appoint a writer', () => {
    const bench = ready();
    granted(bench, rw1, grant(1));
    granted(bench, rw2, grant(1));
    take(bench, rw1, setWriter(1, 'OPEN'));
    take(bench, rw2, setWriter(2, 'RECOVERING'));
    syncAll(bench);
    expect(taken(bench, 'WriterSet').map(({ term, error }) => [term, error])).toEqual([
      [1, 'STALE_TERM'],
      [2, ''],
    ]);
    expect(metaView(bench.state, bench.now)).toMatchObject({ writer: 'rw-2', volumeState: 'RECOVERING' });
  });

  test('WAL-4 the volume counts as created once its writer is OPEN', () => {
    const bench = ready();
    granted(bench, rw1, grant(1));
    take(bench, rw1, setWriter(1, 'OPEN'));
    syncAll(bench);
    taken(bench, 'WriterSet');
    expect(granted(bench, rw1, grant(1, 2))).toMatchObject({ token: 2, created: true });
    expect(metaView(bench.state, bench.now).volumeState).toBe('FENCING');
  });

  test('H8 drivers that asked are notified when the volume opens, and that there is no writer meanwhile', () => {
    const bench = ready();
    take(bench, driver, { kind: 'GetRoute', volume: 'v1' });
    expect(taken(bench, 'Route')).toMatchObject([{ writer: null }]);
    granted(bench, rw1, grant(1));
    take(bench, rw1, setWriter(1, 'OPEN'));
    syncAll(bench);
    expect(taken(bench, 'Route')).toMatchObject([{ writer: 'rw-1', token: 1 }]);
    take(bench, rw1, grant(1, 2));
    syncAll(bench);
    expect(taken(bench, 'Route')).toMatchObject([{ writer: null, token: 2 }]);
  });

  test('PCS-3 the first heartbeat of a life joins: as often as it comes it is answered the same, and nothing is entered', () => {
    const bench = ready();
    const beat: Message = { kind: 'NodeBeat', boot: 3, mapVersion: 0, asks: 0, groups: [] };
    const { applied } = bench.state.content;
    for (let i = 0; i < 3; i++) take(bench, rw2, beat);
    const [first, ...others] = taken(bench, 'NodeBeatOk');
    expect(first).toMatchObject({ bootFloor: 3, created: false, answers: 0 });
    expect(others).toEqual([first, first]);
    expect(bench.state.content.applied).toBe(applied);
  });

  test('PCS-30 PRE-8 at metaPending requests wait, and an entry of the leader itself is still proposed', () => {
    const bench = ready();
    const metaPending = 3;
    Object.assign(bench.state, { limits: { ...bench.state.limits, metaPending } });
    for (let reqId = 1; reqId <= metaPending + 5; reqId++) take(bench, rw1, grant(reqId));
    expect(bench.state.pending.length).toBe(metaPending);
    proposeOwn(bench.state, contextOf(bench, []), { kind: 'endPcsChange', node: rw1 });
    expect(bench.state.pending.at(-1)?.operation.kind).toBe('endPcsChange');
    syncAll(bench);
    expect(bench.state.pending).toEqual([]);
  });

  test('READ-1 PCS-3 a reader that is one too many asks with each heartbeat, and is refused without an entry', () => {
    const bench = ready();
    const joins: Message = {
      kind: 'Join',
      boot: 3,
      volume: 'v1',
      zone: 'b',
      roles: ['compute'],
      isReader: true,
    };
    const reader = (n: number) => nodeId(`ro-${n}`);
    for (let n = 1; n <= MAX_READERS; n++) {
      take(bench, reader(n), joins);
      syncAll(bench);
    }
    expect(taken(bench, 'Joined').map(({ code }) => code)).toEqual(Array(MAX_READERS).fill(''));
    const { applied } = bench.state.content;
    for (let i = 0; i < 3; i++) {
      take(bench, reader(99), joins);
      syncAll(bench);
    }
    expect(taken(bench, 'Joined').map(({ code }) => code)).toEqual(Array(3).fill('TOO_MANY_READERS'));
    expect(bench.state.content.applied).toBe(applied);
  });

  test('PCS-30, PCS-33 mapVersion rises by one per change and not for a repeat', () => {
    const content = initialContent(config.cluster);
    const versions = [
      { kind: 'grantToken', volume: 'v1', from: rw1, boot: 1, reqId: 1, expect: null },
      { kind: 'grantToken', volume: 'v1', from: rw1, boot: 1, reqId: 1, expect: null },
      { kind: 'setWriter', volume: 'v1', from: rw1, boot: 1, reqId: 2, term: 1 as Term, state: 'OPEN' },
      { kind: 'setWriter', volume: 'v1', from: rw1, boot: 1, reqId: 2, term: 1 as Term, state: 'OPEN' },
      { kind: 'setWriter', volume: 'v1', from: rw1, boot: 1, reqId: 3, term: 9 as Term, state: 'OPEN' },
    ] as const;
    expect(
      versions.map((operation) => [applyMeta(content, operation).kind, content.volumes[0]?.mapVersion]),
    ).toEqual([
      ['granted', 2],
      ['repeated', 2],
      ['writerSet', 3],
      ['repeated', 3],
      ['STALE_TERM', 3],
    ]);
  });

  test('a node counts as up while it beats', () => {
    const bench = ready();
    take(bench, rw1, { kind: 'NodeBeat', boot: 1, mapVersion: 0, asks: 0, groups: [] });
    expect(taken(bench, 'NodeBeatOk')).toEqual([
      { kind: 'NodeBeatOk', mapVersion: 1, bootFloor: 1, created: false, answers: 0, known: [] },
    ]);
    const up = (at: number) =>
      metaView(bench.state, at as Time)
        .nodes.filter((node) => node.up)
        .map(({ node }) => node);
    expect(up(19_000)).toEqual(['meta-1', 'rw-1']);
    expect(up(20_000)).toEqual(['meta-1']);
  });
});

describe('log', () => {
  test('PCS-6 everything comes back from the disk, through snapshots too, and lies in keys of the metadata', () => {
    const bench = ready();
    for (let i = 1; i <= 3 * demoParams.metaSnapshotEntries; i++) {
      expect(granted(bench, rw1, grant(i)).token).toBe(i);
      const again = open(bench.disk).state;
      expect(again.isCorrupt).toBe(false);
      expect(again.content).toEqual(bench.state.content);
    }
    expect(bench.disk.size).toBeLessThan(2 + 2 * 2 * demoParams.metaSnapshotEntries + 2);
    for (const key of bench.disk.keys()) expect(key).toMatch(/^meta\/(snapshot\/[01]|log\/\d{12}[ab])$/);
  });

  test('PCS-28 a torn checkpoint leaves the one before it and the records above that', () => {
    const bench = ready();
    for (let i = 1; i <= 2 * demoParams.metaSnapshotEntries; i++) granted(bench, rw1, grant(i));
    for (const slot of [0, 1]) {
      const disk = new Map(bench.disk);
      const whole = disk.get(`meta/snapshot/${slot}`) as Uint8Array;
      disk.set(`meta/snapshot/${slot}`, whole.slice(0, 20));
      const { state } = open(disk);
      expect(state.isCorrupt).toBe(false);
      expect(state.content).toEqual(bench.state.content);
    }
  });

  test('PCS-5 a torn last record is dropped, a damaged one before it is META_CORRUPT', () => {
    const bench = ready();
    for (let i = 1; i <= 5; i++) granted(bench, rw1, grant(i));
    const damaged = (record: number, copies: string[]): MetaState => {
      const disk = new Map(bench.disk);
      for (const copy of copies) disk.set(`meta/log/00000000000${record}${copy}`, new Uint8Array([1, 2, 3]));
      return open(disk).state;
    };
    expect(damaged(5, ['a', 'b'])).toMatchObject({ isCorrupt: false, content: { volumes: [{ token: 4 }] } });
    expect(damaged(3, ['a'])).toMatchObject({ isCorrupt: false, content: { volumes: [{ token: 5 }] } });
    expect(damaged(3, ['a', 'b']).isCorrupt).toBe(true);
  });

  test('PCS-5 one record is written at a time, so that no crash leaves a gap; what waits leaves as the next one', () => {
    const bench = ready();
    take(bench, rw1, grant(1));
    take(bench, rw2, grant(1));
    take(bench, rw1, grant(2));
    expect(bench.stores.length).toBe(1);
    sync(bench);
    expect(taken(bench, 'TokenGranted').map(({ token }) => token)).toEqual([1]);
    expect(bench.stores.length).toBe(1);
    sync(bench);
    expect(taken(bench, 'TokenGranted').map(({ token }) => token)).toEqual([2, 3]);
    const again = open(bench.disk).state;
    expect(again).toMatchObject({ isCorrupt: false, content: { volumes: [{ token: 3, holder: rw1 }] } });
  });

  test('PCS-102 a member that is alone serves as soon as it runs, and its terms still differ', () => {
    const bench = ready();
    granted(bench, rw1, grant(1));
    const again = open(bench.disk);
    expect(again.stores).toEqual([]);
    take(again, driver, { kind: 'GetRoute', volume: 'v1' });
    expect(taken(again, 'Route')).toMatchObject([{ token: 1 }]);
    granted(again, rw1, grant(2));
    expect(metaView(again.state, again.now)).toMatchObject({ member: 'leader', term: 3, commit: 3 });
  });

  test('PCS-5 a corrupt log answers nothing', () => {
    const bench = ready();
    for (let i = 1; i <= 5; i++) granted(bench, rw1, grant(i));
    for (const copy of ['a', 'b']) bench.disk.delete(`meta/log/000000000002${copy}`);
    const again = open(bench.disk);
    take(again, rw1, grant(9));
    expect(again.stores).toEqual([]);
    expect(again.out).toEqual([]);
    expect(again.traced).toEqual(['disk.error']);
  });
});
