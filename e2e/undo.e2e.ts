// E19: an action is undone by rewinding to just before it, on a new branch; the old branch is kept. What its disks differ in is
// staged beside them until the lab has decided. A browser that is killed at any step of it has one of the two, whole.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expectHeld, watchHolds } from './support/failpoints.ts';
import { replayHeadless } from './support/headless.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  endDigest,
  exportTape,
  node,
  pause,
  query,
  runState,
  waitForLive,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

/** Notes each world that the replay worker is asked for. */
const watchReplays = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const replays: unknown[] = [];
    Object.assign(window, { replays });
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<Worker['postMessage']>) {
      if (args[0]?.kind === 'handOver') replays.push(args[0].tape);
      return postMessage.apply(this, args);
    } as Worker['postMessage'];
  });

const replaysOf = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(() => Reflect.get(window, 'replays'));

/** Keyframes that have come into the lab's storage; it is opened only where it is. */
const storedKeyframes = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const name = 'postdb-lab/main/keyframes';
    if (!(await indexedDB.databases()).some((one) => one.name === name)) return 0;
    return new Promise<number>((resolve, reject) => {
      const asked = indexedDB.open(name);
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const counted = asked.result.transaction('row').objectStore('row').count();
        counted.onsuccess = () => resolve(counted.result);
        asked.result.close();
      };
    });
  });

const runs = async (page: Page) => (await page.evaluate(() => window.lab.runs())).runs;

test('E19 crash, another lens, Ctrl Z: the node is up, Runs lists the old branch', deep, async ({ lab }) => {
  await watchPassing(lab.page());
  await watchReplays(lab.page());
  const page = await lab.goto('#/lab');
  await waitForLive(page);
  await pause(page);
  const before = await endDigest(page);
  let crashed = before;
  await test.step('crash, Ctrl Z: the node is up, Runs lists the old branch, Ctrl Shift Z is where one was', async () => {
    await chooseFromMenu(page, node(page, 'store-3'), 'Crash (power cut)');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, down/);
    crashed = await endDigest(page);
    expect(crashed.nodes).not.toEqual(before.nodes);
    // Where one looks is nothing that was done.
    await page.keyboard.press('4');
    await page.keyboard.press('Control+z');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, up/);
    await expectPassed(page, /^toast: Rewound before crash store-3; old branch kept in Runs/);
    await expect(runState(page)).toHaveText('PAUSED');

    await page.getByRole('button', { name: 'Runs', exact: true }).click();
    const list = page.getByRole('list', { name: 'Branches of this lab' });
    await expect(list.getByRole('listitem')).toHaveCount(2);
    await expect(list.getByRole('listitem', { name: 'Before crash store-3, on' })).toBeVisible();
    await expect(list.getByRole('listitem', { name: 'hook-hole, seed 7' })).toContainText('2 actions');

    // The way back is there in the next life of the browser, too, and on to before it; nothing is replayed for either.
    await expect.poll(() => storedKeyframes(page)).toBe(2);
    await page.reload();
    await waitForLive(page);
    await pause(page);
    await page.keyboard.press('Control+Shift+z');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, down/);
    expect((await endDigest(page)).nodes).toEqual(crashed.nodes);
    await page.keyboard.press('Control+z');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, up/);
    expect((await endDigest(page)).nodes).toEqual(before.nodes);
    expect(await replaysOf(page)).toEqual([]);
  });
  await test.step('without the keyframes in its storage it is replayed', async () => {
    await page.reload();
    await waitForLive(page);
    await pause(page);
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const gone = indexedDB.deleteDatabase('postdb-lab/main/keyframes');
          gone.onsuccess = () => resolve();
          gone.onerror = () => reject(gone.error);
        }),
    );
    await page.keyboard.press('Control+Shift+z');
    await expect(node(page, 'store-3')).toHaveAccessibleName(/, down/);
    expect((await endDigest(page)).nodes).toEqual(crashed.nodes);
    expect(await replaysOf(page)).toHaveLength(1);
  });
});

test.describe('killed on the way', () => {
  test.use({ build: 'failpoints', storage: 'profile' });

  /** Undoes a crash in a browser that is killed at this step; answers the page that opens afterwards, without navigating. */
  async function killAt(lab: Lab, page: Page, failpoint: string): Promise<Page> {
    await pause(page);
    await act(page, 'crash store-3');
    await page.keyboard.press('Control+z');
    await expectHeld(page, failpoint.split(':')[0] ?? '');
    await lab.kill();
    return lab.reopen();
  }

  async function openWith(lab: Lab, page: Page, failpoint: string): Promise<void> {
    await watchHolds(page);
    await page.goto(`${lab.address}?failpoint=${failpoint}#/lab`);
    await waitForLive(page);
  }

  async function keepRow(page: Page): Promise<void> {
    await query(page, 'create table kept(id int primary key)');
    await query(page, 'insert into kept values (1)');
  }

  async function expectOldRun(page: Page): Promise<void> {
    expect(await query(page, 'select id from kept')).toEqual([['1']]);
    expect((await runs(page)).map(({ origin, isOn }) => [origin.kind, isOn])).toEqual([['start', true]]);
  }

  test('before all of its disks are staged it is the old run, with all it had', deep, async ({ lab }) => {
    await openWith(lab, lab.page(), 'store-2:stage');
    await keepRow(lab.page());
    const next = await killAt(lab, lab.page(), 'store-2:stage');
    await lab.goto('#/lab');
    await waitForLive(next);
    await expectOldRun(next);
  });

  test(
    'before the switch it is the old run, with all it had; after it the new branch, and the old one is kept',
    deep,
    async ({ lab }) => {
      await openWith(lab, lab.page(), 'fabric:switch');
      await keepRow(lab.page());
      const before = await killAt(lab, lab.page(), 'fabric:switch');
      await openWith(lab, before, 'fabric:settle');
      await expectOldRun(before);
      const page = await killAt(lab, before, 'fabric:settle');
      await lab.goto('#/lab');
      await waitForLive(page);
      expect(await query(page, 'select id from kept')).toEqual([['1']]);
      expect((await runs(page)).map(({ origin, isOn }) => [origin.kind, isOn])).toEqual([
        ['start', false],
        ['undo', true],
      ]);
      // Disks that nobody needs are gone: those of one run are left.
      const names = await page.evaluate(async () =>
        (await indexedDB.databases()).map(({ name }) => name ?? ''),
      );
      expect(
        new Set(names.filter((name) => name.includes('/run/')).map((name) => name.split('/')[3])).size,
      ).toBe(1);
    },
  );

  test(
    'when one node has not settled yet it is the new branch, and the next start settles it',
    deep,
    async ({ lab }) => {
      await openWith(lab, lab.page(), 'store-2:settle');
      await keepRow(lab.page());
      const page = await killAt(lab, lab.page(), 'store-2:settle');
      await lab.goto('#/lab');
      await waitForLive(page);
      expect(await query(page, 'select id from kept')).toEqual([['1']]);
      expect((await runs(page)).map(({ origin, isOn }) => [origin.kind, isOn])).toEqual([
        ['start', false],
        ['undo', true],
      ]);
      // Every disk is that of the branch: a simulator that is given its tape, with the power cut, ends in the same state.
      await pause(page);
      const live = await endDigest(page);
      const headless = await replayHeadless(await exportTape(page));
      expect(headless.divergences).toEqual([]);
      expect(headless.nodes).toEqual(live.nodes);
    },
  );
});

test('a menu that is opened beside a toast stays when the toast goes', deep, async ({ lab }) => {
  const page = await lab.goto('#/lab');
  await waitForLive(page);
  await chooseFromMenu(page, node(page, 'store-3'), 'Crash (power cut)');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  const toast = page.getByText(/^Rewound before crash store-3/);
  await expect(toast).toBeVisible();
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  const menu = page.getByRole('menu', { name: 'Menu' });
  await expect(menu).toBeVisible();
  await expect(toast).toHaveCount(0);
  await expect(menu).toBeVisible();
});
