// `polardb` in a browser: SQL on files of a shared device, a reader that dies and comes back, and what its nodes say of themselves.
import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, node, pause, query, standingFrame, waitForLive } from './support/lab-page.ts';

/** Virtual ms. */
async function runOn(page: Page, ms: number): Promise<void> {
  const until = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + ms;
  const done = await page.evaluate((text) => window.lab.runUntil(text), `time >= ${until}`);
  expect(done.ok).toBe(true);
}

test(
  'LI-3 LI-63 FS-70 a volume in files: rows by SQL, a reader that dies and reads again, chunk servers',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.getByRole('combobox', { name: 'Preset' }).selectOption('polardb');
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('polardb');
    await waitForLive(page);
    await pause(page);

    await test.step('its nodes are named by what they are', async () => {
      await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up, durableLsn \d+, token \d+/);
      await expect(node(page, 'ro-1')).toHaveAccessibleName(/reader, up, applyLsn \d+/);
      await expect(node(page, 'cs-2')).toHaveAccessibleName(/chunk server, up, leads \d+ chunks?/);
    });

    await test.step('LI-3 what is written is read, through files', async () => {
      await query(page, 'create table notes (k int primary key, v text)');
      await query(page, "insert into notes values (1, 'kept')");
      expect(await query(page, 'select v from notes where k = 1')).toEqual([['kept']]);
    });

    await test.step('LI-60 LI-63 a reader that dies comes back with a slot, and reads', async () => {
      await act(page, 'crash ro-1');
      await runOn(page, 20);
      await expect(node(page, 'ro-1')).toHaveAccessibleName(/down/);
      await act(page, 'restart ro-1');
      await runOn(page, 400);
      await expect(node(page, 'ro-1')).toHaveAccessibleName(/reader, up, applyLsn \d+/);
      await query(page, "insert into notes values (2, 'seen')");
      expect(await query(page, 'select v from notes where k = 2')).toEqual([['seen']]);
      expect((await standingFrame(page)).violations).toEqual([]);
    });

    await test.step('nothing on the map is serious to axe', async () => {
      expect(await seriousFindings(page, 'main')).toEqual([]);
    });
  },
);
