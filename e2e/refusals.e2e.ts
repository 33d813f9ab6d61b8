// What the browser may refuse: storage, room, workers, WebAssembly. Each is said in words on a screen that stands, and
// what was acknowledged is not lost.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { STORED_FORMAT } from '../src/host/stored-format.ts';
import { readReproBundle } from '../src/lab/repro-bundle.ts';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { chooseFromMenu, node, query, runState, setSpeed, waitForLive } from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

/** Enough for a start, not for long. */
const ROOM_BYTES = 1_500_000;

const alert = (page: Page, text: RegExp) => page.getByRole('alert').filter({ hasText: text });

/** The lab is live, and one row is acknowledged. */
async function liveWithNotes(lab: Lab): Promise<Page> {
  const page = lab.page();
  await lab.goto();
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  await query(page, 'insert into notes values (1)');
  return page;
}

test.describe('of a disk', () => {
  test.use({ storage: 'profile' });

  test('storage refused: the lab runs in memory and says so; a crash keeps the disk, a reload does not', async ({
    lab,
  }) => {
    // What a person does who forbids sites to keep data.
    await lab.close();
    const folder = join(lab.profile, 'Default');
    mkdirSync(folder, { recursive: true });
    const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(folder, 'Preferences'), JSON.stringify(settings));
    const page = await lab.reopen();
    await lab.goto();
    await waitForLive(page);
    await expect(alert(page, /refuses storage, so disks are in memory only/)).toBeVisible();
    await expect(page.getByText('memory only', { exact: true })).toBeVisible();
    await query(page, 'create table notes(id int primary key)');
    await query(page, 'insert into notes values (1)');
    await setSpeed(page, 'max');
    await chooseFromMenu(page, node(page, 'rw-1'), 'Crash (power cut)');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, down,/);
    await chooseFromMenu(page, node(page, 'rw-1'), 'Restart');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up,/);
    expect(await query(page, 'select id from notes')).toEqual([['1']]);
  });

  test(
    'no room left: the cluster stands still and says so; afterwards every acknowledged row is there',
    deep,
    async ({ lab }) => {
      const page = lab.page();
      const session = await page.context().newCDPSession(page);
      const origin = new URL(lab.address).origin;
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: ROOM_BYTES });
      await lab.goto();
      await waitForLive(page);
      await query(page, 'create table notes(id int primary key, body text)');
      await query(page, "insert into notes values (1, 'before')");
      await setSpeed(page, 'max');
      await expect(alert(page, /storage is full .* nothing acknowledged is lost/)).toBeVisible();
      await expect(alert(page, /storage is full/).getByRole('button', { name: 'Export tape' })).toBeVisible();
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      await page.reload();
      await waitForLive(page);
      expect(await query(page, 'select body from notes')).toEqual([['before']]);
    },
  );
});

test(
  'E16 site data removed while the run is on: it says so, its tape is there, and it goes on in memory where it stood',
  deep,
  async ({ lab }) => {
    const page = await liveWithNotes(lab);
    const session = await page.context().newCDPSession(page);
    const origin = new URL(lab.address).origin;
    const remove = () => session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    const question = page.getByRole('dialog', { name: 'The data of this site were removed' });
    await remove();
    await expect(question).toContainText('Its disks are gone, and it is paused.');
    await expect(page.getByText(/the tab that drove this run is gone/i)).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await test.step('the tape is there', async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        question.getByRole('button', { name: 'Export tape' }).click(),
      ]);
      const text = readFileSync(await file.path(), 'utf8');
      expect(text).toContain('insert into notes values (1)');
    });
    await test.step('it goes on in memory', async () => {
      await question.getByRole('button', { name: 'Go on in memory' }).click();
      await expect(question).toHaveCount(0);
      await expect(page.getByText('memory only', { exact: true })).toBeVisible();
      await expect(runState(page)).toHaveText('PAUSED');
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      expect(await query(page, 'select id from notes')).toEqual([['1']]);
    });
    await test.step('begun anew it has disks again, and another removal is said again', async () => {
      await page.reload();
      await waitForLive(page);
      await expect(page.getByText('memory only', { exact: true })).toHaveCount(0);
      await query(page, 'create table later(id int primary key)');
      await remove();
      await question.getByRole('button', { name: 'Begin anew' }).click();
      await waitForLive(page);
      await expect(question).toHaveCount(0);
    });
  },
);

const setSavedFormat = (page: Page, format: number): Promise<void> =>
  page.evaluate(
    (value) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('postdb-lab/main/fabric');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const tx = db.transaction('run', 'readwrite');
          const reading = tx.objectStore('run').get('run');
          reading.onsuccess = () => tx.objectStore('run').put({ ...reading.result, format: value }, 'run');
          tx.oncomplete = () => {
            db.close();
            resolve();
          };
        };
      }),
    format,
  );

/** Another page of the origin keeps the lab's database open and heeds nobody, as a tab that hangs does. */
const holdStorage = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('postdb-lab/main/fabric');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          Object.assign(window, { held: opening.result });
          resolve();
        };
      }),
  );
const letGo = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as { held: IDBDatabase }).held.close());

test(
  'E16 held storage is waited for and said: it opens when it is let go, and memory beside it is a person’s choice',
  deep,
  async ({ lab }) => {
    const page = await liveWithNotes(lab);
    const holder = await lab.newTab();
    lab.complaints.expect(/favicon\.ico/);
    await holder.goto(`${lab.address}favicon.svg`);
    await holdStorage(holder);
    const question = page.getByRole('dialog', { name: 'The disks of this run are still held' });
    await test.step('it is waited for, and then the run is there', async () => {
      await page.reload();
      await expect(question).toContainText('what is on the disks stays');
      await expect(page.getByText('memory only', { exact: true })).toHaveCount(0);
      await letGo(holder);
      await waitForLive(page);
      await expect(question).toHaveCount(0);
      expect(await query(page, 'select id from notes')).toEqual([['1']]);
    });
    await test.step('taking over asks again, and what is chosen at last runs beside it', async () => {
      await holdStorage(holder);
      await page.reload();
      await question.getByRole('button', { name: 'Take over' }).click();
      await question.getByRole('button', { name: 'Begin in memory beside it' }).click();
      await waitForLive(page);
      await expect(page.getByText('memory only', { exact: true })).toBeVisible();
    });
    await letGo(holder);
    await page.reload();
    await waitForLive(page);
    expect(await query(page, 'select id from notes')).toEqual([['1']]);
  },
);

/** A worker without WebAssembly that is asked to start some time after the parser has failed, as where the page is slow. */
const withoutWebAssembly = `delete self.WebAssembly;
  const asked = [];
  let hasFailed = false;
  self.addEventListener('message', (event) => {
    if (hasFailed) return;
    event.stopImmediatePropagation();
    asked.push(event.data);
  });
  const complain = console.error;
  console.error = (...words) => {
    complain(...words);
    if (hasFailed || !String(words[0]).startsWith('Aborted')) return;
    setTimeout(() => {
      hasFailed = true;
      for (const data of asked) self.dispatchEvent(new MessageEvent('message', { data }));
    }, 300);
  };`;

test(
  'what a page cannot start with is said in words, and what was saved is there afterwards',
  deep,
  async ({ lab, hostBuild }) => {
    /** What is served in a part's place; null is 404. */
    const altered = new Map<RegExp, (text: Buffer) => string | null>();
    const address = await hostBuild('/', (name, text) => {
      for (const [part, alter] of altered) if (part.test(name)) return alter(text);
      return text;
    });
    const page = lab.page();
    await page.goto(address);
    await waitForLive(page);
    await query(page, 'create table notes(id int primary key)');
    lab.complaints.expect(/404/);
    await test.step('a node’s worker cannot start: it is named, the page stands', async () => {
      altered.set(/node-worker-/, () => null);
      await page.reload();
      await expect(alert(page, /A worker could not start/)).toBeVisible();
      altered.clear();
    });
    await test.step('the fabric’s worker cannot start', async () => {
      altered.set(/fabric-worker-[^/]*\.js$/, () => null);
      await page.reload();
      await expect(alert(page, /A worker could not start/)).toBeVisible();
      altered.clear();
    });
    // The parser's own words to the console.
    lab.complaints.expect(/console error: .*(wasm|ArrayBuffer|WebAssembly)/i);
    await test.step('no WebAssembly', async () => {
      altered.set(/fabric-worker-[^/]*\.js$/, (text) => `${withoutWebAssembly}\n${text.toString()}`);
      await page.reload();
      await expect(alert(page, /does not run WebAssembly, which the SQL parser needs/)).toBeVisible();
      altered.clear();
    });
    await test.step('the parser’s WebAssembly is not served', async () => {
      altered.set(/libpg-query-[^/]*\.wasm$/, () => null);
      await page.reload();
      await expect(alert(page, /WebAssembly/)).toBeVisible();
      await expect(runState(page)).not.toHaveText('LIVE');
      altered.clear();
    });
    await test.step('a saved cluster of a later version stays untouched: a fresh one runs beside it, in memory, once a person says so', async () => {
      // Another page of the same origin, while no lab is open; it names no icon of its own.
      lab.complaints.expect(/favicon\.ico/);
      await page.goto(`${address}favicon.svg`);
      await setSavedFormat(page, 99);
      await page.goto(address);
      const question = page.getByRole('dialog', { name: 'The saved run could not be opened' });
      await expect(question).toContainText('format 99');
      await expect(page.getByText('memory only', { exact: true })).toHaveCount(0);
      await question.getByRole('button', { name: 'Begin in memory beside it' }).click();
      await waitForLive(page);
      await expect(question).toHaveCount(0);
      await expect(alert(page, /could not be opened and stays untouched: .*format 99/)).toBeVisible();
      await expect(page.getByText('memory only', { exact: true })).toBeVisible();
      await page.goto(`${address}favicon.svg`);
      await setSavedFormat(page, STORED_FORMAT);
    });
    await page.goto(address);
    await waitForLive(page);
    expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
  },
);

test(
  'an engine that throws: the card says so, and its repro bundle’s replay ends where it threw',
  deep,
  async ({ lab, hostBuild }) => {
    // One node's engine fails at a window of its own: what its worker answers then is what a thrown error becomes.
    const failing = `let count = 0; const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (message, ...rest) {
      if (message?.kind === 'answer' && ++count === 400) postMessage.call(this, { kind: 'failed', cause: 'engine',
        detail: 'assertion failed: a list without END' });
      else postMessage.call(this, message, ...rest);
    };`;
    const address = await hostBuild('/', (name, text) =>
      name.includes('node-worker-') ? `${failing}\n${text.toString()}` : text,
    );
    const page = lab.page();
    await watchPassing(page);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(address);
    await waitForLive(page);
    await setSpeed(page, 'max');
    const banner = alert(page, /Engine error \(\S+\): assertion failed: a list without END/);
    await expect(banner).toBeVisible();
    await expect(page.locator('[data-map-node]').filter({ hasText: 'engine error' }).first()).toBeVisible();
    await banner.getByRole('button', { name: 'Copy repro bundle' }).click();
    await expectPassed(page, /^toast: Repro bundle copied/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const read = readReproBundle(text);
    if (!read.ok) throw new Error(read.why.error);
    const { bundle } = read;
    expect(bundle).toMatchObject({ preset: 'hook-hole', seed: 7, error: { kind: 'engine', rule: '' } });
    expect(bundle.error.detail).toBe('assertion failed: a list without END');
    expect(bundle.hash).toMatchObject({ isOfTrace: true, hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(bundle.trace.length).toBeGreaterThan(20);
    expect(JSON.parse(bundle.trace.at(-1) ?? '').at).toBeLessThanOrEqual(bundle.error.at);

    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'Open a tape …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a tape' });
    const field = dialog.getByRole('textbox');
    await field.fill(text.trimEnd().split('\n').slice(0, -1).join('\n'));
    await expect(dialog).toContainText(/Line \d+: the repro bundle is cut off: it has \d+ of \d+ lines/);
    await expect(dialog.getByRole('button', { name: 'Replay' })).toBeDisabled();
    await field.fill(text);
    await expect(dialog).toContainText('Repro bundle: assertion failed: a list without END');
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await expect(runState(page)).toHaveText('REPLAY');
    await setSpeed(page, 'max');
    const { node: failed } = bundle.error;
    await expect(alert(page, new RegExp(`Here the engine of ${failed} stopped`))).toBeVisible();
    await expect(page.locator(`[data-map-node="${failed}"]`)).toContainText('engine error');
    expect(await page.evaluate(() => window.lab.frame()?.time)).toBeLessThanOrEqual(bundle.error.at);
  },
);
