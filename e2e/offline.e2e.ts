// The lab without a network, installed under a sub-path, and across a newer build: E40.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { STORED_FORMAT } from '../src/host/stored-format.ts';
import { ENGINE } from '../src/sim/engine.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { pause, query, waitForLive } from './support/lab-page.ts';

test.use({ browserOptions: { hasServiceWorker: true } });

/** Resolves when the service worker has everything and serves the page. */
const whenKept = (page: Page): Promise<void> =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const { serviceWorker } = navigator;
        const registration = await serviceWorker.getRegistration();
        return registration?.active?.state === 'activated' && serviceWorker.controller !== null;
      }),
    )
    .toBe(true);

const bar = (page: Page) => page.locator('[data-build-bar]');

/** Another build as a browser sees it: its service worker has other bytes. */
const newerWorker = (text: Buffer, engine: string): string =>
  `${text.toString().replaceAll(ENGINE, engine)}\n// newer`;

test('E40 under a sub-path: kept whole, opened without a network, a lesson that was never opened before; an update is offered, says what it opens, and is taken by a press', async ({
  lab,
  hostBuild,
}) => {
  let engine: string | null = null;
  let isDown = false;
  const address = await hostBuild('/teaching/databases/', (name, bytes) => {
    if (isDown) return null;
    return name === 'sw.js' && engine !== null ? newerWorker(bytes, engine) : bytes;
  });
  const page = lab.page();
  await page.goto(address);
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  await whenKept(page);
  await test.step('what it serves is what it kept: nothing else is in its caches', async () => {
    const kept = await page.evaluate(async () => {
      const all = await Promise.all(
        (await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map(({ url }) => url),
        ),
      );
      return all.flat().map((url) => new URL(url).pathname);
    });
    expect(kept.length).toBeGreaterThan(50);
    for (const path of kept) expect(path).toMatch(/^\/teaching\/databases\/(?!(_headers|sw\.js)$)/);
  });

  isDown = true;
  lab.complaints.expect(/Failed to load resource/);
  await test.step('without a network', async () => {
    await page.reload();
    await waitForLive(page);
    expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
    await expect(bar(page)).toHaveCount(0);
    const letters = () =>
      page.evaluate(() =>
        [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family),
      );
    await expect.poll(letters).toEqual(expect.arrayContaining(['Inter', 'JetBrains Mono']));
  });

  isDown = false;
  await test.step('an update of the same engine is offered, and nothing is forced', async () => {
    engine = ENGINE;
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(bar(page)).toContainText('the run goes on from its disks');
    await pause(page);
    const runId = await page.evaluate(() => window.lab.run().runId);
    // The page may be loaded anew before the click is over.
    const loaded = page.waitForEvent('load');
    await bar(page).getByRole('button', { name: 'Update' }).click();
    await loaded;
    await waitForLive(page);
    await expect(bar(page)).toHaveCount(0);
    expect(await page.evaluate(() => window.lab.run().runId)).toBe(runId);
    expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
  });

  await test.step('one of another engine says so before it is taken; another tab that was not asked says that it was replaced', async () => {
    engine = '99.0.0';
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(bar(page)).toContainText(`engine 99.0.0, stored format ${STORED_FORMAT}`);
    await expect(bar(page)).toContainText(`engine ${ENGINE}`);
    const download = page.waitForEvent('download');
    await bar(page).getByRole('button', { name: 'Export tape' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toContain('create table notes');
    await bar(page).getByRole('button', { name: 'Close' }).click();
    await expect(bar(page)).toHaveCount(0);
    await waitForLive(page);
  });

  await test.step('a lesson that was never opened before, without a network', async () => {
    isDown = true;
    await page.goto(`${address}#/lessons/H01`);
    const lesson = page.getByRole('complementary', { name: 'Lessons' });
    await expect(lesson.getByRole('heading', { name: 'H01' })).toBeVisible();
    await expect(lesson.getByRole('list', { name: 'Steps' })).toBeVisible();
    await expect(bar(page)).toHaveCount(0);
  });
});

test(
  'a part that cannot be loaded: the run goes on, and a bar says what to do',
  deep,
  async ({ lab, hostBuild }) => {
    let isGone = false;
    const address = await hostBuild('/', (name, bytes) =>
      isGone && name.startsWith('assets/') ? null : bytes,
    );
    const page = lab.page();
    // As on a host without https, and before everything is kept.
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.goto(address);
    await waitForLive(page);
    // What the page loads by itself is here.
    await page.waitForLoadState('networkidle');
    isGone = true;
    lab.complaints.expect(/Failed to load resource|dynamically imported|preload CSS/);
    await page.evaluate(() => {
      location.hash = '#/compare';
    });
    await expect(bar(page)).toContainText('A part of the lab could not be loaded');
    await page.evaluate(() => {
      location.hash = '#/';
    });
    await waitForLive(page);
    isGone = false;
    await bar(page).getByRole('button', { name: 'Reload' }).click();
    await waitForLive(page);
    await expect(bar(page)).toHaveCount(0);
  },
);

test(
  'a saved run of another engine is refused in words, its tape can be had, and it stays',
  deep,
  async ({ lab, hostBuild }) => {
    const address = await hostBuild('/');
    const page = lab.page();
    await page.goto(address);
    await waitForLive(page);
    await query(page, 'create table notes(id int primary key)');
    const setEngine = async (from: string, to: string): Promise<void> => {
      await page.goto(`${address}favicon.svg`);
      await page.evaluate(
        ([before, after]) =>
          new Promise<void>((resolve, reject) => {
            const asked = indexedDB.open('postdb-lab/main/fabric');
            asked.onerror = () => reject(asked.error);
            asked.onsuccess = () => {
              const tx = asked.result.transaction('run', 'readwrite');
              const store = tx.objectStore('run');
              const got = store.get('run');
              got.onsuccess = () =>
                store.put(
                  { ...got.result, header: got.result.header.replace(`engine ${before}`, `engine ${after}`) },
                  'run',
                );
              tx.oncomplete = () => {
                asked.result.close();
                resolve();
              };
            };
          }),
        [from, to] as const,
      );
    };
    lab.complaints.expect(/favicon\.ico/);
    await setEngine(ENGINE, '0.1.0');
    await page.goto(address);
    const question = page.getByRole('dialog', { name: 'The saved run could not be opened' });
    await expect(question).toContainText(`It is of engine 0.1.0; this lab has engine ${ENGINE}`);
    const download = page.waitForEvent('download');
    await question.getByRole('button', { name: 'Export tape' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toMatch(
      /engine 0\.1\.0[\s\S]*create table notes/,
    );
    await question.getByRole('button', { name: 'Begin in memory beside it' }).click();
    await waitForLive(page);
    await setEngine('0.1.0', ENGINE);
    await page.goto(address);
    await waitForLive(page);
    expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
  },
);
