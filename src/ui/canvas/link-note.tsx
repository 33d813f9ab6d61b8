// A suggestion on a link; what stands in it, and where, loads when there is one.

import { lazy, type ReactNode, Suspense } from 'react';
import { useCoach } from '../../state/coach-store.ts';
import type { LinkPath } from './link-path.ts';
import type { PathBook } from './path-book.ts';

const PlacedNote = lazy(async () => ({ default: (await import('./placed-note.tsx')).PlacedNote }));

interface NoteProps {
  readonly link: string;
  readonly path: LinkPath;
  readonly book: PathBook;
  /** Map units of a px. */
  readonly scale: number;
}

export function LinkNote({ link, ...place }: NoteProps): ReactNode {
  const chip = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  return (
    chip !== null && (
      <Suspense fallback={null}>
        <PlacedNote chip={chip} {...place} />
      </Suspense>
    )
  );
}
