// What readers cost and give, in virtual time (docs/performance.md): replica lag against the write rate, the start of a reader against data
// and log, reads with more readers, bytes shipped to a reader. Exact and repeatable; published figures stand beside them.

import { nodeId, type Time } from '../src/base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../src/core/kernel/cluster-spec.ts';
import type { Preset } from '../src/presets/preset.ts';
import type { TracedEvent } from '../src/sim/types.ts';
import { benchP2, load } from './clusters.ts';
import type { Bench, Row } from './harness.ts';
import { makeVirtualRun, percentile, type VirtualRun } from './virtual-run.ts';

const WARM_US = 100_000;
const WATCHED_US = 400_000;
const START_LIMIT_US = 10_000_000;
/** Writes a virtual second, and replica lag that Aurora (SIGMOD'17, table 4) and MySQL there had at that rate, ms. */
const PUBLISHED = [
  [1_000, 2.62, '< 1,000'],
  [2_000, 3.42, '1,000'],
  [5_000, 3.94, '60,000'],
  [10_000, 5.38, '300,000'],
] as const;
const ROWS = [300, 30_000] as const;
const READERS = [1, 2, 5, 10, 15] as const;
/** Processor time of an input at a compute node: without it a node would answer any number of reads at once. */
const INPUT_US = 50;
const READ_CLIENTS = 400;

const reader = (i: number): NodeSpec => ({
  id: nodeId(`ro-${i + 1}`),
  zone: 'bca'[i % 3] ?? 'a',
  roles: ['compute'],
  isReader: true,
});
const withReaders =
  (count: number) =>
  (cluster: ClusterSpec): ClusterSpec => ({
    ...cluster,
    nodes: [...cluster.nodes, ...Array.from({ length: count }, (_, i) => reader(i))],
  });

/** Beside a reader of ours a classic standby, which has the log since the run began in its file (READ-31). */
const CLASSIC = nodeId('classic-1');
const withClassic = (cluster: ClusterSpec): ClusterSpec => {
  const classic: NodeSpec = {
    id: CLASSIC,
    zone: 'c',
    roles: ['compute'],
    isReader: true,
    isClassic: true,
  };
  return withReaders(1)({ ...cluster, nodes: [...cluster.nodes, classic] });
};

const presetOf = (spec: Parameters<typeof load>[0]): Preset => ({
  ...benchP2(),
  loads: [load({ thinkUs: 0, readPercent: 0, ...spec })],
});

const ms = (us: number): number => Math.round(us / 10) / 100;
const row = (name: string, value: number, unit: string, more: Partial<Row>): Row => ({
  id: 'READERS',
  name,
  value,
  unit,
  spread: 0,
  ...more,
});

/** From the instant at which VDL covers an LSN at the writer to that at which a reader shows it. */
async function lagAt(
  rate: number,
): Promise<{ p50: number; p99: number; writes: number; bytes: number; stores: number }> {
  const covered: { at: number; vdl: number }[] = [];
  const lags: number[] = [];
  const shipped = { journal: 0, batches: 0 };
  let isWatched = false;
  let next = 0;
  const run = await makeVirtualRun(
    presetOf({ kind: 'kv-insert', rows: 0, clients: 2_000, ratePerSecond: rate, valueBytes: 100 }),
    { cluster: withReaders(2) },
    {
      onTrace: ({ at, event, node: where }) => {
        if (event.kind === 'mark.vdl' && where === 'rw-1') covered.push({ at, vdl: event.value });
        if (event.kind !== 'ro.applied' || where !== 'ro-1' || !isWatched) return;
        for (; next < covered.length && (covered[next]?.vdl ?? 0) <= event.applyLsn; next++)
          lags.push(at - (covered[next]?.at ?? at));
      },
      onBatch: (_, bytes) => {
        if (isWatched) shipped.batches += bytes;
      },
      onJournal: ({ reader: to }, bytes) => {
        if (isWatched && to === 'ro-1') shipped.journal += bytes;
      },
    },
  );
  run.forUs(WARM_US);
  next = covered.length;
  isWatched = true;
  run.watch();
  run.forUs(WATCHED_US);
  const { commits: writes } = run;
  return {
    p50: percentile(lags, 0.5),
    p99: percentile(lags, 0.99),
    writes,
    bytes: shipped.journal / writes,
    stores: shipped.batches / 3 / writes,
  };
}

async function lagRows(): Promise<Row[]> {
  const rows: Row[] = [];
  let first = 0;
  for (const [rate, aurora, mysql] of PUBLISHED) {
    const { p50, p99, writes, bytes, stores } = await lagAt(rate);
    first ||= p50;
    rows.push(
      row(`replica lag at ${rate} writes a second`, ms(p50), 'ms', {
        reference: aurora,
        referenceName: 'Aurora, SIGMOD’17 table 4',
        ratio: p50 / first,
        note: `p99 ${ms(p99)} ms, ${writes} commits; MySQL there ${mysql} ms; ratio is to the first rate`,
      }),
    );
    if (rate === 10_000)
      rows.push(
        row('bytes shipped to a reader, per commit', Math.round(bytes), 'B', {
          reference: Math.round(stores),
          referenceName: 'to one copy of a store',
          ratio: bytes / stores,
        }),
      );
  }
  return rows;
}

interface Start {
  readonly ready: number;
  readonly read: number;
  readonly classic: number;
  readonly records: number;
}

/** A reader is added once the table has so many rows, and a classic standby started again, both measured. */
async function startWith(rows: number): Promise<Start> {
  let records = 0;
  const run = await makeVirtualRun(
    presetOf({ kind: 'ycsb-b', rows, clients: 8, valueBytes: 100, thinkUs: 500, readPercent: 100 }),
    { cluster: withClassic },
    {
      onTrace: ({ event }) => {
        if (event.kind === 'ro.replay') records = event.records;
      },
    },
  );
  run.forUs(WARM_US);
  const added = nodeId('ro-9');
  run.act({ kind: 'addNode', at: run.now as Time, added, template: 'reader', zone: 'b' });
  const begun = run.now;
  const ready = run.untilEvent(
    ({ event, node: at }) => event.kind === 'ro.ready' && at === added,
    START_LIMIT_US,
  );
  const read = run.untilEvent(
    ({ event }) => event.kind === 'session.read' && event.from === added,
    START_LIMIT_US,
  );
  if (ready === null || read === null) throw new Error('the reader did not start');
  const firstRead = run.now - begun;
  run.act({ kind: 'crash', at: run.now as Time, node: CLASSIC, mode: 'drawn', forUs: 1000 });
  const isOf = ({ event, node: at }: TracedEvent): boolean => event.kind === 'ro.ready' && at === CLASSIC;
  const classic = run.untilEvent(isOf, START_LIMIT_US);
  if (classic === null) throw new Error('the classic standby did not start');
  return { ready, read: firstRead, classic: classic - 1000, records };
}

async function startRows(): Promise<Row[]> {
  const [few, many] = [await startWith(ROWS[0]), await startWith(ROWS[1])];
  return [
    row(`start of a reader with ${ROWS[1] / ROWS[0]} times the rows and the log`, ms(many.ready), 'ms', {
      reference: ms(many.classic),
      referenceName: 'a classic standby beside it, measured',
      ratio: many.ready / few.ready,
      note: `${few.records} records: ${ms(few.ready)} ms, classic ${ms(few.classic)} ms; ${many.records} records; first read after ${ms(few.read)} and ${ms(many.read)} ms; ratio is to ${ROWS[0]} rows`,
    }),
  ];
}

/** Reads a virtual second; each compute node works at its inputs one by one. */
async function readsWith(readers: number): Promise<number> {
  let reads = 0;
  const run: VirtualRun = await makeVirtualRun(
    presetOf({ kind: 'ycsb-c', rows: 500, clients: READ_CLIENTS, valueBytes: 100, readPercent: 100 }),
    { cluster: withReaders(readers) },
    {
      onTrace: ({ event }) => {
        if (event.kind === 'session.read' && event.readPoint >= 0) reads++;
      },
    },
  );
  for (let i = 0; i < readers; i++)
    run.act({
      kind: 'slowCpu',
      at: run.now as Time,
      node: nodeId(`ro-${i + 1}`),
      usPerInput: INPUT_US,
      forUs: null,
    });
  run.forUs(WARM_US);
  reads = 0;
  run.forUs(WATCHED_US);
  return (reads * 1_000_000) / WATCHED_US;
}

async function readRows(): Promise<Row[]> {
  const rows: Row[] = [];
  let one = 0;
  for (const readers of READERS) {
    const perSecond = await readsWith(readers);
    one ||= perSecond;
    rows.push(
      row(`reads a virtual second with ${readers} readers`, Math.round(perSecond), '/s', {
        reference: Math.round(one),
        referenceName: 'one reader',
        ratio: perSecond / one,
        note: `${INPUT_US} µs of processor an input, ${READ_CLIENTS} clients without a pause`,
      }),
    );
  }
  return rows;
}

export const bench: Bench = {
  id: 'READERS',
  title: 'readers in virtual time',
  run: async () => [...(await lagRows()), ...(await startRows()), ...(await readRows())],
};
