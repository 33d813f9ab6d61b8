// Lenses 4.7, 4.10 and 4.11 on a running cluster: by their keys, with what they say held against the picture.

import { expect, test } from './support/lab-fixture.ts';
import { act, pause, runOn, setSpeed, waitForLive } from './support/lab-page.ts';

test('space-time: an event’s cones, the relation of two, a pattern', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await setSpeed(page, 'max');
  await runOn(page, 20_000);
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await runOn(page, 14_000);
  await pause(page);
  await page.keyboard.press('7');
  const lens = page.getByRole('region', { name: 'Space-time' });
  await lens.getByLabel('Time shown').selectOption('50');
  await lens.getByRole('button', { name: 'Show as a table' }).click();
  const table = lens.getByRole('table', { name: 'Space-time' });
  await table.getByRole('button', { name: 'commit.ack', exact: true }).last().click();
  await expect(lens.getByText(/Chosen: commit\.ack of rw-1/).first()).toBeVisible();
  await table
    .getByRole('button', { name: 'wal.durable', exact: true })
    .first()
    .click({ modifiers: ['Shift'] });
  await expect(
    lens.getByText(/wal\.durable .* happened before commit\.ack|are concurrent/).first(),
  ).toBeVisible();
  await lens.getByRole('textbox', { name: /^Pattern/ }).fill('hole.open then hole.closed same group');
  await expect(lens.getByText(/^found/)).not.toHaveText('found 0 times');
  await lens.getByRole('textbox', { name: /^Pattern/ }).fill('hole.open hole.closed');
  await expect(lens.getByRole('alert')).toContainText('At 11');
});

test('checks: counts grow, an idle rule is not green, operations are listed', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await setSpeed(page, 'max');
  await runOn(page, 30_000);
  await pause(page);
  await page.keyboard.press('0');
  const lens = page.getByRole('region', { name: 'History and checks' });
  const exercised = await page.evaluate(() => window.lab.frame()?.exercised ?? {});
  const row = lens.getByRole('row').filter({ hasText: 'wal.quorum-overlap' });
  await expect(row).toContainText('ok');
  expect(Number(exercised['wal.quorum-overlap'])).toBeGreaterThan(10);
  await expect(lens.getByRole('row').filter({ hasText: 'recovery.token-before-read' })).toContainText(
    /ok|not exercised/,
  );
  await lens.getByRole('tab', { name: 'Operations' }).click();
  await expect(lens.getByText(/\d+ operations of 2 clients/).first()).toBeVisible();
});

test('metrics: the table twin has the picture’s own numbers', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await setSpeed(page, 'max');
  await runOn(page, 30_000);
  await pause(page);
  await page.keyboard.press('-');
  const lens = page.getByRole('region', { name: 'Metrics', exact: true });
  await lens.getByRole('button', { name: 'Show as a table' }).click();
  const commits = await page.evaluate(() => window.lab.frame()?.metrics.commits ?? 0);
  expect(commits).toBeGreaterThan(3);
  await expect(lens.getByRole('table').getByRole('row').nth(1)).toBeVisible();
});
