// The place of a suggestion on a link: above its middle, where no frame's title stands, at the size of the link's own
// words. What stands in it loads when there is one.

import { lazy, type ReactNode, Suspense } from 'react';
import { useCoach } from '../../state/coach-store.ts';

const CoachChip = lazy(async () => ({ default: (await import('../story/coach-chip.tsx')).CoachChip }));

interface NoteProps {
  readonly link: string;
  /** What the link's own words are not scaled by already. */
  readonly scale: number;
}

export function LinkNote({ link, scale }: NoteProps): ReactNode {
  const chip = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  return chip === null ? null : (
    <span
      data-suggestion=""
      className="absolute z-10"
      style={{
        bottom: 34 * scale,
        left: 15 * scale,
        // More of it to the left: at the right the open legend hangs beside the longest link.
        transform: `translateX(-70%) scale(${scale})`,
        transformOrigin: '70% 100%',
      }}
    >
      <Suspense fallback={null}>
        <CoachChip chip={chip} />
      </Suspense>
    </span>
  );
}
