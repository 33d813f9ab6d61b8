// The presets of every stack, by name.

import { makePresets, type Presets } from '../sim/presets.ts';
import { stacks } from './registry.ts';

export const presets: Presets = makePresets(stacks);
export const { presetNames, offeredPresets, findPreset, stackOfPreset, stackOf, isOffered } = presets;
