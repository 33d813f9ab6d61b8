// Places of MTRs in WAL by LSN: the last that begins at or below it, whatever is asked for.

import { expect, test } from 'vitest';
import type { Lsn } from '../../base/ids.ts';
import type { WalPosition } from './wal-file.ts';
import { indexOfPlace, placeOf } from './wal-places.ts';

test('LI-49 the place of an LSN is that of the last MTR that begins at or below it', () => {
  for (let count = 0; count < 9; count++) {
    const places = Array.from({ length: count }, (_, i) => ({
      lsn: (10 + 3 * i) as Lsn,
      position: i as WalPosition,
    }));
    for (let lsn = 0; lsn < 40; lsn++) {
      expect(indexOfPlace({ places }, lsn)).toBe(places.findLastIndex((place) => place.lsn <= lsn));
      expect(placeOf({ places }, lsn)).toBe(places.findLast((place) => place.lsn <= lsn));
    }
  }
});
