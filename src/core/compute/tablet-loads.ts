// What the tablets that are led here are asked for (docs/spec/placement.md PCS-74, pcs.md PCS-96): requests in the last window, and the keys that they
// name. Of each part of the window a bounded sample of keys is kept, in which every request has the same chance to be; a report makes
// buckets of them that are about equally full. Where a part has no more requests than the sample they are exact. Boundaries are keys of
// older parts, and what lies between them is counted by newer ones: a split serves requests that are yet to come, and where keys ascend
// these lie above all that were named before.

import type { GroupId } from '../../base/ids.ts';
import { makePrng, nextBelow, type Prng } from '../../base/prng.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { defaultPlacement } from '../placement/placement-state.ts';
import type { Value } from '../sql/access.ts';
import { compareValues } from '../sql/compare.ts';
import { formatValue } from '../sql/text-form.ts';

/** hotWindowMs of pcs.md §1, in heartbeats, and those of one part of it. */
const WINDOW_BEATS = 25;
const PART_BEATS = 5;
/** Keys kept of a part. */
const PART_KEYS = 64;
/** Buckets of a report; two neighbours have together more than a share of what all have. */
export const BUCKETS_MAX = 32;
const SHARES = 15;
/** A longer key, in text form, stands in no bucket. */
export const KEY_CHARS_MAX = 256;

interface Part {
  /** Requests that named a key. */
  named: number;
  /** A uniform sample of these keys. Invariant: min(named, PART_KEYS) of them. */
  readonly keys: Value[];
}

/** Of one tablet. */
export interface TabletLoad {
  /** Requests in each heartbeat's time of the window, the newest last. */
  beats: number[];
  /** Heartbeats of the newest part of the window. */
  partBeats: number;
  /** The newest last. */
  parts: Part[];
  readonly prng: Prng;
}

const makePart = (): Part => ({ named: 0, keys: [] });

export const makeTabletLoad = (): TabletLoad => ({
  beats: [0],
  partBeats: 0,
  parts: [makePart()],
  prng: makePrng(1, 'keys'),
});

/** A request that the primary carries out; `key`: null where it names none. */
export function countRequest({ beats, parts, prng }: TabletLoad, key: Value): void {
  beats[beats.length - 1] = (beats.at(-1) ?? 0) + 1;
  const part = parts.at(-1);
  if (key === null || !part) return;
  part.named++;
  if (part.keys.length < PART_KEYS) part.keys.push(key);
  else {
    const at = nextBelow(prng, part.named);
    if (at < PART_KEYS) part.keys[at] = key;
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** What is reported of the group when a heartbeat's time is over: keys only of one that may be hot. */
export function takeLoad(
  load: TabletLoad,
  group: GroupId,
): Omit<MessageOf<'SchemaReport'>['loads'][number], 'silentUs'> {
  const count = sum(load.beats);
  const buckets = count < defaultPlacement.hotMinLoad ? [] : bucketsOf(load.parts);
  load.beats = [...load.beats, 0].slice(-WINDOW_BEATS);
  load.partBeats = (load.partBeats + 1) % PART_BEATS;
  if (load.partBeats === 0) load.parts = [...load.parts, makePart()].slice(-WINDOW_BEATS / PART_BEATS);
  return { group, load: count, buckets };
}

interface KeyLoad {
  readonly key: Value;
  load: number;
}

/** Each key of a sample stands for an equal share of its part's requests, in whole numbers that add up. */
function keyLoads(parts: readonly Part[]): KeyLoad[] {
  const sampled = parts.flatMap(({ named, keys }) =>
    keys.map((key, i) => ({
      key,
      load: Math.floor(((i + 1) * named) / keys.length) - Math.floor((i * named) / keys.length),
    })),
  );
  const loads: KeyLoad[] = [];
  for (const { key, load } of sampled.toSorted((a, b) => compareValues(a.key, b.key))) {
    const last = loads.at(-1);
    if (last && compareValues(last.key, key) === 0) last.load += load;
    else loads.push({ key, load });
  }
  return loads;
}

/** Of the parts of a window by which load is counted: the newer ones, as long as there are older ones with keys. */
const NEWER_PARTS = 2;

/**
 * By boundary, which is a key of an older part, the load from there to the next, in shares of all requests that named a key. Before a
 * second part has keys boundaries and loads are of the first.
 */
function rangeLoads(parts: readonly Part[]): KeyLoad[] {
  const first = Math.max(1, parts.length - NEWER_PARTS);
  const older = keyLoads(parts.slice(0, first));
  const newer = keyLoads(parts.slice(first));
  const named = sum(parts.map((part) => part.named));
  const counted = sum(newer.map(({ load }) => load));
  if (older.length === 0 || counted === 0) return keyLoads(parts);
  const ranges: KeyLoad[] = older.map(({ key }) => ({ key, load: 0 }));
  let at = 0;
  let before = 0;
  let given = 0;
  for (const { key, load } of newer) {
    while (at + 1 < ranges.length && compareValues(ranges[at + 1]?.key ?? null, key) <= 0) at++;
    before += load;
    const until = Math.floor((before * named) / counted);
    const range = ranges[at];
    if (range) range.load += until - given;
    given = until;
  }
  return ranges;
}

/** Ascending by key. A key that has more than a share has a bucket of its own. */
function bucketsOf(parts: readonly Part[]): { key: string; load: number }[] {
  const loads = rangeLoads(parts);
  const share = loads.length <= BUCKETS_MAX ? 0 : Math.ceil(sum(loads.map(({ load }) => load)) / SHARES);
  const buckets: KeyLoad[] = [];
  for (const { key, load } of loads) {
    const last = buckets.at(-1);
    if (last && last.load + load <= share) last.load += load;
    else buckets.push({ key, load });
  }
  return buckets.map(({ key, load }) => ({ key: formatValue(key) ?? '', load }));
}
