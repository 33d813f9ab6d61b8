// A reader's life in the browser (docs/spec/pcs.md PCS-3, placement.md PCS-79, PCS-100): added from the palette while the cluster runs, with a worker, a disk, links
// and a card; back after a reload, which is a power cut; removed from its menu; undone; and the same run elsewhere by a link.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  exportTape,
  node,
  pause,
  playLink,
  runState,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

async function runOn(page: Page, us: number): Promise<void> {
  const to = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + us / 1000;
  const done = await page.evaluate((text) => window.lab.runUntil(text), `time >= ${to}`);
  expect(done.ok).toBe(true);
}

const databasesOf = (page: Page, id: string): Promise<number> =>
  page.evaluate(
    async (name) => (await indexedDB.databases()).filter((one) => one.name?.endsWith(name)).length,
    id,
  );

async function addByPalette(page: Page, id: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('combobox').fill(`Add a reader, ${id}`);
  await palette
    .getByRole('option', { name: `Add a reader, ${id}` })
    .first()
    .click();
  await expect(palette).toHaveCount(0);
}

const sessionOf = async (page: Page, id: string): Promise<string | undefined> => {
  const { nodes } = await standingFrame(page);
  const attachment = nodes.find((one) => one.id === id)?.view?.roles.find((role) => role.role === 'compute');
  return attachment?.role === 'compute' ? attachment.reader?.session : undefined;
};

test(
  'PCS-3 PCS-79 PCS-100 a reader is added while the cluster runs, survives a reload, is removed and undone; a share link',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'cynosdb-ro');

    await test.step('PCS-3 by the palette: a card, a disk of its own, and reads', async () => {
      await addByPalette(page, 'ro-3');
      await runOn(page, 150_000);
      await pause(page);
      await expect(node(page, 'ro-3')).toHaveAccessibleName(/reader, up, sees all up to \d+/);
      expect(await exportTape(page)).toMatch(/addNode ro-3 reader [abc]/);
      expect(await sessionOf(page, 'ro-3')).toBe('joined');
      expect(await databasesOf(page, 'ro-3')).toBe(1);
      const { links } = await standingFrame(page);
      expect(links.filter(({ from }) => from === 'ro-3').map(({ to }) => to as string)).toEqual(
        expect.arrayContaining(['d1', 'meta-1', 'store-1', 'store-2', 'store-3']),
      );
    });

    await test.step('PCS-3 a reload is a power cut: the reader opens from its own disk and joins again', async () => {
      await page.reload();
      await expect(node(page, 'ro-3')).toBeVisible();
      await waitForLive(page);
      await pause(page);
      await runOn(page, 200_000);
      await pause(page);
      const { nodes } = await standingFrame(page);
      expect(nodes.find(({ id }) => id === 'ro-3')?.life).toBeGreaterThan(1);
      expect(await sessionOf(page, 'ro-3')).toBe('joined');
    });

    await test.step('PCS-79 removed from its menu: it ends by itself, and its card goes', async () => {
      await chooseFromMenu(page, node(page, 'ro-3'), 'Remove it from the cluster');
      await runOn(page, 400_000);
      await pause(page);
      await expect(node(page, 'ro-3')).toHaveCount(0);
      const { gone, nodes } = await standingFrame(page);
      expect(gone).toEqual(['ro-3']);
      expect(nodes.map(({ id }) => id as string)).not.toContain('ro-3');
    });

    await test.step('its name is used up: the next one is ro-4', async () => {
      await addByPalette(page, 'ro-4');
      await runOn(page, 150_000);
      await pause(page);
      await expect(node(page, 'ro-4')).toHaveAccessibleName(/reader, up, sees all up to \d+/);
    });

    await test.step('an undo takes it away with its past', async () => {
      await page.keyboard.press('Control+z');
      await expect(node(page, 'ro-4')).toHaveCount(0);
      await expect.poll(() => exportTape(page)).not.toContain('addNode ro-4');
      await expect(runState(page)).toHaveText('PAUSED');
    });

    await test.step('E13 a link of it plays the same run elsewhere', async () => {
      const guest = await playLink(page, await lab.newTab());
      await expect(node(guest, 'ro-3')).toHaveCount(0);
    });
  },
);
