// How a journey speaks with the lab: by role and name where a person would, through the console object `lab` where a
// journey needs what no person reads (digests, the tape's text).
import { expect, type Locator, type Page } from '@playwright/test';
import type { EndDigest, Lab, Speed, StepSize } from '../../src/lab/api.ts';
import type { WorldFrame } from '../../src/run-model/picture/frame.ts';
import type { NodeDigest } from '../../src/sim/world.ts';

declare global {
  interface Window {
    lab: Lab;
  }
}

/** A digest as the owner of the cluster tells it: with every node's. */
export interface HostedEnd extends EndDigest {
  readonly nodes: readonly NodeDigest[];
}

/** Whatever can ask the console object: a page of Playwright's, or of another engine (engines/engine.ts). */
type Asked = Pick<Page, 'evaluate'>;

export const node = (page: Page, id: string): Locator =>
  page.getByRole('main').getByRole('group', { name: new RegExp(`^${id}, `) });

export const link = (page: Page, a: string, b: string): Locator =>
  page.getByRole('main').getByRole('button', { name: new RegExp(`^link ${a}–${b}, `) });

export const runState = (page: Page): Locator => page.getByRole('status', { name: 'run state' });

export const watermark = (page: Page, mark: string, of: string): Locator =>
  page.getByRole('status', { name: `${mark} of ${of}`, exact: true });

export async function readNumber(locator: Locator): Promise<number> {
  const text = (await locator.textContent()) ?? '';
  const value = Number(text.replace(/\D/g, ''));
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new Error(`no number in ${JSON.stringify(text)}`);
  return value;
}

/** Where it does not, it says what the page shows of its run, and asks nobody who may not answer: whether it goes on, what it waits for, the newest action. */
export async function expectToPass(locator: Locator, value: number): Promise<void> {
  try {
    await expect.poll(() => readNumber(locator).catch(() => -1), { intervals: [50] }).toBeGreaterThan(value);
  } catch (error) {
    const shown = await locator.page().evaluate(() => ({
      ...window.lab.run(),
      time: window.lab.frame()?.time,
      metrics: window.lab.frame()?.metrics,
      down: window.lab
        .frame()
        ?.nodes.flatMap(({ id, status }) => (status === 'up' ? [] : [`${id} ${status}`])),
      strip: [...document.querySelectorAll('[role=status], [role=alert]')].map((one) => one.textContent),
    }));
    throw new Error(`${String(error)}\n${JSON.stringify(shown, null, 1)}`, { cause: error });
  }
}

export async function waitForLive(page: Page): Promise<void> {
  await expect(runState(page)).toHaveText('LIVE');
}

export const startTape = (page: Asked, text: string, untilUs: number): Promise<void> =>
  page.evaluate(([tape, until]) => window.lab.startTape(tape, until as never), [text, untilUs] as const);

export const setSpeed = (page: Asked, speed: Speed): Promise<void> =>
  page.evaluate((value) => window.lab.setSpeed(value), speed);

/** Not with every frame that is drawn: a tab in the background draws none. */
const lookOften = { polling: 50 } as const;

export async function act(page: Asked, action: string): Promise<void> {
  const result = await page.evaluate((line) => window.lab.act(line), action);
  if (!result.ok) throw new Error(`${action}: ${result.error}`);
}

/** Resolves when the page has the picture of this virtual time, µs. */
export async function waitForPicture(page: Page, time: number): Promise<void> {
  await page.waitForFunction((at) => window.lab.frame()?.time === at, time, lookOften);
}

/** Resolves when the picture is of where the cluster stands: the answer to what was done to it may come before its picture. */
async function waitUntilSeen(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const { mode, liveTime } = window.lab.run();
      return mode === 'PAUSED' && window.lab.frame()?.time === liveTime;
    },
    null,
    lookOften,
  );
}

/** The picture of where a cluster stands. */
export async function standingFrame(page: Page): Promise<WorldFrame> {
  await waitUntilSeen(page);
  const frame = await page.evaluate(() => window.lab.frame());
  if (frame === null) throw new Error('no picture');
  return frame;
}

/** Stops the cluster; resolves when it stands, what was on its way has been worked off, and the picture is of that. */
export async function pause(page: Page): Promise<void> {
  await page.evaluate(() => window.lab.pause());
  await expect(runState(page)).toHaveText('PAUSED');
  const { time } = await endDigest(page);
  await page.waitForFunction(
    (at) => window.lab.run().liveTime === at && window.lab.frame()?.time === at,
    time,
    lookOften,
  );
}

/** How many actions the live tape has, and the last of a person without its time. Told with every action's answer. */
export const tapeEnd = (page: Page): Promise<{ readonly taped: number; readonly last: string }> =>
  page.evaluate(() => {
    const { taped, undo } = window.lab.run();
    return { taped, last: (undo ?? '').replace(/^\S+ /, '') };
  });

/**
 * Leaves a dialog, a panel or a menu with its submenus once it listens: the focus is in it then. It gives the focus back in a task of
 * its own after it has gone, which must not come between what the journey does next.
 */
export async function leaveByEscape(page: Page, layer: Locator): Promise<void> {
  await expect(layer.and(page.locator(':focus-within'))).not.toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(layer).toHaveCount(0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
}

/** Where a lesson stands: its current step, and which of its ways on can be pressed. */
export const placeIn = async (lesson: Locator): Promise<string> => {
  const onward = lesson.getByRole('button', { name: /^(Next|Do it)$/, disabled: false });
  const step = await lesson.locator('[aria-current=step]').allTextContents();
  return [...step, ...(await onward.allTextContents())].join('\n');
};

export const exportTape = (page: Asked): Promise<string> => page.evaluate(() => window.lab.exportTape());

export const endDigest = (page: Asked): Promise<HostedEnd> =>
  page.evaluate(() => window.lab.endDigest()) as Promise<HostedEnd>;

/** A statement through the driver at full speed; answers its rows as text. */
export async function query(
  page: Asked,
  text: string,
  session = 'test',
): Promise<readonly (readonly (string | null)[])[]> {
  const { result } = await page.evaluate(([name, sql]) => window.lab.sql(name, sql, { runToReply: true }), [
    session,
    text,
  ] as const);
  const last = result.statements.at(-1);
  if (result.outcome !== 'ok' || last?.kind === 'error')
    throw new Error(`${text}: ${JSON.stringify(result)}`);
  return last?.kind === 'rows' ? last.rows : [];
}

/** Runs in the page: what a right click on the element itself comes to. */
function askForMenu(element: Element): void {
  const { x, y, width, height } = element.getBoundingClientRect();
  const at = { clientX: x + width / 2, clientY: y + height / 2 };
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }));
}

/**
 * Right click, then the entry of this name: it makes one action on the tape. A message may lie over the middle of a link just then, and the
 * menu is the message's: it is closed, as a person would, and the link is asked itself, for while the run stands so does the message.
 */
export async function chooseFromMenu(page: Page, target: Locator, entry: string): Promise<void> {
  const menus = page.getByRole('menu');
  const item = menus.getByRole('menuitem', { name: entry, exact: true });
  let isCovered = false;
  await expect(async () => {
    if (isCovered) await target.evaluate(askForMenu);
    else await target.click({ button: 'right' });
    await expect(menus.first()).toBeVisible();
    if (await item.isVisible()) return;
    const opened = await menus.first().getAttribute('aria-label');
    await page.keyboard.press('Escape');
    await expect(menus).toHaveCount(0);
    isCovered = true;
    throw new Error(`the menu of ${opened} has no entry ${entry}`);
  }).toPass();
  await item.click();
}

/**
 * Has the page keep what its steps come to, whoever asks for them; `stepsTaken` then waits for the newest. A step may show
 * pictures before it ends.
 */
export const watchSteps = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { lab } = window;
    for (const name of ['step', 'back'] as const) {
      const take = lab[name];
      Object.assign(lab, {
        [name]: (size: StepSize) => Object.assign(window, { newestStep: take(size) }).newestStep,
      });
    }
  });

/** Presses a key until this element has the focus. A menu moves its focus in a task after the key's. */
export async function pressUntilFocused(page: Page, key: string, wanted: Locator): Promise<void> {
  const focused = wanted.and(page.locator(':focus'));
  for (let i = 0; i < 60 && (await focused.count()) === 0; i++) {
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 0)));
  }
  await expect(focused).toHaveCount(1);
}

/** Resolves when the newest step has ended and the page was notified of it. */
export const stepsTaken = (page: Page): Promise<unknown> =>
  page.evaluate(() => Reflect.get(window, 'newestStep'));

/** Lets this much virtual time pass, whatever the speed. */
export async function runOn(page: Page, us: number): Promise<void> {
  const from = await page.evaluate(() => window.lab.run().liveTime);
  await expect
    .poll(() => page.evaluate(() => window.lab.run().liveTime), { intervals: [50] })
    .toBeGreaterThan(from + us);
}

/** Runs a cluster at full speed until this condition is met; it stands afterwards. */
export async function runUntil(page: Asked, condition: string): Promise<void> {
  const done = await page.evaluate((text) => window.lab.runUntil(text), condition);
  expect(done.ok, condition).toBe(true);
}

/** Runs a cluster at full speed for this much virtual time; it stands afterwards. */
export const passTime = async (page: Asked, us: number): Promise<void> =>
  runUntil(page, `time >= ${((await page.evaluate(() => window.lab.run().liveTime)) + us) / 1000}`);

/** A first visit that a link leads to a preset; its cluster stands. */
export async function openPreset(lab: { goto(hash: string): Promise<Page> }, preset: string): Promise<Page> {
  const page = await lab.goto(`#/lab&preset=${preset}&seed=7`);
  await waitForLive(page);
  await pause(page);
  return page;
}

/** Chooses a preset by its name; its cluster stands. */
export async function standOn(page: Page, preset: string): Promise<void> {
  const before = await page.evaluate(() => window.lab.run().runId);
  await page.getByRole('button', { name: /^All presets/ }).click();
  await page.getByRole('button', { name: `Open ${preset}`, exact: true }).click();
  // Its first picture comes before the page hears that it boots; a pause while it boots does not last.
  await page.waitForFunction(
    ({ old, name }) => {
      const { mode, runId } = window.lab.run();
      return mode === 'LIVE' && runId !== old && window.lab.frame()?.preset === name;
    },
    { old: before, name: preset },
    lookOften,
  );
  await pause(page);
}

export interface FlightWanted {
  readonly id?: string;
  readonly family?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sentAfter?: number;
  readonly fate?: string;
}

/** Steps a cluster that stands, event by event, until such a message is in flight. */
export async function stepUntilFlight(
  page: Page,
  wanted: FlightWanted,
): Promise<{ readonly id: string; readonly fate: string }> {
  await waitUntilSeen(page);
  const found = await page.evaluate(async (want) => {
    for (let i = 0; i < 3000; i++) {
      const flight = window.lab
        .frame()
        ?.flights.find(
          (one) =>
            one.id === (want.id ?? one.id) &&
            one.label.family === (want.family ?? one.label.family) &&
            one.from === (want.from ?? one.from) &&
            one.to === (want.to ?? one.to) &&
            one.fate === (want.fate ?? one.fate) &&
            one.sentAt >= (want.sentAfter ?? 0),
        );
      if (flight !== undefined) return { id: flight.id, fate: flight.fate };
      await window.lab.step('every');
    }
    return null;
  }, wanted);
  if (found === null) throw new Error(`no such message: ${JSON.stringify(wanted)}`);
  return found;
}

/** Steps a cluster that stands until this store has a hole. */
export async function stepUntilHole(page: Page, store: string): Promise<void> {
  await waitUntilSeen(page);
  const found = await page.evaluate(async (id) => {
    for (let i = 0; i < 3000; i++) {
      const view = window.lab.frame()?.nodes.find((one) => one.id === id)?.view;
      const isOpen = view?.roles.some(
        (role) => role.role === 'store' && role.groups.some((group) => group.holeCount > 0),
      );
      if (isOpen === true) return true;
      await window.lab.step('every');
    }
    return false;
  }, store);
  expect(found, `a hole at ${store}`).toBe(true);
}

/** Types into the SQL console and runs it to its reply; answers the newest answer. */
export async function runInConsole(page: Page, text: string): Promise<Locator> {
  await page.getByRole('tab', { name: 'SQL' }).click();
  await page.getByRole('textbox', { name: 'SQL statement' }).fill(text);
  await page.getByRole('button', { name: 'Run to my reply' }).click();
  const answer = page.getByRole('region', { name: 'Results' }).getByRole('article').last();
  await expect(answer).toContainText(text.slice(0, 20));
  await expect(answer).toHaveAttribute('aria-busy', 'false');
  return answer;
}

/** Steps a cluster that stands until this message is no longer in flight; answers the fates it was seen with. */
export async function stepUntilArrived(page: Page, id: string): Promise<readonly string[]> {
  await waitUntilSeen(page);
  const fates = await page.evaluate(async (wanted) => {
    const seen = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const flight = window.lab.frame()?.flights.find((one) => one.id === wanted);
      if (flight === undefined) return [...seen];
      seen.add(flight.fate);
      await window.lab.step('every');
    }
    return null;
  }, id);
  if (fates === null) throw new Error(`message ${id} does not arrive`);
  return fates;
}

/** Virtual µs of the picture that is shown. */
export const virtualTime = (page: Asked): Promise<number> =>
  page.evaluate(() => window.lab.frame()?.time ?? 0);

/** E13: the link of this run, opened in another tab, plays it to its end with the same hash. Answers that tab. */
export async function playLink(page: Page, guest: Page): Promise<Page> {
  const { hash } = await endDigest(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  const url = await dialog.getByRole('textbox', { name: /^Link/ }).inputValue();
  await leaveByEscape(page, dialog);
  await guest.goto(url);
  await expect(runState(guest)).toHaveText('REPLAY');
  await setSpeed(guest, 'max');
  await expect(guest.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect.poll(async () => (await endDigest(guest)).hash).toBe(hash);
  return guest;
}
