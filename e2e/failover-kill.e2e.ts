// SIGKILL of the browser in a promotion, five times, each later in it (docs/spec/failover.md §6, "all nodes at any step"): afterwards one
// writer is open, every acknowledged row is there, and the exported tape ends with the same disks without a browser.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  pause,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

/** Virtual µs from the writer's death, from the decision on; the demo profile gives a writer up after 30 ms. */
const KILLED_AT = [31_000, 33_000, 35_000, 37_000, 40_000] as const;
const SETTLED_US = 200_000;

async function runOn(page: Page, us: number): Promise<void> {
  const to = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + us / 1000;
  const done = await page.evaluate((text) => window.lab.runUntil(text), `time >= ${to}`);
  expect(done.ok).toBe(true);
}

/** Nodes whose attachment is open as the writer, where the cluster stands. */
async function writers(page: Page): Promise<string[]> {
  const { nodes } = await standingFrame(page);
  return nodes.flatMap(({ id, status, view }) =>
    status === 'up' &&
    (view?.roles ?? []).some((role) => role.role === 'compute' && role.mode === 'rw' && role.state === 'open')
      ? [id as string]
      : [],
  );
}

test.use({ storage: 'profile', browserOptions: { viewport: { width: 1280, height: 800 } } });

test(
  'FENCE-24 FENCE-29 SIGKILL in a promotion, five times: one writer, every acknowledged row, the same disks headless',
  deep,
  async ({ lab }) => {
    let page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'cynosdb-ha');
    await runOn(page, 60_000);
    await query(page, 'create table notes(id int primary key)');
    let inPromotion = 0;
    for (const [i, atUs] of KILLED_AT.entries()) {
      await query(page, `insert into notes values (${i})`);
      const [writer] = await writers(page);
      expect(writer).toBeDefined();
      await act(page, `crash ${writer}`);
      await runOn(page, atUs);
      if ((await writers(page)).length === 0) inPromotion++;
      await lab.kill();
      page = await lab.reopen();
      await lab.goto();
      await waitForLive(page);
      await pause(page);
      await act(page, `restart ${writer}`);
      await runOn(page, SETTLED_US);
      expect(await writers(page)).toHaveLength(1);
      const rows = await query(page, 'select id from notes order by id');
      expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: i + 1 }, (_, n) => n));
      expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
    }
    expect(inPromotion).toBeGreaterThanOrEqual(3);
    const tape = await exportTape(page);
    const hosted = await endDigest(page);
    expect(powerCutsOf(tape)).toHaveLength(KILLED_AT.length);
    const headless = await replayHeadless(tape);
    expect(headless.divergences).toEqual([]);
    expect(headless.nodes).toEqual(hosted.nodes);
  },
);
