// Runs of real clients that `serve --record` has written open from a file, and play without their clients to the hash on the tape: psql and
// psycopg with all that they try, node-postgres, psql, psycopg and pgbench under a fault of each architecture, and a long tape, packed.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { readTape } from './support/headless.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { endDigest, runState, setSpeed, waitForLive } from './support/lab-page.ts';

/** Tapes of these clients, names of scripts/debian-clients.mjs, in an empty folder. */
async function record(folder: string, clients: readonly string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join('scripts', 'debian-clients.mjs'), ...clients], {
    env: { ...process.env, POSTDB_LAB_TAPES: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const said = await text(child.stdout);
  expect((await ended)[0], said).toBe(0);
  return readdirSync(folder).filter((name) => name.endsWith('.tape'));
}

async function expectReplay(page: Page, path: string): Promise<void> {
  const { end } = readTape(readFileSync(path, 'utf8')).header;
  if (end?.hash == null) throw new Error(`${path} names no end with its hash`);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Open a tape …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open a tape' });
  await dialog.getByLabel('Tape file').setInputFiles(path);
  await expect(dialog).toContainText(end.hash);
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(runState(page)).toHaveText('REPLAY');
  await setSpeed(page, 'max');
  await page.waitForFunction((at) => window.lab.frame()?.time === at, end.at, { polling: 200, timeout: 0 });
  expect(await endDigest(page)).toMatchObject({ hash: end.hash, time: end.at });
}

const isMissing = (program: string): boolean => spawnSync(program, ['--version']).status !== 0;

/** Each of their recorded runs. */
async function expectReplays(lab: Lab, clients: readonly string[]): Promise<readonly string[]> {
  test.skip(isMissing('psql') || isMissing('pgbench'), 'psql and pgbench are not installed (postgresql-15)');
  const folder = test.info().outputPath('tapes');
  mkdirSync(folder, { recursive: true });
  const names = await record(folder, clients);
  const page = await lab.goto();
  await waitForLive(page);
  for (const name of names) await test.step(name, () => expectReplay(page, join(folder, name)));
  return names.map((name) => join(folder, name));
}

test(
  'recorded runs of clients open from a file and come to the hash on their tape',
  deep,
  async ({ lab }) => {
    const paths = await expectReplays(lab, ['psql', 'psycopg', 'faults']);
    expect(paths.length).toBeGreaterThan(12);
  },
);

test('so do the long ones of pgbench, whose lines are packed', deep, async ({ lab }) => {
  const paths = await expectReplays(lab, ['pgbench']);
  expect(paths.map((path) => /^packed /m.test(readFileSync(path, 'utf8')))).toContain(true);
});
