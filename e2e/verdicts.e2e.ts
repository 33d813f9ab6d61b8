// E38, E44: a link that leads to a violation, and a tape whose replay is not what was recorded.
import type { Page } from '@playwright/test';
import { encodeTape } from '../src/lab/share.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { exportTape, pause, runState, waitForLive } from './support/lab-page.ts';

const violationsShown = (page: Page): Promise<number> =>
  page.evaluate(() => window.lab.frame()?.violations.length ?? 0);

const failing = `postdb-tape 1
engine 0.1.0
preset hook-hole
profile demo
seed 7
broken writer.ack-at-vw-minus-one

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true
50.000 cut rw-1 | store-2 store-3
`;

test(
  'E38 a link to a violation stands shortly before it, with the alert, the lens and the step at hand',
  deep,
  async ({ lab }) => {
    const page = await lab.goto(`#/lab&r=${encodeTape(failing)}&at=violation`);
    await expect(runState(page)).toHaveText(/REPLAY/);
    const alert = page.getByRole('alert').filter({ hasText: 'Rule violated' });
    await expect(alert).toContainText('wal.');
    await expect(page.getByRole('button', { name: 'Step', exact: true })).toBeFocused();
    await expect(page.getByRole('region', { name: 'WAL & holes' })).toBeVisible();
    expect(await page.evaluate(() => window.lab.run().playing)).toBe(false);
    expect(await violationsShown(page)).toBe(0);
    await expect
      .poll(async () => {
        await page.keyboard.press('Enter');
        return violationsShown(page);
      })
      .toBeGreaterThan(0);
    await test.step('Go to it: the event and its node are selected, and the run stands where the flag is', async () => {
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      await alert.getByRole('button', { name: 'Go to it' }).click();
      await expect(page.locator('svg [data-violation]').first()).toBeVisible();
      // The flag is known before the run stands there.
      await expect.poll(() => violationsShown(page)).toBeGreaterThan(0);
      const violation = await page.evaluate(() => window.lab.frame()?.violations[0]);
      await expect(page.locator(`[data-map-node="${violation?.node}"]`).first()).toHaveAttribute(
        'data-selected',
        'true',
      );
      await page.getByRole('tab', { name: 'Events' }).click();
      await expect(page.getByRole('log', { name: 'Events' }).locator('[aria-current="true"]')).toBeVisible();
    });
    await alert.getByRole('button', { name: 'Explain' }).click();
    await expect(page.getByRole('dialog')).toContainText('docs/spec/wal.md');
  },
);

test(
  'E44 a tape with another end hash: the banner names the event, both hashes and the engines',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    const tape = await exportTape(page);
    const altered = tape.replace(
      /^(end \S+ )([0-9a-f]{4})/m,
      (_line, end: string, digits: string) => `${end}${digits === '0000' ? '1111' : '0000'}`,
    );
    expect(altered).not.toBe(tape);
    const other = await lab.newTab(`#/lab&r=${encodeTape(altered)}`);
    await other.waitForFunction(() => 'lab' in window);
    await other.evaluate(() => window.lab.setSpeed('max'));
    const banner = other.getByRole('alert').filter({ hasText: 'The replay differs' });
    await expect(banner).toContainText(/end hash [0-9a-f]{16}, the tape says 0000[0-9a-f]{12}/);
    await expect(banner).toContainText(/First differing event: no later than [\d\u2009]+, \S+ at \S+/);
    await expect(banner).toContainText(/Recorded with engine \S+, replayed with/);
  },
);
