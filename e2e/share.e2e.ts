// E13 to E15: a run is shared as a link and replayed elsewhere, one whose tape is too long for a link as a file; a link that
// cannot be opened says why.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { encodeTape } from '../src/lab/share.ts';
import { freshTape } from '../src/sim/run-setup.ts';
import { printTape } from '../src/sim/tape-print.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  leaveByEscape,
  pause,
  runState,
  setSpeed,
  waitForLive,
} from './support/lab-page.ts';

test('E13 a shared link replays the same run in another browser context', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await setSpeed(page, 'max');
  await expect.poll(() => page.evaluate(() => window.lab.run().liveTime)).toBeGreaterThan(70_000);
  await pause(page);
  const { hash } = await endDigest(page);
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  await expect(dialog.getByText(hash, { exact: true })).toBeVisible();
  const url = await dialog.getByRole('textbox', { name: /^Link/ }).inputValue();

  const elsewhere = await lab.browser().context.browser()?.newContext();
  if (elsewhere === undefined) throw new Error('the browser makes no context');
  const guest = await elsewhere.newPage();
  await guest.goto(url);
  await expect(runState(guest)).toHaveText('REPLAY');
  await setSpeed(guest, 'max');
  await expect(guest.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 60_000 });
  await guest.getByRole('tab', { name: 'Events' }).click();
  for (const name of ['events in all', 'virtual time']) {
    const shown = (on: Page): Promise<string | null> => on.getByRole('status', { name }).textContent();
    await expect.poll(async () => (await shown(guest)) === (await shown(page)), name).toBe(true);
  }
  expect((await endDigest(guest)).hash).toBe(hash);
  await guest.getByRole('button', { name: 'Share' }).click();
  await expect(
    guest.getByRole('dialog', { name: 'Share this run' }).getByText(hash, { exact: true }),
  ).toBeVisible();
  await expect(guest.getByRole('alert')).toHaveCount(0);
  await elsewhere.close();
});

const tape = (): string => {
  const fresh = freshTape('cynosdb', 7);
  if ('error' in fresh) throw new Error(fresh.error);
  return printTape(fresh);
};

const badLinks: readonly {
  readonly what: string;
  readonly link: string;
  readonly reason: RegExp;
  readonly readable: RegExp | null;
}[] = [
  {
    what: 'a newer format',
    link: '2.AAAA',
    reason: /the link has format 2; this lab reads format 1/,
    readable: null,
  },
  {
    what: 'cut off',
    link: encodeTape(tape()).slice(0, -20),
    reason: /the link is (cut off|damaged)/,
    readable: null,
  },
  { what: 'no link at all', link: '1.%%%', reason: /not base64url/, readable: null },
  {
    what: 'a newer tape',
    link: encodeTape(tape().replace('postdb-tape 1', 'postdb-tape 9')),
    reason: /line 1: tape version 9 is not known here/,
    readable: /postdb-tape 9[\s\S]*preset cynosdb/,
  },
  {
    what: 'an unknown action',
    link: encodeTape(`${tape()}5.000 explode store-1\n`),
    reason: /line \d+: .*explode/,
    readable: /explode store-1/,
  },
];

test('E14, E15 a link that cannot be opened says why, and shows of its tape what can be read; a long run is shared as a file', async ({
  lab,
}) => {
  const page = lab.page();
  for (const { what, link, reason, readable } of badLinks)
    await test.step(what, async () => {
      // A new fragment alone would not load the page anew.
      await page.goto('about:blank');
      await lab.goto(`#/lab&r=${link}`);
      await expect(page.getByRole('heading', { name: 'This link cannot be opened' })).toBeVisible();
      await expect(page.getByText(reason)).toBeVisible();
      await expect(page.getByRole('button', { name: 'Download tape' })).toHaveCount(
        readable === null ? 0 : 1,
      );
      if (readable !== null) await expect(page.locator('pre')).toHaveText(readable);
    });
  await page.getByRole('button', { name: 'Open the lab' }).click();
  await waitForLive(page);
  await test.step('E14 a long run offers its tape as a file; opened again it has the same end', () =>
    shareAsFile(page));
});

/** Lines enough that even deflated they are more than 8 KB. */
const LINES = 6000;

async function shareAsFile(page: Page): Promise<void> {
  await pause(page);
  const added = await page.evaluate((count) => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const lines = Array.from(
      { length: count },
      () => `jitter rw-1 > store-${1 + next(3)} : 0.${100 + next(300)} ms`,
    );
    return window.lab.actAll(lines);
  }, LINES);
  expect(added.ok, JSON.stringify(added)).toBe(true);
  const hosted = await endDigest(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('longer than many programs keep');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download tape' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text).toBe(await exportTape(page));
  await leaveByEscape(page, dialog);
  await page.evaluate((tape) => window.lab.openTape(tape), text);
  await page.evaluate(() => window.lab.setSpeed('max'));
  await expect(runState(page)).toHaveText('REPLAY');
  await expect
    .poll(() => page.evaluate(() => window.lab.frame()?.time), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(hosted.time);
  await expect.poll(async () => (await page.evaluate(() => window.lab.endDigest())).hash).toBe(hosted.hash);
}
