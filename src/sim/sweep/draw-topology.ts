// The geometry of a seed (a preset may stand for several of its stack), and what is drawn of a stack.

import type { Preset } from '../../presets/topology.ts';
import { findPreset } from '../presets.ts';
import { runtimeOf } from '../programs.ts';
import type { SweepDraws } from './draw-tools.ts';

export function sweepOf({ name, cluster }: Preset): SweepDraws {
  const { sweep } = runtimeOf(cluster);
  if (sweep === null) throw new Error(`no sweep draws ${name}`);
  return sweep;
}

export const drawTopology = (preset: Preset, seed: number): Preset =>
  findPreset(sweepOf(preset).geometry(preset.name, seed)) ?? preset;
