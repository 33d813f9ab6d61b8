// A lab that shows the reference frame and does nothing: for looking at the screen without workers, in development.

import { time } from '../../base/ids.ts';
import type { Lab, RunState } from '../../lab/api.ts';
import { makeHookFrame } from './hook-frame.ts';

const run: RunState = {
  mode: 'LIVE',
  lab: 'fixture',
  runId: 'fixture',
  speed: 1000,
  measuredSpeed: 1000,
  skipQuiet: true,
  playing: false,
  liveTime: time(56_218),
  liveEvents: 1204,
  memoryOnly: false,
  progress: [],
};

const nothing = (): void => {};
const refused = { ok: false as const, error: 'a picture' };

export function makeFixtureLab(): Lab {
  const frame = makeHookFrame();
  return {
    subscribe(listener) {
      listener.onFrame?.(frame);
      listener.onRun?.(run);
      return nothing;
    },
    frame: () => frame,
    run: () => run,
    act: () => Promise.resolve(refused),
    sql: () => Promise.reject(new Error('a picture')),
    cancelSql: nothing,
    setWorkload: () => Promise.resolve(refused),
    play: nothing,
    pause: nothing,
    setSpeed: nothing,
    setSkipQuiet: nothing,
    step: () => Promise.resolve(),
    back: () => Promise.resolve(),
    seek: () => Promise.resolve(),
    returnToLive: nothing,
    setView: nothing,
    pickEvents: nothing,
    startRun: () => Promise.resolve(),
    startTape: () => Promise.resolve(),
    exportTape: () => Promise.resolve(''),
    previewTape: () => ({ ok: false, line: 1, error: 'a picture' }),
    openTape: () => Promise.resolve({ ok: false, line: 1, error: 'a picture' }),
    shareLink: () => Promise.resolve({ url: '', bytes: 0, tape: '' }),
    endDigest: () => Promise.resolve({ hash: '', events: 0, time: time(0) }),
    forgetEverything: () => Promise.resolve(),
    watch: nothing,
    takeOver: () => Promise.resolve(),
    separateLab: nothing,
  };
}
