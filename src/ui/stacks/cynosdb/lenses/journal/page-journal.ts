// The Block–Journal table page by page (READ-4, READ-10 to READ-15): of one page the image that each node has in its pool, and the
// records of it that a reader has received and not applied. Pure.

import type { FrameView } from '../../../../../core/engine/buffer-view.ts';
import type { BlockJournalState, BlockJournalView } from '../../../../../core/reader/reader-view.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { findReaders } from '../pages/holders.ts';
import { findWriter } from '../wal/project.ts';

export interface JournalRecord {
  readonly lsn: number;
  /** `held` until VDL releases it; then as its list is. */
  readonly state: BlockJournalState;
}

export interface PageJournalRow {
  readonly node: string;
  readonly role: 'writer' | 'reader';
  readonly isUp: boolean;
  /** LSN of its image of the page; −1: it is on its way; null: the page is not in its pool. */
  readonly image: number | null;
  /** Ascending. */
  readonly records: readonly JournalRecord[];
  /** The applier whose the list is, from 1; null: there is no list. */
  readonly applier: number | null;
}

const imageOf = (frames: readonly FrameView[] | undefined, blockKey: number): number | null => {
  const frame = frames?.find((one) => one.blockKey === blockKey);
  return frame === undefined ? null : frame.loading ? -1 : frame.lsn;
};

const recordsOf = ({ lsns, state, releasedTo }: BlockJournalView): readonly JournalRecord[] =>
  lsns.map((lsn) => ({ lsn, state: lsn <= releasedTo ? state : 'held' }));

/** Pages that a reader has in its pool or in its table, those with most records first. */
export function journalPages(source: LensSource): readonly number[] {
  const counts = new Map<number, number>();
  for (const { view, reader } of findReaders(source)) {
    for (const { blockKey } of view.pages?.frames ?? []) counts.set(blockKey, counts.get(blockKey) ?? 0);
    for (const { blockKey, lsns } of reader.journal?.blocks ?? [])
      counts.set(blockKey, (counts.get(blockKey) ?? 0) + lsns.length);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || a - b).map(([blockKey]) => blockKey);
}

export function pageJournal(source: LensSource, blockKey: number): readonly PageJournalRow[] {
  const writer = findWriter(source);
  const own: readonly PageJournalRow[] =
    writer === null
      ? []
      : [
          {
            node: writer.frame.id,
            role: 'writer',
            isUp: writer.frame.status === 'up',
            image: imageOf(writer.view.pages?.frames, blockKey),
            records: [],
            applier: null,
          },
        ];
  const readers = findReaders(source).map(({ frame, view, reader }): PageJournalRow => {
    const list = reader.journal?.blocks.find((block) => block.blockKey === blockKey);
    return {
      node: frame.id,
      role: 'reader',
      isUp: frame.status === 'up',
      image: imageOf(view.pages?.frames, blockKey),
      records: list === undefined ? [] : recordsOf(list),
      applier: list === undefined ? null : list.applier + 1,
    };
  });
  return [...own, ...readers];
}
