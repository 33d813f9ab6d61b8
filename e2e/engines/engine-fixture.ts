// The `test` of journeys in every engine: the served production build, a browser with storage of its own. Where an engine is
// not installed its journeys are left out, but where all engines are demanded they fail.
import { test as base, expect } from '@playwright/test';
import { areAllDemanded, type EngineName, howToInstall, isInstalled } from '../../scripts/engines.mjs';
import { addressOf } from '../support/lab-fixture.ts';
import { type Engine, type EnginePage, makeEnginePage } from './engine.ts';
import { openFirefox } from './firefox.ts';
import { openWebKit } from './webkit.ts';

export interface EngineOptions {
  readonly engineName: EngineName;
  /** A private window: what it stores is gone when it is closed. Firefox; WebKit’s automated windows are such ones. */
  readonly isPrivate: boolean;
}

export interface EngineLab {
  /** Where the build is served; hash routes are appended to it. */
  readonly address: string;
  /** The page in use; another one after `reopen`. */
  page(): EnginePage;
  /** A further tab of the same browser. */
  newTab(hash?: string): Promise<EnginePage>;
  goto(hash?: string): Promise<EnginePage>;
  kill(): Promise<void>;
  /** As a machine that sleeps for so long. */
  sleep(ms: number): Promise<void>;
  /** After `kill`: the lab again, on the same storage. */
  reopen(): Promise<EnginePage>;
}

const openers: Readonly<Record<EngineName, (isPrivate: boolean) => Promise<Engine>>> = {
  firefox: (isPrivate) => openFirefox(isPrivate ? { 'browser.privatebrowsing.autostart': true } : {}),
  webkit: openWebKit,
};

function makeLab(engine: Engine, address: string): EngineLab {
  const goto = async (page: EnginePage, hash: string): Promise<EnginePage> => {
    await page.open(address + hash);
    return page;
  };
  const page = (): EnginePage => makeEnginePage(engine.tab());
  return {
    address,
    page,
    newTab: async (hash = '') => goto(makeEnginePage(await engine.newTab()), hash),
    goto: (hash = '') => goto(page(), hash),
    kill: () => engine.kill(),
    sleep: (ms) => engine.sleep(ms),
    async reopen() {
      await engine.reopen();
      return goto(page(), '');
    },
  };
}

export const test = base.extend<EngineOptions & { readonly lab: EngineLab }>({
  engineName: ['firefox', { option: true }],
  isPrivate: [false, { option: true }],
  lab: async ({ engineName, isPrivate }, use, testInfo) => {
    if (!isInstalled(engineName)) {
      if (areAllDemanded()) throw new Error(howToInstall(engineName));
      testInfo.skip(true, howToInstall(engineName));
    }
    const engine = await openers[engineName](isPrivate);
    const lab = makeLab(engine, addressOf('shipped'));
    try {
      await use(lab);
      if (testInfo.status !== testInfo.expectedStatus)
        await lab.page().screenshot(testInfo.outputPath('at-failure.png'));
    } finally {
      await engine.close();
    }
    expect(engine.complaints(), 'errors in the page or its console').toEqual([]);
  },
});

export { expect };
