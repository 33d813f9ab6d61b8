// What the background check of a replica's disk knows (WAL-39): plain data, one per group.

import { present } from '../../../base/assert.ts';
import type { GroupId, Lsn, NodeId, Range, Term, Time } from '../../../base/ids.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { BuiltPage } from '../replica/group-state.ts';
import type { Group, OfGroup, StoreState } from '../replica/state.ts';

declare module '../replica/state.ts' {
  interface StoreState {
    readonly scrubs: Map<GroupId, Scrub>;
  }
  interface PendingWrites {
    /** A page that came from a peer. */
    fetched: OfGroup & { readonly built: BuiltPage };
  }
  interface PendingReads {
    scrub: OfGroup & { readonly item: ScrubItem };
  }
}

/** One value on the disk. */
export type ScrubItem =
  | { readonly kind: 'super'; readonly slot: number; readonly copy: 'a' | 'b' }
  | { readonly kind: 'log'; readonly ordinal: number }
  | { readonly kind: 'page'; readonly blockKey: PageKey; readonly lsn: number };

/** `rot`: its bytes are not what was written. `misdirected`: another value lies there. */
export type Damage = 'rot' | 'misdirected' | 'missing' | 'unreadable';

/** Records that were lost with a segment, until each is back. */
export interface LostRecords {
  readonly ordinal: number;
  readonly records: readonly { readonly lsn: Lsn; readonly term: Term }[];
}

/** `asked`: another peer is asked when this one has not answered by `until`. `writing`: its page is on the way to the disk. */
export type PageFetch =
  | { readonly kind: 'asked'; readonly blockKey: PageKey; readonly peer: NodeId; readonly until: Time }
  | { readonly kind: 'writing'; readonly blockKey: PageKey; readonly peer: NodeId };

/** State of a replica's scrub. Invariant: one value is read at a time. */
export interface Scrub {
  /** What this round still looks at; filled again from the cursor. */
  queue: ScrubItem[];
  cursor: { part: ScrubItem['kind']; at: number };
  isReading: boolean;
  wakeAt: Time | null;
  /** The item whose read failed, and whether another was read since: a device that reads nothing has lost nothing. */
  suspect: { readonly item: ScrubItem; othersRead: boolean } | null;
  readonly lost: LostRecords[];
  /** The page being fetched from a peer, one at a time. */
  fetch: PageFetch | null;
  nextPeer: number;
  /** Values looked at, found bad, and made good again, since the node opened. */
  checked: number;
  found: number;
  repaired: number;
}

export const makeScrub = (): Scrub => ({
  queue: [],
  cursor: { part: 'super', at: -1 },
  isReading: false,
  wakeAt: null,
  suspect: null,
  lost: [],
  fetch: null,
  nextPeer: 0,
  checked: 0,
  found: 0,
  repaired: 0,
});

/** The replica's scrub, from its start on. */
export const scrubOf = (state: StoreState, group: Group): Scrub =>
  present(state.scrubs.get(group.id), 'a scrub of every replica that works');

export function startScrub(state: StoreState, group: Group): Scrub {
  const scrub = state.scrubs.get(group.id) ?? makeScrub();
  state.scrubs.set(group.id, scrub);
  return scrub;
}

/** Positions that these records cover, as one range; ascending. */
export const spanOf = (records: readonly { readonly lsn: number; readonly prevGroup: number }[]): Range => [
  (records[0]?.prevGroup ?? -1) + 1,
  (records[records.length - 1]?.lsn ?? -1) + 1,
];
