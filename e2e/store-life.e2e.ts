// Storage of CynosDB grows and shrinks by itself (PCS-100): a store comes, replicas move to it, and another goes, by menus alone.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  leaveByEscape,
  node,
  passTime,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

const REMOVE = 'Remove it from the cluster';

/** Of each group its members, and the token of the volume's writer. */
const placed = (page: Page): Promise<{ readonly groups: readonly string[]; readonly token: number }> =>
  page.evaluate(() => {
    const groups: string[] = [];
    let token = -1;
    for (const { view } of window.lab.frame()?.nodes ?? [])
      for (const role of view?.roles ?? [])
        if (role.role === 'meta') {
          token = role.token;
          for (const { group, members } of role.groups)
            groups.push(`${group}: ${members.sets.map((set) => [...set].sort().join(' ')).join(' | ')}`);
        }
    return { groups: groups.sort(), token };
  });

test('PCS-100 PCS-79 a store is added, the replicas of another move to it, and that one is removed; the writer stays', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await standOn(page, 'cynosdb');
  await passTime(page, 200_000);
  await query(page, 'create table notes (id int primary key)');
  await query(page, 'insert into notes values (1), (2), (3)');
  const before = await placed(page);
  expect(before.groups.join()).toContain('store-1');

  // PCS-79: its replicas are there still
  await node(page, 'store-1').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: REMOVE })).toBeDisabled();
  await leaveByEscape(page, page.getByRole('menu', { name: 'store-1' }));

  await page.getByRole('button', { name: 'Fault', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Add a store, store-4', exact: true }).click();
  await passTime(page, 200_000);
  await expect(node(page, 'store-4')).toHaveCount(1);
  await node(page, 'store-1').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Replicas', exact: true }).press('ArrowRight');
  await page.getByRole('menuitem', { name: 'Move its replicas to store-4', exact: true }).press('Enter');
  for (let i = 0; i < 20 && (await placed(page)).groups.join().includes('store-1'); i++)
    await passTime(page, 200_000);
  const { groups, token } = await placed(page);
  for (const group of groups) expect(group).toMatch(/: store-2 store-3 store-4$/);
  expect(token).toBe(before.token);

  await chooseFromMenu(page, node(page, 'store-1'), REMOVE);
  await passTime(page, 300_000);
  await expect(node(page, 'store-1')).toHaveCount(0);
  await query(page, 'insert into notes values (4)');
  expect(await query(page, 'select count(*) from notes')).toEqual([['4']]);
  const { violations, gone } = await standingFrame(page);
  expect([violations, gone]).toEqual([[], ['store-1']]);
});
