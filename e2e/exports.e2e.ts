// E39, as far as built: trace, operation history and tape are downloaded and read back by readers of their own.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { parseEDNString } from 'edn-data';
import { parseTape } from '../src/sim/tape-parse.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, exportTape, pause, runOn, runState, setSpeed, waitForLive } from './support/lab-page.ts';

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

test('E39 trace as JSON lines, history as EDN and JSON, the tape', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await setSpeed(page, 'max');
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await runOn(page, 60_000);
  await pause(page);

  const trace = await download(page, 'Trace as JSON lines');
  expect(trace.name).toMatch(/\.trace\.jsonl$/);
  const [head, ...events] = trace.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({ format: 'postdb-trace', preset: 'hook-hole', seed: 7 });
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
  expect(parseTape(tape.text).ok).toBe(true);

  // The same tape edited: what was run is the tape from then on, and what is changed next are edits of that.
  await page.getByRole('tab', { name: 'Tape' }).click();
  const editor = page.getByRole('region', { name: 'Tape', exact: true });
  const action = editor.getByRole('textbox', { name: /^Action of line / }).last();
  const time = editor.getByRole('spinbutton', { name: /^Time of line / }).last();
  const run = editor.getByRole('button', { name: 'Run edited tape' });
  await expect(action).toHaveValue(/^cut rw-1 \| store-3 for 6/);
  const cutAt = Number(await time.inputValue());
  await time.fill(String(cutAt + 10));
  await editor.getByRole('button', { name: 'Add an action' }).click();
  await editor
    .getByRole('textbox', { name: /^Action of line / })
    .last()
    .fill('crash store-2');
  await editor
    .getByRole('checkbox', { name: /takes part$/ })
    .last()
    .uncheck();
  await expect(editor.getByText('edited', { exact: true })).toBeVisible();
  await run.click();
  await expect(runState(page)).toHaveText('REPLAY');
  await expect(editor.getByText('edited', { exact: true })).toHaveCount(0);
  await expect(run).toBeDisabled();
  await expect(action).toHaveValue('crash store-2');
  await expect(editor.getByRole('checkbox', { name: /takes part$/ }).last()).not.toBeChecked();
  const replayed = await exportTape(page);
  expect(replayed).toContain(`${(cutAt + 10).toFixed(3)} cut rw-1 | store-3`);
  expect(replayed).not.toContain('crash store-2');
  await action.fill('crash store-1');
  await editor.getByRole('button', { name: 'Discard edits' }).click();
  await expect(action).toHaveValue('crash store-2');
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(action).toHaveValue(/^cut rw-1 \| store-3 for 6/);
  await expect(time).toHaveValue(String(cutAt));
});
