// How long work will still take, by how fast it went so far.

export interface Begun {
  /** Wall ms, and how much was done then. */
  readonly at: number;
  readonly done: number;
}

/** Wall ms before a rate says something. */
const LEAST_MS = 500;

/** Whole seconds, at least one; null: not known. */
export function secondsLeft(
  { at, done: before }: Begun,
  now: number,
  done: number,
  of: number,
): number | null {
  const took = now - at;
  const worked = done - before;
  if (of <= 0 || took < LEAST_MS || worked <= 0) return null;
  return Math.max(1, Math.ceil(((of - done) * took) / worked / 1000));
}
