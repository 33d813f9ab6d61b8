// The `test` of every journey: a fresh profile, the served production build, and a page that must not
// complain. `lab` is the browser with its profile; `lab.kill()` then `lab.reopen()` is a power cut.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Complaints, makeComplaintLog } from './complaints.ts';
import { type BrowserOptions, type LabBrowser, openLabBrowser } from './lab-browser.ts';

export interface Lab {
  /** Where the build is served; hash routes are appended to it. */
  readonly address: string;
  readonly profile: string;
  readonly complaints: Complaints;
  /** The page in use; another one after `reopen`. */
  page(): Page;
  browser(): LabBrowser;
  /** A further tab of the same browser. */
  newTab(hash?: string): Promise<Page>;
  goto(hash?: string): Promise<Page>;
  kill(): Promise<void>;
  close(): Promise<void>;
  /** Opens the same profile again, after `kill` or `close`, without navigating. */
  reopen(): Promise<Page>;
}

export interface LabOptions {
  /** `failpoints`: the same page, but `?failpoint=store-1:3` holds store-1's third commit for ever. */
  readonly build: 'shipped' | 'failpoints';
  readonly browserOptions: Omit<BrowserOptions, 'profile'>;
}

export const test = base.extend<LabOptions & { lab: Lab }>({
  build: ['shipped', { option: true }],
  browserOptions: [{}, { option: true }],
  lab: async ({ build, browserOptions }, use, testInfo) => {
    const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-e2e-'));
    const { lab, attachScreenshot, stop } = await openLab(addressOf(build), {
      ...browserOptions,
      profile,
    });
    try {
      await use(lab);
      if (testInfo.status !== testInfo.expectedStatus)
        await attachScreenshot(testInfo.outputPath('at-failure.png'));
    } finally {
      await stop();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
    expect(lab.complaints.unexpected(), 'errors in the console, page or policy').toEqual([]);
  },
});

export { expect };

interface RunningLab {
  readonly lab: Lab;
  attachScreenshot(path: string): Promise<void>;
  stop(): Promise<void>;
}

function addressOf(build: LabOptions['build']): string {
  const name = build === 'shipped' ? 'POSTDB_LAB_ADDRESS' : 'POSTDB_LAB_FAILPOINTS_ADDRESS';
  const address = process.env[name];
  if (address === undefined) throw new Error(`${name} is not set: see serve-build.ts`);
  return address;
}

async function openLab(address: string, options: BrowserOptions): Promise<RunningLab> {
  const complaints = makeComplaintLog();
  let browser = await openLabBrowser(options);
  await complaints.watch(browser.context);
  let isOpen = true;
  const goTo = async (page: Page, hash: string): Promise<Page> => {
    await page.goto(address + hash);
    return page;
  };
  const end = async (how: 'kill' | 'close'): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await browser[how]();
  };
  const lab: Lab = {
    address,
    profile: options.profile,
    complaints,
    page: () => browser.firstPage,
    browser: () => browser,
    newTab: async (hash = '') => goTo(await browser.context.newPage(), hash),
    goto: (hash = '') => goTo(browser.firstPage, hash),
    kill: () => end('kill'),
    close: () => end('close'),
    async reopen() {
      if (isOpen) throw new Error('the browser is still open: kill or close it first');
      browser = await openLabBrowser(options);
      isOpen = true;
      await complaints.watch(browser.context);
      return browser.firstPage;
    },
  };
  return {
    lab,
    stop: () => end('close'),
    async attachScreenshot(path) {
      if (isOpen) await browser.firstPage.screenshot({ path }).catch(() => undefined);
    },
  };
}
