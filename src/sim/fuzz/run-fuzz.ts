// Feeds mutated bytes to every target. What must hold: no exception; bytes whose checksum was not made good again are
// refused; what is taken has exactly these bytes (nothing is read past, nothing has two forms); a refusal says why.

import { makePrng, nextBelow } from '../../base/prng.ts';
import { mutateBytes } from './mutate.ts';
import type { FuzzTarget } from './targets.ts';

export interface FuzzCount {
  inputs: number;
  refused: number;
  taken: number;
  resealed: number;
}

export interface FuzzFault {
  readonly target: string;
  readonly what: string;
  readonly input: number;
  readonly bytes: Uint8Array;
}

export interface FuzzReport {
  readonly counts: ReadonlyMap<string, FuzzCount>;
  readonly faults: readonly FuzzFault[];
}

/** Faults kept of one target. */
const MAX_FAULTS = 3;

export function runFuzz(targets: readonly FuzzTarget[], inputs: number, seed: number): FuzzReport {
  const prng = makePrng(seed, 'fuzz');
  const counts = new Map<string, FuzzCount>();
  const faults: FuzzFault[] = [];
  for (let input = 0; input < inputs; input++) {
    const target = targets[input % targets.length] as FuzzTarget;
    const { corpus } = target;
    const good = corpus[nextBelow(prng, corpus.length)] as Uint8Array;
    const other = corpus[nextBelow(prng, corpus.length)] as Uint8Array;
    const bytes = mutateBytes(prng, good, other);
    const isResealed = (Math.trunc(input / targets.length) & 1) === 1;
    if (isResealed) target.reseal(bytes);
    const count = counts.get(target.name) ?? { inputs: 0, refused: 0, taken: 0, resealed: 0 };
    counts.set(target.name, count);
    count.inputs++;
    if (isResealed) count.resealed++;
    const what = judge(target, bytes, good, isResealed, count);
    const known = what === null ? 0 : faults.filter((fault) => fault.target === target.name).length;
    if (what !== null && known < MAX_FAULTS) faults.push({ target: target.name, what, input, bytes });
  }
  return { counts, faults };
}

/** What is wrong with how the target took these bytes, or null. */
function judge(
  target: FuzzTarget,
  bytes: Uint8Array,
  good: Uint8Array,
  isResealed: boolean,
  count: FuzzCount,
): string | null {
  let read: ReturnType<FuzzTarget['read']>;
  try {
    read = target.read(bytes, good);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
  if (read.error !== null) {
    count.refused++;
    return read.error.length < 4 ? `refused without a reason: "${read.error}"` : null;
  }
  count.taken++;
  if (read.again === null) return null;
  if (!isSame(read.again, bytes)) return 'took bytes that are not those of what it read';
  return isResealed || target.corpus.some((one) => isSame(one, bytes)) || isCutAtRecord(target, bytes, good)
    ? null
    : 'took damaged bytes';
}

/** Records end to end have no checksum over all of them: a batch cut between two is a shorter batch. */
const isCutAtRecord = (target: FuzzTarget, bytes: Uint8Array, good: Uint8Array): boolean =>
  target.name === 'records' && bytes.length !== good.length;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
