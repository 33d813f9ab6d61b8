// E22, E24: who asked for less motion begins with a cluster that stands; every step is read out.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  pause,
  readNumber,
  runState,
  stepsTaken,
  waitForLive,
  waitForPicture,
  watchSteps,
  watermark,
} from './support/lab-page.ts';

test(
  'E22 with reduced motion it starts paused, the step has the focus and moves VDL',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lab.goto();
    await expect(runState(page)).toHaveText('PAUSED');
    const step = page.getByRole('button', { name: 'Step', exact: true });
    await expect(step).toBeFocused();
    await expect(page.getByText('Messages stand still: arrows with progress')).toBeAttached();
    await page.keyboard.press('5');
    await expect(step).toBeFocused();
    const vdl = watermark(page, 'VDL', 'v1');
    const before = await readNumber(vdl);
    await expect
      .poll(async () => {
        await page.keyboard.press('Enter');
        return readNumber(vdl);
      })
      .toBeGreaterThan(before);
    await expect(runState(page)).toHaveText('PAUSED');
  },
);

test(
  'E24 a live region says what a step showed, N goes through what is read out, the outline says of every node how it is',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    const regions = page.locator('[aria-live="polite"]');
    const said = async (): Promise<string> => (await regions.allTextContents()).join(' ');
    const hole = /store-3 found a hole: g\d \[\d+,\d+\) never arrived/;
    const healed = await page.evaluate(() => window.lab.run().liveTime + 6000);
    await page.evaluate((time) => window.lab.runTo(time as never), healed);
    await waitForPicture(page, healed);
    expect(await said()).not.toMatch(hole);
    // Step by step to the one that opens the hole: that very step is read out, no later one.
    await watchSteps(page);
    const stepToHole = async (): Promise<boolean> => {
      await page.keyboard.press('.');
      await stepsTaken(page);
      return page.evaluate(
        () =>
          window.lab
            .frame()
            ?.nodes.find(({ id }) => id === 'store-3')
            ?.view?.roles.some(
              (role) => role.role === 'store' && role.groups.some((one) => one.holeCount > 0),
            ) === true,
      );
    };
    let steps = 1;
    while (!(await stepToHole()) && steps < 200) steps++;
    await expect.poll(said, `after ${steps} steps`).toMatch(hole);
    const before = await said();
    await page.keyboard.press('.');
    await expect.poll(said).not.toBe(before);

    await page.keyboard.press('n');
    await expect(page.getByText('Narration: meaningful events')).toBeVisible();
    await page.evaluate(() => window.lab.setSpeed(5000));
    await page.evaluate(() => window.lab.play());
    await expect(page.locator('[data-narration]')).not.toBeEmpty();
    await pause(page);
    await test.step('the outline says of every node where it is, what it does and how it is', () =>
      readOutline(page));
  },
);

async function readOutline(page: Page): Promise<void> {
  await act(page, 'crash store-2');
  await page.getByRole('button', { name: 'Tree', exact: true }).click();
  const tree = page.getByRole('tree', { name: 'Nodes by zone' });
  await expect(tree).toMatchAriaSnapshot(`
    - tree "Nodes by zone":
      - treeitem "AZ a" [expanded] [level=1]
      - treeitem /^d1, driver, up, \\d+ ok$/ [level=2]
      - treeitem "meta-1, control, up" [level=2]
      - treeitem /^rw-1, writer, up, log safe up to \\d+, token 1$/ [level=2]
      - treeitem /^store-1, storage replica of g1 and g2, up, has all up to \\d+ and \\d+/ [level=2]
      - treeitem "AZ b" [expanded] [level=1]
      - treeitem /^store-2, storage replica of g1 and g2, down, / [level=2]
      - treeitem "AZ c" [expanded] [level=1]
      - treeitem /^store-3, storage replica of g1 and g2, up, has all up to \\d+ and \\d+/ [level=2]
  `);
  // By keyboard: its role, the role's groups, back to the role and to the node, and the menu that the map has.
  const replica = tree.getByRole('treeitem', { name: /^store-3, / });
  await replica.focus();
  await page.keyboard.press('ArrowRight');
  await expect(replica).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  const role = tree.getByRole('treeitem', { name: /^storage replica, boot 1/, level: 3 });
  await expect(role).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const groups = tree.getByRole('treeitem', {
    name: /^has g[12] up to \d+, no gap up to \d+, newest \d+/,
    level: 4,
  });
  await expect(groups).toHaveCount(2);
  await expect(groups.first()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(role).toBeFocused();
  await page.keyboard.press('m');
  await expect(page.getByRole('menuitem', { name: 'Crash (power cut)', exact: true })).toBeVisible();
}
