// P1: durable commits a second in the browser, beside PostgreSQL itself on IndexedDB and beside the run's own schedule
// on nodes that do nothing but pass bytes on and write them.

import type { Page } from '@playwright/test';
import type { Time } from '../src/base/ids.ts';
import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import {
  measuredTape,
  measureInPage,
  type Stretch,
  stretchMs,
  VALUE_BYTES,
} from '../src/lab/speed/measured-load.ts';
import { type BenchAddresses, roundsOf, withAddresses, withFreshProfile } from './bench-browser.ts';
import type { Schedule } from './browser/schedule.ts';
import { type Bench, type Row, summarise } from './harness.ts';
import { recordSchedule } from './record-schedule.ts';

const CLIENTS = [64, 256] as const;
const ROUNDS = 3;
const PGLITE_SECONDS = 8;
/** Windows of the measured stretch that the null nodes repeat. */
const REPLAYED_WINDOWS = 4000;
/** Times the reference (a) and the share of (b) to reach. */
const REACH = { 64: 100, 256: 500 } as const;
const REACH_OF_SCHEDULE = 0.4;

async function runLab(page: Page, address: string, clients: number): Promise<Stretch> {
  await page.goto(`${address}#/lab`);
  await page.waitForFunction(() => window.lab?.run().mode === 'LIVE', undefined, { timeout: 60_000 });
  return page.evaluate(measureInPage, [measuredTape(clients), stretchMs] as const);
}

async function measureClients(addresses: BenchAddresses, clients: 64 | 256): Promise<Row[]> {
  const edge = await loadSqlEdge();
  const ours: number[] = [];
  const pglite: number[] = [];
  const nulls: number[] = [];
  const perCommit: number[] = [];
  for (let round = 0; round < roundsOf(ROUNDS); round++) {
    const stretch = await withFreshProfile((page) => runLab(page, addresses.lab, clients));
    ours.push(stretch.commitsPerSecond);
    const { virtualUs, ...schedule } = recordSchedule(measuredTape(clients), edge, {
      from: stretch.from as Time,
      until: stretch.until as Time,
      most: REPLAYED_WINDOWS,
    });
    if (schedule.commits === 0 || virtualUs === 0)
      throw new Error('nothing was committed while it was measured');
    perCommit.push(schedule.windows.length / schedule.commits);
    await withFreshProfile(async (page) => {
      await page.goto(addresses.references);
      await page.waitForFunction(() => 'references' in window);
      pglite.push(
        await page.evaluate(([seconds, bytes]) => window.references.insertDurably(seconds, bytes), [
          PGLITE_SECONDS,
          VALUE_BYTES,
        ] as const),
      );
      nulls.push(
        await page.evaluate(
          (recorded: Schedule) => window.references.replaySchedule(recorded),
          schedule satisfies Schedule,
        ),
      );
    });
  }
  return rowsOf(clients, { ours, pglite, nulls, perCommit });
}

function rowsOf(
  clients: 64 | 256,
  runs: Readonly<Record<'ours' | 'pglite' | 'nulls' | 'perCommit', readonly number[]>>,
): Row[] {
  const { median, spread } = summarise(runs.ours);
  const pglite = summarise(runs.pglite).median;
  const nulls = summarise(runs.nulls).median;
  const windows = summarise(runs.perCommit);
  const name = `durable commits, ${clients} clients`;
  const shared = { id: 'P1', value: median, unit: '/s', spread } as const;
  return [
    {
      ...shared,
      name,
      reference: pglite,
      referenceName: '(a) PGlite on IndexedDB, one by one',
      ratio: median / pglite,
      reach: `≥ ${REACH[clients]} ×`,
      isReached: median / pglite >= REACH[clients],
    },
    {
      ...shared,
      name,
      reference: nulls,
      referenceName: '(b) same schedule, null nodes',
      ratio: median / nulls,
      reach: `≥ ${REACH_OF_SCHEDULE} ×`,
      isReached: median / nulls >= REACH_OF_SCHEDULE,
    },
    {
      id: 'P1',
      name: `windows per commit, ${clients} clients`,
      value: windows.median,
      unit: '',
      spread: windows.spread,
    },
  ];
}

export const bench: Bench = {
  id: 'P1',
  title: 'durable commits in the browser',
  needsBrowser: true,
  run: () =>
    withAddresses(async (addresses) => {
      const rows: Row[] = [];
      for (const clients of CLIENTS) rows.push(...(await measureClients(addresses, clients)));
      return rows;
    }),
};
