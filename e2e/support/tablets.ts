// Words of journeys over the tablets of `postdb-v4`: its table of accounts, its placement lens, and a range that gets hot.
import type { Locator, Page } from '@playwright/test';
import { powerCutsOf, replayHeadless } from './headless.ts';
import { expect } from './lab-fixture.ts';
import { endDigest, exportTape, passTime, query, standingFrame, standOn, waitForLive } from './lab-page.ts';

/** Clients that ask for the first rows of the first tablet only. */
export const HEAT =
  'workload d1 hot kind=tablet-transfer clients=6 rows=100 thinkUs=1000 ratePerSecond=0 readPercent=25 hotPercent=100 valueBytes=0 load=false';

export const lensOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Shard placement', exact: true });
export const rowOf = (page: Page, group: string): Locator =>
  lensOf(page).getByRole('table', { name: 'Groups by node' }).getByRole('row', { name: group, exact: true });

export const accounts = (page: Page): Promise<readonly (readonly (string | null)[])[]> =>
  query(page, 'select count(*), sum(balance) from accounts');
export const WHOLE = [['100', '100000']];

/** A cluster of the preset that has its rows and stands, with the lens beside the map. */
export async function standOnTablets(page: Page): Promise<void> {
  await waitForLive(page);
  await standOn(page, 'postdb-v4');
  await page.keyboard.press('3');
  await expect(lensOf(page)).toBeVisible();
  await passTime(page, 150_000);
}

/** No row is lost, no rule broken, and the tape ends with the same disks without a browser. */
export async function expectWhole(page: Page): Promise<void> {
  expect(await accounts(page)).toEqual(WHOLE);
  expect((await standingFrame(page)).violations).toEqual([]);
  const tape = await exportTape(page);
  const hosted = await endDigest(page);
  expect(powerCutsOf(tape)).toEqual([]);
  const headless = await replayHeadless(tape);
  expect(headless.divergences).toEqual([]);
  expect(headless.nodes).toEqual(hosted.nodes);
}
