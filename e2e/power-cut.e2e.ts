// E11, E12: a reload or a closed tab is a power cut; what was acknowledged is there afterwards.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { pause, query, runInConsole, stepUntilFlight, waitForLive } from './support/lab-page.ts';

test.use({ storage: 'profile' });

const lives = (page: Page): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(() =>
    Object.fromEntries((window.lab.frame()?.nodes ?? []).map((node) => [node.id, node.life])),
  );

const violations = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(() => window.lab.frame()?.violations ?? ['no picture']);

const recovered = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^Recovered after a power cut: 6 nodes opened from their disks/ });

test(
  'E11, E12 a reload, and a tab closed in the middle of a commit, are power cuts: no acknowledged row is lost, none is split',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    const answer = await runInConsole(
      page,
      "create table notes(id int primary key, body text); insert into notes values (1, 'kept')",
    );
    await expect(answer).toContainText('INSERT 0 1');
    const before = await lives(page);
    await page.reload();
    await waitForLive(page);
    await expect(recovered(page)).toBeVisible();
    const found = await runInConsole(page, 'select body from notes where id = 1');
    await expect(found.getByRole('cell', { name: 'kept' })).toBeVisible();
    const expected = Object.fromEntries(Object.entries(before).map(([id, life]) => [id, life + 1]));
    expect(await lives(page)).toEqual(expected);
    expect(await violations(page)).toEqual([]);

    await query(page, "insert into notes values (2, 'acknowledged')");
    await pause(page);
    const asked = await page.evaluate(() => {
      // Nobody waits for this answer: the tab is closed before it can come.
      void window.lab.sql('test', "insert into notes values (3, 'half'), (4, 'half')", { runToReply: false });
      return window.lab.run().liveTime;
    });
    await stepUntilFlight(page, { family: 'wal', from: 'rw-1', to: 'store-1', sentAfter: asked });
    await page.close();
    const next = await lab.newTab();
    await waitForLive(next);
    await expect(recovered(next)).toBeVisible();
    const rows = (await query(next, 'select id from notes order by id')).map(([id]) => id);
    expect([
      ['1', '2'],
      ['1', '2', '3', '4'],
    ]).toContainEqual(rows);
    expect(await violations(next)).toEqual([]);
  },
);
