// Legend of a lens, one entry for each mark of its drawing: how it is called, what it means, and the rules it shows.

import type { PlainKey } from '../i18n/i18n.ts';
import type { RuleName } from '../rules/registry.ts';

export interface LegendEntry {
  readonly label: PlainKey;
  readonly text: PlainKey;
  /** Rules of the registry. */
  readonly rules: readonly RuleName[];
  /** Further sentences of docs/spec that have no entry in the registry. */
  readonly ids?: readonly string[];
}

/** The entries themselves, or how to load them when a person asks what they mean. */
export type Legend = readonly LegendEntry[] | (() => Promise<readonly LegendEntry[]>);

/** Sentences of an entry that none of its rules names already. */
export const idsBeside = (
  { ids = [] }: LegendEntry,
  rules: readonly { readonly ids: readonly string[] }[],
): readonly string[] => ids.filter((id) => !rules.some((rule) => rule.ids.includes(id)));
