// `polardb` in a browser: SQL on files of a shared device, a reader that dies and comes back, what its nodes say of themselves, and the lenses of pages and
// of the shared disk.
import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, node, query, standingFrame, standOn, tapeEnd, waitForLive } from './support/lab-page.ts';

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
    await standOn(page, 'polardb');

    await test.step('its nodes are named by what they are', async () => {
      await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up, log durable up to \d+, token \d+/);
      await expect(node(page, 'ro-1')).toHaveAccessibleName(/reader, up, sees all up to \d+/);
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
      await expect(node(page, 'ro-1')).toHaveAccessibleName(/reader, up, sees all up to \d+/);
      await query(page, "insert into notes values (2, 'seen')");
      expect(await query(page, 'select v from notes where k = 2')).toEqual([['seen']]);
      expect((await standingFrame(page)).violations).toEqual([]);
    });

    await test.step('LI-40 a page that a reader holds back, and by whom, page by page with the arrow keys', async () => {
      await page.evaluate(() =>
        document.activeElement instanceof HTMLElement ? document.activeElement.blur() : 0,
      );
      await act(page, 'cut rw-1 > ro-1 for 35 ms');
      // A reader that hears nothing for 20 ms joins anew, and its new slot holds back less.
      await runOn(page, 16);
      await page.keyboard.press('5');
      const lens = page.getByRole('region', { name: 'Pages: past and future', exact: true });
      await lens.getByRole('radio', { name: 'Flush list' }).click();
      await expect(lens.getByRole('table', { name: 'Flush list, by oldestLsn' })).toContainText(
        /blocked: [\d\s]+ > [\d\s]+.*ro-1/,
      );
      await lens.getByRole('radio', { name: 'One page' }).click();
      const slider = lens.getByRole('slider', { name: 'Page' });
      // Its pages come with a later picture: a key that comes before them goes nowhere.
      await expect(slider).not.toHaveAttribute('aria-valuemax', '1');
      await slider.focus();
      await page.keyboard.press('Home');
      const first = await slider.getAttribute('aria-valuetext');
      await page.keyboard.press('ArrowDown');
      await expect(slider).not.toHaveAttribute('aria-valuetext', first ?? '');
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });

    await test.step('FS-4 FS-7 FS-90 whose a block is, and a file by its bytes in the shell', async () => {
      await page.evaluate(() =>
        document.activeElement instanceof HTMLElement ? document.activeElement.blur() : 0,
      );
      await page.keyboard.press('3');
      const lens = page.getByRole('region', { name: 'Shared disk', exact: true });
      const file = lens.getByRole('slider', { name: 'File' });
      // So do its files.
      await expect(file).not.toHaveAttribute('aria-valuemax', '1');
      await file.focus();
      await page.keyboard.press('ArrowDown');
      await expect(file).toHaveAttribute('aria-valuetext', '/.pfs-paxos: 0:1');
      await expect(lens.getByRole('table', { name: 'Heads of each mount' })).toContainText('ro-2');
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
      await lens.getByRole('radio', { name: 'File shell' }).click();
      const line = lens.getByRole('textbox', { name: /^Command on/ });
      const log = lens.getByRole('log');
      for (const [text, answer] of [
        ['fsck', 'clean'],
        ['ls /', '.pfs-journal'],
        ['cat /.pfs-paxos', '000000  '],
        ['rm /control', 'rm: EROFS'],
      ] as const) {
        await line.fill(text);
        await line.press('Enter');
        await expect(log).toContainText(answer);
      }
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });

    await test.step('LI-27 a table of LogIndex is run until it is saved, and said to be', async () => {
      const lens = page.getByRole('region', { name: 'Shared disk', exact: true });
      await lens.getByRole('radio', { name: 'LogIndex' }).click();
      await lens.getByRole('button', { name: 'Run until a table is saved' }).click();
      await expect(page.getByText(/rw-1 has saved table \d+ of LogIndex/).first()).toBeVisible();
      await expect(
        lens.getByRole('table', { name: 'Tables in memory' }).getByRole('row', { name: / saved / }),
      ).not.toHaveCount(0);
    });

    await test.step('LI-54 a page is let go by its menu, and by the palette in both languages', async () => {
      await page.keyboard.press('5');
      const lens = page.getByRole('region', { name: 'Pages: past and future', exact: true });
      await lens.getByRole('radio', { name: 'One page' }).click();
      await lens.locator('[data-hover^="page "] text').first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Evict it from the buffer of ro-1', exact: true }).click();
      await expect.poll(() => tapeEnd(page).then(({ last }) => last)).toMatch(/^evictPage ro-1 \d+$/);
      for (const words of ['evict', '淘汰']) {
        const { taped } = await tapeEnd(page);
        await page.keyboard.press('Control+k');
        const palette = page.getByRole('dialog', { name: 'Commands' });
        await palette.getByRole('combobox').fill(words);
        await expect(palette.getByRole('option').first()).toHaveText(/^Evict it from the buffer of \S+: /);
        await page.keyboard.press('Enter');
        await expect(palette).toHaveCount(0);
        await expect.poll(() => tapeEnd(page).then((end) => end.taped)).toBe(taped + 1);
      }
    });

    await test.step('nothing on the map is serious to axe', async () => {
      expect(await seriousFindings(page, 'main')).toEqual([]);
    });
  },
);
