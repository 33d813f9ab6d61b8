// E62: the lab measures itself in a window of its own: figures come one by one, the person's cluster stands and stays, and a window that is closed
// leaves nothing behind. In `npm run deep` all that is measured.
import { deep, isDeep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { waitForLive } from './support/lab-page.ts';

test.use({ storage: 'profile' });

test('E62 speed: measured in a window of its own, as bars and as a text', deep, async ({ lab }) => {
  const page = await lab.goto('#/lab');
  await waitForLive(page);
  const { runId } = await page.evaluate(() => window.lab.run());
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Speed in this browser' }).click();
  const main = page.getByRole('main', { name: 'Speed in this browser' });
  const opened = page.context().waitForEvent('page');
  await main.getByRole('button', { name: 'Measure', exact: true }).click();
  const measured = await opened;
  const row = (name: string) => main.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('Open the lab')).toContainText(/\d ms/);
  await expect(row('Undo a crash')).toContainText(/\d ms the slowest/);
  if (isDeep) {
    for (const name of ['Choose “Sharded”', 'Choose “Shared disk”'])
      await expect(row(name)).toContainText(/\d ms/);
    for (const name of ['Durable commits, 64', 'Durable commits, 256'])
      await expect(row(name)).toContainText('× PGlite');
    await expect(row('Frames a second')).toContainText('a second 95 of 100');
  } else await main.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(main.getByRole('button', { name: 'Measure again' })).toBeVisible();
  await expect(main.getByRole('status')).toHaveText(isDeep ? '' : /^Stopped/);
  expect(measured.isClosed()).toBe(true);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await main.getByRole('button', { name: 'Copy as text' }).click();
  await expect(main.getByRole('button', { name: 'Copied' })).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^PostDB Lab, engine .* cores; Mozilla/);
  expect(text).toMatch(/^Undo a crash: [\d.\s]+ ms \(/m);
  if (!isDeep) expect(text).toMatch(/^Durable commits, 64 clients: –$/m);

  const left = () =>
    page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => !name?.includes('/main/')));
  await expect.poll(left).toEqual([]);
  await main.getByRole('button', { name: 'Back to the lab' }).click();
  expect(await page.evaluate(() => window.lab.run())).toMatchObject({ runId, mode: 'LIVE' });
});
