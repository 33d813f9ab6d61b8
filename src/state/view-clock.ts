// The virtual time that is drawn now. Between two frames it runs on at the measured speed, never backwards while
// playing, never further ahead of the frame than a frame and a half: what has not been simulated is not drawn.

import type { RunState } from '../lab/api.ts';
import { newestFrame } from './frame-store.ts';
import { runStore } from './run-store.ts';

/** Wall ms that the drawn time may run ahead of the newest frame. */
const aheadLimitMs = 25;

export function isPlaying(run: RunState | null): boolean {
  return run?.playing === true;
}

/** Drawn virtual time in µs, fractional. */
export function drawnTime(frameTime: number, sinceFrameMs: number, run: RunState | null): number {
  if (run === null || !isPlaying(run) || run.speed === 'max') return frameTime;
  const usPerMs = run.speed / 1000;
  return frameTime + Math.min(Math.max(sinceFrameMs, 0), aheadLimitMs) * usPerMs;
}

export function drawnTimeNow(now: number): number {
  const { frame, receivedAt } = newestFrame();
  if (frame === null) return 0;
  return drawnTime(frame.time, now - receivedAt, runStore.getState().run);
}
