// What a lens draws, one entry a mark: how it is called, what it means, and the rules it shows.

import type { PlainKey } from '../i18n/i18n.ts';
import type { RuleName } from '../rules/registry.ts';

export interface LensMark {
  readonly label: PlainKey;
  readonly text: PlainKey;
  /** Rules of the registry. */
  readonly rules: readonly RuleName[];
  /** Further sentences of docs/spec that have no entry in the registry. */
  readonly ids?: readonly string[];
}

/** The marks themselves, or how to read them when a person asks what they mean. */
export type Marks = readonly LensMark[] | (() => Promise<readonly LensMark[]>);

/** Sentences of a mark that none of its rules names already. */
export const idsBeside = (
  { ids = [] }: LensMark,
  rules: readonly { readonly ids: readonly string[] }[],
): readonly string[] => ids.filter((id) => !rules.some((rule) => rule.ids.includes(id)));
