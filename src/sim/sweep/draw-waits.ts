// The runs in whose states waits are judged (judge-waits.ts): dense runs, or dense runs aimed at a wait that is rare in them,
// with loads, faults and parameters that a stack adds (`SweepDraws.aims`).

import type { Preset } from '../../presets/preset.ts';
import type { Known } from '../known.ts';
import type { Tape } from '../tape.ts';
import { drawDense } from './draw-dense.ts';
import { sweepOf } from './draw-topology.ts';

export const aimsOf = (known: Known, preset: Preset): readonly string[] =>
  Object.keys(sweepOf(known, preset).aims);

/** `aim`: of the stack's aims, or null for the dense run as it is; null when there is no such aim. */
export function drawWaits(
  known: Known,
  given: Preset,
  seed: number,
  chaosUs: number,
  aim: string | null,
): Tape | null {
  const { findPreset } = known.presets;
  if (aim === null) return drawDense(known, given, seed, chaosUs, []);
  const aimed = sweepOf(known, given).aims[aim];
  const preset = aimed?.preset === null ? given : findPreset(aimed?.preset ?? '');
  if (aimed === undefined || preset === null) return null;
  const { header, actions } = drawDense(known, preset, seed, chaosUs, []);
  const cluster = (findPreset(header.preset) ?? preset).cluster;
  const changes = header.changes.filter(([name]) => !aimed.changes.some(([other]) => other === name));
  const added = [...actions, ...aimed.actions(seed, cluster, chaosUs)].sort((a, b) => a.at - b.at);
  return { header: { ...header, changes: [...changes, ...aimed.changes] }, actions: added };
}
