// P8: status-list merges per second in four orders, beside a sorted array with splice on the same input.

import { makePrng, nextBelow } from '../src/base/prng.ts';
import { makeHoleList, mergeRange, nwlOf } from '../src/core/log-store/holes/hole-list.ts';
import { type Bench, type Row, summarise } from './harness.ts';

interface Load {
  readonly name: string;
  /** Merged before the clock starts: every such LSN by itself. */
  readonly before: readonly number[];
  readonly lsns: readonly number[];
}

const ROUNDS = 5;
const RECORDS = 1_000_000;
const HOLES = 200_000;
/** A splice costs as much as the array is long, so the reference is stopped after this many seconds. */
const REFERENCE_SECONDS = 2;

function shuffled(count: number, window: number): number[] {
  const prng = makePrng(8, `shuffle-${window}`);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let block = 0; block < count; block += window) {
    const size = Math.min(window, count - block);
    for (let i = size - 1; i > 0; i--) {
      const j = nextBelow(prng, i + 1);
      const kept = order[block + i] as number;
      order[block + i] = order[block + j] as number;
      order[block + j] = kept;
    }
  }
  return order;
}

const loads = (): Load[] => [
  { name: 'in order', before: [], lsns: shuffled(RECORDS, 1) },
  { name: 'shuffled within 1,024', before: [], lsns: shuffled(RECORDS, 1024) },
  { name: 'fully shuffled', before: [], lsns: shuffled(RECORDS, RECORDS) },
  {
    name: '200 k holes filled at random',
    before: Array.from({ length: HOLES + 1 }, (_, i) => 2 * i),
    lsns: shuffled(HOLES, HOLES).map((i) => 2 * i + 1),
  },
];

/** Seconds for one pass of the shipped list. */
function passOfList(load: Load): number {
  const list = makeHoleList(0);
  for (const lsn of load.before) mergeRange(list, lsn, lsn + 1);
  let added = 0;
  const start = performance.now();
  for (const lsn of load.lsns) added += mergeRange(list, lsn, lsn + 1).added.length;
  const seconds = (performance.now() - start) / 1000;
  if (added !== load.lsns.length || nwlOf(list) < load.lsns.length - 1)
    throw new Error(`${load.name}: wrong list`);
  return seconds;
}

/** The reference: sorted bounds in one flat array, changed by splice. Returns merges done and seconds. */
function passOfReference(load: Load): { merges: number; seconds: number } {
  const bounds: number[] = [];
  for (const lsn of load.before) bounds.push(lsn, lsn + 1);
  const start = performance.now();
  let merges = 0;
  for (const lsn of load.lsns) {
    mergeBySplice(bounds, lsn, lsn + 1);
    merges++;
    if ((merges & 1023) === 0 && performance.now() - start > REFERENCE_SECONDS * 1000) break;
  }
  return { merges, seconds: (performance.now() - start) / 1000 };
}

function mergeBySplice(bounds: number[], first: number, last: number): void {
  const from = countBelow(bounds, first);
  const to = countBelow(bounds, last + 1);
  const put: number[] = [];
  if ((from & 1) === 0) put.push(first);
  if ((to & 1) === 0) put.push(last);
  bounds.splice(from, to - from, ...put);
}

function countBelow(bounds: readonly number[], position: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rounds alternate, so that a machine that slows down slows both. */
function measure(load: Load): Row {
  const ours: number[] = [];
  const reference: number[] = [];
  let referenceMerges = 0;
  passOfList(load); // warm
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(load.lsns.length / passOfList(load));
    const { merges, seconds } = passOfReference(load);
    reference.push(merges / seconds);
    referenceMerges = merges;
  }
  const { median, spread } = summarise(ours);
  const bySplice = summarise(reference).median;
  const isWhole = referenceMerges === load.lsns.length;
  return {
    id: 'P8',
    name: `merges, ${load.name}`,
    value: median,
    unit: '/s',
    reference: bySplice,
    referenceName: 'sorted array, splice',
    ratio: median / bySplice,
    spread,
    reach: '≥ 1 M/s',
    isReached: median >= 1e6,
    ...(isWhole ? {} : { note: `reference stopped after ${referenceMerges} merges` }),
  };
}

export const bench: Bench = {
  id: 'P8',
  title: 'status-list merges',
  run: () => loads().map(measure),
};
