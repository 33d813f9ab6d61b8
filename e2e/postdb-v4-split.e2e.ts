// A tablet of `postdb-v4` is split by its menu, and a hot one by itself: the lens, the SQL views, the captions and the heat map show it,
// statements by the old routes are sent on, and no row is lost.
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, chooseFromMenu, exportTape, passTime, query, runUntil } from './support/lab-page.ts';
import { accounts, expectWhole, HEAT, lensOf, rowOf, standOnTablets, WHOLE } from './support/tablets.ts';

test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

test(
  'PCS-46 PCS-74 PCS-113 a tablet is split from its menu and a hot one by itself; lens, views and heat map show it',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await standOnTablets(page);
    const lens = lensOf(page);
    expect(await accounts(page)).toEqual(WHOLE);

    await test.step('PCS-46 by the menu of a group: its upper keys are another group’s', async () => {
      const tile = lens.locator('[data-replica^="g2 "]').first();
      await chooseFromMenu(page, tile, 'Split it in the middle of its rows');
      await expect.poll(() => exportTape(page)).toMatch(/ splitGroup g2\n/);
      await runUntil(page, 'split.cut');
      await passTime(page, 60_000);
      await expect(rowOf(page, 'g5')).toContainText('accounts [38, 51)');
      await expect(rowOf(page, 'g2')).toContainText('accounts [26, 38)');
      const listed = await query(
        page,
        "select s.replications, s.primary_node = v.writer, g.geo_epoch from pcs_shards s join pcs_groups g using (group_id) join pcs_volumes v using (volume) where group_id in ('g2', 'g5') order by group_id",
      );
      expect(listed).toEqual([
        ['n1,n2,n3', 't', '2'],
        ['n1,n2,n3', 't', '2'],
      ]);
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });

    await test.step('PCS-52 PCS-53 both halves are read and written, whatever the driver knew', async () => {
      await query(page, "update accounts set owner = 'low' where id = 37");
      await query(page, "update accounts set owner = 'high' where id = 38");
      expect(await query(page, 'select owner from accounts where id in (37, 38) order by id')).toEqual([
        ['low'],
        ['high'],
      ]);
      expect(await accounts(page)).toEqual(WHOLE);
    });

    await test.step('PCS-74 a range that is hot for long enough is split by itself', async () => {
      await act(page, HEAT);
      await runUntil(page, 'split.begin');
      await expect(page.locator('[data-caption="split.begin"]')).toContainText(
        /more than its share of the load/,
      );
      await runUntil(page, 'split.cut');
      await passTime(page, 60_000);
      // of its 25 rows the first five are asked for: where these requests are halved, not the rows
      await expect(rowOf(page, 'g6')).toContainText(/accounts \[[2-5], 26\)/);
      await expect(rowOf(page, 'g1')).toContainText(/accounts \[−∞, [2-5]\)/);
    });

    await test.step('PCS-74 the heat map has both splits on the rows of who gave and who got', async () => {
      await lens.getByRole('tab', { name: 'Heat of key ranges' }).press('Enter');
      const heat = lens.getByRole('table', { name: 'Heat of key ranges' });
      for (const group of ['g1', 'g6'])
        await expect(heat.getByRole('row').filter({ hasText: group })).toContainText('split by key');
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });

    await test.step('nothing is lost, no rule broken, and the tape ends with the same disks without a browser', async () => {
      await expectWhole(page);
    });
  },
);
