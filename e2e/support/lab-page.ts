// How a journey speaks with the lab: by role and name where a person would, through the console object `lab` where a
// journey needs what no person reads (digests, the tape's text).
import { expect, type Locator, type Page } from '@playwright/test';
import type { EndDigest, Lab, Speed } from '../../src/lab/api.ts';
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

export async function expectToPass(locator: Locator, value: number): Promise<void> {
  await expect.poll(() => readNumber(locator).catch(() => -1), { intervals: [50] }).toBeGreaterThan(value);
}

export async function waitForLive(page: Page): Promise<void> {
  await expect(runState(page)).toHaveText('LIVE', { timeout: 45_000 });
}

export const startTape = (page: Page, text: string, untilUs: number): Promise<void> =>
  page.evaluate(([tape, until]) => window.lab.startTape(tape, until as never), [text, untilUs] as const);

export const setSpeed = (page: Page, speed: Speed): Promise<void> =>
  page.evaluate((value) => window.lab.setSpeed(value), speed);

export async function act(page: Page, action: string): Promise<void> {
  const result = await page.evaluate((line) => window.lab.act(line), action);
  if (!result.ok) throw new Error(`${action}: ${result.error}`);
}

/** Stops the cluster; resolves when it stands. */
export async function pause(page: Page): Promise<void> {
  await page.evaluate(() => window.lab.pause());
  await expect(runState(page)).toHaveText('PAUSED');
}

export const exportTape = (page: Page): Promise<string> => page.evaluate(() => window.lab.exportTape());

export const endDigest = (page: Page): Promise<HostedEnd> =>
  page.evaluate(() => window.lab.endDigest()) as Promise<HostedEnd>;

/** A statement through the driver at full speed; answers its rows as text. */
export async function query(
  page: Page,
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

/** Right click, then the entry of this name: it makes one action on the tape. */
export async function chooseFromMenu(page: Page, target: Locator, entry: string): Promise<void> {
  await target.click({ button: 'right' });
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** Lets this much virtual time pass, whatever the speed. */
export async function runOn(page: Page, us: number): Promise<void> {
  const from = await page.evaluate(() => window.lab.run().liveTime);
  await expect
    .poll(() => page.evaluate(() => window.lab.run().liveTime), { timeout: 60_000, intervals: [50] })
    .toBeGreaterThan(from + us);
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
