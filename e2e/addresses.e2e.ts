// E13: what an address opens, whatever is open in the tab, however it is pressed, and whatever ends the page right after: what it says, and
// nothing else is seen on the way. What was there is in Runs as it stood, or stays where it is under what is only looked at. A table: what
// is open × address × how it is pressed.
import type { Locator, Page } from '@playwright/test';
import type { Time } from '../src/base/ids.ts';
import { encodeTape } from '../src/lab/share.ts';
import { freshTape } from '../src/sim/run-setup.ts';
import { printTape } from '../src/sim/tape-print.ts';
import { presets } from '../src/stacks/presets.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { act, exportTape, pause, runState, waitForLive } from './support/lab-page.ts';

const own = '#/lab&preset=cynosdb&seed=2';
const ownAct = 'crash store-2';
const twinAct = 'crash store-3';

function sharedTape(): string {
  const tape = freshTape(presets, 'postdb-v4', 5);
  if ('error' in tape) throw new Error(tape.error);
  const header = { ...tape.header, end: { at: 60_000 as Time, hash: null } };
  return `#/lab&r=${encodeTape(printTape(tapes, { header, actions: tape.actions }))}`;
}

const addresses = {
  preset: '#/lab&preset=polardb&seed=3',
  tape: sharedTape(),
  lesson: '#/lessons/C01',
  incidents: '#/presets/incidents',
} as const;
type Address = keyof typeof addresses;

/** What there was: the run that was on, if any, with what was done to it and to its twin. */
interface There {
  readonly page: Page;
  readonly runId: string;
  readonly lines: readonly string[];
  readonly hasTwin: boolean;
  /** What is shown is a twin or a tape. */
  readonly isLookedAt: boolean;
}

/** Pictures of the page that is open now, by preset and seed, in the order in which they came. */
const seenOn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => Reflect.get(window, 'seen') as string[]);

/** From the next page on. */
const noteSeen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    setInterval(() => {
      const frame = window.lab?.frame() ?? null;
      const name = frame === null ? null : `${frame.preset} ${frame.seed}`;
      if (name !== null && seen.at(-1) !== name) seen.push(name);
    }, 10);
  });

async function begin(lab: Lab, hash = own, search = ''): Promise<There> {
  const page = lab.page();
  await noteSeen(page);
  await lab.goto(`${search}${hash}`);
  await waitForLive(page);
  await act(page, ownAct);
  return thereOn(page);
}

const thereOn = async (page: Page, hasTwin = false): Promise<There> => {
  const { runId } = await page.evaluate(() => window.lab.run());
  const tape = await page.evaluate(() => window.lab.liveTape());
  return {
    page,
    runId,
    lines: tape.split('\n').filter((line) => /^\d/.test(line)),
    hasTwin,
    isLookedAt: hasTwin,
  };
};

async function openTwin(page: Page): Promise<There> {
  await pause(page);
  const forked = await page.evaluate(() => window.lab.fork());
  expect(forked).toMatchObject({ ok: true });
  await act(page, twinAct);
  return thereOn(page, true);
}

const lessonOn = (page: Page): Locator => page.getByRole('complementary', { name: 'Lessons' });
const currentStep = (page: Page): Locator =>
  lessonOn(page).getByRole('list', { name: 'Steps' }).locator('[aria-current=step]');

/** The lesson's run, which is on in place of the one before. */
async function openLesson(page: Page): Promise<There> {
  await page.evaluate(() => {
    location.hash = '#/lessons/H01';
  });
  await expect(currentStep(page)).toBeVisible();
  await act(page, ownAct);
  return thereOn(page);
}

const states = {
  nothing: async (lab: Lab): Promise<There> => {
    await noteSeen(lab.page());
    return { page: lab.page(), runId: '', lines: [], hasTwin: false, isLookedAt: false };
  },
  'a run': (lab: Lab) => begin(lab),
  'its past': async (lab: Lab): Promise<There> => {
    const there = await begin(lab);
    await pause(there.page);
    await there.page.evaluate(() => window.lab.back('meaningful'));
    await expect(runState(there.page)).toHaveText(/^REVIEW/);
    return there;
  },
  'a twin': async (lab: Lab) => openTwin((await begin(lab)).page),
  'a lesson': async (lab: Lab) => openLesson((await begin(lab)).page),
  'a lesson and a twin': async (lab: Lab) => openTwin((await openLesson((await begin(lab)).page)).page),
  'a tape': async (lab: Lab): Promise<There> => {
    const there = await begin(lab);
    const other = addresses.tape.replace('#/lab', '#/lab&lang=en');
    await lab.goto(other);
    await expect(runState(there.page)).toHaveText('REPLAY');
    return { ...there, isLookedAt: true };
  },
  'a presenter': async (lab: Lab): Promise<There> => {
    const there = await begin(lab);
    await there.page.evaluate(() => {
      location.hash = '#/present';
    });
    const opened = lab.browser().context.waitForEvent('page');
    await there.page.getByRole('button', { name: 'Open audience window' }).click();
    await opened;
    await expect(there.page.getByText('An audience window shows this run.')).toBeVisible();
    await there.page.bringToFront();
    return there;
  },
} as const;
type State = keyof typeof states;

const setHash = (page: Page, hash: string): Promise<void> =>
  page.evaluate((value) => {
    location.hash = value;
  }, hash);

/** A press in the page, which may be an empty tab. */
async function press(lab: Lab, page: Page, hash: string): Promise<void> {
  if (page.url() === 'about:blank') await page.goto(lab.address + hash, { waitUntil: 'commit' });
  else await setHash(page, hash);
}

/** The tab's page has begun anew. */
const anew = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => Reflect.get(window, 'seen') !== undefined && window.lab !== undefined);

const ways = {
  once: press,
  twice: async (lab: Lab, page: Page, hash: string) => {
    await press(lab, page, hash);
    await anew(page).catch(() => undefined);
    await setHash(page, hash);
  },
  'and reloaded at once': async (lab: Lab, page: Page, hash: string) => {
    if (page.url() === 'about:blank') {
      await press(lab, page, hash);
      await page.reload();
    } else
      await page.evaluate((value) => {
        location.hash = value;
        location.reload();
      }, hash);
  },
  'and reloaded as it begins': async (lab: Lab, page: Page, hash: string) => {
    await press(lab, page, hash);
    await anew(page).catch(() => undefined);
    await page.reload();
  },
} as const;
type Way = keyof typeof ways;

/** What a page of this address shows in the end. */
async function expectOpened(page: Page, address: Address, there: There): Promise<void> {
  if (address === 'preset') {
    await waitForLive(page);
    await expect.poll(() => seenOn(page)).toEqual(['polardb 3']);
    expect(new URL(page.url()).hash).not.toContain('preset');
    expect(await exportTape(page)).not.toContain(' crash ');
    await expectKept(page, there);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  } else if (address === 'tape') {
    await expect(runState(page)).toHaveText('REPLAY');
    await expect.poll(async () => (await seenOn(page)).at(-1)).toBe('postdb-v4 5');
    // Without the link: what was there goes on.
    await page.goto(new URL('#/lab', page.url()).href);
    await page.reload();
    await waitForLive(page);
    await expectGoesOn(page, there);
  } else if (address === 'lesson') {
    const lesson = lessonOn(page);
    await expect(lesson.getByRole('heading', { name: 'C01' })).toBeVisible();
    // It asks before it takes the place of what is looked at.
    if (there.isLookedAt)
      await lesson.getByRole('button', { name: /^(Return to live|Open the lab)$/ }).click();
    await expect(currentStep(page)).toBeVisible();
    expect(await page.evaluate(() => window.lab.run().lesson)).toBe('C01');
    await expectKept(page, there);
  } else {
    await expect(page.getByRole('main', { name: 'Presets' })).toBeVisible();
    await expect(page.getByText('An old primary wakes').first()).toBeInViewport();
    // A tape that is shown has no live run under it: a page without it has.
    if (there.isLookedAt && !there.hasTwin) {
      await page.reload();
      await page.waitForFunction(() => window.lab?.run().runId !== '');
    }
    await expectGoesOn(page, there);
  }
}

const runsOf = async (page: Page) => (await page.evaluate(() => window.lab.runs())).runs;

/** In Runs, and so is its twin, once. */
async function expectKept(page: Page, { runId, lines, hasTwin }: There): Promise<void> {
  const runs = await runsOf(page);
  expect(runs.filter(({ isOn }) => isOn)).toHaveLength(1);
  if (runId === '') return expect(runs).toHaveLength(1);
  const kept = runs.filter((one) => one.runId === runId);
  expect(kept.map(({ isOn }) => isOn)).toEqual([false]);
  // A power cut is a line more.
  expect(kept[0]?.actions).toBeGreaterThanOrEqual(lines.length);
  await expectTwin(runs, runId, hasTwin);
}

async function expectTwin(
  runs: Awaited<ReturnType<typeof runsOf>>,
  runId: string,
  isThere: boolean,
): Promise<void> {
  const twins = runs.filter(({ origin, parent }) => origin.kind === 'twin' && parent === runId);
  const lines = twins.map(({ origin }) => (origin.kind === 'twin' ? origin.line : ''));
  expect(lines).toEqual(isThere ? [expect.stringContaining(twinAct)] : []);
}

/** It is on, as it was; the page may have been reloaded. */
async function expectGoesOn(page: Page, { runId, lines }: There): Promise<void> {
  if (runId === '') return;
  const run = await page.evaluate(() => window.lab.run());
  expect(run.runId).toBe(runId);
  const tape = await page.evaluate(() => window.lab.liveTape());
  for (const line of lines) expect(tape).toContain(line);
}

function journey(state: State, address: Address, way: Way): (given: { lab: Lab }) => Promise<void> {
  return async ({ lab }) => {
    const there = await states[state](lab);
    await ways[way](lab, there.page, addresses[address]);
    await expectOpened(there.page, address, there);
  };
}

/** What a link that begins a run is pressed over otherwise than once. */
const pressedElse: readonly State[] = ['nothing', 'a run', 'a lesson and a twin', 'a tape'];

/** What `npm test` shows. */
const always: readonly [State, Address, Way] = ['a run', 'preset', 'and reloaded at once'];

for (const state of Object.keys(states) as State[])
  for (const address of Object.keys(addresses) as Address[])
    for (const way of Object.keys(ways) as Way[]) {
      // The others are followed in the page that is there, which a reload opens as any.
      if (way !== 'once' && (address !== 'preset' || !pressedElse.includes(state))) continue;
      const isAlways = [state, address, way].every((one, i) => one === always[i]);
      const title = `E13 over ${state}, the address of a ${address} is pressed ${way}`;
      test(title, isAlways ? {} : deep, journey(state, address, way));
    }

const elsewhere = { name: 'This run is open in another tab' } as const;

/** A link in a tab beside the one that drives the lab. */
async function beside(
  lab: Lab,
): Promise<{ readonly there: There; readonly page: Page; choose(name: string): Promise<void> }> {
  const there = await begin(lab);
  const page = await lab.browser().context.newPage();
  await noteSeen(page);
  await page.goto(lab.address + addresses.preset);
  const dialog = page.getByRole('dialog', elsewhere);
  await expect(dialog).toContainText('polardb with seed 3');
  return {
    there,
    page,
    choose: (name) => dialog.getByRole('button', { name, exact: true }).click(),
  };
}

test(
  'E13, E16 a link beside a tab that drives the lab: it begins there as a lab of its own, which a reload opens again',
  deep,
  async ({ lab }) => {
    const { there, page, choose } = await beside(lab);
    await choose('Begin here');
    await waitForLive(page);
    expect(await seenOn(page)).toEqual(['polardb 3']);
    await expect(page).toHaveURL(/\?lab=lab-.*#\/lab$/);
    await expectKept(page, { ...there, runId: '' });
    const begun = await thereOn(page);
    await page.reload();
    await waitForLive(page);
    await expectGoesOn(page, begun);
    await expectGoesOn(there.page, there);
  },
);

test(
  'E13, E16 a link beside a tab that drives the lab: the lab is taken over for it, or its run is watched',
  deep,
  async ({ lab }) => {
    const { there, page, choose } = await beside(lab);
    await choose('Watch');
    await expect(runState(page)).toHaveText('MIRROR');
    await expect.poll(async () => (await seenOn(page)).at(-1)).toBe('cynosdb 2');
    await expectGoesOn(there.page, there);
    // What was watched is what is taken over: the link is not asked any more.
    await page.evaluate(() => window.lab.takeOver());
    await waitForLive(page);
    await expectGoesOn(page, await thereOn(page));
    expect((await thereOn(page)).runId).toBe(there.runId);
    await there.page.evaluate(() => window.lab.takeOver());
    await waitForLive(there.page);
    await page.close();

    const again = await lab.newTab(addresses.preset);
    await again.getByRole('dialog', elsewhere).getByRole('button', { name: 'Take over' }).click();
    await waitForLive(again);
    expect(await exportTape(again)).toContain('preset polardb');
    const kept = (await runsOf(again)).filter(({ isOn }) => !isOn);
    expect(kept.map(({ runId }) => runId)).toEqual([there.runId]);
    expect(new URL(again.url()).hash).toBe('#/lab');
  },
);

test(
  'E13 in memory a reload begins again what the link asked for: there is nothing else',
  deep,
  async ({ lab }) => {
    const there = await begin(lab, own, '?storage=memory');
    await setHash(there.page, addresses.preset);
    await waitForLive(there.page);
    await there.page.reload();
    await waitForLive(there.page);
    expect(await seenOn(there.page)).toEqual(['polardb 3']);
  },
);

test.describe('the browser is killed', () => {
  test.use({ storage: 'profile' });

  for (const [state, isSoon] of [
    ['nothing', true],
    ['a run', true],
    ['a run', false],
    ['a lesson and a twin', true],
    ['a lesson and a twin', false],
  ] as const)
    test(
      `E13 over ${state}, a link is pressed and the browser killed ${isSoon ? 'at once' : 'once its run is on'}`,
      deep,
      async ({ lab }) => {
        const there = await states[state](lab);
        await press(lab, there.page, addresses.preset);
        if (!isSoon) await waitForLive(there.page);
        await lab.kill();
        const page = await lab.reopen();
        await noteSeen(page);
        // At once: the tab comes back with the address that was pressed. Later it is enough to open the lab.
        await page.goto(`${lab.address}${isSoon ? addresses.preset : ''}`);
        await expectOpened(page, 'preset', there);
      },
    );
});
