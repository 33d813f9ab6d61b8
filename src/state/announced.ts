// What is said to those who listen: names, and tables that are not seen. While the run plays it changes once a second,
// faster than it can be read out; while the run stands it is as it is now.

import { useRef } from 'react';
import { type FrameState, useFrame } from './frame-store.ts';
import { useRun } from './run-store.ts';
import { isPlaying } from './view-clock.ts';

/** Wall ms between two tellings. */
const heardMs = 1000;

/** `isUrgent`: it is told at once. */
export function useHeard<T>(value: T, isUrgent: boolean): T {
  const playing = useRun(isPlaying);
  const heard = useRef({ value, at: Number.NEGATIVE_INFINITY });
  const now = performance.now();
  if (isUrgent || !playing || now - heard.current.at >= heardMs) heard.current = { value, at: now };
  return heard.current.value;
}

/** Words about the picture; told at once when `urgent` says something else. */
export function useHeardFrame(
  words: (state: FrameState) => string,
  urgent: (state: FrameState) => string,
): string {
  const playing = useRun(isPlaying);
  const heard = useRef({ text: '', urgent: '', at: Number.NEGATIVE_INFINITY });
  return useFrame((state) => {
    const now = performance.now();
    const reason = urgent(state);
    const { at, text, urgent: before } = heard.current;
    if (playing && reason === before && now - at < heardMs) return text;
    heard.current = { text: words(state), urgent: reason, at: now };
    return heard.current.text;
  });
}
