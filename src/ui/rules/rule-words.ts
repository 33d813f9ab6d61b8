// What the registry says of a rule beside its ids, and the names of those that no monitor watches.

import type { LensId } from '../../state/settings-store.ts';
import type { worldRules } from './explained.ts';

/** A text in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface RuleWords {
  readonly title: Bilingual;
  /** The rule in one or two sentences. */
  readonly text: Bilingual;
  /** Seed or paper by the tags of docs/spec/terms.md: S000–S004, A17, A18, Raft; D is a decision of this project. */
  readonly source: string;
  /** That shows it; in a run that does not have it the lens whose parts claim the rule. */
  readonly lens: LensId;
}

/** A rule that no monitor watches names its own sentences of docs/spec. */
export interface ExplainedRule extends RuleWords {
  readonly ids: readonly string[];
}

type WorldRules = typeof worldRules;
/** By slug; a stack's join by declaration merging. */
export interface ExplainedRules extends WorldRules {}
