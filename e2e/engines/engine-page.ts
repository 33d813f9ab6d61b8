// How a journey in any engine speaks with the lab: what support/lab-page.ts says to a page of Playwright's, by the verbs.
import { expect } from '@playwright/test';
import type { EnginePage } from './engine.ts';
import type { Target } from './find-in-page.ts';

const runState = { role: 'status', name: 'run state' } as const satisfies Target;

export const waitForState = (page: EnginePage, state: RegExp): Promise<void> => page.reads(runState, state);

/** Live, on the disks of the browser: a run in memory looks the same until it is gone. */
export async function waitForLive(page: EnginePage): Promise<void> {
  await waitForState(page, /^LIVE$/);
  expect(await page.evaluate(() => window.lab.run().memoryOnly), 'disks are in memory only').toBe(false);
}

export const node = (id: string, state: string): Target => ({
  role: 'group',
  name: new RegExp(`^${id}, (.*, )?${state}\\b`),
});

/** Stops the cluster; resolves when it stands and its picture is there. */
export async function pause(page: EnginePage): Promise<void> {
  await page.evaluate(() => window.lab.pause());
  await waitForState(page, /^PAUSED$/);
  await expect
    .poll(() =>
      page.evaluate(
        () => window.lab.run().mode === 'PAUSED' && window.lab.frame()?.time === window.lab.run().liveTime,
      ),
    )
    .toBe(true);
}

/** Types into the palette until this is the first that it offers, and takes it. */
export async function command(page: EnginePage, text: string, offered: RegExp): Promise<void> {
  await page.key('Control', 'k');
  const palette = { role: 'dialog', name: 'Commands' } as const;
  await page.fill({ role: 'combobox', within: palette }, text);
  await expect
    .poll(async () => (await page.all({ role: 'option', within: palette }))[0]?.text ?? '')
    .toMatch(offered);
  await page.key('Enter');
  await page.count(palette, 0);
}

/** By its keys; resolves when the run before the newest action is on, as the picture shows. */
export async function undo(page: EnginePage): Promise<void> {
  const { runId } = await page.evaluate(() => window.lab.run());
  await page.key('Control', 'z');
  await expect.poll(() => page.evaluate(() => window.lab.run().runId)).not.toBe(runId);
}

/** A run that was stored opens from its disks, as after a power cut. */
export async function waitForRecovery(page: EnginePage): Promise<void> {
  await waitForLive(page);
  await page.count({ role: 'status', name: /^Recovered after a power cut/ }, 1);
}
