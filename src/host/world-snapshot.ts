// Snapshot of a world: one plain value that can be packed, cloned and sent to another worker, and restored under a tape
// with the same past. What never changes in a run (cluster, parameters, the tape) stays outside.

import type { NodeId } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { packRecorder, type Recorder, recordOf } from '../run-model/recorder/recorder.ts';
import { diskUse } from '../sim/disk-model.ts';
import { layoutOf } from '../sim/fabric-nodes.ts';
import type { Fabric, RunSpec } from '../sim/fabric-state.ts';
import type { AnyProgram, NodeRunner } from '../sim/runner-state.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import type { World } from '../sim/world.ts';

export type AnyWorld = World<unknown, unknown>;
type AnyRunner = NodeRunner<unknown, unknown>;

export interface Lived {
  readonly world: AnyWorld;
  readonly recorder: Recorder;
}

export interface WorldSnapshot {
  readonly fabric: Omit<Fabric, 'initial' | 'cluster' | 'params' | 'tape'>;
  readonly runners: readonly (readonly [NodeId, AnyRunner])[];
  readonly images: AnyWorld['images'];
  readonly marks: AnyWorld['marks'];
  readonly events: number;
  readonly windows: number;
  readonly recorder: Recorder;
}

/** Shares everything with the fabric: pack it or clone it before it goes on. */
export function changingOf(fabric: Fabric): WorldSnapshot['fabric'] {
  const { initial: _initial, cluster: _cluster, params: _params, tape: _tape, ...rest } = fabric;
  // The log of messages is for pictures only, and long.
  return { ...rest, traffic: { ...rest.traffic, log: null } };
}

/** Shares everything with the world: pack it or clone it before the world goes on. */
export function snapshotOf(world: AnyWorld, recorder: Recorder): WorldSnapshot {
  const { images, marks, events, windows } = world;
  const fabric = changingOf(world.fabric);
  return { fabric, runners: [...world.runners], images, marks, events, windows, recorder };
}

/** The same with what a keyframe needs of the recorder. */
export const keyframeOf = ({ world, recorder }: Lived): WorldSnapshot =>
  snapshotOf(world, packRecorder(recorder, world.fabric.now));

/** The fabric of a snapshot with what never changes in a run. */
export const fabricOf = (
  fabric: WorldSnapshot['fabric'],
  { cluster: initial, params }: Pick<RunSpec, 'cluster' | 'params'>,
  tape: TapeAction[],
): Fabric => ({ ...fabric, initial, cluster: layoutOf(initial, fabric.nodes), params, tape });

/** The world goes on from a snapshot that is nobody else's, along this tape. */
export function revive(
  snapshot: WorldSnapshot,
  spec: Pick<RunSpec, 'cluster' | 'params'>,
  tape: TapeAction[],
  program: AnyProgram,
): Lived {
  const { fabric, images, marks, events, windows, recorder } = snapshot;
  const runners = new Map(snapshot.runners);
  for (const runner of runners.values()) runner.state = program.adopt(runner.state);
  return {
    world: { fabric: fabricOf(fabric, spec, tape), runners, images, marks, events, windows },
    recorder,
  };
}

/** Every node's view and disk at the world's time go into its recorder. */
export function takeViews({ world, recorder }: Lived, program: AnyProgram, view: ViewParams): void {
  for (const [node, runner] of world.runners) {
    const record = recordOf(recorder, node);
    record.view = program.nodeView(runner.state, view);
    record.disk = diskUse(runner.disk, true);
  }
}
