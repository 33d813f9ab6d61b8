// One real Chromium on one profile folder. It can be closed, killed like by a power cut (SIGKILL to
// its own process, known by the id that the browser itself reports), and opened again on the same profile.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { launchFlags } from '../../scripts/browser.mjs';

export interface BrowserOptions {
  readonly profile: string;
  readonly viewport?: { width: number; height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  readonly extraFlags?: readonly string[];
}

export interface LabBrowser {
  readonly context: BrowserContext;
  readonly processId: number;
  /** The page every profile opens with. */
  readonly firstPage: Page;
  close(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** How many times slower the pages' own scripts run than this machine would run them: 4 is a slow laptop. */
const SLOWDOWN = Number(process.env.POSTDB_LAB_E2E_SLOWDOWN ?? 1);

async function slowDown(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
}

export async function openLabBrowser(options: BrowserOptions): Promise<LabBrowser> {
  const executablePath = process.env.POSTDB_LAB_CHROMIUM;
  if (executablePath === undefined) throw new Error('POSTDB_LAB_CHROMIUM is not set: see serve-build.ts');
  const context = await chromium.launchPersistentContext(options.profile, {
    executablePath,
    headless: true,
    args: [...launchFlags, ...(options.extraFlags ?? [])],
    viewport: options.viewport ?? { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    locale: options.locale ?? 'en-GB',
    acceptDownloads: true,
  });
  const processId = await readProcessId(context);
  const firstPage = context.pages()[0] ?? (await context.newPage());
  if (SLOWDOWN > 1) {
    await slowDown(context, firstPage);
    // A page that is closed at once has nothing to slow down.
    context.on('page', (page) => void slowDown(context, page).catch(() => undefined));
  }
  return {
    context,
    processId,
    firstPage,
    close: () => context.close(),
    kill: () => killBrowser(context, processId),
  };
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
  const deadline = Date.now() + 10_000;
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
