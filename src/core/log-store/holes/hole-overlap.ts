// What of an incoming batch a replica must store, and whether the rest is the same as what it holds (HOLE-16, WAL-29).

import type { Lsn, Term } from '../../../base/ids.ts';
import { isMember } from '../../log/range-set.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { HoleState } from './hole-state.ts';

export interface HeldRecord {
  readonly term: Term;
  readonly crc: number;
}

export type Overlap =
  /** Records to store; those already held are left out. */
  | { readonly error: null; readonly fresh: EncodedRecord[] }
  /** Nothing may be written: the replica stops serving this group and reports. */
  | { readonly error: 'E_DATA_DIVERGED'; readonly at: Lsn };

/**
 * `held`: the replica's own record of an LSN. DATA without a record is a position known to be empty, so a record for it
 * is a divergence as well, except at or below logFloor, where GC dropped the record.
 */
export function splitBatch(
  state: HoleState,
  batch: readonly EncodedRecord[],
  held: (lsn: Lsn) => HeldRecord | undefined,
): Overlap {
  const fresh: EncodedRecord[] = [];
  for (const encoded of batch) {
    const { lsn, term } = encoded.record;
    if (!isMember(state.list.data, lsn)) {
      fresh.push(encoded);
      continue;
    }
    const own = held(lsn);
    const same = own ? own.term === term && own.crc === encoded.crc : lsn <= state.logFloor;
    if (!same) return { error: 'E_DATA_DIVERGED', at: lsn };
  }
  return { error: null, fresh };
}
