// The geometry of a seed (a preset may stand for several of its stack), and what is drawn of a stack.

import type { Preset } from '../../presets/preset.ts';
import type { Known } from '../known.ts';
import type { SweepDraws } from './draw-tools.ts';

export function sweepOf({ programs }: Known, { name, cluster }: Preset): SweepDraws {
  const { sweep } = programs.runtimeOf(cluster);
  if (sweep === null) throw new Error(`no sweep draws ${name}`);
  return sweep;
}

export const drawTopology = (known: Known, preset: Preset, seed: number): Preset =>
  known.presets.findPreset(sweepOf(known, preset).geometry(preset.name, seed)) ?? preset;
