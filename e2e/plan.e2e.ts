// The SQL console's tools and the lens of plans: a sample dataset is loaded by a click, completed by name, explained with its
// operators in the lens, ordered, copied and recalled.
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { pause, runInConsole, waitForLive } from './support/lab-page.ts';

const SIZES = [
  [1280, 800],
  [320, 800],
  [1920, 1080],
] as const;

test(
  'issue 18 a dataset is loaded with its bar, completed, explained in the lens, ordered, copied and recalled',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.getByRole('tab', { name: 'SQL' }).click();
    const editor = page.getByRole('textbox', { name: 'SQL statement' });
    const line = page.getByRole('region', { name: 'Load of a dataset' });
    await test.step('a dataset is loaded, and says what it has made', async () => {
      await page.getByRole('button', { name: 'Datasets' }).click();
      await page.getByRole('menuitem', { name: 'Bank: 905 rows' }).click();
      await expect(line.getByRole('progressbar')).toBeVisible();
      await expect(line).toContainText('Bank is loaded: 905 rows in bank_branch, bank_customer');
      await page.getByRole('button', { name: 'Datasets' }).click();
      await page.getByRole('menuitem', { name: 'Bank: 905 rows' }).click();
      await expect(line.getByRole('alert')).toContainText(
        /ended after 0 of \d+ requests: 42P07 .*bank_branch/,
      );
      await line.getByRole('button', { name: 'Close this line' }).click();
      await expect(line).toHaveCount(0);
    });
    await test.step('the editor completes a table and its column', async () => {
      await editor.fill('select * from bank_tr');
      const option = page.getByRole('option', { name: 'bank_transfer' });
      // The tables come with the first picture after the editor has the focus.
      await expect(async () => {
        await editor.press('Control+Space');
        await expect(option).toBeVisible({ timeout: 2000 });
      }).toPass();
      // By pointer: a key within 75 ms of the list's opening is taken for one that was typed before it.
      await option.click();
      await expect(editor).toContainText('select * from bank_transfer');
    });
    await test.step('rows are ordered by a head, twice, and copied as they stand', async () => {
      const answer = await runInConsole(page, 'select id, city from bank_branch');
      const first = answer.getByRole('row').nth(1);
      const head = answer.getByRole('columnheader', { name: 'city' });
      await head.getByRole('button').click();
      await expect(head).toHaveAttribute('aria-sort', 'ascending');
      await expect(first).toContainText('Bergen');
      await head.getByRole('button').click();
      await expect(first).toContainText('Porto');
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        answer.getByRole('button', { name: 'CSV' }).click(),
      ]);
      expect(file.suggestedFilename()).toBe('result.csv');
    });
    await test.step('a statement is explained, and its operators and their pages are in the lens', async () => {
      await editor.fill(
        'select c.name, sum(t.amount) from bank_transfer t join bank_account a on a.id = t.source join bank_customer c on c.id = a.customer where t.id < 20 group by c.name',
      );
      await page.getByRole('button', { name: 'Plan' }).click();
      const lens = page.getByRole('region', { name: 'B+tree and plan', exact: true });
      const plan = lens.getByRole('img', { name: 'Operators of the statement' });
      await expect(plan).toBeVisible();
      await expect(lens).toContainText(/It took .*Read point \d+\./);
      await plan.focus();
      await page.keyboard.press('End');
      await expect(lens.getByRole('region', { name: /^Pages that .* looked at$/ })).toBeVisible();
      await pause(page);
      await lens.getByRole('button', { name: 'Table' }).click();
      const table = lens.getByRole('table', { name: 'Operators of the statement' });
      await expect(table.getByRole('row', { name: /HashAggregate/ })).toBeVisible();
      await lens.getByRole('button', { name: 'Table' }).click();
      expect(await seriousFindings(page)).toEqual([]);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: `test-results/plan-${width}.png` });
      }
    });
    await test.step('what was run is recalled, what was being written comes back', async () => {
      await editor.fill('select 1 as unsent');
      await editor.press('Alt+ArrowUp');
      await expect(editor).toContainText('explain analyze select c.name');
      await editor.press('Alt+ArrowDown');
      await expect(editor).toContainText('select 1 as unsent');
    });
  },
);
