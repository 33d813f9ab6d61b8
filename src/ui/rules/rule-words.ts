// What the registry says of a rule beside its words (src/words), and the names of those that no monitor watches.

import type { worldRules } from './explained.ts';

/** A rule that no monitor watches names its own sentences of docs/spec. */
export interface ExplainedRule {
  readonly ids: readonly string[];
  /** Seed or paper by the tags of docs/spec/terms.md: S000–S004, A17, A18, Raft; D is a decision of this project. */
  readonly source: string;
  /** The lens that shows it; in a run that does not have it the lens whose parts claim the rule. */
  readonly lens: string;
}

type WorldRules = typeof worldRules;
/** By slug; a stack's join by declaration merging. */
export interface ExplainedRules extends WorldRules {}
