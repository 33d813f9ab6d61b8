// The picture that is spoken of comes: a section of a lens by a link, by the palette and by a caption, a tab by a caption that waits its turn.
// Then it stays where the reader put it.
import type { Locator, Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, pause, query, runUntil, standOn, waitForLive } from './support/lab-page.ts';

const lens = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const scrolled = (region: Locator): Promise<number> => region.evaluate(({ scrollTop }) => scrollTop);

async function goTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill(name);
  await page.keyboard.press('Enter');
}

test(
  'what a link, a command or a caption speaks of comes into view, and stays where the reader scrolls it',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lab&preset=cynosdb-backup&seed=7&lens=chains&tab=archive');
    await page.setViewportSize({ width: 1440, height: 900 });
    await waitForLive(page);
    const chains = lens(page, 'Storage chains');
    const archive = chains.getByRole('region', { name: 'archive', exact: true });
    const points = chains.getByRole('region', { name: /^read points/ });

    await test.step('a link names a section', async () => {
      await expect(archive.getByRole('heading').first()).toBeInViewport();
      await pause(page);
    });

    await test.step('a command brings another; what the reader scrolls stays, and captions move it no more', async () => {
      await goTo(page, 'Read points');
      await expect(points.getByRole('heading')).toBeInViewport();
      await goTo(page, 'Archive and what can be restored');
      await expect(archive.getByRole('heading').first()).toBeInViewport();
      const brought = await scrolled(chains);
      await chains.hover();
      await page.mouse.wheel(0, -90);
      await expect.poll(() => scrolled(chains)).toBe(brought - 90);
      await act(page, 'crash cos-1');
      await runUntil(page, 'archive.outage');
      await expect(page.locator('[data-caption="archive.outage"]')).toBeVisible();
      expect(await scrolled(chains)).toBe(brought - 90);
    });
  },
);

test(
  'READ-46 a caption brings the picture that it speaks of while the reader has chosen none',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await page.setViewportSize({ width: 1440, height: 900 });
    await waitForLive(page);

    await test.step('a section: the list of a store that rebuilds it', async () => {
      await pause(page);
      await page.keyboard.press('5');
      const wal = lens(page, 'WAL & holes');
      expect(await scrolled(wal)).toBe(0);
      await act(page, 'crash store-2');
      await act(page, 'restart store-2');
      await runUntil(page, 'hole.rebuild');
      await expect(page.locator('[data-caption="hole.rebuild"]')).toBeVisible();
      await expect(
        wal.getByRole('region', { name: /^store-\d · status list of g\d$/ }).getByRole('table'),
      ).toBeInViewport({ ratio: 1 });
    });

    await test.step('a tab: a read of several groups', async () => {
      await standOn(page, 'postdb-v4');
      await page.keyboard.press('3');
      const placement = lens(page, 'Shard placement');
      await expect(placement.getByRole('tab', { name: 'Reads' })).toHaveAttribute('aria-selected', 'false');
      await query(page, 'select count(*) from accounts');
      await expect(placement.getByRole('tab', { name: 'Reads' })).toHaveAttribute('aria-selected', 'true');
    });
  },
);
