// The build works from any static host and sub-path, and its policy holds with and without headers. What a host owes, and what is
// missing without: docs/browsers.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { commonHosts, serveCommonly } from '../scripts/common-hosts.mjs';
import { headersOf } from '../scripts/security-headers.mjs';
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
  for (const [name, value] of Object.entries(headersOf(''))) expect(sent[name.toLowerCase()]).toBe(value);
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
    for (const [name, value] of Object.entries(headersOf(path)))
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

interface HeaderRule {
  readonly path: string;
  readonly said: readonly (readonly [name: string, value: string])[];
}

const rulesOf = (text: string): readonly HeaderRule[] =>
  text.split(/^(?=\/)/m).map((rule) => {
    const [path = '', ...lines] = rule.trimEnd().split('\n');
    return {
      path,
      said: lines.map((line) => {
        const at = line.indexOf(': ');
        return [line.slice(2, at), line.slice(at + 2)] as const;
      }),
    };
  });

const holdsFor = (path: string, file: string): boolean =>
  path.endsWith('*') ? `/${file}`.startsWith(path.slice(0, -1)) : `/${file}` === path;

test('_headers says of each file what the preview serves it with; one policy of caching and of loading a file; every name that is good for a year has a hash', () => {
  for (const name of hashed) expect(name).toMatch(/-[\w-]{7,8}\.(js|css|wasm|data|woff2)$/);
  const rules = rulesOf(readFileSync(join('dist', '_headers'), 'utf8'));
  for (const file of [...hashed, ...unhashed]) {
    const joined = new Map<string, readonly string[]>();
    for (const { path, said } of rules)
      if (holdsFor(path, file))
        for (const [name, value] of said) joined.set(name, [...(joined.get(name) ?? []), value]);
    const served = Object.fromEntries([...joined].map(([name, values]) => [name, values.join(', ')]));
    expect([file, served]).toEqual([file, headersOf(file)]);
    for (const name of ['Cache-Control', 'Cross-Origin-Resource-Policy', 'X-Frame-Options'])
      expect([file, name, (joined.get(name) ?? []).length <= 1]).toEqual([file, name, true]);
  }
  // Who may frame a file is never said of all: a host would join it with what is said of the one that may be framed.
  const ofAll = rules.find(({ path }) => path === '/*')?.said ?? [];
  expect(JSON.stringify(ofAll)).not.toMatch(/frame-ancestors|X-Frame-Options|Resource-Policy/);
});

for (const host of commonHosts)
  test(
    `${host} without the lab's headers, under a sub-path, shows the lab and again after a reload; the page brings its own policy`,
    deep,
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

test(
  'on plain http the lab runs, keeps its disks and copies: nothing of it needs a secure context',
  deep,
  async ({ lab, hostBuild }) => {
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
  },
);
