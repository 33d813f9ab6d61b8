// A cluster as it is said wherever one is named (PRE-9): the name of a preset, or the lines of a cluster. Runs, sweeps, lessons,
// incidents and the columns of a comparison all read it here.

import type { Preset } from '../presets/preset.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import { readCluster } from './cluster-file.ts';
import type { Presets } from './presets.ts';

/** The cluster; or what is wrong with it, with the line and the field. */
export function clusterSaid(presets: Presets, said: string): Preset | Refusal {
  if (!said.includes('\n')) {
    const { findPreset, presetNames } = presets;
    return findPreset(said) ?? refusal('unknownPreset', { found: said, known: presetNames });
  }
  const result = readCluster(presets, said, 'own');
  if (result.ok) return result.preset;
  const { line, field, why } = result;
  return field === null
    ? refusal('atLine', { line, inner: why })
    : refusal('atField', { line, field, inner: why });
}
