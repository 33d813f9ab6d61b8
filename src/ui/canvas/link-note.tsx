// The place of a suggestion on a link, below its middle, at the size of the link's own words; what stands in it loads when
// there is one.

import { lazy, type ReactNode, Suspense } from 'react';
import { useCoach } from '../../state/coach-store.ts';

const CoachChip = lazy(async () => ({ default: (await import('../story/coach-chip.tsx')).CoachChip }));

export function LinkNote({ link }: { readonly link: string }): ReactNode {
  const chip = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  return chip === null ? null : (
    <span className="absolute top-[30px] left-[14px] z-10">
      <Suspense fallback={null}>
        <CoachChip chip={chip} />
      </Suspense>
    </span>
  );
}
