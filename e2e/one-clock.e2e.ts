// One clock: map, outline and lenses show one instant, in both wordings. What they say of how far each node is, is read as text and compared:
// while time stands all of it, while time passes what says one instant.
import type { Locator, Page } from '@playwright/test';
import { offeredPresets } from '../src/stacks/preset-names.ts';
import { disagreements, figuresOf, type PartText } from '../src/ui/testing/figures.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { node, openPreset, passTime, pause, setSpeed } from './support/lab-page.ts';

/** The outline lists the groups of a node and then how far it has each: the words of one beside its number. */
function pairGroups(text: string): string {
  const [before = '', after] = text.split(/\bSCL |\bhas all up to /);
  if (after === undefined) return text;
  const groups = /replica of ([^,]*(?:, g\d+)*(?: and g\d+)?)/.exec(before)?.[1]?.match(/g\d+/g) ?? [];
  const values = after.split(/, | and /);
  return before + groups.map((group, i) => `SCL ${group} ${values[i]}`).join(', ');
}

/** What the page says at one moment, by part; instants are those that parts write beside their titles while time passes. */
async function read(page: Page): Promise<readonly PartText[]> {
  const parts = await page.evaluate(() => {
    const lines = (element: Element): string =>
      // biome-ignore lint/performance/useDomNodeTextContent: what is read is what is seen, line by line
      (element instanceof HTMLElement ? element.innerText : '').split('\n').filter(Boolean).join(' ');
    const instantOf = (region: string): string | null =>
      document.querySelector(`[data-region="${region}"] .part-instant`)?.textContent ?? null;
    const cards = [...document.querySelectorAll('.react-flow__node[data-id]')];
    const names = new Set(cards.map((card) => card.getAttribute('data-id') ?? ''));
    const nodeIn = (text: string): string => text.replace('★', '').trim().split(/[\s,]/)[0] ?? '';
    const map = cards.map((card) => [card.getAttribute('data-id') ?? '', lines(card)] as const);
    const outline = [...document.querySelectorAll('[role="treeitem"][aria-level="2"]')].map(
      (item) => [nodeIn(lines(item)), lines(item)] as const,
    );
    const rows = [...document.querySelectorAll('[data-region="lens"] table')].flatMap((table) => {
      const heads = [...table.querySelectorAll('thead th')].map(lines);
      return [...table.querySelectorAll('tbody tr')].map((row) => {
        const cells = [...row.children].map(lines);
        return [
          nodeIn(cells[0] ?? ''),
          cells.map((cell, i) => `${heads[i] ?? ''} ${cell}`).join(', '),
        ] as const;
      });
    });
    const known = (all: readonly (readonly [string, string])[]): Record<string, string> => {
      const nodes: Record<string, string> = {};
      for (const [node, text] of all) if (names.has(node)) nodes[node] = `${nodes[node] ?? ''} ${text}`;
      return nodes;
    };
    return [
      { part: 'map', instant: instantOf('map'), nodes: known(map) },
      { part: 'outline', instant: instantOf('tree'), nodes: known(outline) },
      { part: 'lens', instant: instantOf('lens'), nodes: known(rows) },
    ];
  });
  return parts.map((one) =>
    one.part !== 'outline'
      ? one
      : {
          ...one,
          nodes: Object.fromEntries(
            Object.entries(one.nodes).map(([node, text]) => [node, pairGroups(text)]),
          ),
        },
  );
}

/** Disagreements, and of how many figures there are two. */
async function compare(page: Page): Promise<{ readonly apart: readonly string[]; readonly twice: number }> {
  const figures = (await read(page)).flatMap(figuresOf);
  const told = new Map<string, Set<string>>();
  for (const { part, node, quantity } of figures) {
    const key = `${node} ${quantity}`;
    told.set(key, (told.get(key) ?? new Set()).add(part));
  }
  return {
    apart: disagreements(figures),
    twice: [...told.values()].filter((parts) => parts.size > 1).length,
  };
}

async function setWording(page: Page, wording: 'plain' | 'expert'): Promise<void> {
  await page.getByRole('combobox', { name: 'Figures' }).selectOption(wording);
}

const lensChoice = (page: Page): Locator => page.locator('[data-region="lens"] .panel-head select');

const lensIds = (page: Page): Promise<readonly string[]> =>
  lensChoice(page)
    .locator('option')
    .evaluateAll((all) => all.map((one) => (one instanceof HTMLOptionElement ? one.value : '')));

/** Standing: both wordings beside each lens. Then a stretch in which time passes, and at rest again. */
async function tryPreset(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('button', { name: 'Tree', exact: true }).click();
  await passTime(page, 150_000);
  await pause(page);
  for (const wording of ['plain', 'expert'] as const) {
    await setWording(page, wording);
    for (const lens of await lensIds(page)) {
      await lensChoice(page).selectOption(lens);
      await expect
        .poll(async () => (await compare(page)).apart, { message: `${wording}, lens ${lens}` })
        .toEqual([]);
    }
    expect((await compare(page)).twice, wording).toBeGreaterThanOrEqual(3);
  }
  await setSpeed(page, 0.02);
  await page.evaluate(() => window.lab.play());
  for (let look = 0; look < 12; look++) {
    await expect.poll(async () => (await read(page)).every(({ instant }) => instant !== null)).toBe(true);
    expect((await compare(page)).apart).toEqual([]);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  }
  await pause(page);
  await expect.poll(async () => (await read(page)).every(({ instant }) => instant === null)).toBe(true);
  await expect.poll(async () => (await compare(page)).apart).toEqual([]);
}

test('E63 map, outline and lenses say one thing of each node, standing and while time passes', async ({
  lab,
}) => {
  const page = await openPreset(lab, 'cynosdb-ro');
  await tryPreset(page);
  // Planted: a card's figure that is another's.
  await page.evaluate(() => {
    const card = document.querySelector('.react-flow__node[data-id="rw-1"]');
    const walker = document.createTreeWalker(card ?? document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode())
      if (/^[\d\u2009\u202f]{3,}$/.test(text.nodeValue ?? '')) text.nodeValue = '7';
  });
  expect((await compare(page)).apart.join()).toContain('map says of rw-1: safe 7');
  // Planted: a card that stays at the picture before while the others go on.
  const behind = await node(page, 'ro-1').evaluate((card) => card.innerHTML);
  await passTime(page, 40_000);
  await node(page, 'ro-1').evaluate((card, html) => {
    card.innerHTML = html;
  }, behind);
  expect((await compare(page)).apart.join()).toMatch(/map says of ro-1: sees \d+/);
});

test('E63 under the point of view of a node what shows the truth says so', deep, async ({ lab }) => {
  const page = await openPreset(lab, 'hook-hole');
  const note = page.locator('[data-region="lens"] [data-truth]');
  const chip = page.locator('[data-region="status"] [data-truth]');
  const steps = page.getByRole('list', { name: 'Steps of the statement' }).getByRole('listitem');
  await passTime(page, 60_000);
  await expect(steps.filter({ hasText: 'store-1 has them on disk.' })).toHaveCount(1);
  await expect(note.or(chip)).toHaveCount(0);
  await page.getByRole('combobox', { name: 'POV' }).selectOption('store-1');
  await expect(chip).toHaveText('truth, not store-1’s view');
  await expect(note).toContainText('the truth, and not what store-1 knows');
  const own = steps.and(page.locator(':not([data-elsewhere])'));
  await expect(own.filter({ hasText: 'store-1' })).not.toHaveCount(0);
  await expect(own.filter({ hasNotText: 'store-1' })).toHaveCount(0);
  // The lens of the log is drawn as the node knows it, and says that.
  await lensChoice(page).selectOption('wal');
  await expect(page.getByRole('region', { name: 'What store-1 knows' })).toBeVisible();
  await expect(note).toHaveCount(0);
  await lensChoice(page).selectOption('mtr');
  await note.getByRole('button', { name: 'Show the truth' }).click();
  await expect(note.or(chip)).toHaveCount(0);
});

for (const preset of offeredPresets.filter((name) => name !== 'cynosdb-ro'))
  test(`E63 the parts of ${preset} say one thing of each node`, deep, async ({ lab }) => {
    await tryPreset(await openPreset(lab, preset));
  });
