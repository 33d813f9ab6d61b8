// Architecture's first property: the same tape gives the same trace, states and disks in this process and in the
// browser's workers, with crashes, cuts, loss and a power cut on it.
import type { Page } from '@playwright/test';
import { deep, isDeep } from './support/deep.ts';
import { powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import { endDigest, exportTape, pause, setSpeed, startTape, waitForLive } from './support/lab-page.ts';
import { expectSame, sameRuns, tapeOf, withEnd } from './support/same-run.ts';

test.use({ storage: 'profile' });

async function reloadAndRunOn(page: Page): Promise<string> {
  await page.reload();
  await waitForLive(page);
  await setSpeed(page, 'max');
  const from = await page.evaluate(() => window.lab.run().liveTime);
  await expect.poll(() => page.evaluate(() => window.lab.run().liveTime)).toBeGreaterThan(from + 15_000);
  await pause(page);
  return exportTape(page);
}

for (const { preset, seed, untilMs, lines, isShort } of sameRuns)
  test(
    `${preset}, seed ${seed}: Node and the browser's workers come to the same hash, states and disks`,
    isShort ? {} : deep,
    async ({ lab }) => {
      const page = await lab.goto();
      await waitForLive(page);
      const tape = tapeOf(preset, seed, lines);
      await startTape(page, tape, untilMs * 1000);
      const first = await endDigest(page);
      expect(first.time).toBe(untilMs * 1000);
      expectSame(first, await replayHeadless(withEnd(tape, untilMs)));
      // Now with a power cut: the reload's, taken onto the tape where it happened.
      const cutTape = await reloadAndRunOn(page);
      const live = await endDigest(page);
      expect(powerCutsOf(cutTape)).toHaveLength(1);
      const headless = await replayHeadless(cutTape);
      expectSame(live, headless);
      if (isShort && !isDeep) return;
      await startTape(page, cutTape, live.time);
      expectSame(await endDigest(page), headless);
    },
  );
