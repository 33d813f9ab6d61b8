// The registry of monitored rules: slug → rule ids of docs/spec and what it claims, merged from the tables beside the
// monitors. Tests, the list of violations and captions name rules by these slugs.

import { mergeTables } from '../../base/merge-tables.ts';
import { runtimes } from '../../stacks/runtimes.ts';
import type { Rule, RuleSlug } from './monitor.ts';

export const rules: Readonly<Record<RuleSlug, Rule>> = mergeTables(
  'rule',
  runtimes.map((runtime) => runtime.rules),
);
export const ruleSlugs: readonly RuleSlug[] = Object.keys(rules) as RuleSlug[];
