// Where a reader's stream begins when it joins (docs/spec/readers.md READ-30): what it may keep of an earlier stream, and
// whether the writer can go on from there.

import type { Lsn } from '../../base/ids.ts';
import type { HistoryEntry } from '../kernel/fields.ts';

/** What a reader keeps: min(have, prevEnd of the first entry in which its history and the writer's differ). */
export function keepOf(
  have: number,
  readers: readonly HistoryEntry[],
  writers: readonly HistoryEntry[],
): Lsn {
  for (let i = 0; i < writers.length; i++) {
    const [own, other] = [readers[i], writers[i] as HistoryEntry];
    if (own !== undefined && own.term === other.term && own.startLsn === other.startLsn) continue;
    return Math.min(have, other.prevEnd) as Lsn;
  }
  return have as Lsn;
}

/** The records of a term that the writer still has: all from `first` on. */
export interface Window {
  readonly first: number;
  readonly startLsn: number;
  readonly vdlPrime: number;
}

/** Are all true records above `keep` in the window? Between VDL′ and the term's start there are none. */
export const canStream = ({ first, startLsn, vdlPrime }: Window, keep: number): boolean =>
  keep + 1 >= first || (first === startLsn && keep >= vdlPrime);

export interface Start {
  readonly keep: Lsn;
  readonly streamFrom: Lsn;
}

export function startOf(
  join: { readonly have: number; readonly history: readonly HistoryEntry[] },
  writer: Window & { readonly history: readonly HistoryEntry[]; readonly vdl: number },
): Start {
  const keep = keepOf(join.have, join.history, writer.history);
  const isKept = join.have >= 0 && canStream(writer, keep);
  return { keep, streamFrom: (isKept ? keep + 1 : writer.vdl + 1) as Lsn };
}
