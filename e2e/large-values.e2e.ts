// A value larger than a page in the console: written, and there after the writer has lost its power; who does not ask for it reads none
// of its pages.
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { chooseFromMenu, node, query, runInConsole, setSpeed, waitForLive } from './support/lab-page.ts';

test(
  'a text of 50,000 characters is written, survives a crash of the writer, and costs nothing where it is not asked for',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await setSpeed(page, 'max');
    await page.getByRole('tab', { name: 'SQL' }).click();
    await runInConsole(page, 'create table novels (id int primary key, body text)');
    const text = 'once upon a time '.repeat(2942).slice(0, 50_000);
    await runInConsole(page, `insert into novels values (1, '${text}')`);
    const before = await runInConsole(page, 'select length(body), right(body, 9) from novels');
    await expect(before).toContainText('50000');
    await chooseFromMenu(page, node(page, 'rw-1'), 'Crash (power cut)');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, down,/);
    await chooseFromMenu(page, node(page, 'rw-1'), 'Restart');
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/, up,/);
    const after = await runInConsole(page, 'select length(body), right(body, 9) from novels');
    await expect(after).toContainText('50000');
    expect(await query(page, 'select body from novels')).toEqual([[text]]);
    const pagesOf = async (column: string): Promise<number> => {
      const plan = await runInConsole(page, `explain analyze select ${column} from novels`);
      const text = (await plan.textContent()) ?? '';
      return [...text.matchAll(/(\d+) (?:in the buffer|from )/g)].reduce(
        (sum, [, pages]) => sum + Number(pages),
        0,
      );
    };
    expect(await pagesOf('length(body)')).toBeGreaterThan(50);
    expect(await pagesOf('id')).toBeLessThan(10);
    await page.screenshot({ path: test.info().outputPath('large-values.png') });
    expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
  },
);
