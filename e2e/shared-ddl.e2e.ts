// A definition across readers of shared storage by what a person types and clicks (docs/spec/logindex.md LI-64 to LI-66): it waits for the reader whose
// transaction or statement uses the table, the screen says for whom and what ends that, and it goes on afterwards; a reader that is cut off is waited for
// until its lease ends; where readers give way they are cancelled, and where they do not the definition fails.
import type { Locator, Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { ENGINE } from '../src/sim/engine.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  node,
  passTime,
  runUntil,
  standingFrame,
  standOn,
  startTape,
  waitForLive,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

const strip = (page: Page): Locator => page.getByRole('region', { name: 'What blocks progress now' });
const lensOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Pages: past and future', exact: true });
const definitions = (page: Page): Locator =>
  lensOf(page).getByRole('table', { name: 'Definitions that wait for readers' });

/** Types a statement for this target and runs it: to its reply, or as far as time goes by. */
async function run(page: Page, target: string, text: string, toReply: boolean): Promise<Locator> {
  await page.getByRole('tab', { name: 'SQL' }).click();
  await page.getByRole('combobox', { name: 'Statements go to' }).selectOption(target);
  await page.getByRole('textbox', { name: 'SQL statement' }).fill(text);
  const runs = page.getByRole('region', { name: 'Results' }).getByRole('article');
  const before = await runs.count();
  await page
    .getByRole('button', { name: toReply ? 'Run to my reply' : 'Run', exact: true })
    .and(page.locator(':enabled'))
    .click();
  await expect(runs).toHaveCount(before + 1);
  // an answer that comes goes to the end of the list
  const answer = runs.filter({ hasText: text.slice(0, 40) }).last();
  if (toReply) await expect(answer).toHaveAttribute('aria-busy', 'false');
  return answer;
}

const rowsFrom = (first: number): string =>
  `insert into t values ${Array.from({ length: 400 }, (_, i) => `(${first + i}, ${i})`).join(', ')}`;

async function makeTable(page: Page): Promise<void> {
  await run(page, 'd1 · v1', 'create table t (k int primary key, v int)', true);
  await run(page, 'd1 · v1', rowsFrom(0), true);
  await run(page, 'd1 · v1', rowsFrom(400), true);
  await passTime(page, 100_000);
}

/** The lens by its key, which the map takes. */
async function openLens(page: Page): Promise<void> {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  if (!(await lensOf(page).isVisible())) await page.keyboard.press('5');
  await expect(lensOf(page)).toBeVisible();
}

test.use({ browserOptions: { viewport: { width: 1920, height: 1080 } } });

test(
  'LI-64 LI-65 LI-66 DROP TABLE and TRUNCATE wait for a reader, the screen says for whom, and what ends it',
  deep,
  async ({ lab }) => {
    await watchPassing(lab.page());
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'polardb');
    await passTime(page, 60_000);
    await makeTable(page);

    await test.step('LI-64 an open transaction of a reader holds up DROP TABLE', async () => {
      const held = await run(page, 'd1 · ro-1', 'begin; select count(*) from t', true);
      await expect(held).toContainText('d1 · ro-1');
      await expect(held.getByRole('cell', { name: '800' })).toBeVisible();
      const drop = await run(page, 'd1 · v1', 'drop table t', false);
      await runUntil(page, 'ro.lock at ro-1');
      await passTime(page, 20_000);
      await expect(strip(page)).toContainText(
        'drop table t at rw-1 waits until every reader has replayed its lock, 1 of 2 have: session A-ro-1 has used the table at ro-1, and its transaction is open',
      );
      await expect(drop).toHaveAttribute('aria-busy', 'true');
      await openLens(page);
      await expect(definitions(page).getByRole('row').nth(1)).toContainText(
        /drop table t\s*t\s*\d.* ms\s*ro-1\s*session A-ro-1 has used it, and its transaction is open\s*at [\d ]+\.\d+ ms they are cancelled \(40001\)/,
      );
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
      expect(await seriousFindings(page, '[data-blocked]')).toEqual([]);
      await expectPassed(page, /^caption: ro-1 cannot replay the lock of t yet: /);
      await page.screenshot({ path: 'test-results/ddl-held-en.png' });
    });

    await test.step('LI-64 the same in Chinese', async () => {
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('menuitemcheckbox', { name: '中文' }).click();
      await expect(page.locator('[data-blocked]')).toContainText(
        'rw-1 上的 drop table t 等待所有只读节点回放其锁，已有 1/2 个：会话 A-ro-1 在 ro-1 上用过该表，其事务未结束',
      );
      await expect(page.locator('[data-way-out]').first()).toHaveText('d1 上 A-ro-1 的 ROLLBACK');
      await page.screenshot({ path: 'test-results/ddl-held-zh.png' });
      await page.getByRole('button', { name: '菜单' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'English' }).click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    });

    await test.step('LI-66 who comes later waits behind the lock at the other reader; the transaction still reads every row', async () => {
      const late = await run(page, 'd1 · ro-2', 'select count(k) from t', false);
      await passTime(page, 20_000);
      await expect(late).toHaveAttribute('aria-busy', 'true');
      const again = await run(page, 'd1 · ro-1', 'select sum(v) from t', true);
      await expect(again.getByRole('cell', { name: '159600' })).toBeVisible();
      const drop = page.getByRole('article').filter({ hasText: 'drop table t' }).last();
      await expect(drop).toHaveAttribute('aria-busy', 'true');

      await run(page, 'd1 · ro-1', 'commit', true);
      await passTime(page, 60_000);
      await expect(drop).toContainText('DROP TABLE');
      await expect(strip(page)).toHaveCount(0);
      await expect(late.getByRole('alert')).toContainText(/^42P01 /);
    });

    await test.step('LI-64 a statement that runs at a reader is named, and ends the wait when it ends', async () => {
      await makeTable(page);
      const scan = await run(page, 'd1 · ro-1', 'select count(*) from t a, t b where a.v < b.v', false);
      await passTime(page, 20_000);
      const cut = await run(page, 'd1 · v1', 'truncate t', false);
      await passTime(page, 25_000);
      await expect(strip(page)).toContainText(
        'truncate t at rw-1 waits until every reader has replayed its lock, 1 of 2 have: session A-ro-1 runs a statement on the table at ro-1',
      );
      await openLens(page);
      await expect(definitions(page)).toContainText('session A-ro-1 runs select count(*) from t a, t b');
      await page.screenshot({ path: 'test-results/ddl-runs-en.png' });
      await passTime(page, 250_000);
      await expect(scan.getByRole('cell', { name: '319200' })).toBeVisible();
      await expect(cut).toContainText('TRUNCATE TABLE');
      await expect(strip(page)).toHaveCount(0);
    });

    await test.step('LI-65 the way out on the strip ends the transaction that is in the way', async () => {
      await run(page, 'd1 · ro-1', 'begin; select count(*) from t', true);
      const alter = await run(page, 'd1 · v1', 'alter table t add column w int', false);
      await passTime(page, 30_000);
      await expect(strip(page)).toContainText('alter table t add column w int at rw-1 waits');
      await strip(page).getByRole('button', { name: 'ROLLBACK of A-ro-1 at d1' }).click();
      await passTime(page, 60_000);
      await expect(alter).toContainText('ALTER TABLE');
      await expect(strip(page)).toHaveCount(0);
    });

    await test.step('LI-63 a reader that is cut off is waited for until its lease ends, and no longer', async () => {
      await run(page, 'd1 · ro-1', 'begin; select count(*) from t', true);
      await chooseFromMenu(page, node(page, 'ro-1'), 'Silence it until its lease is over (200 ms)');
      const drop = await run(page, 'd1 · v1', 'drop table t', false);
      await passTime(page, 15_000);
      await expect(strip(page)).toContainText('ro-1 does not answer; it is waited for until its lease ends');
      await openLens(page);
      await page.screenshot({ path: 'test-results/ddl-cut-en.png' });
      await runUntil(page, 'slot.dropped at rw-1');
      await passTime(page, 40_000);
      await expect(drop).toContainText('DROP TABLE');
      await passTime(page, 200_000);
      const after = await run(page, 'd1 · ro-1', 'select max(k) from t', true);
      await expect(after.getByRole('alert')).toBeVisible();
      await page.screenshot({ path: 'test-results/ddl-after-en.png' });
      expect((await standingFrame(page)).violations).toEqual([]);
    });

    for (const [doesCancel, says] of [
      [1, 'they are cancelled (40001)'],
      [0, 'the definition fails (55P03)'],
    ] as const)
      await test.step(`LI-65 after ddlTimeoutMs ${says}`, async () => {
        const head = ['postdb-tape 1', `engine ${ENGINE}`, 'preset polardb', 'profile demo', 'seed 3'];
        const tape = [...head, 'set ddlTimeoutMs 150', `set ddlCancels ${doesCancel}`, '', ''].join('\n');
        await startTape(page, tape, 200_000);
        await expect.poll(() => page.evaluate(() => window.lab.run().liveTime)).toBeLessThan(300_000);
        await runUntil(page, 'time >= 260');
        await makeTable(page);
        await run(page, 'd1 · ro-1', 'begin; select count(*) from t', true);
        const drop = await run(page, 'd1 · v1', 'drop table t', false);
        await passTime(page, 40_000);
        await openLens(page);
        await expect(definitions(page)).toContainText(says);
        await passTime(page, 200_000);
        await expect(strip(page)).toHaveCount(0);
        if (doesCancel === 1) await expect(drop).toContainText('DROP TABLE');
        else await expect(drop.getByRole('alert')).toContainText(/^55P03 /);
        const after = await run(page, 'd1 · ro-1', 'select max(k) from t', true);
        if (doesCancel === 1) await expect(after.getByRole('alert')).toContainText(/^25P02 /);
        else await expect(after.getByRole('cell', { name: '799' })).toBeVisible();
        expect((await standingFrame(page)).violations).toEqual([]);
      });
  },
);
