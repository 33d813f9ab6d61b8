// E18: a what-if twin goes its own way from a moment of the past; the run it was forked from stays as it is.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  leaveByEscape,
  node,
  pause,
  runState,
  setSpeed,
  virtualTime,
  waitForLive,
} from './support/lab-page.ts';

test(
  'E18 back, fork, crash the writer: both branches, the first difference by name, main unchanged',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lab');
    await waitForLive(page);
    await pause(page);
    const main = await endDigest(page);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect(runState(page)).toHaveText(/^REVIEW −/);
    // The state says so while the past is loaded: a fork would come before the step back.
    await expect.poll(() => virtualTime(page)).toBeLessThan(main.time);
    await page.keyboard.press('f');
    await expect(runState(page)).toHaveText('TWIN · in memory');
    await act(page, 'crash rw-1');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, down/);
    await page.getByRole('button', { name: 'Step', exact: true }).click();

    const branches = page.getByRole('region', { name: 'Branches' });
    await expect(branches.getByRole('button', { name: 'Show main' })).toBeVisible();
    await expect(branches.getByRole('button', { name: 'Show Twin 1' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    const difference = branches.getByRole('status', { name: 'First difference' });
    await expect(difference).toHaveText(/^\d+\.\d{3} rw-1 is down\./);
    await expect(difference.getByRole('button')).toHaveAttribute('title', /^rw-1 node\.down/m);

    // The card says so too, as a sign; `D` takes the signs away.
    await expect(node(page, 'rw-1').locator('[data-diff]')).toHaveText('-');
    await page.keyboard.press('d');
    await expect(node(page, 'rw-1').locator('[data-diff]')).toHaveCount(0);
    await page.keyboard.press('d');

    // What is shared is what is seen: the twin's tape, which comes to the twin's hash.
    const twin = await endDigest(page);
    const tape = await exportTape(page);
    expect(tape).toMatch(/^\S+ crash rw-1$/m);
    expect(tape).toContain(twin.hash);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const share = page.getByRole('dialog', { name: 'Share this run' });
    await expect(share).toContainText(/What you see is shared: Twin 1, forked from main at /);
    await expect(share).toContainText(twin.hash);
    const link = await share.getByRole('textbox', { name: /^Link/ }).inputValue();
    await leaveByEscape(page, share);
    const reader = await lab.newTab();
    await reader.goto(link);
    await expect(reader.getByRole('status', { name: 'run state' })).toHaveText('REPLAY');
    await setSpeed(reader, 'max');
    await expect.poll(() => endDigest(reader)).toMatchObject({ hash: twin.hash });
    await reader.close();

    // Side by side: the same node here and there.
    await branches.getByRole('button', { name: 'Side by side' }).click();
    await expect(
      page
        .getByRole('complementary', { name: 'Side by side' })
        .getByRole('row', { name: /^rw-1 status down/ }),
    ).toContainText('up');

    // The other branch's map is a canvas like the first: its own state, one selection, a view of its own, no menu.
    const other = page.getByRole('group', { name: /^Map of main at / });
    const there = other.getByRole('group', { name: /^rw-1, / });
    await expect(there).toHaveAccessibleName(/, up/);
    await expect(there.locator('[data-diff]').first()).toHaveText('+');
    await there.focus();
    await page.keyboard.press('Enter');
    await expect(there).toHaveAttribute('data-selected', 'true');
    await expect(node(page, 'rw-1')).toHaveAttribute('data-selected', 'true');
    await page.keyboard.press('m');
    await page.keyboard.press('r');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, down/);
    await page.keyboard.press('ArrowLeft');
    await expect(other.locator('[data-map-node]:focus')).toHaveCount(1);
    const pane = page.getByRole('complementary', { name: 'Side by side' });
    const zoom = pane.getByText(/^[0-9]+ %$/);
    const before = await zoom.textContent();
    await pane.getByRole('button', { name: 'Zoom in' }).click();
    await expect(zoom).not.toHaveText(before ?? '');
    await pane.getByRole('button', { name: 'Show everything' }).click();
    await expect(zoom).toHaveText(before ?? '');
    await branches.getByRole('button', { name: 'Side by side' }).click();

    await page.getByRole('button', { name: 'Return to live' }).click();
    await expect(runState(page)).toHaveText('PAUSED');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up/);
    const after = await endDigest(page);
    expect(after.hash).toBe(main.hash);
    expect(after.time).toBe(main.time);

    await test.step('a twin that is made live is the cluster from then on, on disks of its own, and survives a reload', () =>
      makeTwinLive(page));

    // Another run has nothing to do with this one's twins.
    await pause(page);
    await page.keyboard.press('f');
    await expect(runState(page)).toHaveText('TWIN · in memory');
    await expect(branches.getByRole('button', { name: 'Show main' })).toBeVisible();
    await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb', seed: 8 }));
    await expect(branches).toHaveCount(0);
  },
);

async function makeTwinLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fork', exact: true }).click();
  await expect(runState(page)).toHaveText('TWIN · in memory');
  await act(page, 'crash store-2');
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down/);
  const twin = await page.evaluate(() => window.lab.endDigest());
  await page.getByRole('button', { name: 'Make live' }).click();
  await expect(runState(page)).toHaveText('PAUSED');
  expect((await endDigest(page)).hash).toBe(twin.hash);
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down/);
  await act(page, 'restart store-2');
  await page.reload();
  await waitForLive(page);
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, up/);
  const { runs } = await page.evaluate(() => window.lab.runs());
  expect(runs.map(({ origin, isOn }) => [origin.kind, isOn])).toEqual([
    ['start', false],
    ['twin', true],
  ]);
}
