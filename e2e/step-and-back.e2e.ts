// E17: the past is there again, exactly, by stepping back.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { pause, runState, stepsTaken, waitForLive, watchSteps } from './support/lab-page.ts';

/** Every watermark the lens shows, once it shows those of the newest picture: it may be some pictures behind. */
async function outputs(page: Page): Promise<readonly string[]> {
  await page.waitForFunction(() => {
    const group = document.querySelector<HTMLElement>('output[data-group]')?.dataset.group;
    const isShown = (name: string, value: number): boolean => {
      const mark = document.querySelector<HTMLElement>(`output[aria-label="${name}"]`);
      return mark !== null && Number(mark.dataset.value ?? mark.textContent) === value;
    };
    return window.lab.frame()?.nodes.every(({ id, view }) =>
      (view?.roles ?? []).every((role) => {
        if (role.role === 'compute')
          return (['vdl', 'vcl', 'tail'] as const).every((mark) =>
            isShown(`${mark === 'tail' ? mark : mark.toUpperCase()} of v1`, role[mark]),
          );
        if (role.role !== 'store') return true;
        const own = role.groups.find((one) => one.group === group);
        return (['scl', 'ncl', 'nwl'] as const).every((mark) =>
          isShown(`${mark.toUpperCase()} of ${id}`, own?.[mark] ?? -1),
        );
      }),
    );
  });
  return page
    .getByRole('region', { name: 'WAL & holes' })
    .locator('output')
    .evaluateAll((all) => all.map((one) => `${one.getAttribute('aria-label')} ${one.textContent}`));
}

const shownTime = (page: Page): Promise<number> => page.evaluate(() => window.lab.frame()?.time ?? -1);

/** Ten presses of a button. */
async function press(page: Page, name: 'Step' | 'Back'): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const before = await shownTime(page);
    await page.getByRole('button', { name, exact: true }).click();
    await stepsTaken(page);
    const after = await shownTime(page);
    if (name === 'Step') expect(after).toBeGreaterThan(before);
    else expect(after).toBeLessThan(before);
  }
}

/** The writer's tail moves with records that are not yet worth a step. */
const isMeaningful = (output: string): boolean => !output.startsWith('tail of');

test('E17 ten steps on and ten back show what was shown at the start', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await page.keyboard.press('5');
  await pause(page);
  await watchSteps(page);
  const atStart = await outputs(page);
  expect(atStart.length).toBeGreaterThan(10);
  await press(page, 'Step');
  const live = await outputs(page);
  expect(live).not.toEqual(atStart);
  const caption = page.locator('[data-caption]');
  await expect(caption).not.toHaveText('');
  const told = (await caption.textContent()) ?? '';
  await press(page, 'Back');
  await expect(runState(page)).toHaveText(/^REVIEW −/);
  expect((await outputs(page)).filter(isMeaningful)).toEqual(atStart.filter(isMeaningful));
  // The same ten events again, now simulated: what the live cluster showed after them, to the last number.
  await press(page, 'Step');
  expect(await outputs(page)).toEqual(live);
  // However far one looks back, the present's story is the present's own.
  await page.keyboard.press('Home');
  await expect(caption).not.toHaveText(told);
  await page.getByRole('button', { name: 'Return to live' }).click();
  await expect(runState(page)).toHaveText('PAUSED');
  await expect(caption).toHaveText(told);
});
