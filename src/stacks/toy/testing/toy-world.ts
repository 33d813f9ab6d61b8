// A toy world ready to run, for tests and benches of the world itself.

import type { Time } from '../../../base/ids.ts';
import type { MessageLabel } from '../../../core/kernel/message-label.ts';
import type { Params } from '../../../core/kernel/params.ts';
import { makeParams } from '../../../presets/parameters.ts';
import type { Edge, RunSpec } from '../../../sim/fabric-state.ts';
import type { TapeAction } from '../../../sim/tape-actions.ts';
import { makeWorld, type World, type WorldHost } from '../../../sim/world.ts';
import { moments } from '../../crash-moments.ts';
import { findPreset } from '../../presets.ts';
import { tapes } from '../../tapes.ts';
import { trace } from '../../trace.ts';
import { type ToyMessage, type ToyState, toyProgram } from '../toy-program.ts';

/** The toy reads no SQL: a statement is its own text. */
export const toyEdge: Edge = { parse: (text) => [{ text, tree: new Uint8Array(0) }] };

export const toyHost: WorldHost<ToyState, ToyMessage> = {
  program: { ...moments, ...trace, ...toyProgram },
  edge: toyEdge,
  tape: tapes,
};

export type ToyWorld = World<ToyState, ToyMessage>;

export function toyRun(
  seed: number,
  actions: readonly TapeAction[] = [],
  changes: readonly (readonly [name: keyof Params, value: number])[] = [],
): RunSpec {
  const preset = findPreset('toy');
  const made = makeParams('demo', changes);
  if (preset === null || !made.ok) throw new Error(made.ok ? 'no toy preset' : made.error);
  return { cluster: preset.cluster, params: made.params, seed, mutants: [], actions };
}

export const makeToyWorld = (...run: Parameters<typeof toyRun>): ToyWorld => makeWorld(toyRun(...run));

/** Label of a frame in flight. */
export function describeToyFrame(bytes: Uint8Array): MessageLabel {
  const decoded = toyProgram.decodeMessage(bytes);
  if ('message' in decoded) return toyProgram.describeMessage(decoded.message);
  return { kind: 'damaged', family: 'control', group: null, range: null, token: null };
}

export const ms = (value: number): Time => Math.round(value * 1000) as Time;
