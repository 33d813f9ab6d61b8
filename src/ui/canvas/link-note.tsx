// The place of a suggestion on a link; what stands in it loads when there is one.

import { lazy, type ReactNode, Suspense } from 'react';
import { type ChipId, useCoach } from '../../state/coach-store.ts';
import { selectZoom, useFlowStore } from './adapter.ts';

const CoachChip = lazy(async () => ({ default: (await import('../story/coach-chip.tsx')).CoachChip }));

export function LinkNote({ link }: { readonly link: string }): ReactNode {
  const chip = useCoach(({ onLink }) => (onLink?.link === link ? onLink.chip : null));
  return chip === null ? null : <Placed chip={chip} />;
}

/** Above the middle of the link, at its own size however far away the map is. */
function Placed({ chip }: { readonly chip: ChipId }): ReactNode {
  const zoom = useFlowStore(selectZoom);
  return (
    <span
      className="absolute bottom-[26px] left-[26px] z-10 origin-bottom-left"
      style={{ transform: `scale(${Math.max(1, 1 / zoom)})` }}
    >
      <Suspense fallback={null}>
        <CoachChip chip={chip} />
      </Suspense>
    </span>
  );
}
