// P4: a first visit, from navigation to the first node card, to the live cluster, to an acknowledged commit of this
// boot's own writer; every visit with a cold profile. Beside an empty React page in the same browser. Then the same from the moment
// at which a preset is chosen, beside the hook when it is chosen as well, pair by pair.

import type { Page } from '@playwright/test';
import { initialScriptLimit, measureInitialScripts } from '../scripts/initial-scripts.mjs';
import { type BenchAddresses, roundsOf, withAddresses, withFreshProfile } from './bench-browser.ts';
import { type Bench, type Row, type Sample, summarise } from './harness.ts';

const ROUNDS = 5;
const TIMEOUT_MS = 60_000;

/** Presets that are chosen, by name; those of POSTDB_LAB_BENCH_PRESETS instead. */
const PRESETS = (process.env.POSTDB_LAB_BENCH_PRESETS ?? 'postdb-v4').split(',');
const HOOK = 'hook-hole';
/** What runs before: it shares no node but the driver with any of them, and has no recorded picture. */
const BEFORE = 'toy';

/** Milliseconds since navigation, or since the preset was chosen, as the page itself saw them. */
interface Visit {
  readonly cardMs: number;
  readonly liveMs: number;
  readonly commitMs: number;
}

declare global {
  interface Window {
    visit: { cardMs: number; liveMs: number };
  }
}

/** Runs in the page before its own scripts: notes when the first card is in the document and when the run is live. */
function watchVisit(): void {
  const visit = { cardMs: -1, liveMs: -1 };
  window.visit = visit;
  const look = (): void => {
    const now = performance.now();
    if (visit.cardMs < 0 && document.querySelector('main [role="group"][aria-label^="rw-1"]') !== null)
      visit.cardMs = now;
    if (visit.liveMs < 0 && window.lab?.run().mode === 'LIVE') visit.liveMs = now;
    if (visit.cardMs < 0 || visit.liveMs < 0) setTimeout(look, 2);
  };
  look();
}

/** In the page: a statement as a person would type it; its reply must name an LSN beyond the recorded picture's. */
async function commitOnce(recordedVdl: number): Promise<number> {
  const { result } = await window.lab.sql('bench', 'UPDATE accounts SET balance = balance + 1 WHERE id = 1', {
    runToReply: true,
  });
  if (result.outcome !== 'ok' || result.scn <= recordedVdl) throw new Error(JSON.stringify(result));
  return performance.now();
}

async function visitLab(page: Page, address: string): Promise<Visit> {
  await page.addInitScript(watchVisit);
  const recorded = page.waitForResponse(/hook-hole-keyframe\.json/);
  await page.goto(address);
  const { frame } = (await (await recorded).json()) as { frame: { metrics: { vdl: number } } };
  await page.waitForFunction(
    () => {
      const { cardMs, liveMs } = window.visit;
      return cardMs >= 0 && liveMs >= 0;
    },
    undefined,
    { timeout: TIMEOUT_MS },
  );
  const commitMs = await page.evaluate(commitOnce, frame.metrics.vdl ?? -1);
  return { ...(await page.evaluate(() => window.visit)), commitMs };
}

/** In the page: chooses a preset; its cards are there when each node of its picture has one. */
async function choosePreset(preset: string): Promise<Visit> {
  const startedAt = performance.now();
  let [cardMs, liveMs] = [-1, -1];
  const hasCard = (id: string): boolean =>
    document.querySelector(`main [role="group"][aria-label^="${id}, "]`) !== null;
  const isSeen = new Promise<void>((resolve) => {
    const look = (): void => {
      const [frame, since] = [window.lab.frame(), performance.now() - startedAt];
      const isShown = frame?.preset === preset;
      if (cardMs < 0 && isShown && frame.nodes.every(({ id }) => hasCard(id))) cardMs = since;
      if (liveMs < 0 && isShown && window.lab.run().mode === 'LIVE') liveMs = since;
      if (cardMs < 0 || liveMs < 0) setTimeout(look, 2);
      else resolve();
    };
    look();
  });
  await window.lab.startRun({ preset, seed: 7 });
  await isSeen;
  const { result } = await window.lab.sql('bench', 'UPDATE accounts SET balance = balance + 1 WHERE id = 1', {
    runToReply: true,
  });
  if (result.outcome !== 'ok') throw new Error(JSON.stringify(result));
  return { cardMs, liveMs, commitMs: performance.now() - startedAt };
}

/** A profile that has seen neither: what a picture of the preset needs is loaded when it is chosen. */
async function visitChosen(page: Page, address: string, preset: string): Promise<Visit> {
  await page.goto(address);
  await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, { timeout: TIMEOUT_MS });
  await page.evaluate((before) => window.lab.startRun({ preset: before, seed: 7 }), BEFORE);
  await page.locator('main [role="group"][aria-label^="t1, "]').waitFor({ timeout: TIMEOUT_MS });
  await page.waitForLoadState('networkidle');
  return page.evaluate(choosePreset, preset);
}

/** Each preset and the hook by turns, and in the next round the other way round. */
async function measureChosen(address: string): Promise<Row[]> {
  const visits = new Map<string, Visit[]>([HOOK, ...PRESETS].map((preset) => [preset, []]));
  for (let round = 0; round < roundsOf(ROUNDS); round++) {
    const order = round % 2 === 0 ? [...visits] : [...visits].reverse();
    for (const [preset, seen] of order)
      seen.push(await withFreshProfile((page) => visitChosen(page, address, preset)));
  }
  const hook = visits.get(HOOK) ?? [];
  const what = { cardMs: 'its cards', liveMs: 'live', commitMs: 'first acknowledged commit' } as const;
  return PRESETS.flatMap((preset) =>
    (['cardMs', 'liveMs', 'commitMs'] as const).map((key): Row => {
      const own = summarise((visits.get(preset) ?? []).map((visit) => visit[key]));
      return {
        id: 'P4',
        name: `${preset} chosen: ${what[key]}`,
        value: own.median,
        unit: 'ms',
        reference: summarise(hook.map((visit) => visit[key])).median,
        referenceName: 'the hook, chosen',
        ratio: summarise(own.runs.map((ms, i) => (hook[i]?.[key] ?? Number.NaN) / ms)).median,
        spread: own.spread,
      };
    }),
  );
}

/** First contentful paint of an empty React page. */
async function visitEmpty(page: Page, address: string): Promise<number> {
  await page.goto(`${address}empty.html`);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries())
            if (name === 'first-contentful-paint') resolve(startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

async function measure(addresses: BenchAddresses): Promise<Row[]> {
  const visits: Visit[] = [];
  const empty: number[] = [];
  for (let round = 0; round < roundsOf(ROUNDS); round++) {
    visits.push(await withFreshProfile((page) => visitLab(page, addresses.lab)));
    empty.push(await withFreshProfile((page) => visitEmpty(page, addresses.references)));
  }
  const reference = summarise(empty).median;
  const rowOf = (name: string, { median, spread }: Sample, reachMs?: number): Row => ({
    id: 'P4',
    name,
    value: median,
    unit: 'ms',
    reference,
    referenceName: 'empty React page, first paint',
    ratio: reference / median,
    spread,
    ...(reachMs === undefined ? {} : { reach: `≤ ${reachMs} ms`, isReached: median <= reachMs }),
  });
  const { bytes } = measureInitialScripts('dist');
  return [
    rowOf('first node card', summarise(visits.map(({ cardMs }) => cardMs)), 1000),
    rowOf('live', summarise(visits.map(({ liveMs }) => liveMs)), 2500),
    rowOf('first acknowledged commit', summarise(visits.map(({ commitMs }) => commitMs))),
    ...(await measureChosen(addresses.lab)),
    {
      id: 'P4',
      name: 'initial scripts, gzip',
      value: bytes / 1024,
      unit: 'KB',
      spread: 0,
      reach: `≤ ${initialScriptLimit / 1024} KB`,
      isReached: bytes <= initialScriptLimit,
    },
  ];
}

export const bench: Bench = {
  id: 'P4',
  title: 'a first visit',
  needsBrowser: true,
  run: () => withAddresses(measure),
};
