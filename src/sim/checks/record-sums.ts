// Checksums of records as their writer made them, by LSN: what an archive holds of a volume and what is restored from it are
// held against these (docs/spec/wal.md WAL-41, WAL-45). An LSN is given to one record only, over all terms.

import { findNewest, makeNewest, type Newest, recordNewest } from '../../base/newest.ts';
import type { VolumeModule } from './monitor.ts';

declare module './monitor.ts' {
  interface VolumeStates {
    readonly sums: RecordSums;
  }
}

/** Kept; the oldest are forgotten. */
const MAX_SUMS = 131_072;

export interface RecordSums {
  readonly byLsn: Newest<number, number>;
  /** Records that were held against theirs. */
  compared: number;
}

export const recordSums: VolumeModule<'sums'> = {
  scope: 'volume',
  name: 'sums',
  rules: {},
  make: () => ({ byLsn: makeNewest(MAX_SUMS), compared: 0 }),
  observe: {
    'mtr.sums': (_, { sums }, event) => {
      event.sums.forEach((sum, i) => {
        recordNewest(sums.byLsn, event.first + i, sum);
      });
    },
  },
};

interface Records {
  readonly lsns: readonly number[];
  readonly sums: readonly number[];
}

/** The first of these records that is another than its writer made under its LSN, or null. */
export function findAltered(known: RecordSums, { lsns, sums }: Records): number | null {
  for (const [i, lsn] of lsns.entries()) {
    const made = findNewest(known.byLsn, lsn);
    if (made === undefined) continue;
    known.compared++;
    if (made !== sums[i]) return lsn;
  }
  return null;
}
