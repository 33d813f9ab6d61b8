// The recorded first pictures (run-model/picture/keyframe.ts): of each preset that is offered, the hook of a first visit among them. Beside each
// lies the run at that instant, from which the cluster goes on (host/recorded-start.ts). Recorded while the page is built
// (hook-keyframe.ts); in development there is none.

import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { Keyframe, RecordedMark } from '../run-model/picture/keyframe.ts';
import { offeredPresets } from '../stacks/preset-names.ts';
import type { LabCore } from './lab-core.ts';
import type { StartOptions } from './start-options.ts';

/** Files beside the page. */
export const pictureFile = (preset: string): string => `${preset}-keyframe.json`;
export const startFile = (preset: string): string => `${preset}-start.bin`;

/** It comes from where the page itself comes from; what is asked here is whether it is one at all. */
function isKeyframe(value: unknown): value is Keyframe {
  return typeof value === 'object' && value !== null && 'frame' in value && 'hash' in value && 'at' in value;
}

/** The recorded picture of a preset, or null when there is none or it cannot be read. */
export async function loadRecordedPicture(preset: string): Promise<Keyframe | null> {
  if (!offeredPresets.includes(preset)) return null;
  try {
    const response = await fetch(`./${pictureFile(preset)}`);
    if (!response.ok || response.headers.get('content-type')?.includes('json') !== true) return null;
    const value: unknown = await response.json();
    return isKeyframe(value) ? value : null;
  } catch {
    return null;
  }
}

export const markOf = ({ preset, seed, at, hash }: Keyframe): RecordedMark => ({
  preset,
  seed,
  at,
  hash,
  start: new URL(`./${startFile(preset)}`, document.baseURI).href,
});

/** True while a live picture must wait: the cluster has not yet come to what is on screen. */
export const mustWait = (first: WorldFrame | null, next: WorldFrame): boolean =>
  first !== null && next.preset === first.preset && next.seed === first.seed && next.time < first.time;

/** Of the run that is asked for; null: there is none. */
export async function recordedFor({ preset, seed }: StartOptions): Promise<Keyframe | null> {
  const recorded = await loadRecordedPicture(preset);
  return recorded?.seed === seed ? recorded : null;
}

/**
 * Until the run has come to it; meanwhile it boots, whatever the run before says of itself. Not where the run that is shown looks alike
 * and would be taken for it.
 */
export function showRecorded(core: LabCore, frame: WorldFrame): void {
  if (core.frame?.preset === frame.preset && core.frame.seed === frame.seed) return;
  core.awaited = { frame, runBefore: core.live?.runId ?? '' };
  if (core.live !== null) core.live = { ...core.live, booting: true };
  core.showFrame(frame);
  core.notifyRun();
}
