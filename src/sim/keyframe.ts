// The recorded keyframe of a preset: its picture at the time its boot ends, and the world's hash there. The page shows
// it before any worker is up; the live run compares its own hash with it when it gets there (docs/architecture.md, The first picture).
// A function of preset and seed alone, so anyone can record it again and must get the same.

import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/door.ts';
import { diskUse } from './disk-model.ts';
import type { Edge } from './fabric-state.ts';
import type { WorldFrame } from './frame.ts';
import { makePicture } from './picture.ts';
import { programOf } from './programs.ts';
import { makeRecorder, recordCommand, recordEvents } from './recorder.ts';
import { bootTime, freshTape, setupRun } from './run-setup.ts';
import { makeWorld, runWorld, worldHash, worldViews } from './world.ts';

/** What the live run must come to at `at`. */
export interface KeyframeMark {
  readonly preset: string;
  readonly seed: number;
  readonly at: Time;
  readonly hash: string;
}

export interface Keyframe extends KeyframeMark {
  readonly frame: WorldFrame;
}

/** As the screen asks at first: the newest LSNs, record by record. */
const view: ViewParams = { group: null, lsnWindow: null, span: 64, detail: true };

export function recordKeyframe(
  preset: string,
  seed: number,
  edge: Edge,
): Keyframe | { readonly error: string } {
  const tape = freshTape(preset, seed);
  if ('error' in tape) return tape;
  const result = setupRun(tape);
  if (!result.ok) return { error: result.error };
  const { spec, program, describe } = result.setup;
  const recorder = makeRecorder(spec.cluster, spec.params.lal);
  const world = makeWorld<unknown, unknown>(spec);
  const at = bootTime(result.setup, 0 as Time);
  runWorld(
    world,
    {
      program: programOf(program),
      edge,
      onTrace: (events) => recordEvents(recorder, events),
      onCommands: (node, commands) => {
        for (const timed of commands) recordCommand(recorder, node, timed.command, timed.at);
      },
    },
    { until: at },
  );
  recorder.inputs = world.events;
  for (const [node, shown] of worldViews(world, programOf(program), view)) {
    const record = recorder.nodes.get(node);
    const runner = world.runners.get(node);
    if (record === undefined || runner === undefined) continue;
    record.view = shown;
    record.disk = diskUse(runner.disk, true);
  }
  const frame = makePicture(world.fabric, recorder, { preset, time: at, failed: new Map(), describe });
  return { preset, seed, at, hash: worldHash(world), frame };
}
