// The three engines beside each other, in turn and by the same verbs: a first visit to LIVE, frames while it is, the load of P1
// at full speed, and the undo of a crash after it. Figures of docs/journal/benches.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import type { Engine } from '../e2e/engines/engine.ts';
import { type EnginePage, makeEnginePage } from '../e2e/engines/engine.ts';
import { makeTab, openFirefox, viewport } from '../e2e/engines/firefox.ts';
import { openWebKit } from '../e2e/engines/webkit.ts';
import { launchFlags } from '../scripts/browser.mjs';
import { type EngineName, howToInstall, isInstalled } from '../scripts/engines.mjs';
import { measuredTape, measureInPage, stretchMs } from '../src/lab/speed/measured-load.ts';
import { type BenchAddresses, roundsOf, withAddresses } from './bench-browser.ts';
import { type Bench, type Row, summarise } from './harness.ts';

const ROUNDS = 5;
const CLIENTS = 64;
const FRAMES_MS = 5000;
const VICTIM = 'store-3';

interface Measured {
  readonly liveMs: number;
  readonly framesPerSecond: number;
  readonly commitsPerSecond: number;
  readonly undoMs: number;
}

const what = {
  liveMs: { name: 'from the visit to LIVE', unit: 'ms' },
  framesPerSecond: { name: 'frames while LIVE', unit: '1/s' },
  commitsPerSecond: { name: `durable commits, ${CLIENTS} clients`, unit: '1/s' },
  undoMs: { name: 'undo of a crash after that load, to LIVE', unit: 'ms' },
} as const satisfies Record<keyof Measured, { name: string; unit: string }>;

/** In the page: since its navigation began. */
const whenLive = (): Promise<number> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (window.lab?.run().mode === 'LIVE') resolve(performance.now());
      else setTimeout(look, 2);
    };
    look();
  });

const countFrames = (ms: number): Promise<number> =>
  new Promise((resolve) => {
    const from = performance.now();
    let frames = 0;
    const onFrame = (): void => {
      const past = performance.now() - from;
      frames += 1;
      if (past < ms) requestAnimationFrame(onFrame);
      else resolve((frames * 1000) / past);
    };
    requestAnimationFrame(onFrame);
  });

/** In the page: the cluster stands; a node crashes, and the run before that is there again and goes on. */
async function undoCrash(victim: string): Promise<number> {
  const { lab } = window;
  const crashed = await lab.act(`crash ${victim} drawn`);
  if (!crashed.ok) throw new Error(crashed.error);
  lab.setSpeed(1000);
  lab.play();
  const { runId } = lab.run();
  const from = performance.now();
  await lab.undo();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const run = lab.run();
      const isBack = run.runId !== runId && run.mode === 'LIVE';
      if (isBack && lab.frame()?.nodes.every(({ status }) => status === 'up')) resolve();
      else setTimeout(look, 2);
    };
    look();
  });
  return performance.now() - from;
}

async function measure(page: EnginePage, address: string): Promise<Measured> {
  await page.open(address);
  const liveMs = await page.evaluate(whenLive);
  const framesPerSecond = await page.evaluate(countFrames, FRAMES_MS);
  const load = [measuredTape(CLIENTS), stretchMs] as const;
  const { commitsPerSecond } = await page.evaluate(measureInPage, load);
  return { liveMs, framesPerSecond, commitsPerSecond, undoMs: await page.evaluate(undoCrash, VICTIM) };
}

/** Chromium by the verbs of the others. */
async function openChromium(): Promise<Pick<Engine, 'tab' | 'close'>> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'postdb-lab-bench-'));
  const browser = await puppeteer.launch({
    browser: 'chrome',
    executablePath: String(process.env.POSTDB_LAB_CHROMIUM),
    headless: true,
    args: [...launchFlags],
    userDataDir,
    defaultViewport: viewport,
  });
  const tab = makeTab(await browser.newPage(), []);
  return {
    tab: () => tab,
    async close() {
      await browser.close();
      rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const openers = { chromium: openChromium, firefox: () => openFirefox(), webkit: openWebKit } as const;
type Name = keyof typeof openers;

const names = Object.keys(openers) as Name[];

async function run({ lab }: BenchAddresses): Promise<Row[]> {
  const missing = (['firefox', 'webkit'] satisfies EngineName[]).find((name) => !isInstalled(name));
  if (missing !== undefined) throw new Error(howToInstall(missing));
  const runs = new Map<Name, Measured[]>(names.map((name) => [name, []]));
  for (let round = 0; round < roundsOf(ROUNDS); round++) {
    for (const [name, measured] of runs) {
      const engine = await openers[name]();
      try {
        measured.push(await measure(makeEnginePage(engine.tab()), lab));
      } finally {
        await engine.close();
      }
    }
  }
  return (Object.keys(what) as (keyof Measured)[]).flatMap((key) => {
    const samples = names.map((name) => ({
      name,
      ...summarise((runs.get(name) ?? []).map((one) => one[key])),
    }));
    const chromium = samples[0]?.median ?? Number.NaN;
    return samples.map(
      ({ name, median, spread, runs: values }): Row => ({
        id: 'ENGINES',
        name: `${what[key].name}: ${name}`,
        value: median,
        unit: what[key].unit,
        reference: chromium,
        referenceName: 'Chromium',
        ratio: median / chromium,
        spread,
        note: `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`,
      }),
    );
  });
}

export const bench: Bench = {
  id: 'ENGINES',
  title: 'Chromium, Firefox and WebKit',
  needsBrowser: true,
  run: () => withAddresses(run),
};
