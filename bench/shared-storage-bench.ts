// What readers of shared storage cost, and what a promotion takes, in virtual time (docs/performance.md): bytes to a reader as metadata of WAL
// against WAL itself, a reader's lag against the write rate, and a promotion with 1, 10 and 100 times the data.

import { nodeId, type Time } from '../src/base/ids.ts';
import { benchOf, type load } from './clusters.ts';
import type { Bench, Row } from './harness.ts';
import { makeVirtualRun, percentile, type VirtualRun } from './virtual-run.ts';

const WARM_US = 100_000;
const WATCHED_US = 400_000;
const RATES = [1_000, 2_000, 5_000, 10_000] as const;
const RECORDS = [200, 2000, 20_000] as const;
const WRITER = nodeId('rw-1');
/** Without a record for so long the load has come to a stand. */
const STALL_US = 100_000;
const STEP_US = 1_000;
const LIMIT_US = 60_000_000;
/** Watched for the end of background replay, after the first commit. */
const REPLAY_US = 100_000;
/** The lag, and a promotion, may grow by so much from the least to the most. */
const FLAT = 1.25;

const ms = (us: number): number => Math.round(us / 10) / 100;
const row = (name: string, value: number, unit: string, more: Partial<Row>): Row => ({
  id: 'SHARED',
  name,
  value,
  unit,
  spread: 0,
  ...more,
});

/** LI-44: L for a log of 100,000 LSNs in flight, as the copy buffer of the real one has it. */
const CHANGES = { params: [['copyLag', 100_000]] } as const;

const presetOf = (spec: Parameters<typeof load>[0]) =>
  benchOf('polardb', { thinkUs: 0, readPercent: 0, ...spec });

/** From the instant at which WAL is durable to that at which a reader has parsed its metadata, and reads see it. */
async function lagAt(rate: number) {
  const durable: { at: number; last: number }[] = [];
  const lags: number[] = [];
  const bytes = { meta: 0, wal: 0 };
  let isWatched = false;
  let next = 0;
  const run = await makeVirtualRun(
    presetOf({ kind: 'kv-insert', rows: 0, clients: 2_000, ratePerSecond: rate, valueBytes: 100 }),
    CHANGES,
    {
      onTrace: ({ at, event, node }) => {
        if (event.kind === 'wal.synced') {
          durable.push({ at, last: event.last });
          if (isWatched) bytes.wal += event.bytes;
        }
        if (event.kind !== 'ro.applied' || node !== 'ro-1' || !isWatched) return;
        for (; next < durable.length && (durable[next]?.last ?? 0) <= event.applyLsn; next++)
          lags.push(at - (durable[next]?.at ?? at));
      },
      onWalMeta: ({ reader }, frame) => {
        if (isWatched && reader === 'ro-1') bytes.meta += frame;
      },
    },
  );
  run.forUs(WARM_US);
  next = durable.length;
  isWatched = true;
  run.watch();
  run.forUs(WATCHED_US);
  const { commits } = run;
  const at = (q: number): number => (lags.length === 0 ? Number.POSITIVE_INFINITY : percentile(lags, q)); // no record came
  return { p50: at(0.5), p99: at(0.99), commits, ...bytes };
}

async function lagRows(): Promise<Row[]> {
  const rows: Row[] = [];
  let first = 0;
  for (const rate of RATES) {
    const { p50, p99, commits, meta, wal } = await lagAt(rate);
    first ||= p50;
    rows.push(
      row(`a reader's lag at ${rate} writes a second`, ms(p50), 'ms', {
        reference: ms(first),
        referenceName: `${RATES[0]} writes a second`,
        ratio: p50 / first,
        reach: `≤ ${FLAT} ×`,
        isReached: p50 <= FLAT * first,
        note: `p99 ${ms(p99)} ms, ${commits} commits`,
      }),
    );
    if (rate === RATES[3])
      rows.push(
        row('bytes to a reader, per commit', Math.round(meta / commits), 'B', {
          reference: Math.round(wal / commits),
          referenceName: 'WAL itself',
          ratio: meta / wal,
        }),
      );
  }
  return rows;
}

interface Promotion {
  readonly records: number;
  readonly decided: number;
  readonly opened: number;
  readonly committed: number;
  /** Background replay over; null: not so soon. */
  readonly replayed: number | null;
}

async function promoteAfter(records: number): Promise<Promotion> {
  let logged = 0;
  let replayedAt: number | null = null;
  const run: VirtualRun = await makeVirtualRun(
    presetOf({ kind: 'kv-insert', rows: 0, clients: 64, valueBytes: 200 }),
    CHANGES,
    {
      onTrace: ({ at, event }) => {
        if (event.kind === 'mtr.append') logged = event.end - 1;
        if (event.kind === 'promote.step' && event.step === 'P6') replayedAt = at;
      },
    },
  );
  for (let [stood, since] = [-1, run.now]; logged < records; ) {
    if (logged !== stood) [stood, since] = [logged, run.now];
    else if (run.now > since + STALL_US) throw new Error(`the log stands at ${logged} of ${records} records`);
    run.forUs(STEP_US);
  }
  const before = logged;
  const diedAt = run.now;
  run.act({ kind: 'crash', at: diedAt as Time, node: WRITER, mode: 'drawn', forUs: null });
  const until = (what: string, isIt: Parameters<typeof run.untilEvent>[0]): number => {
    if (run.untilEvent(isIt, LIMIT_US) === null) throw new Error(`no ${what} after ${records} records`);
    return (run.now - diedAt) / 1000;
  };
  const decided = until('grant', ({ event }) => event.kind === 'token.grant');
  const opened = until('opening', ({ event }) => event.kind === 'recovery.done');
  const committed = until('commit', ({ event }) => event.kind === 'commit.ack');
  run.forUs(REPLAY_US);
  const replayed = replayedAt === null ? null : (replayedAt - diedAt) / 1000;
  return { records: before, decided, opened, committed, replayed };
}

async function promoteRows(): Promise<Row[]> {
  const all: Promotion[] = [];
  for (const records of RECORDS) all.push(await promoteAfter(records));
  const [least] = all;
  if (least === undefined) return [];
  const takes = ({ decided, opened }: Promotion): number => opened - decided;
  return all.map((one) =>
    row(
      `grant to open of a promoted reader, ${one.records} records`,
      Math.round(takes(one) * 10) / 10,
      'ms',
      {
        reference: Math.round(takes(least) * 10) / 10,
        referenceName: `${least.records} records`,
        ratio: takes(one) / takes(least),
        reach: `≤ ${FLAT} ×`,
        isReached: takes(one) <= FLAT * takes(least),
        note: `from the writer's death: granted ${one.decided.toFixed(1)}, open ${one.opened.toFixed(1)}, first commit ${one.committed.toFixed(1)}, background replay ${one.replayed === null ? `not over within ${REPLAY_US / 1000}` : `over ${one.replayed.toFixed(1)}`} ms`,
      },
    ),
  );
}

/** Pages of two kinds change all the time: those of a hundred accounts, and the last one of the commit log. */
const HOT = { kind: 'transfer', rows: 100, clients: 64, valueBytes: 0 } as const;
const HOT_US = 1_000_000;

/** For how long changes of hot pages wait to be stored, as checkpoints show it: readers are always a little behind them (LI-40, LI-44). */
async function stallOf(off: { readonly copySlots?: number }) {
  const appended: { readonly last: number; readonly at: number }[] = [];
  let first = 0;
  let [redo, tail, stored, copies, isWatched] = [0, 0, 0, 0, false];
  const most = { us: 0, records: 0 };
  const run = await makeVirtualRun(
    presetOf(HOT),
    { ...CHANGES, off },
    {
      onTrace: ({ at, event }) => {
        if (event.kind === 'mtr.append') {
          tail = event.end - 1;
          appended.push({ last: tail, at });
        }
        if (event.kind === 'checkpoint.done') redo = event.redoLsn;
        for (; first < appended.length && (appended[first]?.last ?? 0) < redo; first++);
        if (!isWatched) return;
        most.us = Math.max(most.us, at - (appended[first]?.at ?? at));
        most.records = Math.max(most.records, tail + 1 - redo);
        if (event.kind === 'page.stored') stored++;
        if (event.kind === 'page.stored' && event.how === 'copy') copies++;
      },
    },
  );
  run.forUs(WARM_US);
  isWatched = true;
  run.watch();
  run.forUs(HOT_US);
  return { ...most, stored, copies, commits: run.commits };
}

/** With the copy buffer, and with none: a change waits at most half as long with it. */
async function stallRows(): Promise<Row[]> {
  const [copied, plain] = [await stallOf({}), await stallOf({ copySlots: 0 })];
  const ratio = copied.us / plain.us;
  return [
    row('flush stall of hot pages, copy buffer of 16', ms(copied.us), 'ms', {
      reference: ms(plain.us),
      referenceName: 'no copy buffer',
      ratio,
      reach: '≤ 0.5 ×',
      isReached: copied.copies > 0 && plain.copies === 0 && ratio <= 0.5,
      note: `pages stored ${copied.stored} (${copied.copies} copies) and ${plain.stored}, records that a start replays at most ${copied.records} and ${plain.records}, commits ${copied.commits} and ${plain.commits}`,
    }),
  ];
}

export const bench: Bench = {
  id: 'SHARED',
  title: 'readers of shared storage in virtual time',
  run: async () => [...(await stallRows()), ...(await lagRows()), ...(await promoteRows())],
};
