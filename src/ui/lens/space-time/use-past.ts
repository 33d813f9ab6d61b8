// The stretch that a lens shows: it follows what is shown while nobody pans, and is asked for again as time goes on.

import { useEffect, useRef, useState } from 'react';
import type { TraceKind } from '../../../core/trace.ts';
import type { PastPicture } from '../../../sim/past.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useRun } from '../../../state/run-store.ts';
import { useLab } from '../../lab-context.ts';
import { makePastReader, type PastWish } from './past-reader.ts';

/** Wall ms between two questions while the run plays, and from how many events on they are asked a quarter as often. */
const askMs = 250;
const manyEvents = 4000;
const eventLimit = 20_000;

export interface PastNeed {
  readonly minRank: number;
  /** A constant, or null for every kind. */
  readonly kinds: readonly TraceKind[] | null;
  readonly withMessages: boolean;
}

/** `end` null follows the picture's time. */
export function usePast(spanUs: number, end: number | null, need: PastNeed): PastPicture | null {
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const source = useRun((run) => `${run?.runId ?? ''} ${run?.mode ?? ''} ${run?.shown ?? ''}`);
  const [reader] = useState(() => makePastReader(eventLimit));
  const [past, setPast] = useState<PastPicture | null>(null);
  const { minRank, kinds, withMessages } = need;
  const to = end ?? now;
  const wish: PastWish = { source, from: Math.max(0, to - spanUs), to, minRank, kinds, withMessages };
  const wanted = useRef(wish);
  wanted.current = wish;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const isAsking = useRef(false);
  const gapMs = (past?.events.length ?? 0) > manyEvents ? 4 * askMs : askMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is wanted is read when the question goes out
  useEffect(() => {
    if (timer.current !== null) return;
    const ask = (): void => {
      timer.current = null;
      // One question at a time: the next one builds on its answer.
      if (isAsking.current) {
        timer.current = setTimeout(ask, askMs);
        return;
      }
      askedAt.current = performance.now();
      isAsking.current = true;
      const query = reader.ask(wanted.current);
      lab
        .past(query)
        .then(
          (answer) => setPast(reader.take(query, answer)),
          () => undefined,
        )
        .finally(() => {
          isAsking.current = false;
        });
    };
    timer.current = setTimeout(ask, Math.max(0, askedAt.current + gapMs - performance.now()));
  }, [lab, source, to, spanUs, minRank, kinds, withMessages]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return past;
}
