// P4: a first visit, from navigation to the first node card, to the live cluster, to an acknowledged commit of this
// boot's own writer; every visit with a cold profile. Beside an empty React page in the same browser.

import type { Page } from '@playwright/test';
import { initialScriptLimit, measureInitialScripts } from '../scripts/initial-scripts.mjs';
import { type BenchAddresses, roundsOf, withAddresses, withFreshProfile } from './bench-browser.ts';
import { type Bench, type Row, type Sample, summarise } from './harness.ts';

const ROUNDS = 5;
const TIMEOUT_MS = 60_000;

/** Milliseconds since navigation, as the page itself saw them. */
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
  const recorded = page.waitForResponse(/hook-keyframe\.json/);
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
  const { gzipBytes } = measureInitialScripts('dist');
  return [
    rowOf('first node card', summarise(visits.map(({ cardMs }) => cardMs)), 1000),
    rowOf('live', summarise(visits.map(({ liveMs }) => liveMs)), 2500),
    rowOf('first acknowledged commit', summarise(visits.map(({ commitMs }) => commitMs))),
    {
      id: 'P4',
      name: 'initial scripts, gzip',
      value: gzipBytes / 1024,
      unit: 'KB',
      spread: 0,
      reach: `≤ ${initialScriptLimit / 1024} KB`,
      isReached: gzipBytes <= initialScriptLimit,
    },
  ];
}

export const bench: Bench = {
  id: 'P4',
  title: 'a first visit',
  needsBrowser: true,
  run: () => withAddresses(measure),
};
