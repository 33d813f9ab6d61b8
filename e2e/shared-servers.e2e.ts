// Chunk servers of a mounted file system come and go (docs/spec/polarfs.md FS-76, FS-77): by actions and menus.
import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  chooseFromMenu,
  leaveByEscape,
  node,
  passTime,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

const DRAIN = 'Drain it: its replicas leave, then it ends';

/** Servers of each chunk, as they are. */
const servers = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const groups = new Map<string, string[]>();
    for (const { id, view } of Object.values(window.lab.frame()?.nodes ?? {}))
      for (const role of view?.roles ?? [])
        if (role.role === 'chunk')
          for (const { group } of role.chunks) groups.set(group, [...(groups.get(group) ?? []), id]);
    return [...groups].map(([group, ids]) => `${group}: ${ids.sort().join(' ')}`).sort();
  });

/** Where the cluster stands, the metadata drains this server, and a replica of a chunk has yet to leave it. */
async function isLeaving(page: Page, server: string): Promise<boolean> {
  const roles = (await standingFrame(page)).nodes.flatMap(({ view }) => view?.roles ?? []);
  return roles.some(
    (role) =>
      role.role === 'meta' &&
      role.member === 'leader' &&
      role.storage?.offline.some((id) => id === server) === true &&
      [...role.storage.moves, ...role.storage.plan].some(({ from }) => from === server),
  );
}

test(
  'FS-77 PCS-80 a chunk server is added and another drained, while statements go on',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'polardb');
    await passTime(page, 100_000);
    await query(page, 'create table notes (id int primary key)');
    await query(page, 'insert into notes values (1), (2), (3)');
    const before = await servers(page);
    expect(before.join()).not.toContain('cs-4');

    // PCS-80: with three servers a chunk of three replicas has nowhere to go
    await node(page, 'cs-1').click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: DRAIN })).toBeDisabled();
    await leaveByEscape(page, page.getByRole('menu', { name: 'cs-1' }));
    await act(page, 'addNode cs-4 chunk a');
    await passTime(page, 100_000);
    await expect(node(page, 'cs-4')).toHaveCount(1);
    await chooseFromMenu(page, node(page, 'cs-1'), DRAIN);
    await page.keyboard.press('3');
    const lens = page.getByRole('region', { name: 'Shared disk', exact: true });
    const moves = lens.getByRole('table', { name: 'Replicas of chunks that move' });
    const drained = lens.getByText('Drained: cs-1');
    const leaves = moves.getByRole('row').filter({ hasText: 'cs-1' });
    for (let i = 0; i < 20 && !(await isLeaving(page, 'cs-1')); i++) await passTime(page, 500);
    await expect(drained).toBeVisible();
    await expect(leaves.first()).toBeVisible();
    expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    await passTime(page, 1_500_000);
    await expect(node(page, 'cs-1')).toHaveCount(0);
    for (const chunk of await servers(page)) expect(chunk).toMatch(/: cs-2 cs-3 cs-4$/);

    await query(page, 'insert into notes values (4)');
    const { violations, gone } = await standingFrame(page);
    expect([violations, gone]).toEqual([[], ['cs-1']]);
  },
);
