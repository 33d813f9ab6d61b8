// Catch-up (presets.md): a store that missed a million records fills its holes while the load goes on at five thousand
// records a virtual second. P1's load, headless, in virtual time: how long it takes, what commits feel of it, and how
// much waits in its memory meanwhile.

import { present } from '../src/base/assert.ts';
import { nodeId, type Time } from '../src/base/ids.ts';
import { type NodeState, partOf } from '../src/core/kernel/node.ts';
import { storeRole } from '../src/core/log-store/store-role.ts';
import { findPreset } from '../src/stacks/presets.ts';
import type { Bench, Row } from './harness.ts';
import { makeVirtualRun, percentile, type VirtualRun } from './virtual-run.ts';

const MISSED = 1_000_000;
const RECORDS_PER_SECOND = 5_000;
const UNDISTURBED_US = 2_000_000;
const SLICE_US = 100_000;
/** Commits are watched at least this long after the store is back. */
const WATCHED_US = 2_000_000;
const LIMIT_US = 120_000_000;
const HOLD_MS = 600_000;
const REACH = 1.2;
/** inflightBytes of a storage node. */
const MEMORY_REACH = 8 * 1024 * 1024;
const STORE = nodeId('store-3');
const DRIVER = nodeId('d1');

interface Replica {
  readonly scl: number;
  readonly tail: number;
  /** Bytes read from peers and writer that are not durable yet. */
  readonly waiting: number;
}

function replicaOf({ world }: VirtualRun): Replica {
  const group = partOf(present(world.runners.get(STORE), STORE).state as NodeState, storeRole)
    ?.groups.values()
    .next().value;
  if (group === undefined) throw new Error('the store has no group');
  return { scl: group.scl, tail: group.watermarks.groupTail, waiting: group.ingest.bytes };
}

/** V8's heap and what lies outside of it, in MB. */
function heapMb(): number {
  if (globalThis.gc === undefined) throw new Error('this bench needs node --expose-gc');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1e6);
}

const rate = (run: VirtualRun, ratePerSecond: number): void =>
  run.act({ kind: 'workloadSet', at: run.now as Time, node: DRIVER, name: 'main', spec: { ratePerSecond } });

async function run(): Promise<Row[]> {
  const preset = findPreset('bench-p1');
  if (preset === null) throw new Error('there is no preset bench-p1');
  const seen = { tail: 0, filled: 0 };
  const live = await makeVirtualRun(
    preset,
    { params: [['holdMaxMs', HOLD_MS]] },
    {
      onTrace: ({ event, node }) => {
        if (event.kind === 'mtr.append') seen.tail = event.end - 1;
        else if (event.kind === 'hole.fill' && node === STORE) seen.filled += event.end - event.first;
      },
    },
  );
  const recordsOver = (us: number): number => {
    const before = seen.tail;
    live.forUs(us);
    return seen.tail - before;
  };
  // Records that a commit makes, and from that the rate at which they come as they should.
  live.watch();
  const perCommit = recordsOver(SLICE_US) / live.commits;
  rate(live, Math.round(RECORDS_PER_SECOND / perCommit));
  live.forUs(SLICE_US);
  live.watch();
  const calmRate = (recordsOver(UNDISTURBED_US) * 1e6) / UNDISTURBED_US;
  const calm = percentile(live.latencies(), 0.99);

  const heap = [heapMb()];
  live.act({ kind: 'isolate', at: live.now as Time, nodes: [STORE], forUs: null });
  rate(live, 0);
  const missedFrom = seen.tail;
  while (seen.tail - missedFrom < MISSED) live.forUs(SLICE_US);
  const missed = seen.tail - missedFrom;
  rate(live, Math.round(RECORDS_PER_SECOND / perCommit));
  live.forUs(SLICE_US);
  live.watch();
  live.forUs(UNDISTURBED_US);
  const away = percentile(live.latencies(), 0.99);

  heap.push(heapMb());
  live.act({ kind: 'healAll', at: live.now as Time });
  live.watch();
  const healedAt = live.now;
  let waiting = 0;
  let replica = replicaOf(live);
  const tailAtHeal = seen.tail;
  while (replica.scl < tailAtHeal && live.now - healedAt < LIMIT_US) {
    live.forUs(SLICE_US / 10);
    replica = replicaOf(live);
    waiting = Math.max(waiting, replica.waiting);
  }
  const seconds = (live.now - healedAt) / 1e6;
  live.forUs(Math.max(0, healedAt + WATCHED_US - live.now));
  heap.push(heapMb());
  const disturbed = percentile(live.latencies(), 0.99);
  const isCaughtUp = replica.scl >= tailAtHeal;
  const row = { id: 'CATCH-UP', spread: 0 };
  const thousand = (count: number): string => `${Math.round(count / 1000)} k`;
  return [
    {
      ...row,
      name: isCaughtUp ? 'caught up after' : 'NOT caught up after',
      value: seconds,
      unit: 's',
      note: `${thousand(missed)} records missed, ${thousand(seen.filled)} positions filled; ${thousand(missed / seconds)} records/s of virtual time`,
    },
    {
      ...row,
      name: 'commit latency p99 meanwhile',
      value: disturbed,
      unit: 'µs',
      reference: calm,
      referenceName: 'undisturbed',
      ratio: disturbed / calm,
      reach: `≤ ${REACH} ×`,
      isReached: isCaughtUp && disturbed <= REACH * calm,
      note: `${live.latencies().length} commits; ${Math.round(calmRate)} records/s`,
    },
    {
      // A store that is behind acknowledges nothing, away or back: of three there are two, and a commit waits for both.
      ...row,
      name: 'commit latency p99 meanwhile',
      value: disturbed,
      unit: 'µs',
      reference: away,
      referenceName: 'the store away, same data',
      ratio: disturbed / away,
    },
    {
      ...row,
      name: 'bytes waiting in the store, most',
      value: waiting,
      unit: 'B',
      reach: '≤ 8 MiB',
      isReached: waiting <= MEMORY_REACH,
      note: `whole process: ${heap.join(', ')} MB before, with the log held for it, after`,
    },
  ];
}

export const bench: Bench = { id: 'CATCH-UP', title: 'catch-up of a store', run };
