// Failover at 1280 × 800 (docs/spec/failover.md): the writer dies and the PCS promotes the standby, the old writer comes back as a
// reader, and a planned switchover by the menu brings the volume back to it.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { act, chooseFromMenu, link, node, openPreset, query } from './support/lab-page.ts';

async function runOn(page: Page, us: number): Promise<void> {
  const to = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + us / 1000;
  const done = await page.evaluate((text) => window.lab.runUntil(text), `time >= ${to}`);
  expect(done.ok).toBe(true);
}

test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

test('FENCE-20 FENCE-14 FENCE-33 READ-32 the writer dies, the standby is promoted, the old writer comes back as a reader, and a switchover by the menu brings the volume back', async ({
  lab,
}) => {
  const page = await openPreset(lab, 'cynosdb-ha');
  await runOn(page, 100_000);
  await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up/);
  await expect(node(page, 'ha-1')).toHaveAccessibleName(/reader, up/);
  await query(page, "insert into accounts values (7007, 'of nobody else', 4711)", 'me');

  await test.step('FENCE-20 the PCS promotes the standby; what was acknowledged is there', async () => {
    await act(page, 'crash rw-1');
    await runOn(page, 80_000);
    await expect(node(page, 'ha-1')).toHaveAccessibleName(/writer, up/);
    expect(await query(page, 'select balance from accounts where id = 7007', 'me')).toEqual([['4711']]);
  });

  await test.step('FENCE-18 FENCE-51 FENCE-53 the recovery lens shows the group, its connections and the classic switch, calculated', async () => {
    await page.keyboard.press('9');
    const group = page.getByRole('table', { name: /^HA group of v1, token 2/ });
    await expect(
      group.getByRole('row', { name: /ha-1.*writer.*store-1, store-2, store-3 under 2/ }),
    ).toBeVisible();
    await expect(group.getByRole('row', { name: /ro-1.*never promoted.*none/ })).toBeVisible();
    await expect(page.getByRole('table', { name: /calculated/ }).getByRole('row')).toHaveCount(8);
  });

  await test.step('FENCE-14 the old writer comes back as a reader', async () => {
    await act(page, 'restart rw-1');
    await runOn(page, 40_000);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/reader, up/);
  });

  await test.step('FENCE-33 a planned switchover by the menu', async () => {
    await chooseFromMenu(page, node(page, 'rw-1'), 'Switch the writer over to it');
    await runOn(page, 60_000);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up/);
    await expect(node(page, 'ha-1')).toHaveAccessibleName(/reader, up/);
    expect(await query(page, 'select balance from accounts where id = 7007', 'me')).toEqual([['4711']]);
  });

  await test.step('FENCE-5 FENCE-14 F1 a writer that was frozen goes on beside its successor: three stores refuse its token, and one node writes', async () => {
    await act(page, 'freeze rw-1');
    await runOn(page, 80_000);
    await expect(node(page, 'ha-1')).toHaveAccessibleName(/writer, up/);
    const from = await page.evaluate(() => window.lab.run().liveTime);
    await act(page, 'resume rw-1');
    await runOn(page, 30_000);
    const refused = await page.evaluate(async (since) => {
      const query = { from: since, to: window.lab.run().liveTime, minRank: 0, known: null, limit: 1000 };
      const past = await window.lab.past({ ...query, kinds: ['wal.refused'], withMessages: false });
      return past.events.flatMap(({ node: store, event }) =>
        event.kind === 'wal.refused' && event.from === 'rw-1' && event.code === 'TOKEN_STALE'
          ? [store as string]
          : [],
      );
    }, from);
    expect([...new Set(refused)].sort()).toEqual(['store-1', 'store-2', 'store-3']);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/reader, up/);
    await expect(node(page, 'ha-1')).toHaveAccessibleName(/writer, up/);
    expect(await query(page, 'select balance from accounts where id = 7007', 'me')).toEqual([['4711']]);
  });

  await test.step('FENCE-57 a grey failure by the links: the writer reaches two stores no more and a standby does, so it is replaced, and stays so when the links are back', async () => {
    for (const store of ['store-1', 'store-2'])
      for (const [from, to] of [
        ['ha-1', store],
        [store, 'ha-1'],
      ] as const)
        await chooseFromMenu(page, link(page, 'ha-1', store), `Cut ${from} to ${to}`);
    await runOn(page, 90_000);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up/);
    await act(page, 'healAll');
    await runOn(page, 40_000);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up/);
    await expect(node(page, 'ha-1')).toHaveAccessibleName(/reader, up/);
    expect(await query(page, 'select balance from accounts where id = 7007', 'me')).toEqual([['4711']]);
  });
});
