/// <reference path="./preset-modules.d.ts" />
// The presets of every stack, by name, with what is in their files.

import { files } from 'virtual:preset-files';
import { makePresets, type Presets } from '../sim/presets.ts';
import { presetList } from './preset-names.ts';
import { stacks } from './registry.ts';

export const presets: Presets = makePresets(presetList, (name) => files[name] ?? '', stacks);
export const { findPreset } = presets;
