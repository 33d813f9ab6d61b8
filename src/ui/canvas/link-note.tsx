// A suggestion on a link, and the words of one that has no room for them; what stands in it, and where, loads when there is one.

import { lazy, type ReactNode, Suspense, useContext } from 'react';
import { useCoach } from '../../state/coach-store.ts';
import { BranchContext } from '../../state/frame-store.ts';
import type { LinkPath } from './link-path.ts';
import type { PathBook } from './path-book.ts';

const load = () => import('./placed-note.tsx');
const PlacedNote = lazy(async () => ({ default: (await load()).PlacedNote }));
const PlacedWords = lazy(async () => ({ default: (await load()).PlacedWords }));

interface NoteProps {
  readonly link: string;
  /** Of its state, where they have no room beside its sign; else empty. */
  readonly words: string;
  readonly path: LinkPath;
  readonly book: PathBook;
  /** Map units of a px. */
  readonly scale: number;
}

export function LinkNote({ link, words, ...place }: NoteProps): ReactNode {
  const branch = useContext(BranchContext);
  const suggested = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  const chip = branch === 'shown' ? suggested : null;
  return (
    (chip !== null || words !== '') && (
      <Suspense fallback={null}>
        {words !== '' && <PlacedWords words={words} {...place} />}
        {chip !== null && <PlacedNote chip={chip} {...place} />}
      </Suspense>
    )
  );
}
