// How many events of each rank a run had in every stretch of its time: a strip of the whole run in bounded memory. When
// the run outgrows it, two neighbouring buckets become one.

/** Buckets at most; of the shortest length they are this many µs long. */
export const DENSITY_BUCKETS = 480;
const FIRST_BUCKET_US = 250;
const RANKS = 4;

export interface Density {
  bucketUs: number;
  /** Counts of rank 0 to 3 of each bucket in turn. */
  counts: number[];
}

export const makeDensity = (): Density => ({ bucketUs: FIRST_BUCKET_US, counts: [] });

export function countEvent(density: Density, at: number, rank: number): void {
  let bucket = Math.floor(at / density.bucketUs);
  while (bucket >= DENSITY_BUCKETS) {
    halve(density);
    bucket = Math.floor(at / density.bucketUs);
  }
  const { counts } = density;
  while (counts.length < (bucket + 1) * RANKS) counts.push(0);
  const place = bucket * RANKS + rank;
  counts[place] = (counts[place] ?? 0) + 1;
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
export function countBetween({ bucketUs, counts }: Density, from: number, to: number, rank: number): number {
  let sum = 0;
  for (let bucket = Math.floor(from / bucketUs); bucket * bucketUs < to; bucket++) {
    const start = bucket * bucketUs;
    const share = (Math.min(to, start + bucketUs) - Math.max(from, start)) / bucketUs;
    sum += (counts[bucket * RANKS + rank] ?? 0) * share;
  }
  return sum;
}
