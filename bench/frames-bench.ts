// P3: what the page itself costs with 50 nodes and a thousand messages in flight: intervals between frames, our script in
// each of them, tasks that block; every lens open in turn at 1:1000, and the first at maximum speed. Beside an empty page
// in the same browser.

import type { Page } from '@playwright/test';
import { type BenchAddresses, roundsOf, withAddresses, withFreshProfile } from './bench-browser.ts';
import { type Bench, quantile, type Row } from './harness.ts';
import { mainThreadScript } from './main-thread.ts';

const MEASURED_MS = 5000;
const SETTLE_MS = 1500;
const BOOT_TIMEOUT_MS = 300_000;
/** Messages that the fabric has in flight before anything is measured. */
const IN_FLIGHT = 1000;
/** Keys of the lenses, or those of POSTDB_LAB_BENCH_LENSES; those that do not exist change nothing and are left out. */
const DIGITS = [...(process.env.POSTDB_LAB_BENCH_LENSES ?? '1234567890-')];

interface Watch {
  readonly intervals: number[];
  readonly longTasks: number[];
  readonly inFlight: number[];
  frames: number;
}

declare global {
  interface Window {
    watchFrames: (ms: number) => Promise<Watch>;
  }
}

/** Runs in the page before its own scripts. */
function installWatch(): void {
  window.watchFrames = (ms) =>
    new Promise((resolve) => {
      const watch: Watch = { intervals: [], longTasks: [], inFlight: [], frames: 0 };
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) watch.longTasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
      const stop = window.lab?.subscribe({ onFrame: () => void watch.frames++ });
      const until = performance.now() + ms;
      let before = 0;
      const onFrame = (now: number): void => {
        if (before > 0) watch.intervals.push(now - before);
        before = now;
        watch.inFlight.push(window.lab?.frame()?.flights.length ?? 0);
        if (now < until) requestAnimationFrame(onFrame);
        else {
          observer.disconnect();
          stop?.();
          resolve(watch);
        }
      };
      requestAnimationFrame(onFrame);
    });
}

interface Measured extends Watch {
  /** Script of each frame, ms. */
  readonly script: readonly number[];
}

async function measure(page: Page): Promise<Measured> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the context has no browser to trace');
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8.execute'] });
  const watch = await page.evaluate((ms) => window.watchFrames(ms), MEASURED_MS);
  return { ...watch, script: mainThreadScript(await browser.stopTracing()) };
}

async function startStress(page: Page, address: string): Promise<void> {
  await page.addInitScript(installWatch);
  await page.goto(address);
  await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, {
    timeout: BOOT_TIMEOUT_MS,
  });
  await page.evaluate(() => window.lab.startRun({ preset: 'stress-50', seed: 7 }));
  await page.waitForFunction(
    (least) => {
      const frame = window.lab.frame();
      return (
        frame?.preset === 'stress-50' && window.lab.run().mode === 'LIVE' && frame.flights.length >= least
      );
    },
    IN_FLIGHT,
    { timeout: BOOT_TIMEOUT_MS },
  );
}

const at = (values: readonly number[], q: number): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    q,
  );
const shareAbove = (values: readonly number[], limit: number): number =>
  values.length === 0 ? 0 : (100 * values.filter((value) => value > limit).length) / values.length;

function rowsOf(name: string, measured: Measured, empty: Measured): Row[] {
  const late = shareAbove(measured.intervals, 25);
  const script = at(measured.script, 0.95);
  const longest = Math.max(0, ...measured.longTasks);
  const pictures = ((measured.frames * 1000) / MEASURED_MS).toFixed(0);
  const note = `${Math.round(at(measured.inFlight, 0.5))} in flight, ${pictures} pictures/s, ${measured.intervals.length} intervals`;
  return [
    {
      id: 'P3',
      name: `${name}: intervals above 25 ms`,
      value: late,
      unit: '%',
      reference: shareAbove(empty.intervals, 25),
      referenceName: 'empty page',
      spread: 0,
      reach: '≤ 5 %',
      isReached: late <= 5,
      note,
    },
    {
      id: 'P3',
      name: `${name}: our script a frame, p95`,
      value: script,
      unit: 'ms',
      spread: 0,
      reach: '≤ 6 ms',
      isReached: script <= 6,
      note: `median ${at(measured.script, 0.5).toFixed(1)} ms`,
    },
    {
      id: 'P3',
      name: `${name}: longest task`,
      value: longest,
      unit: 'ms',
      spread: 0,
      reach: 'none > 50 ms',
      isReached: longest <= 50,
      note: `${measured.longTasks.length} above 50 ms`,
    },
  ];
}

async function everyLens(page: Page, empty: Measured): Promise<Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const digit of DIGITS) {
    await page.locator('body').press(digit);
    // A lens loads when it is opened; its title is there with it.
    await page.waitForTimeout(SETTLE_MS);
    const title = (await page.locator('[data-region="lens"] h2').first().textContent()) ?? '';
    if (title === '' || seen.has(title)) continue;
    seen.add(title);
    rows.push(...rowsOf(title, await measure(page), empty));
  }
  await page.locator('body').press('1');
  await page.evaluate(() => window.lab.setSpeed('max'));
  await page.waitForTimeout(SETTLE_MS);
  const fast = await measure(page);
  const interval = at(fast.intervals, 0.95);
  const views = (fast.frames * 1000) / MEASURED_MS;
  rows.push(
    {
      id: 'P3',
      name: 'maximum speed: interval, p95',
      value: interval,
      unit: 'ms',
      spread: 0,
      reach: '≤ 33.4 ms',
      isReached: interval <= 33.4,
    },
    {
      id: 'P3',
      name: 'maximum speed: view frames a second',
      value: views,
      unit: '1/s',
      spread: 0,
      reach: '≥ 10',
      isReached: views >= 10,
    },
  );
  return rows;
}

async function run(addresses: BenchAddresses): Promise<Row[]> {
  const rows: Row[] = [];
  for (let round = 0; round < roundsOf(1); round++) {
    const empty = await withFreshProfile(async (page) => {
      await page.addInitScript(installWatch);
      await page.goto(`${addresses.references}empty.html`);
      return measure(page);
    });
    rows.push(
      ...(await withFreshProfile(async (page) => {
        await page.setViewportSize({ width: 1920, height: 1080 });
        await startStress(page, addresses.lab);
        return everyLens(page, empty);
      })),
    );
  }
  return rows;
}

export const bench: Bench = {
  id: 'P3',
  title: 'frames at 50 nodes and a thousand messages',
  needsBrowser: true,
  run: () => withAddresses(run),
};
