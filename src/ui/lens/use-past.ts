// Time window of a lens: it follows what is shown while nobody pans, and is asked for again as time goes on.
// The lens is drawn anew when an answer comes, not with every picture.

import { useEffect, useRef, useState } from 'react';
import type { NodeId } from '../../base/ids.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { PastPicture } from '../../run-model/recorder/past.ts';
import { frameStore } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { onNextFrame } from '../../state/screen-turns.ts';
import { shownRunOf } from '../../state/shown-place.ts';
import { useLab } from '../lab-context.ts';
import { makePastReader } from './past-reader.ts';

/**
 * Wall ms between two questions while the run plays: the more lies in the stretch, the longer, because drawing an answer
 * fills a frame.
 */
const gapLimits = { least: 300, most: 1000 } as const;
const gapMsOfOne = 0.25;
const eventLimit = 20_000;

export interface PastNeed {
  readonly minRank: number;
  /** A constant, or null for every kind. */
  readonly kinds: readonly TraceKind[] | null;
  readonly withMessages: boolean;
  /** Whose events; by default every node's. */
  readonly node?: NodeId;
}

/** What follows the picture that is shown, on the screen now: each asks at once for what is due, and is answered. */
const followers = new Set<() => Promise<void>>();

/** All of the past that is on the screen is of the moment that is shown. */
export const pastOfNow = async (): Promise<void> => {
  await Promise.all([...followers].map((follow) => follow()));
};

/** `end` null follows the picture's time. */
export function usePast(spanUs: number, end: number | null, need: PastNeed): PastPicture | null {
  const lab = useLab();
  const source = useRun((run) => `${shownRunOf(run)} ${run?.mode ?? ''}`);
  const [reader] = useState(() => makePastReader(eventLimit));
  const [past, setPast] = useState<PastPicture | null>(null);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const gapMs = useRef<number>(gapLimits.least);
  /** One question at a time: the next one builds on its answer. */
  const answered = useRef<Promise<void>>(Promise.resolve());
  const { minRank, kinds, withMessages, node } = need;
  useEffect(() => {
    if (kinds?.length === 0) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isGone = false;
    const ask = async (): Promise<void> => {
      await answered.current;
      if (isGone) return;
      timer = null;
      askedAt.current = performance.now();
      const to = end ?? frameStore.getState().frame?.time ?? 0;
      const query = reader.ask({
        source,
        from: Math.max(0, to - spanUs),
        to,
        minRank,
        kinds,
        node,
        withMessages,
      });
      answered.current = lab.past(query).then(
        async (answer) => {
          const taken = reader.take(query, answer);
          const wanted = (taken.events.length + taken.messages.length) * gapMsOfOne;
          gapMs.current = Math.min(gapLimits.most, Math.max(gapLimits.least, wanted));
          // A crowded answer that is read and drawn in one frame takes most of that.
          await new Promise<void>(onNextFrame);
          setPast(taken);
        },
        () => undefined,
      );
    };
    const askSoon = (): void => {
      timer ??= setTimeout(
        () => void ask(),
        Math.max(0, askedAt.current + gapMs.current - performance.now()),
      );
    };
    const askNow = async (): Promise<void> => {
      if (timer !== null) clearTimeout(timer);
      await ask();
      await answered.current;
    };
    if (end === null) followers.add(askNow);
    askSoon();
    let at = frameStore.getState().frame?.time;
    const stop = frameStore.subscribe(({ frame }) => {
      if (end !== null || frame?.time === at) return;
      at = frame?.time;
      askSoon();
    });
    return () => {
      isGone = true;
      followers.delete(askNow);
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [lab, reader, source, spanUs, end, minRank, kinds, node, withMessages]);
  return past;
}
