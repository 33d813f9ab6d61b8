// A link that begins a run: `#/lab&preset=NAME`, and `&seed=N`. The run that was on is kept in *Runs*.

import type { Refusal } from '../presets/refusals.ts';
import { offeredPresets, seedOfPreset } from '../stacks/preset-names.ts';
import type { StartOptions } from './start-options.ts';

export type LinkRun =
  | { readonly ok: true; readonly run: StartOptions }
  | {
      readonly ok: false;
      /** Its words come with the page that shows them. */
      readonly why: Pick<Refusal, 'kind' | 'of'>;
      readonly readable: '';
    };

/** Null: the link asks for none. Without a seed it is the preset's. */
export function runOfLink(params: ReadonlyMap<string, string>): LinkRun | null {
  const name = params.get('preset');
  if (name === undefined) return null;
  const usual = seedOfPreset(name);
  const refuse = (kind: 'presetAsked' | 'seedAsked', of: Refusal['of']): LinkRun => ({
    ok: false,
    why: { kind, of },
    readable: '',
  });
  if (usual === null) return refuse('presetAsked', { found: name, known: offeredPresets });
  const text = params.get('seed');
  const seed = text === undefined ? usual : Number(text);
  if (text === '' || !Number.isSafeInteger(seed) || seed < 0)
    return refuse('seedAsked', { found: String(text) });
  return { ok: true, run: { preset: name, seed } };
}
