// The status list after a crash, from the log store (docs/spec/holes.md HOLE-53…56).

import { assert } from '../../../base/assert.ts';
import type { Lsn, Range } from '../../../base/ids.ts';
import { type HoleList, makeHoleList, mergeRange } from './hole-list.ts';

/** What the list needs of a record. */
export interface ChainLink {
  readonly lsn: Lsn;
  readonly prevGroup: Lsn;
}

export type Rebuilt =
  | { readonly list: HoleList; readonly error: null }
  | { readonly list: null; readonly error: 'E_CHAIN_CONFLICT'; readonly at: Lsn };

/**
 * `ncl`: the durable NCL checkpoint, or any value that NCL ever had since (init − 1 when there is none).
 * `records`: the whole log index by ascending LSN, without the torn tail and without damaged records (HOLE-54, HOLE-55).
 */
export function rebuildList(init: number, ncl: number, records: Iterable<ChainLink>): Rebuilt {
  assert(ncl >= init - 1, `NCL checkpoint ${ncl} below init ${init}`);
  const list = makeHoleList(init);
  if (ncl >= init) mergeRange(list, init, ncl + 1);
  let last = ncl;
  let isFirst = true;
  for (const { lsn, prevGroup } of records) {
    if (lsn <= ncl) continue;
    assert(lsn > last, `log index out of order at ${lsn}`);
    if (prevGroup < last && !isFirst) return { list: null, error: 'E_CHAIN_CONFLICT', at: lsn };
    mergeRange(list, Math.max(prevGroup, last) + 1, lsn + 1);
    last = lsn;
    isFirst = false;
  }
  return { list, error: null };
}

/**
 * Where to rebuild from: the NCL checkpoint, or below the first position that a damaged record may have had, since the
 * checkpoint vouched for that record too (HOLE-55). Never below logFloor, where GC took records out (HOLE-48). When it is
 * lower than the checkpoint, that one is to be lowered durably before the damaged bytes leave the disk.
 */
export const rebuildStart = (checkpoint: number, logFloor: number, damaged: readonly Range[]): number =>
  damaged.reduce((start, [first]) => Math.min(start, Math.max(first - 1, logFloor)), checkpoint);
