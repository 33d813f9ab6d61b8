// Nodes of the cluster program end to end in one process: a volume is created, written, recovered after crashes of the
// writer at any moment, and a replica that was away is brought back. The SQL engine's place is taken by one that only
// counts: `put k` changes page k and commits; the reply comes when VDL ≥ SCN, as WAL-19 asks.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type NodeId, nodeId, type Time, type TxId } from '../base/ids.ts';
import { clonePlain, digestPlain } from '../base/plain.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import type { LogPort } from './compute/access.ts';
import type { ComputeState, EngineProgram } from './compute/compute-role.ts';
import { type RoleContext, send, trace } from './context.ts';
import type { ClusterSpec, GroupSpec } from './door.ts';
import {
  crashMini,
  deliver,
  type MiniCluster,
  makeMiniCluster,
  miniTraces,
  runMini,
  runUntil,
  startMini,
  stateOf,
} from './mini-cluster.ts';
import { makeClusterProgram, type NodeState } from './node.ts';
import { pageLsn } from './page/page.ts';
import { groupKeyFirst, type PageKey, pageKey, RELATIONS_PER_GROUP } from './page/page-key.ts';
import { OP_NOOP } from './page/redo-ops.ts';
import type { Params } from './params.ts';
import type { Message, MessageOf } from './protocol/messages.ts';
import { demoParams } from './wal/writer-fixture.ts';

// --- the counting engine

interface Put {
  readonly from: NodeId;
  readonly message: MessageOf<'SqlRequest'>;
  readonly keys: readonly number[];
}

interface Counter {
  /** pageLsn of each page in the buffer. */
  readonly pages: Map<number, Lsn>;
  waiting: Put[];
  commits: { scn: Lsn; put: Put }[];
  firstStart: boolean | null;
  nextTx: number;
}

/** Page k lies in the group k mod 2. */
const keyOf = (k: number): PageKey => pageKey((k % 2) * RELATIONS_PER_GROUP + 7, 0, k);
const COMMIT_KEY = pageKey(3, 0, 0);

const answer = (ctx: RoleContext, { from, message }: Put, scn: Lsn, code = ''): void => {
  const { session, incarnation, sequence } = message;
  const reply = { kind: 'SqlReply', session, incarnation, sequence, code, scn } as const;
  send(ctx, from, { ...reply, results: [], inTransaction: false });
};

function work(counter: Counter, log: LogPort): void {
  const rest: Put[] = [];
  for (const put of counter.waiting) {
    const keys = [...put.keys.map(keyOf), COMMIT_KEY];
    const missing = keys.filter((key) => !counter.pages.has(key));
    for (const key of missing) log.requestPage(key);
    if (missing.length > 0 || !log.canAppend(keys.length)) {
      rest.push(put);
      continue;
    }
    const tx = counter.nextTx++ as TxId;
    append(counter, log, keys.slice(0, -1), false, tx);
    counter.commits.push({ scn: append(counter, log, [COMMIT_KEY], true, tx), put });
  }
  counter.waiting = rest;
}

function append(counter: Counter, log: LogPort, keys: PageKey[], isCommit: boolean, tx: TxId): Lsn {
  const base = log.tail;
  const records = keys.map((blockKey, i) => {
    const prevBlock = counter.pages.get(blockKey) ?? (-1 as Lsn);
    counter.pages.set(blockKey, (base + 1 + i) as Lsn);
    return { blockKey, op: OP_NOOP, init: prevBlock < 0, payload: new Uint8Array([i]), prevBlock };
  });
  return log.appendMtr(records, isCommit, tx).last;
}

const countingEngine: EngineProgram<Counter> = {
  makeEngine: () => ({ pages: new Map(), waiting: [], commits: [], firstStart: null, nextTx: 1 }),
  openEngine: (counter, _ctx, log, { firstStart }) => {
    counter.firstStart = firstStart;
    work(counter, log);
  },
  onSqlRequest: (counter, _ctx, log, from, message) => {
    if (message.kind === 'SqlClose') return;
    const keys = (message.statements[0]?.text ?? '').split(' ').slice(1).map(Number);
    counter.waiting.push({ from, message, keys });
    work(counter, log);
  },
  onPage: (counter, _ctx, log, blockKey, page) => {
    counter.pages.set(blockKey, page ? pageLsn(page) : (-1 as Lsn));
    work(counter, log);
  },
  onVdl: (counter, ctx, log) => {
    while ((counter.commits[0]?.scn ?? log.vdl + 1) <= log.vdl) {
      const [{ scn, put }] = counter.commits.splice(0, 1) as [{ scn: Lsn; put: Put }];
      trace(ctx, { kind: 'commit.ack', tx: 1, scn, vdl: log.vdl, term: 1 });
      answer(ctx, put, scn);
    }
    work(counter, log);
  },
  onWake: () => {},
  onFenced: (counter, ctx) => {
    for (const { put } of counter.commits.splice(0)) answer(ctx, put, -1 as Lsn, 'COMMIT_UNKNOWN');
    for (const put of counter.waiting.splice(0)) answer(ctx, put, -1 as Lsn, 'FENCED');
  },
  engineMinReadPoint: (_, log) => log.vdl,
  engineView: () => ({
    commitsWaiting: [],
    activeTransactions: 0,
    lockWaits: 0,
    sessions: 0,
    buffer: { used: 0, limit: 0, dirty: 0, pinnedAboveVdl: 0 },
  }),
};

// --- the cluster

const stores = ['store-1', 'store-2', 'store-3'];
const group = (name: string, index: number): GroupSpec => ({
  id: groupId(name),
  replicas: stores.map(nodeId),
  keyFirst: groupKeyFirst(index),
  keyEnd: groupKeyFirst(index + 1),
  vw: 2,
  vr: 2,
});

function specWith(writers: readonly string[]): ClusterSpec {
  const node = (id: string, role: 'meta' | 'compute' | 'store') => ({
    id: nodeId(id),
    zone: 'a',
    roles: [role],
  });
  return {
    preset: 'cynosdb',
    volume: 'v1',
    nodes: [
      node('meta-1', 'meta'),
      ...writers.map((id) => node(id, 'compute')),
      ...stores.map((id) => node(id, 'store')),
    ],
    groups: [group('g1', 0), group('g2', 1)],
  };
}

type Cluster = MiniCluster<NodeState<Counter>, Message>;
const program = makeClusterProgram(countingEngine);

const makeCluster = (params: Partial<Params> = {}, writers = ['rw-1'], broken: string[] = []): Cluster =>
  makeMiniCluster(program, specWith(writers), { ...demoParams, ...params }, broken);

const computeOf = (cluster: Cluster, id = 'rw-1'): ComputeState<Counter> => {
  const { compute } = stateOf(cluster, id);
  if (!compute) throw new Error('no compute role');
  return compute;
};

const isOpen = (cluster: Cluster, id = 'rw-1'): boolean => computeOf(cluster, id).status === 'open';

interface Client {
  readonly acked: Map<number, Lsn>;
  readonly codes: string[];
  sequence: number;
}

/** A client outside the cluster: what is sent to `driver` is taken here. */
function addClient(cluster: Cluster): Client {
  const client: Client = { acked: new Map(), codes: [], sequence: 0 };
  const before = cluster.loses;
  cluster.loses = (from, to, message) => {
    if (to !== nodeId('driver')) return before(from, to, message);
    if (message.kind !== 'SqlReply') return true;
    if (message.code === '') client.acked.set(message.sequence, message.scn);
    else client.codes.push(message.code);
    return true;
  };
  return client;
}

function put(cluster: Cluster, client: Client, keys: number[], to = 'rw-1'): void {
  const sequence = client.sequence++;
  deliver(cluster, 'driver', to, {
    kind: 'SqlRequest',
    session: 's',
    incarnation: 1,
    sequence,
    attempt: 1,
    inTransaction: false,
    statements: [{ text: `put ${keys.join(' ')}`, tree: new Uint8Array(0) }],
    params: [],
  });
}

const stepNames = (cluster: Cluster): string[] =>
  miniTraces(cluster, 'recovery.step').map(({ step }) => step);

describe('creation', () => {
  test('WAL-4, FENCE-2 the first RW creates the volume under token 1, without R1…R7, and writes from LSN 1', () => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    expect(miniTraces(cluster, 'token.grant')).toEqual([{ kind: 'token.grant', token: 1, holder: 'rw-1' }]);
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
      for (let life = 0; life < 4; life++) {
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
      writer?.groups.map(({ replicas }) => replicas.find(({ node }) => node === 'store-3')?.scl);
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

describe('broken variants', () => {
  test('recovery.read-before-token: the state is read before any replica has the token', () => {
    const cluster = makeCluster({}, ['rw-1'], ['recovery.read-before-token']);
    const client = addClient(cluster);
    runUntil(cluster, 20_000, () => isOpen(cluster));
    put(cluster, client, [1, 2]);
    runUntil(cluster, 20_000, () => client.acked.size === 1);
    for (let life = 0; life < 2; life++) {
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
    put(cluster, client, [1]); // before the boot epoch is durable: as if lost
    runMini(cluster, 1000);
    put(cluster, client, [1]);
    expect(client.codes).toEqual(['RECOVERING']);
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
