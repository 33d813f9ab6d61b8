// The virtual time that is drawn now. Between two frames it runs on at the speed that the run keeps up with, never further
// ahead of the frame than a frame and a half: a message goes on along the schedule that the fabric has given it, and what
// has not been simulated is not drawn.

import type { RunState } from '../lab/api.ts';
import { newestFrame } from './frame-store.ts';
import { runStore } from './run-store.ts';

/** Frames, and wall ms, that the drawn time may run ahead of the newest frame. */
const aheadFrames = 1.5;
const aheadLimitMs = 100;

export function isPlaying(run: RunState | null): boolean {
  return run?.playing === true;
}

/** Drawn virtual time in µs, fractional. */
export function drawnTime(
  frameTime: number,
  { sinceMs, gapMs }: { readonly sinceMs: number; readonly gapMs: number },
  run: RunState | null,
): number {
  if (run === null || !isPlaying(run) || run.speed === 'max') return frameTime;
  // A replay's speed is not measured, a run's not at once.
  const isMeasured = run.mode === 'LIVE' && run.measuredSpeed > 0;
  const usPerMs = (isMeasured ? Math.min(run.speed, run.measuredSpeed) : run.speed) / 1000;
  const ahead = Math.min(Math.max(sinceMs, 0), gapMs * aheadFrames, aheadLimitMs);
  return frameTime + ahead * usPerMs;
}

export function drawnTimeNow(now: number): number {
  const { frame, receivedAt, gapMs } = newestFrame();
  if (frame === null) return 0;
  return drawnTime(frame.time, { sinceMs: now - receivedAt, gapMs }, runStore.getState().run);
}
