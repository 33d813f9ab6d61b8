// Membership and base images at a replica: WAL-46 line 3, WAL-48, WAL-62, WAL-66, WAL-70, WAL-71, WAL-36, HOLE-41.

import { describe, expect, test } from 'vitest';
import { type Lsn, nodeId, requestNumber, type Time } from '../../../base/ids.ts';
import type { Descriptor } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { copiedOf } from '../sizes.ts';
import { logKey } from './keys.ts';
import {
  A,
  B,
  batch,
  C,
  chainOf,
  createReplica,
  DESCRIPTOR,
  GROUP,
  heartbeat,
  installToken,
  readPage,
  record,
} from './message-fixture.ts';
import {
  advance,
  advanceAll,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  exchange,
  groupOf,
  lastSent,
  openRig,
  type Rig,
  settle,
  syncOne,
  takeSent,
} from './store-fixture.ts';

const META = nodeId('meta-1');
const D = nodeId('D');
const learner: Descriptor = { ...DESCRIPTOR, learners: [D], memberEpoch: 2 };
const dual: Descriptor = {
  ...DESCRIPTOR,
  sets: [
    [A, B, C],
    [A, D, C],
  ],
  memberEpoch: 3,
};
const moved: Descriptor = { ...DESCRIPTOR, sets: [[A, D, C]], memberEpoch: 4 };

const install = (descriptor: Descriptor): MessageOf<'InstallMembers'> => ({
  kind: 'InstallMembers',
  volume: 'v1',
  descriptor,
  origin: 'meta',
});

const tell = (rig: Rig, descriptor: Descriptor): void => deliver(rig, install(descriptor), META);

describe('WAL-62 a membership step at a replica', () => {
  test('WAL-48 is durable before it is answered, and survives a crash', () => {
    const rig = createdRig();
    tell(rig, learner);
    expect(takeSent(rig, 'MembersAck')).toEqual([]);
    expect(groupOf(crash(rig)).superblock.descriptor.memberEpoch).toBe(1);
    settle(rig);
    expect(lastSent(rig, 'MembersAck')).toMatchObject({
      memberEpoch: 2,
      scl: 0,
      origin: 'meta',
      refused: null,
    });
    expect(groupOf(crash(rig)).superblock.descriptor).toEqual(learner);
    expect(eventsOf(rig, 'member.install')).toMatchObject([{ memberEpoch: 2, state: 'voter' }]);
  });

  test('WAL-64 waits for appends in flight: every ack after it carries the new memberEpoch', () => {
    const rig = createdRig();
    deliver(rig, batch(chainOf([1, 2])));
    tell(rig, learner);
    deliver(rig, batch(chainOf([3])));
    expect(rig.stores).toHaveLength(1); // neither the step nor the later batch has begun
    syncOne(rig);
    expect(takeSent(rig, 'WriteAck')).toMatchObject([{ scl: 2, memberEpoch: 1 }]);
    settle(rig);
    expect(lastSent(rig, 'MembersAck')).toMatchObject({ scl: 2, memberEpoch: 2 });
    deliver(rig, heartbeat());
    expect(lastSent(rig, 'WriteAck').refused).toMatchObject({
      code: 'STALE_EPOCH',
      which: 'member',
      current: 2,
    });
  });

  test('WAL-46 is tested on line 3 only: a lower one is refused, a repeat answered, any token will do', () => {
    const rig = createdRig();
    deliverAndSettle(rig, installToken(5));
    tell(rig, dual);
    settle(rig);
    tell(rig, dual);
    expect(takeSent(rig, 'MembersAck')).toHaveLength(2);
    tell(rig, learner);
    expect(lastSent(rig, 'MembersAck')).toMatchObject({
      memberEpoch: 3,
      maxToken: 5,
      refused: { code: 'STALE_EPOCH', which: 'member', current: 3 },
    });
  });

  test('HOLE-41 its peers are those of the step', () => {
    const rig = createdRig();
    tell(rig, dual);
    settle(rig);
    expect(groupOf(rig).holes.peers.map(({ peerId }) => peerId)).toEqual([B, C, D]);
  });

  test('WAL-66 PCS-77 a replica that the step leaves out deletes its copy, whole, and answers nothing more', () => {
    const rig = createdRig({ node: B });
    deliverAndSettle(rig, batch(chainOf([1, 2, 3])));
    deliver(rig, batch(chainOf([4])));
    tell(rig, moved);
    settle(rig);
    expect([...rig.disk.keys()]).toEqual([]);
    expect(eventsOf(rig, 'member.dropped')).toMatchObject([{ memberEpoch: 4 }]);
    rig.sent = [];
    deliver(rig, heartbeat());
    deliver(rig, readPage(3, 3));
    advance(rig, 100_000);
    expect(rig.sent).toEqual([]);
    expect(crash(rig).state.groups.size).toBe(0);
  });
});

/** A, B and C with pages 7 and 8 at records 1…6, made into versions, and a floor at `pgmrpl`. */
function donors(pgmrpl: number): Rig[] {
  const rigs = [createdRig(), createdRig({ node: B }), createdRig({ node: C })];
  const records = [
    record(1),
    record(2, { block: 8 }),
    record(3, { prevBlock: 1, payload: 3 }),
    record(4, { prevBlock: 3, payload: 4 }),
    record(5, { block: 8, prevBlock: 2, payload: 5 }),
    record(6, { prevBlock: 4, payload: 6 }),
  ];
  for (const rig of rigs) {
    deliverAndSettle(rig, batch(records));
    deliver(rig, heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl, holdTo: 6 }));
    advance(rig, 100_000);
    rig.sent = [];
  }
  return rigs;
}

/** D as a learner that is installed everywhere. */
function withLearner(rigs: Rig[]): Rig {
  const d = openRig({ node: D });
  for (const rig of [...rigs, d]) tell(rig, learner);
  rigs.forEach(settle);
  return d;
}

describe('WAL-71 a new replica from a base image', () => {
  test('pages at b, logFloor b, list data up to b, history and knownVdl of the donor; the rest comes by hole filling', () => {
    const rigs = donors(4);
    const d = withLearner(rigs);
    exchange([...rigs, d]);
    expect(eventsOf(d, 'base.start')).toMatchObject([{ base: 4, pages: 3, why: 'learner' }]);
    expect(eventsOf(d, 'base.installed')).toMatchObject([{ base: 4, pages: 3, scl: 4 }]);
    const { superblock, log } = groupOf(d);
    expect(superblock).toMatchObject({
      logFloor: 4,
      nclCheckpoint: 4,
      knownVdl: 6,
      pgmrpl: 4,
      maxToken: 1,
      descriptor: learner,
    });
    expect(log.records.map(({ record }) => record.lsn)).toEqual([5, 6]); // from its peers, not with the image
    const beat = heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 4, holdTo: 0 });
    for (const rig of [...rigs, d]) deliver(rig, { ...beat, memberEpoch: 2 });
    advanceAll([...rigs, d], 60_000);
    expect(groupOf(d).scl).toBe(6);
    for (const rp of [4, 5, 6]) {
      const [a] = rigs as [Rig];
      for (const rig of [a, d]) deliver(rig, readPage(rp, rp, { memberEpoch: 2 }));
      for (const rig of [a, d]) settle(rig);
      expect(lastSent(d, 'PageReply'), `read point ${rp}`).toEqual(lastSent(a, 'PageReply'));
    }
    expect(groupOf(crash(d))).toMatchObject({ scl: 6, superblock: { logFloor: 4 } });
  });

  test('b lies between the donor’s logFloor and min(SCL, knownVdl, PGMRPL), on a record of the group', () => {
    for (const [pgmrpl, expected] of [
      [0, 0],
      [3, 3],
      [100, 6],
    ] as const) {
      const rigs = donors(pgmrpl);
      const d = withLearner(rigs);
      exchange([...rigs, d]);
      expect(eventsOf(d, 'base.installed').map(({ base }) => base)).toEqual([expected]);
      for (const rig of rigs) expect(groupOf(rig).superblock.logFloor).toBeLessThanOrEqual(expected);
    }
  });

  test('WAL-36 while an image is taken GC keeps what the pages at b take', () => {
    const rigs = donors(3);
    const d = withLearner(rigs);
    const [a] = rigs as [Rig];
    const request = takeSent(d, 'BaseReq')[0];
    expect(request).toMatchObject({ base: -1, after: -1, volumeEpoch: 0 });
    if (!request) return;
    deliverAndSettle(a, request, D);
    const first = lastSent(a, 'BaseChunk');
    expect(first.base).toBe(3);
    deliver(a, { ...heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 6, holdTo: 6 }), memberEpoch: 2 });
    advance(a, 20_000);
    deliverAndSettle(a, { ...request, reqId: requestNumber(9), base: 3 as Lsn }, D);
    expect(lastSent(a, 'BaseChunk').pages).toEqual(first.pages);
    advance(a, 200_000); // nobody asks any more
    deliver(a, { ...heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 6, holdTo: 6 }), memberEpoch: 2 });
    advance(a, 200_000);
    deliver(a, { ...request, reqId: requestNumber(10), base: 3 as Lsn }, D);
    expect(lastSent(a, 'BaseChunk').refused).toMatchObject({ code: 'NOT_READY' });
  });

  test('WAL-41, WAL-71 a version that leaves the cache while others are read is no loss (seed 270)', () => {
    const rigs = donors(6);
    const d = withLearner(rigs);
    const [a] = rigs as [Rig];
    const [request] = takeSent(d, 'BaseReq');
    if (!request) throw new Error('the learner asks for an image');
    advance(a, 20_000);
    deliverAndSettle(a, request, D);
    const first = lastSent(a, 'BaseChunk');
    const { cache: pages } = groupOf(a).pages;
    const [one] = pages.keys();
    expect(pages.size).toBeGreaterThan(1);
    if (one !== undefined) pages.delete(one);
    deliver(a, { ...request, reqId: requestNumber(9), base: first.base }, D);
    expect(a.reads).toHaveLength(1);
    pages.clear(); // as the pages of other reads push them out
    settle(a);
    expect(lastSent(a, 'BaseChunk')).toMatchObject({ reqId: 9, refused: null, pages: first.pages });
  });

  test('PCS-76 a heartbeat reports how many bytes of the image are durable, until the replica is there', () => {
    const rigs = donors(4);
    const d = withLearner(rigs);
    const [a] = rigs as [Rig];
    const [request] = takeSent(d, 'BaseReq');
    if (!request) throw new Error('the learner asks for an image');
    deliverAndSettle(a, request, D);
    const { pages, ...chunk } = lastSent(a, 'BaseChunk');
    deliver(d, { ...chunk, pages: pages.slice(0, 1), done: false }, A);
    expect(copiedOf(d.state)).toEqual([{ group: GROUP, size: 0 }]);
    settle(d);
    expect(copiedOf(d.state)).toEqual([{ group: GROUP, size: pages[0]?.page.length }]);
    exchange([...rigs, d]);
    expect(copiedOf(d.state)).toEqual([]);
  });

  test('a donor that refuses or is silent is replaced by the next one', () => {
    const rigs = donors(4);
    const d = openRig({ node: D });
    const [a, b, c] = rigs as [Rig, Rig, Rig];
    for (const rig of [b, c, d]) tell(rig, learner); // A has not received it yet
    for (const rig of [b, c]) settle(rig);
    const isOfB = (from: Rig): boolean => from === b;
    advanceAll([a, b, c, d], 60_000, (message, from) => message.kind === 'BaseChunk' && isOfB(from));
    expect(eventsOf(d, 'base.failed')).toMatchObject([{ from: A, code: 'EPOCH_AHEAD' }]);
    expect(eventsOf(d, 'base.installed')).toMatchObject([{ from: C, base: 4 }]);
  });

  test('a crash before the superblock leaves nothing but keys that the next start deletes', () => {
    const rigs = donors(4);
    const d = withLearner(rigs);
    const [request] = takeSent(d, 'BaseReq');
    const [a] = rigs as [Rig];
    if (request) deliver(a, request, D);
    settle(a);
    deliver(d, lastSent(a, 'BaseChunk'), A);
    syncOne(d);
    expect(eventsOf(d, 'base.chunk')).toMatchObject([{ pages: 3, total: 3 }]);
    const again = crash(d);
    expect(again.state.groups.size).toBe(0);
    settle(again);
    expect(again.disk.size).toBe(0);
  });

  test('a learner that is taken back in the middle forgets what has come', () => {
    const d = withLearner(donors(4));
    tell(d, { ...DESCRIPTOR, memberEpoch: 3 });
    settle(d);
    expect([d.state.imports.size, d.disk.size]).toEqual([0, 0]);
  });

  test('WAL-4 a store that knows that the volume exists makes no replica from nothing', () => {
    const rig = openRig({ node: B });
    rig.state.isVolumeCreated = true;
    deliver(rig, createReplica()); // a request of the creation that was held back
    tell(rig, DESCRIPTOR); // a member that hosts nothing says nothing: the metadata sees it in its heartbeat
    settle(rig);
    expect([rig.state.groups.size, rig.disk.size, rig.sent.length]).toEqual([0, 0, 0]);
  });

  test('M17 the planted bug takes its old place with nothing in it', () => {
    const rig = openRig({ node: B, mutants: ['store.lost-rejoins'] });
    tell(rig, { ...DESCRIPTOR, memberEpoch: 2 });
    settle(rig);
    expect(groupOf(rig).superblock.descriptor.memberEpoch).toBe(2);
  });
});

test('HOLE-39 HOLE-55 WAL-36 WAL-71 bit rot of records that every peer has dropped is healed by a base image', () => {
  const [a, b] = donors(6) as [Rig, Rig, Rig];
  expect(groupOf(a).superblock.logFloor).toBeGreaterThan(1);
  const whole = createdRig({ node: C });
  const records = chainOf([1, 2, 3, 4, 5, 6]);
  deliverAndSettle(whole, batch(records.slice(0, 3)));
  deliverAndSettle(whole, batch(records.slice(3)));
  const key = logKey(GROUP, 2);
  const bytes = whole.disk.get(key)?.slice() ?? new Uint8Array();
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  whole.disk.set(key, bytes);
  const c = crash(whole);
  expect(groupOf(c).scl).toBe(2);
  const { pins } = groupOf(c).gc;
  const copied = { reqId: 0, keys: [], sent: 0, bytes: 0, keepUntil: 10_000_000 as Time };
  pins.set(A, { ...copied, base: 2 as Lsn });
  pins.set(B, { ...copied, base: 6 as Lsn });
  deliver(c, heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 6, holdTo: 6 }));
  advanceAll([a, b, c], 60_000);
  expect(eventsOf(c, 'store.failed')).toMatchObject([{ code: 'NEED_BASE' }]);
  expect(eventsOf(c, 'base.installed')).toMatchObject([{ base: 6, scl: 6, why: 'needBase' }]);
  // pages below the image that it took cannot be made any more (WAL-36; sweep seed 45 of `cynosdb-pcs`)
  expect([...pins].map(([owner, { base }]) => [owner, base])).toEqual([[B, 6]]);
  for (const rig of [a, c]) deliver(rig, readPage(6, 6));
  for (const rig of [a, c]) settle(rig);
  expect(lastSent(c, 'PageReply')).toEqual(lastSent(a, 'PageReply'));
  expect(groupOf(crash(c))).toMatchObject({ scl: 6, repair: { needsBase: false, damaged: [] } });
});
