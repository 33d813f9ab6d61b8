// Every bit of a value flipped, one at a time, and what was read compared with what stood there: a flip is refused with a reason,
// or is read as the very content that was there before, where the format says why it may be. Nothing else is taken.

import { digestPlain } from '../../base/plain.ts';
import type { FuzzRead, FuzzTarget } from './targets.ts';

export interface FlipCount {
  values: number;
  flips: number;
  refused: number;
  /** Read as what was there before. */
  same: number;
}

/** The first of its kind in a value. */
export interface FlipFault {
  readonly target: string;
  readonly value: number;
  readonly bit: number;
  readonly what: string;
}

export interface FlipReport {
  readonly counts: ReadonlyMap<string, FlipCount>;
  readonly faults: readonly FlipFault[];
}

/** Values of a target of which every bit is flipped, the shortest first, and bytes of one: a flip costs a checksum over all of them. */
const MAX_VALUES = 4;
const MAX_BYTES = 4096;
/** Of the longest value of each kind a bit of every byte, up to so many bytes; of a longer one those at both ends, and some between. */
const MAX_LONG = 24 * 1024;
const ENDS = 512;
const BETWEEN = 61;

/** `kindOf` tells values apart that are to be tried each: of every kind the shortest. */
export function runFlips(
  targets: readonly FuzzTarget[],
  kindOf: (target: string, bytes: Uint8Array) => string,
): FlipReport {
  const counts = new Map<string, FlipCount>();
  const faults: FlipFault[] = [];
  for (const target of targets) {
    if (target.flippedBy !== undefined) continue;
    const count: FlipCount = { values: 0, flips: 0, refused: 0, same: 0 };
    counts.set(target.name, count);
    [...chooseValues(target, kindOf), ...longest(target, kindOf)].forEach((good, value) => {
      count.values++;
      const readOf = target.salvage?.read ?? target.read;
      const before = readOf(good, good);
      if (before.error !== null) {
        faults.push({
          target: target.name,
          value,
          bit: -1,
          what: `the whole value is refused: ${before.error}`,
        });
        return;
      }
      const wanted = contentOf(before);
      const reported = new Set<string>();
      for (const bit of bitsOf(good)) {
        const what = judgeFlip(target, good, bit, wanted, count);
        if (what === null || reported.has(what)) continue;
        reported.add(what);
        faults.push({ target: target.name, value, bit, what });
      }
    });
  }
  return { counts, faults };
}

function chooseValues(
  target: FuzzTarget,
  kindOf: (target: string, bytes: Uint8Array) => string,
): Uint8Array[] {
  const byKind = new Map<string, Uint8Array[]>();
  for (const bytes of [...target.corpus].sort((a, b) => a.length - b.length)) {
    if (bytes.length > MAX_BYTES) continue;
    const kind = kindOf(target.name, bytes);
    const chosen = byKind.get(kind) ?? [];
    byKind.set(kind, chosen);
    if (chosen.length < MAX_VALUES && chosen.at(-1)?.length !== bytes.length) chosen.push(bytes);
  }
  return [...byKind.values()].flat();
}

/** Of each kind the longest value, where it is too long for every bit of it. */
function longest(
  target: FuzzTarget,
  kindOf: (target: string, bytes: Uint8Array) => string,
): Iterable<Uint8Array> {
  const byKind = new Map<string, Uint8Array>();
  for (const bytes of target.corpus) {
    if (bytes.length <= MAX_BYTES) continue;
    const kind = kindOf(target.name, bytes);
    if (bytes.length > (byKind.get(kind)?.length ?? 0)) byKind.set(kind, bytes);
  }
  return byKind.values();
}

/** Every bit of a short value; of a long one a bit of every byte, so that no byte is one that a checksum may forget. */
function* bitsOf({ length }: Uint8Array): Iterable<number> {
  if (length <= MAX_BYTES) for (let bit = 0; bit < length * 8; bit++) yield bit;
  else
    for (let at = 0; at < length; at++)
      if (length <= MAX_LONG || at < ENDS || at >= length - ENDS || at % BETWEEN === 0)
        yield at * 8 + (at & 7);
}

const contentOf = (read: Extract<FuzzRead, { error: null }>): string =>
  digestPlain(read.again ?? read.content);

/** What is wrong with how the target took a flipped bit, or null. */
function judgeFlip(
  target: FuzzTarget,
  good: Uint8Array,
  bit: number,
  wanted: string,
  count: FlipCount,
): string | null {
  const bytes = good.slice();
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  count.flips++;
  let read: FuzzRead;
  try {
    read = (target.salvage?.read ?? target.read)(bytes, good);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
  if (read.error !== null) {
    count.refused++;
    return read.error.length < 4 ? `refused without a reason: "${read.error}"` : null;
  }
  if (contentOf(read) !== wanted) return 'took damaged bytes for another content';
  count.same++;
  return target.salvage === undefined ? 'took damaged bytes, though for the same content' : null;
}
