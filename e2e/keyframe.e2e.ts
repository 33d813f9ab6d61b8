// The first picture of a first visit is recorded; the run that takes its place must have come to the same state.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { waitForLive } from './support/lab-page.ts';

/** Every kind of notice the lab has given so far. */
const noticeKinds = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const kinds: string[] = [];
    window.lab.subscribe({ onNotice: ({ kind }) => kinds.push(kind) })();
    return kinds;
  });

test('E01 the live run comes to the very state that the first picture shows', async ({ lab }) => {
  const page = lab.page();
  const recorded = page.waitForResponse(/hook-keyframe\.json/);
  await lab.goto();
  const { at, hash } = await (await recorded).json();
  expect(at).toBeGreaterThan(0);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  await waitForLive(page);
  expect(await noticeKinds(page)).toEqual([]);
});

test('E01 a picture that is not of this run is found out and replaced', async ({ lab }) => {
  const page = lab.page();
  await page.route(/hook-keyframe\.json/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), hash: '0123456789abcdef' } });
  });
  await lab.goto();
  await waitForLive(page);
  expect(await noticeKinds(page)).toContain('keyframeMismatch');
  const from = await page.evaluate(() => window.lab.frame()?.time ?? 0);
  await expect.poll(() => page.evaluate(() => window.lab.frame()?.time ?? 0)).toBeGreaterThan(from);
});

test('the second visit shows what was saved, not the recorded picture', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  let isAsked = false;
  await page.route(/hook-keyframe\.json/, async (route) => {
    isAsked ||= route.request().resourceType() === 'fetch';
    await route.continue();
  });
  await page.reload();
  await waitForLive(page);
  expect(await noticeKinds(page)).toEqual(['recovered']);
  expect(isAsked).toBe(false);
});
