// The `test` of every journey: the served production build, storage of its own, and a page that must not complain. `lab` is
// the browser; with `storage: 'profile'` it has a disk, and `lab.kill()` then `lab.reopen()` is a power cut.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { type Complaints, makeComplaintLog } from './complaints.ts';
import {
  type ContextOptions,
  type LabBrowser,
  launchSharedBrowser,
  openLabBrowser,
  openSharedBrowser,
} from './lab-browser.ts';
import { type Alter, type StaticHost, serveStatically } from './static-host.ts';

export interface Lab {
  /** Where the build is served; hash routes are appended to it. */
  readonly address: string;
  /** Folder of the browser's profile, empty when its storage is in memory. */
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
  readonly browserOptions: ContextOptions;
  /** `profile`: a browser of its own on a folder, for all that asks something of a disk. `memory`: gone with the page. */
  readonly storage: 'profile' | 'memory';
}

/** The browser that the journeys of a worker share, from when it is first asked for. */
type SharedBrowser = () => Promise<Browser>;

/**
 * Serves the build under a sub-path as a host that knows nothing of the lab, and says where. The host stands longer than
 * the page: workers of a page may still be asking for their parts when a journey has seen all that it wanted.
 */
type HostBuild = (subPath: string, alter?: Alter) => Promise<string>;

interface Fixtures {
  readonly lab: Lab;
  readonly hostBuild: HostBuild;
}

export const test = base.extend<LabOptions & Fixtures, { sharedBrowser: SharedBrowser }>({
  build: ['shipped', { option: true }],
  browserOptions: [{}, { option: true }],
  storage: ['memory', { option: true }],
  sharedBrowser: [
    // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
    async ({}, use) => {
      let browser: Promise<Browser> | null = null;
      await use(() => {
        browser ??= launchSharedBrowser();
        return browser;
      });
      await (await (browser as Promise<Browser> | null))?.close();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
  hostBuild: async ({}, use) => {
    const hosts: StaticHost[] = [];
    await use(async (subPath, alter) => {
      const host = await serveStatically('dist', subPath, alter);
      hosts.push(host);
      return host.address;
    });
    for (const host of hosts) host.close();
  },
  // Asks for `hostBuild`, so that it is gone before the hosts are.
  lab: async ({ build, browserOptions, storage, sharedBrowser, hostBuild: _ }, use, testInfo) => {
    const profile = mkdtempSync(join(tmpdir(), 'postdb-lab-e2e-'));
    const { lab, attachScreenshot, stop } = await openLab(addressOf(build), profile, async () =>
      storage === 'profile'
        ? openLabBrowser({ ...browserOptions, profile })
        : openSharedBrowser(await sharedBrowser(), browserOptions),
    );
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

export function addressOf(build: LabOptions['build']): string {
  const name = build === 'shipped' ? 'POSTDB_LAB_ADDRESS' : 'POSTDB_LAB_FAILPOINTS_ADDRESS';
  const address = process.env[name];
  if (address === undefined) throw new Error(`${name} is not set: see serve-build.ts`);
  return address;
}

async function openLab(
  address: string,
  profile: string,
  open: () => Promise<LabBrowser>,
): Promise<RunningLab> {
  const complaints = makeComplaintLog();
  let browser = await open();
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
    profile,
    complaints,
    page: () => browser.firstPage,
    browser: () => browser,
    newTab: async (hash = '') => goTo(await browser.context.newPage(), hash),
    goto: (hash = '') => goTo(browser.firstPage, hash),
    kill: () => end('kill'),
    close: () => end('close'),
    async reopen() {
      if (isOpen) throw new Error('the browser is still open: kill or close it first');
      browser = await open();
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
