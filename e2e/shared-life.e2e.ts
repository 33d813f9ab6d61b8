// A life of shared storage by clicks and keys (docs/spec/polarfs.md, logindex.md §6 to §8): a file block by block, a reader that is silent, blocks a
// store and loses its slot, a definition that waits for a reader, and a switchover.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  node,
  passTime,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

const rowsFrom = (first: number): string =>
  `insert into notes values ${Array.from({ length: 40 }, (_, i) => `(${first + i}, repeat('x', 300))`).join(', ')}`;

/** A lens by its key. */
async function openLens(page: Page, key: string): Promise<void> {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.keyboard.press(key);
}

/** Readers with a slot, where the cluster stands. */
async function slots(page: Page): Promise<string[]> {
  const { nodes } = await standingFrame(page);
  return nodes.flatMap(({ view }) =>
    (view?.roles ?? []).flatMap((role) =>
      role.role === 'compute' ? (role.shared?.slots ?? []).map(({ reader }) => reader as string) : [],
    ),
  );
}

test(
  'FS-4 LI-40 LI-63 FENCE-33 a file block by block, a silent reader that is dropped, a switchover: by clicks and keys',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'polardb');
    await passTime(page, 60_000);
    await query(page, 'create table notes (id int primary key, v text)');
    await query(page, rowsFrom(1));
    await passTime(page, 300_000);

    await test.step('FS-4 FS-22 a file by the arrow keys, its chain of blocks, and its bytes in the shell', async () => {
      await openLens(page, '3');
      const lens = page.getByRole('region', { name: 'Shared disk', exact: true });
      const file = lens.getByRole('slider', { name: 'File' });
      // The first picture of the lens may have no file yet: a key that comes before them chooses none.
      await expect(file).not.toHaveAttribute('aria-valuemax', '1');
      await file.focus();
      await page.keyboard.press('Home');
      await expect(file).toHaveAttribute('aria-valuetext', /^\//);
      const most = Number(await file.getAttribute('aria-valuemax'));
      let found = '';
      for (let i = 0; i < most && found === ''; i++) {
        const text = (await file.getAttribute('aria-valuetext')) ?? '';
        if (/^\/base\/\d+\.0: \d+:\d+ › \d+:\d+/.test(text)) found = text.split(':')[0] ?? '';
        else {
          await page.keyboard.press('ArrowDown');
          await expect(file).not.toHaveAttribute('aria-valuetext', text);
        }
      }
      expect(found).toMatch(/^\/base\//);
      await lens.getByRole('radio', { name: 'File shell' }).click();
      const line = lens.getByRole('textbox', { name: /^Command on/ });
      for (const [text, answer] of [
        [`fmap ${found}`, 'block 1: blktag'],
        [`cat ${found}`, '000000  '],
      ] as const) {
        await line.fill(text);
        await line.press('Enter');
        await expect(lens.getByRole('log')).toContainText(answer);
      }
    });

    await test.step('LI-40 LI-63 a reader that reports nothing blocks stores, and its slot goes with its lease', async () => {
      expect(await slots(page)).toContain('ro-1');
      await chooseFromMenu(page, node(page, 'ro-1'), 'Silence it until its lease is over (200 ms)');
      await query(page, 'update notes set v = null where id < 5');
      await openLens(page, '5');
      const lens = page.getByRole('region', { name: 'Pages: past and future', exact: true });
      await lens.getByRole('radio', { name: 'Flush list' }).click();
      await expect(lens.getByRole('table', { name: 'Flush list, by oldestLsn' })).toContainText(
        /blocked: [\d\s]+ > [\d\s]+.*ro-1/,
      );
      await passTime(page, 60_000);
      expect(await slots(page)).not.toContain('ro-1');
      await passTime(page, 100_000);
      await expect(lens.getByRole('table', { name: 'Flush list, by oldestLsn' })).not.toContainText('ro-1');
    });

    await test.step('FENCE-33 LI-70 a reader is made the writer by its menu, and every row is there', async () => {
      await passTime(page, 200_000);
      await chooseFromMenu(page, node(page, 'ro-2'), 'Switch the writer over to it');
      await passTime(page, 300_000);
      await expect(node(page, 'ro-2')).toHaveAccessibleName(/writer, up/);
      await expect(node(page, 'rw-1')).toHaveAccessibleName(/reader, up/);
      expect(await query(page, 'select count(*) from notes')).toEqual([['40']]);
      await act(page, 'crash rw-1 for 5.000 ms');
      expect((await standingFrame(page)).violations).toEqual([]);
    });
  },
);
