// The metadata on three nodes, seen in the PCS lens at 1280 × 800: its log by keyboard, a leader that dies, one that is cut off with
// the minority, a majority that is lost while commits go on. And the browser killed during elections: no promise is forgotten.
import type { Locator, Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  passTime,
  pause,
  runInConsole,
  runUntil,
  standingFrame,
  waitForLive,
} from './support/lab-page.ts';

async function startPcs(page: Page): Promise<void> {
  await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-pcs', seed: 7 }));
  await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('cynosdb-pcs');
  await waitForLive(page);
  await pause(page);
}

const lensOf = (page: Page): Locator => page.getByRole('region', { name: 'PCS & metadata', exact: true });

/** Who leads by the lens, with its term. */
async function leaderIn(lens: Locator): Promise<{ readonly node: string; readonly term: number }> {
  const state = lens.locator('[data-state="led"]');
  await expect(state).toContainText('leads in term');
  const [, node = '', term = ''] = /(\S+) leads in term (\d+)/.exec((await state.textContent()) ?? '') ?? [];
  return { node, term: Number(term) };
}

const row = (lens: Locator, node: string): Locator =>
  lens.getByRole('table', { name: 'members' }).getByRole('row', { name: node, exact: true });

/** Of a cluster that has elected its leader, and stands. */
async function openLens(page: Page): Promise<Locator> {
  await waitForLive(page);
  await startPcs(page);
  await page.keyboard.press('6');
  const lens = lensOf(page);
  await expect(lens).toBeVisible();
  await runUntil(page, 'time >= 120');
  return lens;
}

test.describe('at 1280', () => {
  test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

  test(
    'PCS-31 PCS-14 the PCS lens by keyboard; a leader dies, and another leads in a higher term',
    deep,
    async ({ lab }) => {
      const page = await lab.goto();
      const lens = await openLens(page);
      const first = await leaderIn(lens);

      await test.step('an entry is chosen by arrow keys, Enter shows what it changed', async () => {
        const entries = lens.getByRole('slider');
        const { nodes } = await standingFrame(page);
        const roles = nodes.flatMap(({ view }) => view?.roles ?? []);
        const last = Math.max(...roles.flatMap((role) => (role.role === 'meta' ? [role.last] : [])));
        await expect(entries).toHaveAttribute('aria-valuemax', String(last));
        await entries.focus();
        await page.keyboard.press('Home');
        await expect(entries).toHaveAttribute('aria-valuenow', '1');
        await expect(lens).toContainText('Entry 1, term 1: members of the log');
        await page.keyboard.press('End');
        await page.keyboard.press('ArrowLeft');
        await expect(entries).toHaveAttribute('aria-valuenow', String(last - 1));
        await page.keyboard.press('Enter');
        await expect(lens.getByRole('tab', { name: 'Metadata' })).toHaveAttribute('aria-selected', 'true');
        const data = lens.getByRole('table', { name: 'Metadata' });
        await expect(data.getByRole('row', { name: 'volume v1 token 0 1', exact: true })).toBeVisible();
        await lens.getByRole('tab', { name: 'Raft log' }).press('Enter');
      });

      await test.step('PCS-91 PCS-92 a version is pushed, a bad value is refused with its range, drift is healed', async () => {
        await lens.getByRole('tab', { name: 'Configuration & agents' }).press('Enter');
        await expect(lens).toContainText('Nothing was ever set or asked');
        await lens.getByRole('button', { name: /^Ask for a value out of range/ }).press('Enter');
        await act(page, 'putConfig global scrubEveryMs 700');
        await passTime(page, 40_000);
        const agents = lens.getByRole('table', { name: 'agents' });
        const store = agents.getByRole('row', { name: 'store-1', exact: true });
        await expect(store).toContainText('current');
        await expect(agents.locator('tbody tr')).toHaveCount((await standingFrame(page)).nodes.length);
        await expect(lens.getByRole('table', { name: 'refused' })).toContainText('BAD_VALUE');
        await act(page, 'editConfig store-1 scrubEveryMs 900');
        await runUntil(page, 'config.drift');
        await expect(store).toContainText('drift: other contents');
        await passTime(page, 60_000);
        await expect(store).toContainText('drift healed');
        await lens.getByRole('tab', { name: 'Raft log' }).press('Enter');
      });

      await test.step('PCS-98 the console reads the metadata by SQL, joined, of one version', async () => {
        const answer = await runInConsole(
          page,
          "select n.node_id, n.state, v.writer, n.version = v.version as same from pcs_nodes n, pcs_volumes v where n.roles = 'store' order by 1",
        );
        await expect(answer.getByRole('row')).toHaveCount(5);
        await expect(answer.getByRole('row', { name: /store-2 up rw-1 t$/ })).toBeVisible();
      });

      await test.step('the leader is killed: another leads in a higher term', async () => {
        await lens.getByRole('button', { name: `Crash the PCS leader, ${first.node}` }).press('Enter');
        await runUntil(page, 'raft.leader');
        await passTime(page, 20_000);
        await expect(row(lens, first.node)).toContainText('down');
        const next = await leaderIn(lens);
        expect(next.node).not.toBe(first.node);
        expect(next.term).toBeGreaterThan(first.term);
        await lens.getByRole('button', { name: `Start ${first.node}`, exact: true }).press('Enter');
        await passTime(page, 40_000);
        await expect(row(lens, first.node)).toContainText('follower');
      });
    },
  );

  test('PCS-31 a leader is cut off, the majority is lost, and commits go on', deep, async ({ lab }) => {
    const page = await lab.goto();
    const lens = await openLens(page);
    await test.step('a leader that is cut off with the minority steps down, the others elect one', async () => {
      const old = await leaderIn(lens);
      await lens
        .getByRole('button', { name: /^Cut the PCS leader, \S+, off from its followers$/ })
        .press('Enter');
      await passTime(page, 120_000);
      await expect.poll(async () => (await leaderIn(lens)).node).not.toBe(old.node);
      await expect(row(lens, old.node)).not.toContainText('leader');
      await lens.getByRole('button', { name: 'Heal everything', exact: true }).press('Enter');
      await passTime(page, 60_000);
      await expect(row(lens, old.node)).toContainText('follower');
    });

    await test.step('without a majority the lens says what waits, and counts the commits that go on', async () => {
      await lens.getByRole('button', { name: /^Leave \S+ alone: no majority of the PCS$/ }).press('Enter');
      await passTime(page, 60_000);
      const split = lens.locator('[data-state="split"]');
      await expect(split).toContainText('No majority: 1 of 3 voters reach each other, 2 are needed');
      const before = (await standingFrame(page)).metrics.commits;
      await passTime(page, 40_000);
      const { metrics, violations } = await standingFrame(page);
      expect(metrics.commits).toBeGreaterThan(before);
      await expect(split).toContainText(`${metrics.commits} commits acknowledged so far`);
      expect(violations).toEqual([]);
    });
  });
});

test.describe('killed', () => {
  test.use({ storage: 'profile' });

  test(
    'PCS-8 SIGKILL of the browser during an election, five times: nobody leads twice in a term, and the same disks headless',
    deep,
    async ({ lab }) => {
      let page = await lab.goto();
      await waitForLive(page);
      await startPcs(page);
      const kills = 5;
      for (let kill = 0; kill < kills; kill++) {
        const leader = (await standingFrame(page)).nodes.find(({ view }) =>
          view?.roles.some((role) => role.role === 'meta' && role.member === 'leader'),
        );
        await act(page, `crash ${leader?.id ?? ''}`);
        // The vote for oneself is on its way to disk then, or the first one of another has arrived.
        await runUntil(page, kill % 2 === 0 ? 'raft.candidate' : 'raft.vote');
        await lab.kill();
        page = await lab.reopen();
        await lab.goto();
        await waitForLive(page);
        await pause(page);
        if (leader !== undefined) await act(page, `powerOn ${leader.id}`);
        await passTime(page, 150_000);
        const { nodes, violations } = await standingFrame(page);
        expect(violations).toEqual([]);
        const leads = nodes.filter(({ view }) =>
          view?.roles.some((role) => role.role === 'meta' && role.member === 'leader'),
        );
        expect(leads).toHaveLength(1);
      }
      const tape = await exportTape(page);
      const hosted = await endDigest(page);
      expect(powerCutsOf(tape)).toHaveLength(kills);
      const headless = await replayHeadless(tape);
      expect(headless.divergences).toEqual([]);
      expect(headless.nodes).toEqual(hosted.nodes);
    },
  );
});
