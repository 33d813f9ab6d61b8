// Storage of CynosDB grows and shrinks by itself (PCS-100): a store comes, another is drained and goes, by menus alone.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
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

const DRAIN = 'Drain it: its replicas leave, then it ends';

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

/** Where the cluster stands, the metadata drains this store. */
async function isDrained(page: Page, store: string): Promise<boolean> {
  const roles = (await standingFrame(page)).nodes.flatMap(({ view }) => view?.roles ?? []);
  return roles.some(
    (role) => role.role === 'meta' && role.storage?.offline.some((id) => id === store) === true,
  );
}

test(
  'PCS-100 PCS-79 PCS-80 a store is added, another is drained to it and ends; the writer stays',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'cynosdb');
    await passTime(page, 200_000);
    await query(page, 'create table notes (id int primary key)');
    await query(page, 'insert into notes values (1), (2), (3)');
    const before = await placed(page);
    expect(before.groups.join()).toContain('store-1');

    // PCS-80: with three stores its replicas have nowhere to go
    await node(page, 'store-1').click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: DRAIN })).toBeDisabled();
    await leaveByEscape(page, page.getByRole('menu', { name: 'store-1' }));

    await page.getByRole('button', { name: 'Fault', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Add a store, store-4', exact: true }).click();
    await passTime(page, 200_000);
    await expect(node(page, 'store-4')).toHaveCount(1);
    await chooseFromMenu(page, node(page, 'store-1'), DRAIN);
    await page.keyboard.press('6');
    const lens = page.getByRole('region', { name: 'PCS & metadata', exact: true });
    await lens.getByRole('tab', { name: 'Metadata', exact: true }).click();
    const drained = lens
      .getByRole('row')
      .filter({ hasText: 'store-1' })
      .filter({ hasText: 'g1 g2: drained' });
    for (let i = 0; i < 20 && !(await isDrained(page, 'store-1')); i++) await passTime(page, 500);
    await expect(drained).toHaveCount(1);
    for (let i = 0; i < 20 && (await node(page, 'store-1').count()) > 0; i++) await passTime(page, 200_000);
    await expect(node(page, 'store-1')).toHaveCount(0);
    const { groups, token } = await placed(page);
    for (const group of groups) expect(group).toMatch(/: store-2 store-3 store-4$/);
    expect(token).toBe(before.token);

    await query(page, 'insert into notes values (4)');
    expect(await query(page, 'select count(*) from notes')).toEqual([['4']]);
    const { violations, gone } = await standingFrame(page);
    expect([violations, gone]).toEqual([[], ['store-1']]);
  },
);
