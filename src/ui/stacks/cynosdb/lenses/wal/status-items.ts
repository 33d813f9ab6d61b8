// The storage status list of a replica as its items (HOLE-4): lsn, range_type, sent_hole, and up to where each reaches.
// A store tells the part of its list that the window asks for: what is cut off at an edge says so. Pure.

import { MAX } from '../../../../../base/ids.ts';
import type { RunView, StoreGroupView } from '../../../../../core/log-store/store-view.ts';

export type RangeType = 'data' | 'hole' | 'end';

export interface StatusItem {
  /** First LSN of the region. */
  readonly lsn: number;
  /** The region begins here or before: the window shows no more of it. */
  readonly isCut: boolean;
  readonly type: RangeType;
  /** Of a hole; null: the field has no meaning. */
  readonly sent: boolean | null;
  /** Where the next item begins. */
  readonly next: number;
  /** It reaches there or further: the window ends. */
  readonly goesOn: boolean;
  readonly request: string | null;
  /** Above NWL, asked for by nobody: nothing is known to be there. */
  readonly isTail: boolean;
}

type ListPart = Pick<StoreGroupView, 'runs' | 'nwl' | 'requests'>;

function itemOf(run: RunView, nwl: number, requests: ListPart['requests']): StatusItem {
  const { first, type, sent, request } = run;
  const isTail = type === 'hole' && !sent && first > nwl;
  // A request may reach further than the window.
  const asked = requests.find(({ id }) => id === request)?.gapEnd ?? run.end;
  const next = isTail ? MAX : sent && first > nwl ? Math.max(run.end, asked) : run.end;
  return {
    lsn: first,
    isCut: false,
    type,
    sent: type === 'hole' ? sent : null,
    next,
    goesOn: false,
    request: sent ? request : null,
    isTail,
  };
}

/** Ascending; the last is `{MAX, end}` where the window reaches beyond NWL. */
export function statusItems({ runs, nwl, requests }: ListPart): readonly StatusItem[] {
  const items = runs
    .filter(({ type }) => type !== 'end')
    .map((run) => itemOf(run, nwl, requests))
    .map((item, i) => (i === 0 && item.lsn > 0 ? { ...item, isCut: true } : item));
  const last = items.at(-1);
  if (last === undefined) return [];
  if (last.next <= nwl) return [...items.slice(0, -1), { ...last, goesOn: true }];
  const rest = { isCut: false, goesOn: false, request: null } as const;
  const tail: StatusItem = { ...rest, lsn: last.next, type: 'hole', sent: false, next: MAX, isTail: true };
  const end: StatusItem = { ...rest, lsn: MAX, type: 'end', sent: null, next: MAX, isTail: false };
  return [...items, ...(last.next < MAX ? [tail] : []), end];
}
