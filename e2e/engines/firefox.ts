// Firefox, by WebDriver BiDi, on a profile of its own: killed like by a power cut, it opens on the same profile again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findFirefox } from '../../scripts/engines.mjs';
import type { Engine, Tab } from './engine.ts';
import { endWhole, killWhole, suspend } from './processes.ts';

export const viewport = { width: 1440, height: 900 } as const;
/** Far above what any script of a journey takes. */
const LIMIT_MS = 600_000;

/** Firefox with these preferences (`about:config`) beside its own. */
export type Preferences = Readonly<Record<string, boolean | number | string>>;

function launch(profile: string, extraPrefsFirefox: Preferences): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('Firefox is not installed');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox,
    protocolTimeout: LIMIT_MS,
    defaultViewport: viewport,
    env: { ...process.env, HOME: profile },
  });
}

export function makeTab(page: Page, seen: string[]): Tab {
  page.setDefaultTimeout(LIMIT_MS);
  page.on('pageerror', (error) => seen.push(`uncaught: ${String(error)}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // Of an error that is passed as a value the message has its kind alone: where it was said tells more.
    const places = message
      .stackTrace()
      .map(({ url, lineNumber, columnNumber }) => `${url}:${lineNumber}:${columnNumber}`);
    seen.push(`console error: ${message.text()}, said at ${places.join(' < ')}`);
  });
  return {
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    run: async (source, argument) => String(await page.evaluate(`(${source})(${argument})`)),
    async runInFrame(source, argument) {
      const [, frame] = page.frames();
      if (frame === undefined) throw new Error('the page has no frame');
      return String(await frame.evaluate(`(${source})(${argument})`));
    },
    press: (x, y, button) => page.mouse.click(x, y, { button }),
    async chord(keys) {
      for (const key of keys) await page.keyboard.down(key);
      for (const key of keys.toReversed()) await page.keyboard.up(key);
    },
    type: (text) => page.keyboard.type(text),
    picture: async () => Buffer.from(await page.screenshot()),
    resize: (width, height) => page.setViewport({ width, height }),
    close: () => page.close(),
  };
}

export async function openFirefox(preferences: Preferences = {}): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-firefox-'));
  const seen: string[] = [];
  const start = async () => {
    const browser = await launch(profile, preferences);
    return { browser, tab: makeTab(await browser.newPage(), seen) };
  };
  let { browser, tab } = await start();
  return {
    tab: () => tab,
    newTab: async () => makeTab(await browser.newPage(), seen),
    async kill() {
      const id = browser.process()?.pid;
      if (id === undefined) throw new Error('Firefox has no process');
      await killWhole(id);
    },
    async sleep(ms) {
      const id = browser.process()?.pid;
      if (id === undefined) throw new Error('Firefox has no process');
      await suspend([id], ms);
    },
    async reopen() {
      ({ browser, tab } = await start());
    },
    async close() {
      // Of one that was killed, or that hangs, nothing but its process is there to be asked.
      await endWhole(browser.process()?.pid);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
    complaints: () => seen,
  };
}
