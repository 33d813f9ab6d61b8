// A slow laptop: all of the browser on one core beside a busy process, and the page's scripts six times slower (which slows no
// worker). How near live comes to the speed asked for, how many pictures are shown, what memory is taken, and for each thing
// that is pressed how long it is until the screen shows the effect, or a sign that it is worked on.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { type BenchAddresses, withAddresses, withFreshProfile } from './bench-browser.ts';
import type { Bench, Row } from './harness.ts';

const CORE = '0';
const SLOWDOWN = 6;
const LIVE_MS = 10_000;
const SIGN_REACH_MS = 1000;
const MEMORY_REACH_MB = 4096;
const EFFECT_LIMIT_MS = 120_000;

interface Seen {
  /** ms from the input's own time stamp; null: it did not come. */
  readonly signMs: number | null;
  readonly effectMs: number | null;
  readonly sign: string;
}

declare global {
  interface Window {
    /** Arms the watch before a press; `effect`: an expression that is true once what was asked for is there. */
    armWatch: (effect: string, limitMs: number) => void;
    watched: () => Promise<Seen>;
  }
}

/** What says that something is being worked on. */
const signs = '[aria-busy="true"], [role="progressbar"], [data-sonner-toast]';

/** Runs in the page before its own scripts. */
function installWatch(signSelector: string): void {
  let result: Promise<Seen> = Promise.resolve({ signMs: null, effectMs: null, sign: '' });
  const isSeen = (element: Element): boolean => element.getClientRects().length > 0;
  const signsNow = (): Element[] => [...document.querySelectorAll(signSelector)].filter(isSeen);
  window.armWatch = (effect, limitMs) => {
    const isThere = new Function(`return (${effect})`) as () => boolean;
    const before = new Set(signsNow());
    result = new Promise((resolve) => {
      const onInput = (event: Event): void => {
        for (const kind of ['pointerdown', 'keydown']) window.removeEventListener(kind, onInput, true);
        let signMs: number | null = null;
        let sign = '';
        // After the frame that has it was drawn.
        const look = (): void => {
          const ms = performance.now() - event.timeStamp;
          const found = signsNow().find((one) => !before.has(one));
          if (signMs === null && found !== undefined) {
            signMs = ms;
            sign = found.className.toString().slice(0, 30) || (found.getAttribute('role') ?? '');
          }
          if (isThere()) resolve({ signMs: signMs ?? ms, effectMs: ms, sign });
          else if (ms > limitMs) resolve({ signMs, effectMs: null, sign });
          else requestAnimationFrame(() => setTimeout(look, 0));
        };
        requestAnimationFrame(() => setTimeout(look, 0));
      };
      for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, onInput, true);
    });
  };
  window.watched = () => result;
}

interface Deed {
  readonly name: string;
  readonly press: (page: Page) => Promise<void>;
  /** True in the page once it is done; `stood`: the frame's time before it. */
  readonly effect: string;
}

const click =
  (selector: string) =>
  async (page: Page): Promise<void> => {
    const box = await page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`${selector} is not on the screen`);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
const key =
  (name: string) =>
  (page: Page): Promise<void> =>
    page.keyboard.press(name);

const play = '.toolbar .btn-primary';
const hasStepped = `lab.frame().time > stood.time`;

/** In this order: each goes on from the one before. */
const deeds: readonly Deed[] = [
  { name: 'pause', press: click(play), effect: '!lab.run().playing' },
  { name: 'step', press: click('[data-control="step"]'), effect: hasStepped },
  { name: 'step by key', press: key('.'), effect: hasStepped },
  {
    name: 'lens MTR',
    press: key('2'),
    effect: `document.querySelector('.lens[data-lens="mtr"], [data-region="lens"] h2')?.textContent.includes('MTR')`,
  },
  {
    name: 'lens space-time',
    press: key('7'),
    effect: `document.querySelector('[data-region="lens"] h2')?.textContent.includes('pace-time')`,
  },
  {
    name: 'lens WAL',
    press: key('1'),
    effect: `document.querySelector('[data-region="lens"] h2')?.textContent.includes('WAL')`,
  },
  { name: 'play', press: click(play), effect: `lab.run().playing && ${hasStepped}` },
  {
    name: 'palette',
    press: key('Control+k'),
    effect: `document.querySelector('[role=dialog] [cmdk-item]') !== null`,
  },
  {
    name: 'crash by the palette',
    press: async (page) => {
      await page.keyboard.insertText('crash store-2');
      await page.waitForTimeout(1500);
      await page.keyboard.press('Enter');
    },
    effect: `lab.frame().nodes.some(({ id, status }) => id === 'store-2' && status === 'down')`,
  },
  {
    name: 'undo',
    press: key('Control+z'),
    effect: `lab.run().undo === null && lab.run().mode !== 'BOOTING' && lab.frame().nodes.every(({ status }) => status === 'up')`,
  },
  {
    name: 'redo',
    press: key('Control+Shift+z'),
    effect: `lab.run().undo !== null && lab.frame().nodes.some(({ id, status }) => id === 'store-2' && status === 'down')`,
  },
  {
    name: 'undo again',
    press: key('Control+z'),
    effect: `lab.run().undo === null && lab.frame().nodes.every(({ status }) => status === 'up')`,
  },
  {
    name: 'step back',
    press: key(','),
    effect: `lab.run().mode === 'REVIEW' && lab.frame().time < lab.run().liveTime`,
  },
  { name: 'a place of the timeline', press: key('Home'), effect: `lab.frame().time === 0` },
  {
    name: 'back to live',
    press: click('.toolbar button:has-text("Return to live"), .pill + button'),
    effect: `lab.run().mode !== 'REVIEW'`,
  },
  { name: 'twin', press: key('f'), effect: `lab.run().mode === 'TWIN'` },
  { name: 'out of the twin', press: click('.pill + button'), effect: `lab.run().mode !== 'TWIN'` },
  {
    name: 'fault menu',
    press: click('.toolbar button:has-text("Fault")'),
    effect: `document.querySelector('[role=menu]') !== null`,
  },
  { name: 'close the menu', press: key('Escape'), effect: `document.querySelector('[role=menu]') === null` },
  {
    name: 'SQL tab',
    press: click('#dock-pane [role=tab][id$=trigger-sql]'),
    effect: `document.querySelector('#dock-pane .cm-content') !== null`,
  },
  {
    name: 'lessons',
    press: click('.rail-item:has-text("Lessons")'),
    effect: `document.querySelector('.lesson-panel') !== null`,
  },
  {
    name: 'begin a lesson',
    press: async (page) => {
      await page.evaluate(() => {
        location.hash = '#/lessons';
      });
      await click('.lesson-panel :is(a[href*="lessons/"], li button)')(page);
    },
    effect: `document.querySelector('.lesson-panel [aria-current=step]') !== null`,
  },
];

async function lookAt(page: Page, { name, press, effect }: Deed): Promise<Row> {
  await page.evaluate(
    ([expression, limit]) => {
      Object.assign(window, { stood: { time: window.lab.frame()?.time ?? 0 } });
      window.armWatch(expression, limit);
    },
    [effect, EFFECT_LIMIT_MS] as const,
  );
  await press(page);
  const { signMs, effectMs, sign } = await page.evaluate(() => window.watched());
  const value = signMs ?? Number.POSITIVE_INFINITY;
  return {
    id: 'SLOW',
    name: `${name}: sign or effect after`,
    value,
    unit: 'ms',
    spread: 0,
    reach: `≤ ${SIGN_REACH_MS} ms`,
    isReached: value <= SIGN_REACH_MS,
    note: `effect ${effectMs === null ? 'never' : `${Math.round(effectMs)} ms`}${sign === '' ? '' : `, sign ${sign}`}`,
  };
}

/** MB of all processes that the browser names. */
async function memoryOf(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const kilobytes = processInfo.map(({ id }) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

async function watchLive(page: Page): Promise<Row[]> {
  const live = await page.evaluate(async (ms) => {
    let pictures = 0;
    let frames = 0;
    const stop = window.lab.subscribe({ onFrame: () => void pictures++ });
    const from = { at: performance.now(), time: window.lab.run().liveTime };
    await new Promise<void>((resolve) => {
      const onFrame = (): void => {
        frames++;
        if (performance.now() - from.at < ms) requestAnimationFrame(onFrame);
        else resolve();
      };
      requestAnimationFrame(onFrame);
    });
    stop();
    const seconds = (performance.now() - from.at) / 1000;
    const { speed, liveTime } = window.lab.run();
    const readout = document.querySelector('[data-readout="speed"]')?.textContent ?? '';
    return {
      share: (liveTime - from.time) / seconds / Number(speed),
      pictures: pictures / seconds,
      frames: frames / seconds,
      readout,
    };
  }, LIVE_MS);
  const row = { id: 'SLOW', spread: 0 };
  return [
    {
      ...row,
      name: 'live: share of the speed asked for',
      value: live.share,
      unit: '',
      note: `said: ${live.readout}`,
    },
    {
      ...row,
      name: 'live: pictures',
      value: live.pictures,
      unit: '1/s',
      note: `${live.frames.toFixed(1)} frames/s`,
    },
  ];
}

async function run(addresses: BenchAddresses): Promise<Row[]> {
  return withFreshProfile(async (page) => {
    const rows: Row[] = [];
    const browser = page.context().browser();
    if (browser === null) throw new Error('the context has no browser to ask');
    const whole = await browser.newBrowserCDPSession();
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.addInitScript(installWatch, signs);
    const from = performance.now();
    await page.goto(addresses.lab);
    await page.locator('[data-map-node]').first().waitFor({ timeout: EFFECT_LIMIT_MS });
    const cardMs = performance.now() - from;
    await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, {
      timeout: EFFECT_LIMIT_MS,
    });
    rows.push({ id: 'SLOW', name: 'first visit: card', value: cardMs, unit: 'ms', spread: 0 });
    rows.push({
      id: 'SLOW',
      name: 'first visit: live',
      value: performance.now() - from,
      unit: 'ms',
      spread: 0,
    });
    let most = 0;
    const measureMemory = async (): Promise<void> => {
      most = Math.max(most, await memoryOf(whole));
    };
    rows.push(...(await watchLive(page)));
    await measureMemory();
    for (const deed of deeds) {
      try {
        rows.push(await lookAt(page, deed));
      } catch (error) {
        console.error(`${deed.name}: ${String(error)}`);
      }
      await measureMemory();
    }
    rows.push({
      id: 'SLOW',
      name: 'all processes, the most',
      value: most,
      unit: 'MB',
      spread: 0,
      reach: `≤ ${MEMORY_REACH_MB} MB`,
      isReached: most <= MEMORY_REACH_MB,
    });
    return rows;
  });
}

/** Processor time of a process so far, ms: Linux counts it in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Every process of the browser on one core, which another keeps busy; whatever else the machine does there is said by that one's share. */
async function onOneCore(work: () => Promise<Row[]>): Promise<Row[]> {
  const chromium = process.env.POSTDB_LAB_CHROMIUM ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-slow-'));
  const bound = join(folder, 'chromium');
  writeFileSync(bound, `#!/bin/sh\nexec taskset -c ${CORE} ${chromium} "$@"\n`);
  chmodSync(bound, 0o755);
  execFileSync('taskset', ['-V']);
  const busy: ChildProcess = spawn('taskset', ['-c', CORE, process.execPath, '-e', 'for (;;);'], {
    stdio: 'ignore',
  });
  process.env.POSTDB_LAB_CHROMIUM = bound;
  try {
    const from = performance.now();
    const rows = await work();
    const share = (100 * processorMs(busy.pid ?? 0)) / (performance.now() - from);
    return [
      ...rows,
      {
        id: 'SLOW',
        name: 'the core as the busy process had it',
        value: share,
        unit: '%',
        spread: 0,
        note: 'below 50 others were there, too',
      },
    ];
  } finally {
    process.env.POSTDB_LAB_CHROMIUM = chromium;
    busy.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  id: 'SLOW',
  title: 'a slow laptop',
  needsBrowser: true,
  run: () => onOneCore(() => withAddresses(run)),
};
