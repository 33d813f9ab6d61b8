// Clients of PostgreSQL's protocol at the lab of an open tab, through the server of `npm start -- --pg`: node-postgres and pgbench while the
// writer is crashed by a click. Only a page of the same origin with the token gets the bridge; the others are refused.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { Client } from 'pg';
import { deep } from './support/deep.ts';
import { replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  endDigest,
  exportTape,
  node,
  pause,
  setSpeed,
  startTape,
  waitForLive,
} from './support/lab-page.ts';

interface Served {
  readonly address: string;
  readonly token: string;
  readonly port: number;
  connect(): Promise<Client>;
  close(): void;
}

async function serve(): Promise<Served> {
  const server = spawn(process.execPath, [join('e2e', 'support', 'pg-bridge-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const { address, token, port } = JSON.parse(line) as Pick<Served, 'address' | 'token' | 'port'>;
  return {
    address,
    token,
    port,
    async connect() {
      const connectionString = `postgresql://me@127.0.0.1:${port}/lab?application_name=shop`;
      const client = new Client({ connectionString });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    close: () => void server.kill(),
  };
}

/** What becomes of a WebSocket of this origin and token: the status of its answer. */
async function knock({ address }: Served, origin: string, token: string): Promise<number | undefined> {
  const asked = request(`${address}pg-bridge?token=${token}`, {
    headers: {
      Origin: origin,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  });
  asked.end();
  return new Promise((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', ({ statusCode }) => resolve(statusCode));
    asked.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
  });
}

async function openLab(page: Page, served: Served): Promise<void> {
  await page.goto(`${served.address}?pg=${served.token}`);
  await waitForLive(page);
  await expect.poll(() => served.connect().then((one) => one.end(), String)).toBeUndefined();
  await setSpeed(page, 'max');
}

/** The part of the inspector that the driver's connections stand in. */
async function inspectDriver(page: Page) {
  await chooseFromMenu(page, node(page, 'd1'), 'Inspect');
  return page.getByRole('region', { name: 'Inspector' });
}

async function crashWriter(page: Page): Promise<void> {
  await chooseFromMenu(page, node(page, 'rw-1'), 'Crash (power cut)');
  await expect(node(page, 'rw-1')).toHaveAccessibleName(/down/);
  await chooseFromMenu(page, node(page, 'rw-1'), 'Restart');
}

/** The run as a tape, played without its clients: by a process without a browser, and by workers again. */
async function expectReplay(page: Page): Promise<void> {
  await pause(page);
  const { hash, time } = await endDigest(page);
  const tape = await exportTape(page);
  expect(await replayHeadless(tape)).toMatchObject({ hash, divergences: [] });
  await startTape(page, tape, time);
  expect(await endDigest(page)).toMatchObject({ hash, time });
}

test(
  'node-postgres at the open lab: rows, errors, a writer that is crashed by a click; nobody without the token',
  deep,
  async ({ lab }) => {
    const served = await serve();
    try {
      await expect(served.connect()).rejects.toMatchObject({ code: '57P03' });
      const { origin } = new URL(served.address);
      expect(await knock(served, 'http://evil.test', served.token)).toBe(403);
      expect(await knock(served, origin, 'guessed')).toBe(403);
      expect(await knock(served, origin, served.token)).toBe(101);

      const page = lab.page();
      await openLab(page, served);
      const client = await served.connect();
      await client.query('create table notes (id int primary key, text text)');
      await client.query('insert into notes values ($1, $2), (2, null)', [1, 'é']);
      expect((await client.query('select * from notes order by id')).rows).toEqual([
        { id: 1, text: 'é' },
        { id: 2, text: null },
      ]);
      await expect(client.query('insert into notes values (1)')).rejects.toMatchObject({ code: '23505' });
      await expect(client.query("call lab.crash('nobody')")).rejects.toMatchObject({ code: '22023' });

      await test.step('the driver shows its connections and how another one connects', async () => {
        await client.query('begin');
        await client.query('select 1 as shown');
        const inspector = await inspectDriver(page);
        await expect(inspector).toContainText('shop lab · idle in transaction');
        await expect(inspector).toContainText('select 1 as shown');
        await expect(inspector).toContainText(`psql -h 127.0.0.1 -p ${served.port} -U postgres lab`);
        await expect(inspector).toContainText(`jdbc:postgresql://127.0.0.1:${served.port}/lab?user=postgres`);
        await expect(inspector).toContainText(/shop \d+ of d1 has had a transaction open on rw-1 for/);
        await page.getByRole('tab', { name: 'SQL' }).click();
        // among the console's own
        await page.getByRole('tab', { name: /^shop \d+/ }).click();
        const shown = page.getByRole('tabpanel', { name: /^shop \d+/ });
        await expect(shown).toContainText(/in a transaction on rw-1 for/);
        await expect(shown).toContainText('idle in transaction');
        await expect(shown).toContainText('select 1 as shown');
        await page.getByRole('tab', { name: 'Session A' }).click();
        await expect(page.getByRole('textbox', { name: 'SQL statement' })).toBeVisible();
        await client.query('rollback');
        await expect(inspector).toContainText('shop lab · idle');
      });

      await test.step('a statement is followed from its arrival: the map goes there, and its trace opens', async () => {
        const inspector = await inspectDriver(page);
        const before = await page.evaluate(() => window.lab.frame()?.time ?? 0);
        await inspector.getByRole('button', { name: 'Open the trace' }).click();
        await expect(page.getByText('SqlRequest').first()).toBeVisible();
        await (await inspectDriver(page))
          .getByRole('button', { name: 'Show on the map from its arrival' })
          .click();
        await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('REVIEW');
        await expect.poll(() => page.evaluate(() => window.lab.frame()?.time ?? 0)).toBeLessThan(before);
        await page.evaluate(() => window.lab.returnToLive());
      });

      await test.step('what was acknowledged outlasts a writer that is crashed by a click', async () => {
        const acknowledged: number[] = [];
        const codes: string[] = [];
        let isOver = false;
        const writing = (async () => {
          for (let id = 10; !isOver || acknowledged.length < 20; id++)
            await client.query('insert into notes values ($1)', [id]).then(
              () => acknowledged.push(id),
              (error: { code: string }) => codes.push(error.code),
            );
        })();
        await expect.poll(() => acknowledged.length).toBeGreaterThan(3);
        await crashWriter(page);
        isOver = true;
        await writing;
        const { rows } = await client.query<{ id: number }>('select id from notes');
        const there = new Set(rows.map(({ id }) => id));
        expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
        expect(codes.filter((code) => !/^(?:08|40|57)/.test(code))).toEqual([]);
      });
      await client.end();
      await expectReplay(page);

      await test.step('with the page its connections end, and the next one is refused: no lab is open', async () => {
        await page.evaluate(() => window.lab.play());
        const last = await served.connect();
        const ended = new Promise<void>((resolve) => last.on('end', resolve));
        await page.goto('about:blank');
        await ended;
        await expect(served.connect()).rejects.toMatchObject({ code: '57P03' });
      });

      await test.step('a page without the token says why nobody can connect', async () => {
        await page.goto(served.address);
        await waitForLive(page);
        await expect(await inspectDriver(page)).toContainText('npm start -- --pg');
      });
    } finally {
      await lab.close();
      served.close();
    }
  },
);

/** pgbench's own transaction over tables that are filled in a moment. */
const TRANSACTION = `
\\set account random(1, 500)
\\set teller random(1, 50)
\\set branch random(1, 5)
\\set delta random(-5000, 5000)
begin;
update bench_accounts set balance = balance + :delta where id = :account;
select balance from bench_accounts where id = :account;
update bench_tellers set balance = balance + :delta where id = :teller;
update bench_branches set balance = balance + :delta where id = :branch;
insert into bench_history values (:account, :teller, :branch, :delta);
commit;
`;

const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;

test(
  'pgbench through the tab while the writer is crashed by a click: the balances agree',
  deep,
  async ({ lab }) => {
    test.skip(!hasPgbench, 'pgbench is not installed (postgresql-15)');
    const script = test.info().outputPath('transfer.sql');
    writeFileSync(script, TRANSACTION);
    const served = await serve();
    const env = { ...process.env, PGHOST: '127.0.0.1', PGPORT: String(served.port), PGUSER: 'postgres' };
    const pgbench = async (...args: string[]): Promise<{ code: unknown; out: string }> => {
      const child = spawn('pgbench', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(child, 'close');
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: (await ended)[0], out: out + err };
    };
    try {
      const page = lab.page();
      await openLab(page, served);
      const client = await served.connect();
      const tables = ['accounts', 'tellers', 'branches'];
      for (const [i, table] of tables.entries()) {
        await client.query(`create table bench_${table} (id int primary key, balance int not null)`);
        const rows = Array.from({ length: 500 / 10 ** i }, (_, row) => `(${row + 1}, 0)`);
        await client.query(`insert into bench_${table} values ${rows.join(', ')}`);
      }
      await client.query('create table bench_history (account int, teller int, branch int, delta int)');
      const running = pgbench('-n', '-f', script, '-c', '4', '-t', '25', '--max-tries=50', 'lab');
      await expect(await inspectDriver(page)).toContainText('pgbench lab');
      await crashWriter(page);
      const { code, out } = await running;
      expect(code, out).toBe(0);
      expect(out).toContain('100/100');
      const sums = tables.map((table) => `(select sum(balance) from bench_${table})`);
      const { rows } = await client.query({
        text: `select ${sums.join(', ')}, (select sum(delta) from bench_history), (select count(*) from bench_history)`,
        rowMode: 'array',
      });
      const [accounts, ...others] = rows[0] as string[];
      expect(others).toEqual([accounts, accounts, accounts, '100']);
      await client.end();
      await expectReplay(page);
    } finally {
      await lab.close();
      served.close();
    }
  },
);
