// The registry of monitored rules: slug → rule ids of docs/spec and what it claims, merged from the tables beside the
// monitors. Tests, the list of violations and captions name rules by these slugs.

import { stacks } from '../../stacks/registry.ts';
import type { Rule, RuleSlug } from './monitor.ts';

export type { RuleSlug } from './monitor.ts';

export const rules = Object.assign({}, ...stacks.map((stack) => stack.rules)) as Readonly<
  Record<RuleSlug, Rule>
>;
export const ruleSlugs: readonly RuleSlug[] = Object.keys(rules) as RuleSlug[];
