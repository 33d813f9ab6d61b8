// The place of a suggestion on a link; what stands in it loads when there is one.

import { lazy, type ReactNode, Suspense } from 'react';
import { useCoach } from '../../state/coach-store.ts';

const CoachChip = lazy(async () => ({ default: (await import('../story/coach-chip.tsx')).CoachChip }));

export function LinkNote({ link }: { readonly link: string }): ReactNode {
  const chip = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  return chip === null ? null : (
    <Suspense fallback={null}>
      <CoachChip chip={chip} />
    </Suspense>
  );
}
