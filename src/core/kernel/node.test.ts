// Nodes of the cluster program end to end in one process: boot, creation of a volume, its recovery after crashes of the
// writer at any moment, a replica that was away.

import { describe, expect, test } from 'vitest';
import { groupId, nodeId, type Time } from '../../base/ids.ts';
import { clonePlain, digestPlain } from '../../base/plain.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import {
  addClient,
  computeOf,
  isOpen,
  makeCluster,
  program,
  put,
  stepNames,
  stores,
} from '../engine/testing/counting-cluster.ts';
import { sclOf } from '../quorum-log/writer-progress.ts';
import { demoParams } from './params-fixture.ts';
import { crashMini, miniTraces, runMini, runUntil, startMini, stateOf } from './testing/mini-cluster.ts';

describe('creation', () => {
  test('WAL-4, FENCE-2 the first RW creates the volume under token 1, without R1…R7, and writes from LSN 1', () => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    expect(miniTraces(cluster, 'token.grant')).toEqual([
      { kind: 'token.grant', volume: 'v1', token: 1, holder: 'rw-1' },
    ]);
    expect(stepNames(cluster)).toEqual(['token']);
    expect(computeOf(cluster).engine.firstStart).toBe(true);
    const client = addClient(cluster);
    put(cluster, client, [1]);
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    expect(client.acked.get(0)).toBe(2);
    expect(miniTraces(cluster, 'mtr.append').map(({ first }) => first)).toEqual([1, 2]);
  });

  test('WAL-4 creation returns only when every replica of every group has it', () => {
    const cluster = makeCluster();
    crashMini(cluster, 'store-3');
    runMini(cluster, 100_000);
    expect(isOpen(cluster)).toBe(false);
    expect(miniTraces(cluster, 'meta.writer')).toEqual([]);
    startMini(cluster, 'store-3');
    runUntil(cluster, 30_000, () => isOpen(cluster));
  });

  test('WAL-4 a creation cut short at any moment is completed under a later token', () => {
    for (const cutAt of [200, 500, 900, 1200, 1500, 1800, 2100, 2400, 2700]) {
      const cluster = makeCluster();
      runMini(cluster, cutAt);
      crashMini(cluster, 'rw-1');
      startMini(cluster, 'rw-1');
      runUntil(cluster, 60_000, () => isOpen(cluster));
      expect(computeOf(cluster).engine.firstStart).toBe(true);
      const client = addClient(cluster);
      put(cluster, client, [1, 2]);
      runUntil(cluster, 30_000, () => client.acked.size === 1);
    }
  });
});

describe('recovery', () => {
  test('WAL-50…57, FENCE §4 the steps in their order, then VDL = startLsn, then clients', () => {
    const cluster = makeCluster();
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    for (let i = 0; i < 5; i++) put(cluster, client, [i, i + 1]);
    runUntil(cluster, 20_000, () => client.acked.size === 5);
    const vdl = computeOf(cluster).writer?.vdl ?? 0;
    crashMini(cluster, 'rw-1');
    cluster.trace.length = 0;
    startMini(cluster, 'rw-1');
    runUntil(cluster, 20_000, () => isOpen(cluster));
    expect(stepNames(cluster)).toEqual(['token', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7']);
    const [computed] = miniTraces(cluster, 'recovery.computed');
    expect(computed?.vdlPrime).toBeGreaterThanOrEqual(vdl);
    expect(computed?.startLsn).toBe((computed?.vdlPrime ?? 0) + demoParams.lal + 1);
    expect(miniTraces(cluster, 'meta.writer').map(({ state }) => state)).toEqual(['RECOVERING', 'OPEN']);
    const order = cluster.trace.map(({ event }) => event);
    const opened = order.findIndex((event) => event.kind === 'meta.writer' && event.state === 'OPEN');
    const durable = order.findIndex(
      (event) => event.kind === 'mark.vdl' && event.value === computed?.startLsn,
    );
    expect(durable).toBeGreaterThan(0);
    expect(opened).toBeGreaterThan(durable);
    expect(computeOf(cluster).engine.firstStart).toBe(false);
    expect(computeOf(cluster).writer?.term).toBe(2);
  });

  test('WAL-50 no RecoveryRead before the token is at vw of every group', () => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    crashMini(cluster, 'rw-1');
    let tokens = 0;
    let readsEarly = 0;
    cluster.loses = (_from, to, message) => {
      if (message.kind === 'InstallAck' && message.group === groupId('g2')) return true;
      if (message.kind === 'InstallAck') tokens++;
      if (message.kind === 'RecoveryRead') readsEarly++;
      return to === nodeId('driver');
    };
    startMini(cluster, 'rw-1');
    runMini(cluster, cluster.now + 60_000);
    expect(tokens).toBeGreaterThan(2);
    expect(readsEarly).toBe(0);
    cluster.loses = () => false;
    runUntil(cluster, 30_000, () => isOpen(cluster));
  });

  test('WAL-20, WAL-55, WAL-58, FENCE-29 the writer crashes at any moment, also in recovery: nothing acknowledged is lost', () => {
    const prng = makePrng(3, 'crashes');
    let recoveries = 0;
    let annulled = 0;
    for (let round = 0; round < 30; round++) {
      const cluster = makeCluster();
      cluster.loses = (_from, _to, { kind }) => kind === 'WriteBatch' && nextBelow(prng, 3) === 0;
      const client = addClient(cluster);
      runUntil(cluster, 20_000, () => isOpen(cluster));
      let highest = 0;
      for (let incarnation = 0; incarnation < 4; incarnation++) {
        for (let i = 0; i < 12; i++) {
          put(cluster, client, [nextBelow(prng, 9), nextBelow(prng, 9)]);
          runMini(cluster, cluster.now + nextBelow(prng, 400));
        }
        const acked = Math.max(0, ...client.acked.values());
        crashMini(cluster, 'rw-1');
        startMini(cluster, 'rw-1');
        runMini(cluster, cluster.now + nextBelow(prng, 6000));
        crashMini(cluster, 'rw-1');
        const [victim] = stores.slice(nextBelow(prng, 3)) as [string];
        crashMini(cluster, victim);
        startMini(cluster, 'rw-1');
        runUntil(cluster, 600_000, () => isOpen(cluster));
        startMini(cluster, victim);
        const { vdlPrime, vclPrime } = miniTraces(cluster, 'recovery.computed').at(-1) ?? {
          vdlPrime: -1,
          vclPrime: -1,
        };
        expect(vdlPrime).toBeGreaterThanOrEqual(Math.max(acked, highest));
        expect(vclPrime).toBeGreaterThanOrEqual(vdlPrime);
        highest = computeOf(cluster).writer?.vdl ?? 0;
        recoveries++;
      }
      annulled += miniTraces(cluster, 'recovery.history').reduce(
        (sum, { removed }) => sum + removed.length,
        0,
      );
      expect(miniTraces(cluster, 'store.failed')).toEqual([]);
      put(cluster, client, [1]);
      const last = client.sequence - 1;
      runUntil(cluster, 60_000, () => client.acked.has(last));
    }
    expect(recoveries).toBe(120);
    expect(annulled).toBeGreaterThan(0);
  });

  test('WAL-46, WAL-59, FENCE-8 a replica that was away is brought up to date before its SCL counts', () => {
    const cluster = makeCluster();
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    crashMini(cluster, 'store-3');
    put(cluster, client, [1, 2]);
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    crashMini(cluster, 'rw-1');
    startMini(cluster, 'rw-1');
    runUntil(cluster, 30_000, () => isOpen(cluster));
    put(cluster, client, [1, 2]);
    runUntil(cluster, 20_000, () => client.acked.size === 2);
    startMini(cluster, 'store-3');
    cluster.trace.length = 0;
    const { writer } = computeOf(cluster);
    const sclOf3 = () =>
      writer?.groups.map(({ replicas }) => replicas.filter(({ node }) => node === 'store-3').map(sclOf)[0]);
    runUntil(cluster, 100_000, () => {
      const tails = writer?.groups.map(({ tail }) => tail);
      return JSON.stringify(sclOf3()) === JSON.stringify(tails);
    });
    const own = cluster.trace.filter(({ node }) => node === nodeId('store-3')).map(({ event }) => event.kind);
    const order = ['token.install', 'recovery.history', 'volume.open'].map((kind) =>
      own.indexOf(kind as never),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(Math.min(...order)).toBeGreaterThanOrEqual(0);
    const counted = miniTraces(cluster, 'wal.ackSeen').filter(({ from }) => from === 'store-3');
    expect(counted.every(({ token }) => token === 2)).toBe(true);
  });

  test('WAL-63 without a read quorum recovery waits, and ends when the quorum is back', () => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    for (const id of ['store-1', 'store-2', 'rw-1']) crashMini(cluster, id);
    startMini(cluster, 'rw-1');
    runMini(cluster, cluster.now + 200_000);
    expect(computeOf(cluster).recovery.phase).toBe('fence');
    startMini(cluster, 'store-2');
    runUntil(cluster, 40_000, () => isOpen(cluster));
  });
});

describe('node', () => {
  test('boot: the boot epoch is durable before the first message and rises with each open', () => {
    const cluster = makeCluster();
    runMini(cluster, 100);
    expect(cluster.trace.filter(({ event }) => event.kind === 'node.boot')).toEqual([]);
    expect(cluster.events.filter(({ body }) => body.kind === 'deliver')).toEqual([]);
    crashMini(cluster, 'rw-1');
    startMini(cluster, 'rw-1');
    runMini(cluster, 5000);
    crashMini(cluster, 'rw-1');
    startMini(cluster, 'rw-1');
    runMini(cluster, 10_000);
    const boots = cluster.trace.filter(({ node, event }) => node === 'rw-1' && event.kind === 'node.boot');
    expect(boots.map(({ event }) => (event.kind === 'node.boot' ? event.bootEpoch : 0))).toEqual([1, 2]);
  });

  test('architecture: node state is plain data and a clone goes on alike', () => {
    const cluster = makeCluster();
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    for (let i = 0; i < 4; i++) put(cluster, client, [i]);
    for (const id of ['rw-1', 'meta-1', 'store-1']) {
      const state = stateOf(cluster, id);
      const twin = program.adopt(clonePlain(state));
      expect(digestPlain(twin)).toBe(digestPlain(state));
      const wake = {
        kind: 'wake',
        now: (cluster.now + 50_000) as Time,
        timer: 'compute:wal.resend',
      } as const;
      expect(program.step(twin, wake)).toEqual(program.step(clonePlain(state), wake));
      expect(digestPlain(twin)).not.toBe(digestPlain(state));
    }
  });

  test('the same run twice gives the same trace', () => {
    const traces = [1, 2].map(() => {
      const cluster = makeCluster();
      const client = addClient(cluster);
      runUntil(cluster, 20_000, () => isOpen(cluster));
      for (let i = 0; i < 9; i++) put(cluster, client, [i, i + 3]);
      runMini(cluster, cluster.now + 30_000);
      return digestPlain(cluster.trace);
    });
    expect(traces[0]).toBe(traces[1]);
  });

  test('views show the writer, the recovery and the metadata', () => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    const params = { group: null, lsnWindow: null, span: 64, detail: true };
    const client = addClient(cluster);
    put(cluster, client, [1, 2]);
    const [compute] = program.nodeView(stateOf(cluster, 'rw-1'), params).roles;
    expect(compute).toMatchObject({ role: 'compute', state: 'open', token: 1, tail: 0, recovery: null });
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    const [meta] = program.nodeView(stateOf(cluster, 'meta-1'), params).roles;
    expect(meta).toMatchObject({ role: 'meta', token: 1, writer: 'rw-1', volumeState: 'OPEN' });
    crashMini(cluster, 'rw-1');
    startMini(cluster, 'rw-1');
    runUntil(cluster, 20_000, () => computeOf(cluster).recovery.phase === 'install');
    const [recovering] = program.nodeView(stateOf(cluster, 'rw-1'), params).roles;
    expect(recovering).toMatchObject({
      state: 'recovering',
      recovery: { step: 'R5', token: 2, vdlPrime: 3 },
    });
  });
});
