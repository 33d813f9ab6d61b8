/// <reference path="./preset-modules.d.ts" />
// Which presets there are, of which stack each is, and whether people are offered it.

import { names } from 'virtual:preset-names';
import { makePresetNames, type PresetNames } from '../sim/preset-names.ts';
import { stacks } from './registry.ts';

export const presetList: PresetNames = makePresetNames(names, stacks);
export const { presetNames, offeredPresets, seedOfPreset, stackOfPreset, stackOf, isOffered } = presetList;
