// Interleavings of two and three connections through node-postgres: what PostgreSQL answers to them, step by step (specs and expected
// answers beside this file; they are PostgreSQL 15's, but for what docs/sql.md says).

import { readdirSync, readFileSync } from 'node:fs';
import { startCluster } from 'postdb-lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSpec } from '../../src/ui/dock/read-spec.mjs';
import { labControls } from './control.mjs';
import { connectNodePostgres } from './node-postgres.mjs';
import { expectedAt, playSpec } from './spec.mjs';

const specs = new URL('specs/', import.meta.url);
const files = readdirSync(specs);

/** Preset, database of its writer, and the nodes whose disks have its log. */
const CLUSTERS = [
  ['cynosdb', 'lab', ['store-1', 'store-2', 'store-3']],
  ['polardb', 'rw', ['cs-1', 'cs-2', 'cs-3']],
] as const;

test('there are specs, and what each is expected to answer, also while commits are pending', () => {
  expect(files.length).toBeGreaterThan(10);
  const expected = readdirSync(new URL('expected/', import.meta.url));
  expect(expected).toEqual(
    files.flatMap((file) => ['.out', '.pending.out'].map((end) => file.replace('.spec', end))).toSorted(),
  );
  const held = files.map((file) => expectedOf(file, true).match(/commit; <waiting>/g)?.length ?? 0);
  expect(Math.min(...held)).toBeGreaterThan(0);
});

const expectedOf = (file: string, isPending: boolean): string =>
  readFileSync(expectedAt(file, isPending), 'utf8');

describe.each(CLUSTERS)('%s', (preset, database, nodes) => {
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  beforeAll(async () => {
    // who commits waits for longer than any hold
    cluster = await startCluster({ cluster: { preset, set: { maxRetryMs: 60_000 } }, seed: 5 });
  });
  afterAll(async () => {
    const { violations } = cluster.check();
    await cluster.stop();
    expect(violations).toEqual([]);
  });
  const play = async (file: string, isPending: boolean): Promise<void> => {
    const spec = readSpec(readFileSync(new URL(file, specs), 'utf8'));
    const url = new URL(cluster.connectionString);
    url.pathname = database;
    const connect = () => connectNodePostgres(url.href, labControls(nodes));
    expect(await playSpec(spec, connect, { isPending })).toBe(expectedOf(file, isPending));
  };

  test.each(files)('%s', (file) => play(file, false));
  test.each(files)('WAL-22 %s while commits stay pending for a drawn number of steps', (file) =>
    play(file, true),
  );
});

test('a spec without permutations is played in every order of its steps, and a damaged one is refused', () => {
  const text = 'session a step x { 1 } step y { 2 } session b step z { 3 }';
  expect(readSpec(text).permutations).toEqual([
    ['x', 'y', 'z'],
    ['x', 'z', 'y'],
    ['z', 'x', 'y'],
  ]);
  expect(() => readSpec(`${text} permutation x w`)).toThrow('no step is called w');
  expect(() => readSpec('session a step x')).toThrow('a spec ends in the middle');
  expect(() => readSpec('session a ; step x')).toThrow('a spec has ; where');
});
