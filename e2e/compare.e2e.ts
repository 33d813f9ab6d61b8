// E36: clusters beside each other: opened by clicks, a fault chosen, three finished columns, and a figure followed to its event; by keys and
// by the palette; in both languages.
import { readFileSync, writeFileSync } from 'node:fs';
import { encodeTape } from '../src/lab/share.ts';
import { expect, test } from './support/lab-fixture.ts';
import { runState, waitForLive } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

test('E36 compare three: a fault, three columns, and the event behind a number', async ({ lab }) => {
  await watchPassing(lab.page());
  const page = await lab.goto('#/lab');
  await waitForLive(page);

  await test.step('the rail leads there, and a fault is chosen', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Compare' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Compare clusters' })).toBeVisible();
    const fault = page.getByRole('combobox', { name: 'Fault' });
    await fault.selectOption({ label: 'Slow one reader' });
    await expect(page.getByText('No such part here')).toHaveCount(1);
    await fault.selectOption({ label: 'Kill the writer' });
    await expect(page.getByText('No such part here')).toHaveCount(0);
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect(page.getByRole('progressbar', { name: 'cynosdb-ha runs' })).toBeVisible();
  });

  const table = page.getByRole('main', { name: 'Compare clusters' }).getByRole('table');
  await test.step('three columns, and nothing acknowledged is lost', async () => {
    await expect(page.getByRole('button', { name: 'Run again' })).toBeEnabled();
    await expect(table.getByRole('link', { name: /^RTO, (cynosdb-ha|postdb-v4|polardb): / })).toHaveCount(3);
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
    expect(csv[0]).toBe('Figure,cynosdb-ha,postdb-v4,polardb');
    expect(csv.find((line) => line.startsWith('RTO,'))).toMatch(/^RTO,.*ms.*ms.*ms/);
    expect((await save('Markdown')).toString()).toMatch(/^\| Figure \| cynosdb-ha \|.*\n\| --- \|/);
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
    await page.getByRole('dialog').getByRole('combobox').fill('compare clusters');
    await page.keyboard.press('Enter');
    await expect(table.getByRole('link', { name: /^RTO, / })).toHaveCount(3);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('中文');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: '对比集群' })).toBeVisible();
    await expect(page.getByRole('link', { name: /^RTO 恢复时间，/ })).toHaveCount(3);
  });
});

/** Five stores in two zones, a quorum of four. */
const twoZones = `cluster two-zones
architecture cynosdb
node d1 driver a
node meta-1 meta a
node rw-1 writer a
node store-1..5 store a,b
group store-1..5 write=4 read=2
boot 40.000
slowdown 1000
`;

test('PRE-9, E36 a saved cluster and the one that runs are columns, and a link carries them', async ({
  lab,
}) => {
  const page = await lab.goto(`#/cluster&c=${encodeTape(twoZones)}`);
  await waitForLive(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.evaluate(() => {
    location.hash = '#/compare';
  });
  const columns = page.getByRole('list', { name: 'Columns' });
  await expect(columns.getByRole('listitem')).toHaveCount(3);

  await test.step('one’s own, the cluster that runs, and a preset are added; others go', async () => {
    const add = page.getByRole('combobox', { name: 'Add a column' });
    await add.selectOption({ label: 'two-zones, yours' });
    await expect(columns.getByText('cynosdb.two-zones')).toBeVisible();
    await add.selectOption({ label: 'The cluster of this run' });
    await expect(columns.getByText('hook-hole')).toBeVisible();
    await add.selectOption({ label: 'cynosdb-6' });
    await expect(columns.getByRole('listitem')).toHaveCount(6);
    await expect(add).toBeDisabled();
    for (const column of ['cynosdb-ha', 'postdb-v4', 'polardb', 'cynosdb-6'])
      await columns.getByRole('button', { name: `Remove the column ${column}` }).click();
    await page.getByRole('combobox', { name: 'Fault' }).selectOption({ label: 'Slow one reader' });
    await expect(page.getByText('This cluster has no readers.')).toHaveCount(2);
    await page.getByRole('combobox', { name: 'Fault' }).selectOption({ label: 'Kill one storage replica' });
    await expect(page.getByText('One of the 5 stores of g1, store-5, loses its power.')).toBeVisible();
  });

  await test.step('the link has them in another visit, and they run', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await columns.getByRole('button', { name: 'Remove the column hook-hole' }).click();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(link).hash);
    await expect(columns.getByRole('listitem')).toHaveCount(2);
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect(page.getByRole('button', { name: 'Run again' })).toBeEnabled();
    const table = page.getByRole('main', { name: 'Compare clusters' }).getByRole('table');
    await expect(table.getByRole('row', { name: /^RPO/ }).getByText('0', { exact: true })).toHaveCount(2);
  });

  await test.step('a cluster that is none is refused at its field', async () => {
    const broken = encodeTape(twoZones.replace('write=4', 'write=2'));
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/compare&columns=polardb,${broken}`);
    await expect(page.getByRole('alert')).toContainText('column 2: line 7, group g1: 2 × 2 ≤ 5');
    await expect(columns.getByRole('listitem')).toHaveCount(2);
  });
});
