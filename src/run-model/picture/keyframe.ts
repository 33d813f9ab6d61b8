// The recorded keyframe of a preset: its picture at the time its boot ends, and the world's hash there. The page shows
// it before any worker is up; the live run compares its own hash with it when it gets there (docs/host.md, The first picture).
// A function of preset and seed alone, so anyone can record it again and must get the same.

import type { Time } from '../../base/ids.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import { bootTime, freshTape, setupRun } from '../../sim/run-setup.ts';
import { runWorld, worldHash } from '../../sim/world.ts';
import type { WorldFrame } from './frame.ts';
import { watchRun } from './watched-run.ts';

/** What the live run must come to at `at`. */
export interface KeyframeMark {
  readonly preset: string;
  readonly seed: number;
  readonly at: Time;
  readonly hash: string;
}

/** What is on the screen already, and the address of the file in which the run at that instant is recorded. */
export interface RecordedMark extends KeyframeMark {
  readonly start: string;
}

export interface Keyframe extends KeyframeMark {
  readonly frame: WorldFrame;
}

/** As the screen asks at first: the newest LSNs, record by record; and the metadata's log, which is short then. */
export const firstView: ViewParams = {
  group: null,
  lsnWindow: null,
  span: 64,
  detail: true,
  metadata: { node: null, at: null, base: null },
};

export function recordKeyframe(
  known: Known,
  preset: string,
  seed: number,
  edge: Edge,
): Keyframe | { readonly error: string } {
  const tape = freshTape(known.presets, preset, seed);
  if ('error' in tape) return tape;
  const result = setupRun(known, tape);
  if (!result.ok) return { error: result.error };
  const at = bootTime(result.setup, 0 as Time);
  const { world, host, picture } = watchRun(known, result.setup, edge, { preset });
  runWorld(world, host, { until: at });
  return { preset, seed, at, hash: worldHash(world), frame: picture(firstView) };
}
