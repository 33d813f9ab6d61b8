// The shapes that published systems report, as ratios inside the lab (docs/performance.md). All in virtual time, so they are
// exact and repeatable; docs/journal/shapes.md has the published figures beside them. Each starts from P2's load and
// changes one thing.

import { type NodeId, nodeId, type Time } from '../src/base/ids.ts';
import { readRecords } from '../src/core/log/record.ts';
import { benchP2 } from './clusters.ts';
import type { Bench, Row } from './harness.ts';
import { makeVirtualRun, percentile, type VirtualRun } from './virtual-run.ts';

const WARM_US = 200_000;
const WATCHED_US = 1_000_000;
const SLOW_PERCENT = 1000;
const SHORT_LOG_US = 100_000;
const LONG_LOG_US = 4_000_000;
const DOWN_US = 50_000;
const RECOVERY_LIMIT_US = 60_000_000;

const preset = benchP2;
const perCommit = (value: number, { commits }: VirtualRun): number => value / commits;

/** What one run ships, and what it would ship if page versions travelled instead of being built from the log. */
async function networkRows(): Promise<Row[]> {
  const sent = { batches: 0, bytes: 0 };
  const versions = new Map<string, number>();
  const run = await makeVirtualRun(
    preset(),
    {},
    {
      onBatch: (_batch, frameBytes) => {
        sent.batches++;
        sent.bytes += frameBytes;
      },
      onTrace: ({ event, node }) => {
        if (event.kind !== 'page.materialise') return;
        const replica = `${event.group} ${node}`;
        versions.set(replica, (versions.get(replica) ?? 0) + 1);
      },
    },
  );
  run.forUs(WARM_US);
  run.watch();
  Object.assign(sent, { batches: 0, bytes: 0 });
  versions.clear();
  run.forUs(WATCHED_US);
  // Mirrored: each copy is sent the same log, and the page versions that the stores built from it themselves.
  const pages = [...versions.values()].reduce((sum, count) => sum + count, 0);
  const mirrored = { ios: sent.batches + pages, bytes: sent.bytes + pages * run.spec.params.pageBytes };
  const rowOf = (name: string, unit: string, ours: number, theirs: number, note: string): Row => ({
    id: 'SHAPES',
    name: `network per transaction, ${name}`,
    value: perCommit(ours, run),
    unit,
    reference: perCommit(theirs, run),
    referenceName: 'log and pages, mirrored',
    ratio: theirs / ours,
    spread: 0,
    note,
  });
  const note = `${run.commits} transactions, three copies; published: 7.4 against 0.95 IOs (SIGMOD'17, table 1)`;
  return [
    rowOf('writes', 'IOs', sent.batches, mirrored.ios, note),
    rowOf('bytes', 'B', sent.bytes, mirrored.bytes, 'no double write and no binlog: a lower bound'),
  ];
}

/** Commit latency with one store's disk ten times slower, where two of three answers are enough and where all are needed. */
async function slowReplicaRows(): Promise<Row[]> {
  const measure = async (vw: number, isSlow: boolean): Promise<{ p50: number; p99: number }> => {
    const run = await makeVirtualRun(preset(), {
      cluster: (cluster) => ({
        ...cluster,
        groups: cluster.groups.map((group) => ({ ...group, vw, vr: 4 - vw })),
      }),
    });
    if (isSlow)
      run.act({
        kind: 'diskSlow',
        at: run.now as Time,
        node: nodeId('store-1'),
        percent: SLOW_PERCENT,
        forUs: null,
      });
    run.forUs(WARM_US);
    run.watch();
    run.forUs(WATCHED_US);
    return { p50: percentile(run.latencies(), 0.5), p99: percentile(run.latencies(), 0.99) };
  };
  const twoCalm = await measure(2, false);
  const two = await measure(2, true);
  const allCalm = await measure(3, false);
  const all = await measure(3, true);
  return [
    {
      id: 'SHAPES',
      name: 'one slow replica, commit latency p99, 2 of 3',
      value: two.p99,
      unit: 'µs',
      reference: all.p99,
      referenceName: '3 of 3',
      ratio: all.p99 / two.p99,
      spread: 0,
      note: `undisturbed: ${Math.round(twoCalm.p99)} and ${Math.round(allCalm.p99)} µs; medians: ${two.p50} and ${all.p50} µs`,
    },
  ];
}

/** The writer dies after a short and after a long stretch of log; a classic engine has to read and redo that stretch. */
async function recoveryRows(): Promise<Row[]> {
  const measure = async (logUs: number): Promise<{ ours: number; classic: number; records: number }> => {
    const log = { records: 0, bytes: 0 };
    const pages = new Set<number>();
    const seen = new Set<string>();
    let isCounting = false;
    const run = await makeVirtualRun(
      preset(),
      {},
      {
        onBatch: ({ group, first, count, records }) => {
          if (!isCounting || seen.has(`${group} ${first}`)) return;
          seen.add(`${group} ${first}`);
          log.records += count;
          log.bytes += records.length;
          for (const { record } of readRecords(records).records) pages.add(record.blockKey);
        },
      },
    );
    isCounting = true;
    run.forUs(logUs);
    isCounting = false;
    const writer: NodeId = nodeId('rw-1');
    run.act({ kind: 'crash', at: run.now as Time, node: writer, mode: 'drawn', forUs: DOWN_US });
    run.untilEvent(({ event, node }) => event.kind === 'node.open' && node === writer, RECOVERY_LIMIT_US);
    const ours = run.untilEvent(({ event }) => event.kind === 'recovery.done', RECOVERY_LIMIT_US);
    if (ours === null) throw new Error('the writer did not recover');
    const { diskBandwidth, diskReadUs } = run.spec.params;
    return { ours, classic: log.bytes / diskBandwidth + pages.size * diskReadUs, records: log.records };
  };
  const short = await measure(SHORT_LOG_US);
  const long = await measure(LONG_LOG_US);
  const ratio = (long.records / short.records).toFixed(0);
  return [
    {
      id: 'SHAPES',
      name: `recovery with ${ratio} times the log`,
      value: long.ours / 1000,
      unit: 'ms',
      reference: long.classic / 1000,
      referenceName: 'classic: read the log and its pages',
      ratio: long.ours / short.ours,
      spread: 0,
      note: `${short.records} records: ${short.ours / 1000} ms, classic ${(short.classic / 1000).toFixed(1)} ms; ratio is to that`,
    },
  ];
}

export const bench: Bench = {
  id: 'SHAPES',
  title: 'shapes in virtual time',
  run: async () => [...(await networkRows()), ...(await slowReplicaRows()), ...(await recoveryRows())],
};
