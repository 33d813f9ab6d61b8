// E21: every entry of the fault registry is in the palette and does there what it does anywhere else: one tape action,
// or the panel that asks for the rest.

import type { Locator, Page } from '@playwright/test';
import type { WorldFrame } from '../src/sim/frame.ts';
import { printAction } from '../src/sim/tape-print.ts';
import { faultLabel } from '../src/ui/faults/fault-label.ts';
import {
  entriesFor,
  type FaultContext,
  type FaultEntry,
  faultRegistry,
  faultSubjects,
  timed,
} from '../src/ui/faults/registry.ts';
import { subjectName } from '../src/ui/faults/subject-name.ts';
import { t } from '../src/ui/i18n/i18n.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  exportTape,
  link,
  node,
  pause,
  stepUntilFlight,
  waitForLive,
} from './support/lab-page.ts';

/** With a spare store to move a replica to, and with an object store that takes the archive's messages. */
const presets = ['cynosdb-4', 'cynosdb-backup'];
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

/** The picture of where the run stands: the answer to an action may come before it. */
async function frameOf(page: Page): Promise<WorldFrame> {
  await page.waitForFunction(() => {
    const { mode, liveTime } = window.lab.run();
    return mode === 'PAUSED' && window.lab.frame()?.time === liveTime;
  });
  const frame = await page.evaluate(() => window.lab.frame());
  if (frame === null) throw new Error('no picture');
  return frame;
}

const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Commands' });
const panel = (page: Page): Locator => page.getByRole('form');

/** Everything that is offered now. Of two that are called the same, as a message and its copy, neither is chosen. */
function choicesIn(frame: WorldFrame, selected: readonly string[]): readonly Choice[] {
  const choices = faultSubjects(frame).flatMap((subject) => {
    const context: FaultContext = { frame, subject, selection: selected };
    const name = subjectName(subject, frame, t);
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

/** In what order: a change of members while all are well and at once its taking back, what takes the cluster apart last. */
const order = [/rollback/i, /moveReplica|remake/i, /^(?!.*(crash|power|stop|wipe|isolate|partition))/i, /./];
const beginsMove = (id: string): boolean => order[1]?.test(id) ?? false;
const rankOf = ({ entry }: Choice): number => order.findIndex((pattern) => pattern.test(entry.id));

/** The next thing that makes sense now and has not been done; what is undone by another entry comes with it. */
function nextChoice(frame: WorldFrame, done: ReadonlySet<string>): Choice | null {
  const open = choicesIn(frame, selection).filter(({ entry }) => !done.has(entry.id));
  return open.toSorted((a, b) => rankOf(a) - rankOf(b))[0] ?? null;
}

/** Opens the palette and types a name, as one does who knows it: Enter would choose it. */
async function typeIn(page: Page, { entry, label }: Choice): Promise<void> {
  if (await palette(page).isVisible()) await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await palette(page).getByRole('combobox').fill(label);
  const first = palette(page).getByRole('option', { name: label, exact: true, selected: true });
  await expect(first, `${entry.id}: ${label}`).toBeVisible({ timeout: 2000 });
}

async function pressEnter(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(palette(page)).toHaveCount(0);
}

/** Types in what comes next. An action at this very moment may be in the tape before it is in the picture: looked at anew until both agree. */
async function offerNext(page: Page, done: ReadonlySet<string>): Promise<Choice | null> {
  let choice: Choice | null = null;
  await expect(async () => {
    choice = nextChoice(await frameOf(page), done);
    if (choice !== null) await typeIn(page, choice);
  }).toPass({ timeout: 15_000 });
  return choice;
}

/** Lines of the tape that end so. */
async function timesTaped(page: Page, line: string): Promise<number> {
  return (await exportTape(page)).split('\n').filter((one) => one.endsWith(` ${line}`)).length;
}

const viewport = (page: Page): Promise<string | null> =>
  page.locator('.react-flow__viewport').getAttribute('style');

/** Entries that are no single action: what shows that they did what they say. */
const seenToRun: Readonly<
  Record<string, (page: Page, context: FaultContext, before: string | null) => Promise<void>>
> = {
  async pauseBefore(page, { frame, subject }) {
    const message = subject.kind === 'message' ? subject.id : '';
    const arrivesAt = frame.flights.find(({ id }) => id === message)?.arrivesAt ?? Number.NaN;
    await expect.poll(async () => (await frameOf(page)).time).toBe(arrivesAt - 1);
    expect((await frameOf(page)).flights.map(({ id }) => id)).toContain(message);
  },
  async 'records.drop'(page) {
    await expect.poll(() => exportTape(page)).toMatch(/ dropMessage \S+\n$/);
  },
  async 'records.delay'(page) {
    await expect.poll(() => exportTape(page)).toMatch(/ delayMessage \S+ 5\.000 ms\n$/);
  },
  async follow(page, _context, before) {
    await expect.poll(() => viewport(page)).not.toBe(before);
  },
  async autoArrange(page, _context, before) {
    await expect.poll(() => viewport(page)).not.toBe(before);
  },
  async splitAskedHole(page) {
    await expect.poll(() => timesTaped(page, 'holdNext rw-1 > store-3 : wal 12')).toBe(1);
    await expect.poll(() => timesTaped(page, 'release rw-1 > store-3'), { timeout: 60_000 }).toBe(1);
    await expect(page.getByText(/^Released W .* into the hole that store-3 is asking for\.$/)).toBeVisible();
  },
};

/** Chooses what is typed in, and sees that it does what the registry says. */
async function chooseTyped(page: Page, { entry, context }: Choice): Promise<void> {
  const effect = entry.effect(context);
  if (effect.kind === 'act') {
    const line = printAction(timed(effect.action));
    const before = await timesTaped(page, line);
    await pressEnter(page);
    await expect
      .poll(() => timesTaped(page, line), { message: `${entry.id}: ${line}`, intervals: [20] })
      .toBe(before + 1);
  } else if (effect.kind === 'panel') {
    await pressEnter(page);
    await expect(panel(page), entry.id).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel(page)).toHaveCount(0);
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
  const { nodes } = await frameOf(page);
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

test('E21 every fault by the palette', async ({ lab }) => {
  test.setTimeout(600_000);
  const page = await lab.goto();
  await waitForLive(page);
  const done = new Set<string>();
  for (const preset of presets) {
    await page.evaluate((name) => window.lab.startRun({ preset: name, seed: 7 }), preset);
    await waitForLive(page);
    await pause(page);
    for (const id of preset === 'cynosdb-4' ? selection : [])
      await node(page, id).click({ modifiers: ['Shift'] });
    await stepUntilFlight(page, { family: 'wal', fate: 'flying' });
    for (let repairs = 0; repairs < REPAIRS && done.size < faultRegistry.length; ) {
      const choice = await offerNext(page, done);
      if (choice === null) {
        repairs++;
        await repair(page);
        continue;
      }
      await chooseTyped(page, choice);
      done.add(choice.entry.id);
      if (beginsMove(choice.entry.id)) await letPass(page, 2000);
    }
  }
  const missed = faultRegistry.filter(({ id }) => !done.has(id));
  // No link here carries these in that direction: the same action is the other end's entry.
  const absent = missed.map(({ id }) => id).filter((id) => !done.has(mirrorOf(id)));
  expect(absent).toEqual([]);
});

/** On to an instant at which nothing flies over the link: a message is before the link that it is on. */
async function stepUntilClear(page: Page, a: string, b: string): Promise<WorldFrame> {
  const ends = [a, b];
  for (;;) {
    const frame = await frameOf(page);
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
  await page.keyboard.press('Escape');
  if ((await page.getByRole('menu').count()) > 0) await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  return found;
}

test('E21 a menu and the inspector offer what the palette offers, and each writes the same line', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
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
        subjectName(one.context.subject, frame, t) === subjectName(subject, frame, t),
    );
    if (choice === undefined) throw new Error(`${entry} is not offered`);
    const effect = choice.entry.effect(context);
    const line = effect.kind === 'act' ? printAction(timed(effect.action)) : '';
    const name = faultLabel(choice.entry, context, t);
    await expect(() => typeIn(page, choice)).toPass({ timeout: 15_000 });
    await pressEnter(page);
    await expect.poll(() => timesTaped(page, line)).toBe(1);
    await tab.getByRole('button', { name, exact: true }).click();
    await expect.poll(() => timesTaped(page, line)).toBe(2);
    await target.click({ button: 'right' });
    await page.getByRole('menuitem', { name: section }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
    await expect.poll(() => timesTaped(page, line)).toBe(3);
  }
});

test('the palette finds a node, a lens, an LSN and a term in both languages', async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
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
  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('空洞');
  await expect(palette.getByRole('option').first()).toBeVisible();
  await palette.getByRole('combobox').fill('no such thing at all');
  await expect(palette.getByText('Nothing is called that.')).toBeVisible();
});
