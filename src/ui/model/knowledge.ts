// Cached knowledge of one node about another beside the truth: watermarks, peer table, map, and the age of what is stale.
// Pure; taken from the views of both. A value that a node does not keep of another is not listed.

export interface Belief {
  /** `NCL g2`, `VDL`, `map`. */
  readonly label: string;
  readonly known: number | string;
  readonly truth: number | string;
  /** Virtual µs since the other reported it; null: that is not kept. */
  readonly reportedAgoUs: number | null;
}

export const belief = (
  label: string,
  known: number | string,
  truth: number | string,
  reportedAgoUs: number | null = null,
): Belief => ({ label, known, truth, reportedAgoUs });

/** Values of a label that are remembered; what is older than all of them is older than the first. */
const logLimit = 400;

export interface TruthTracker {
  /** Takes a picture's truth about `other` as `viewer` might know it. */
  record(node: string, beliefs: readonly Belief[], now: number): void;
  /** µs since the known value stopped being true; null while it is true; negative: at least so long. */
  age(node: string, one: Belief, now: number): number | null;
}

/** How old a belief is, virtual µs: exactly, at least, or not known because nobody has looked for long enough. */
export type Age = { readonly kind: 'exact' | 'least'; readonly us: number } | { readonly kind: 'unknown' };

/** A lower bound below this says nothing. */
const LEAST_SHOWN_US = 10;

/** The age of a belief; null while it is true. A reported value is as old as its report, when nothing better is known. */
export function ageOf(tracker: TruthTracker, node: string, one: Belief, now: number): Age | null {
  const age = tracker.age(node, one, now);
  if (age === null) return null;
  if (age >= 0) return { kind: 'exact', us: age };
  if (one.reportedAgoUs !== null) return { kind: 'exact', us: one.reportedAgoUs };
  const least = -age - 1;
  return least < LEAST_SHOWN_US ? { kind: 'unknown' } : { kind: 'least', us: least };
}

/** Follows the truth, so that it can say how old a belief is: since when it is no longer true. */
export function makeTruthTracker(): TruthTracker {
  const log = new Map<string, { value: number | string; until: number }[]>();
  const current = new Map<string, { value: number | string; since: number }>();
  return {
    record(node, beliefs, now) {
      for (const { label, truth } of beliefs) {
        const key = `${node} ${label}`;
        const known = current.get(key);
        if (known?.value === truth) continue;
        // A picture of an earlier time: what was followed is not this run's past any more.
        if (known !== undefined && now < known.since) log.delete(key);
        else if (known !== undefined) {
          const list = log.get(key) ?? [];
          list.push({ value: known.value, until: now });
          log.set(key, list.slice(-logLimit));
        }
        current.set(key, { value: truth, since: now });
      }
    },
    age(node, { label, known, truth }, now) {
      if (known === truth) return null;
      const list = log.get(`${node} ${label}`) ?? [];
      for (let i = list.length - 1; i >= 0; i--) {
        const one = list[i];
        // A watermark that was passed over between two pictures was true until the next one above it.
        if (one !== undefined && (one.value === known || isPassed(one.value, known, list[i - 1]?.value)))
          return now - one.until;
      }
      const oldest = list[0]?.until ?? current.get(`${node} ${label}`)?.since ?? now;
      return oldest - now - 1;
    },
  };
}

const isPassed = (
  value: number | string,
  known: number | string,
  before: number | string | undefined,
): boolean =>
  typeof value === 'number' &&
  typeof known === 'number' &&
  typeof before === 'number' &&
  known < value &&
  known > before;
