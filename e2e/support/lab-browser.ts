// A real Chromium. On a profile folder of its own it can be closed, killed like by a power cut (SIGKILL to its own process,
// known by the id that the browser itself reports), and opened again on the same profile. Journeys that ask nothing of a
// disk share a browser and have a context each: its storage is in memory and gone with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { launchFlags } from '../../scripts/browser.mjs';

export interface ContextOptions {
  readonly viewport?: { width: number; height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /** A finger is the pointer: of a phone or a tablet. */
  readonly isTouch?: boolean;
  /** Journeys that ask for what the host serves go without: a service worker would answer in its place. */
  readonly hasServiceWorker?: boolean;
}

export interface BrowserOptions extends ContextOptions {
  readonly profile: string;
  /** As a person's browser draws: for benches. */
  readonly drawsEachFrame?: boolean;
}

export interface LabBrowser {
  readonly context: BrowserContext;
  /** The page every profile opens with. */
  readonly firstPage: Page;
  close(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** How many times slower the pages' own scripts run than this machine would run them: 4 is a slow laptop. */
const SLOWDOWN = Number(process.env.POSTDB_LAB_E2E_SLOWDOWN ?? 1);

/**
 * At least as long as this between two drawn frames: software drawing of sixty a second takes most of the processor, and no
 * journey judges smoothness (the benches in bench/browser do).
 */
const FRAME_GAP_MS = 40;

/** Runs in the page, before its scripts. */
function drawSeldom(gapMs: number): void {
  const nextFrame = window.requestAnimationFrame.bind(window);
  let waiting = new Map<number, FrameRequestCallback>();
  let lastId = 0;
  let isAsked = false;
  const draw = (time: number): void => {
    const due = waiting;
    waiting = new Map();
    isAsked = false;
    for (const callback of due.values()) {
      try {
        callback(time);
      } catch (error) {
        reportError(error);
      }
    }
  };
  window.requestAnimationFrame = (callback) => {
    waiting.set(++lastId, callback);
    if (!isAsked) setTimeout(() => nextFrame(draw), gapMs);
    isAsked = true;
    return lastId;
  };
  window.cancelAnimationFrame = (id) => void waiting.delete(id);
}

async function slowDown(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
}

function launchOptions(): { executablePath: string; headless: true; args: string[] } {
  const executablePath = process.env.POSTDB_LAB_CHROMIUM;
  if (executablePath === undefined) throw new Error('POSTDB_LAB_CHROMIUM is not set: see serve-build.ts');
  return { executablePath, headless: true, args: [...launchFlags] };
}

const contextOptions = ({
  viewport,
  colorScheme,
  locale,
  isTouch = false,
  hasServiceWorker = false,
}: ContextOptions) => ({
  serviceWorkers: hasServiceWorker ? ('allow' as const) : ('block' as const),
  hasTouch: isTouch,
  isMobile: isTouch,
  viewport: viewport ?? { width: 1440, height: 900 },
  colorScheme: colorScheme ?? ('light' as const),
  locale: locale ?? 'en-GB',
  acceptDownloads: true,
});

export const launchSharedBrowser = (): Promise<Browser> => chromium.launch(launchOptions());

/** A context of its own in a shared browser. */
export async function openSharedBrowser(browser: Browser, options: ContextOptions): Promise<LabBrowser> {
  const context = await browser.newContext(contextOptions(options));
  return {
    context,
    firstPage: await firstPageOf(context),
    close: () => context.close(),
    kill: () =>
      Promise.reject(new Error('a shared browser is killed by nobody: the journey needs a profile')),
  };
}

export async function openLabBrowser(options: BrowserOptions): Promise<LabBrowser> {
  const context = await chromium.launchPersistentContext(options.profile, {
    ...launchOptions(),
    ...contextOptions(options),
  });
  const processId = await readProcessId(context);
  return {
    context,
    firstPage: await firstPageOf(context, options.drawsEachFrame),
    close: () => context.close(),
    kill: () => killBrowser(context, processId),
  };
}

async function firstPageOf(context: BrowserContext, drawsEachFrame = false): Promise<Page> {
  if (!drawsEachFrame) await context.addInitScript(drawSeldom, FRAME_GAP_MS);
  const firstPage = context.pages()[0] ?? (await context.newPage());
  if (SLOWDOWN > 1) {
    await slowDown(context, firstPage);
    // A page that is closed at once has nothing to slow down.
    context.on('page', (page) => void slowDown(context, page).catch(() => undefined));
  }
  return firstPage;
}

async function readProcessId(context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (browser === null) throw new Error('the persistent context has no browser to ask for its process');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const main = processInfo.find((info) => info.type === 'browser');
  if (main === undefined) throw new Error('the browser does not name its own process');
  return main.id;
}

async function killBrowser(context: BrowserContext, processId: number): Promise<void> {
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
  process.kill(processId, 'SIGKILL');
  await closed;
  const deadline = Date.now() + 120_000;
  while (isAlive(processId)) {
    if (Date.now() > deadline) throw new Error(`browser process ${processId} survives SIGKILL`);
    await sleep(20);
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
