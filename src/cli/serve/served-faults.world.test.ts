// Eight clients of node-postgres write while a fault strikes, on every architecture: nobody hangs, an error is of a class that says whether
// a retry helps, what was acknowledged is there, no rule is violated, and the tape plays the same run again.

import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { makeWorld, runWorld, worldHash } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { startCluster } from './testing.ts';

const CLIENTS = 8;
const WRITES = 15;

async function expectReplay(text: string): Promise<void> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const result = setupRun(known, parsed.tape);
  if (!result.ok) throw new Error(result.error);
  const { end } = parsed.tape.header;
  const { spec, program } = result.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes };
  runWorld(world, host, { until: (end?.at ?? 0) as Time });
  expect(worldHash(world)).toBe(end?.hash);
}

test.each([
  ['cynosdb', 'crash rw-1 for 20.000 ms'],
  ['cynosdb', 'partition rw-1 | store-1 store-2 for 100.000 ms'],
  ['cynosdb-ha', 'crash rw-1'],
  ['cynosdb-ro', 'crash ro-1'],
  ['polardb', 'crash rw-1'],
  ['postdb-v4', 'crash n1 for 30.000 ms'],
])('%s: %s', async (preset, fault) => {
  const cluster = await startCluster({ preset, seed: 7 });
  const connected = async (): Promise<Client> => {
    const client = new Client(cluster.connectionString);
    await client.connect();
    return client;
  };
  const first = await connected();
  await first.query('create table t (id int primary key, by int)');
  await first.query('insert into t values (-1, 0)');
  const acknowledged: number[] = [];
  const codes: string[] = [];
  const write = async (by: number): Promise<void> => {
    const client = await connected();
    for (let i = 0; i < WRITES; i++) {
      const id = by * WRITES + i;
      try {
        await client.query('insert into t values ($1, $2)', [id, by]);
        acknowledged.push(id);
      } catch (error) {
        codes.push(String((error as { code?: unknown }).code));
      }
      if (acknowledged.length === 20) cluster.act(fault);
    }
    await client.end();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, by) => write(by)));
  const { rows } = await first.query<{ id: number }>('select id from t');
  const there = new Set(rows.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThan(CLIENTS * 5);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  expect(codes.filter((code) => !/^(?:08|40|57)/.test(code))).toEqual([]);
  await first.end();
  expect(cluster.check().violations).toEqual([]);
  await expectReplay(await cluster.stop());
});
