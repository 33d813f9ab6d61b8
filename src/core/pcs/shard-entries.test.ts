// The shard map as entries change it (docs/spec/placement.md §1, and vectors V10 and V11 of §5): what each makes, what is refused, and that
// ranges and shards tile, epochs rise and versions count whatever a confused proposer sends.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { groupId, type Lsn, MAX, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import { tabletRelation } from '../page/page-key.ts';
import { pick, shuffle } from '../placement/testing/random-placement.ts';
import type { MetaResult } from './apply-meta.ts';
import { checkMap } from './check-map-fixture.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import { onGetMap } from './map-driver.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { shardGroups } from './sharding.ts';
import { mapVersionOf } from './volumes.ts';

const hosts = ['n1', 'n2', 'n3', 'n4', 'n5'].map(nodeId);
const [n1, n2, , n4, n5] = hosts as [NodeId, NodeId, NodeId, NodeId, NodeId];
const [g1, g2] = [groupId('g1'), groupId('g2')];

type Body<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId'> : never;
type Entry = Body<MetaOperation>;

/** A table of two tablets that nobody has written. */
function begun() {
  const bench = makeLeaderBench(hosts, ['50']);
  bench.start();
  bench.sync();
  bench.cutTable();
  return bench;
}

const lsn = (value: number): Lsn => value as Lsn;
const term = (value: number): Term => value as Term;
const makeGroup = (serial: number): Entry => ({
  kind: 'makeGroup',
  relation: tabletRelation(serial),
  ...{ voters: hosts.slice(0, 3), leader: n1, vw: 2, vr: 2 },
});
const roll = (end: number, by = 1): Entry => ({
  kind: 'rollShard',
  group: g1,
  end: lsn(end),
  term: term(by),
});
const step = (name: 'addLearner' | 'enterJoint' | 'leaveJoint' | 'finish', memberEpoch: number): Entry => ({
  kind: 'memberStep',
  ...{ group: g1, step: name, memberEpoch },
});
const move = (from: NodeId, to: NodeId): Entry => ({
  ...{ kind: 'beginMove', group: g1, source: from, to, isLost: false, at: 0, deadline: 9 },
});

const errorOf = (result: MetaResult): string =>
  'error' in result ? (result.error ?? '') : 'code' in result ? result.code : '';

const groupIn = (content: MetaContent, id = g1) =>
  present(
    shardGroups(content).find((one) => one.group === id),
    'group',
  );

const shardsOf = (content: MetaContent): string =>
  groupIn(content)
    .shards.map(({ id, first, end }) => `${id} [${first},${end === MAX ? 'MAX' : end})`)
    .join(' ');

test('V10 PCS-39 PCS-40 PCS-41 PCS-43 group, volume and first shard are one entry; asked again they are those that there are', () => {
  const { state, apply, placeTablet } = begun();
  const { content } = state;
  placeTablet(0, true);
  const version = mapVersionOf(content);
  expect(shardsOf(content)).toBe('1 [0,MAX)');
  expect(apply(makeGroup(0))).toMatchObject({ kind: 'groupMade', isRepeated: true, volume: { name: 'v1' } });
  expect([mapVersionOf(content), content.volumes.length]).toEqual([version, 1]);
  for (const [entry, error, shards] of [
    [roll(4096), '', '1 [0,4096) 2 [4096,MAX)'],
    [roll(4096), '', '1 [0,4096) 2 [4096,MAX)'],
    [roll(4000), 'BAD_END', '1 [0,4096) 2 [4096,MAX)'],
    [roll(9000, 0), 'STALE_TERM', '1 [0,4096) 2 [4096,MAX)'],
    [roll(9000, 1), '', '1 [0,4096) 2 [4096,9000) 3 [9000,MAX)'],
  ] as const)
    expect([errorOf(apply(entry)), shardsOf(content)]).toEqual([error, shards]);
  expect(mapVersionOf(content)).toBe(version + 2);
  expect(apply(makeGroup(7))).toEqual({ kind: 'tableRefused', code: 'MISSING' });
});

test('V11 PCS-34 PCS-46 PCS-48 a replica moves, the leader with it, then the tablet is split', () => {
  const { state, apply, placeTablet } = begun();
  const { content } = state;
  placeTablet(0, true);
  const open = (volume: string, by: number, from: NodeId): void => {
    for (const is of ['RECOVERING', 'OPEN'] as const)
      apply({ kind: 'setWriter', volume, term: term(by), state: is }, from);
  };
  expect(errorOf(apply(move(n1, n4)))).toBe('');
  expect(groupIn(content)).toMatchObject({ learners: ['n4'], memberEpoch: 2 });
  expect(errorOf(apply(step('enterJoint', 2)))).toBe('');
  expect(groupIn(content)).toMatchObject({ sets: [hosts.slice(0, 3), ['n4', 'n2', 'n3']], memberEpoch: 3 });
  expect(errorOf(apply(step('leaveJoint', 3)))).toBe('LEADER_LEAVING');
  apply({ kind: 'fenceVolume', volume: 'v1', expect: term(1), target: n4 });
  const lead = (leader: NodeId, by: number): Entry => ({
    ...{ kind: 'setLeader', volume: 'v1', leader, leaderBoot: 1, term: term(by) },
  });
  expect([n5, n4, n2].map((node) => errorOf(apply(lead(node, 2))))).toEqual(['BAD_TARGET', '', 'STALE_TERM']);
  open('v1', 2, n4);
  expect(errorOf(apply(step('leaveJoint', 3)))).toBe('');
  expect(errorOf(apply(step('finish', 4)))).toBe('');
  expect(groupIn(content)).toMatchObject({
    sets: [['n4', 'n2', 'n3']],
    leader: 'n4',
    term: 2,
    memberEpoch: 4,
  });
  apply({ kind: 'beginSplit', group: g1, key: '20', leader: n2, deadline: 9, why: 'order' });
  apply({ kind: 'promote', volume: 'v2', holder: n2, holderBoot: 1, expect: term(0) });
  open('v2', 1, n2);
  const cut = { kind: 'cutSplit' as const, id: 1, key: '20', lsn: lsn(9) };
  expect(errorOf(apply({ ...cut, token: term(1), childToken: term(1) }))).toBe('STALE_TERM');
  expect(errorOf(apply({ ...cut, token: term(2), childToken: term(1) }))).toBe('');
  expect(groupIn(content)).toMatchObject({ geoEpoch: 2, memberEpoch: 4, volume: 'v1' });
  expect(groupIn(content, g2)).toMatchObject({
    ...{ volume: 'v2', leader: 'n2', term: 1, memberEpoch: 1, geoEpoch: 2, sets: [['n4', 'n2', 'n3']] },
    shards: [{ id: 2, first: 0, end: MAX }],
  });
  expect(errorOf(apply(step('addLearner', 3)))).toBe('WRONG_EPOCH');
});

test('PCS-39 PCS-73 two that ask at once make one group, on the nodes that the planner chooses; nothing is made of what nobody cut', () => {
  const { state, work, sync, at, beat } = begun();
  at(1_000_000);
  beat([n1, n2, n4]);
  const ask = (serial: number): void =>
    work((ctx) => {
      const make = tabletRelation(serial);
      onGetMap(state, ctx, n5, { kind: 'GetMap', reqId: 1, make, asker: 'driver' });
    });
  ask(9);
  for (const serial of [0, 0]) ask(serial);
  sync();
  ask(0);
  sync();
  expect(state.content.volumes.map(({ groups }) => groups[0]?.sets)).toEqual([[[n1, n2, n4]]]);
  beat([]);
  at(100_000_000);
  beat([n1]);
  ask(1); // too few are up
  sync();
  expect(state.content.volumes).toHaveLength(1);
});

/** Any entry that a confused proposer may send, with old epochs, members that are none, and LSNs anywhere. */
function randomEntry(prng: Prng, content: MetaContent): [Entry, NodeId] {
  const node = (): NodeId => pick(prng, hosts);
  const group = groupId(`g${nextBetween(prng, 1, Math.min(4, content.groupsMade + 1))}`);
  const known = shardGroups(content).find((one) => one.group === group);
  const volume = known?.volume ?? 'v9';
  const off = nextBelow(prng, 8) > 0 ? 0 : nextBetween(prng, -1, 1);
  const near = term(Math.max(0, (known?.term ?? 1) + off));
  const memberEpoch = Math.max(0, (known?.memberEpoch ?? 1) - (nextBelow(prng, 6) === 0 ? 1 : 0));
  const splits = content.sharding?.splits ?? [];
  const split = splits[nextBelow(prng, splits.length + 1)];
  const entries: Entry[] = [
    { ...makeGroup(nextBelow(prng, 3)), voters: shuffle(prng, hosts).slice(0, 3) } as Entry,
    { kind: 'rollShard', group, end: lsn(nextBelow(prng, 400)), term: near },
    { kind: 'beginMove', group, source: node(), to: node(), isLost: false, at: 0, deadline: 9 },
    ...(['addLearner', 'enterJoint', 'enterJoint', 'leaveJoint', 'abort', 'finish'] as const).map(
      (name): Entry => ({ kind: 'memberStep', group, step: name, memberEpoch }),
    ),
    { kind: 'activateTable', version: content.sharding?.schemaVersion ?? 0 },
  ];
  // what opens the volume comes often while it is closed
  const found = content.volumes.find(({ name }) => name === volume);
  for (let i = found?.state === 'OPEN' ? 5 : 0; i < 6; i++)
    entries.push(
      found?.holder
        ? { kind: 'setWriter', volume, term: near, state: pick(prng, ['RECOVERING', 'OPEN']) }
        : { kind: 'setLeader', volume, leader: node(), leaderBoot: 1, term: near },
    );
  // a token that is granted closes the volume: often enough, and not all the time
  if (nextBelow(prng, 3) === 0)
    entries.push(
      { kind: 'promote', volume, holder: node(), holderBoot: 1, expect: near },
      { kind: 'fenceVolume', volume, expect: near, target: null },
    );
  const key = `${nextBelow(prng, 90)}`;
  if (splits.length < 2)
    entries.push({ kind: 'beginSplit', group, key, leader: node(), deadline: 9, why: 'order' });
  if (split) {
    const tokenOf = (name: string) => content.volumes.find((one) => one.name === name)?.token ?? near;
    const [token, childToken] = [tokenOf(split.volume), tokenOf(split.childVolume)];
    entries.push({ kind: 'cutSplit', id: split.id, token, childToken, key: split.key, lsn: lsn(9) });
    entries.push({ kind: 'endSplit', id: split.id, code: '' });
  }
  return [pick(prng, entries), nextBelow(prng, 12) > 0 ? (found?.holder ?? n1) : node()];
}

/** With who was appointed as leader (PCS-48); the map names who wrote last until that one says that it writes. */
const appointed = (content: MetaContent) =>
  new Map(
    shardGroups(content).map((group) => {
      const leader = content.volumes.find(({ name }) => name === group.volume)?.holder ?? null;
      return [group.group, { ...group, leader }] as const;
    }),
  );

/** What the map says of groups and shards, but for its version. */
const mapText = (content: MetaContent): string =>
  JSON.stringify([shardGroups(content), content.volumes.map(({ state, holder }) => [state, holder])]);

test('PCS-33 PCS-34 PCS-37 random entries: shards tile, epochs rise, and the version rises with what changed and with nothing else', () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 30; seed++) {
    const prng = makePrng(seed, 'map');
    const { state, apply, placeTablet } = begun();
    const { content } = state;
    placeTablet(0, true);
    for (let i = 0; i < 250; i++) {
      const [entry, from] = randomEntry(prng, content);
      const before = appointed(content);
      const [version, text] = [mapVersionOf(content), mapText(content)];
      const result = apply(entry, from);
      const ended = result.kind === 'splitEnded' ? (result.dropped?.groups ?? []) : [];
      for (const { group } of ended) before.delete(group);
      const after = appointed(content);
      expect([i, entry.kind, ...checkMap(before, after)]).toEqual([i, entry.kind]);
      const cut = [...before.values()].filter((old) => after.get(old.group)?.geoEpoch !== old.geoEpoch);
      expect(cut).toHaveLength(result.kind === 'splitCut' ? 2 : 0);
      const isChanged = mapText(content) !== text;
      const name = entry.kind === 'memberStep' ? entry.step : entry.kind;
      expect(`${name} ${Math.sign(mapVersionOf(content) - version)}`).toBe(`${name} ${isChanged ? 1 : 0}`);
      const what = isChanged ? name : `${result.kind} ${errorOf(result)}`.trim();
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
  const changes = ['makeGroup', 'rollShard', 'beginMove', 'enterJoint', 'leaveJoint', 'abort', 'setLeader'];
  const refusals = ['WRONG_EPOCH', 'CHANGE_IN_PROGRESS', 'LEADER_LEAVING', 'ALREADY_VOTER', 'NOT_VOTER'];
  for (const what of [
    ...[...changes, 'beginSplit', 'cutSplit', 'endSplit', 'sharded STALE_TERM', 'sharded BAD_END'],
    ...refusals.map((error) => `memberRefused ${error}`),
  ])
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(2);
});
