// Keyframe cache of a run, within a named limit of memory: chains of packed worlds (keyframe-codec), each chain whole at
// its head. When the limit is reached, two neighbouring chains become one with every second of their keyframes, the
// finest and oldest first: what is long ago is reached by simulating a little more.

import {
  type Arrays,
  type Chain,
  makeChain,
  type Packed,
  packKeyframe,
  unpackArrays,
  unpackValue,
} from './keyframe-codec.ts';

/** Keyframes of a chain: the first is whole and large, but to unpack the last one, all before it are unpacked. */
const CHAIN_LENGTH = 16;
/** A chain takes about this part of the limit at most, so that there are always some to thin. */
const CHAIN_PART = 4;

/** A moment of the run: virtual time and inputs so far. */
export interface Moment {
  readonly time: number;
  readonly inputs: number;
}

interface CachedKeyframe extends Moment {
  readonly packed: Packed;
}

interface Link {
  readonly entries: CachedKeyframe[];
  size: number;
}

export interface KeyframeCache {
  /** Bytes that keyframes take, and how many there are. */
  bytes(): number;
  count(): number;
  last(): Moment | null;
  add(moment: Moment, value: unknown): void;
  /** The newest keyframe at or before a time. */
  find(time: number): Moment | null;
  /** Inputs that the run has had by a time, about: beyond the last keyframe it goes on at its pace so far. */
  inputsAt(time: number, now: Moment): number;
  /** Its value, made anew. */
  open(moment: Moment): unknown;
  /** The keyframes' moments, in order. */
  moments(): readonly Moment[];
  /** Forgets what lies after a time. */
  dropAfter(time: number): void;
}

const makeMoment = (time: number): Moment => ({ time, inputs: 0 });

export function makeKeyframeCache(limitBytes: number): KeyframeCache {
  const links: Link[] = [];
  let chain: Chain = makeChain();
  let isBroken = false;

  const total = (): number => links.reduce((sum, link) => sum + link.size, 0);

  const last = (): CachedKeyframe | null => links.at(-1)?.entries.at(-1) ?? null;

  const append = (link: Link, moment: Moment, value: unknown): void => {
    const packed = packKeyframe(value, chain);
    link.entries.push({ ...moment, packed });
    link.size += bytesOf(packed);
  };

  const isFull = ({ entries, size }: Link): boolean =>
    entries.length >= CHAIN_LENGTH || size >= limitBytes / CHAIN_PART;

  /** Makes room for a chain as large as the last one. */
  const thin = (): void => {
    const room = limitBytes - (links.at(-1)?.size ?? 0);
    while (total() > room && links.length > 2) {
      const at = finestPair(links);
      const [first, second] = [links[at], links[at + 1]];
      if (first === undefined || second === undefined) return;
      links.splice(at, 2, merged(first, second));
    }
  };

  return {
    bytes: total,
    count: () => links.reduce((sum, link) => sum + link.entries.length, 0),
    last,
    add(moment, value) {
      let link = links.at(-1);
      if (link === undefined || isBroken || isFull(link)) {
        isBroken = false;
        thin();
        link = { entries: [], size: 0 };
        links.push(link);
        chain = makeChain();
      }
      append(link, moment, value);
    },
    find(time) {
      let found: CachedKeyframe | null = null;
      for (const { entries } of links) {
        if ((entries[0]?.time ?? time + 1) > time) break;
        for (const one of entries) if (one.time <= time) found = one;
      }
      return found;
    },
    inputsAt(time, now) {
      const moments = links.flatMap(({ entries }) => entries);
      const next = moments.findIndex((moment) => moment.time > time);
      const after = moments[next];
      const before = after === undefined ? makeMoment(0) : (moments[next - 1] ?? makeMoment(0));
      const { time: end, inputs } = after ?? now;
      // A run that has had no input has no pace yet.
      if (end === before.time || inputs === 0) return Number.POSITIVE_INFINITY;
      return before.inputs + ((time - before.time) / (end - before.time)) * (inputs - before.inputs);
    },
    open(moment) {
      const link = links.find(({ entries }) => entries.some((one) => one === moment));
      let arrays: Arrays = [];
      for (const one of link?.entries ?? []) {
        arrays = unpackArrays(one.packed, arrays);
        if (one === moment) return unpackValue(one.packed, arrays);
      }
      throw new Error('the keyframe is no longer cached');
    },
    moments: () => links.flatMap(({ entries }) => entries),
    dropAfter(time) {
      if ((last()?.time ?? 0) <= time) return;
      for (let link = links.at(-1); link !== undefined; link = links.at(-1)) {
        link.entries.splice(link.entries.findLastIndex((one) => one.time <= time) + 1);
        link.size = sizeOf(link.entries);
        if (link.entries.length > 0) break;
        links.pop();
      }
      // The writer's end is gone: what comes next begins a chain.
      isBroken = true;
    },
  };
}

const bytesOf = ({ arrays, plain }: Packed): number => arrays.bytes.length + plain.bytes.length;

const sizeOf = (entries: readonly CachedKeyframe[]): number =>
  entries.reduce((sum, { packed }) => sum + bytesOf(packed), 0);

/** Inputs between a link's keyframes, on average. */
const spacing = ({ entries }: Link): number =>
  ((entries.at(-1)?.inputs ?? 0) - (entries[0]?.inputs ?? 0)) / Math.max(1, entries.length - 1);

/** The pair with the closest keyframes, the oldest of equals; the newest chain is still being written. */
function finestPair(links: readonly Link[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 2 < links.length; i++) {
    const [a, b] = [links[i], links[i + 1]];
    if (a === undefined || b === undefined) continue;
    const pair = Math.max(spacing(a), spacing(b));
    if (pair < least * 0.75) {
      least = pair;
      best = i;
    }
  }
  return best;
}

/** One chain with every second keyframe of two. */
function merged(first: Link, second: Link): Link {
  const chain = makeChain();
  const entries: CachedKeyframe[] = [];
  let index = 0;
  for (const link of [first, second]) {
    let arrays: Arrays = [];
    for (const one of link.entries) {
      arrays = unpackArrays(one.packed, arrays);
      if (index++ % 2 === 0)
        entries.push({ ...one, packed: packKeyframe(unpackValue(one.packed, arrays), chain) });
    }
  }
  return { entries, size: sizeOf(entries) };
}
