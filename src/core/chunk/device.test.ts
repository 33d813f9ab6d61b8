// The device of a mount (docs/spec/polarfs.md): which answers end what it has asked.

import { expect, test } from 'vitest';
import { groupId, nodeId, type Time, term } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { beginIo, type ChunkDevice, makeDevice, onDeviceMessage, useToken } from './device.ts';

const group = groupId('k0');
const cluster: ClusterSpec = {
  preset: 'polardb-mini',
  volume: 'v1',
  nodes: [],
  groups: [],
  chunks: [{ id: group, replicas: [nodeId('c1'), nodeId('c2'), nodeId('c3')] }],
};
const ack = (token: number, seq: number): MessageOf<'ChunkAck'> => ({
  kind: 'ChunkAck',
  group,
  token: term(token),
  seq,
  why: '',
  leader: null,
  maxToken: term(token),
});

/** A mount whose writer has token 2 waits for its first write. */
function writing(mutants: Mutants): { device: ChunkDevice; ctx: RoleContext } {
  const ids = makeIds();
  const ctx: RoleContext = { now: 0 as Time, role: 'fs', tag: 0, scope: '', ids, effects: [], traceId: 0 };
  const device = makeDevice(cluster, mutants);
  useToken(device, 1);
  useToken(device, 2);
  const write = { place: { chunk: 0, at: 0, length: 8 }, bytes: new Uint8Array(8) };
  expect(beginIo(device, ctx, 1, { kind: 'write', writes: [write] })).toBeNull();
  return { device, ctx };
}

test('FS-80 FENCE-59 the first write of a mount is not ended by the acknowledgement of the first write of the one before', () => {
  const { device, ctx } = writing([]);
  expect(onDeviceMessage(device, ctx, ack(1, 1))).toBeNull();
  expect(onDeviceMessage(device, ctx, ack(2, 2))).toBeNull();
  expect(device.flights.size).toBe(1);
  expect(onDeviceMessage(device, ctx, ack(2, 1))).toEqual({ lane: 1, answer: { kind: 'written' } });
});

test('C14 M232 chunk.takes-old-acks: it takes it for its own', () => {
  const { device, ctx } = writing(['chunk.takes-old-acks']);
  expect(onDeviceMessage(device, ctx, ack(1, 1))).not.toBeNull();
});
