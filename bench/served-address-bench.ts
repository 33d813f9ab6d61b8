// CLIENTS: a served cluster through its address, pace *hold*, beside PGlite behind its own socket, in one process with the client:
// node-postgres on one connection, pipelined and one statement after the other, point selects by key.
// PGlite's socket is no dependency of the lab: POSTDB_LAB_PGLITE_SOCKET names the folder of an installed @electric-sql/pglite-socket;
// without it the rates stand alone.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { servePg } from '../src/cli/serve/pg-server.ts';
import { makeServedCluster } from '../src/cli/serve/served-cluster.ts';
import { freshTape, setupRun } from '../src/sim/run-setup.ts';
import { known } from '../src/stacks/known.ts';
import { presets } from '../src/stacks/presets.ts';
import { alternate, type Bench, type Row, type Run } from './harness.ts';

const ROWS = 10_000;
const SELECTS = 2048;
const ROUNDS = 5;
const REACH = 2000;
const SELECT = 'select v from points where id = $1';

/** What of PGlite's socket is used. */
interface SocketModule {
  readonly PGLiteSocketServer: new (options: {
    readonly db: PGlite;
    readonly host: string;
    readonly port: number;
  }) => { start(): Promise<void>; stop(): Promise<void> };
}

interface Address {
  readonly connectionString: string;
  stop(): Promise<void>;
}

async function servedLab(): Promise<Address> {
  const tape = freshTape(presets, 'cynosdb', 7);
  // its buffer has room for the rows, as PGlite's memory has
  const setup =
    'error' in tape ? null : setupRun(known, { header: { ...tape.header, profile: 'bench' }, actions: [] });
  if (!setup?.ok) throw new Error('the preset cannot be set up');
  const server = await servePg(await makeServedCluster(setup.setup, false), 0, { kind: 'hold' });
  return {
    connectionString: `postgresql://postgres@127.0.0.1:${server.port}/lab`,
    stop: () => server.stop(),
  };
}

const PGLITE_PORT = 54_329;

/** Null: nobody said where it is. */
async function servedPglite(): Promise<Address | null> {
  const folder = process.env.POSTDB_LAB_PGLITE_SOCKET;
  if (folder === undefined) return null;
  const module = (await import(pathToFileURL(resolve(folder, 'dist/index.js')).href)) as SocketModule;
  const db = new PGlite();
  await db.waitReady;
  const server = new module.PGLiteSocketServer({ db, host: '127.0.0.1', port: PGLITE_PORT });
  await server.start();
  return {
    connectionString: `postgresql://postgres@127.0.0.1:${PGLITE_PORT}/postgres`,
    stop: async () => {
      await server.stop();
      await db.close();
    },
  };
}

async function connect({ connectionString }: Address, pipeline: boolean): Promise<Client> {
  const client = new Client({ connectionString, ...{ pipeline } });
  await client.connect();
  return client;
}

async function fill(address: Address): Promise<void> {
  const client = await connect(address, false);
  await client.query('create table points (id int primary key, v text)');
  for (let at = 0; at < ROWS; at += 500) {
    const rows = Array.from({ length: 500 }, (_, i) => `(${at + i}, 'point ${at + i}')`);
    await client.query(`insert into points values ${rows.join(', ')}`);
  }
  await client.end();
}

const check = (rows: readonly { readonly v: string }[], id: number): void => {
  if (rows[0]?.v !== `point ${id}`) throw new Error(`row ${id} is ${rows[0]?.v}`);
};

/** Rates of one address; a run has a connection of its own, because PGlite's socket takes one at a time. */
async function ratesOf(address: Address): Promise<{ readonly pipelined: Run; readonly single: Run }> {
  await fill(address);
  let at = 0;
  // PGlite has one session for all connections: a statement that one has prepared stays
  let name = '';
  const ask = async (client: Client): Promise<void> => {
    const id = (at++ * 7919) % ROWS;
    check((await client.query<{ v: string }>({ name, text: SELECT, values: [id] })).rows, id);
  };
  const rate = async (pipeline: boolean, work: (client: Client) => Promise<unknown>): Promise<number> => {
    const client = await connect(address, pipeline);
    name = `by key ${at}`;
    await ask(client);
    const startedAt = performance.now();
    await work(client);
    const wallMs = performance.now() - startedAt;
    await client.end();
    return SELECTS / (wallMs / 1000);
  };
  return {
    pipelined: () => rate(true, (client) => Promise.all(Array.from({ length: SELECTS }, () => ask(client)))),
    single: () =>
      rate(false, async (client) => {
        for (let i = 0; i < SELECTS; i++) await ask(client);
      }),
  };
}

async function run(): Promise<Row[]> {
  const [lab, pglite] = [await servedLab(), await servedPglite()];
  const ours = await ratesOf(lab);
  const theirs = pglite === null ? null : await ratesOf(pglite);
  const samples = await alternate<string>(
    {
      pipelined: ours.pipelined,
      single: ours.single,
      ...(theirs !== null && { pglitePipelined: theirs.pipelined, pgliteSingle: theirs.single }),
    },
    { rounds: ROUNDS, warmups: 1 },
  );
  await lab.stop();
  await pglite?.stop();
  const row = (name: string, own: string, other: string, reach: number | null): Row => {
    const { median = 0, spread = 0 } = samples[own] ?? {};
    const reference = samples[other]?.median;
    return {
      id: 'CLIENTS',
      name,
      value: median,
      unit: '/s',
      spread,
      ...(reference !== undefined && {
        reference,
        referenceName: "PGlite's socket",
        ratio: median / reference,
      }),
      ...(reach !== null && { reach: `≥ ${reach} /s`, isReached: median >= reach }),
    };
  };
  return [
    row('point select by node-postgres, pipelined', 'pipelined', 'pglitePipelined', REACH),
    row('one after the other', 'single', 'pgliteSingle', null),
  ];
}

export const bench: Bench = { id: 'CLIENTS', title: 'a served cluster beside PGlite', run };
