// A store whose disk was put back (WAL-75), end to end: silent until it is answered, deleted when it is behind.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { nodeId } from '../../base/ids.ts';
import { addClient, isOpen, makeCluster, put } from '../engine/testing/counting-cluster.ts';
import { firstRequest, isOfOneLife } from './context.ts';
import {
  crashMini,
  deliver,
  miniTraces,
  runMini,
  runUntil,
  startMini,
  stateOf,
  type TracedAt,
} from './testing/mini-cluster.ts';

const STORE = nodeId('store-2');

test('WAL-75 F24 it says nothing before an answer to this life, then deletes itself and rises above its boot epochs', () => {
  const cluster = makeCluster();
  const client = addClient(cluster);
  runUntil(cluster, 20_000, () => isOpen(cluster));
  const { disk } = present(cluster.nodes.get(STORE), 'the store');
  const image = new Map(disk);
  for (let i = 0; i < 20; i++) put(cluster, client, [i % 7]);
  runUntil(cluster, 60_000, () => client.acked.size === 20);
  runMini(cluster, cluster.now + 20_000); // heartbeats have reported it

  crashMini(cluster, STORE);
  disk.clear();
  for (const [key, bytes] of image) disk.set(key, bytes);
  cluster.loses = (_, to, message) => to === STORE && message.kind === 'NodeBeatOk';
  cluster.trace.length = 0;
  startMini(cluster, STORE);
  runMini(cluster, cluster.now + 5_000);
  const late = { mapVersion: 1, bootFloor: 1, created: true, answers: 7, known: [] };
  deliver(cluster, 'meta-1', STORE, { kind: 'NodeBeatOk', ...late });
  runMini(cluster, cluster.now + 5_000);
  const said = ({ node, event }: TracedAt): boolean => node === STORE && event.kind !== 'node.boot';
  expect(cluster.trace.filter(said)).toEqual([]);

  cluster.loses = () => false;
  runMini(cluster, cluster.now + 20_000);
  const found = miniTraces(cluster, 'disk.rolledBack');
  expect(found.length).toBeGreaterThan(0);
  for (const { sequence, scl, knownSequence, knownScl } of found)
    expect(sequence < knownSequence || scl < knownScl).toBe(true);
  expect(miniTraces(cluster, 'disk.checked')).toEqual([]);
  const { bootEpoch, ids } = stateOf(cluster, STORE);
  expect(bootEpoch).toBeGreaterThan(2);
  // FENCE-59: its requests are numbered above those of the lives that it has forgotten
  expect(isOfOneLife(ids.requests, firstRequest(bootEpoch))).toBe(true);
});
