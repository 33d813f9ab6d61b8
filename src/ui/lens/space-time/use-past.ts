// The stretch that lens 4.7 shows: it follows what is shown while nobody pans, and is asked for again as time goes on.

import { useEffect, useRef, useState } from 'react';
import type { PastPicture } from '../../../sim/past.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useLab } from '../../lab-context.ts';

/** Wall ms between two questions while the run plays. */
const askMs = 250;
const eventLimit = 20_000;

/** `end` null follows the picture's time. */
export function usePast(spanUs: number, end: number | null, minRank: number): PastPicture | null {
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const [past, setPast] = useState<PastPicture | null>(null);
  const wanted = useRef({ from: 0, to: 0, minRank: 0 });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const to = end ?? now;
  wanted.current = { from: Math.max(0, to - spanUs), to, minRank };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is wanted is read when the question goes out
  useEffect(() => {
    if (timer.current !== null) return;
    const wait = Math.max(0, askedAt.current + askMs - performance.now());
    timer.current = setTimeout(() => {
      timer.current = null;
      askedAt.current = performance.now();
      lab.past({ ...wanted.current, limit: eventLimit }).then(setPast, () => undefined);
    }, wait);
  }, [lab, to, spanUs, minRank]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return past;
}
