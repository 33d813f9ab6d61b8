// E13 to E15: a run is shared as a link and replayed elsewhere, one whose tape is too long for a link as a file; a link that
// cannot be opened says why. E39: trace, operation history and tape are downloaded and read back by readers of their own.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { parseEDNString } from 'edn-data';
import { seriousFindings } from '../scripts/axe.mjs';
import { encodeTape } from '../src/lab/share.ts';
import { freshTape } from '../src/sim/run-setup.ts';
import { parseTape } from '../src/sim/tape-parse.ts';
import { printTape } from '../src/sim/tape-print.ts';
import { presets } from '../src/stacks/presets.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { deep } from './support/deep.ts';
import { replayHeadless } from './support/headless.ts';
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

test('E13, E39, PRE-9 a shared link replays the run of a cluster of one’s own in another browser context, and headless; trace, history and tape are saved', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await test.step('PRE-9 five stores in two zones are built, with a quorum of one’s own', async () => {
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'New cluster' }).click();
    const builder = page.getByRole('main', { name: 'Your cluster' });
    const outcome = builder.getByRole('complementary', { name: 'Preview and start' });
    const field = (name: string): Locator => builder.getByRole('textbox', { name, exact: true });
    await field('Name').fill('two-zones');
    await field('Stores').fill('5');
    await field('Zones').fill('2');
    await field('Write quorum').fill('6');
    await expect(builder.getByText('a quorum of 6 of 5 copies cannot be met').first()).toBeVisible();
    await expect(outcome.getByRole('button', { name: 'Start' })).toBeDisabled();
    await field('Write quorum').fill('four');
    await expect(field('Write quorum')).toHaveAttribute('aria-invalid', 'true');
    await field('Write quorum').fill('4');
    await field('Read quorum').fill('2');
    await field('Latency from zone a to b ms').fill('0.9');
    await field('Seed').fill('11');
    await expect(
      outcome.getByText(/^A commit of g1, g2 waits for 4 of 5 stores, .* in zone b: about 2/),
    ).toBeVisible();
    await expect(
      outcome.getByText('Zone b lost: g1 has 3 of the 4 copies that a write needs left: writes stop.'),
    ).toBeVisible();
    await expect(outcome.getByRole('group', { name: 'store-5' })).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
    await outcome.getByRole('button', { name: 'Start' }).click();
  });
  await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('cynosdb.two-zones');
  await waitForLive(page);
  await expect(page.getByRole('group', { name: 'store-5' })).toBeVisible();
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await setSpeed(page, 'max');
  await expect.poll(() => page.evaluate(() => window.lab.run().liveTime)).toBeGreaterThan(70_000);
  await pause(page);
  const { hash } = await endDigest(page);
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  await expect(dialog.getByText(hash, { exact: true })).toBeVisible();
  const url = await dialog.getByRole('textbox', { name: /^Link/ }).inputValue();

  const elsewhere = await lab.browser().context.browser()?.newContext();
  if (elsewhere === undefined) throw new Error('the browser makes no context');
  const guest = await elsewhere.newPage();
  await guest.goto(url);
  await expect(runState(guest)).toHaveText('REPLAY');
  await setSpeed(guest, 'max');
  await expect(guest.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await guest.getByRole('tab', { name: 'Events' }).click();
  for (const name of ['events in all', 'virtual time']) {
    const shown = (on: Page): Promise<string | null> => on.getByRole('status', { name }).textContent();
    await expect.poll(async () => (await shown(guest)) === (await shown(page)), name).toBe(true);
  }
  expect((await endDigest(guest)).hash).toBe(hash);
  expect((await replayHeadless(await exportTape(guest))).hash).toBe(hash);
  await guest.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(
    guest.getByRole('dialog', { name: 'Share this run' }).getByText(hash, { exact: true }),
  ).toBeVisible();
  await expect(guest.getByRole('alert')).toHaveCount(0);
  await elsewhere.close();
  await leaveByEscape(page, dialog);
  await test.step('E39 trace as JSON lines, history as EDN and JSON, the tape', () => exportAll(page));
  await test.step('PRE-9 what was started is among one’s own clusters', async () => {
    await page.evaluate(() => {
      location.hash = '#/presets';
    });
    await expect(page.getByRole('button', { name: 'Edit two-zones' })).toBeVisible();
    await page.evaluate(() => {
      location.hash = '#/lab';
    });
  });
  await test.step('PRE-9 the same cluster with another seed', async () => {
    await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb.two-zones', seed: 12 }));
    await waitForLive(page);
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.seed)).toBe(12);
    await expect(page.getByRole('group', { name: 'store-5' })).toBeVisible();
  });
});

async function download(
  page: Page,
  entry: string,
): Promise<{ readonly name: string; readonly text: string }> {
  await page.getByRole('button', { name: 'Menu' }).click();
  const started = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  const file = await started;
  const path = await file.path();
  return { name: file.suggestedFilename(), text: readFileSync(path, 'utf8') };
}

/** Once a link was cut for 6 ms. */
async function exportAll(page: Page): Promise<void> {
  const trace = await download(page, 'Trace as JSON lines');
  expect(trace.name).toMatch(/\.trace\.jsonl$/);
  const [head, ...events] = trace.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({ format: 'postdb-trace', preset: 'cynosdb.two-zones', seed: 11 });
  const shown = await page.evaluate(() => window.lab.frame()?.traced ?? 0);
  expect(events).toHaveLength(shown);

  const edn = await download(page, 'Operation history as EDN');
  expect(edn.name).toMatch(/\.edn$/);
  const rows = edn.text
    .trimEnd()
    .split('\n')
    .map(
      (line) =>
        parseEDNString(line, { mapAs: 'object', keywordAs: 'string' }) as {
          readonly type: string;
          readonly process: unknown;
        },
    );
  expect(rows.filter(({ type }) => type === 'invoke').length).toBeGreaterThan(10);
  expect(rows.some(({ process }) => process === 'nemesis')).toBe(true);

  const history = await download(page, 'Operation history as JSON');
  const { operations, faults } = JSON.parse(history.text);
  expect(operations.length).toBe(rows.filter(({ type }) => type === 'invoke').length);
  expect(faults).toEqual([expect.objectContaining({ action: 'cut' }), expect.anything()]);

  const tape = await download(page, 'Export tape');
  expect(parseTape(tapes, tape.text).ok).toBe(true);

  await editTape(page);
}

/** The tape edited: what was run is the tape from then on, and what is changed next are edits of that. */
async function editTape(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Tape' }).click();
  const editor = page.getByRole('region', { name: 'Tape', exact: true });
  const text = editor.getByRole('textbox', { name: 'Text of the tape' });
  const line = (of: RegExp) => text.locator('.cm-line').filter({ hasText: of });
  const run = editor.getByRole('button', { name: 'Run edited tape' });
  const cut = line(/^[\d.]+ cut rw-1 \| store-3 for 6/);
  await expect(cut).toHaveCount(1);
  const cutAt = Number.parseFloat((await cut.textContent()) ?? '');
  await cut.click();
  for (let i = 0; i < 10; i++) await page.keyboard.press('Alt+ArrowRight');
  await expect(line(new RegExp(`^${(cutAt + 10).toFixed(3)} cut`))).toHaveCount(1);
  await expect(editor.getByText('edited', { exact: true })).toBeVisible();

  // What may stand where is offered, with an example in words; a wrong word is underlined and mended.
  await editor.getByRole('button', { name: 'Insert' }).click();
  await page.getByRole('menuitem', { name: 'At this time' }).click();
  await expect(text).toBeFocused();
  const offers = page.getByRole('listbox', { name: 'What may stand here' });
  await page.keyboard.type('cras');
  await expect(offers.getByRole('option', { name: 'crash', exact: true })).toBeVisible();
  await expect(page.locator('.cm-completionInfo')).toContainText(/^crash /);
  await offers.getByRole('option', { name: 'crash', exact: true }).click();
  await expect(offers.getByRole('option', { name: 'store-2', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.type('store-22');
  await expect(editor.getByRole('alert')).toContainText(
    /^Line \d+, column \d+: no node store-22; did you mean store-2\?/,
  );
  await expect(run).toBeDisabled();
  await text.locator('.cm-lintRange-error').hover();
  await page.getByRole('button', { name: 'Use store-2' }).click();
  await expect(line(/ crash store-2$/)).toHaveCount(1);
  await expect(editor.getByRole('alert')).toHaveCount(0);

  // A line is switched off; another waits for a condition, and says when it came about.
  await editor.getByRole('button', { name: 'Switch this line off or on' }).click();
  await expect(line(/^#off .* crash store-2$/)).toHaveCount(1);
  await editor.getByRole('button', { name: 'Insert' }).click();
  await page.getByRole('menuitem', { name: 'At commit n' }).click();
  await expect(line(/when "commits >= 50" crash store-/)).toHaveCount(1);
  await expect(text).toBeFocused();
  await page.keyboard.type('3');
  await expect(line(/when "commits >= 3" crash store-/)).toHaveCount(1);
  await editor.getByRole('button', { name: 'Insert' }).click();
  await page.getByRole('menuitem', { name: 'At commit n' }).click();
  await expect(line(/when "commits >= 50" crash store-/)).toHaveCount(1);
  await expect(text).toBeFocused();
  await page.keyboard.type('999999');
  await run.click();
  await expect(runState(page)).toHaveText('REPLAY');
  await expect(editor.getByText('edited', { exact: true })).toHaveCount(0);
  await expect(run).toBeDisabled();
  await expect(line(/^#off .* crash store-2$/)).toHaveCount(1);
  await expect(line(/when "commits >= 3" crash store-\d→ [\d.]+ ms$/)).toHaveCount(1);
  await expect(line(/when "commits >= 999999" crash store-\d→ has not come about$/)).toHaveCount(1);
  await expect.poll(() => exportTape(page)).toContain(`${(cutAt + 10).toFixed(3)} cut rw-1 | store-3`);
  const replayed = await exportTape(page);
  expect(replayed).not.toContain('crash store-2');
  expect(replayed).toMatch(/^mark [\d.]+ "when commits >= 3"$/m);
  expect(replayed).toMatch(/^[\d.]+ crash store-\d$/m);
  expect(parseTape(tapes, replayed)).toMatchObject({ ok: true, tape: { actions: expect.anything() } });
  await line(/^seed /).click();
  await page.keyboard.press('End');
  await page.keyboard.type('1');
  await editor.getByRole('button', { name: 'Discard edits' }).click();
  await expect(line(/^#off .* crash store-2$/)).toHaveCount(1);
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(cut).toHaveCount(1);

  // What is clicked from here on becomes lines that can be put elsewhere.
  await editor.getByRole('button', { name: 'Record clicks' }).click();
  await act(page, 'freeze store-1 for 2.000 ms');
  await expect(line(/ freeze store-1 for 2/)).toHaveCount(1);
  await editor.getByRole('button', { name: 'End recording' }).click();
  await editor.getByRole('button', { name: 'Insert' }).click();
  await page.getByRole('menuitem', { name: 'The recorded line, from this time' }).click();
  await expect(line(/ freeze store-1 for 2/)).toHaveCount(2);
  await editor.getByRole('button', { name: 'Discard edits' }).click();
  await expect(line(/ freeze store-1 for 2/)).toHaveCount(1);
}

const tape = (): string => {
  const fresh = freshTape(presets, 'cynosdb', 7);
  if ('error' in fresh) throw new Error(fresh.error);
  return printTape(tapes, fresh);
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
    readable: /^postdb-tape 1[\s\S]*preset/,
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

test(
  'E13 a link opens at its moment, in its lens and the tab of it; from the beginning is the other choice',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lab&preset=postdb-v4&seed=7');
    await waitForLive(page);
    const lens = page.getByRole('region', { name: 'Shard placement' });
    await page.keyboard.press('3');
    await expect(lens).toBeVisible();
    await lens.getByRole('tab', { name: 'Ask for a place' }).click();
    await expect(lens.getByRole('table', { name: 'Where does it lie?' })).toBeVisible();
    await pause(page);
    const asked = await page.evaluate(() => window.lab.frame()?.time ?? 0);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this run' });
    const url = await dialog.getByRole('textbox', { name: /^Link/ }).inputValue();
    expect(url).toMatch(/&at=\d+\.\d{3}&lens=placement&tab=query/);
    await dialog.getByRole('radio', { name: 'Open at the beginning of the run' }).check();
    await expect(dialog.getByRole('textbox', { name: /^Link/ })).not.toHaveValue(/&at=/);

    const guest = await lab.browser().context.newPage();
    await guest.goto(url);
    await expect(runState(guest)).toHaveText('REPLAY');
    const theirs = guest.getByRole('region', { name: 'Shard placement' });
    await expect(theirs.getByRole('tab', { name: 'Ask for a place' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await expect.poll(() => guest.evaluate(() => window.lab.frame()?.time)).toBe(asked);
    await guest.close();
  },
);

test(
  'E14, E15 a link that cannot be opened says why, and shows of its tape what can be read; a long run is shared as a file',
  deep,
  async ({ lab }) => {
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
    await test.step('its tape is a file', async () => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download tape' }).click();
      expect(readFileSync(await (await download).path(), 'utf8')).toMatch(/explode store-1\n$/);
    });
    await test.step('an address without a tape opens the lab, and so does Back from a link that is bad', async () => {
      await page.evaluate(() => {
        location.hash = '#/about';
      });
      await expect(page.getByRole('heading', { name: 'What is modelled' })).toBeVisible();
      await page.evaluate((link) => {
        location.hash = `#/lab&r=${link}`;
      }, '2.AAAA');
      await expect(page.getByRole('heading', { name: 'This link cannot be opened' })).toBeVisible();
      await page.goBack();
      await expect(page.getByRole('heading', { name: 'What is modelled' })).toBeVisible();
      await page.goForward();
      await expect(page.getByRole('heading', { name: 'This link cannot be opened' })).toBeVisible();
    });
    await page.getByRole('button', { name: 'Open the lab' }).click();
    await waitForLive(page);
    await test.step('E14 a long run offers its tape as a file; opened again it has the same end', () =>
      shareAsFile(page));
  },
);

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
  await expect.poll(() => page.evaluate(() => window.lab.frame()?.time)).toBeGreaterThanOrEqual(hosted.time);
  await expect.poll(async () => (await page.evaluate(() => window.lab.endDigest())).hash).toBe(hosted.hash);
}
