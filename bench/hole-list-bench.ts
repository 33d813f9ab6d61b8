// P8: status-list merges per second in four orders, beside a sorted array with splice on the same input.
// A run returns its rows; the bench table prints them, and `node` on the bundle prints them alone.

import { makePrng, nextBelow } from '../src/base/prng.ts';
import { makeHoleList, mergeRange, nwlOf } from '../src/core/wal/hole-list.ts';

export interface HoleListRow {
  readonly load: string;
  readonly merges: number;
  /** Median over the rounds. */
  readonly mergesPerSecond: number;
  readonly slowest: number;
  readonly fastest: number;
  /** The sorted array with splice, on the first `referenceMerges` of the same input. */
  readonly referencePerSecond: number;
  readonly referenceMerges: number;
}

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

export function benchHoleList(rounds: number = ROUNDS): HoleListRow[] {
  return loads().map((load) => {
    const rates: number[] = [];
    const references: number[] = [];
    let referenceMerges = 0;
    passOfList(load); // warm
    for (let round = 0; round < rounds; round++) {
      rates.push(load.lsns.length / passOfList(load));
      const { merges, seconds } = passOfReference(load);
      references.push(merges / seconds);
      referenceMerges = merges;
    }
    rates.sort((a, b) => a - b);
    references.sort((a, b) => a - b);
    return {
      load: load.name,
      merges: load.lsns.length,
      mergesPerSecond: middle(rates),
      slowest: rates[0] ?? 0,
      fastest: rates[rates.length - 1] ?? 0,
      referencePerSecond: middle(references),
      referenceMerges,
    };
  });
}

const middle = (sorted: readonly number[]): number => sorted[sorted.length >>> 1] ?? 0;

export function printHoleList(rows: readonly HoleListRow[]): string {
  const million = (value: number): string => `${(value / 1e6).toFixed(2)} M/s`;
  return rows
    .map(
      (row) =>
        `P8 ${row.load.padEnd(30)} ${million(row.mergesPerSecond).padStart(11)} (${million(row.slowest)} … ${million(row.fastest)}), ` +
        `splice ${million(row.referencePerSecond)}, ratio ${(row.mergesPerSecond / row.referencePerSecond).toFixed(1)}`,
    )
    .join('\n');
}
