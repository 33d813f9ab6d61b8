// A run on a projector: the presenter's window with its beats, the audience's window that only shows, one run for both.
import type { Page } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { runOn, standOn, waitForLive } from './support/lab-page.ts';

/** Opens the audience's window from the presenter's. */
async function openAudience(lab: Lab, presenter: Page): Promise<Page> {
  const opened = lab.browser().context.waitForEvent('page');
  await presenter.getByRole('button', { name: 'Open audience window' }).click();
  const audience = await opened;
  await expect(presenter.getByText('An audience window shows this run.')).toBeVisible();
  return audience;
}

const place = (presenter: Page) => presenter.getByRole('region', { name: 'Notes' }).getByRole('status');

/** Both windows show the same moment, which stands there. */
async function expectSameMoment(presenter: Page, audience: Page): Promise<number> {
  await expect.poll(() => presenter.evaluate(() => window.lab.run().playing)).toBe(false);
  const time = await presenter.evaluate(() => window.lab.frame()?.time ?? -1);
  await expect.poll(() => audience.evaluate(() => window.lab.frame()?.time)).toBe(time);
  return time;
}

/** An incident in the presenter's window, at its first beat. */
async function presentIncident(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^All presets/ }).click();
  const gallery = page.getByRole('main', { name: 'Presets' });
  await gallery.getByRole('searchbox', { name: 'Filter' }).fill('split brain');
  await gallery.getByRole('button', { name: 'Play An old primary wakes: The protocol holds' }).click();
  await page.getByRole('region', { name: 'Incident' }).getByRole('button', { name: 'Present' }).click();
  await expect(place(page)).toHaveText('Beat 1 of 3');
}

test('E37 an incident is presented from its first beat to its end by keys alone, in two windows of one run', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await presentIncident(page);
  const audience = await openAudience(lab, page);
  const title = audience.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('An old primary wakes');
  await page.bringToFront();
  expect(await expectSameMoment(page, audience)).toBe(149_000);

  await test.step('next plays to the next beat and stands; the caption is in both windows', async () => {
    await page.keyboard.press('PageDown');
    await expect(place(page)).toHaveText('Beat 2 of 3');
    expect(await expectSameMoment(page, audience)).toBe(150_000);
    await expect(title).toHaveText(/^Now: .*freeze rw-1 for 50 ms/);
    // The events of the run are the presenter's: the audience's lens asks for them.
    const steps = audience.getByRole('list', { name: 'Steps of the statement' });
    await expect(steps.getByText('The client receives COMMIT.')).toBeVisible();
  });

  await test.step('pressed on the way it is there at once, at the end of the incident', async () => {
    await page.keyboard.press('PageDown');
    await expect.poll(() => page.evaluate(() => window.lab.run().playing)).toBe(true);
    await page.keyboard.press('ArrowRight');
    await expect(place(page)).toHaveText('Beat 3 of 3');
    expect(await expectSameMoment(page, audience)).toBe(330_000);
    await expect(title).toHaveText('No monitor reports a violation.');
  });

  await test.step('back, blank, one pane, and the way out of everything; a clicker beside the audience does the same', async () => {
    await audience.keyboard.press('PageUp');
    await expect(place(page)).toHaveText('Beat 2 of 3');
    expect(await expectSameMoment(page, audience)).toBe(150_000);
    await page.keyboard.press('w');
    await expect(audience.locator('[data-blank]')).toBeVisible();
    await page.keyboard.press('f');
    await expect(audience.locator('[data-full=map]')).toHaveCount(1);
    // Twice at once, which a busy machine may not manage.
    await expect(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await expect(audience.locator('[data-full=none]')).toHaveCount(1, { timeout: 2_000 });
    }).toPass();
    await expect(audience.locator('[data-blank]')).toHaveCount(0);
  });
});

/** What a browser does to a window behind another. */
const hide = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (hidden ? 'hidden' : 'visible'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

test(
  'E37 a run with an audience goes on while its own window is hidden, and stops once the audience has gone',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/present');
    await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('LIVE');
    const audience = await openAudience(lab, page);
    await hide(page, true);
    await runOn(page, 3000);
    const seen = await audience.evaluate(() => window.lab.frame()?.time ?? 0);
    await expect
      .poll(() => audience.evaluate(() => window.lab.frame()?.time ?? 0))
      .toBeGreaterThan(seen + 2000);
    await audience.close();
    await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('PAUSED');
    await hide(page, false);
    await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('LIVE');
  },
);

test(
  'E37 beats of any run: added, written in both languages, asked; either window reloaded in the middle',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'cynosdb');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('present');
    await page.getByRole('option', { name: 'Present', exact: true }).click();
    const audience = await openAudience(lab, page);
    await page.bringToFront();

    await test.step('a beat is added here and written in both languages', async () => {
      await page.getByRole('button', { name: 'Add beat here' }).click();
      await expect(place(page)).toHaveText('Beat 1 of 1');
      await page.getByRole('button', { name: 'Edit this beat' }).click();
      const fields = {
        'Title, English': 'A commit needs two of three',
        'Title, Chinese': '提交需要三分之二',
        'Notes, English': 'Count the green discs.',
        'Notes, Chinese': '数一数绿色圆点。',
        'Question, English': 'How many may fail?',
        'Question, Chinese': '最多能坏几个？',
        'Answers, English, one a line': 'one\ntwo',
        'Answers, Chinese, one a line': '一个\n两个',
      };
      for (const [name, text] of Object.entries(fields))
        await page.getByRole('textbox', { name, exact: true }).fill(text);
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(audience.getByRole('heading', { level: 1 })).toHaveText('A commit needs two of three');
      await expect(page.getByText('数一数绿色圆点。')).toBeVisible();
      expect(await seriousFindings(page)).toEqual([]);
    });

    await test.step('the question with the hands that were counted, in the language of the audience', async () => {
      await page.getByRole('spinbutton', { name: 'Hands for: two' }).fill('7');
      await page.getByRole('button', { name: 'Show to the audience' }).click();
      await page.getByRole('combobox', { name: 'Language of the audience' }).selectOption('中文');
      const asked = audience.getByRole('region', { name: '提问' });
      await expect(asked).toContainText('两个7');
      await page.getByRole('button', { name: 'Hide from the audience' }).click();
      await expect(asked).toHaveCount(0);
    });

    await test.step('the audience reloaded shows what it showed', async () => {
      await audience.reload();
      await expect(audience.getByRole('heading', { level: 1 })).toHaveText('提交需要三分之二');
      await expectSameMoment(page, audience);
    });

    await test.step('the presenter reloaded has the same run, beats and audience', async () => {
      const run = await page.evaluate(() => window.lab.run().runId);
      await page.reload();
      await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toMatch(/LIVE|PAUSED/);
      await page.evaluate(() => window.lab.pause());
      await expect(place(page)).toHaveText('Beat 1 of 1');
      await expect(page.getByText('An audience window shows this run.')).toBeVisible();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await expectSameMoment(page, audience);
      expect(await page.evaluate(() => window.lab.run().runId)).toBe(run);
      expect(await page.evaluate(() => window.lab.exportTape())).toMatch(
        /^mark .*A commit needs two of three/m,
      );
    });
  },
);

test(
  'E37 a lesson is presented: its steps are beats, and a question is put to the audience before its answer is seen',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lessons/H01');
    await page.getByRole('button', { name: 'Present this lesson' }).click();
    await expect(place(page)).toHaveText('Beat 1 of 7');
    const audience = await openAudience(lab, page);
    const title = audience.getByRole('heading', { level: 1 });
    await expect(title).toContainText('Three replicas keep the log.');
    await page.bringToFront();
    for (const beat of [2, 3, 4]) {
      await page.keyboard.press('PageDown');
      await expect(place(page)).toHaveText(`Beat ${beat} of 7`);
      await expectSameMoment(page, audience);
    }
    await expect(title).toContainText('What will its list look like');
    await page.getByRole('button', { name: 'Show to the audience' }).click();
    await expect(audience.getByRole('region', { name: 'Question' })).toContainText('The next INSERT');
    await page.keyboard.press('PageDown');
    await expect(title).toContainText('The hole is [108, 112)');
    await expectSameMoment(page, audience);
    expect(await page.evaluate(() => window.lab.run().mode)).toBe('PAUSED');
    expect(await page.evaluate(() => window.lab.exportTape())).toMatch(/^mark .*The hole is \[108, 112\)/m);
  },
);
