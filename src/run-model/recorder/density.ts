// How many events of each rank a run had in every stretch of its time: a strip of the whole run in bounded memory. When
// the run outgrows it, two neighbouring buckets become one; the newest stretch keeps its shortest buckets all the same.

/** Buckets at most; of the shortest length they are this many µs long. */
export const DENSITY_BUCKETS = 480;
const FIRST_BUCKET_US = 250;
const RANKS = 4;

export interface Density {
  bucketUs: number;
  /** Counts of rank 0 to 3 of each bucket in turn. */
  counts: number[];
  /** The same of the newest stretch, in buckets of the shortest length; `first`: which of these is the first kept. */
  recent: { first: number; counts: number[] };
}

export const makeDensity = (): Density => ({
  bucketUs: FIRST_BUCKET_US,
  counts: [],
  recent: { first: 0, counts: [] },
});

export function countEvent(density: Density, at: number, rank: number): void {
  let bucket = Math.floor(at / density.bucketUs);
  while (bucket >= DENSITY_BUCKETS) {
    halve(density);
    bucket = Math.floor(at / density.bucketUs);
  }
  count(density.counts, bucket, rank);
  countRecent(density.recent, Math.floor(at / FIRST_BUCKET_US), rank);
}

function count(counts: number[], bucket: number, rank: number): void {
  while (counts.length < (bucket + 1) * RANKS) counts.push(0);
  const place = bucket * RANKS + rank;
  counts[place] = (counts[place] ?? 0) + 1;
}

/** The older half is dropped when there are too many. */
function countRecent(recent: Density['recent'], bucket: number, rank: number): void {
  if (bucket < recent.first) return;
  if (bucket >= recent.first + DENSITY_BUCKETS) {
    const first = bucket - DENSITY_BUCKETS / 2;
    recent.counts.splice(0, (first - recent.first) * RANKS);
    recent.first = first;
  }
  count(recent.counts, bucket - recent.first, rank);
}

function halve(density: Density): void {
  const { counts } = density;
  const merged: number[] = [];
  for (let i = 0; i < counts.length; i += RANKS) {
    const place = Math.floor(i / (2 * RANKS)) * RANKS;
    for (let rank = 0; rank < RANKS; rank++)
      merged[place + rank] = (merged[place + rank] ?? 0) + (counts[i + rank] ?? 0);
  }
  density.bucketUs *= 2;
  density.counts = merged;
}

/** Events of one rank between two times, by the share of the buckets that lies there. */
export function countBetween(density: Density, from: number, to: number, rank: number): number {
  const { bucketUs, counts, recent } = density;
  const fine = (since: number, until: number): number =>
    sum(
      since,
      until,
      FIRST_BUCKET_US,
      (bucket) => recent.counts[(bucket - recent.first) * RANKS + rank] ?? 0,
    );
  const known = recent.first * FIRST_BUCKET_US;
  const older = sum(from, Math.min(to, known), bucketUs, (bucket) => counts[bucket * RANKS + rank] ?? 0, {
    at: known,
    count: fine,
  });
  return older + fine(Math.max(from, known), to);
}

/** Up to an end: what of the bucket in which it lies is known to lie behind it. */
interface End {
  readonly at: number;
  readonly count: (from: number, to: number) => number;
}

function sum(
  from: number,
  to: number,
  lengthUs: number,
  countOf: (bucket: number) => number,
  end?: End,
): number {
  let all = 0;
  for (let bucket = Math.floor(from / lengthUs); bucket * lengthUs < to; bucket++) {
    const start = bucket * lengthUs;
    const isCut = end !== undefined && start + lengthUs > end.at;
    const stop = isCut ? end.at : start + lengthUs;
    const inside = countOf(bucket) - (isCut ? end.count(end.at, start + lengthUs) : 0);
    all += inside * ((Math.min(to, stop) - Math.max(from, start)) / (stop - start));
  }
  return all;
}
