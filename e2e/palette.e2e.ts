// E21: what the fault registry offers is in the palette and does there what it does anywhere else: one tape action, or the
// panel that asks for the rest. Every entry in `npm run deep`.

import type { Locator, Page } from '@playwright/test';
import type { WorldFrame } from '../src/run-model/picture/frame.ts';
import { printAction } from '../src/sim/tape-print.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { faultLabel } from '../src/ui/faults/fault-label.ts';
import {
  entriesFor,
  type FaultContext,
  type FaultEntry,
  faultRegistry,
  faultSubjects,
  timed,
} from '../src/ui/faults/registry.ts';
import { t } from '../src/ui/i18n/i18n.ts';
import { subjectText } from '../src/ui/selection/subject-text.ts';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  exportTape,
  leaveByEscape,
  link,
  node,
  pause,
  runState,
  standingFrame,
  stepUntilFlight,
  tapeEnd,
  waitForLive,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

/** Rounds of repair after which a cluster has nothing more to offer. */
const REPAIRS = 8;
/** Nodes selected by hand, for what is done to several. */
const selection = ['store-3', 'store-4'];

interface Choice {
  readonly entry: FaultEntry;
  readonly context: FaultContext;
  /** As the palette calls it. */
  readonly label: string;
}

const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Commands' });
const panel = (page: Page): Locator => page.getByRole('form');

/** Everything that is offered now. Of two that are called the same, as a message and its copy, neither is chosen. */
function choicesIn(frame: WorldFrame, selected: readonly string[]): readonly Choice[] {
  const choices = faultSubjects(frame).flatMap((subject) => {
    const context: FaultContext = { frame, subject, selection: selected };
    const name = subjectText(subject, frame, t);
    return entriesFor(context)
      .filter((entry) => entry.enabled(context))
      .map((entry): Choice => {
        const label = faultLabel(entry, context, t);
        return { entry, context, label: name === '' ? label : `${label}: ${name}` };
      });
  });
  const named = new Map<string, number>();
  for (const { label } of choices) named.set(label, (named.get(label) ?? 0) + 1);
  return choices.filter(({ label }) => named.get(label) === 1);
}

/** In what order: a change of members, or a pause, while all are well and at once its taking back, what takes the cluster apart last. */
const order = [
  // A message that was delayed can still be dropped, not the other way round.
  /rollback|resumeHoles|records\.delay/i,
  /moveReplica|remake|pauseHoles/i,
  /^(?!.*(crash|power|stop|wipe|putDiskBack|isolate|partition|HoleReply|AfterFence|OneDisk))/i,
  /./,
];
const needsTime = (id: string): boolean => order[1]?.test(id) ?? false;
const rankOf = ({ entry }: Choice): number => order.findIndex((pattern) => pattern.test(entry.id));

/** The next of these that makes sense now; what is undone by another entry comes with it. */
function nextChoice(frame: WorldFrame, open: ReadonlySet<string>): Choice | null {
  const choices = choicesIn(frame, selection).filter(({ entry }) => open.has(entry.id));
  return choices.toSorted((a, b) => rankOf(a) - rankOf(b))[0] ?? null;
}

/** Opens the palette and types a name, as one does who knows it: Enter would choose it. */
async function typeIn(page: Page, { entry, label }: Choice): Promise<void> {
  await page.keyboard.press('Control+k');
  await palette(page).getByRole('combobox').fill(label);
  const first = palette(page).getByRole('option', { name: label, exact: true, selected: true });
  await expect(first, `${entry.id}: ${label}`).toBeVisible();
}

async function pressEnter(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(palette(page)).toHaveCount(0);
}

/** Lines of the tape that end so. */
async function timesTaped(page: Page, line: string): Promise<number> {
  return (await exportTape(page)).split('\n').filter((one) => one.endsWith(` ${line}`)).length;
}

const viewport = (page: Page): Promise<string | null> =>
  page.locator('.react-flow__viewport').getAttribute('style');

/** A rare event ends with this line, whether or not it came about in what the others have left; its own tests see it come. */
async function expectTried(page: Page, first: RegExp, last: RegExp): Promise<void> {
  await expect.poll(async () => (await tapeEnd(page)).last).toMatch(last);
  expect(await exportTape(page)).toMatch(first);
}

/** Entries that are no single action: what shows that they did what they say. */
const seenToRun: Readonly<
  Record<string, (page: Page, context: FaultContext, before: string | null) => Promise<void>>
> = {
  async pauseBefore(page, { frame, subject }) {
    const message = subject.kind === 'message' ? subject.id : '';
    const arrivesAt = frame.flights.find(({ id }) => id === message)?.arrivesAt ?? Number.NaN;
    await expect.poll(async () => (await standingFrame(page)).time).toBe(arrivesAt - 1);
    expect((await standingFrame(page)).flights.map(({ id }) => id)).toContain(message);
  },
  async 'records.drop'(page) {
    await expect.poll(async () => (await tapeEnd(page)).last).toMatch(/^dropMessage \S+$/);
  },
  async 'records.delay'(page) {
    await expect.poll(async () => (await tapeEnd(page)).last).toMatch(/^delayMessage \S+ 5\.000 ms$/);
  },
  async follow(page, _context, before) {
    await expect.poll(() => viewport(page)).not.toBe(before);
  },
  async autoArrange(page, _context, before) {
    await expect.poll(() => viewport(page)).not.toBe(before);
  },
  async splitAskedHole(page) {
    await expectPassed(page, /^toast: Released W .* into the hole that store-3 is asking for\./);
    await expect.poll(async () => (await tapeEnd(page)).last).toBe('release rw-1 > store-3');
    expect(await timesTaped(page, 'holdNext rw-1 > store-3 : wal 12')).toBe(1);
    expect(await timesTaped(page, 'release rw-1 > store-3')).toBe(1);
  },
  lateHoleReply: (page) =>
    expectTried(page, / holdNext .* > store-\d : holeFill 1$/m, /^release .* > store-\d$/),
  oldWriteAfterFence: (page) =>
    expectTried(
      page,
      / holdNext rw-1 > store-\d : wal 1$/m,
      /^(releaseMessage \S+|release rw-1 > store-\d)$/,
    ),
  recordOnOneDisk: (page) => expectTried(page, / cut rw-1 \| store-\d/m, /^heal rw-1 \| store-\d/),
};

/** Chooses what is typed in, and sees that it does what the registry says: of an action, that one line and no other. */
async function chooseTyped(page: Page, { entry, context }: Choice): Promise<void> {
  const effect = entry.effect(context);
  if (effect.kind === 'act') {
    const { taped } = await tapeEnd(page);
    await pressEnter(page);
    const last = printAction(tapes, timed(effect.action));
    await expect.poll(() => tapeEnd(page), entry.id).toEqual({ taped: taped + 1, last });
  } else if (effect.kind === 'panel') {
    await pressEnter(page);
    await expect(panel(page), entry.id).toBeVisible();
    await leaveByEscape(page, panel(page));
  } else {
    const before = await viewport(page);
    await pressEnter(page);
    const shown = seenToRun[entry.id];
    if (shown === undefined) throw new Error(`${entry.id}: nothing says how its effect is seen`);
    await shown(page, context, before);
  }
}

/** Lets that much virtual time pass, or less: until a hole is asked for. */
const letPass = (page: Page, us: number, stopsAtRequest = false): Promise<void> =>
  page.evaluate(
    async ({ delta, orElse }) => {
      await window.lab.runUntil(`time >= ${(window.lab.run().liveTime + delta) / 1000}${orElse}`);
    },
    { delta: us, orElse: stopsAtRequest ? ' or hole.sent' : '' },
  );

/** Everything up and connected, some time for it, and a hole to ask for: what was not offered in the state before may be now. */
async function repair(page: Page): Promise<void> {
  const { nodes } = await standingFrame(page);
  await page.evaluate(
    async (lines) => {
      for (const line of lines) await window.lab.act(line);
    },
    [
      'healAll',
      ...nodes.flatMap(({ id, status }) =>
        status === 'down' ? [`restart ${id}`] : status === 'frozen' ? [`resume ${id}`] : [`diskOk ${id}`],
      ),
    ],
  );
  await letPass(page, 4000);
  await page.evaluate(() => window.lab.act('cut rw-1 > store-3 for 6 ms'));
  await letPass(page, 40_000, true);
}

/** The same next message in the same direction, asked for from the link's other end. */
const mirrorOf = (id: string): string =>
  id.includes('There') ? id.replace('There', 'Back') : id.replace('Back', 'There');

/** Journeys of about the same length; what is taken back by another entry is in one with it. */
const parts: readonly {
  readonly name: string;
  /** With a spare store to move a replica to; with an object store that takes the archive's messages. */
  readonly preset: 'cynosdb-4' | 'cynosdb-backup';
  readonly isOf: (entry: FaultEntry) => boolean;
}[] = [
  { name: 'of the backup', preset: 'cynosdb-backup', isOf: ({ id }) => /archive|object/i.test(id) },
  {
    name: 'of nodes and members',
    preset: 'cynosdb-4',
    isOf: ({ id, target }) => /^(node|zone|group)$/.test(target) || id === 'rollbackMove',
  },
  { name: 'of links, messages, what lenses show, and the whole', preset: 'cynosdb-4', isOf: () => true },
];
const partOf = (entry: FaultEntry): number => parts.findIndex(({ isOf }) => isOf(entry));

async function openLive(lab: Lab): Promise<Page> {
  await watchPassing(lab.page());
  const page = await lab.goto();
  await waitForLive(page);
  return page;
}

/** Chooses each of these in the palette, whatever else has to happen until it is offered; fails on what never is. */
async function chooseAll(
  page: Page,
  preset: string,
  wanted: readonly string[],
  selected: readonly string[],
): Promise<void> {
  const open = new Set(wanted);
  // No link here carries these in that direction: the same action is the other end's entry.
  const missing = (): readonly string[] =>
    [...open].filter((id) => open.has(mirrorOf(id)) || !wanted.includes(mirrorOf(id)));
  await page.evaluate((name) => window.lab.startRun({ preset: name, seed: 7 }), preset);
  await waitForLive(page);
  await pause(page);
  for (const id of selected) await node(page, id).click({ modifiers: ['Shift'] });
  await stepUntilFlight(page, { family: 'wal', fate: 'flying' });
  for (let repairs = 0; ; ) {
    const choice = nextChoice(await standingFrame(page), open);
    if (choice !== null) {
      await typeIn(page, choice);
      await chooseTyped(page, choice);
      open.delete(choice.entry.id);
      if (needsTime(choice.entry.id)) await letPass(page, 2000);
    } else if (missing().length > 0 && repairs < REPAIRS) {
      repairs++;
      await repair(page);
    } else break;
  }
  expect(missing()).toEqual([]);
}

for (const [i, { name, preset }] of parts.entries())
  test(`E21 every fault by the palette: ${name}`, deep, async ({ lab }) => {
    const wanted = faultRegistry.filter((entry) => partOf(entry) === i).map(({ id }) => id);
    await chooseAll(await openLive(lab), preset, wanted, preset === 'cynosdb-4' ? selection : []);
  });

/** On to an instant at which nothing flies over the link: a message is before the link that it is on. */
async function stepUntilClear(page: Page, a: string, b: string): Promise<WorldFrame> {
  const ends = [a, b];
  for (;;) {
    const frame = await standingFrame(page);
    const isOver = frame.flights.some(
      ({ from, to, label }) => label.family !== 'heartbeat' && ends.includes(from) && ends.includes(to),
    );
    if (!isOver) return frame;
    await page.evaluate(() => window.lab.step('every'));
  }
}

/** Names in a menu and its submenus, as they are read. */
async function namesInMenu(page: Page, target: Locator): Promise<readonly string[]> {
  await target.click({ button: 'right' });
  const menu = page.getByRole('menu').first();
  await expect(menu).toBeVisible();
  const names = (of: Locator): Promise<readonly string[]> =>
    of.locator('[role=menuitem]:not([aria-haspopup]) > .flex-1').allTextContents();
  const found = [...(await names(menu))];
  const submenus = menu.locator('[role=menuitem][aria-haspopup]');
  for (let i = 0; i < (await submenus.count()); i++) {
    await submenus.nth(i).click();
    const submenu = page.getByRole('menu', { name: (await submenus.nth(i).textContent()) ?? '' });
    await expect(submenu).toBeVisible();
    found.push(...(await names(submenu)));
  }
  await leaveByEscape(page, page.getByRole('menu'));
  return found;
}

test(
  'E21 a menu and the inspector offer what the palette offers, and each writes the same line',
  deep,
  async ({ lab }) => {
    const page = await openLive(lab);
    await pause(page);
    await test.step('what is typed while the palette is on its way is kept; a fault is undone from its toast', () =>
      crashAndUndo(page));
    await test.step('Space plays on once the Fault menu, which a click has opened, is left', async () => {
      await page.getByRole('button', { name: 'Fault', exact: true }).click();
      await leaveByEscape(page, page.getByRole('menu'));
      await page.keyboard.press('Space');
      await expect(runState(page)).toHaveText('LIVE');
      await expect(page.getByRole('menu')).toHaveCount(0);
      await pause(page);
    });
    const frame = await stepUntilClear(page, 'rw-1', 'store-3');
    const cases = [
      {
        subject: { kind: 'node', id: 'store-3' },
        target: node(page, 'store-3'),
        entry: 'clockAhead',
        section: 'CPU and clock',
      },
      {
        subject: { kind: 'link', a: 'rw-1', b: 'store-3' },
        target: link(page, 'rw-1', 'store-3'),
        entry: 'slowLink',
        section: 'Make it worse',
      },
    ] as const;
    for (const { subject, target, entry, section } of cases) {
      const context: FaultContext = { frame, subject, selection: [] };
      const registered = entriesFor(context).map((one) => faultLabel(one, context, t));
      // The menu has one entry of the view more: "Inspect".
      expect((await namesInMenu(page, target)).toSorted()).toEqual([...registered, 'Inspect'].toSorted());
      await chooseFromMenu(page, target, 'Inspect');
      const inspector = page.getByRole('region', { name: 'Inspector' });
      await inspector.getByRole('tab', { name: 'Faults' }).click();
      const tab = inspector.getByRole('tabpanel', { name: 'Faults' });
      expect((await tab.getByRole('button').allTextContents()).sort()).toEqual([...registered].sort());
      const choice = choicesIn(frame, []).find(
        (one) =>
          one.entry.id === entry &&
          subjectText(one.context.subject, frame, t) === subjectText(subject, frame, t),
      );
      if (choice === undefined) throw new Error(`${entry} is not offered`);
      const effect = choice.entry.effect(context);
      const line = effect.kind === 'act' ? printAction(tapes, timed(effect.action)) : '';
      const name = faultLabel(choice.entry, context, t);
      await typeIn(page, choice);
      await pressEnter(page);
      await expect.poll(() => timesTaped(page, line)).toBe(1);
      await tab.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => timesTaped(page, line)).toBe(2);
      await target.click({ button: 'right' });
      await page.getByRole('menuitem', { name: section }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
      await expect.poll(() => timesTaped(page, line)).toBe(3);
    }
    await test.step('the palette finds a node, a lens, an LSN, a page and a term in both languages', () =>
      findByPalette(page));
  },
);

/** The palette comes only after all of it was typed; what it did is undone from the toast. */
async function crashAndUndo(page: Page): Promise<void> {
  let letCome = (): void => undefined;
  const typed = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  const isPalette = /\/palette-[^/]*\.js$/;
  await page.route(isPalette, async (route) => {
    await typed;
    await route.continue();
  });
  const { taped } = await tapeEnd(page);
  await node(page, 'store-1').click();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('crash stork');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('e-2');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toHaveCount(0);
  letCome();
  await expect(palette(page).getByRole('combobox')).toHaveValue('crash store-2');
  await page.unroute(isPalette);
  // Neither a key of the table nor Enter has acted on what was not seen.
  expect((await tapeEnd(page)).taped).toBe(taped);
  await expect(palette(page).getByRole('option', { selected: true })).toHaveText(/^Crash .*: store-2/);
  await pressEnter(page);
  const toast = page.getByRole('listitem').filter({ hasText: /crash/i }).filter({ hasText: 'store-2' });
  // Under the pointer it stays.
  await toast.hover();
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, down/);
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(node(page, 'store-2')).toHaveAccessibleName(/, up/);
  await page.keyboard.press('Control+k');
  await palette(page).getByRole('combobox').fill('oracledb');
  await expect(palette(page).getByText('Nothing is called that.')).toBeVisible();
  await palette(page).getByRole('combobox').fill('go to LSN 112');
  await pressEnter(page);
  await expect(page.getByRole('heading', { name: /LSN\s*112/ })).toBeVisible();
  await page.keyboard.press('Escape');
}

async function findByPalette(page: Page): Promise<void> {
  const palette = page.getByRole('dialog', { name: 'Commands' });
  const search = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').fill(text);
    await page.keyboard.press('Enter');
    await expect(palette).toHaveCount(0);
  };
  await search('go to store-2');
  await expect(
    page.getByRole('region', { name: 'Inspector' }).getByRole('heading', { name: 'store-2' }),
  ).toBeVisible();
  await search('lens: space');
  await expect(page.getByRole('region', { name: 'Space-time' })).toBeVisible();
  await search('>lsn 100');
  await expect(page.getByRole('heading', { name: /LSN\s*100/ })).toBeVisible();
  // Nobody has opened the lens of pages: they are asked for while the palette is open.
  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('accounts#0');
  const first = palette.getByRole('option').first();
  await expect(first).toHaveText(/^Go to page accounts#0 of g\d$/);
  await expect(palette.getByRole('option', { name: /: accounts#0$/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(/Page accounts#\d+ of g\d/);
  // What can be done to a page is found though none is named.
  await page.keyboard.press('Control+k');
  for (const words of ['evict', '淘汰']) {
    await palette.getByRole('combobox').fill(words);
    await expect(palette.getByRole('option').first()).toHaveText(/^Evict it from the buffer of rw-1: /);
  }
  await palette.getByRole('combobox').fill('空洞');
  await expect(palette.getByRole('option').first()).toBeVisible();
  await palette.getByRole('combobox').fill('no such thing at all');
  await expect(palette.getByText('Nothing is called that.')).toBeVisible();
}
