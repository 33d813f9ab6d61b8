// Where MTRs begin in WAL: looked up by LSN. The list is ascending (WriterLog).

import type { Lsn } from '../../base/ids.ts';
import type { WriterLog } from './shared-attachment.ts';

type Places = Pick<WriterLog, 'places'>;

/** The last MTR that begins at or below it; −1: none of those that are kept. */
export function indexOfPlace({ places }: Places, lsn: number): number {
  let [below, above] = [-1, places.length];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if ((places[middle]?.lsn as Lsn) <= lsn) below = middle;
    else above = middle;
  }
  return below;
}

export const placeOf = (log: Places, lsn: number): WriterLog['places'][number] | undefined =>
  log.places[indexOfPlace(log, lsn)];
