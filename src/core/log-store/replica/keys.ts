// Disk keys of a storage node. `store/<group>/super/<slot><copy>`, `store/<group>/log/<ordinal>`,
// `store/<group>/page/<blockKey>/<lsn>`, `store/<group>/clean/<list|flag>`, `store/<group>/restore`. Ordinals ascend in append order.

import { present } from '../../../base/assert.ts';
import type { GroupId } from '../../../base/ids.ts';
import { keptByName } from '../../kernel/context.ts';
import type { PageKey } from '../../page/page-key.ts';

const PREFIX = 'store/';

const superKeys = keptByName((group) =>
  [0, 1].map((slot) => ({ a: `${PREFIX}${group}/super/${slot}a`, b: `${PREFIX}${group}/super/${slot}b` })),
);

export const superKey = (group: GroupId, slot: number, copy: 'a' | 'b'): string =>
  present(superKeys(group)[slot], 'slot 0 or 1')[copy];
export const logKey = (group: GroupId, ordinal: number): string => `${PREFIX}${group}/log/${ordinal}`;
export const versionKey = (group: GroupId, blockKey: PageKey, lsn: number): string =>
  `${PREFIX}${group}/page/${blockKey}/${lsn}`;

export const cleanKey = (group: GroupId, part: 'list' | 'flag'): string => `${PREFIX}${group}/clean/${part}`;

/** How far the replica has been loaded, while it is restored. */
export const restoreKey = (group: GroupId): string => `${PREFIX}${group}/restore`;

export type StoreKey =
  | { readonly kind: 'super' | 'clean' | 'restore'; readonly group: GroupId }
  | { readonly kind: 'log'; readonly group: GroupId; readonly ordinal: number }
  | { readonly kind: 'page'; readonly group: GroupId; readonly blockKey: PageKey; readonly lsn: number };

/** What a key of this node's disk names, or null when it belongs to another role. */
export function parseKey(key: string): StoreKey | null {
  if (!key.startsWith(PREFIX)) return null;
  const parts = key.split('/');
  const group = parts[1] as GroupId | undefined;
  if (group === undefined) return null;
  const first = Number(parts[3]);
  if (parts[2] === 'super' || parts[2] === 'clean' || parts[2] === 'restore')
    return { kind: parts[2], group };
  if (parts[2] === 'log' && Number.isInteger(first)) return { kind: 'log', group, ordinal: first };
  const lsn = Number(parts[4]);
  if (parts[2] === 'page' && Number.isInteger(first) && Number.isInteger(lsn))
    return { kind: 'page', group, blockKey: first as PageKey, lsn };
  return null;
}
