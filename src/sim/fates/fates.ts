// What may be left of the writes that no sync has covered when a node loses power: all of them, none, those of one kind of
// key, all but those, and each beginning of their line, so that power also goes off between two writes of one step. Each
// fate is one that the tape can say (`crashKeeping`, `crashLosing`).

import { nextBelow, type Prng } from '../../base/prng.ts';
import { survivalOf } from '../disk-crash.ts';
import type { ChosenSurvival } from '../types.ts';

/** A write that no sync has covered. */
export interface UnsyncedWrite {
  readonly key: string;
  /** What the node does with it, in its stack's words. */
  readonly activity: string;
  /** Kind of its key; a deletion is a kind of its own. */
  readonly kind: string;
}

export interface Fate {
  /** `all`, `none`, `only log`, `all but log`, `first 3`. */
  readonly name: string;
  readonly survival: ChosenSurvival;
  /** By the place of the write: it survives. */
  readonly kept: readonly boolean[];
}

/** Up to so many beginnings are all tried; of a longer line as many are drawn. */
export const MOST_BEGINNINGS = 64;

/** Every fate of these writes, in the order in which they wait; each outcome once. */
export function fatesOf(writes: readonly UnsyncedWrite[], prng: Prng): Fate[] {
  const fates = new Map<string, Fate>();
  const add = (name: string, survival: ChosenSurvival): void => {
    const survives = survivalOf(survival);
    const kept = writes.map(({ key }, i) => survives(key, i));
    const outcome = kept.map(Number).join('');
    if (!fates.has(outcome)) fates.set(outcome, { name, survival, kept });
  };
  const count = writes.length;
  add('all', { keeping: { which: 'first', count } });
  add('none', { keeping: { which: 'first', count: 0 } });
  for (const kind of new Set(writes.map((write) => write.kind))) {
    const keysOf = (isOfKind: boolean): string[] => [
      ...new Set(writes.filter((write) => (write.kind === kind) === isOfKind).map(({ key }) => key)),
    ];
    add(`only ${kind}`, { losing: keysOf(false) });
    add(`all but ${kind}`, { losing: keysOf(true) });
  }
  const beginnings =
    count <= MOST_BEGINNINGS
      ? Array.from({ length: count }, (_, i) => i)
      : Array.from({ length: MOST_BEGINNINGS }, () => nextBelow(prng, count));
  for (const first of beginnings) add(`first ${first}`, { keeping: { which: 'first', count: first } });
  return [...fates.values()];
}
