// A run without a browser, with the recorder that follows it: its picture wherever it stands, by the makers that live and replay use.

import type { NodeId } from '../../base/ids.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import { diskUse } from '../../sim/disk-model.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import type { RunSetup } from '../../sim/run-setup.ts';
import type { OutReply, TracedEvent } from '../../sim/types.ts';
import { makeWorld, type World, type WorldHost, worldViews } from '../../sim/world.ts';
import { makeRecorder, type Recorder, recordCommand, recordEvents } from '../recorder/recorder.ts';
import type { WorldFrame } from './frame.ts';
import { makePicture } from './picture.ts';

export interface WatchedRun {
  readonly world: World<unknown, unknown>;
  readonly recorder: Recorder;
  /** To run it with (`runWorld`). */
  readonly host: WorldHost<unknown, unknown>;
  /** What the screen would have now, with these details of the nodes. */
  readonly picture: (view: ViewParams) => WorldFrame;
}

export interface WatchOptions {
  readonly preset: string;
  /** After the recorder. */
  readonly onTrace?: (events: readonly TracedEvent[]) => void;
  readonly onReply?: (reply: OutReply) => void;
}

const nothingFailed: ReadonlyMap<NodeId, string> = new Map();

export function watchRun(
  known: Known,
  { spec, program, describe }: Pick<RunSetup, 'spec' | 'program' | 'describe'>,
  edge: Edge,
  { preset, onTrace, onReply }: WatchOptions,
): WatchedRun {
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const world = makeWorld<unknown, unknown>(spec);
  const nodes = known.programs.programOf(program);
  const host: WorldHost<unknown, unknown> = {
    program: nodes,
    edge,
    tape: known.tape,
    onTrace(events) {
      recordEvents(known, recorder, events);
      onTrace?.(events);
    },
    onReply: (reply) => onReply?.(reply),
    onCommands(node, commands) {
      for (const { command, at } of commands) recordCommand(recorder, node, command, at);
    },
  };
  const picture: WatchedRun['picture'] = (view) => {
    recorder.inputs = world.events;
    for (const [node, shown] of worldViews(world, nodes, view)) {
      const record = recorder.nodes.get(node);
      const runner = world.runners.get(node);
      if (record === undefined || runner === undefined) continue;
      record.view = shown;
      record.disk = diskUse(runner.disk, true);
    }
    return makePicture(known, world.fabric, recorder, {
      preset,
      time: world.fabric.now,
      failed: nothingFailed,
      describe,
    });
  };
  return { world, recorder, host, picture };
}
