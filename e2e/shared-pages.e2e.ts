// T1 to T5 of shared storage by clicks (docs/spec/logindex.md §3): the lessons of the page from the past and of the page from the future, the time
// axis of the account's page, and the mechanisms of each switched off and on again.
import type { Locator, Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { act, passTime, setSpeed, standingFrame } from './support/lab-page.ts';

const panelOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Lessons' });
const lensOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Pages: past and future', exact: true });

const verdictOf = (page: Page): Locator => lensOf(page).getByRole('status', { name: 'Reads of p1#1' });

/** A lesson by its buttons: every act done, every answer shown, to its end. */
async function playLesson(lab: Lab, id: string): Promise<Page> {
  const page = await lab.goto(`#/lessons/${id}`);
  const panel = panelOf(page);
  await expect(panel.getByRole('heading', { name: id })).toBeVisible();
  await setSpeed(page, 'max');
  const button = (name: string): Locator =>
    panel.getByRole('button', { name, exact: true }).and(page.locator(':enabled'));
  const end = panel.getByRole('listitem').filter({ hasText: /^Free play\s*\(done\)/ });
  const choices = ['Do it', 'Show me', 'Next', 'Finish'].map(button);
  const any = choices.reduce((all, one) => all.or(one));
  for (;;) {
    await expect(any.or(end).first()).toBeVisible();
    if (await end.isVisible()) return page;
    for (const one of choices)
      if (await one.isVisible()) {
        // a step that comes by itself may take the button away
        await one.click({ timeout: 3_000 }).catch(() => undefined);
        break;
      }
  }
}

/** The page of the account, which the writer changed last, on the time axis. */
async function showAxis(page: Page): Promise<Locator> {
  const lens = lensOf(page);
  await expect(lens).toBeVisible();
  await lens.getByRole('radio', { name: 'T1 to T5' }).click();
  const chosen = lens.getByRole('combobox', { name: 'Page' });
  await chosen.selectOption({ label: 'p1#1' });
  const axis = lens.getByRole('slider', { name: 'Steps of p1#1 over time' });
  await expect(axis).toHaveAttribute('aria-valuetext', /^T\d /);
  return axis;
}

async function switched(page: Page, name: string, verdict: RegExp, rules: readonly string[]): Promise<void> {
  await standingFrame(page); // the run is made again up to the time of its picture
  await lensOf(page).getByRole('switch', { name }).click();
  await expect(verdictOf(page)).toContainText(verdict);
  const { violations } = await standingFrame(page);
  expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...rules]));
  if (rules.length === 0) expect(violations).toEqual([]);
}

test(
  'LI-5 LI-6 LI-8 T1 to T5 by clicks: the page from the past and the page from the future, with their mechanisms off and on',
  deep,
  async ({ lab }) => {
    await test.step('LI-5 D01 to its end; on the axis the last read has records of LogIndex', async () => {
      const page = await playLesson(lab, 'D01');
      const axis = await showAxis(page);
      await expect(verdictOf(page)).toContainText(/No read was wrong\.$/);
      await axis.focus();
      await page.keyboard.press('Home');
      const first = await axis.getAttribute('aria-valuetext');
      await page.keyboard.press('ArrowRight');
      await expect(axis).not.toHaveAttribute('aria-valuetext', first ?? '');
      await page.keyboard.press('End');
      await expect(axis).toHaveAttribute('aria-valuetext', /^T\d .*/);
      expect(await seriousFindings(page, '[data-region="lens"]')).toEqual([]);
    });
    await test.step('LI-8 the same tape without LogIndex reads the past, with it again does not', async () => {
      const page = lab.page();
      await switched(page, 'Replay by LogIndex', /reads the past: /, ['ro.never-behind']);
      await switched(page, 'Replay by LogIndex', /No read was wrong\.$/, []);
    });
    await test.step('LI-8 LI-34 a page in the buffer, changed and read again: without OUTDATE marks it is of the past', async () => {
      const page = lab.page();
      await act(page, 'sql d1 "update p1 set balance = 700 where id = 1"');
      await passTime(page, 40_000);
      await act(page, 'sql d1 me "select balance from p1 where id = 1"');
      await passTime(page, 20_000);
      await switched(page, 'OUTDATE marks', /reads the past: /, ['ro.never-behind']);
      await switched(page, 'OUTDATE marks', /No read was wrong\.$/, []);
    });
    await test.step('LI-6 LI-40 D03 to its end; the page was held back', async () => {
      const page = await playLesson(lab, 'D03');
      await showAxis(page);
      await expect(verdictOf(page)).toContainText(/flush control: [1-9]\d*\. No read was wrong\.$/);
    });
    await test.step('LI-8 the same tape without flush control reads the future, with it again does not', async () => {
      const page = lab.page();
      await switched(page, 'Flush control', /reads the future: /, ['page.flush-gate', 'ro.never-ahead']);
      await switched(page, 'Flush control', /No read was wrong\.$/, []);
    });
  },
);
