// E36: three architectures beside each other: opened by clicks, a fault chosen, three finished columns, and a figure followed to its event; by keys and
// by the palette; in both languages.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './support/lab-fixture.ts';
import { runState, waitForLive } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

test('E36 compare three: a fault, three columns, and the event behind a number', async ({ lab }) => {
  await watchPassing(lab.page());
  const page = await lab.goto('#/lab');
  await waitForLive(page);

  await test.step('the rail leads there, and a fault is chosen', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Compare' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Compare three architectures' })).toBeVisible();
    const fault = page.getByRole('combobox', { name: 'Fault' });
    await fault.selectOption({ label: 'Slow one reader' });
    await expect(page.getByText('No such part here')).toHaveCount(1);
    await fault.selectOption({ label: 'Kill the writer' });
    await expect(page.getByText('No such part here')).toHaveCount(0);
    await page.getByRole('button', { name: 'Run all three' }).click();
    await expect(page.getByRole('progressbar', { name: 'cynosdb runs' })).toBeVisible();
  });

  const table = page.getByRole('main', { name: 'Compare three architectures' }).getByRole('table');
  await test.step('three columns, and nothing acknowledged is lost', async () => {
    await expect(page.getByRole('button', { name: 'Run again' })).toBeEnabled();
    await expect(table.getByRole('link', { name: /^RTO, (cynosdb|postdb-v4|polardb): / })).toHaveCount(3);
    const lost = table.getByRole('row', { name: /^RPO/ });
    await expect(lost.getByText('0', { exact: true })).toHaveCount(3);
    await expect(page.getByRole('region', { name: /commits before the fault/ })).toHaveCount(3);
  });

  await test.step('the table is taken away: as Markdown, as CSV, and as a picture for a slide', async () => {
    const files = page.getByRole('group', { name: 'Take the table away' });
    const save = async (kind: string): Promise<Buffer> => {
      const started = page.waitForEvent('download');
      await files.getByRole('button', { name: kind, exact: true }).click();
      return readFileSync(await (await started).path());
    };
    const csv = (await save('CSV')).toString().split('\r\n');
    expect(csv[0]).toBe('Figure,cynosdb,postdb-v4,polardb');
    expect(csv.find((line) => line.startsWith('RTO,'))).toMatch(/^RTO,.*ms.*ms.*ms/);
    expect((await save('Markdown')).toString()).toMatch(/^\| Figure \| cynosdb \|.*\n\| --- \|/);
    const png = await save('PNG 16:9');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 1080]);
    if (process.env.POSTDB_LAB_PICTURES !== undefined)
      writeFileSync(`${process.env.POSTDB_LAB_PICTURES}/compare.png`, png);
  });

  await test.step('a number leads to its event', async () => {
    const link = table.getByRole('link', { name: /^RTO, polardb: / });
    const name = (await link.getAttribute('aria-label')) ?? '';
    const event = Number(/event ([\d\s\u2009\u202f]+)$/.exec(name)?.[1]?.replace(/\D/g, ''));
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(runState(page)).toHaveText(/REPLAY/);
    await expectPassed(page, /^toast: .* of polardb\. “Back” of the browser leads to the table\./);
    const shown = await page.evaluate(() => window.lab.frame());
    expect(shown?.preset).toBe('polardb');
    expect(shown?.traced).toBeGreaterThan(event);
  });

  await test.step('the table is still there, by the palette as well, in Chinese too', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('compare three');
    await page.keyboard.press('Enter');
    await expect(table.getByRole('link', { name: /^RTO, / })).toHaveCount(3);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('中文');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: '对比三种架构' })).toBeVisible();
    await expect(page.getByRole('link', { name: /^RTO 恢复时间，/ })).toHaveCount(3);
  });
});
