// E01: what a newcomer sees without a click. The first picture of a first visit is recorded; the run that takes its place
// must have come to the same state.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { node, virtualTime, waitForLive } from './support/lab-page.ts';

/** Every kind of notice the lab has given so far. */
const noticeKinds = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const kinds: string[] = [];
    window.lab.subscribe({ onNotice: ({ kind }) => kinds.push(kind) })();
    return kinds;
  });

/** What is asked for waits for `open`. */
function makeGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

test('E01 a first visit shows a cluster at work by itself, come to the very state of the first picture; the second what was saved', async ({
  lab,
}) => {
  const page = lab.page();
  const recorded = page.waitForResponse(/hook-hole-keyframe\.json/);
  await lab.goto();
  const { at, hash } = await (await recorded).json();
  expect(at).toBeGreaterThan(0);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  for (const id of ['d1', 'meta-1', 'rw-1', 'store-1', 'store-2', 'store-3'])
    await expect(node(page, id)).toBeVisible();
  await waitForLive(page);
  expect(await noticeKinds(page)).toEqual([]);
  await test.step('WAL-20 it shows the way of a statement, with its rows and the line, and then that of the next', async () => {
    const way = page.getByRole('region', { name: 'Way of a statement' });
    await expect(
      way.locator('.way-words', { hasText: '2 of 3: from here on nothing that fails can lose it' }),
    ).toBeVisible();
    await expect(way.getByRole('table', { name: 'What it changes: accounts' })).toContainText(/\d+ → \d+/);
    const sql = way.getByText(/^BEGIN;/);
    const first = await sql.textContent();
    await expect(sql).not.toHaveText(first ?? '');
    await expect(way.locator('.way-words', { hasText: 'The client receives COMMIT.' })).toBeVisible();
  });

  let isAsked = false;
  await page.route(/hook-hole-keyframe\.json/, async (route) => {
    isAsked ||= route.request().resourceType() === 'fetch';
    await route.continue();
  });
  await test.step('whoever chose dark has a dark page before the lab’s scripts have come', async () => {
    await page.evaluate(() => localStorage.setItem('postdb-lab:settings', '{"theme":"dark"}'));
    const scripts = makeGate();
    await page.route(/assets\/.*\.js/, async (route) => {
      await scripts.opened;
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(14, 18, 24)');
    expect(await page.evaluate(() => 'lab' in window)).toBe(false);
    scripts.open();
  });
  await waitForLive(page);
  expect(await noticeKinds(page)).toEqual(['recovered']);
  expect(isAsked).toBe(false);
});

test(
  'E01 a preset that has a recorded picture shows it once it is chosen; one that is not of its run is found out',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    await lab.goto();
    await waitForLive(page);
    const choose = (preset: string) =>
      page.evaluate((name) => window.lab.startRun({ preset: name, seed: 7 }), preset);
    await test.step('the run of postdb-v4 reaches the state of its recorded picture', async () => {
      const recorded = page.waitForResponse(/postdb-v4-keyframe\.json/);
      // before the run has come to it, of whose boot nothing is shown
      const firstTime = page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const leave = window.lab.subscribe({
              onFrame: ({ preset, time }) => {
                if (preset !== 'postdb-v4') return;
                leave();
                resolve(time);
              },
            });
          }),
      );
      await choose('postdb-v4');
      const { at } = await (await recorded).json();
      expect(await firstTime).toBe(at);
      for (const id of ['d1', 'n1', 'n2', 'n3']) await expect(node(page, id)).toBeVisible();
      await waitForLive(page);
      expect(await noticeKinds(page)).not.toContain('keyframeMismatch');
    });
    await choose('hook-hole');
    await waitForLive(page);
    await page.route(/postdb-v4-keyframe\.json/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), hash: '0123456789abcdef' } });
    });
    await choose('postdb-v4');
    await waitForLive(page);
    expect(await noticeKinds(page)).toContain('keyframeMismatch');
  },
);

test(
  'E01 the first picture is there before any worker is; one that is not of this run is found out and replaced',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    await page.route(/hook-hole-keyframe\.json/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), hash: '0123456789abcdef' } });
    });
    const worker = makeGate();
    await page.route(/fabric-worker-.*\.js/, async (route) => {
      await worker.opened;
      await route.continue();
    });
    await lab.goto();
    await expect(node(page, 'rw-1')).toBeVisible();
    await expect(node(page, 'store-1')).toBeVisible();
    worker.open();
    await waitForLive(page);
    expect(await noticeKinds(page)).toContain('keyframeMismatch');
    const from = await virtualTime(page);
    await expect.poll(() => virtualTime(page)).toBeGreaterThan(from);
  },
);
