// The library for tests of applications, part by part; what it is for shows examples/transfer.test.ts.

import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { decodeTape } from '../../lab/share.ts';
import type { ClusterOptions, TestCluster } from './test-api.ts';
import { everySeed, SeedFailure, startCluster } from './testing.ts';

describe('a cluster', () => {
  let cluster: TestCluster;
  let client: Client;
  const start = async (options: ClusterOptions): Promise<void> => {
    cluster = await startCluster(options);
    client = new Client(cluster.connectionString);
    await client.connect();
    await client.query('create table t (id int primary key)');
  };
  const statusOf = async (node: string): Promise<unknown> =>
    (await client.query('select status from lab.nodes where node = $1', [node])).rows[0].status;

  test('onCommit: the answer of the n-th commit from now is still on its way', async () => {
    await start({ seed: 5 });
    const at: number[] = [];
    cluster.onCommit(3, () => {
      at.push(cluster.commits());
      cluster.cut('rw-1 > d1', { forMs: 1500 });
    });
    const before = cluster.commits();
    const codes: unknown[] = [];
    for (let id = 1; id <= 3; id++)
      await client.query('insert into t values ($1)', [id]).catch(({ code }) => codes.push(code));
    expect([at, codes]).toEqual([[before + 3], ['08007']]);
    cluster.heal();
    expect((await client.query('select id from t order by id')).rows).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
    ]);
    await client.end();
    await cluster.stop();
  });

  test('when: a condition of the lab, once; crash and restart now and later', async () => {
    await start({ seed: 5 });
    let times = 0;
    cluster.when('commits >= 3', () => {
      times++;
      cluster.crash('store-3');
    });
    for (let id = 1; id <= 9; id++) await client.query('insert into t values ($1)', [id]);
    expect([times, await statusOf('store-3')]).toEqual([1, 'down']);
    cluster.restart('store-3', { inMs: 5 });
    expect(await statusOf('store-3')).toBe('down');
    cluster.run(5);
    expect(await statusOf('store-3')).toBe('up');
    cluster.crash('store-2', { forMs: 4 });
    expect(await statusOf('store-2')).toBe('down');
    cluster.run(4);
    expect(await statusOf('store-2')).toBe('up');
    expect(() => cluster.when('commits >=', () => undefined)).toThrow('at 11: something is missing');
    expect(() => cluster.onCommit(0, () => undefined)).toThrow('0 is no count');
    await client.end();
    await cluster.stop();
  });

  test('history: every request, as it was asked and answered; the run as tape and link', async () => {
    await start({ cluster: { preset: 'cynosdb-5', set: { bufferPages: 36 } }, seed: 9 });
    await client.query('insert into t values ($1)', [1]);
    await client.query('insert into t values ($1)', [1]).catch(() => undefined);
    const { rows } = await client.query('select id from t');
    const history = cluster.history();
    expect(history.map(({ outcome, results }) => [outcome, results.map(({ kind }) => kind)])).toEqual([
      ['ok', ['done']],
      ['ok', ['done']],
      ['error', ['error']],
      ['ok', ['rows']],
    ]);
    expect(history[2]?.results).toMatchObject([{ sqlstate: '23505' }]);
    expect(history[3]).toMatchObject({
      text: 'select id from t',
      results: [{ columns: ['id'], rows: [['1']] }],
    });
    expect(rows).toEqual([{ id: 1 }]);
    for (const [i, { calledMs, returnedMs }] of history.entries()) {
      expect(returnedMs).toBeGreaterThan(calledMs);
      expect(calledMs).toBeGreaterThanOrEqual(history[i - 1]?.returnedMs ?? 0);
    }
    await client.end();
    const tape = await cluster.stop();
    expect(tape).toMatch(/^preset cynosdb-5\n.*^set bufferPages 36\n.*^seed 9$/ms);
    const [address, packed = ''] = cluster.link('https://lab.example/x/').split('#/lab&r=');
    // The tape is a cluster, too.
    const again = await startCluster({ cluster: tape });
    again.run(cluster.now() - again.now());
    expect(again.tape()).toBe(tape);
    await again.stop();
    expect([address, decodeTape(packed)]).toEqual(['https://lab.example/x/', { ok: true, tape }]);
  });

  test('what is drawn is drawn again by the same seed', async () => {
    const drawn = async (seed: number): Promise<readonly number[]> => {
      const one = await startCluster({ seed });
      const numbers = Array.from({ length: 5 }, () => one.random());
      await one.stop();
      return numbers;
    };
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.every((number) => number >= 0 && number < 1)).toBe(true);
  });
});

test('everySeed ends with the first that fails, with a link for each run, and leaves no cluster behind', async () => {
  const addresses: string[] = [];
  const seeds: number[] = [];
  const failure: unknown = await everySeed(1, 9, async (seed) => {
    seeds.push(seed);
    for (const preset of ['cynosdb', 'polardb'])
      addresses.push((await startCluster({ preset, seed })).connectionString);
    if (seed === 2) throw new Error('no');
  }).catch((error: unknown) => error);
  expect(seeds).toEqual([1, 2]);
  expect(failure).toBeInstanceOf(SeedFailure);
  const { message, links } = failure as SeedFailure;
  expect(message).toBe(`seed 2: no\n  the run: ${links[0]}\n  the run: ${links[1]}`);
  const presets = links.map((link) => decodeTape(link.split('&r=')[1] ?? ''));
  expect(presets).toMatchObject([
    { tape: expect.stringMatching(/preset cynosdb\n[\s\S]*seed 2\n/) },
    { tape: expect.stringMatching(/preset polardb\n[\s\S]*seed 2\n/) },
  ]);
  for (const connectionString of addresses)
    await expect(new Client(connectionString).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('what is wrong is said', async () => {
  await expect(startCluster({ preset: 'nothing' })).rejects.toThrow('unknown preset nothing');
  const cluster = await startCluster({});
  expect(() => cluster.act('crash nobody')).toThrow('nobody');
  cluster.onCommit(1, () => cluster.crash('nobody'));
  const client = new Client(cluster.connectionString);
  await client.connect();
  await client.query('create table t (id int primary key)');
  await client.end();
  await expect(cluster.stop()).rejects.toThrow('crash nobody');
  await expect(startCluster({ cluster: { preset: 'cynosdb', set: { nothing: 3 } } })).rejects.toThrow(
    'nothing',
  );
  await expect(startCluster({ cluster: 'postdb-tape 1\nsat' })).rejects.toThrow('cluster, line 2:');
  await expect(everySeed(4, 9, () => Promise.reject(new Error('no')))).rejects.toThrow('seed 4: no');
});
