// `postdb-v4` in a browser: a table cut into tablets, rows written through the driver to the primary of each, a read that is gathered, a primary that dies and
// is replaced, the placement lens by keyboard, and all of it again after a reload.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import {
  node,
  openPreset,
  passTime,
  pause,
  query,
  runInConsole,
  standingFrame,
  waitForLive,
} from './support/lab-page.ts';
import { lensOf } from './support/tablets.ts';

const groups = (lens: Locator): Locator => lens.getByRole('table', { name: 'Groups by node' });
const row = (lens: Locator, group: string): Locator =>
  groups(lens).getByRole('row', { name: group, exact: true });

/** Primary of a group as the leader of the metadata has it, and in which term. */
async function primaryOf(
  page: Page,
  group: string,
): Promise<{ readonly node: string; readonly term: number }> {
  const rows = await query(
    page,
    `select s.primary_node, v.token from pcs_shards s join pcs_groups g using (group_id) join pcs_volumes v using (volume) where group_id = '${group}' and lsn_range like '%MAX)'`,
  );
  const [primary, term] = rows[0] ?? [];
  return { node: primary ?? '', term: Number(term) };
}

test('PCS-36 PCS-39 PCS-49 a table in tablets, a primary that dies, the placement lens by keyboard, and a reload', async ({
  lab,
}) => {
  const page = await openPreset(lab, 'postdb-v4');
  const lens = lensOf(page);

  await test.step('one card has the three roles of a node', async () => {
    await expect(node(page, 'n2')).toHaveAccessibleName(/writer, storage replica .* and control, up/);
  });

  await test.step('PCS-39 a tablet gets its group with its first write; a statement over two groups is refused by their names', async () => {
    const made = await runInConsole(
      page,
      "create table t (k int primary key, v int) with (split_at = '10,20')",
    );
    await expect(made).toContainText('CREATE TABLE');
    await page.keyboard.press('Escape');
    await page.evaluate(() =>
      document.activeElement instanceof HTMLElement ? document.activeElement.blur() : 0,
    );
    await page.keyboard.press('3');
    await expect(lens).toBeVisible();
    await expect(lens).toContainText('t [10, 20)');
    await query(page, 'insert into t values (11, 1)');
    await query(page, 'insert into t values (1, 1)');
    await expect(row(lens, 'g5')).toContainText('t [10, 20)');
    await expect(row(lens, 'g6')).toContainText('t [−∞, 10)');
    const both = await runInConsole(page, 'update t set v = 2 where k = 1 or k = 11');
    await expect(both.getByRole('alert')).toContainText(/0A000 .*g6 .* and g5|0A000 .*g5 .* and g6/);
  });

  await test.step('PCS-56 PCS-97 a read of both groups names who gathered it, and its read point in each volume', async () => {
    const sum = await runInConsole(page, 'select count(*), sum(v) from t where k < 20');
    await expect(sum).toContainText(/gathered by n[123] at v\d+@\d+ v\d+@\d+/);
    await pause(page);
  });

  const before = await primaryOf(page, 'g5');

  await test.step('by arrow keys from group to group; the map shows its replicas', async () => {
    // The read has brought its picture.
    await lens.getByRole('tab', { name: 'Groups × nodes' }).press('Enter');
    const slider = lens.getByRole('slider', { name: 'Group', exact: true });
    await slider.focus();
    await page.keyboard.press('End');
    await expect(slider).toHaveAttribute('aria-valuetext', /^g5, t \[10, 20\): primary n\d in term 1/);
    await page.keyboard.press('ArrowUp');
    await expect(slider).toHaveAttribute('aria-valuetext', /^g6, t/);
    await page.keyboard.press('ArrowDown');
    await expect(lens.getByRole('region', { name: 'Log of g5 in shards, by LSN' })).toContainText('open');
  });

  await test.step('PCS-49 FENCE-21 its primary dies: another replica leads under a greater term, and has the row', async () => {
    await lens
      .getByRole('button', { name: `Crash the primary of g5, ${before.node}`, exact: true })
      .press('Enter');
    await passTime(page, 120_000);
    const rows = await query(page, 'select v from t where k = 11');
    expect(rows).toEqual([['1']]);
    const after = await primaryOf(page, 'g5');
    expect(after.node).not.toBe(before.node);
    expect(after.term).toBeGreaterThan(before.term);
    await query(page, 'insert into t values (12, 2)');
    expect((await standingFrame(page)).violations).toEqual([]);
  });

  await test.step('PCS-74 the heat of key ranges has what happened to each', async () => {
    await lens.getByRole('tab', { name: 'Heat of key ranges' }).press('Enter');
    const cell = lens.getByRole('slider', { name: 'Cell of the heat map' });
    await cell.focus();
    await page.keyboard.press('ArrowDown');
    await expect(cell).toHaveAttribute('aria-valuetext', /^g2 accounts \[26, 51\), .* requests, \d+ commits/);
    await expect(lens.getByRole('table', { name: 'Heat of key ranges' })).toContainText('primary lost');
    await lens.getByRole('tab', { name: 'Groups × nodes' }).press('Enter');
  });

  await test.step('E11 a reload is a power cut: every row is there, and every group has a primary', async () => {
    await page.reload();
    await waitForLive(page);
    await pause(page);
    await passTime(page, 300_000);
    expect(await query(page, 'select k, v from t where k >= 10 and k < 20 order by k')).toEqual([
      ['11', '1'],
      ['12', '2'],
    ]);
    await page.keyboard.press('3');
    await expect(row(lens, 'g5')).toContainText('t [10, 20)');
    const { violations } = await standingFrame(page);
    expect(violations).toEqual([]);
  });
});
