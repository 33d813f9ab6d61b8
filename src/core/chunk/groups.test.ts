// Chunk groups under a mount: majorities, leaders that go, tokens, damage and repair (docs/spec/polarfs.md §7).

import { describe, expect, it } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { isSame } from '../../base/same-plain.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { crashMini, miniTraces, runMini, runUntil, startMini } from '../kernel/testing/mini-cluster.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { type ChunkReplica, goneWrite } from './replica.ts';
import { type ChunkCluster, makeChunkCluster, order, roleState, SERVERS } from './testing/chunk-bench.ts';
import type { FsState } from './testing/fs-host.ts';

function made(mutants: Mutants = []): ChunkCluster {
  const cluster = makeChunkCluster(1, 3, mutants);
  expect(order(cluster, 'f1', { kind: 'fsMkfs', chunks: 1, isForced: false, token: 1 }).ok).toBe(true);
  expect(order(cluster, 'f1', { kind: 'fsMount', mode: 'rw', token: 2 }).ok).toBe(true);
  return cluster;
}

const call = (cluster: ChunkCluster, host: string, one: Call): Outcome =>
  order(cluster, host, { kind: 'fsCall', call: one });
const bytes = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

const replicaOf = (cluster: ChunkCluster, node: string): ChunkReplica => {
  const { chunks } = roleState<{ chunks: Map<string, { replica: ChunkReplica }> }>(cluster, node);
  return (chunks.get('k0') as { replica: ChunkReplica }).replica;
};

const leaderOf = (cluster: ChunkCluster): string => {
  const leads = (id: string): boolean => {
    const node = cluster.nodes.get(nodeId(id));
    if (node?.state == null) return false;
    const { chunks } = roleState<{ chunks: Map<string, { leads: number }> }>(cluster, id);
    return (chunks.get('k0')?.leads ?? 0) > 0;
  };
  runUntil(cluster, 5_000_000, () => SERVERS.some(leads));
  return SERVERS.find(leads) as string;
};

/** All servers that are up have applied the same. */
const areEqual = (cluster: ChunkCluster): boolean => {
  const [first, ...others] = SERVERS.map((id) => replicaOf(cluster, id));
  return (
    first !== undefined &&
    first.wanted.size === 0 &&
    others.every((one) => one.accepted === first.accepted && isSame(one.blocks, first.blocks))
  );
};

describe('chunk groups', () => {
  it('W-12 FS-70 FS-72 FS-75 FS-80 a majority acknowledges, less does not, and a returning replica catches up', () => {
    const cluster = made();
    expect(call(cluster, 'f1', { kind: 'create', path: '/a' }).ok).toBe(true);
    crashMini(cluster, 'c3');
    expect(call(cluster, 'f1', { kind: 'create', path: '/b' }).ok).toBe(true);
    const [gone] = SERVERS.slice(0, 2).filter((id) => id !== leaderOf(cluster));
    crashMini(cluster, gone as string);
    expect(call(cluster, 'f1', { kind: 'create', path: '/c' })).toEqual({ ok: false, error: 'ENOQUORUM' });
    expect(call(cluster, 'f1', { kind: 'create', path: '/d' })).toEqual({ ok: false, error: 'EIO' }); // FS-82
    startMini(cluster, gone as string);
    startMini(cluster, 'c3');
    expect(order(cluster, 'f2', { kind: 'fsMount', mode: 'rw', token: 3 }).ok).toBe(true);
    const listed = call(cluster, 'f2', { kind: 'readdir', path: '/' });
    expect(listed.ok && listed.value).toEqual(expect.arrayContaining(['a', 'b']));
    runUntil(cluster, 5_000_000, () => areEqual(cluster));
    expect(call(cluster, 'f2', { kind: 'create', path: '/e' }).ok).toBe(true);
  });

  it('FS-71 FS-74 a new leader has every acknowledged write, whichever server goes', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    for (let i = 0; i < 6; i++) {
      const gone = leaderOf(cluster);
      expect(call(cluster, 'f1', { kind: 'append', file: '/a', bytes: bytes(700, i + 1) }).ok, `${i}`).toBe(
        true,
      );
      crashMini(cluster, gone);
      const read = call(cluster, 'f1', { kind: 'pread', file: '/a', offset: i * 700, length: 700 });
      expect(read.ok && isSame(read.value, bytes(700, i + 1))).toBe(true);
      startMini(cluster, gone);
    }
    runUntil(cluster, 5_000_000, () => areEqual(cluster));
    expect(miniTraces(cluster, 'chunk.leads').length).toBeGreaterThan(5);
  });

  it('FS-80 M152 a write with a lower token than one that is installed is never acknowledged, unless nobody checks', () => {
    /** Acknowledgements under a token that was overtaken in its group. */
    const overtaken = (mutants: Mutants): number => {
      const cluster = made(mutants);
      order(cluster, 'f2', { kind: 'fsMount', mode: 'rw', token: 3 });
      call(cluster, 'f1', { kind: 'create', path: '/b' });
      let installed = 0;
      return miniTraces(cluster, 'chunk.acked').filter(({ token, seq }) => {
        if (seq === 0) installed = Math.max(installed, token);
        return token < installed;
      }).length;
    };
    expect(overtaken([])).toBe(0);
    expect(overtaken(['chunk.no-token-check'])).toBeGreaterThan(0);
  });

  it('LI-2 what a reader writes is refused at its mount, and past that, with an old token or none, at the chunk servers', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    expect(order(cluster, 'f2', { kind: 'fsMount', mode: 'ro', token: 0 }).ok).toBe(true);
    const write: Call = { kind: 'append', file: '/a', bytes: bytes(700, 1) };
    for (const one of [write, { kind: 'create', path: '/b' }, { kind: 'unlink', path: '/a' }] as const)
      expect(call(cluster, 'f2', one)).toEqual({ ok: false, error: 'EROFS' });
    // a mount that does not refuse it
    const { mount } = roleState<FsState>(cluster, 'f2');
    Object.assign(mount ?? {}, { mode: 'rw' });
    expect(call(cluster, 'f2', write)).toEqual({ ok: false, error: 'TOKEN_STALE' });
    expect(call(cluster, 'f1', { kind: 'stat', path: '/a' })).toMatchObject({ ok: true, value: { size: 0 } });
    expect(call(cluster, 'f1', write).ok).toBe(true);
  });

  it('FENCE-17 FS-81 a new token is at every chunk before its writer reads, and the old one is refused', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    expect(order(cluster, 'f2', { kind: 'fsMount', mode: 'rw', token: 3 }).ok).toBe(true);
    expect(call(cluster, 'f1', { kind: 'create', path: '/b' })).toEqual({ ok: false, error: 'TOKEN_STALE' });
    expect(roleState<FsState>(cluster, 'f1').mount?.state).toBe('fenced');
    expect(call(cluster, 'f2', { kind: 'create', path: '/c' }).ok).toBe(true);
    expect(order(cluster, 'f3', { kind: 'fsMount', mode: 'rw', token: 2 })).toEqual({
      ok: false,
      error: 'TOKEN_STALE',
    });
    for (const id of SERVERS.slice(0, 2)) expect(replicaOf(cluster, id).maxToken).toBe(3);
  });

  it('FS-75 a replica that was away longer than the log is kept gets the blocks, and the entries after them', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    crashMini(cluster, 'c3');
    for (let i = 0; i < 60; i++)
      call(cluster, 'f1', { kind: 'append', file: '/a', bytes: bytes(1500, i + 1) });
    startMini(cluster, 'c3');
    runUntil(cluster, 10_000_000, () => areEqual(cluster));
    expect(miniTraces(cluster, 'chunk.repaired').length).toBeGreaterThan(0);
  });

  it('FS-78 a block that is damaged on a disk is fetched from a peer, and nothing of it is ever served', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    for (let i = 0; i < 60; i++)
      call(cluster, 'f1', { kind: 'append', file: '/a', bytes: bytes(1500, i + 1) });
    runMini(cluster, cluster.now + 1_000_000);
    const victim = leaderOf(cluster);
    crashMini(cluster, victim);
    const disk = cluster.nodes.get(nodeId(victim))?.disk as Map<string, Uint8Array>;
    let damaged = 0;
    for (const [key, value] of [...disk]) {
      if (!key.includes('/block/')) continue;
      const torn = value.slice();
      torn[100] = (torn[100] as number) ^ 1;
      disk.set(key, torn);
      damaged++;
    }
    expect(damaged).toBeGreaterThan(5);
    startMini(cluster, victim);
    runUntil(cluster, 10_000_000, () => areEqual(cluster));
    expect(miniTraces(cluster, 'chunk.repaired').length).toBeGreaterThan(3);
    const read = call(cluster, 'f1', { kind: 'pread', file: '/a', offset: 0, length: 3000 });
    expect(read.ok && isSame(read.value, new Uint8Array([...bytes(1500, 1), ...bytes(1500, 2)]))).toBe(true);
  });

  it('FS-76 a replica that is to go is deleted at the start, also by a disk that fails at first', () => {
    const cluster = made();
    call(cluster, 'f1', { kind: 'create', path: '/a' });
    runMini(cluster, cluster.now + 1_000_000);
    crashMini(cluster, 'c3');
    const disk = cluster.nodes.get(nodeId('c3'))?.disk as Map<string, Uint8Array>;
    const { key, bytes: mark } = goneWrite('chunk/k0/', 1000);
    disk.set(key, mark as Uint8Array);
    const kept = (): string[] => [...disk.keys()].filter((one) => one.startsWith('chunk/k0/'));
    expect(kept().length).toBeGreaterThan(3);
    const boots = (): number => miniTraces(cluster, 'node.boot').length;
    const before = boots();
    startMini(cluster, 'c3');
    runUntil(cluster, 1_000_000, () => boots() > before);
    cluster.fails = (node) => node === 'c3';
    runMini(cluster, cluster.now + 20_000);
    expect(kept().length).toBeGreaterThan(3);
    cluster.fails = () => false;
    runUntil(cluster, 1_000_000, () => miniTraces(cluster, 'chunk.left').length > 0);
    expect(kept()).toEqual([key]);
  });

  it('FS-34 FS-66 FS-74 losses, crashes of servers and of the writer: what was acknowledged is there', () => {
    const cluster = made();
    let turn = 0;
    cluster.loses = () => turn++ % 17 === 0;
    const known: string[] = [];
    let host = 'f1';
    let crashes = 0;
    let mounts = 0;
    for (let i = 0; i < 13; i++) {
      const gone = SERVERS[i % 3] as string;
      crashMini(cluster, gone);
      if (call(cluster, host, { kind: 'create', path: `/${i}` }).ok) known.push(`${i}`);
      startMini(cluster, gone);
      crashes++;
      const isOver = roleState<FsState>(cluster, host).mount?.state !== 'open';
      if (i % 4 === 3 || isOver) {
        host = host === 'f1' ? 'f2' : 'f1';
        expect(order(cluster, host, { kind: 'fsMount', mode: 'rw', token: 3 + i }).ok).toBe(true);
        mounts++;
      }
    }
    cluster.loses = () => false;
    expect(mounts).toBeGreaterThan(2);
    const listed = call(cluster, host, { kind: 'readdir', path: '/' });
    expect(listed.ok && known.every((name) => (listed.value as string[]).includes(name))).toBe(true);
    expect(known.length).toBeGreaterThan(8);
    expect(crashes).toBe(13);
    runUntil(cluster, 10_000_000, () => areEqual(cluster));
  });
});
