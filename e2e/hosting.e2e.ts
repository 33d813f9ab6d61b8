// The build works from any static host and sub-path, and its policy holds with and without headers. What a host owes, and what is
// missing without: docs/browsers.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { cacheControlOf, securityHeaders } from '../scripts/security-headers.mjs';
import { commonHosts, serveCommonly } from './support/common-hosts.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { query, runState, waitForLive } from './support/lab-page.ts';

const hashed = readdirSync(join('dist', 'assets')).map((name) => `assets/${name}`);
const unhashed = ['', ...readdirSync('dist').filter((name) => name !== 'assets' && name !== '_headers')];

async function insertInlineScript(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineScriptRan = true';
    document.head.append(script);
    return Reflect.get(window, 'inlineScriptRan');
  });
}

test('the served preview sends every header, and refuses an inline script', async ({ lab }) => {
  const page = lab.page();
  const response = await page.goto(lab.address);
  const sent = response?.headers() ?? {};
  for (const [name, value] of Object.entries(securityHeaders)) expect(sent[name.toLowerCase()]).toBe(value);
  await expect(page.getByText('store-1').first()).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  lab.complaints.expect(/inline/);
  expect(await insertInlineScript(page)).toBeUndefined();
});

test('a 304 carries what its 200 carried; a name with a hash is good for a year, all else is asked for again', async ({
  lab,
}) => {
  const worker = hashed.filter((name) => name.includes('fabric-worker'));
  expect(worker).toHaveLength(1);
  for (const path of [...worker, ...unhashed]) {
    const whole = await fetch(lab.address + path);
    await whole.arrayBuffer();
    const again = await fetch(lab.address + path, {
      headers: { 'If-None-Match': whole.headers.get('etag') ?? '' },
    });
    expect([path, whole.status, again.status]).toEqual([path, 200, 304]);
    const owed = { ...securityHeaders, 'Cache-Control': cacheControlOf(path) };
    for (const [name, value] of Object.entries(owed))
      expect([path, name, whole.headers.get(name), again.headers.get(name)]).toEqual([
        path,
        name,
        value,
        value,
      ]);
  }
  // What a later build brings must not be missing for a year.
  const missing = await fetch(`${lab.address}assets/not-there-12345678.js`);
  expect([missing.status, missing.headers.get('Cache-Control')]).toEqual([404, 'no-cache']);
});

test('_headers has one rule about caching for each file; every name that is good for a year has a hash', () => {
  for (const name of hashed) expect(name).toMatch(/-[\w-]{8}\.(js|css|wasm)$/);
  const rules = readFileSync(join('dist', '_headers'), 'utf8').split(/^(?=\/)/m);
  const said = rules.flatMap((rule) => {
    const path = rule.split('\n')[0] ?? '';
    const value = /^ {2}Cache-Control: (.*)$/m.exec(rule)?.[1];
    return value === undefined ? [] : [{ path, value }];
  });
  const sayOf = (file: string) =>
    said.filter(({ path }) =>
      path.endsWith('*') ? `/${file}`.startsWith(path.slice(0, -1)) : `/${file}` === path,
    );
  for (const file of [...hashed, ...unhashed])
    expect([file, sayOf(file).map(({ value }) => value)]).toEqual([file, [cacheControlOf(file)]]);
  for (const [name, value] of Object.entries(securityHeaders))
    expect(rules[0]).toContain(`\n  ${name}: ${value}\n`);
  expect(rules[0]).toMatch(/^\/\*\n/);
});

// one of them here, all in `npm run deep`
for (const [i, host] of commonHosts.entries())
  test(
    `${host} without the lab's headers, under a sub-path, shows the lab and again after a reload; the page brings its own policy`,
    i === 0 ? {} : deep,
    async ({ lab }) => {
      const { address, close } = await serveCommonly(host, 'teaching/databases');
      try {
        const page = lab.page();
        const missing: string[] = [];
        page.on('response', (response) => {
          if (response.status() >= 400) missing.push(response.url());
        });
        await page.goto(address);
        await waitForLive(page);
        // Parsed, run and answered: every part that a statement needs was found under the sub-path.
        await query(page, 'create table notes(id int primary key)');
        await page.reload();
        await waitForLive(page);
        expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
        expect(missing).toEqual([]);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        lab.complaints.expect(/inline/);
        expect(await insertInlineScript(page)).toBeUndefined();
      } finally {
        await lab.close();
        await close();
      }
    },
  );

test('on plain http the lab runs, keeps its disks and copies: nothing of it needs a secure context', async ({
  lab,
  hostBuild,
}) => {
  const { port } = new URL(await hostBuild(''));
  const page = lab.page();
  await page.goto(`http://plain-http.test:${port}/`);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  await page.reload();
  await waitForLive(page);
  expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  await dialog.getByRole('button', { name: /^Copy/ }).first().click();
  await expect(page.getByText('Copied', { exact: true }).first()).toBeVisible();
  // A second tab owns the lab from its first picture on: without Web Locks the databases' versions alone keep two writers apart.
  const second = await page.context().newPage();
  await second.goto(page.url());
  await waitForLive(second);
  await expect(runState(page)).toHaveText('MIRROR');
});
