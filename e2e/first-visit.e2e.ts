// E01: what a newcomer sees without a click.
import { expect, test } from './support/lab-fixture.ts';
import { expectToPass, node, readNumber, waitForLive, watermark } from './support/lab-page.ts';

test('E01 a first visit shows a cluster at work by itself', async ({ lab }) => {
  const page = await lab.goto();
  for (const id of ['d1', 'meta-1', 'rw-1', 'store-1', 'store-2', 'store-3'])
    await expect(node(page, id)).toBeVisible();
  await waitForLive(page);
  const vdl = watermark(page, 'VDL', 'v1');
  for (let i = 0; i < 2; i++) await expectToPass(vdl, await readNumber(vdl));
});

test('E01 the first picture is there before any worker is', async ({ lab }) => {
  const page = lab.page();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/fabric-worker-.*\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await lab.goto();
  await expect(node(page, 'rw-1')).toBeVisible();
  await expect(node(page, 'store-1')).toBeVisible();
  release();
  await waitForLive(page);
});
