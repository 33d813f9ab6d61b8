// The recorded first pictures (sim/keyframe.ts): of the hook, for a first visit, and of presets that take longest to boot, for whoever
// chooses one. Recorded while the page is built (hook-keyframe.ts); in development there is none.

import type { WorldFrame } from '../sim/frame.ts';
import type { Keyframe, KeyframeMark } from '../sim/keyframe.ts';
import type { LabCore } from './lab-core.ts';
import type { StartOptions } from './start-options.ts';

/** Files beside the page, by preset. */
export const recordedPictures: Readonly<Record<string, string>> = {
  'hook-hole': 'hook-keyframe.json',
  'postdb-v4': 'postdb-v4-keyframe.json',
  polardb: 'polardb-keyframe.json',
};

/** It comes from where the page itself comes from; what is asked here is whether it is one at all. */
function isKeyframe(value: unknown): value is Keyframe {
  return typeof value === 'object' && value !== null && 'frame' in value && 'hash' in value && 'at' in value;
}

/** The recorded picture of a preset, or null when there is none or it cannot be read. */
export async function loadRecordedPicture(preset: string): Promise<Keyframe | null> {
  const file = recordedPictures[preset];
  if (file === undefined) return null;
  try {
    const response = await fetch(`./${file}`);
    if (!response.ok || response.headers.get('content-type')?.includes('json') !== true) return null;
    const value: unknown = await response.json();
    return isKeyframe(value) ? value : null;
  } catch {
    return null;
  }
}

export const markOf = ({ preset, seed, at, hash }: Keyframe): KeyframeMark => ({ preset, seed, at, hash });

/** True while a live picture must wait: the cluster has not yet come to what is on screen. */
export const mustWait = (first: WorldFrame | null, next: WorldFrame): boolean =>
  first !== null && next.preset === first.preset && next.seed === first.seed && next.time < first.time;

/** Of the run that is asked for; null: there is none, or the run that is shown looks alike and would be taken for it. */
export async function recordedFor(
  { frame }: Pick<LabCore, 'frame'>,
  { preset, seed }: StartOptions,
): Promise<Keyframe | null> {
  if (frame?.preset === preset && frame.seed === seed) return null;
  const recorded = await loadRecordedPicture(preset);
  return recorded?.seed === seed ? recorded : null;
}

/** Until the run has come to it; meanwhile it boots, whatever the run before says of itself. */
export function showRecorded(core: LabCore, frame: WorldFrame): void {
  core.awaited = { frame, runBefore: core.live?.runId ?? '' };
  if (core.live !== null) core.live = { ...core.live, booting: true };
  core.showFrame(frame);
  core.notifyRun();
}
