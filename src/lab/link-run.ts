// A link that begins a run: `#/lab&preset=NAME`, and `&seed=N`. The run that was on is kept in *Runs*.

import { offeredPresets, seedOfPreset } from '../stacks/preset-names.ts';
import type { StartOptions } from './start-options.ts';

export type LinkRun =
  | { readonly ok: true; readonly run: StartOptions }
  | { readonly ok: false; readonly error: string; readonly readable: '' };

/** Null: the link asks for none. Without a seed it is the preset's. */
export function runOfLink(params: ReadonlyMap<string, string>): LinkRun | null {
  const name = params.get('preset');
  if (name === undefined) return null;
  const usual = seedOfPreset(name);
  const refuse = (error: string): LinkRun => ({ ok: false, error, readable: '' });
  if (usual === null)
    return refuse(
      `the link asks for the preset ${name}, which there is not; presets: ${offeredPresets.join(', ')}`,
    );
  const text = params.get('seed');
  const seed = text === undefined ? usual : Number(text);
  if (text === '' || !Number.isSafeInteger(seed) || seed < 0)
    return refuse(`the seed of the link, ${text}, is no whole number from 0 on`);
  return { ok: true, run: { preset: name, seed } };
}
