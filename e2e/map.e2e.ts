// The map as a tool: the canvas part of E39, what folds, lights and filters.
import { readFileSync } from 'node:fs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, leaveByEscape, node, pause, stepUntilFlight, waitForLive } from './support/lab-page.ts';

test(
  'E39 the map: frames fold, what is selected is lit everywhere, and it is saved as PNG and as SVG',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await test.step('a frame folds to a card with totals, by key and by pointer; a node is shown with its neighbours alone', async () => {
      const map = page.getByRole('main');
      await map.getByRole('button', { name: 'AZ a: 4 nodes' }).focus();
      await page.keyboard.press('-');
      const folded = map.getByRole('group', { name: /^AZ a: 4 nodes, folded up, 4\/4 up/ });
      await expect(folded).toBeVisible();
      await expect(node(page, 'rw-1')).toHaveCount(0);
      await folded.dblclick();
      await expect(node(page, 'rw-1')).toBeVisible();
      await node(page, 'store-2').dblclick();
      await expect(node(page, 'd1')).toHaveCount(0);
      await expect(node(page, 'store-3')).toBeVisible();
      await map.getByRole('button', { name: 'Show everything' }).first().click();
      await expect(node(page, 'd1')).toBeVisible();
      // By key: what is selected is let go first, then the neighbourhood.
      await node(page, 'store-2').dblclick();
      await expect(node(page, 'd1')).toHaveCount(0);
      await page.keyboard.press('Escape');
      await expect(node(page, 'store-2')).toHaveAttribute('data-selected', 'false');
      await expect(node(page, 'd1')).toHaveCount(0);
      await page.keyboard.press('Escape');
      await expect(node(page, 'd1')).toBeVisible();
    });
    await test.step('the menu of a node in the middle of the window is there whole', async () => {
      await node(page, 'store-1').click({ button: 'right' });
      const menu = page.getByRole('menu', { name: 'store-1' });
      await expect(menu.getByRole('menuitem', { name: 'Inspect' })).toBeInViewport({ ratio: 1 });
      expect(await menu.evaluate((one) => one.scrollHeight <= one.clientHeight)).toBe(true);
      await leaveByEscape(page, menu);
    });
    await test.step('as store-3 knows them the cards have a name and a number, each by itself', async () => {
      await node(page, 'store-3').focus();
      await page.keyboard.press('o');
      await expect(page.getByRole('status', { name: 'NCL g2 of store-1 as store-3 knows it' })).toBeVisible();
      await expect(node(page, 'store-1').getByText('store-1', { exact: true })).toBeVisible();
      await page.keyboard.press('o');
      await expect(page.getByRole('status', { name: /as store-3 knows it$/ })).toHaveCount(0);
    });
    await test.step('what is selected anywhere is lit everywhere, and Back returns to it; the legend filters', async () => {
      await node(page, 'rw-1').click();
      await page.getByRole('tab', { name: /^In flight/ }).click();
      await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-2' });
      const list = page.getByRole('list', { name: 'In flight' });
      await list
        .getByRole('button', { name: /^W .* rw-1 to store-2$/ })
        .first()
        .click();
      await expect(node(page, 'store-2')).not.toHaveClass(/dim/);
      await expect(node(page, 'd1')).toHaveClass(/dim/);
      await page.getByRole('tab', { name: 'Inspector' }).click();
      await page.getByRole('button', { name: 'Back to rw-1' }).click();
      await expect(node(page, 'd1')).not.toHaveClass(/dim/);
      await expect(page.getByRole('complementary').getByRole('heading', { name: 'rw-1' })).toBeVisible();
      await page.getByRole('button', { name: 'Legend' }).click();
      await page.getByRole('button', { name: /^WAL append: / }).click();
      await expect(list.getByRole('listitem', { name: /^W / })).toHaveCount(0);
      await page.getByRole('button', { name: 'Show all messages' }).click();
      await expect(list.getByRole('listitem', { name: /^W / }).first()).toBeVisible();
    });
    await test.step('PNG and SVG have the legend and the run they show', async () => {
      await act(page, 'cut rw-1 | store-3');
      const save = async (entry: string) => {
        await page.getByRole('button', { name: 'More of the map' }).click();
        const started = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: entry, exact: true }).click();
        const file = await started;
        return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
      };
      const png = await save('PNG, 2 times');
      expect(png.name).toMatch(/^hook-hole-7-.*map@2x\.png$/);
      expect(png.bytes.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
      expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(2000);
      const svg = await save('SVG');
      const text = svg.bytes.toString();
      expect(svg.name).toMatch(/map\.svg$/);
      for (const words of ['store-3', 'WAL append', 'seed 7', 'AZ b', '>cut<']) expect(text).toContain(words);
      // It stands alone: no variable, class or address of the page.
      expect(text).not.toMatch(/var\(--|class=|url\(http/);
      const parts = await page.evaluate((source) => {
        const read = new DOMParser().parseFromString(source, 'image/svg+xml');
        return {
          error: read.querySelector('parsererror')?.textContent ?? null,
          root: read.documentElement.localName,
        };
      }, text);
      expect(parts).toEqual({ error: null, root: 'svg' });
    });
  },
);
