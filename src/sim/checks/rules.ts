// The registry of monitored rules: slug → rule ids of docs/spec and what it claims, merged from the tables beside the
// monitors. Tests, the list of violations and captions name rules by these slugs.

import { runtimes } from '../../stacks/runtimes.ts';
import type { Rule, RuleSlug } from './monitor.ts';

export const rules = Object.assign({}, ...runtimes.map((runtime) => runtime.rules)) as Readonly<
  Record<RuleSlug, Rule>
>;
export const ruleSlugs: readonly RuleSlug[] = Object.keys(rules) as RuleSlug[];
