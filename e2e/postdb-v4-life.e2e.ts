// A cluster of `postdb-v4` through its life: a node is added and gets its share, a replica is dragged and moved by keyboard, an undo
// takes that back, the leader of the metadata dies in a move, the node is drained and ends; a twin, and a link that plays it all.
import type { Locator, Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  node,
  passTime,
  playLink,
  runState,
  standingFrame,
  virtualTime,
} from './support/lab-page.ts';
import { lensOf, standOnTablets } from './support/tablets.ts';

const partOf = (page: Page, name: string): Locator => lensOf(page).getByRole('region', { name, exact: true });

const nodeRow = (page: Page, id: string): Locator =>
  partOf(page, 'Nodes').getByRole('row', { name: id, exact: true });

/** Voters of each group, by what the node that leads the metadata has committed. */
async function votersOf(page: Page): Promise<ReadonlyMap<string, readonly string[]>> {
  const { nodes } = await standingFrame(page);
  const views = nodes.flatMap(({ view }) => view?.roles ?? []);
  const leader = views.find((role) => role.role === 'meta' && role.member === 'leader');
  const groups = leader?.role === 'meta' ? leader.groups : [];
  return new Map(
    groups.map(({ group, members }) => [
      group as string,
      members.sets.at(-1)?.map((id) => id as string) ?? [],
    ]),
  );
}

async function metadataLeader(page: Page): Promise<string> {
  const { nodes } = await standingFrame(page);
  const found = nodes.find(({ view }) =>
    (view?.roles ?? []).some((role) => role.role === 'meta' && role.member === 'leader'),
  );
  return found?.id ?? '';
}

const lastLine = async (page: Page): Promise<string> =>
  (await exportTape(page))
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .at(-1) ?? '';

/** PCS-75: moves wait until no node has come or was ordered to leave for a while. */
async function passUntil(page: Page, shown: Locator): Promise<void> {
  for (let i = 0; i < 200 && (await shown.count()) === 0; i++) await passTime(page, 1_000);
  await expect(shown.first()).toBeVisible();
}

test(
  'PCS-67 PCS-78 PCS-79 PCS-99 scale-out, a replica dragged and moved by keyboard, undo, PCS leader lost in a move, scale-in, twin, link',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await standOnTablets(page);

    await test.step('PCS-67 PCS-78 scale-out: the move has a bar and the planner’s reason; then n4 has its share', async () => {
      await act(page, 'addNode n4 node a');
      const moves = partOf(page, 'Changes of members');
      await passUntil(page, moves.getByRole('progressbar'));
      await expect(moves).toContainText(/n\d costs more than n4 by more than the tolerance/);
      await passTime(page, 400_000);
      await expect(moves).toContainText('No replica moves.');
      await expect(partOf(page, 'What the planner would begin next')).toContainText('Nothing');
      await expect(partOf(page, 'Operators of the last 2 000 ms')).toContainText(/done in [\d.]+ ms/);
      await expect(nodeRow(page, 'n4')).toContainText('up');
      const held = [...(await votersOf(page)).values()].filter((voters) => voters.includes('n4'));
      expect(held.length).toBeGreaterThan(1);
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });

    await test.step('PCS-99 a replica is dragged to another node', async () => {
      const [group, voters] = [...(await votersOf(page))].find(([, ids]) => !ids.includes('n4')) ?? ['', []];
      const tile = lensOf(page).locator(`[data-replica="${group} ${voters.at(-1)}"]`);
      const other = lensOf(page).locator('[data-replica$=" n4"]').first();
      await tile.scrollIntoViewIfNeeded();
      const [from, to] = [await tile.boundingBox(), await other.boundingBox()];
      if (from === null || to === null) throw new Error('nothing to drag');
      await page.mouse.move(from.x + from.width / 2, from.y + 12);
      await page.mouse.down();
      await page.mouse.move(to.x + to.width / 2, from.y + 12, { steps: 6 });
      await page.mouse.up();
      await expect.poll(() => lastLine(page)).toContain(`moveReplica ${voters.at(-1)} n4 ${group}`);
      await passTime(page, 2_000);
      await expect(partOf(page, 'Changes of members')).toContainText('a person’s order');
    });

    await test.step('E19 an undo takes it back', async () => {
      await page.evaluate(
        () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      );
      await page.keyboard.press('Control+z');
      await expect.poll(() => exportTape(page).catch(() => 'moveReplica')).not.toContain('moveReplica');
      await expect(runState(page)).toHaveText('PAUSED');
    });

    await test.step('PCS-99 the same by keyboard', async () => {
      const slider = lensOf(page).getByRole('slider', { name: 'Group', exact: true });
      const [group] = [...(await votersOf(page))].find(([, ids]) => !ids.includes('n4')) ?? [''];
      await slider.focus();
      await page.keyboard.press('Home');
      for (let i = 0; i < 4; i++) {
        if ((await slider.getAttribute('aria-valuetext'))?.startsWith(`${group},`) === true) break;
        await page.keyboard.press('ArrowDown');
      }
      const form = lensOf(page).getByRole('group', { name: `Move a replica of ${group}` });
      await form.getByRole('combobox', { name: 'to' }).selectOption('n4');
      await form.getByRole('button', { name: 'Move the replica' }).press('Enter');
      await expect.poll(() => lastLine(page)).toMatch(new RegExp(`moveReplica n\\d n4 ${group}$`));
      await passTime(page, 300_000);
      expect((await standingFrame(page)).violations).toEqual([]);
    });

    await test.step('PCS-79 PCS-75 scale-in: each replica that has yet to leave is listed; the PCS leader dies in a move, and the next goes on', async () => {
      await act(page, 'offline n4');
      await passUntil(page, partOf(page, 'Changes of members').getByText('n4 is drained'));
      const left = partOf(page, 'Replicas that have yet to leave');
      await expect(left).toContainText('n4');
      const leader = await metadataLeader(page);
      await act(page, `crash ${leader} for 200 ms`);
      await passTime(page, 1_500_000);
      await expect(node(page, 'n4')).toHaveCount(0);
      const { gone, violations } = await standingFrame(page);
      expect([gone, violations]).toEqual([['n4'], []]);
      for (const voters of (await votersOf(page)).values()) expect(voters).toHaveLength(3);
    });

    await test.step('E13 a link of it plays the same run elsewhere', async () => {
      const guest = await playLink(page, await lab.newTab());
      await expect(node(guest, 'n4')).toHaveCount(0);
      await guest.close();
    });

    await test.step('E18 a twin goes its own way: another node dies there, and the main run stays as it is', async () => {
      const main = await endDigest(page);
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      await expect(runState(page)).toHaveText(/^REVIEW −/);
      // The state says so while the past is loaded: a fork would come before the step back.
      await expect.poll(() => virtualTime(page)).toBeLessThan(main.time);
      await page.keyboard.press('f');
      await expect(runState(page)).toHaveText('TWIN · in memory');
      await act(page, 'crash n2');
      await expect(node(page, 'n2')).toHaveAccessibleName(/, down/);
      const branches = page.getByRole('region', { name: 'Branches' });
      await branches.getByRole('button', { name: 'Show main' }).click();
      await expect(node(page, 'n2')).toHaveAccessibleName(/, up/);
      await page.keyboard.press('End');
      await expect(runState(page)).toHaveText('PAUSED');
      expect((await endDigest(page)).hash).toBe(main.hash);
    });
  },
);
