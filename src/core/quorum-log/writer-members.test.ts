// Membership at the writer: WAL-11, WAL-15, WAL-63, WAL-65, WAL-66, WAL-70, and F29.

import { describe, expect, test } from 'vitest';
import { type NodeId, nodeId, type Time, type TxId } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { onWriteAck } from './writer-acks.ts';
import { appendMtr } from './writer-append.ts';
import {
  ackOf,
  type Collected,
  change,
  descriptorOf,
  freshWriter,
  lsnOf,
  makeContext,
  takeSent,
  termOf,
  tracesOf,
} from './writer-fixture.ts';
import { adoptChange, adoptMembers, onMembersAck, recordMapVersion, watchQuorums } from './writer-members.ts';
import { flushLog, onHeartbeatTimer } from './writer-send.ts';
import { findGroup, type WriterGroup, type WriterState } from './writer-state.ts';

const META = nodeId('meta-1');
const [A, B, C, D] = ['A', 'B', 'C', 'D'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId];
const start = descriptorOf('g1', 0, ['A', 'B', 'C']);
const learner: Descriptor = { ...start, learners: [D], memberEpoch: 2 };
const dual: Descriptor = {
  ...start,
  sets: [
    [A, B, C],
    [A, D, C],
  ],
  memberEpoch: 3,
};

interface Bench {
  readonly w: WriterState;
  readonly ctx: Collected;
  readonly group: WriterGroup;
}

function bench(): Bench {
  const w = { ...freshWriter([start]), meta: META };
  const ctx = makeContext();
  const group = findGroup(w, start.group);
  if (!group) throw new Error('no group');
  return { w, ctx, group };
}

function append({ w, ctx }: Bench): void {
  appendMtr(w, ctx, [change(0)], false, 1 as TxId);
  flushLog(w, ctx);
}

const meta = (descriptor: Descriptor, mapVersion = 9): MessageOf<'MetaState'> => ({
  kind: 'MetaState',
  volume: 'v1',
  token: termOf(1),
  holder: null,
  writer: null,
  state: 'OPEN',
  created: true,
  mapVersion,
  groups: [descriptor],
});

const ack = ({ w, ctx }: Bench, from: NodeId, scl: number, memberEpoch: number): void =>
  onWriteAck(w, ctx, from, ackOf('g1', scl, { memberEpoch }));

const refused = (
  { w, ctx }: Bench,
  from: NodeId,
  code: 'STALE_EPOCH' | 'EPOCH_AHEAD',
  current: number,
): void =>
  onWriteAck(
    w,
    ctx,
    from,
    ackOf('g1', 0, { memberEpoch: current, refused: { code, which: 'member', current } }),
  );

const sentTo = (b: Bench, kind: 'WriteBatch' | 'Heartbeat' | 'InstallMembers' | 'GetMeta'): string[] =>
  takeSent(b.ctx, kind)
    .map(({ to }) => to as string)
    .sort();

describe('WAL-65 newer members', () => {
  test('are fetched when a replica refuses for a memberEpoch below its own, and when the map is newer', () => {
    const b = bench();
    refused(b, A, 'STALE_EPOCH', 2);
    refused(b, B, 'STALE_EPOCH', 2);
    expect(sentTo(b, 'GetMeta')).toEqual(['meta-1']); // once per recoveryRetryMs
    b.ctx.now = 20_000 as Time;
    recordMapVersion(b.w, b.ctx, 1);
    expect(sentTo(b, 'GetMeta')).toEqual(['meta-1']);
    adoptMembers(b.w, b.ctx, meta(learner, 4));
    recordMapVersion(b.w, b.ctx, 4);
    expect(sentTo(b, 'GetMeta')).toEqual([]);
  });

  test('PCS-109 one group’s change is taken over; the whole map is fetched when a version before it was missed', () => {
    const b = bench();
    const changed = (descriptor: Descriptor, mapVersion: number): void =>
      adoptChange(b.w, b.ctx, {
        kind: 'GroupChanged',
        volume: 'v1',
        token: termOf(1),
        mapVersion,
        descriptor,
      });
    adoptMembers(b.w, b.ctx, meta(start, 4));
    changed(learner, 5);
    expect([b.w.mapVersion, b.group.descriptor.memberEpoch]).toEqual([5, 2]);
    expect(sentTo(b, 'GetMeta')).toEqual([]);
    changed(start, 6);
    expect([b.w.mapVersion, b.group.descriptor.memberEpoch]).toEqual([6, 2]); // older members are late
    changed(dual, 9);
    expect([b.w.mapVersion, b.group.descriptor.memberEpoch]).toEqual([6, 3]);
    expect(sentTo(b, 'GetMeta')).toEqual(['meta-1']);
    adoptMembers(b.w, b.ctx, meta(dual, 9));
    changed(learner, 8);
    expect([b.w.mapVersion, sentTo(b, 'GetMeta')]).toEqual([9, []]);
  });

  test('what the replica refused comes again under them, at once', () => {
    const b = bench();
    append(b);
    expect(sentTo(b, 'WriteBatch')).toEqual(['A', 'B', 'C']);
    refused(b, A, 'STALE_EPOCH', 2);
    adoptMembers(b.w, b.ctx, meta(learner));
    const again = takeSent(b.ctx, 'WriteBatch');
    expect(again.map(({ to }) => to)).toEqual(['A']);
    expect(again[0]?.message).toMatchObject({ memberEpoch: 2, first: 1, end: 2 });
    expect(sentTo(b, 'Heartbeat')).toEqual(['A', 'B', 'C', 'D']);
  });

  test('what it refuses after they are known here, because it was on its way before, comes again at once and once', () => {
    const b = bench();
    append(b);
    append(b);
    sentTo(b, 'WriteBatch');
    adoptMembers(b.w, b.ctx, meta(learner)); // pushed by the metadata, before any refusal has come
    append(b);
    sentTo(b, 'WriteBatch');
    refused(b, A, 'STALE_EPOCH', 2);
    refused(b, A, 'STALE_EPOCH', 2); // both batches were refused
    const again = takeSent(b.ctx, 'WriteBatch');
    expect(
      again.map(({ to, message: { first, end, memberEpoch } }) => [to, first, end - 1, memberEpoch]),
    ).toEqual([[A, 1, 2, 2]]);
    expect(sentTo(b, 'GetMeta')).toEqual([]);
  });

  test('the step after the one just learnt is asked for at once', () => {
    const b = bench();
    refused(b, A, 'STALE_EPOCH', 2);
    adoptMembers(b.w, b.ctx, meta(learner));
    sentTo(b, 'GetMeta');
    refused(b, A, 'STALE_EPOCH', 3);
    expect(sentTo(b, 'GetMeta')).toEqual(['meta-1']);
  });

  test('a replica that is behind is instructed, and gets what it lacks when it has them', () => {
    const b = bench();
    append(b);
    sentTo(b, 'WriteBatch');
    adoptMembers(b.w, b.ctx, meta(learner));
    sentTo(b, 'Heartbeat');
    refused(b, C, 'EPOCH_AHEAD', 1);
    refused(b, C, 'EPOCH_AHEAD', 1);
    expect(takeSent(b.ctx, 'InstallMembers')).toMatchObject([
      { to: C, message: { descriptor: learner, origin: 'writer' } },
    ]);
    onMembersAck(b.w, b.ctx, C, {
      kind: 'MembersAck',
      group: start.group,
      origin: 'writer',
      maxToken: termOf(1),
      volumeEpoch: termOf(1),
      memberEpoch: 2,
      geoEpoch: 1,
      scl: lsnOf(0),
      refused: null,
    });
    expect(sentTo(b, 'WriteBatch')).toEqual(['C']);
    expect(sentTo(b, 'Heartbeat')).toEqual(['C']);
  });

  test('older members than those in use are ignored', () => {
    const b = bench();
    adoptMembers(b.w, b.ctx, meta(dual));
    adoptMembers(b.w, b.ctx, meta(learner));
    expect(b.group.descriptor).toBe(dual);
  });
});

describe('WAL-15 what counts in PGCL', () => {
  test('acks that carry another memberEpoch do not, on either side', () => {
    const b = bench();
    append(b);
    ack(b, A, 1, 2); // it already has newer members than the writer
    ack(b, B, 1, 1);
    expect(b.group.pgcl).toBe(0);
    adoptMembers(b.w, b.ctx, meta(learner));
    ack(b, C, 1, 1); // it does not have them yet
    ack(b, A, 1, 2);
    expect(b.group.pgcl).toBe(0); // what B reported under the old members is not carried over
    ack(b, B, 1, 2);
    expect(b.group.pgcl).toBe(1);
  });

  test('WAL-18 a step takes nothing back that PGCL, VCL and VDL have reached', () => {
    const b = bench();
    append(b);
    ack(b, A, 1, 1);
    ack(b, B, 1, 1);
    expect([b.group.pgcl, b.w.vcl, b.w.vdl]).toEqual([1, 1, 1]);
    adoptMembers(b.w, b.ctx, meta(dual));
    expect([b.group.pgcl, b.w.vcl, b.w.vdl]).toEqual([1, 1, 1]);
  });

  test('WAL-63 in DUAL a record needs vw of both sets', () => {
    const b = bench();
    adoptMembers(b.w, b.ctx, meta(dual));
    append(b);
    ack(b, A, 1, 3);
    ack(b, B, 1, 3);
    expect(b.group.pgcl).toBe(0);
    ack(b, D, 1, 3);
    expect(b.group.pgcl).toBe(1);
  });

  test('WAL-11, WAL-70 learners get every record and stand in no set', () => {
    const b = bench();
    adoptMembers(b.w, b.ctx, meta(learner));
    append(b);
    expect(sentTo(b, 'WriteBatch')).toEqual(['A', 'B', 'C', 'D']);
    ack(b, A, 1, 2);
    ack(b, D, 1, 2);
    expect(b.group.pgcl).toBe(0);
  });

  test('WAL-66 a removed replica gets nothing more, and its acks are nobody’s', () => {
    const b = bench();
    adoptMembers(b.w, b.ctx, meta({ ...start, sets: [[A, D, C]], memberEpoch: 4 }));
    append(b);
    expect(sentTo(b, 'WriteBatch')).toEqual(['A', 'C', 'D']);
    ack(b, B, 1, 1);
    ack(b, A, 1, 4);
    expect(b.group.pgcl).toBe(0);
  });

  test('WAL-71 a replica that may have been made anew between two known steps starts unknown', () => {
    const b = bench();
    append(b);
    ack(b, B, 1, 1);
    adoptMembers(b.w, b.ctx, meta({ ...start, memberEpoch: 6 }));
    expect(b.group.replicas.find(({ node }) => node === B)).toMatchObject({ progress: { kind: 'probe' } });
  });
});

test('F29 a group says when fewer members of a set answer than a write needs, and when enough do again', () => {
  const b = bench();
  const beat = (atMs: number, ...live: NodeId[]): void => {
    b.ctx.now = (atMs * 1000) as Time;
    onHeartbeatTimer(b.w, b.ctx);
    for (const node of live) ack(b, node, 0, 1);
    watchQuorums(b.w, b.ctx);
  };
  const traced = (): unknown[] =>
    tracesOf(b.ctx, 'group.quorum').map(({ state, live, vw }) => [state, live, vw]);
  beat(10, A, B, C);
  beat(40, A, B);
  expect(traced()).toEqual([]);
  beat(80, A);
  expect(traced()).toEqual([['BELOW_WRITE_QUORUM', 1, 2]]);
  beat(85, A, B);
  expect(traced().at(-1)).toEqual(['OK', 2, 2]);
});
