// Interleavings of two and three connections through node-postgres: what PostgreSQL answers to them, step by step (specs and expected
// answers beside this file; they are PostgreSQL 15's, but for what docs/sql.md says).

import { readdirSync, readFileSync } from 'node:fs';
import { startCluster } from 'postdb-lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectNodePostgres } from './node-postgres.mjs';
import { playSpec, readSpec } from './spec.mjs';

const specs = new URL('specs/', import.meta.url);
let cluster: Awaited<ReturnType<typeof startCluster>>;

beforeAll(async () => {
  cluster = await startCluster({ seed: 5 });
});
afterAll(async () => {
  const { violations } = cluster.check();
  await cluster.stop();
  expect(violations).toEqual([]);
});

const files = readdirSync(specs);

test('there are specs, and what each is expected to answer', () => {
  expect(files.length).toBeGreaterThan(10);
  const expected = readdirSync(new URL('expected/', import.meta.url));
  expect(expected).toEqual(files.map((file) => file.replace('.spec', '.out')));
});

test.each(files)('%s', async (file) => {
  const spec = readSpec(readFileSync(new URL(file, specs), 'utf8'));
  const came = await playSpec(spec, () => connectNodePostgres(cluster.connectionString));
  const out = new URL(`expected/${file.replace('.spec', '.out')}`, import.meta.url);
  expect(came).toBe(readFileSync(out, 'utf8'));
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
