// Nodes of the cluster program end to end: acknowledgement, back-pressure, fencing, and the planted deviations.

import { describe, expect, test } from 'vitest';
import { type NodeId, nodeId } from '../../base/ids.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import {
  addClient,
  computeOf,
  isOpen,
  makeCluster,
  put,
  stepNames,
} from '../engine/testing/counting-cluster.ts';
import { crashMini, miniTraces, runMini, runUntil, startMini } from './testing/mini-cluster.ts';

describe('writing', () => {
  test('WAL-5, WAL-19 commits are acknowledged in SCN order, each once VDL has reached it, under loss', () => {
    const cluster = makeCluster();
    const prng = makePrng(5, 'loss');
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    const { loses } = cluster;
    cluster.loses = (from, to, message) =>
      loses(from, to, message) || (message.kind === 'WriteBatch' && nextBelow(prng, 4) === 0);
    for (let i = 0; i < 60; i++) {
      put(cluster, client, [nextBelow(prng, 7), nextBelow(prng, 7)]);
      runMini(cluster, cluster.now + nextBelow(prng, 500));
    }
    runUntil(cluster, 600_000, () => client.acked.size === 60);
    const acks = miniTraces(cluster, 'commit.ack');
    expect(acks.length).toBe(60);
    expect(acks.map(({ scn }) => scn)).toEqual(acks.map(({ scn }) => scn).sort((a, b) => a - b));
    expect(acks.every(({ scn, vdl }) => scn <= vdl)).toBe(true);
    expect(miniTraces(cluster, 'wal.send').some(({ resend }) => resend)).toBe(true);
  });

  test('WAL-7, WAL-8 a full allocation window makes writers wait, first in, first out, and nobody is lost', () => {
    const cluster = makeCluster({ lal: 12 });
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    for (let i = 0; i < 40; i++) put(cluster, client, [1, 2, 3]);
    runUntil(cluster, 200_000, () => client.acked.size === 40);
    expect(miniTraces(cluster, 'wal.backpressure').length).toBeGreaterThan(3);
    const scns = [...client.acked].sort(([a], [b]) => a - b).map(([, scn]) => scn);
    expect(scns).toEqual([...scns].sort((a, b) => a - b));
  });

  test('WAL-27, FENCE-32 after a recovery one page is read before the volume opens; the rest when asked for', () => {
    const cluster = makeCluster();
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    for (let i = 0; i < 30; i++) put(cluster, client, [i % 8, (i + 1) % 8]);
    runUntil(cluster, 60_000, () => client.acked.size === 30);
    crashMini(cluster, 'rw-1');
    cluster.trace.length = 0;
    startMini(cluster, 'rw-1');
    runUntil(cluster, 30_000, () => isOpen(cluster));
    expect(miniTraces(cluster, 'page.read').map(({ blockKey }) => blockKey)).toEqual([0]);
    put(cluster, client, [3]);
    runUntil(cluster, 30_000, () => client.acked.size === 31);
    expect(miniTraces(cluster, 'page.read').length).toBe(3);
  });
});

describe('planted bugs', () => {
  test('recovery.read-before-token: the state is read before any replica has the token', () => {
    const cluster = makeCluster({}, ['rw-1'], ['recovery.read-before-token']);
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    put(cluster, client, [1, 2]);
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    for (let incarnation = 0; incarnation < 2; incarnation++) {
      crashMini(cluster, 'rw-1');
      cluster.trace.length = 0;
      startMini(cluster, 'rw-1');
      runUntil(cluster, 30_000, () => isOpen(cluster));
      expect(stepNames(cluster)).toEqual(['token', 'R2', 'R3', 'R4', 'R1', 'R5', 'R6', 'R7']);
      const kinds = cluster.trace.map(({ event }) => event.kind);
      expect(kinds.indexOf('recovery.info')).toBeLessThan(kinds.indexOf('token.install'));
    }
  });

  test('writer.ack-at-vw-minus-one: a commit is acknowledged with one replica alive', () => {
    const cluster = makeCluster({}, ['rw-1'], ['writer.ack-at-vw-minus-one']);
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    crashMini(cluster, 'store-2');
    crashMini(cluster, 'store-3');
    put(cluster, client, [0]);
    runUntil(cluster, 30_000, () => client.acked.size === 1);
  });
});

describe('fencing', () => {
  test('WAL-13, FENCE-14, FENCE-15, FENCE-16 of two writers the later token wins; the other ends FENCED', () => {
    const cluster = makeCluster({}, ['rw-1', 'rw-2']);
    const client = addClient(cluster);
    crashMini(cluster, 'rw-2');
    runUntil(cluster, 20_000, () => isOpen(cluster));
    put(cluster, client, [1]);
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    startMini(cluster, 'rw-2');
    runUntil(cluster, 40_000, () => isOpen(cluster, 'rw-2'));
    put(cluster, client, [1]);
    put(cluster, client, [1], 'rw-2');
    runUntil(cluster, 40_000, () => client.acked.size === 2);
    runMini(cluster, cluster.now + 40_000);
    expect(computeOf(cluster, 'rw-1').status).toBe('fenced');
    expect(computeOf(cluster, 'rw-2').status).toBe('open');
    put(cluster, client, [1]);
    expect(client.codes.at(-1)).toBe('FENCED');
    expect(client.acked.has(1)).toBe(false);
    const vdls = miniTraces(cluster, 'mark.vdl');
    const firstOfTwo = vdls.findIndex(({ term }) => term === 2);
    expect(vdls.slice(firstOfTwo).every(({ term }) => term === 2)).toBe(true);
  });

  test('FENCE-11, FENCE-15 a writer that was cut off comes back, acts on its old token and is fenced by the stores', () => {
    const cluster = makeCluster({}, ['rw-1', 'rw-2']);
    const client = addClient(cluster);
    crashMini(cluster, 'rw-2');
    runUntil(cluster, 20_000, () => isOpen(cluster));
    const { loses } = cluster;
    const isOld = (id: NodeId) => id === nodeId('rw-1');
    cluster.loses = (from, to, message) => isOld(from) || isOld(to) || loses(from, to, message);
    put(cluster, client, [1]);
    startMini(cluster, 'rw-2');
    runUntil(cluster, 60_000, () => isOpen(cluster, 'rw-2'));
    expect(isOpen(cluster, 'rw-1')).toBe(true);
    runMini(cluster, cluster.now + 200_000);
    expect(isOpen(cluster, 'rw-1')).toBe(true);
    cluster.loses = loses;
    runUntil(cluster, 60_000, () => computeOf(cluster, 'rw-1').status === 'fenced');
    expect(client.acked.size).toBe(0);
    put(cluster, client, [1], 'rw-2');
    runUntil(cluster, 40_000, () => client.acked.size === 1);
  });

  test('FENCE-9 clients get RECOVERING until the volume is open', () => {
    const cluster = makeCluster();
    const client = addClient(cluster);
    put(cluster, client, [1]); // before the boot epoch is durable: silently dropped
    runMini(cluster, 1000);
    put(cluster, client, [1]);
    expect(client.codes).toEqual(['RECOVERING']);
  });
});
