// What a holder has of the page that is followed, as a line of its card: a tile that says its state by letter and pattern, and the page's LSN.

import { type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import { BranchContext } from '../../state/frame-store.ts';
import { PageTileIcon } from '../glyphs/page-tile.tsx';
import { groupDigits } from '../kit/format.ts';
import { followedPage } from '../model/followed-page.ts';

interface LineProps {
  /** A node, or `storageId`. */
  readonly holder: string;
  /** Those that a store has: it says nothing of a page of another. */
  readonly groups?: readonly string[];
}

export function PageLine({ holder, groups }: LineProps): ReactNode {
  const page = useStore(followedPage, (state) => state.page);
  const branch = useContext(BranchContext);
  // Of the run that is shown, not of one beside it.
  if (page === null || branch !== 'shown' || (groups !== undefined && !groups.includes(page.group ?? '')))
    return null;
  const cell = page.cells.get(holder);
  return (
    <div className="page-line">
      <PageTileIcon state={cell?.state ?? 'evicted'} size={18} />
      <span title={page.name}>{page.name}</span>
      <b>{cell === undefined ? '–' : groupDigits(cell.lsn)}</b>
    </div>
  );
}
