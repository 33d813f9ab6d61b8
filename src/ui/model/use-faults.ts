// Faults of the picture: the same list while none begins or ends.

import { useRef } from 'react';
import type { FaultFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { keepSame } from '../../state/same-value.ts';

const noFaults: readonly FaultFrame[] = [];

export function useFaults(): readonly FaultFrame[] {
  const last = useRef(noFaults);
  return useFrame((state) => {
    last.current = keepSame(last.current, state.frame?.faults ?? noFaults);
    return last.current;
  });
}
