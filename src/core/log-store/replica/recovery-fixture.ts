// The replica of vector 21 (holes.md §9) before its recovery, and its list as that vector writes lists.

import { assert } from '../../../base/assert.ts';
import type { Lsn, Term } from '../../../base/ids.ts';
import { listItems } from '../holes/hole-list.ts';
import { B, batch, C, entries, record } from './message-fixture.ts';
import { createdRig, deliverAndSettle, groupOf, type Rig } from './store-fixture.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** `D[0,10) S[10,20) …` as holes.md §9 writes lists. */
export function show(rig: Rig): string {
  const items = listItems(groupOf(rig).holes.list);
  return items
    .slice(0, -1)
    .map(({ lsn, rangeType, sentHole }, i) => {
      const end = items[i + 1]?.lsn ?? MAX;
      return `${rangeType === 'data' ? 'D' : sentHole ? 'S' : 'H'}[${lsn},${end === MAX ? 'MAX' : end})`;
    })
    .join(' ');
}

export const HISTORY = entries([3, 0, -1], [5, 70, 59], [6, 83, 72]);

/** The replica of vector 21 before the recovery. */
export function vector21(): Rig {
  const rig = createdRig({}, 3);
  const records = [
    record(50, { prevGroup: 0, term: 3, block: 8 }),
    record(55, { prevGroup: 53, term: 3 }),
    record(60, { prevGroup: 55, prevBlock: 55, term: 3 }),
    record(62, { prevGroup: 60, prevBlock: 60, term: 3 }),
  ];
  deliverAndSettle(rig, batch(records, { token: 3, vdl: 50, groupTail: 50 }));
  rig.sent = [];
  assert(show(rig) === 'D[0,51) H[51,54) D[54,63) H[63,MAX)', 'vector 21 begins with', show(rig));
  return rig;
}

export const status = (ncl: number, volumeEpoch: number) => ({
  ncl: ncl as Lsn,
  nwl: ncl as Lsn,
  pgcl: 50 as Lsn,
  volumeEpoch: volumeEpoch as Term,
  bootEpoch: 1,
});

export const PEERS = [
  { peer: B, status: status(72, 6) },
  { peer: C, status: status(55, 5) },
];
