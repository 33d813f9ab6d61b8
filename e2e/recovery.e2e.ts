// A writer and two stores die at 1280 × 800: the strip and the recovery lens say in which step the recovery stands, for whom
// it waits and what ends it; the named way out ends it; the strip of seven steps is there whole, live and in review.
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, passTime, pause, runUntil, waitForLive } from './support/lab-page.ts';

test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

const steps = ['token', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'];

const step = (lens: Locator, name: string, state: string): Locator =>
  lens.locator(`li[data-step="${name}"][data-state="${state}"]`);

/** Nothing of the lens lies beyond its edges: it need not be scrolled. */
async function expectWhole(lens: Locator): Promise<void> {
  await expect(lens).toBeVisible();
  await expect
    .poll(() =>
      lens.evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [
        Math.max(0, scrollHeight - clientHeight),
        Math.max(0, scrollWidth - clientWidth),
      ]),
    )
    .toEqual([0, 0]);
}

test(
  'FENCE-56 WAL-58 WAL-63 a recovery that lacks a write quorum says its step, whom it waits for and the way out, which ends it; then seven steps, RTO and RPO',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await page.keyboard.press('9');
    const lens = page.getByRole('region', { name: 'Recovery & tokens', exact: true });
    const strip = page.getByRole('region', { name: 'What blocks progress now' });
    await expect(lens).toContainText('nothing had to be recovered');
    await expect(strip).toHaveCount(0);
    await test.step('while nobody recovers the volume, that is said with what ends it', async () => {
      for (const id of ['store-1', 'store-2', 'rw-1']) await act(page, `crash ${id}`);
      await passTime(page, 12_000);
      await expect(lens).toContainText('Nobody recovers v1');
      await expect(lens.getByRole('button', { name: 'restart rw-1', exact: true })).toBeVisible();
      await expect(strip).toContainText('reach no open writer of v1');
      await expectWhole(lens);
    });
    await test.step('its recovery stands in R1 and waits for store-1 and store-2', async () => {
      await act(page, 'restart rw-1');
      await passTime(page, 30_000);
      const running = step(lens, 'R1', 'running');
      await expect(running).toContainText(
        'waits for 2 of 3 replicas of every group; answers so far: store-3',
      );
      await expect(running).toContainText('store-1 and store-2 are down');
      await expect(strip).toContainText(
        'rw-1 cannot finish opening v1 (step R1): 1 of 2 answers: store-1 and store-2 are down',
      );
      await expect(lens.locator('li[data-state="open"]')).toHaveCount(6);
      await expect(lens.getByRole('status', { name: 'Acknowledged commits lost (RPO)' })).toHaveText('–');
      await expectWhole(lens);
    });
    await test.step('the named way out ends it: seven steps are done, with recovery time and recovery point', async () => {
      await lens.getByRole('button', { name: 'restart store-1', exact: true }).press('Enter');
      await runUntil(page, 'recovery.done at rw-1');
      await runUntil(page, 'commit.ack at rw-1');
      await expect(strip).toHaveCount(0);
      for (const name of steps) await expect(step(lens, name, 'done')).toHaveCount(1);
      await expect(lens.getByRole('status', { name: 'Acknowledged commits lost (RPO)' })).toHaveText('0');
      const outage = () => page.evaluate(() => window.lab.frame()?.outages[0]);
      // The run stands; the frame that shows its last instant may still be on its way.
      await expect.poll(async () => (await outage())?.firstCommitAt ?? null).not.toBeNull();
      const { from = 0, openedAt, firstCommitAt } = (await outage()) ?? {};
      const time = (at: number | null | undefined): string => `${(((at ?? 0) - from) / 1000).toFixed(1)} ms`;
      await expect(lens.getByRole('status', { name: 'Recovery time until open (RTO)' })).toHaveText(
        time(openedAt),
      );
      await expect(
        lens.getByRole('status', { name: 'Recovery time until the first commit (RTO)' }),
      ).toHaveText(time(firstCommitAt));
      // The calls that were open when it died have their answers, too.
      await passTime(page, 20_000);
      await expect(lens).toContainText('2 acknowledged');
      await expectWhole(lens);
    });
    await test.step('a step leads to its instant, where the lens says what was so then', async () => {
      await lens.getByRole('button', { name: 'Show the instant at which R5 began' }).press('Enter');
      await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('REVIEW');
      await expect(step(lens, 'R5', 'running')).toHaveCount(1);
      await expect(step(lens, 'R4', 'done')).toHaveCount(1);
      await expect(step(lens, 'R7', 'open')).toHaveCount(1);
      await page.evaluate(() => window.lab.returnToLive());
      await expect(step(lens, 'R7', 'done')).toHaveCount(1);
    });
    await test.step('its table is a file', async () => {
      await lens.getByRole('button', { name: 'Export' }).click();
      const download = page.waitForEvent('download');
      await page
        .getByRole('dialog', { name: 'Export' })
        .getByRole('button', { name: 'Table as CSV', exact: true })
        .click();
      const rows = readFileSync(await (await download).path(), 'utf8').split('\r\n');
      expect(rows[0]).toBe('part,what,"from, ms","took, ms",result');
      for (const name of steps) expect(rows.filter((row) => row.startsWith(`step,${name},`))).toHaveLength(1);
      expect(rows.find((row) => row.startsWith('RPO,'))).toMatch(/^RPO,,,,"?0 acked/);
    });
  },
);
