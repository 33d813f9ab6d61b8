// The front door: what this is in one sentence, three architectures as a switch with pictures, and the gallery of presets.
import type { Locator } from '@playwright/test';
import { seriousFindings } from '../scripts/axe.mjs';
import { expect, test } from './support/lab-fixture.ts';
import { runOn, setSpeed, waitForLive } from './support/lab-page.ts';

test('E01 E25 three architectures are in sight from the first picture on; the gallery has a card for each preset, filtered and opened by a click', async ({
  lab,
}) => {
  const page = await lab.goto();
  const strip = page.getByRole('region', { name: 'What runs' });
  await expect(strip.getByRole('heading', { name: 'PostDB Lab' })).toBeVisible();
  await expect(strip).toContainText('A real database cluster runs in this tab. Right-click to break it.');
  const sharded = strip.getByRole('button', { name: /^Sharded/ });
  await expect(strip.getByRole('button', { name: /^Shared log/ })).toHaveAttribute('aria-pressed', 'true');
  await waitForLive(page);

  await test.step('the switch runs another architecture, and the way of its statements opens', async () => {
    await sharded.click();
    await expect(sharded).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('region', { name: 'Way of a statement' })).toBeVisible();
    await waitForLive(page);
  });

  await test.step('the gallery names presets, what to do first and lessons, and finds them by a word', async () => {
    await strip.getByRole('button', { name: /^All presets/ }).click();
    const gallery = page.getByRole('main', { name: 'Presets' });
    const cards = gallery.getByRole('listitem').filter({ has: page.getByRole('img', { name: /nodes: / }) });
    await expect(cards.nth(8)).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
    await gallery.getByRole('searchbox', { name: 'Filter' }).fill('standby');
    await expect(cards).toHaveCount(1);
    await expect(cards.getByRole('img', { name: /nodes: / })).toBeVisible();
    await gallery.getByRole('button', { name: 'Open cynosdb-ha' }).click();
    await expect(strip.getByRole('button', { name: 'All presets; cynosdb-ha runs' })).toBeVisible();
    await waitForLive(page);
  });

  await test.step('PRE-9 the cluster that runs becomes one’s own, and another one in four zones begins from a preset', async () => {
    await strip.getByRole('button', { name: /^All presets/ }).click();
    const gallery = page.getByRole('main', { name: 'Presets' });
    await gallery.getByRole('button', { name: 'Make it mine' }).click();
    const builder = page.getByRole('main', { name: 'Your cluster' });
    const field = (name: string): Locator => builder.getByRole('textbox', { name, exact: true });
    const outcome = builder.getByRole('complementary', { name: 'Preview and start' });
    await expect(field('Name')).toHaveValue('my-cynosdb-ha');
    await expect(outcome.getByText('Zone a lost: rw-1 goes with it and ha-1 takes over.')).toBeVisible();
    await field('Readers').fill('2');
    await outcome.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe('cynosdb.my-cynosdb-ha');
    await waitForLive(page);
    await expect(page.getByRole('group', { name: 'ro-2' })).toBeVisible();

    await strip.getByRole('button', { name: /^All presets/ }).click();
    await gallery.getByRole('link', { name: 'Change postdb-v4 and run it' }).click();
    await expect(field('Name')).toHaveValue('my-postdb-v4');
    await field('Nodes without metadata').fill('4');
    await field('Zones').fill('4');
    await outcome.getByRole('button', { name: 'Save', exact: true }).click();
    await outcome.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => page.evaluate(() => window.lab.frame()?.cluster.nodes.length)).toBe(8);
    await waitForLive(page);
    await expect(page.getByRole('group', { name: 'n7' })).toBeVisible();
    await expect(page.getByText('AZ d', { exact: true })).toBeVisible();
    await strip.getByRole('button', { name: /^All presets/ }).click();
    await gallery.getByRole('button', { name: 'Edit my-postdb-v4' }).click();
    await expect(field('Nodes without metadata')).toHaveValue('4');
    await builder.getByRole('button', { name: 'Back to the lab' }).click();
  });

  await test.step('E25 a picture of the sources by two clicks, and by a word of its name', async () => {
    await strip.getByRole('button', { name: /^All presets/ }).click();
    const gallery = page.getByRole('main', { name: 'Presets' });
    await gallery.getByRole('searchbox', { name: 'Filter' }).fill('logindex');
    await gallery.getByText(/^Pictures/).click();
    await gallery.getByRole('button', { name: 'LogIndex: a page and its LSNs' }).click();
    const disk = page.getByRole('region', { name: 'Shared disk', exact: true });
    await expect(disk.getByRole('img', { name: /^LSNs of .* by table$/ })).toBeVisible();
    await waitForLive(page);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('promotion');
    await page.getByRole('option', { name: /^Promotion, P1 to P6/ }).click();
    await expect(page.getByRole('region', { name: 'Pages: past and future' })).toBeVisible();
  });

  await test.step('E25 from the gallery to an incident, and from there to its counterpart, which a monitor names', async () => {
    await strip.getByRole('button', { name: /^All presets/ }).click();
    const gallery = page.getByRole('main', { name: 'Presets' });
    await gallery.getByRole('searchbox', { name: 'Filter' }).fill('split brain');
    await gallery.getByRole('button', { name: 'Play An old primary wakes: The protocol holds' }).click();
    const bar = page.getByRole('region', { name: 'Incident' });
    await expect(bar).toContainText('They refuse the log of the old one');
    await expect(bar).toContainText('No monitor reports a violation.');
    await setSpeed(page, 'max');
    await runOn(page, 120_000);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await bar.getByRole('button', { name: 'Now: With the rule off' }).click();
    await expect(bar).toContainText('The monitor of fence.stale-refused raises the alarm.');
    await setSpeed(page, 'max');
    await expect(page.getByRole('alert')).toContainText('fence.stale-refused');
    // Another run ends it.
    await strip.getByRole('button', { name: /^Shared disk/ }).click();
    await expect(bar).toHaveCount(0);
    await waitForLive(page);
  });

  await test.step('E13 a link begins a preset in place of the run that is saved, which is kept', async () => {
    const { runId } = await page.evaluate(() => window.lab.run());
    await page.evaluate(() => {
      location.hash = '#/lab&preset=cynosdb&seed=9';
    });
    await expect(strip.getByRole('button', { name: 'All presets; cynosdb runs' })).toBeVisible();
    await waitForLive(page);
    expect(new URL(page.url()).hash).toBe('#/lab');
    expect(await page.evaluate(() => window.lab.frame()?.seed)).toBe(9);
    const { runs } = await page.evaluate(() => window.lab.runs());
    expect(runs.map((run) => run.runId)).toContain(runId);
  });
});
