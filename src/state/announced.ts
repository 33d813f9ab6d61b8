// Screen reader announcements, limited in rate: names, and tables that are not seen. While the run plays it changes once a second,
// faster than it can be read out; while the run stands it is as it is now.

import { useRef } from 'react';
import { type FrameState, useFrame } from './frame-store.ts';
import { useRun } from './run-store.ts';
import { isPlaying } from './view-clock.ts';

/** Wall ms between two announcements. */
const announceEveryMs = 1000;

/** `isUrgent`: announced at once. */
export function useAnnounced<T>(value: T, isUrgent: boolean): T {
  const playing = useRun(isPlaying);
  const announced = useRef({ value, at: Number.NEGATIVE_INFINITY });
  const now = performance.now();
  if (isUrgent || !playing || now - announced.current.at >= announceEveryMs)
    announced.current = { value, at: now };
  return announced.current.value;
}

/** Words about the picture; announced at once when `urgent` says something else. */
export function useAnnouncedFrame(
  words: (state: FrameState) => string,
  urgent: (state: FrameState) => string,
): string {
  const playing = useRun(isPlaying);
  const announced = useRef({ text: '', urgent: '', at: Number.NEGATIVE_INFINITY });
  return useFrame((state) => {
    const now = performance.now();
    const reason = urgent(state);
    const { at, text, urgent: before } = announced.current;
    if (playing && reason === before && now - at < announceEveryMs) return text;
    announced.current = { text: words(state), urgent: reason, at: now };
    return announced.current.text;
  });
}
